// Heat maps: which one is shown, the order of its rows, and questions by a click.

/// The heads over several columns, each with the first of these and their number.
const groupsOf = (table) => $$('thead tr:not(.counts)', table).flatMap((row) => {
  let next = 0;
  return $$('th', row).map((head) => {
    const from = next;
    next += head.colSpan;
    return { head, from, span: head.colSpan };
  });
});

const maps = $$('.map').map((element) => {
  const table = $('.heat', element);
  const heads = $$('.counts th[data-block]', table);
  const rows = () => $$('tbody tr:has(td)', table);
  return { element, table, heads, groups: groupsOf(table), button: $('.others', element), drawn: once(() => rows()) };
});

/// Shows the columns of these blocks, and the heads above them; without blocks all.
const showColumns = ({ heads, groups, drawn }, blocks) => {
  const shown = heads.map(({ dataset }) => blocks === undefined || blocks.has(dataset.block));
  const put = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
  heads.forEach((head, index) => put(head, !shown[index]));
  for (const { cells } of drawn()) shown.forEach((is, index) => put(cells[index + 1], !is));
  for (const { head, from, span } of groups) {
    const count = shown.slice(from, from + span).filter(Boolean).length;
    put(head, count === 0);
    head.colSpan = count || span;
  }
};

const hasRows = (body) => [...body.rows].some((row) => row.cells.length > 1 && !row.hidden);

/// Shows the classes that have rows. Those after the first are folded until the reader opens them, unless the first
/// has none.
const fold = ({ table, button, open }) => {
  const [first, ...others] = table.tBodies;
  const opened = open ?? !hasRows(first);
  for (const body of others) body.hidden = !opened || !hasRows(body);
  if (!button) return;
  button.hidden = !others.some(hasRows);
  button.setAttribute('aria-expanded', String(opened));
};

/// Orders the rows of each class by a column; without one as on the page.
const sortMap = ({ table, heads, drawn }) => {
  const [block, down] = [state.sort.replace(/^-/, ''), state.sort.startsWith('-')];
  const column = heads.findIndex((head) => head.dataset.block === block);
  for (const head of heads) head.removeAttribute('aria-sort');
  if (column >= 0) heads[column].setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const rows = [...drawn()];
  if (column >= 0) {
    const of = (row) => numberIn(row.cells[column + 1]);
    const number = (row) => (Number.isNaN(of(row)) ? Infinity : of(row));
    const sign = down ? -1 : 1;
    rows.sort((a, b) => {
      const [one, other] = [number(a), number(b)];
      if (one === other) return 0;
      if (!Number.isFinite(one) || !Number.isFinite(other)) return one < other ? -1 : 1;
      return sign * (one - other);
    });
  }
  for (const row of rows) row.parentNode.append(row);
};

/// Shows the chosen map. With a filter all maps are shown that have a selected block.
const chooseMap = (blocks) => {
  maps.forEach((map, index) => {
    const has = blocks === undefined || map.heads.some((head) => blocks.has(head.dataset.block));
    const chosen = blocks !== undefined || state.heat === 'all' || state.heat === String(index);
    map.element.hidden = !has || !chosen;
  });
};

/// Marks the numbers of the pair in the blocks that answer.
const markAsked = () => {
  const asked = askedBlocks();
  for (const field of $$('.heat .asked')) field.classList.remove('asked');
  for (const { heads, drawn } of maps.filter(({ element }) => !element.hidden)) {
    const rows = drawn().filter((row) => [state.a, state.b].includes(row.cells[0].textContent));
    heads.forEach(({ dataset }, index) => {
      if (!asked.includes(dataset.block)) return;
      for (const field of rows.map((row) => row.cells[index + 1])) if (field.className) field.classList.add('asked');
    });
  }
};

let sorted = '';
const orderMaps = () => {
  if (state.sort === sorted) return;
  maps.forEach(sortMap);
  sorted = state.sort;
};

/// The contender that one of a block is compared with: the second of the question, or the block's own baseline.
const secondOf = (block, contender) => {
  const names = blockOf(block)?.cells.map(({ name }) => name) ?? [];
  const wanted = [state.b, contender === state.b && state.a, baselineOf(block), ...names];
  return wanted.find((name) => name !== contender && names.includes(name)) ?? state.b;
};

/// Asks, and brings the answer onto a small screen.
const ask = (question) => {
  choose(question);
  const { top } = $('#answers').getBoundingClientRect();
  if (top < 0 || top > innerHeight) $('#asked').scrollIntoView();
};

/// A name that breaks between its parts: on small screens, where the style sheet lets names break.
const breakable = (name) => name.split(/(?<=::)|(?=\+)/)
  .flatMap((part) => [make('wbr'), part.length > 20 ? part : make('span', {}, part)]).slice(1);

const breakNames = once(() => {
  for (const name of $$('.heat tbody th:not([scope])')) name.replaceChildren(...breakable(name.textContent));
});
const small = matchMedia('(max-width:46rem)');
if (small.matches) breakNames();
small.addEventListener('change', breakNames);

/// Steps of the arrow keys: columns and rows.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/// Moves over a map by arrow keys, from its frame to the first name and on. Enter asks as a click does.
const walk = (event) => {
  const frame = event.currentTarget;
  const at = event.target.closest('tbody :is(td, th)');
  const step = STEPS[event.key];
  if (event.key === 'Enter') at?.click();
  if (!step || (!at && event.target !== frame)) return;
  event.preventDefault();
  const rows = $$('tbody:not([hidden]) tr:not([hidden]):has(td)', frame);
  const shown = (row) => [...row?.cells ?? []].filter((cell) => !cell.hidden);
  const place = at ? shown(at.parentNode).indexOf(at) : 0;
  const next = at ? shown(rows[rows.indexOf(at.parentNode) + step[1]])[place + step[0]] : rows[0]?.cells[0];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
};

for (const map of maps) {
  const { element, table, heads, button } = map;
  $('.scroll', element).addEventListener('keydown', walk);
  table.classList.add('live-map');
  for (const head of heads) {
    const of = head.dataset.block;
    const label = { type: 'button', title: `Sort by ${of}` };
    head.replaceChildren(make('button', { ...label, onclick: () => choose({
      sort: state.sort === of ? `-${of}` : state.sort === `-${of}` ? '' : of,
    }) }, ...head.childNodes));
  }
  table.addEventListener('click', (event) => {
    const field = event.target.closest('tbody td[class], tbody th:not([scope])');
    if (!field || !asks) return;
    const contender = field.parentNode.cells[0].textContent;
    if (field.cellIndex === 0) {
      ask(anywhere({ a: contender === state.a ? state.b : state.a, b: contender }));
      return;
    }
    const { block } = heads[field.cellIndex - 1].dataset;
    const b = secondOf(block, contender);
    ask({ a: contender, b, in: `${block.slice(0, block.lastIndexOf('/'))}/` });
  });
  button?.addEventListener('click', () => {
    map.open = button.getAttribute('aria-expanded') === 'false';
    fold(map);
  });
  fold(map);
}
