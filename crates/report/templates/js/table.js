// Tables: sorting by any column, and the windows of each cell.

const key = (cell) => {
  const number = numberIn(cell);
  return Number.isNaN(number) ? cell?.textContent.trim() ?? '' : number;
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
    make('p', {}, `${unit} of each window, a line for each fork: `), lists(cell));
  cell.panel = cell.row.panel = make('tr', { class: 'windows' }, inside);
  cell.row.after(cell.panel);
};

const lists = (cell) => {
  const list = make('ol', {});
  for (const windows of cell.windows) list.append(make('li', {}, windows.map(short).join(' \u00a0')));
  return list;
};
