// Every number that a reader sees, against verdicts.json. Written apart from the page's own code: a
// shown number is right when it is the nearest one of three digits.

import assert from 'node:assert/strict';

/// The number that a text shows; what stands for none is NaN.
const parse = (text) => Number(text.trim().replaceAll(',', '').replace('\u2212', '-').replace(/[×%±\u00a0]/g, '').trim());

/// Whether `text` shows `exact`.
export const shows = (text, exact, what) => {
  if (exact === null || exact === undefined) {
    assert.match(text, /^(–|n\/a|)$/, what);
    return;
  }
  const shown = parse(text);
  const unit = exact === 0 ? 0 : 10 ** (Math.floor(Math.log10(Math.abs(exact))) - 2);
  assert.ok(Math.abs(shown - exact) <= unit * 0.5000001, `${what}: ${text} is not ${exact}`);
};

/// An interval `low–high`.
const showsInterval = (text, interval, what) => {
  if (!interval) return shows(text, null, what);
  const ends = text.split('–');
  shows(ends[0], interval[0], what);
  shows(ends[1], interval[1], what);
};

export const numbersEqual = async (page, book) => {
  tablesEqual(await tables(page), book);
  boardsEqual(await boards(page), book.verdicts);
  heatEqual(await heat(page), book);
  resolutionsEqual(await resolutions(page), book.verdicts);
};

/// The words on the resolution of a variant's blocks: `1 thread ±3.31 % (±2.20 %) control failed 2 threads …`.
const resolutions = (page) => page.$$eval('.variant', (all) => all.map((section) => ({
  variant: section.querySelector('table').dataset.variant,
  text: [...section.querySelectorAll('.parameters span')].at(-1)?.textContent ?? '',
})));

const resolutionsEqual = (texts, { standings }) => {
  const wanted = new Map(standings.filter((one) => one.resolution !== null && one.resolution !== undefined)
    .map((one) => [one.block, one]));
  let seen = 0;
  for (const { variant, text } of texts) {
    for (const [, threads, shown, control] of text.matchAll(/(\d+) threads? ±(\S+)\s%(?: \(±(\S+)\s%\))?/g)) {
      const block = `${variant}/${threads}`;
      const one = wanted.get(block);
      assert.ok(one, `${block}: no resolution`);
      seen += 1;
      shows(shown, one.resolution * 100, `${block}: resolution`);
      shows(control ?? '', one.control_resolution === null || one.control_resolution === undefined ? null : one.control_resolution * 100, `${block}: control`);
    }
  }
  assert.equal(seen, wanted.size, 'a resolution for each block that has one');
};

const heat = (page) => page.$$eval('table.heat', (all) => all.flatMap((table) => {
  const blocks = [...table.querySelectorAll('.counts [data-block]')].map((head) => head.dataset.block);
  return [...table.querySelectorAll('tbody tr:has(td)')].flatMap((row) => [...row.cells].slice(1).map((field, index) => ({
    block: blocks[index], name: row.cells[0].textContent, text: field.textContent, may: field.classList.contains('may'),
  })));
}));

const heatEqual = (fields, book) => {
  let seen = 0;
  for (const { block, name, text, may } of fields) {
    // A contender may have rows in two classes, each with some of its blocks.
    if (text === '') continue;
    const distance = book.distance(block, name);
    if (!distance) {
      assert.match(text, /^(failed|\u2013)$/, `${block} ${name}`);
      continue;
    }
    seen++;
    if (distance.ratio < 1) assert.ok(Math.abs(Number(text) - distance.ratio) <= 0.005001, `${block} ${name}: ${text}`);
    else shows(text, distance.ratio, `${block} ${name}`);
    assert.equal(may, book.mayBeBest(block, name), `${block} ${name}: may be the best`);
  }
  assert.equal(seen, book.verdicts.decisions.length, 'a field for each');
};

/// The answers to a question: estimates are those of the verdicts, comparisons with the baseline are its decisions.
export const answersEqual = (answers, { a, b }, book) => {
  for (const { block, texts, outcome } of answers) {
    const [times, low, high] = texts;
    const pair = book.times(block, b, a);
    if (pair) ratioShows(times, pair.ratio, `${block}: ${a} against ${b}`);
    const [one, other] = [book.decision(block, a), book.decision(block, b)];
    const against = one?.baseline === b && one.baseline_ratio ? [1 / one.baseline_ratio, 1 / one.baseline_high, 1 / one.baseline_low]
      : other?.baseline === a && other.baseline_ratio ? [other.baseline_ratio, other.baseline_low, other.baseline_high] : undefined;
    against?.forEach((value, index) => ratioShows([times, low, high][index], value, `${block}: ${a} against ${b}, end ${index}`));
    const word = one?.baseline === b ? wordOf(one, 'a', false) : other?.baseline === a ? wordOf(other, 'b', true) : undefined;
    if (outcome && word) assert.equal(outcome, word, `${block}: ${a} against ${b}`);
    assert.ok(pair || against || book.cells.size > 0);
  }
};

/// What a decision says of its contender, or of the baseline in turn, in the page's words.
const wordOf = ({ baseline_verdict: verdict, baseline_not_slower: side }, own, turned) => {
  if (verdict === 'unresolved' && side) return side === own ? 'not slower' : 'not faster';
  const opposite = { faster: 'slower', slower: 'faster' };
  return turned ? opposite[verdict] ?? verdict : verdict;
};

/// A ratio beyond what is written is shown as an end.
const ratioShows = (text, exact, what) => {
  if (/^[\u2265\u2264]/.test(text)) assert.ok(text[0] === '\u2265' ? exact >= 9999 : exact <= 1.001e-4, `${what}: ${text}`);
  else shows(text, exact, what);
};

const tables = (page) => page.$$eval('.numbers table', (all) => all.map((table) => ({
  variant: table.dataset.variant,
  heads: [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()),
  rows: [...table.tBodies[0].rows].map((row) => ({
    kind: row.className,
    texts: [...row.cells].map((cell) => cell.textContent.trim()),
    name: row.cells[0].textContent,
  })),
})));

const tablesEqual = (tables, book) => {
  const { cells } = book;
  let seen = 0;
  for (const { variant, heads, rows } of tables) {
    for (const { texts, name, kind } of rows) {
      const at = (head) => texts[heads.indexOf(head)];
      const threads = parseInt(at('threads'), 10);
      const id = `${variant}/${name}/${threads}`;
      const cell = cells.get(id);
      assert.ok(cell, `${id} is not in verdicts.json`);
      seen++;
      if (cell.median === null) {
        assert.ok(['failed', 'missing', ''].includes(kind) && texts.length < heads.length, `${id} has no numbers`);
        if (cell.state.reason) assert.ok(texts.at(-1).includes(cell.state.reason.replace(/\s+/g, ' ').trim()), `${id} says why`);
        continue;
      }
      const [median, mean] = at(cell.unit).split(' mean ');
      shows(median, cell.median, id);
      if (mean) shows(mean, cell.mean, `${id} mean`);
      if (cell.unit === 'ns/op') shows(at('Mops/s'), cell.mops, id);
      showsInterval(at('interval'), cell.interval, id);
      assert.equal(parse(at('forks')), cell.forks.length, id);
      assert.equal(parse(at('windows')), cell.windows?.windows ?? 0, id);
      assert.equal(parse(at('voided')), cell.voided, id);
      for (const [head, key] of [['5 %', 'p05'], ['50 %', 'p50'], ['95 %', 'p95']]) shows(at(head), cell.windows?.[key], `${id} ${head}`);
      shows(at('CPU ns/op'), cell.cpu_ns_per_op, id);
      if (cell.user_ns_per_op !== undefined) {
        shows(at('user ns/op'), cell.user_ns_per_op, id);
        shows(at('system ns/op'), cell.system_ns_per_op, id);
      }
      shows(at('switches per 1,000'), cell.switches_per_1000, id);
      const [share, floor] = at('least share').split(' floor ');
      shows(share, cell.least_share, id);
      if (floor) shows(floor, cells.get(`${variant}/floor/${threads}`)?.least_share, `${id} floor`);
      against(at('against the best'), { id, name, block: `${variant}/${threads}` }, book);
    }
  }
  assert.equal(seen, cells.size, 'a row for each cell');
};

/// `2.61× (2.50–2.70)`: the cell's time over that of the best of its class.
const against = (text, { id, name, block }, book) => {
  const found = /^(\S+)× \((\S+)–(\S+)\)( tie| unresolved)?$/.exec(text.replace(/\s+/g, ' '));
  if (!found) {
    assert.match(text, /^(best|best estimate|)$/, id);
    return;
  }
  const of = name.endsWith('~control') ? name.slice(0, -'~control'.length) : book.best(block, name);
  const expected = book.times(block, name, of);
  assert.ok(expected, `${id}: no verdict against ${of}`);
  [expected.ratio, expected.low, expected.high].forEach((value, index) => shows(found[index + 1], value, `${id} against ${of}`));
  assert.equal(found[4]?.trim() ?? 'faster', expected.verdict, id);
};

const boards = (page) => page.$$eval('.factor', (all) => all.map((factor) => ({
  block: factor.closest('[data-block]')?.dataset.block,
  ratio: [factor.dataset.ratio, factor.dataset.low, factor.dataset.high].map(Number),
  texts: [factor.querySelector('b').textContent, ...factor.querySelector('i').textContent.replace(/[()]/g, '').split('–')],
})));

const boardsEqual = (factors, verdicts) => {
  for (const { block, ratio, texts } of factors) {
    const verdict = verdicts.verdicts.find((one) =>
      (block === undefined || one.block === block) && one.ratio === ratio[0] && one.low === ratio[1] && one.high === ratio[2]);
    assert.ok(verdict, `${block}: ${ratio} is no verdict`);
    [verdict.times, verdict.times_low, verdict.times_high].forEach((value, index) => shows(texts[index], value, block));
  }
};

/// The page's exports: JSON, CSV, and Markdown, which is the excerpt that `contend cite` prints.
export const exportsEqual = ({ json, csv, text }, verdicts) => {
  const cells = verdicts.cells.filter((cell) => cell.cell.startsWith(`${json.variant}/`));
  assert.equal(json.cells.length, cells.length, 'JSON: every cell');
  const rows = new Map(csv.trim().split('\n').slice(1).map((line) => line.match(/("[^"]*"|[^,]*)(,|$)/g).map((field) => field.replace(/,$/, '').replaceAll('"', '')))
    .map((row) => [`${row[0]}/${row[1]}/${parseInt(row[2], 10)}`, row]));
  const heads = csv.split('\n')[0].split(',');
  for (const taken of json.cells) {
    const cell = cells.find((one) => one.cell === taken.cell);
    if (cell.median === null) continue;
    shows(String(taken.median), cell.median, taken.cell);
    (cell.interval ?? []).forEach((end, index) => shows(String(taken.interval[index]), end, taken.cell));
    assert.equal(taken.forks.length, cell.forks.length, taken.cell);
    taken.forks.forEach((fork, index) => shows(String(fork), cell.forks[index].value, `${taken.cell} fork ${index + 1}`));
    assert.equal(taken.windows.flat().length, cell.windows?.windows ?? 0, `${taken.cell} windows`);
    shows(rows.get(taken.cell)[heads.indexOf(cell.unit)], cell.median, `CSV: ${taken.cell}`);
    // Also where the table of one class has it in its heading alone.
    assert.deepEqual([rows.get(taken.cell)[heads.indexOf('class')], taken.class], [cell.class, cell.class], taken.cell);
  }
  assert.ok(!text.includes('undefined') && text.startsWith('**'), 'Markdown');
  factorsEqual(text, verdicts, () => json.variant);
};

/// Whether `shown` shows `exact`.
const is = (shown, exact) => { try { shows(shown, exact, ''); return true; } catch { return false; } };

/// The sentence on a cell whose windows collapse. Ten is what the word means, and no verdict.
const COLLAPSE = /`?(?<name>[^\s`]+)`? collapses at [^:]+: (?:1 of (?<of>\S+) windows|(?<windows>\S+)\s% of the windows), with (?<time>\S+)\s% of the time, (?:is|are) over 10× slower \((?<collapsed>.+?) instead of (?<usual>\S+) [^)]+\)\./gu;

const collapseEqual = ({ name, of: all, windows, time, collapsed, usual }, variant, verdicts) => {
  const share = (of) => (all ? parse(all) === of.of && Math.round(of.windows * of.of) === 1 : is(windows, 100 * of.windows));
  const found = verdicts.cells.some(({ cell, collapses: of }) => of && cell.startsWith(`${variant}/${name}/`)
    && share(of) && is(time, 100 * of.time) && is(usual, of.usual)
    && (of.collapsed === undefined ? collapsed === 'nothing is done' : is(collapsed.split(' ')[0], of.collapsed)));
  assert.ok(found, `${variant}: ${name} does not collapse so`);
};

/// Every `2.61× (2.50–2.70)`, and every `1.2× to 1.5×`, of a variant's lines is one of its verdicts, or the ratio of
/// the longer windows that refute one or in which its lead is lost.
const factorsEqual = (text, verdicts, variantOf) => {
  for (const whole of text.split('\n').filter((one) => /^ *- /.test(one))) {
    const variant = variantOf(whole);
    const line = whole.replace(COLLAPSE, (...found) => { collapseEqual(found.at(-1), variant, verdicts); return ''; });
    const own = verdicts.verdicts.filter((verdict) => verdict.block.startsWith(`${variant}/`));
    // What staying with the baseline costs is the inverse of a decision's ratio.
    own.push(...verdicts.decisions.filter((one) => one.block.startsWith(`${variant}/`) && one.baseline_ratio)
      .map((one) => ({ times: 1 / one.baseline_ratio, times_low: 1 / one.baseline_high, times_high: 1 / one.baseline_low })));
    for (const { 0: factor, 1: times, 2: low, 3: high, index: at } of line.matchAll(/([\d.,e−-]+)×(?: \(([^–()]+)–([^)]+)\))?/g)) {
      const found = own.some((one) => is(times, one.times) && (low === undefined || (is(low, one.times_low) && is(high, one.times_high))));
      const refuting = low === undefined && verdicts.lengths.some((one) => one.turned && one.block.startsWith(`${variant}/`) && is(times, one.ratio));
      const lost = / ms: $/.test(line.slice(0, at)) && verdicts.lengths.some((one) =>
        !one.turned && one.block.startsWith(`${variant}/`) && is(times, 1 / one.ratio));
      // A bound is rounded up.
      const bound = line.slice(0, at).endsWith('at most ') && verdicts.decisions.some((one) =>
        one.block.startsWith(`${variant}/`) && one.at_most <= Number(times) && Number(times) <= 1.06 * one.at_most);
      assert.ok(found || refuting || lost || bound, `${variant}: ${factor} is no verdict`);
    }
  }
};

/// The tables of summary.md, for names that Markdown leaves as they are.
export const summaryEqual = (text, verdicts) => {
  const cells = new Map(verdicts.cells.map((cell) => [cell.cell, cell]));
  let variant;
  const seen = tableEqual(text, cells, (line) => {
    variant = /^<details><summary>(.*): all numbers<\/summary>$/.exec(line)?.[1] ?? variant;
    return variant;
  });
  if (verdicts.hostile) return;
  assert.ok([...text].length <= 65536, 'summary.md: more than a comment on GitHub holds');
  const left = text.includes('\nAll numbers are on the page and in `verdicts.json`');
  assert.equal(seen, left ? 0 : verdicts.cells.filter((cell) => cell.median !== null).length, 'summary.md: every cell, or none and a word on it');
  let of;
  factorsEqual(text.split('\n### Claims')[0], verdicts, (line) => { of = /^- `([^`]+)`/.exec(line)?.[1] ?? of; return of; });
};

/// Rows of Markdown tables; returns how many cells they are.
const tableEqual = (text, cells, variantOf) => {
  let heads = [];
  let seen = 0;
  for (const line of text.split('\n')) {
    const variant = variantOf(line);
    if (!line.startsWith('|')) continue;
    const fields = line.split('|').slice(1, -1).map((field) => field.trim());
    if (fields[0] === 'threads') heads = fields;
    const name = /^`(.*)`$/.exec(fields[1])?.[1];
    const cell = cells.get(`${variant}/${name}/${parseInt(fields[0], 10)}`);
    if (!cell || cell.median === null) continue;
    seen++;
    const at = (head) => fields[heads.indexOf(head)];
    const own = (head) => at(head).split(' (mean ');
    const [median, mean] = own(cell.unit);
    shows(median, cell.median, line);
    if (mean) shows(mean.replace(')', ''), cell.mean, line);
    if (cell.unit === 'ns/op') shows(own('Mops/s')[0], cell.mops, line);
    showsInterval(at('interval'), cell.interval, line);
    assert.equal(parse(at('forks')), cell.forks.length, line);
  }
  return seen;
};
