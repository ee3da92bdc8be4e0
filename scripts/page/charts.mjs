// Every mark of every chart against verdicts.json.

import assert from 'node:assert/strict';
import { dotsOf, logarithmic, near, stretches, TOLERANCE_PX } from './geometry.mjs';

export const chartsEqual = async (page, book) => {
  if (book.verdicts.hostile) return; // ids with slashes are ambiguous
  const forests = await forestsOf(page);
  const variants = new Set(book.verdicts.cells.map((cell) => cell.cell.split('/').slice(0, -2).join('/')));
  assert.equal(forests.length, variants.size, 'a forest plot for each variant');
  for (const forest of forests) forestEqual(forest, book);
  for (const chart of await scalingsOf(page)) scalingEqual(chart, book);
  for (const strip of await stripsOf(page)) stripEqual(strip, book);
};

const forestsOf = (page) => page.$$eval('figure:not(.lines,#beside)', (all) => all.map((figure) => {
  const lines = [...figure.querySelectorAll('svg > g:has(.names)')];
  const number = (text) => Number(text.textContent.replace(/[×,]/g, ''));
  return {
    variant: figure.closest('section').querySelector('table').dataset.variant,
    lines: lines.map((line) => ({
      names: [...line.querySelectorAll('.names text')].map((text) => [text.textContent, Number(text.getAttribute('y')) - 4]),
      panels: [...line.querySelectorAll('.panel')].map((panel) => parseInt(panel.textContent, 10)),
      ticks: [...line.querySelectorAll('.tick.x')].map((ticks) =>
        [...ticks.querySelectorAll('text')].map((text) => [number(text), Number(text.getAttribute('x'))])),
      dots: [...line.querySelectorAll('.d')].map((path) => path.getAttribute('d')),
      holes: [...line.querySelectorAll('.hole')].map((path) => path.getAttribute('d')),
      intervals: [...line.querySelectorAll('.i')].map((path) => path.getAttribute('d')),
      notes: [...line.querySelectorAll('.note text')].map((text) => [text.textContent, Number(text.getAttribute('y')) - 4]),
    })),
  };
}));

const forestEqual = ({ variant, lines }, book) => {
  for (const line of lines) {
    const [dots, holes] = [dotsOf(line.dots), dotsOf(line.holes)];
    const intervals = line.intervals.flatMap(stretches).map(([from, to]) => ({ y: from.y, ends: [from.x, to.x] }));
    // Equal dots of a family are drawn once, so only the places are compared.
    line.panels.forEach((threads, index) => {
      const ticks = line.ticks[index];
      if (ticks.length < 2) return;
      const place = logarithmic(ticks);
      const next = line.ticks[index + 1]?.[0][1] ?? Infinity;
      const inPanel = ({ x }) => x > ticks[0][1] - 60 && x < next - 60;
      const marks = [...dots, ...intervals.flatMap(({ ends }) => ends.map((x) => ({ x })))].filter(inPanel).map(({ x }) => x);
      const edges = [Math.min(...marks) + TOLERANCE_PX, Math.max(...marks) - TOLERANCE_PX];
      for (const [name, y] of line.names) {
        const block = `${variant}/${threads}`;
        const distance = book.distance(block, name);
        const there = (mark) => inPanel(mark) && Math.abs(mark.y - y) <= TOLERANCE_PX;
        const dot = dots.filter(there);
        if (!distance) {
          assert.equal(dot.length, 0, `${block} ${name}: no dot without a number`);
          continue;
        }
        assert.equal(dot.length, 1, `${block} ${name}: one dot`);
        const beyond = line.notes.find(([text, at]) => /×$/.test(text) && Math.abs(at - y) <= TOLERANCE_PX
          && Math.abs(Number(text.replaceAll(',', '').replace('×', '')) / distance.ratio - 1) < 0.006);
        if (!beyond) near(dot[0].x, place(distance.ratio), `${block} ${name}`);
        assert.equal(holes.some(there), !book.mayBeBest(block, name), `${block} ${name}: hollow or filled`);
        const drawn = intervals.find((one) => Math.abs(one.y - y) <= TOLERANCE_PX && inPanel({ x: one.ends[0] }));
        if (distance.low === undefined) continue;
        assert.ok(drawn, `${block} ${name}: an interval`);
        // An end beyond the axis is drawn at its edge.
        [distance.low, distance.high].forEach((end, side) => {
          const [wanted, found] = [place(end), drawn.ends[side]];
          const outside = (found >= edges[1] && wanted > found) || (found <= edges[0] && wanted < found);
          if (!outside) near(found, wanted, `${block} ${name}: its interval`);
        });
      }
    });
  }
};

const scalingsOf = (page) => page.$$eval('figure.lines', (all) => all.map((figure) => {
  const ticks = (kind, axis, shift) => [...figure.querySelectorAll(`.tick.${kind} text`)]
    .map((text) => [Number(text.textContent.replaceAll(',', '')), Number(text.getAttribute(axis)) - shift]);
  return {
    variant: figure.closest('section').querySelector('table').dataset.variant,
    x: ticks('x', 'x', 0),
    y: ticks('y', 'y', 4),
    lines: [...figure.querySelectorAll('.s')].map((line) => [line.dataset.n, line.getAttribute('d')]),
  };
}));

const scalingEqual = ({ variant, x, y, lines }, book) => {
  if (x.length < 2 || y.length < 2) return;
  const [across, up] = [logarithmic(x), logarithmic(y)];
  for (const [name, path] of lines) {
    const cells = book.verdicts.cells.filter((cell) => cell.cell.startsWith(`${variant}/${name}/`) && cell.median > 0);
    const points = stretches(path).flat().filter(({ command }, index, all) => command !== 'H' || all[index - 1].command === 'M');
    const places = cells.map((cell) => [across(Number(cell.cell.split('/').at(-1))), up(cell.unit === 'ns/op' ? cell.mops : cell.median)]);
    for (const point of points) {
      // Each step is rounded to a tenth of a pixel.
      const found = places.some(([at, height]) => Math.abs(at - point.x) < 1 && Math.abs(height - point.y) < 1);
      assert.ok(found, `${variant} ${name}: no cell at ${point.x} ${point.y}`);
    }
    assert.ok(points.length >= places.length, `${variant} ${name}: a point for each count`);
  }
};

const stripsOf = (page) => page.$$eval('.take tr[data-block]', (all) => all.map((row) => ({
  block: row.dataset.block,
  klass: row.querySelector('td small')?.textContent ?? '',
  pick: row.querySelector('.pick').textContent,
  dots: [...row.querySelectorAll('.strip .d')].map((path) => path.getAttribute('d')),
  bar: row.querySelector('.strip .bar')?.getAttribute('d'),
})));

const stripEqual = ({ block, pick, dots, bar }, book) => {
  const place = logarithmic([[1, 6], [100, 230]]);
  const clamped = (ratio) => Math.min(Math.max(place(ratio), 6), 230);
  const standing = book.standingOf(block, pick);
  if (!standing) return;
  const found = dotsOf(dots);
  for (const name of standing.order) {
    const distance = book.distance(block, name);
    if (distance) assert.ok(found.some(({ x }) => Math.abs(x - clamped(distance.ratio)) <= TOLERANCE_PX), `${block} ${name}: its dot`);
  }
  const { baseline } = book.decision(block, pick);
  const drawn = standing.order.includes(baseline) && book.distance(block, baseline);
  assert.equal(Boolean(bar), Boolean(drawn), `${block}: a bar for the baseline`);
  if (drawn) near(stretches(bar)[0][0].x, clamped(drawn.ratio), `${block}: the baseline`);
};
