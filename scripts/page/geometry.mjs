// Where the marks of a drawing stand, for comparing them with the numbers that they show.

import assert from 'node:assert/strict';

/// Dots and intervals are rounded to half a pixel, and ticks to a tenth.
export const TOLERANCE_PX = 0.45;

export const near = (found, wanted, what) =>
  assert.ok(Math.abs(wanted - found) <= TOLERANCE_PX, `${what} stands at ${found}, not at ${wanted}`);

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

/// The first points of all stretches of some paths.
export const dotsOf = (paths) => paths.flatMap(stretches).map(([{ x, y }]) => ({ x, y }));

/// The place of a value on a logarithmic axis with these ticks: a value and a place each.
export const logarithmic = (ticks) => {
  const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
  return (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from);
};
