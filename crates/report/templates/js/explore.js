// The toolbar: measure, scale, filters. The page hides it until this script runs.

const tools = $('#tools');

/// The choices that select cells. Measure and scale only redraw.
const FILTERS = ['q', 'class', 'threads'];
let filtered = FILTERS.map((key) => DEFAULTS[key]).join('\n');

const show = () => {
  for (const [name, value] of Object.entries(state)) {
    const field = tools.elements[name];
    if (field && field.value !== value) field.value = value;
  }
  const filters = FILTERS.map((key) => state[key]).join('\n');
  if (filters !== filtered) filter();
  filtered = filters;
  $('#reset').hidden = Object.keys(DEFAULTS).every((key) => state[key] === DEFAULTS[key]);
  drawAll();
};

/// Shows the selected cells, and the sections and rows that have any.
const filter = () => {
  let shown = 0;
  for (const variant of variants) {
    let here = 0;
    for (const cell of variant.cells) {
      const hidden = !wanted(cell);
      cell.row.hidden = hidden;
      if (cell.panel) cell.panel.hidden = hidden;
      here += !hidden;
    }
    variant.section.hidden = here === 0;
    if (variant.chart) variant.chart.hidden = here === 0;
    for (const row of $$(`[data-of="${CSS.escape(variant.section.id)}"]`)) row.hidden = here === 0;
    shown += here;
  }
  for (const workload of $$('.workload')) {
    workload.hidden = $$('.variant', workload).every((section) => section.hidden);
  }
  for (const board of $$('.board')) {
    const rows = $$('[data-of]', board);
    board.hidden = rows.length > 0 && rows.every((row) => row.hidden);
  }
  for (const body of $$('.overview tbody')) body.hidden = $$('[data-of]', body).every((row) => row.hidden);
  for (const group of $$('.boards')) group.hidden = $$('.board', group).every((board) => board.hidden);
  count(shown);
};

const count = (shown) => {
  const all = variants.reduce((sum, variant) => sum + variant.count, 0);
  $('#shown').textContent = shown === all ? `${all} cells` : `${shown} of ${all} cells`;
};

tools.addEventListener('input', (event) => {
  const { name, value } = event.target;
  if (name in DEFAULTS) choose({ [name]: value });
});
tools.addEventListener('submit', (event) => event.preventDefault());
$('#reset').addEventListener('click', () => choose({ ...DEFAULTS }));

// A click on a line or a name picks the contender, or releases it.
for (const chart of charts) {
  chart.svg.addEventListener('click', (event) => {
    const part = event.target.closest('.s, .n');
    if (part) pick(nameOf(part));
  });
}
const pick = (name) => {
  const picked = new Set(state.pick ? state.pick.split(',') : []);
  if (!picked.delete(name)) picked.add(name);
  choose({ pick: [...picked].join(',') });
};
