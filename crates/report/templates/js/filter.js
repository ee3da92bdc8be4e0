// The toolbar: filters. The page hides it until this script runs.

const tools = $('#tools');

/// The choices that select cells.
const FILTERS = ['q', 'class', 'threads'];
let filtered = FILTERS.map((key) => DEFAULTS[key]).join('\n');

const show = () => {
  answer();
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
  showCosts();
  orderMaps();
  markAsked();
  isolate();
  showBeside();
  const reset = $('#reset');
  if (reset) reset.hidden = Object.keys(DEFAULTS).every((key) => state[key] === DEFAULTS[key]);
};

/// What stands in place of the maps where no cell is selected.
const none = make('p', { hidden: '' }, 'No cell has all of this. Reset shows the whole page.');
$('.maps')?.before(none);

/// Shows the selected cells, and the sections, rows and columns that have any.
const filter = () => {
  let shown = 0;
  const isWanted = wanted();
  const [found, cells, classes] = [new Set(), new Set(), new Set()];
  for (const variant of variants) {
    let here = 0;
    for (const cell of variant.cells) {
      const hidden = !isWanted(cell);
      if (cell.row.hidden !== hidden) cell.row.hidden = hidden;
      if (cell.panel) cell.panel.hidden = hidden;
      if (hidden) continue;
      here += 1;
      const block = `${variant.id}/${cell.threads}`;
      found.add(block);
      cells.add(`${block} ${cell.name}`);
      classes.add(`${block} ${cell.klass}`);
    }
    variant.section.hidden = here === 0;
    shown += here;
  }
  for (const workload of $$('.workload')) {
    workload.hidden = $$('.variant', workload).every((section) => section.hidden);
  }
  showTakes(({ block, klass }) => classes.has(`${block} ${klass()}`));
  const all = FILTERS.every((key) => state[key] === DEFAULTS[key]);
  chooseMap(all ? undefined : found);
  for (const map of maps) {
    for (const row of map.drawn()) {
      const [name, ...fields] = row.cells;
      const has = ({ dataset }, index) => fields[index].className && cells.has(`${dataset.block} ${name.textContent}`);
      row.hidden = !all && !map.heads.some(has);
    }
    showColumns(map, all ? undefined : found);
    fold(map);
  }
  none.hidden = shown > 0;
  for (const part of $$('#heat .legend, #take')) part.hidden = shown === 0;
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
$('#reset')?.addEventListener('click', () => {
  choose({ ...DEFAULTS });
  for (const map of maps) fold(Object.assign(map, { open: undefined }));
});
