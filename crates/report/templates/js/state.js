// The reader's choices, kept in the URL's hash, so that a link shows what its sender saw.

const DEFAULTS = { y: 'rate', scale: 'linear', q: '', class: '', threads: '', pick: '' };
const CHOICES = { y: ['rate', 'time', 'speedup'], scale: ['linear', 'log'] };
const state = { ...DEFAULTS };
const listeners = [];

/// The hash of the current state, with an anchor on the page.
const hash = (anchor = '') => {
  const chosen = Object.entries(state).filter(([key, value]) => value !== DEFAULTS[key]);
  const query = new URLSearchParams(chosen).toString();
  return `#${anchor}${query ? `&${query}` : ''}`;
};

const anchorOf = () => decodeURIComponent(location.hash.slice(1).split('&')[0]);

/// Reads the choices from the hash. A link within the page keeps them.
const readHash = () => {
  const [, ...query] = location.hash.slice(1).split('&');
  if (query.length === 0) return;
  const given = new URLSearchParams(query.join('&'));
  for (const key of Object.keys(DEFAULTS)) {
    const value = given.get(key) ?? DEFAULTS[key];
    state[key] = !CHOICES[key] || CHOICES[key].includes(value) ? value : DEFAULTS[key];
  }
};

/// Changes choices and updates the page.
const choose = (changes) => {
  Object.assign(state, changes);
  const address = hash(anchorOf());
  history.replaceState(null, '', address === '#' ? location.pathname + location.search : address);
  for (const listener of listeners) listener();
};

/// Go's names that differ in Rust, so that a search for them finds contenders.
const IN_RUST = { rwmutex: 'rwlock', chan: 'channel', cond: 'condvar' };

/// Whether a cell is selected: each search word occurs in its id, or starts a word of its workload's description.
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
