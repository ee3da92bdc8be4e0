// Opens pages from disk in Chromium and checks what a reader is promised. Each check is a function that
// throws; what it is about stands in its name.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { numbersEqual, shows, summaryEqual, takenEqual } from './page/numbers.mjs';
import { togglesEqual } from './page/toggles.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-quic', '--no-first-run'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS, headless: true });

/// Opens a page, and fails on any request and any complaint.
const open = async (address, options = {}, use) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: false, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`);
  });
  await page.goto(address);
  try {
    return await use(page);
  } finally {
    await context.close();
    assert.deepEqual(complaints, [], 'requests, errors or warnings');
  }
};

const unfold = (page) => page.evaluate(async () => {
  for (const folded of document.querySelectorAll('details')) folded.open = true;
  await new Promise((done) => { setTimeout(done, 50); }); // what unfolding adds is there after its event
  document.querySelector('.numbers tbody tr:not([hidden]) th button')?.click();
});

/// How long a page takes until it answers, and the longest of its answers to a choice.
const pace = async (page) => ({
  ready: await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd),
  choice: await page.evaluate(() => {
    const times = [];
    for (const [name, value] of [['y', 'time'], ['scale', 'log'], ['y', 'speedup'], ['y', 'rate'], ['scale', 'linear']]) {
      const field = document.querySelector(`#tools [name=${name}][value=${value}]`);
      const before = performance.now();
      field.checked = true;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      document.body.getBoundingClientRect();
      times.push(performance.now() - before);
    }
    return Math.max(...times);
  }),
});

/// What is a matter of time.
const timed = {
  // Others who use the machine only ever add time, so the best of a few loads is the page's own.
  async 'it is ready within 300 ms, and a choice is shown within 100 ms'({ address, large }) {
    const [most, longest] = large ? [600, 200] : [300, 100];
    const best = { ready: Infinity, choice: Infinity };
    const all = [];
    for (let load = 0; load < 5 && !(best.ready <= most && best.choice <= longest); load++) {
      const { ready, choice } = await open(address, {}, pace);
      all.push(`${Math.round(ready)}/${Math.round(choice)}`);
      best.ready = Math.min(best.ready, ready);
      best.choice = Math.min(best.choice, choice);
    }
    console.log(`  ready/a choice, in ms, by load: ${all.join(' ')}`);
    assert.ok(best.ready <= most, `ready in ${best.ready} ms at best`);
    assert.ok(best.choice <= longest, `a choice in ${best.choice} ms at best`);
  },
};

const checks = {
  async 'it is at most a megabyte'({ address }) {
    const { size } = statSync(fileURLToPath(address));
    assert.ok(size <= 1_000_000, `${size} bytes`);
  },

  async 'the policy allows nothing inline but what it names'({ address }) {
    await open(address, {}, async (page) => {
      const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
      assert.match(policy, /default-src 'none'/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(await page.locator('[style]').count(), 0, 'style attributes as delivered');
    });
  },

  async 'axe finds nothing, light and dark, all unfolded'({ address, large }) {
    // Both at once: how contrasts come out is nearly all of a page's check.
    await Promise.all(['light', 'dark'].map((colorScheme) => open(address, { colorScheme }, async (page) => {
      if (!large) await unfold(page);
      // Through the protocol, not as an element: the policy stays as it is.
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      assert.ok(passes.length > 10, 'axe looked at the page');
      const found = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
      assert.deepEqual(found, [], colorScheme);
    })));
  },

  async 'nothing scrolls sideways at 360, 768, 1440 px and at 200 %'({ address }) {
    const sizes = [[360, 1], [768, 1], [1440, 1], [720, 2], [320, 1]];
    for (const [width, deviceScaleFactor] of sizes) {
      await open(address, { viewport: { width, height: 800 }, deviceScaleFactor }, async (page) => {
        await unfold(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} px too wide at ${width} px`);
      });
    }
  },

  async 'the keyboard reaches all, and one sees where it is'({ address, large }) {
    if (large) return;
    await open(address, {}, async (page) => {
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
    });
  },

  async 'a chart is read by arrow keys'({ address }) {
    await open(address, {}, async (page) => {
      const chart = page.locator('.figures .scroll').first();
      if (await page.locator('.curves .s').count() === 0) return;
      await chart.focus();
      for (const key of ['ArrowRight', 'ArrowUp', 'ArrowRight']) await page.keyboard.press(key);
      const read = await page.locator('.reading').first().textContent();
      assert.match(read, / at \d+ threads?: .*\d/);
    });
  },

  async 'a word of what a workload stands for finds it'({ address }) {
    await open(address, {}, async (page) => {
      for (const workload of await page.locator('.workload:has(.about)').all()) {
        const text = await workload.locator('.about dd').first().textContent();
        const word = (text.match(/\w+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '');
        await page.fill('#tools [name=q]', word);
        assert.ok(await workload.isVisible(), word);
      }
      await page.fill('#tools [name=q]', 'no such word');
      assert.equal(await page.locator('.workload:visible, .board:has([data-of]):visible').count(), 0, 'a board of nothing but a sentence stays');
    });
  },

  async 'without JavaScript verdicts, charts and tables are there'({ address, verdicts }) {
    await open(address, { javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator('#tools').isVisible(), false, 'no control that does nothing');
      const rows = await page.locator('.numbers tbody tr').count();
      assert.equal(rows, verdicts.cells.length, 'a row for each cell');
      const boards = await page.locator('.board').count();
      const variants = new Set(verdicts.cells.map((cell) => cell.cell.split('/').slice(0, -2).join('/')));
      assert.ok(variants.size === 0 || boards > 0);
      if (!verdicts.hostile) assert.equal(await page.locator('.curves').count(), variants.size, 'a chart for each variant');
      for (const summary of await page.locator('details.numbers > summary').all()) await summary.click();
      for (const table of await page.locator('.numbers table').all()) assert.ok(await table.isVisible());
    });
  },

  async 'print has the tables, unfolded, and no controls'({ address, large }) {
    await open(address, { javaScriptEnabled: false }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      for (const table of await page.locator('.numbers table').all()) {
        assert.ok((await table.boundingBox())?.height > 10, 'a table on paper');
      }
      assert.equal(await page.locator('.toc').isVisible(), false);
      if (!large) assert.ok((await page.pdf({ format: 'A4' })).length > 10000);
    });
  },

  async 'forced colours and reduced motion are respected'({ address }) {
    await open(address, { forcedColors: 'active', reducedMotion: 'reduce' }, async (page) => {
      const seen = await page.evaluate(() => {
        const line = document.querySelector('.curves .s .l');
        return {
          motion: getComputedStyle(document.documentElement).scrollBehavior,
          line: line && getComputedStyle(line).stroke,
          paper: getComputedStyle(document.documentElement).backgroundColor,
        };
      });
      assert.equal(seen.motion, 'auto');
      if (seen.line) assert.notEqual(seen.line, seen.paper);
    });
  },

  async 'hostile names are text'({ address }) {
    await open(address, {}, async (page) => {
      await unfold(page);
      assert.equal(await page.locator('img, iframe, object, embed').count(), 0);
      assert.equal(await page.locator('script').count(), 2);
    });
  },

  async 'every number equals verdicts.json'({ address, verdicts, folder }) {
    await open(address, {}, (page) => numbersEqual(page, verdicts));
    summaryEqual(readFileSync(join(folder, 'summary.md'), 'utf8'), verdicts);
  },

  async 'the files of charts/ are the drawings of the page'({ address, folder }) {
    const page = readFileSync(fileURLToPath(address), 'utf8');
    for (const name of readdirSync(join(folder, 'charts'))) {
      const file = readFileSync(join(folder, 'charts', name), 'utf8');
      const [, body] = file.split('<rect class="paper" width="100%" height="100%"/>');
      assert.ok(body.length > 100 && page.includes(body.trimEnd()), name);
    }
  },

  async 'after each choice the charts show verdicts.json'({ address, verdicts }) {
    if (verdicts.hostile) return;
    await open(address, {}, (page) => togglesEqual(page, verdicts));
  },

  async 'a link shows what its sender saw'({ address }) {
    const seen = (page) => page.evaluate(() => [
      ...[...document.querySelectorAll('.curves')].map((curves) => curves.innerHTML),
      ...[...document.querySelectorAll('.numbers tbody tr')].map((row) => row.hidden),
      document.querySelector('#shown').textContent,
    ]);
    const [link, sent] = await open(address, {}, async (page) => {
      await page.check('#tools [name=y][value=time]');
      await page.check('#tools [name=scale][value=log]');
      await page.fill('#tools [name=q]', 'mutex');
      return [await page.evaluate(() => location.href), await seen(page)];
    });
    assert.match(link, /#.*y=time.*scale=log.*q=mutex/);
    assert.deepEqual(await open(address, {}, async (page) => { await page.goto(link); await page.reload(); return seen(page); }), sent);
  },

  async "Go's words find what they are in Rust"({ address }) {
    await open(address, {}, async (page) => {
      if (await page.locator('#in-join').count() === 0) return; // a run of fewer workloads
      for (const [word, ...workloads] of GO) {
        await page.fill('#tools [name=q]', word);
        for (const workload of workloads) {
          const place = page.locator(`#in-${workload}`);
          if (await place.count() > 0) assert.ok(await place.isVisible(), `${word} finds ${workload}`);
        }
      }
    });
  },

  async 'a table is sorted by any column, and a cell shows its windows'({ address, verdicts }) {
    const cell = verdicts.cells.find((one) => one.windows);
    if (!cell) return;
    await open(address, {}, async (page) => {
      const table = page.locator('details.numbers').first();
      await table.locator(':scope > summary').click();
      const column = (await table.locator('thead th').allTextContents()).indexOf('forks') - 2; // interval, against
      await table.locator('thead th').nth(column - 1).locator('button').click();
      const values = await table.locator(`tbody tr:not(.windows) [data-v]`).evaluateAll((all) => all.map((one) => Number(one.textContent.replaceAll(',', ''))));
      assert.deepEqual(values, [...values].sort((a, b) => a - b), 'sorted by value');
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
    });
  },

  async 'charts can be taken along, with the numbers of verdicts.json'({ address, verdicts }) {
    if (verdicts.cells.length === 0) return;
    await open(address, { acceptDownloads: true }, async (page) => {
      await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } }));
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
      for (const y of ['time', 'speedup', 'rate']) {
        await page.check(`#tools [name=y][value=${y}]`);
        const drawn = await page.locator('.curves').first().evaluate((curves) => [...curves.querySelectorAll('path')].map((path) => path.getAttribute('d')));
        const svg = await taken('SVG');
        assert.ok(svg.startsWith('<svg') && drawn.every((d) => svg.includes(` d="${d}"`)), `SVG: ${y}`);
        assert.ok(drawn.length > 0 || verdicts.cells.every((cell) => cell.median === null), `SVG: ${y}: it has lines`);
      }
      assert.ok((await taken('PNG')).startsWith('\u{fffd}PNG'), 'PNG');
      assert.ok((await copied('Copy link')).startsWith(`${address}#fig-`), 'link');
      const [json, csv, text] = [JSON.parse(await taken('JSON')), await taken('CSV'), await copied('Copy Markdown')];
      if (!verdicts.hostile) takenEqual({ json, csv, text }, verdicts);
    });
  },
};

/// What people look for who come from Go, and the workloads that answer.
const GO = [
  ['WaitGroup', 'join'], ['errgroup', 'first-error'], ['sync.Once', 'once'], ['context', 'cancel'],
  ['sync.Map', 'map'], ['RWMutex', 'snapshot', 'map'], ['select', 'select'], ['worker pool', 'fan-out'],
];

/// Pages that are looked at together. Two: a page's work is one thread's.
const LANES = 2;

let failed = 0;
const fail = (folder, what) => { failed++; console.log(`FAILED ${folder}: ${what}`); };

const runs = process.argv.slice(2).map((name) => resolve(name)).flatMap((folder) => {
  const file = join(folder, 'index.html');
  if (!existsSync(file)) {
    fail(folder, 'index.html is not there');
    return [];
  }
  const verdicts = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8'));
  // A slash in a name makes its id ambiguous; real names have none.
  verdicts.hostile = verdicts.cells.some((cell) => cell.cell.split('/').length !== 4);
  return [{ folder, address: pathToFileURL(file).href, verdicts, large: verdicts.cells.length >= 1000 }];
});

const attempt = async (run, name, check) => {
  try {
    await check(run);
  } catch (error) {
    fail(run.folder, `${name}: ${error.message.split('\n').slice(0, 12).join('\n    ')}`);
  }
};

// How fast a page is shows only alone.
for (const run of runs) {
  console.log(`${run.folder}: ${statSync(fileURLToPath(run.address)).size} bytes`);
  for (const [name, check] of Object.entries(timed)) await attempt(run, name, check);
}
// The longest first, so that both lanes end at about the same time.
const waiting = runs.toSorted((one, other) => other.verdicts.cells.length - one.verdicts.cells.length);
await Promise.all(Array.from({ length: LANES }, async () => {
  for (let run = waiting.shift(); run; run = waiting.shift()) {
    for (const [name, check] of Object.entries(checks)) await attempt(run, name, check);
  }
}));
await browser.close();
console.log(failed === 0 ? 'check-page: all well' : `check-page: ${failed} checks failed`);
process.exit(failed === 0 ? 0 : 1);
