// The toolbar: filters. The page hides it until this script runs.

const tools = $('#tools');

/// The choices that select cells.
const FILTERS = ['q', 'class', 'threads'];
let filtered = FILTERS.map((key) => DEFAULTS[key]).join('\n');

const show = () => {
  for (const form of [tools, asks]) {
    for (const [name, value] of Object.entries(state)) {
      const field = form?.elements[name];
      if (field && field.value !== value) field.value = value;
    }
  }
  const filters = FILTERS.map((key) => state[key]).join('\n');
  if (filters !== filtered) filter();
  else if (FILTERS.every((key) => state[key] === DEFAULTS[key])) chooseMap();
  filtered = filters;
  answer();
  showCosts();
  orderMaps();
  isolate();
  const reset = $('#reset');
  if (reset) reset.hidden = Object.keys(DEFAULTS).every((key) => state[key] === DEFAULTS[key]);
};

/// The parts of the page that belong to a variant's section, by its id.
const partsOf = once(() => {
  const parts = {};
  for (const part of $$('[data-of]')) (parts[part.dataset.of] ??= []).push(part);
  return parts;
});

/// Shows the selected cells, and the sections, rows and columns that have any.
const filter = () => {
  let shown = 0;
  const isWanted = wanted();
  const blocks = new Set();
  const names = new Set();
  for (const variant of variants) {
    let here = 0;
    for (const cell of variant.cells) {
      const hidden = !isWanted(cell);
      if (cell.row.hidden !== hidden) cell.row.hidden = hidden;
      if (cell.panel) cell.panel.hidden = hidden;
      if (hidden) continue;
      here += 1;
      blocks.add(`${variant.id}/${cell.threads}`);
      names.add(cell.name);
    }
    variant.section.hidden = here === 0;
    for (const part of partsOf()[variant.section.id] ?? []) part.hidden = here === 0;
    shown += here;
  }
  for (const workload of $$('.workload')) {
    workload.hidden = $$('.variant', workload).every((section) => section.hidden);
  }
  const all = FILTERS.every((key) => state[key] === DEFAULTS[key]);
  chooseMap(all ? undefined : blocks);
  for (const { drawn, heads } of maps) {
    for (const row of drawn()) row.hidden = !all && !names.has(row.cells[0].textContent);
    for (const head of heads) head.classList.toggle('dim', !all && !blocks.has(head.dataset.block));
  }
  count(shown);
};

const count = (shown) => {
  const all = variants.reduce((sum, variant) => sum + variant.count, 0);
  const place = $('#shown');
  if (place) place.textContent = shown === all ? `${all} cells` : `${shown} of ${all} cells`;
};

tools?.addEventListener('input', (event) => {
  const { name, value } = event.target;
  if (name in DEFAULTS) choose({ [name]: value });
});
tools?.addEventListener('submit', (event) => event.preventDefault());
$('#reset')?.addEventListener('click', () => choose({ ...DEFAULTS }));
