// Tables: sorting by any column, and the windows of each cell.

const key = (cell) => {
  const text = cell?.textContent.trim() ?? '';
  const number = parseFloat(text.replaceAll(',', '').replace('\u2212', '-'));
  return Number.isNaN(number) ? text : number;
};

const sortBy = (table, column, descending) => {
  const body = table.tBodies[0];
  const rows = $$('tr:not(.windows)', body);
  const way = descending ? -1 : 1;
  rows.sort((a, b) => {
    const [one, other] = [key(a.cells[column]), key(b.cells[column])];
    const kinds = (typeof one === 'string') - (typeof other === 'string');
    return kinds || (typeof one === 'number' ? one - other : one.localeCompare(other)) * way;
  });
  for (const row of rows) {
    body.append(row);
    if (row.panel) body.append(row.panel);
  }
};

/// Adds a table's buttons when it is first unfolded, because a thousand buttons would delay the page.
const addButtons = ({ table, cells, unit }) => {
  const heads = $$('thead th', table);
  heads.forEach((head, column) => {
    const button = make('button', { type: 'button', onclick: () => {
      const descending = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      sortBy(table, column, descending);
    } }, ...head.childNodes);
    head.replaceChildren(button);
  });
  for (const cell of cells) {
    if (cell.windows.length === 0) continue;
    const head = cell.row.cells[0];
    const button = make('button', { type: 'button', 'aria-expanded': 'false', title: 'All windows of this cell',
      onclick: () => toggleWindows(cell, button, unit) }, ...head.childNodes);
    head.replaceChildren(button);
  }
};

for (const variant of variants) {
  const folded = variant.table.closest('details');
  folded.addEventListener('toggle', () => addButtons(variant), { once: true });
}

const toggleWindows = (cell, button, unit) => {
  const open = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!open));
  if (open) {
    cell.panel.remove();
    cell.panel = cell.row.panel = undefined;
    return;
  }
  const inside = make('td', { colspan: String($$('thead th', cell.row.closest('table')).length) },
    strip(cell), make('p', {}, `${unit} by fork: `), lists(cell));
  cell.panel = cell.row.panel = make('tr', { class: 'windows' }, inside);
  cell.row.after(cell.panel);
};

const lists = (cell) => {
  const list = make('ol', {});
  for (const windows of cell.windows) list.append(make('li', {}, windows.map(short).join(' \u00a0')));
  return list;
};

/// A chart of the windows by fork, with each fork's value.
const strip = (cell) => {
  const svg = document.createElementNS(SVG, 'svg');
  const step = Math.max(14, Math.min(44, 560 / cell.windows.length));
  const width = 60 + step * cell.windows.length;
  for (const [name, value] of Object.entries({ class: 'chart strip', viewBox: `0 0 ${width} 120`, width, height: 120,
    role: 'img', 'aria-label': `Windows of ${cell.id} by fork` })) svg.setAttribute(name, value);
  const all = cell.windows.flat();
  const y = axis(0, Math.max(...all), false, 100, 8);
  draw('path', { class: 'grid', d: y.ticks.map((tick) => `M48 ${px(y.at(tick))}H${width}`).join('') }, svg);
  const ticks = draw('g', { class: 'y' }, svg);
  const labels = draw('g', { class: 'tick' }, ticks);
  for (const tick of [y.ticks[0], y.ticks.at(-1)]) {
    draw('text', { x: 44, y: px(y.at(tick) + 4) }, labels, y.label(tick));
  }
  const group = draw('g', { class: 's k0' }, svg);
  const at = (index) => 60 + step * (index + 0.3);
  draw('path', { class: 'd', d: cell.windows.flatMap((windows, index) =>
    windows.map((value) => `M${px(at(index))} ${px(y.at(value))}h0`)).join('') }, group);
  draw('path', { class: 'l', d: cell.forks.map((value, index) =>
    `M${px(at(index) - step / 4)} ${px(y.at(value))}h${px(step / 2)}`).join('') }, group);
  draw('text', { class: 'note', x: 60, y: 115 }, svg, 'by fork: dots are windows, dashes are forks');
  return svg;
};
