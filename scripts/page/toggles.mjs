// After each choice, where the lines stand against what verdicts.json says they show: each vertex of a
// line is compared with the place of its value between the axis' ticks.

import assert from 'node:assert/strict';

/// A tenth of a pixel is rounded off at either end, and in the ticks.
const TOLERANCE_PX = 0.4;

export const togglesEqual = async (page, verdicts) => {
  const cells = new Map(verdicts.cells.map((cell) => [cell.cell, cell]));
  for (const y of ['rate', 'time', 'speedup', 'rate']) {
    for (const scale of ['linear', 'log', 'linear']) {
      await page.check(`#tools [name=y][value=${y}]`);
      await page.check(`#tools [name=scale][value=${scale}]`);
      const charts = await drawn(page);
      assert.ok(charts.length > 0 || cells.size === 0);
      for (const chart of charts) chartEqual(chart, cells, y, scale);
    }
  }
};

const drawn = (page) => page.$$eval('figure:has(.curves)', (all) => all.map((figure) => {
  const variant = document.getElementById(`of-${figure.id.slice(4)}`).querySelector('table').dataset.variant;
  const places = figure.querySelector('svg').dataset.x.split(' ').map(Number);
  return {
    variant,
    places: places.flatMap((count, index) => (index % 2 ? [] : [[count, places[index + 1]]])),
    ticks: [...figure.querySelectorAll('.y .tick text')].map((text) => [Number(text.textContent), Number(text.getAttribute('y')) - 4]),
    lines: [...figure.querySelectorAll('.s:not(.floor)')].map((line) => [line.dataset.n, line.querySelector('.l')?.getAttribute('d') ?? '']),
  };
}));

/// The points of a line; an upright stroke is the interval of a point that stands alone.
const vertices = (path) => path.split('M').filter((part) => part && !part.includes('V'))
  .flatMap((part) => part.split('L').map((point) => point.match(/-?\d*\.?\d+/g)));

const chartEqual = ({ variant, places, ticks, lines }, cells, y, scale) => {
  const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
  const place = (value) => (scale === 'log'
    ? from + (Math.log(value / low) / Math.log(high / low)) * (to - from)
    : from + ((value - low) / (high - low)) * (to - from));
  for (const [name, path] of lines) {
    const least = places.map(([count]) => cells.get(`${variant}/${name}/${count}`)).find((cell) => cell?.median > 0);
    for (const [x, at] of vertices(path)) {
      const count = places.find(([, place]) => Math.abs(place - Number(x)) < 0.11)?.[0];
      const cell = cells.get(`${variant}/${name}/${count}`);
      assert.ok(cell, `${variant}/${name} at x ${x}`);
      const time = cell.unit === 'ns/op';
      const value = {
        rate: time ? 1000 / cell.median : cell.median,
        time: cell.median,
        speedup: time ? least.median / cell.median : cell.median / least.median,
      }[y];
      const wanted = place(value);
      assert.ok(Math.abs(wanted - Number(at)) <= TOLERANCE_PX, `${y} ${scale}: ${cell.cell} stands at ${at}, not at ${wanted}`);
    }
  }
};
