// What a reader of the page of two runs is promised. Its numbers are those of `compare --format json`.

import assert from 'node:assert/strict';
import { fresh as anyFresh, onScreen as any } from './checks.mjs';
import { shows } from './numbers.mjs';

const OPPOSITE = { slower: 'faster', faster: 'slower', 'not slower': 'not faster', 'not faster': 'not slower' };

/// The cells of a comparison, and whether their ids are ambiguous.
export const verdictsOf = (compared) => {
  const cells = compared.blocks.flatMap((block) => block.cells);
  return { cells, hostile: cells.some((cell) => cell.cell.split('/').length !== 4) };
};

const seen = (page, selector) => page.locator(selector).filter({ visible: true }).count();

/// The rows of the tables of all cells, as they are shown.
const rowsOf = (page) => page.$$eval('.workload tr[data-v]', (rows) => rows.map((row) => ({
  id: row.dataset.c, kind: row.dataset.v, hidden: row.hidden,
  word: row.querySelector('.word')?.innerText.split('\n')[0].trim(),
  numbers: [...row.querySelectorAll('.num')].map((field) => field.innerText),
  texts: [...row.cells].slice(-2).map((field) => field.innerText),
})));

const byKind = (rows) => rows.filter((row) => !row.hidden).reduce((all, { kind }) => ({ ...all, [kind]: (all[kind] ?? 0) + 1 }), {});

/// Shows what is far from the screen, which has no text before.
const layOut = (page) => page.evaluate(() => {
  for (const part of document.querySelectorAll('section')) part.style.contentVisibility = 'visible';
});

const choose = async (page, side) => page.locator(`#over-${side}`).check();

/// With JavaScript, at 1440 px, in light colours.
export const onScreen = {
  async 'the policy allows nothing inline except what it names'(page) {
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.equal(await page.locator('[style], img, iframe, object, embed').count(), 0);
    assert.equal(await page.locator('script').count(), 1);
  },

  async 'counts and numbers are those of the JSON, read either way'(page, { compared, verdicts }) {
    await layOut(page);
    const judged = compared.side_by_side.length === 0;
    for (const side of judged ? ['first', 'second'] : [undefined]) {
      if (side) await choose(page, side);
      const rows = await rowsOf(page);
      assert.equal(rows.length, verdicts.cells.length, 'a row for each cell');
      rows.forEach((row, at) => {
        const cell = verdicts.cells[at];
        assert.equal(row.id, cell.cell);
        for (const [text, { median }] of [[row.texts[0], cell.first], [row.texts[1], cell.second]]) {
          if (median !== null) shows(text.split(' ')[0], median, `${cell.cell}: ${text}`);
        }
        if (cell.ratio === undefined) return;
        const turned = side === 'second';
        const wanted = turned ? [1 / cell.ratio, 1 / cell.high, 1 / cell.low] : [cell.ratio, cell.low, cell.high];
        row.numbers[0].match(/[^\s×()–]+/g).forEach((text, place) => shows(text, wanted[place], `${cell.cell}: ${row.numbers[0]}`));
        const verdict = cell.verdict.replace('not-compared', 'not compared');
        const said = cell.not_slower ? `not ${cell.not_slower === 'second' ? 'slower' : 'faster'}` : verdict;
        assert.equal(row.word, turned ? OPPOSITE[said] ?? said : said, cell.cell);
      });
      if (!judged) return;
      const kinds = byKind(rows);
      for (const [kind, count] of Object.entries(compared.counts)) {
        const names = kind === 'unresolved' ? ['unresolved', 'not slower', 'not faster'] : [kind.replace('-', ' ')];
        assert.equal(names.reduce((sum, name) => sum + (kinds[name] ?? 0), 0), count, kind);
      }
    }
    await choose(page, 'first');
  },

  async 'the filter shows what it is asked for, and a link keeps it'(page, { compared, verdicts, address }) {
    const judged = compared.side_by_side.length === 0;
    const name = verdicts.cells[0].cell.split('/')[0].toLowerCase();
    await page.fill('#tools [name=q]', name);
    const found = verdicts.cells.filter((cell) => cell.cell.toLowerCase().includes(name)).length;
    const shown = async () => Object.values(byKind(await rowsOf(page))).reduce((a, b) => a + b, 0);
    if (!/\s/.test(name)) assert.equal(await shown(), found);
    await page.fill('#tools [name=q]', 'no such word');
    assert.equal(await seen(page, '.workload, #largest'), 0, 'nothing stays');
    assert.match(await page.textContent('#tools output'), /^0 of /);
    await page.click('#reset');
    await page.waitForFunction(() => !document.querySelector('#tools output').textContent.includes(' of '));
    if (!judged) return;
    for (const side of ['first', 'second']) {
      await choose(page, side);
      await page.selectOption('#tools [name=v]', 'slower');
      const kind = side === 'first' ? 'slower' : 'faster';
      assert.deepEqual(byKind(await rowsOf(page)), compared.counts[kind] > 0 ? { [kind]: compared.counts[kind] } : {});
    }
    const link = await page.evaluate(() => location.href);
    const sent = await rowsOf(page);
    await page.goto(address);
    await page.goto(link);
    await page.reload();
    assert.deepEqual(byKind(await rowsOf(page)), byKind(sent));
    assert.ok(await page.isChecked('#over-second'));
    await page.click('#reset');
    await choose(page, 'first');
  },

  ...Object.fromEntries(Object.entries(any).filter(([name]) => /^(axe|nothing scrolls|forced colours)/.test(name))),
};

/// With JavaScript, on a page of its own.
export const fresh = Object.fromEntries(Object.entries(anyFresh).filter(([name]) => name.startsWith('the keyboard')));

/// Without JavaScript.
export const plain = {
  async 'without JavaScript all cells are there, and either run is compared with'(page, { compared, verdicts }) {
    assert.equal(await seen(page, '#tools, button'), 0, 'no control that does nothing');
    await layOut(page);
    assert.equal(await seen(page, '.workload tr[data-v]'), verdicts.cells.length);
    if (compared.side_by_side.length > 0) return;
    const forward = await rowsOf(page);
    await choose(page, 'second');
    const back = await rowsOf(page);
    assert.deepEqual(back.map(({ word }) => word), forward.map(({ word }) => OPPOSITE[word] ?? word));
  },

  async 'print has all cells, and no controls'(page, { large, folder, verdicts }) {
    await page.emulateMedia({ media: 'print' });
    await layOut(page);
    assert.equal(await seen(page, '.toc, .tools, .side, button, input'), 0, 'no controls');
    assert.equal(await seen(page, '.workload tr[data-v]'), verdicts.cells.length);
    if (large) return;
    const pages = ((await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
    console.log(`  ${folder}: ${pages} pages of A4`);
    assert.ok(pages <= Math.max(6, verdicts.cells.length / 25), `${pages} pages`);
  },
};
