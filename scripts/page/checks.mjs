// What a reader is promised, each check a function that throws. Those of a list share one load of the page, in this
// order, because loading a page of thousands of cells takes longer than looking at it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chartsEqual } from './charts.mjs';
import { unfold } from './browser.mjs';
import { answersEqual, exportsEqual, numbersEqual, shows, summaryEqual } from './numbers.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/// The most cells of a page that axe sees as a whole.
const SEEN_WHOLE = 200;

/// What people look for who come from Go, and the workloads that answer.
const GO = [
  ['WaitGroup', 'join'], ['errgroup', 'first-error'], ['sync.Once', 'once'], ['context', 'cancel'],
  ['sync.Map', 'map'], ['RWMutex', 'snapshot', 'map'], ['select', 'select'], ['worker pool', 'fan-out'],
];

const reset = (page) => page.evaluate(() => document.querySelector('#reset')?.click());
const hasNumbers = ({ verdicts }) => verdicts.cells.some((cell) => cell.median !== null);

const answers = (page) => page.$$eval('#answers td[data-block]', (all) => all.map((row) => ({
  block: row.dataset.block,
  texts: [row.querySelector('b').textContent, ...row.querySelector('i').textContent.replace(/[()]/g, '').split('–')],
  outcome: row.querySelector('em').textContent,
})));

/// With JavaScript, at 1440 px, in light colours.
export const onScreen = {
  async 'the policy allows nothing inline except what it names'(page) {
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.equal(await page.locator('[style]').count(), 0, 'style attributes as delivered');
  },

  async 'hostile names are text'(page) {
    assert.equal(await page.locator('img, iframe, object, embed').count(), 0);
    assert.equal(await page.locator('script').count(), 2);
  },

  async 'the first screen has the question, its answer and a heat map'(page, run) {
    if (!hasNumbers(run) || run.verdicts.cells.length < 20) return;
    const bottom = async (selector) => (await page.locator(selector).first().boundingBox()).y;
    assert.ok(await bottom('#answers td[data-block]') < 300, 'an answer');
    assert.ok(await bottom('.heat tbody td.may') < 600, 'who may be the best');
    // One map of up to 23 contenders leaves room for the first lines of what to take.
    const rows = await page.locator('.map:not([hidden]) tbody:not([hidden]) tr').count();
    if (rows <= 23) assert.ok(await bottom('.take tbody tr .pick') < 880, 'what to take');
  },

  async 'every number equals verdicts.json'(page, { book, folder, verdicts }) {
    await numbersEqual(page, book);
    summaryEqual(readFileSync(join(folder, 'summary.md'), 'utf8'), verdicts);
  },

  async 'every mark of every chart stands where verdicts.json says'(page, { book }) {
    await chartsEqual(page, book);
  },

  async 'any two are compared, in both directions'(page, run) {
    const names = [...new Set(run.verdicts.decisions.map((one) => one.contender))];
    if (names.length < 2 || run.verdicts.hostile) return;
    const ask = async (a, b) => {
      await page.selectOption('#question [name=a]', a);
      await page.selectOption('#question [name=b]', b);
      await page.fill('#question [name=in]', '');
      const found = await answers(page);
      answersEqual(found, { a, b }, run.book);
      // The heat map follows the question.
      const shown = await page.$$eval('.map:not([hidden]) .counts th[data-block]', (all) => all.map((head) => head.dataset.block));
      assert.ok(found.length === 0 || found.some(({ block }) => shown.includes(block)), `a map of ${found[0]?.block}`);
      const marked = await page.$$eval('.map:not([hidden]) .asked', (all) => all.map((field) => field.parentNode.cells[0].textContent));
      assert.deepEqual([...new Set(marked)].sort(), found.length ? [a, b].sort() : [], 'the numbers of the pair are marked');
      return found;
    };
    const pairs = names.slice(0, 3).flatMap((a) => [names[0], names.at(-1)].filter((b) => b !== a).map((b) => [a, b]));
    let seen = 0;
    for (const [a, b] of pairs) seen += (await ask(a, b)).length;
    assert.ok(seen > 0, 'answers');
    const opposite = { faster: 'slower', slower: 'faster', 'not slower': 'not faster', 'not faster': 'not slower' };
    const [one, other] = [await ask(...pairs[0]), await ask(...pairs[0].toReversed())];
    assert.deepEqual(other.map(({ outcome }) => outcome), one.map(({ outcome }) => opposite[outcome] ?? outcome));
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } }, configurable: true }));
    await page.click('#copy-answer');
    const text = await page.evaluate(() => window.copied);
    assert.equal(text.split('\n').filter((line) => line.startsWith('- ')).length, other.length, 'a line for each answer');
    assert.ok(!/undefined|[{}]/.test(text) && text.includes(pairs[0][0]), text);
    await reset(page);
    assert.deepEqual((await answers(page)).length > 0, true, 'the first question again');
  },

  async 'a click on a number of the heat map asks for it'(page, run) {
    const field = page.locator('.map:not([hidden]) tbody:not([hidden]) td.h3, .map:not([hidden]) tbody:not([hidden]) td.h4').first();
    if (run.verdicts.hostile || await field.count() === 0) return;
    const name = await field.evaluate((of) => of.parentNode.cells[0].textContent);
    await field.click();
    assert.equal(await page.inputValue('#question [name=a]'), name);
    assert.ok((await answers(page)).length > 0);
    await reset(page);
  },

  async 'any number of any heat map has an answer, and a name becomes the second'(page, run) {
    if (run.verdicts.hostile || await page.locator('#question').count() === 0) return;
    await page.selectOption('#tools [name=heat]', 'all');
    // Each block's best, whose block may be without the second contender of the question.
    const asked = await page.evaluate(() => [...document.querySelectorAll('.heat')].flatMap((table) => {
      const heads = [...table.querySelectorAll('.counts th[data-block]')];
      return heads.map((head, index) => {
        const fields = [...table.tBodies[0].rows].map((row) => row.cells[index + 1]).filter((field) => field?.matches('[class]:not(.gone)'));
        if (fields.length < 2) return undefined;
        fields[0].click();
        const found = document.querySelector('#answers td[data-block]');
        return { block: head.dataset.block, answers: found ? [...document.querySelectorAll('#answers td[data-block]')].map((field) => field.dataset.block) : [] };
      }).filter(Boolean);
    }));
    for (const { block, answers: found } of asked) assert.ok(found.includes(block), `${block}: ${found}`);
    await reset(page);
    const before = await page.inputValue('#question [name=b]');
    const name = page.locator('.map:not([hidden]) tbody:not([hidden]) tr th:not([scope])').filter({ visible: true }).last();
    const second = await name.textContent();
    if (second === before) return;
    await name.click();
    assert.equal(await page.inputValue('#question [name=b]'), second);
    await reset(page);
  },

  async 'a pair that the selected blocks lack is answered where it is'(page, run) {
    const names = [...new Set(run.verdicts.decisions.map((one) => one.contender))];
    if (names.length < 2 || run.verdicts.hostile) return;
    await page.fill('#question [name=in]', 'no such block');
    assert.match(await page.textContent('#asked'), /None in no such block has both\. Blocks that have both: /);
    assert.ok((await answers(page)).length > 0, 'answers from elsewhere');
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } }, configurable: true }));
    await page.click('#copy-answer');
    const copied = await page.evaluate(() => window.copied);
    assert.equal(copied.split('\n').filter((line) => line.startsWith('- ')).length, (await answers(page)).length);
    await reset(page);
  },

  async 'another pair is asked where its question is, and all that have it are named'(page, run) {
    if (run.verdicts.hostile || await page.locator('#question').count() === 0) return;
    const { a, b } = await page.evaluate(() => Object.fromEntries(['a', 'b'].map((name) => [name, document.querySelector(`#question [name=${name}]`).value])));
    await page.selectOption('#question [name=a]', b);
    assert.match(await page.textContent('#asked'), /This is the same contender twice\./);
    assert.equal((await answers(page)).length, 0);
    // Of all pairs one that most blocks have, of two classes if there is one.
    const pairs = new Map();
    for (const one of run.verdicts.decisions) {
      for (const other of run.verdicts.decisions) {
        if (one.block !== other.block || one.contender >= other.contender || [one, other].some(({ contender }) => contender === a)) continue;
        const key = `${one.contender}\n${other.contender}`;
        const known = pairs.get(key) ?? { blocks: new Set(), mixed: 0 };
        known.blocks.add(one.block);
        known.mixed += one.class !== other.class;
        pairs.set(key, known);
      }
    }
    const [pair, { blocks, mixed }] = [...pairs].sort(([, one], [, other]) => other.mixed - one.mixed)[0] ?? [undefined, {}];
    await reset(page);
    if (!pair) return;
    const names = pair.split('\n');
    await page.selectOption('#question [name=a]', names[0]);
    await page.selectOption('#question [name=b]', names[1]);
    assert.equal(await page.inputValue('#question [name=in]'), '', 'asked anywhere');
    const counts = await page.$$eval('#asked button', (all) => all.map((one) => one.textContent.replace(/[()]/g, '').split(' ')));
    const workloads = new Set([...blocks].map((block) => block.split('/')[0]));
    assert.equal(counts.length, workloads.size, 'each workload that has both');
    assert.equal(counts.reduce((sum, [, count]) => sum + Number(count), 0), blocks.size, 'all blocks that have both');
    const shown = new Set((await answers(page)).map(({ block }) => block.split('/')[0]));
    assert.deepEqual([...shown], [counts[0][0]], 'the first workload');
    await page.locator('#asked button').last().click();
    assert.deepEqual([...new Set((await answers(page)).map(({ block }) => block.split('/')[0]))], [counts.at(-1)[0]]);
    // Promises of two classes stand once on the page, and in what is copied.
    const promises = (await page.textContent('#promises')).match(/ is \w+ \(/g) ?? [];
    if (mixed === blocks.size) assert.equal(promises.length, 2, 'both promises, once');
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } }, configurable: true }));
    await page.click('#copy-answer');
    const copied = (await page.evaluate(() => window.copied)).match(/ is \w[\w-]* \([a-z][^)]*\)/g) ?? [];
    assert.equal(copied.length, promises.length, 'promises are copied too');
    await reset(page);
  },

  async 'a filter leaves what it selects, and nothing else'(page, { verdicts }) {
    const rows = (selector) => page.$$eval(selector, (all) => all.filter((row) => row.checkVisibility()).length);
    const classes = [...new Set(verdicts.cells.filter((cell) => cell.median !== null).map((cell) => cell.class))];
    if (verdicts.hostile || verdicts.decisions.length === 0) return;
    const takes = () => page.$$eval('.take tr[data-block]', (all) => all.filter((row) => row.checkVisibility()).map((row) => ({
      block: row.dataset.block, pick: row.querySelector('.pick').textContent, named: row.parentNode.querySelector('th').checkVisibility(),
    })));
    for (const name of classes.filter((one) => one !== 'floor')) {
      await page.selectOption('#tools [name=class]', name);
      assert.ok(await rows('.heat tbody tr:has(td)') > 0, `${name}: rows of the heat map`);
      for (const { block, pick, named } of await takes()) {
        // A row without a pick may be of another class than its block's others.
        const choices = verdicts.choices.filter((one) => one.block === block && (one.pick ?? '') === pick);
        assert.ok(choices.some((one) => one.class === name), `${block}: ${pick} is not ${name}`);
        assert.ok(named, `${block}: the name of its variant`);
      }
    }
    await page.selectOption('#tools [name=class]', '');
    const threads = verdicts.choices[0].block.split('/').at(-1);
    await page.selectOption('#tools [name=threads]', threads);
    assert.ok((await takes()).every(({ block }) => block.endsWith(`/${threads}`)), 'what to take at these threads');
    const columns = await page.$$eval('.heat', (maps) => maps.filter((map) => map.checkVisibility()).map((map) => {
      const shown = (row) => [...row.cells].filter((cell) => cell.checkVisibility()).length;
      const spans = (row) => [...row.cells].filter((cell) => cell.checkVisibility()).reduce((sum, cell) => sum + cell.colSpan, 0);
      const rows = [...map.querySelectorAll('tbody tr:has(td)')].filter((row) => row.checkVisibility());
      const heads = [...map.querySelectorAll('.counts th[data-block]')].filter((head) => head.checkVisibility());
      return { blocks: heads.map((head) => head.dataset.block), widths: [...rows.map(shown), ...[...map.tHead.rows].map(spans)] };
    }));
    for (const { blocks, widths } of columns) {
      assert.ok(blocks.length > 0 && blocks.every((block) => block.endsWith(`/${threads}`)), `columns of ${threads} threads: ${blocks}`);
      assert.ok(widths.every((width) => width === blocks.length + 1), `heads stand above their columns: ${widths}`);
    }
    // No group of the heat map has a heading alone.
    await page.fill('#tools [name=q]', verdicts.decisions[0].contender);
    const bare = await page.$$eval('.heat tbody.other', (all) => all.filter((body) => body.checkVisibility()
      && ![...body.rows].some((row) => row.cells.length > 1 && row.checkVisibility())).length);
    assert.equal(bare, 0, 'headings of classes without rows');
    await page.fill('#tools [name=q]', 'no such word');
    assert.equal(await rows('#take, .legend, .map'), 0, 'no heading without rows');
    assert.ok(await page.getByText('No cell has all of this.').isVisible(), 'a sentence');
    const others = page.locator('.others').first();
    await reset(page);
    if (await others.count() === 0) return;
    await others.click();
    await page.selectOption('#tools [name=threads]', threads);
    await reset(page);
    assert.equal(await rows('.heat tbody.other'), 0, 'classes are folded again');
  },

  async 'the heat map is walked by arrow keys, and asked by Enter'(page, run) {
    if (run.verdicts.hostile || await page.locator('.map:visible tbody td[class]:not(.gone)').count() === 0) return;
    await page.locator('.map:visible .scroll').focus();
    await page.keyboard.press('ArrowDown');
    const at = () => page.evaluate(() => [document.activeElement.parentNode.rowIndex, document.activeElement.cellIndex, document.activeElement.className]);
    const [row, column] = await at();
    assert.equal(column, 0, 'at the first name');
    let here = [row, column, ''];
    for (let step = 0; step < 40 && !/^h/.test(here[2]); step++) {
      await page.keyboard.press('ArrowRight');
      const next = await at();
      if (next.join() === here.join()) break;
      here = next;
    }
    assert.match(here[2], /^h/, 'at a number');
    const name = await page.evaluate(() => document.activeElement.parentNode.cells[0].textContent);
    await page.keyboard.press('Enter');
    assert.equal(await page.inputValue('#question [name=a]'), name);
    await reset(page);
    // The buttons that sort fill their cells.
    const share = await page.locator('.map:visible .counts th:has(button)').first()
      .evaluate((head) => head.firstElementChild.getBoundingClientRect().width / head.getBoundingClientRect().width);
    assert.ok(share > 0.9, `a button of ${Math.round(100 * share)} % of its cell`);
  },

  async 'any contender may be the baseline, with the numbers of verdicts.json'(page, { book, verdicts }) {
    const list = page.locator('#base select');
    if (verdicts.hostile || await list.count() === 0) return;
    const costs = () => page.$$eval('.take tr[data-block]', (rows) => rows.map((row) => ({
      block: row.dataset.block, pick: row.querySelector('.pick').textContent, text: row.querySelector('.cost').textContent,
      amount: row.dataset.of,
    })));
    const [written, usual] = [await costs(), await list.inputValue()];
    let [compared, same] = [0, 0];
    for (const base of [...new Set(verdicts.decisions.map((one) => one.contender))].slice(0, 6)) {
      if (base === usual) continue;
      await list.selectOption(base);
      for (const { block, pick, text, amount } of await costs()) {
        if (pick === base) { assert.equal(text, 'it is the one to take'); same++; continue; }
        const pair = book.times(block, base, pick);
        if (!pair || pair.low === null) continue;
        const [times, low, high] = text.match(/[\d.,e\u2265\u2264]+(?=\u00d7)|[\d.,e]+(?=\u2013)|[\d.,e]+(?=\))/g);
        assert.ok(low && high);
        answersEqual([{ block, texts: [times, low, high] }], { a: pick, b: base }, book);
        assert.equal(/\) (the [^,]+), /.exec(text)[1], amount ?? 'the time', block);
        assert.match(text, / the [\w ]+, (slower|faster|tie|not slower|not faster|unresolved)/);
        compared++;
      }
    }
    // Too few forks decide nothing, and a contender that is alone in its class has no pairs.
    const decided = verdicts.choices.some((one) => one.pick && one.is !== 'alone');
    assert.ok(compared + same > 0 || !decided, 'costs of other baselines');
    await list.selectOption(usual);
    assert.deepEqual(await costs(), written);
    // Where a block has another baseline, the script makes what was written for it.
    const kin = await page.$$eval('.take tr[data-block] .cost small', (all) => [...new Set(all.map((name) => name.textContent))]);
    for (const base of kin) {
      await list.selectOption(base);
      for (const [at, { text }] of (await costs()).entries()) {
        if (written[at].text.endsWith(base)) assert.equal(`${text} ${base}`, written[at].text, written[at].block);
      }
    }
    await reset(page);
  },

  async 'a heat map is sorted by a thread count, and another one can be chosen'(page, run) {
    const head = page.locator('.map:not([hidden]) .counts button').first();
    if (await head.count() === 0) return;
    const column = () => page.locator('.map:not([hidden]) tbody').first()
      .evaluate((body) => [...body.rows].map((row) => parseFloat(row.cells[1].textContent.replaceAll(',', ''))).filter((number) => !Number.isNaN(number)));
    const before = await column();
    await head.click();
    assert.deepEqual(await column(), before.toSorted((a, b) => a - b));
    await head.click();
    assert.deepEqual(await column(), before.toSorted((a, b) => b - a));
    await head.click();
    assert.deepEqual(await column(), before, 'as it was');
    const maps = await page.locator('.map').count();
    await page.selectOption('#tools [name=heat]', 'all');
    assert.equal(await page.locator('.map:visible').count(), maps);
    if (maps > 1) {
      await page.selectOption('#tools [name=heat]', '1');
      assert.equal(await page.locator('.map:visible').count(), 1);
    }
    await reset(page);
    assert.ok(run.folder);
  },

  async 'beside the heat map the asked pair stands out over threads, as in the chart of its variant'(page, run) {
    if (run.verdicts.hostile || await page.locator('#question').count() === 0) return;
    const shown = () => page.$eval('#beside', (figure) => !figure.checkVisibility() || !figure.querySelector('svg') ? undefined : {
      title: figure.querySelector('figcaption').textContent,
      link: figure.querySelector('figcaption a').hash,
      lines: Object.fromEntries([...figure.querySelectorAll('.s')].map((line) => [line.dataset.n, line.getAttribute('d')])),
      on: [...figure.querySelectorAll('.s.on')].map((line) => line.dataset.n),
      names: [...figure.querySelectorAll('li')].map((name) => name.textContent.split(' ')[0]),
    });
    const charts = await page.$$eval('figure.lines', (all) => all.map((figure) => ({
      id: figure.id,
      variant: figure.closest('section').querySelector('.numbers table').dataset.variant,
      lines: Object.fromEntries([...figure.querySelectorAll('.s')].map((line) => [line.dataset.n, line.getAttribute('d')])),
    })));
    for (const { id, variant, lines } of charts.slice(0, 3)) {
      const inVariant = run.verdicts.decisions.filter(({ block }) => block.startsWith(`${variant}/`));
      const [a, b] = [...new Set(inVariant.map(({ contender }) => contender))].filter((name) => name in lines);
      if (!b) continue;
      await page.selectOption('#question [name=a]', a);
      await page.selectOption('#question [name=b]', b);
      await page.fill('#question [name=in]', `${variant}/`);
      // A wide map leaves no room.
      const room = await page.$eval('.map:not([hidden])', (map) => map.parentNode.clientWidth - map.clientWidth);
      const found = await shown();
      assert.ok(found || room < 320, `${variant} has a chart over threads, beside it are ${room} px`);
      if (!found) continue;
      assert.ok(found.title.startsWith(variant) && found.link === `#${id}`, found.title);
      assert.deepEqual(found.lines, lines, 'the same lines');
      assert.deepEqual(found.on.toSorted(), [a, b].toSorted(), 'the pair');
      assert.ok([a, b].every((name) => found.names.includes(name)), `names: ${found.names}`);
      const cut = await page.$$eval('#beside text', (all) => {
        const edge = document.querySelector('#beside svg').getBoundingClientRect();
        const out = ({ left, right }) => left < edge.left - 1 || right > edge.right + 1;
        return all.filter((text) => out(text.getBoundingClientRect())).map((text) => text.textContent);
      });
      assert.deepEqual(cut, [], 'text beyond the edge of the small chart');
    }
    const without = await page.$$eval('.variant', (all) => all.filter((of) => !of.querySelector('figure.lines'))
      .map((of) => of.querySelector('.numbers table').dataset.variant));
    for (const variant of without.slice(0, 1)) {
      await page.fill('#question [name=in]', `${variant}/`);
      const asked = await page.$$eval('#answers tbody th', (all) => all.map((head) => head.textContent));
      if (asked.every((one) => without.includes(one))) assert.equal(await shown(), undefined, `${variant} has none`);
    }
    await reset(page);
  },

  async 'a chart is read by arrow keys'(page, run) {
    if (!hasNumbers(run)) return;
    for (const chart of ['figure:not(.lines,#beside)', 'figure.lines']) {
      const holder = page.locator(`${chart} .scroll`).first();
      if (await holder.count() === 0) continue;
      await holder.focus();
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
      const read = await page.locator(`${chart} .reading`).first().textContent();
      assert.match(read, / at \d+ threads?: /);
    }
  },

  async 'a click on a line brings it out, and says its numbers'(page, run) {
    const name = page.locator('figure.lines .n.other').first();
    if (run.verdicts.hostile || await name.count() === 0) return;
    const figure = page.locator('figure.lines').first();
    await name.scrollIntoViewIfNeeded();
    await name.click();
    const contender = await name.textContent();
    assert.equal(await figure.locator(`.s.on`).getAttribute('data-n'), contender);
    assert.ok(await figure.locator('.s.off').count() > 0, 'others step back');
    assert.match(await figure.locator('.reading').textContent(), / at \d+ threads?: .*\d.*; /);
    assert.match(await page.evaluate(() => location.href), /pick=/);
    await name.click();
    assert.equal(await page.locator('figure.lines .s.on').count(), 0);
    await reset(page);
  },

  async 'a word of what a workload stands for finds it'(page, run) {
    for (const workload of await page.locator('.workload:has(.about)').all()) {
      const text = await workload.locator('.about dd').first().textContent();
      const word = (text.match(/\w+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '');
      await page.fill('#tools [name=q]', word);
      assert.ok(await workload.isVisible(), word);
    }
    if (run.verdicts.cells.length === 0) return;
    await page.fill('#tools [name=q]', 'no such word');
    assert.equal(await page.locator('.workload:visible, .take tbody:visible, .map:visible').count(), 0, 'nothing stays');
    await reset(page);
  },

  async "Go's words find what they are in Rust"(page) {
    if (await page.locator('#in-join').count() === 0) return; // a run of fewer workloads
    for (const [word, ...workloads] of GO) {
      await page.fill('#tools [name=q]', word);
      for (const workload of workloads) {
        const place = page.locator(`#in-${workload}`);
        if (await place.count() > 0) assert.ok(await place.isVisible(), `${word} finds ${workload}`);
      }
    }
    await reset(page);
  },

  async 'a table is sorted by any column, and a cell shows its windows'(page, { verdicts }) {
    if (!verdicts.cells.some((one) => one.windows)) return;
    const table = page.locator('details.numbers').first();
    await table.locator(':scope > summary').click();
    const column = (await table.locator('thead th').allTextContents()).indexOf('interval') - 1;
    await table.locator('thead th').nth(column).locator('button').click();
    const values = await table.locator('tbody tr:not(.windows)').evaluateAll((all, index) => all
      .filter((row) => row.cells.length > 6).map((row) => Number(row.cells[index].textContent.replaceAll(',', ''))), column);
    assert.deepEqual(values, values.toSorted((a, b) => a - b), 'sorted by value');
    await table.locator('tbody th button').first().click();
    const shown = await table.locator('tr.windows li').allTextContents();
    const id = await table.evaluate((of) => {
      const row = of.querySelector('tr.windows').previousElementSibling;
      return `${of.querySelector('table').dataset.variant}/${row.cells[0].textContent}/${parseInt(row.cells[1].textContent, 10)}`;
    });
    const of = verdicts.cells.find((one) => one.cell === id);
    if (verdicts.hostile) return;
    const all = shown.flatMap((line) => line.split('\u00a0')).map((text) => text.trim());
    assert.equal(shown.length, of.forks.length, `${id}: a line for each fork`);
    assert.equal(all.length, of.windows.windows, `${id}: every window`);
    const sorted = all.map((text) => [Number(text.replaceAll(',', '')), text]).sort((a, b) => a[0] - b[0]);
    shows(sorted[0][1], of.windows.min, `${id}: the least window`);
    shows(sorted.at(-1)[1], of.windows.max, `${id}: the greatest window`);
  },

  async 'charts are exported with the numbers of verdicts.json, and with their colours'(page, { verdicts, address }) {
    if (verdicts.cells.length === 0) return;
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } }, configurable: true }));
    const take = page.locator('details.export').first();
    await take.locator('summary').click();
    const taken = async (label) => {
      const [download] = await Promise.all([page.waitForEvent('download'), take.getByRole('button', { name: label, exact: true }).click()]);
      return readFileSync(await download.path(), 'utf8');
    };
    const copied = async (label) => {
      await take.getByRole('button', { name: label, exact: true }).click();
      return page.evaluate(() => window.copied);
    };
    const svg = await taken('SVG');
    const drawn = await page.locator('.variant figure').first().evaluate((figure) => [...figure.querySelectorAll('path')].map((path) => path.getAttribute('d')));
    assert.ok(svg.startsWith('<svg') && drawn.every((d) => svg.includes(` d="${d}"`)), 'SVG');
    assert.doesNotMatch(svg.split('</style>')[0], /var\(|currentColor|--/, 'SVG: colours');
    assert.ok((await taken('PNG')).startsWith('\u{fffd}PNG'), 'PNG');
    assert.ok((await copied('Copy link')).startsWith(`${address}#fig-`), 'link');
    const [json, csv, text] = [JSON.parse(await taken('JSON')), await taken('CSV'), await copied('Copy Markdown')];
    if (!verdicts.hostile) exportsEqual({ json, csv, text }, verdicts);
    // No variant has a hole in its Markdown.
    const all = await page.evaluate(() => Object.entries(JSON.parse(document.querySelector('#data').textContent).markdown));
    for (const [variant, markdown] of all) assert.ok(markdown.startsWith('**') && !markdown.includes('undefined'), variant);
  },

  async 'axe finds nothing, light and dark, unfolded'(page, { large, verdicts }) {
    // Sections of a page are made alike, so of a large one axe sees a workload.
    const first = verdicts.cells[0]?.cell.split('/')[0];
    if (verdicts.cells.length > SEEN_WHOLE) await page.fill('#tools [name=q]', `${first}/`);
    if (!large) await unfold(page, 'details:not(.numbers), .variant:nth-of-type(-n+2) details');
    // Through the protocol, not as an element: the policy stays as it is.
    await page.evaluate(AXE);
    for (const [colorScheme, options] of [['light', {}], ['dark', { runOnly: ['color-contrast'] }]]) {
      await page.emulateMedia({ colorScheme });
      const { violations, passes } = await page.evaluate((of) => axe.run(document, { resultTypes: ['violations'], ...of }), options);
      assert.ok(passes.length > (options.runOnly ? 0 : 10), 'axe looked at the page');
      const found = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
      assert.deepEqual(found, [], colorScheme);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await reset(page);
  },

  async 'nothing scrolls sideways from 320 to 1440 px'(page, { large }) {
    if (!large) await unfold(page);
    // 720 px are 1440 px at 200 %.
    for (const width of [1440, 1408, 1280, 768, 720, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${wide} px too wide at ${width} px`);
    }
    // On small screens a class stands behind the thread count and its noun: `4* threads partitioned`.
    await page.setViewportSize({ width: 700, height: 800 });
    const gaps = await page.$$eval('.take td:first-of-type small', (all) => all.slice(0, 3).map((name) => {
      const range = document.createRange();
      range.selectNode(name.previousSibling);
      return name.getBoundingClientRect().left - range.getBoundingClientRect().right;
    }));
    assert.ok(gaps.every((gap) => gap > 30), `no room for "threads": ${gaps}`);
    await page.setViewportSize({ width: 1440, height: 900 });
  },

  async 'forced colours and reduced motion are respected'(page) {
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    const seen = await page.evaluate(() => {
      const line = document.querySelector('.variant .d, .variant .s');
      return {
        motion: getComputedStyle(document.documentElement).scrollBehavior,
        line: line && getComputedStyle(line).stroke,
        paper: getComputedStyle(document.documentElement).backgroundColor,
      };
    });
    assert.equal(seen.motion, 'auto');
    if (seen.line) assert.notEqual(seen.line, seen.paper);
    await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' });
  },

  async 'a phone shows an answer on its first screen'(page, run) {
    if (!hasNumbers(run) || await page.locator('#answers').count() === 0) return;
    await page.setViewportSize({ width: 360, height: 780 });
    await page.evaluate(() => scrollTo(0, 0));
    for (const details of await page.locator('.trust[open]').all()) await details.evaluate((of) => { of.open = false; });
    const verdict = page.locator('#answers td[data-block]').first();
    assert.ok((await verdict.boundingBox()).y < 700, 'a verdict');
    if (!run.verdicts.hostile) {
      // A number that is asked far below brings its answer onto the screen, and names break between their parts.
      const field = page.locator('.map:not([hidden]) tbody:not([hidden]) tr:last-child td[class]:not(.gone)').first();
      if (await field.count() > 0) {
        await field.click();
        const { y } = await page.locator('#answers td[data-block]').first().boundingBox();
        assert.ok(y > 0 && y < 780, `the answer at ${y} px`);
        await reset(page);
      }
      const broken = await page.$$eval('.map:not([hidden]) tbody th:not([scope])', (names) => names.flatMap((name) => {
        const range = document.createRange();
        return [...name.childNodes].filter((part) => {
          range.selectNodeContents(part);
          return part.textContent.length <= 20 && range.getClientRects().length > 1;
        }).map((part) => part.textContent);
      }));
      assert.deepEqual(broken, [], 'parts of names on two lines');
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  },
};

/// With JavaScript, on a page of its own.
export const fresh = {
  async 'an address that is no text is no fault'(page, { address }) {
    await page.goto('about:blank');
    await page.goto(`${address}#%ZZ`);
    assert.ok(await page.isVisible('h1'));
  },

  async 'the keyboard reaches all, and one sees where it is'(page, { large }) {
    if (large) return;
    const wanted = await page.evaluate(() => {
      const reachable = [...document.querySelectorAll('a[href], button, summary, input, select, [tabindex="0"]')]
        .filter((element) => element.checkVisibility() && (element.type !== 'radio' || element.checked));
      reachable.forEach((element, index) => { element.dataset.reach = index; });
      return reachable.length;
    });
    const reached = new Set();
    for (let step = 0; step < wanted + 20 && reached.size < wanted; step++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        return { reach: element.dataset.reach, seen: element.matches(':focus-visible') && style.outlineStyle !== 'none' };
      });
      if (at.reach === undefined) continue;
      assert.ok(at.seen, `no outline at ${at.reach}`);
      reached.add(at.reach);
    }
    assert.equal(reached.size, wanted, 'reached by Tab');
  },

  async 'a link shows what its sender saw'(page, { verdicts }) {
    const names = [...new Set(verdicts.decisions.map((one) => one.contender))];
    if (names.length < 2 || verdicts.hostile) return;
    const seen = () => page.evaluate(() => [
      document.querySelector('#answers').textContent,
      ...[...document.querySelectorAll('.numbers tbody tr, .map')].map((row) => row.hidden),
      ...[...document.querySelectorAll('.heat tbody')].map((body) => body.textContent),
      ...[...document.querySelectorAll('.heat .asked')].map((field) => field.textContent),
      document.querySelector('#tools [name=heat]').value,
      document.querySelector('#shown').textContent,
    ]);
    await page.selectOption('#question [name=a]', names.at(-1));
    await page.fill('#question [name=in]', '');
    await page.locator('.map:not([hidden]) .counts button').last().click();
    await page.fill('#tools [name=q]', 'mutex');
    const [link, sent] = [await page.evaluate(() => location.href), await seen()];
    // The first contender too, unless it is the one that a page begins with, and the map where the question has led.
    assert.match(link, /#.*in=&q=mutex(&heat=\d+)?&sort=/);
    await page.goto(link);
    await page.reload();
    assert.deepEqual(await seen(), sent);
  },
};

/// Without JavaScript.
export const plain = {
  async 'without JavaScript verdicts, charts and tables are there'(page, { verdicts }) {
    for (const control of ['#tools', '#question', '.live', 'button']) {
      assert.equal(await page.locator(control).filter({ visible: true }).count(), 0, `${control} does nothing`);
    }
    const rows = await page.locator('.numbers tbody tr').count();
    assert.equal(rows, verdicts.cells.length, 'a row for each cell');
    const fields = await page.locator('.heat td.may').count();
    assert.ok(verdicts.decisions.length === 0 || fields > 0, 'a heat map');
    assert.equal(await page.locator('.heat tbody:visible').count(), await page.locator('.heat tbody').count(), 'all classes');
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll('details.numbers')) folded.open = true;
      // Content far from the screen has no box until it comes near.
      for (const section of document.querySelectorAll('.workload')) section.style.contentVisibility = 'visible';
    });
    for (const table of await page.locator('.numbers table').all()) assert.ok(await table.isVisible());
  },

  async 'print has verdicts, charts and what is unfolded, and no controls'(page, { verdicts, large, folder }) {
    await page.evaluate(() => { for (const folded of document.querySelectorAll('details[open]')) folded.open = false; });
    await page.emulateMedia({ media: 'print' });
    const seen = (selector) => page.locator(selector).filter({ visible: true }).count();
    assert.equal(await seen('.toc, .tools, button, summary'), await seen('.trust summary'), 'no controls');
    if (verdicts.decisions.length > 0) {
      assert.ok(await seen('.take .pick') > 0 && await seen('.heat td.may') > 0 && await seen('figure svg') > 0);
    }
    // A4 without its margins has 718 px. What is wider shrinks every page.
    await page.setViewportSize({ width: 718, height: 1000 });
    const wide = await page.$$eval('.top, #ask, .take, .workloads, #method', (all) => all.map((part) => part.getBoundingClientRect().right));
    assert.ok(wide.every((right) => right <= 719), `${wide} px on paper of 718`);
    const small = await page.$$eval('.take td, .legend, .note', (all) => all.filter((part) => part.checkVisibility())
      .map((part) => parseFloat(getComputedStyle(part).fontSize) * 0.75));
    assert.ok(small.every((points) => points >= 6), `${Math.min(...small)} pt`);
    if (!large) {
      const pages = ((await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
      console.log(`  ${folder}: ${pages} pages of A4`);
      assert.ok(pages <= Math.max(7, 14 * verdicts.cells.length / 1000), `${pages} pages`);
    }
    await page.evaluate(() => { document.querySelectorAll('details.numbers').forEach((folded) => { folded.open = true; }); });
    for (const table of await page.locator('.numbers table').all()) {
      assert.ok((await table.boundingBox())?.height > 10, 'an unfolded table is on paper');
    }
  },
};
