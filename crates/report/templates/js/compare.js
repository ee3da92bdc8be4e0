// The page of two runs: the filter. Which run is compared with is a choice of the style sheet.
(() => {
'use strict';

const OPPOSITE = { slower: 'faster', faster: 'slower', 'not slower': 'not faster', 'not faster': 'not slower' };

const tools = document.getElementById('tools');
const rows = [...document.querySelectorAll('tr[data-v]')].map((row) => (
  { row, id: row.dataset.c.toLowerCase(), kind: row.dataset.v, listed: !row.closest('#largest') }));
const parts = [...document.querySelectorAll('.variant, .workload, #largest')];
const reversed = document.getElementById('over-second');
const all = rows.filter(({ listed }) => listed).length;

const show = () => {
  const words = tools.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = (tools.elements.v?.value ?? '').split(',').filter(Boolean);
  let shown = 0;
  for (const { row, id, kind, listed } of rows) {
    const said = reversed?.checked ? OPPOSITE[kind] ?? kind : kind;
    row.hidden = !(words.every((word) => id.includes(word)) && (kinds.length === 0 || kinds.includes(said)));
    if (!row.hidden && listed) shown += 1;
  }
  for (const part of parts) part.hidden = !part.querySelector('tr[data-v]:not([hidden])');
  tools.querySelector('output').textContent = shown === all ? `${all} cells` : `${shown} of ${all} cells`;
};

/// The choices are in the address, so that a link shows what its sender saw.
const keep = () => {
  const chosen = { q: tools.elements.q.value, v: tools.elements.v?.value ?? '', side: reversed?.checked ? 'first' : '' };
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value)).toString();
  const anchor = location.hash.slice(1).split('&')[0];
  const hash = anchor || query ? `#${anchor}${query && `&${query}`}` : '';
  history.replaceState(null, '', location.pathname + location.search + hash);
};

const read = () => {
  const [anchor, ...query] = location.hash.slice(1).split('&');
  const given = new URLSearchParams(query.join('&'));
  tools.elements.q.value = given.get('q') ?? '';
  if (tools.elements.v) tools.elements.v.value = given.get('v') ?? '';
  if (tools.elements.v && tools.elements.v.selectedIndex < 0) tools.elements.v.value = '';
  if (reversed) (given.get('side') === 'first' ? reversed : document.getElementById('over-first')).checked = true;
  show();
  document.getElementById(decodeURIComponent(anchor))?.scrollIntoView();
};

const changed = () => { show(); keep(); };
tools.addEventListener('input', changed);
tools.addEventListener('submit', (event) => event.preventDefault());
tools.addEventListener('reset', () => setTimeout(changed));
for (const radio of document.querySelectorAll('.side input')) radio.addEventListener('change', changed);
addEventListener('hashchange', () => { if (location.hash.includes('&') || !location.hash) read(); });
tools.hidden = false;
read();
})();
