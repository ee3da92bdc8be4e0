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

/// The class of the strictest promise.
const STRICTEST = 'immediate';

const workloadOf = ({ block }) => block.split('/')[0];

/// Whether a workload uses a contender as what it is: in the strictest class, and without a role that it must explain.
const isItself = ({ klass, name, row }) => klass === STRICTEST
  && $$('.roles dl:not(.about) dt', row.closest('.workload')).every((of) => of.textContent !== name);

/// How many of some answers each workload has. First is the one whose question this is.
const workloadsOf = (answers) => {
  const counts = new Map();
  for (const answer of answers) {
    const of = counts.get(workloadOf(answer)) ?? { all: 0, strict: 0 };
    of.all += 1;
    of.strict += answer.of.every(isItself);
    counts.set(workloadOf(answer), of);
  }
  return [...counts].sort(([, one], [, other]) => other.strict - one.strict);
};

/// The answers in the blocks that the question selects. Without words these are those of the first workload, and where
/// none of them has both contenders, all that have.
const answersTo = ({ a, b, in: filter }) => {
  const all = measured().flatMap((block) => {
    const found = comparison(block, a, b);
    return found ? [{ ...found, block: block.block, variant: block.variant.id, threads: threadsOf(block.threads) }] : [];
  });
  const workloads = workloadsOf(all);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const isSelected = (answer) => (words.length
    ? words.every((word) => answer.block.toLowerCase().includes(word))
    : workloadOf(answer) === workloads[0][0]);
  const selected = all.filter(isSelected);
  return { answers: selected.length ? selected : all, elsewhere: !selected.length, all, workloads };
};

/// How many of some answers have which verdict, the most frequent first.
const countsOf = (answers) => {
  const counts = new Map();
  answers.forEach(({ outcome }) => counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.map(([outcome, count]) => `${outcome} in ${count}`).join(', ');
};

/// What the classes of a pair promise, once for each pair of two classes.
const promisesOf = ({ a, b }, answers) => {
  const mixed = answers.map(({ of }) => of).filter(([one, other]) => one.klass !== other.klass);
  const { classes, promises } = data().ask;
  return [...new Set(mixed.map(([one, other]) => filled(classes, {
    a, b, classA: one.klass, classB: other.klass, promiseA: promises[one.klass], promiseB: promises[other.klass],
  })))];
};

/// A row for each variant, and a column for each thread count.
const tableOf = (answers) => {
  const unique = (key) => [...new Set(answers.map((answer) => answer[key]))];
  const columns = unique('threads').sort((one, other) => parseInt(one, 10) - parseInt(other, 10));
  const field = (answer) => {
    if (!answer) return make('td');
    const td = $('#answer').content.firstElementChild.cloneNode(true);
    td.className = `is-${answer.letter}`;
    td.dataset.block = answer.block;
    const texts = [answer.times, `(${answer.low}\u2013${answer.high})`, answer.outcome];
    [...td.children].forEach((part, index) => { part.textContent = texts[index]; });
    return td;
  };
  return [
    make('thead', {}, make('tr', {}, make('td'), ...columns.map((text) => make('th', { scope: 'col' }, text)))),
    make('tbody', {}, ...unique('variant').map((variant) => make('tr', {}, make('th', { scope: 'row' }, variant),
      ...columns.map((threads) => field(answers.find((one) => one.variant === variant && one.threads === threads)))))),
  ];
};

const showAnswers = () => {
  if (!asks) return;
  const names = $$('#asked bdi');
  names[0].textContent = state.a;
  names[1].textContent = state.b;
  const { answers, elsewhere, all, workloads } = answersTo(state);
  const words = data().ask;
  const shown = new Set(answers.map(workloadOf));
  const places = workloads.map(([name, { all }]) => make('button',
    { type: 'button', onclick: () => choose({ in: `${name}/` }), 'aria-pressed': String(shown.has(name)) }, `${name} (${all})`));
  const none = state.a === state.b ? words.same : words.none;
  $('#asked span').replaceChildren(...(answers.length
    ? [elsewhere ? `${filled(words.elsewhere, state)} ` : '', words.both, ...places,
      all.length > answers.length ? filled(words.overall, { count: all.length, counts: countsOf(all) }) : ''] : [none]));
  $('#answers').replaceChildren(...tableOf(answers));
  $('#promises').textContent = promisesOf(state, answers).join(' ');
};

/// The answer as Markdown, in the words of the data element.
const answerAsMarkdown = () => {
  const { names, head, row, foot } = data().ask.markdown;
  const code = (name) => names[name] ?? `\`${name}\``;
  const { answers } = answersTo(state);
  const rows = answers.map((answer) => filled(row, { ...answer, variant: code(answer.variant) }));
  const values = { a: code(state.a), b: code(state.b), link: linkTo('ask') };
  const promises = promisesOf(values, answers).map((text) => `\n${text}.\n`);
  return [filled(head, values), ...rows, ...promises, filled(foot, values)].join('');
};

/// Another pair than the first is asked where it is at home, unless the reader has said where.
const anywhere = (question) => (state.in === DEFAULTS.in ? { ...question, in: '' } : question);

/// The blocks that answer.
const askedBlocks = () => $$('#answers td[data-block]').map(({ dataset }) => dataset.block);

/// Shows the map of the blocks that answer, unless the shown one has any.
const showAsked = () => {
  const asked = askedBlocks();
  const has = ({ heads }) => heads.some(({ dataset }) => asked.includes(dataset.block));
  const map = maps.findIndex(has);
  if (map >= 0 && maps[state.heat] && !has(maps[state.heat])) state.heat = String(map);
};

let answered = ['a', 'b', 'in'].map((key) => DEFAULTS[key]).join('\n');
const answer = () => {
  const question = ['a', 'b', 'in'].map((key) => state[key]).join('\n');
  if (question !== answered) {
    showAnswers();
    showAsked();
  }
  answered = question;
};

asks?.addEventListener('input', (event) => {
  const { name, value } = event.target;
  if (name in DEFAULTS) choose(name === 'in' ? { in: value } : anywhere({ [name]: value }));
});
asks?.addEventListener('submit', (event) => event.preventDefault());
