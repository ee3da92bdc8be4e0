// Opens pages from disk in Chromium and checks what a reader is promised: see page/checks.mjs, and page/compare.mjs for
// the page of two runs.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bookOf } from './page/book.mjs';
import { launch, open } from './page/browser.mjs';
import * as ofRun from './page/checks.mjs';
import * as ofTwo from './page/compare.mjs';

/// Pages that are looked at together. Two: a page's work is one thread's.
const LANES = 2;

/// Bytes of a page: so many for each cell, or for the texts of a small one.
const BYTES_PER_CELL = 800;
const BYTES = 500_000;

let failed = 0;
const fail = (folder, what) => { failed++; console.log(`FAILED ${folder}: ${what}`); };

/// The page of two runs in a folder, which has the comparison's JSON beside it.
const comparison = (folder) => {
  const compared = JSON.parse(readFileSync(join(folder, 'compare.json'), 'utf8'));
  const verdicts = ofTwo.verdictsOf(compared);
  const address = pathToFileURL(join(folder, 'compare.html')).href;
  return { folder, address, compared, verdicts, large: verdicts.cells.length >= 1000, checks: ofTwo };
};

const runs = process.argv.slice(2).map((name) => resolve(name)).flatMap((folder) => {
  if (existsSync(join(folder, 'compare.json'))) return [comparison(folder)];
  const file = join(folder, 'index.html');
  if (!existsSync(file)) {
    fail(folder, 'index.html is not there');
    return [];
  }
  const verdicts = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8'));
  // A slash in a name makes its id ambiguous; real names have none.
  verdicts.hostile = verdicts.cells.some((cell) => cell.cell.split('/').length !== 4);
  const large = verdicts.cells.length >= 1000;
  return [{ folder, address: pathToFileURL(file).href, verdicts, book: bookOf(verdicts), large, checks: ofRun }];
});

const browser = await launch();

/// Runs checks that share one load.
const together = async (run, options, checks) => {
  try {
    await open(browser, run.address, options, async (page) => {
      for (const [name, check] of Object.entries(checks)) {
        const before = performance.now();
        try {
          await check(page, run);
        } catch (error) {
          fail(run.folder, `${name}: ${error.message.split('\n').slice(0, 12).join('\n    ')}`);
        }
        const took = performance.now() - before;
        if (took > 2000) console.log(`  ${run.folder}: ${name}: ${(took / 1000).toFixed(1)} s`);
      }
    });
  } catch (error) {
    fail(run.folder, error.message.split('\n').slice(0, 12).join('\n    '));
  }
};

const look = async (run) => {
  const { size } = statSync(fileURLToPath(run.address));
  const most = Math.max(BYTES, BYTES_PER_CELL * run.verdicts.cells.length);
  console.log(`${run.folder}: ${size} bytes, ${run.verdicts.cells.length} cells`);
  if (size > most) fail(run.folder, `${size} bytes are more than ${most}`);
  const { checks } = run;
  await together(run, { acceptDownloads: true }, checks.onScreen);
  await together(run, { javaScriptEnabled: false }, checks.plain);
  if (!run.large) {
    for (const [name, check] of Object.entries(checks.fresh)) await together(run, {}, { [name]: check });
  }
};

// The longest first, so that both lanes end at about the same time.
const waiting = runs.toSorted((one, other) => other.verdicts.cells.length - one.verdicts.cells.length);
await Promise.all(Array.from({ length: LANES }, async () => {
  for (let run = waiting.shift(); run; run = waiting.shift()) await look(run);
}));
await browser.close();
console.log(failed === 0 ? 'check-page: all well' : `check-page: ${failed} checks failed`);
process.exit(failed === 0 ? 0 : 1);
