// How fast pages are: when they are ready, and how long the longest choice takes. Others who use the machine only ever
// add time, so the best of a few loads is the page's own. A benchmark, and no check: run it on a machine at rest.
//
//     node scripts/page-pace.mjs FOLDER…

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, open } from './page/browser.mjs';

const LOADS = 7;

const browser = await launch();
console.log('| page | ready | first choice | longest choice |\n| --- | ---: | ---: | ---: |');
for (const folder of process.argv.slice(2)) {
  const address = pathToFileURL(join(resolve(folder), 'index.html')).href;
  const best = { ready: Infinity, first: Infinity, longest: Infinity };
  for (let load = 0; load < LOADS; load++) {
    const { ready, choices } = await open(browser, address, {}, (page) => page.evaluate(() => {
      const fields = [['q', 'mutex'], ['threads', '2'], ['class', 'immediate'], ['q', ''], ['heat', 'all'], ['threads', '']];
      const choices = fields.map(([name, value]) => {
        const field = document.querySelector(`#tools [name=${name}]`);
        const before = performance.now();
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        document.body.getBoundingClientRect();
        return performance.now() - before;
      });
      return { ready: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, choices };
    }));
    best.ready = Math.min(best.ready, ready);
    best.first = Math.min(best.first, choices[0]);
    best.longest = Math.min(best.longest, Math.max(...choices));
  }
  console.log(`| ${folder} | ${['ready', 'first', 'longest'].map((key) => `${best[key].toFixed(0)} ms`).join(' | ')} |`);
}
await browser.close();
