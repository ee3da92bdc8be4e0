// The question of two contenders. The comparisons were made in Rust; this finds the pair and shows it.

/// The ratios that stand for all beyond them.
const RATIOS = [1e-4, 1e4];

/// A ratio as text.
const ratio = (value) => {
  if (value >= RATIOS[1]) return `\u2265${short(RATIOS[1])}`;
  return value <= RATIOS[0] ? `\u2264${short(RATIOS[0])}` : short(value);
};

/// The pairs of each block that was asked for.
const seen = {};
const pairsIn = (block) => { seen[block] ??= pairsOf(data().pairs[block]); return seen[block]; };

/// The planned comparison of two contenders in a block: how many times as fast `a` is.
const comparison = ({ block, cells }, a, b) => {
  const at = (name) => cells.findIndex((cell) => cell.name === name);
  const [one, other] = [at(a), at(b)];
  if (one < 0 || other < 0 || one === other) return undefined;
  const [first, second] = [Math.min(one, other), Math.max(one, other)];
  const index = first * cells.length - (first * (first + 1)) / 2 + (second - first - 1);
  const pair = pairsIn(block)[index];
  if (!pair) return undefined;
  const turned = one > other;
  const letter = turned ? { f: 's', s: 'f', a: 'b', b: 'a' }[pair.letter] ?? pair.letter : pair.letter;
  const [times, ...ends] = pair.ratios.map((both) => ratio(both[turned ? 1 : 0]));
  const [low, high] = turned ? ends.reverse() : ends;
  return { times: `${times}\u00d7`, low, high, letter, outcome: data().ask.words[letter], of: [cells[one], cells[other]] };
};

/// Fills in what stands in braces.
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');

/// The answers in the blocks that the question selects. Where none of these has both, in all that have.
const answersTo = ({ a, b, in: filter }) => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const isSelected = ({ block }) => words.every((word) => block.toLowerCase().includes(word));
  const answersIn = (blocks) => blocks.flatMap((block) => {
    const found = comparison(block, a, b);
    const threads = `${block.threads} ${block.threads === 1 ? 'thread' : 'threads'}`;
    return found ? [{ ...found, block: block.block, variant: block.variant.id, threads }] : [];
  });
  const selected = answersIn(measured().filter(isSelected));
  return selected.length ? { answers: selected } : { answers: answersIn(measured()), elsewhere: true };
};

const classesOf = ({ a, b }, [one, other]) => (one.klass === other.klass ? '' : filled(data().ask.classes, {
  a, b, classA: one.klass, classB: other.klass,
  promiseA: data().ask.promises[one.klass], promiseB: data().ask.promises[other.klass],
}));

const showAnswers = () => {
  if (!asks) return;
  const names = $$('#asked bdi');
  names[0].textContent = state.a;
  names[1].textContent = state.b;
  const { answers, elsewhere } = answersTo(state);
  const rows = answers.map((answer) => {
    const row = $('#answer').content.firstElementChild.cloneNode(true);
    row.className = `is-${answer.letter}`;
    row.dataset.block = answer.block;
    const texts = [answer.variant, answer.threads, answer.times, `(${answer.low}\u2013${answer.high})`, answer.outcome,
      classesOf(state, answer.of)];
    [...row.children].forEach((part, index) => { part.textContent = texts[index]; });
    return row;
  });
  const words = data().ask;
  if (elsewhere) rows.unshift(make('li', { class: 'wide' }, rows.length ? filled(words.elsewhere, state) : words.none));
  $('#answers').replaceChildren(...rows);
};

/// The answer as Markdown, in the words of the data element.
const answerAsMarkdown = () => {
  const { names, head, row, foot } = data().ask.markdown;
  const code = (name) => names[name] ?? `\`${name}\``;
  const rows = answersTo(state).answers.map((answer) => filled(row, { ...answer, variant: code(answer.variant) }));
  const values = { a: code(state.a), b: code(state.b), link: linkTo('ask') };
  return filled(head, values) + rows.join('') + filled(foot, values);
};

let answered = ['a', 'b', 'in'].map((key) => DEFAULTS[key]).join('\n');
const answer = () => {
  const question = ['a', 'b', 'in'].map((key) => state[key]).join('\n');
  if (question !== answered) showAnswers();
  answered = question;
};

asks?.addEventListener('input', (event) => {
  const { name, value } = event.target;
  if (name in DEFAULTS) choose({ [name]: value });
});
asks?.addEventListener('submit', (event) => event.preventDefault());
