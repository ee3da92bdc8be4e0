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
    lines: [...figure.querySelectorAll('.s:not(.floor)')].map((line) =>
      [line.dataset.n, ...['.l', '.b'].map((part) => (line.matches(part) ? line : line.querySelector(part))?.getAttribute('d') ?? '')]),
  };
}));

/// The points of a line; an upright stroke is the interval of a point that stands alone.
const vertices = (path) => stretches(path).filter((points) => points.every(({ command }) => command !== 'V'))
  .flatMap((points) => points.map(({ x, y }) => [x, y]));

/// A path's stretches, each from a move on, with every step in the drawing's own coordinates.
export const stretches = (path) => {
  const found = [];
  let [x, y] = [0, 0];
  for (const [, letter, rest] of path.matchAll(/([MLHVZ])([^MLHVZ]*)/gi)) {
    const command = letter.toUpperCase();
    const [from, numbers] = [letter === command ? [0, 0] : [x, y], (rest.match(/-?(\d+\.?\d*|\.\d+)/g) ?? []).map(Number)];
    if (command === 'H') x = from[0] + numbers[0];
    else if (command === 'V') y = from[1] + numbers[0];
    else if (command !== 'Z') [x, y] = [from[0] + numbers[0], from[1] + numbers[1]];
    if (command === 'M') found.push([]);
    found.at(-1).push({ command, x, y });
  }
  return found;
};

const near = (found, wanted, what) =>
  assert.ok(Math.abs(wanted - found) <= TOLERANCE_PX, `${what} stands at ${found}, not at ${wanted}`);

/// A cell's value as it is drawn; `least` is the same contender at the least thread count.
const shown = (cell, value, least, y) => {
  const time = cell.unit === 'ns/op';
  return { rate: time ? 1000 / value : value, time: value, speedup: time ? least.median / value : value / least.median }[y];
};

const chartEqual = ({ variant, places, ticks, lines }, cells, y, scale) => {
  const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
  const place = (value) => (scale === 'log'
    ? from + (Math.log(value / low) / Math.log(high / low)) * (to - from)
    : from + ((value - low) / (high - low)) * (to - from));
  for (const [name, path, band] of lines) {
    const least = places.map(([count]) => cells.get(`${variant}/${name}/${count}`)).find((cell) => cell?.median > 0);
    for (const [x, at] of vertices(path)) {
      const count = places.find(([, place]) => Math.abs(place - Number(x)) < 0.11)?.[0];
      const cell = cells.get(`${variant}/${name}/${count}`);
      assert.ok(cell, `${variant}/${name} at x ${x}`);
      near(at, place(shown(cell, cell.median, least, y)), `${y} ${scale}: ${cell.cell}`);
    }
    // The band: there along one end of the intervals, back along the other.
    for (const points of stretches(band)) {
      const corners = points.filter(({ command }) => command !== 'Z');
      for (let index = 0; index < corners.length / 2; index++) {
        const [one, other] = [corners[index], corners.at(-1 - index)];
        const count = places.find(([, place]) => Math.abs(place - one.x) < 0.11)?.[0];
        const cell = cells.get(`${variant}/${name}/${count}`);
        const ends = (cell.interval ?? [cell.median, cell.median]).map((end) => place(shown(cell, end, least, y)));
        near(Math.min(one.y, other.y), Math.min(...ends), `${y} ${scale}: ${cell.cell}, its interval`);
        near(Math.max(one.y, other.y), Math.max(...ends), `${y} ${scale}: ${cell.cell}, its interval`);
      }
    }
  }
};
