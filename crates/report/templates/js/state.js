// The reader's choices, kept in the URL's hash, so that a link shows what its sender saw.

const asks = $('#question');
const bases = $('#base select');
// All lists have the same contenders, and the page has them once.
if (asks) {
  const { a, b } = asks.elements;
  for (const list of [b, bases].filter(Boolean)) {
    const { value } = list;
    list.replaceChildren(...[...a.children].map((group) => group.cloneNode(true)));
    list.value = value;
  }
}
const asked = (name) => asks?.elements[name].value ?? '';
const DEFAULTS = {
  a: asked('a'), b: asked('b'), in: asked('in'), q: '', class: '', threads: '', heat: '0', sort: '', pick: '',
  base: bases?.value ?? '',
};
const state = { ...DEFAULTS };
const listeners = [];

/// The hash of the current state, with an anchor on the page.
const hash = (anchor = '') => {
  const chosen = Object.entries(state).filter(([key, value]) => value !== DEFAULTS[key]);
  const query = new URLSearchParams(chosen).toString();
  return `#${anchor}${query ? `&${query}` : ''}`;
};

/// The anchor of the page's address; none where it is no text.
const anchorOf = () => {
  try {
    return decodeURIComponent(location.hash.slice(1).split('&')[0]);
  } catch {
    return '';
  }
};

/// Reads the choices from the hash. A link within the page keeps them.
const readHash = () => {
  const [, ...query] = location.hash.slice(1).split('&');
  if (query.length === 0) return;
  const given = new URLSearchParams(query.join('&'));
  for (const key of Object.keys(DEFAULTS)) state[key] = given.get(key) ?? DEFAULTS[key];
};

/// The page's address with all choices.
const linkTo = (anchor) => location.href.split('#')[0] + hash(anchor);

/// Changes choices and updates the page.
const choose = (changes) => {
  Object.assign(state, changes);
  const address = hash(anchorOf());
  history.replaceState(null, '', address === '#' ? location.pathname + location.search : address);
  for (const listener of listeners) listener();
};

/// Go's names that differ in Rust, so that a search for them finds contenders.
const IN_RUST = { /* names in Rust */ };

/// Whether a cell is selected: each search word occurs in its id, or starts a word of its workload's description.
const wanted = () => {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean).map((word) => [word, IN_RUST[word.split('.').at(-1)]]);
  const found = ({ text, stands }) => words.every(([word, rust]) => text.includes(word) || (rust && text.includes(rust))
    || stands.some((other) => other.startsWith(word)));
  return (cell) => found(cell)
    && (!state.class || cell.klass === state.class)
    && (!state.threads || String(cell.threads) === state.threads);
};

addEventListener('hashchange', () => {
  readHash();
  for (const listener of listeners) listener();
  document.getElementById(anchorOf())?.scrollIntoView();
});
