// The bar of choices: measure, scale, filters. It is in the page but hidden until this script runs.

const tools = $('#tools');

const show = () => {
  for (const [name, value] of Object.entries(state)) {
    const field = tools.elements[name];
    if (field && field.value !== value) field.value = value;
  }
  let shown = 0;
  for (const variant of variants.values()) {
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
  for (const group of $$('.boards')) group.hidden = $$('.board', group).every((board) => board.hidden);
  const all = [...variants.values()].reduce((sum, variant) => sum + variant.cells.length, 0);
  $('#shown').textContent = shown === all ? `${all} cells` : `${shown} of ${all} cells`;
  $('#reset').hidden = Object.keys(DEFAULTS).every((key) => state[key] === DEFAULTS[key]);
  drawAll();
};

tools.addEventListener('input', (event) => {
  const { name, value } = event.target;
  if (name in DEFAULTS) choose({ [name]: value });
});
tools.addEventListener('submit', (event) => event.preventDefault());
$('#reset').addEventListener('click', () => choose({ ...DEFAULTS }));

// A name at the end of a line can be picked, and let go.
for (const chart of charts) {
  chart.svg.addEventListener('click', (event) => {
    const name = event.target.closest('[data-n]')?.dataset.n;
    if (name) pick(name);
  });
}
const pick = (name) => {
  const picked = new Set(state.pick ? state.pick.split(',') : []);
  if (!picked.delete(name)) picked.add(name);
  choose({ pick: [...picked].join(',') });
};
