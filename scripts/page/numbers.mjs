// Every number that a reader sees, against verdicts.json. Written apart from the page's own code: a
// shown number is right when it is the nearest one of three digits.

import assert from 'node:assert/strict';
import { stretches } from './toggles.mjs';

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

export const numbersEqual = async (page, verdicts) => {
  const cells = new Map(verdicts.cells.map((cell) => [cell.cell, cell]));
  const pairs = new Map(verdicts.verdicts.map((verdict) => [[verdict.block, ...[verdict.a, verdict.b].sort()].join('\n'), verdict]));
  tablesEqual(await tables(page), cells, pairs, verdicts);
  boardsEqual(await boards(page), verdicts);
  rankingsEqual(await rankings(page), cells, verdicts);
  if (!verdicts.hostile) distributionsEqual(await distributions(page), cells, verdicts);
  for (const [exact, text] of await page.$$eval('.parameters [data-v]', (all) => all.map((one) => [Number(one.dataset.v), one.textContent]))) {
    shows(text, exact * 100, 'resolution');
    assert.ok(verdicts.standings.some((standing) => standing.resolution === exact), `resolution ${exact}`);
  }
  for (const [exact, text] of await page.$$eval('.parameters [data-control]', (all) => all.map((one) => [Number(one.dataset.control), one.textContent]))) {
    shows(text, exact * 100, 'control');
    assert.ok(verdicts.standings.some((standing) => standing.control_resolution === exact), `control ${exact}`);
  }
};

const tables = (page) => page.$$eval('.numbers table', (all) => all.map((table) => ({
  variant: table.dataset.variant,
  heads: [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()),
  rows: [...table.tBodies[0].rows].map((row) => ({
    kind: row.className,
    exact: row.querySelector('[data-v]')?.dataset.v,
    texts: [...row.cells].map((cell) => cell.textContent.trim()),
    name: row.cells[0].textContent,
  })),
})));

const tablesEqual = (tables, cells, pairs, verdicts) => {
  let seen = 0;
  for (const { variant, heads, rows } of tables) {
    for (const { texts, exact, name, kind } of rows) {
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
      assert.deepEqual(exact.split(' ').map(Number), [cell.median, ...(cell.interval ?? [])], id);
      shows(at(cell.unit), cell.median, id);
      if (cell.unit === 'ns/op') shows(at('Mops/s'), cell.mops, id);
      showsInterval(at('interval'), cell.interval, id);
      assert.equal(parse(at('forks')), cell.forks.length, id);
      assert.equal(parse(at('windows')), cell.windows?.windows ?? 0, id);
      assert.equal(parse(at('voided')), cell.voided, id);
      for (const [head, key] of [['5 %', 'p05'], ['25 %', 'p25'], ['50 %', 'p50'], ['75 %', 'p75'], ['95 %', 'p95']]) shows(at(head), cell.windows?.[key], `${id} ${head}`);
      shows(at('CPU ns/op'), cell.cpu_ns_per_op, id);
      if (cell.user_ns_per_op !== undefined) {
        shows(at('user ns/op'), cell.user_ns_per_op, id);
        shows(at('system ns/op'), cell.system_ns_per_op, id);
      }
      shows(at('switches per 1,000'), cell.switches_per_1000, id);
      const [share, floor] = at('least share').split(' floor ');
      shows(share, cell.least_share, id);
      if (floor) shows(floor, cells.get(`${variant}/floor/${threads}`)?.least_share, `${id} floor`);
      against(at('against the leader'), { id, name, block: `${variant}/${threads}`, cell }, pairs, verdicts);
    }
  }
  assert.equal(seen, cells.size, 'a row for each cell');
};

/// `2.61× (2.50–2.70)`: the cell's time over that of the leader of its class.
const against = (text, { id, name, block, cell }, pairs, verdicts) => {
  const found = /^(\S+)× \((\S+)–(\S+)\)( tie| unresolved)?$/.exec(text.replace(/\s+/g, ' '));
  if (!found) {
    assert.match(text, /^(leads|best estimate|)$/, id);
    return;
  }
  const standing = verdicts.standings.find((one) => one.block === block && one.class === cell.class);
  const leader = name.endsWith('~control') ? name.slice(0, -'~control'.length)
    : standing.standing.contender ?? standing.standing.contenders[0];
  const verdict = pairs.get([block, ...[leader, name].sort()].join('\n'));
  assert.ok(verdict, `${id}: no verdict against ${leader}`);
  const turned = verdict.a === leader;
  const expected = turned ? [verdict.times, verdict.times_low, verdict.times_high] : [verdict.ratio, verdict.low, verdict.high];
  expected.forEach((value, index) => shows(found[index + 1], value, `${id} against ${leader}`));
  assert.equal(found[4]?.trim() ?? 'faster', verdict.verdict, id);
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

const rankings = (page) => page.$$eval('figure[id*="-rank-"]', (all) => all.map((figure) => ({
  variant: figure.closest('section').querySelector('table').dataset.variant,
  threads: Number(figure.id.split('-').at(-1)),
  values: [...figure.querySelectorAll('.values text')].map((text) => text.textContent.replace('→', '').trim()),
  bars: [...figure.querySelectorAll('.r .a')].map((path) => path.getAttribute('d')),
  ticks: [...figure.querySelectorAll('.tick.x text')].map((text) => [Number(text.textContent), Number(text.getAttribute('x'))]),
})));

const rankingsEqual = (rankings, cells, verdicts) => {
  for (const { variant, threads, values, bars, ticks } of rankings) {
    const block = `${variant}/${threads}`;
    const order = verdicts.standings.filter((standing) => standing.block === block).flatMap((standing) => standing.order);
    assert.equal(values.length, order.length, `${block}: a bar for each`);
    order.forEach((name, index) => {
      const cell = cells.get(`${variant}/${name}/${threads}`);
      shows(values[index], cell.unit === 'ns/op' ? cell.mops : cell.median, `${block} ${name}`);
    });
    // A bar ends where the axis has its value, or is cut off beyond it.
    const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
    const rows = bars.flatMap(stretches).sort((a, b) => a[0].y - b[0].y);
    order.forEach((name, index) => {
      const cell = cells.get(`${variant}/${name}/${threads}`);
      const value = cell.unit === 'ns/op' ? cell.mops : cell.median;
      const place = from + ((value - low) / (high - low)) * (to - from);
      near(rows[index].at(-1).x, value > high ? to + 6 : place, `${block} ${name}: its bar`);
    });
  }
};

const near = (found, wanted, what) => assert.ok(Math.abs(found - wanted) <= 0.4, `${what} stands at ${found}, not at ${wanted}`);

const distributions = (page) => page.$$eval('figure[id*="-windows-"]', (all) => all.map((figure) => ({
  variant: figure.closest('section').querySelector('table').dataset.variant,
  threads: Number(figure.id.split('-').at(-1)),
  parts: Object.fromEntries(['most', 'half', 'middle'].map((part) => [part, figure.querySelector(`.spread .${part}`)?.getAttribute('d') ?? ''])),
  ticks: [...figure.querySelectorAll('.tick.x text')].map((text) => [Number(text.textContent), Number(text.getAttribute('x'))]),
})));

/// The quantiles over windows, on their logarithmic axis.
const distributionsEqual = (distributions, cells, verdicts) => {
  for (const { variant, threads, parts, ticks } of distributions) {
    if (ticks.length < 2) continue;
    const block = `${variant}/${threads}`;
    const order = verdicts.standings.filter((standing) => standing.block === block).flatMap((standing) => standing.order);
    const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
    const place = (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from);
    const [most, half, middle] = [parts.most, parts.half, parts.middle].map(stretches);
    assert.equal(middle.length, order.length, `${block}: a row for each`);
    order.forEach((name, index) => {
      const { windows } = cells.get(`${variant}/${name}/${threads}`);
      for (const [found, key] of [[most[index][0], 'p05'], [most[index][1], 'p95'], [half[index][0], 'p25'], [middle[index][0], 'p50']]) {
        near(found.x, place(windows[key]), `${block} ${name} ${key}`);
      }
      near(half[index][1].x, Math.max(place(windows.p75), place(windows.p25) + 1), `${block} ${name} p75`);
    });
  }
};

/// The page's exports: JSON in full, CSV in full, Markdown.
export const takenEqual = ({ json, csv, text }, verdicts) => {
  const cells = verdicts.cells.filter((cell) => cell.cell.startsWith(`${json.variant}/`));
  assert.equal(json.cells.length, cells.length, 'JSON: every cell');
  const rows = new Map(csv.trim().split('\n').slice(1).map((line) => line.split(',')).map((row) => [`${row[0]}/${row[1]}/${parseInt(row[2], 10)}`, row]));
  for (const taken of json.cells) {
    const cell = cells.find((one) => one.cell === taken.cell);
    if (cell.median === null) continue;
    assert.deepEqual([taken.median, taken.interval], [cell.median, cell.interval ?? [null, null]], taken.cell);
    assert.equal(taken.forks.length, cell.forks.length, taken.cell);
    taken.forks.forEach((fork, index) => shows(String(fork), cell.forks[index].value, `${taken.cell} fork ${index + 1}`));
    assert.equal(taken.windows.flat().length, cell.windows?.windows ?? 0, `${taken.cell} windows`);
    const row = rows.get(taken.cell).join('\n');
    for (const value of [cell.median, ...(cell.interval ?? [])]) assert.ok(row.includes(`\n${value}`), `CSV: ${taken.cell} has ${value}`);
  }
  const seen = tableEqual(text, new Map(cells.map((cell) => [cell.cell, cell])), () => json.variant);
  assert.equal(seen, cells.filter((cell) => cell.median !== null).length, 'Markdown: every cell');
  factorsEqual(text, verdicts, () => json.variant);
};

/// Every `2.61× (2.50–2.70)`, and every `1.2× to 1.5×`, of a variant's lines is one of its verdicts, or the ratio of
/// the longer windows that refute one.
const factorsEqual = (text, verdicts, variantOf) => {
  const is = (shown, exact) => { try { shows(shown, exact, ''); return true; } catch { return false; } };
  for (const line of text.split('\n').filter((one) => /^ *- /.test(one))) {
    const variant = variantOf(line);
    const own = verdicts.verdicts.filter((verdict) => verdict.block.startsWith(`${variant}/`));
    for (const [factor, times, low, high] of line.matchAll(/([\d.,e−-]+)×(?: \(([^–()]+)–([^)]+)\))?/g)) {
      const found = own.some((one) => is(times, one.times) && (low === undefined || (is(low, one.times_low) && is(high, one.times_high))));
      const refuting = low === undefined && verdicts.lengths.some((one) => one.turned && one.block.startsWith(`${variant}/`) && is(times, one.ratio));
      assert.ok(found || refuting, `${variant}: ${factor} is no verdict`);
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
    shows(at(cell.unit), cell.median, line);
    if (cell.unit === 'ns/op') shows(at('Mops/s'), cell.mops, line);
    showsInterval(at('interval'), cell.interval, line);
    assert.equal(parse(at('forks')), cell.forks.length, line);
  }
  return seen;
};
