// What the reader chose, kept in the address's hash: a link shows what its sender saw.

const DEFAULTS = { y: 'rate', scale: 'linear', q: '', class: '', threads: '', pick: '' };
const CHOICES = { y: ['rate', 'time', 'speedup'], scale: ['linear', 'log'] };
const state = { ...DEFAULTS };
const listeners = [];

/// The hash of the present state, at a place of the page.
const hash = (anchor = '') => {
  const chosen = Object.entries(state).filter(([key, value]) => value !== DEFAULTS[key]);
  const query = new URLSearchParams(chosen).toString();
  return `#${anchor}${query ? `&${query}` : ''}`;
};

const anchorOf = () => decodeURIComponent(location.hash.slice(1).split('&')[0]);

/// Takes over what the address says. A plain link within the page keeps the choice.
const readHash = () => {
  const [, ...query] = location.hash.slice(1).split('&');
  if (query.length === 0) return;
  const given = new URLSearchParams(query.join('&'));
  for (const key of Object.keys(DEFAULTS)) {
    const value = given.get(key) ?? DEFAULTS[key];
    state[key] = !CHOICES[key] || CHOICES[key].includes(value) ? value : DEFAULTS[key];
  }
};

/// Changes the choice and shows it.
const choose = (changes) => {
  Object.assign(state, changes);
  const address = hash(anchorOf());
  history.replaceState(null, '', address === '#' ? location.pathname + location.search : address);
  for (const listener of listeners) listener();
};

/// Go's name of what has another one in Rust and may be in no workload's words: a contender is found by it.
const IN_RUST = { rwmutex: 'rwlock', chan: 'channel', cond: 'condvar' };

/// Whether a cell is among what the reader looks for: each word stands in its id, or begins a word of
/// what its workload stands for, so that Go's names find it too.
const wanted = (cell) => {
  const id = cell.id.toLowerCase();
  const found = (word) => id.includes(word) || id.includes(IN_RUST[word.split('.').at(-1)])
    || cell.stands.some((other) => other.startsWith(word));
  return (
    state.q.toLowerCase().split(/\s+/).every(found) &&
    (!state.class || cell.klass === state.class) &&
    (!state.threads || String(cell.threads) === state.threads)
  );
};

addEventListener('hashchange', () => {
  readHash();
  for (const listener of listeners) listener();
  document.getElementById(anchorOf())?.scrollIntoView();
});
