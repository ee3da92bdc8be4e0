// Axes of redrawn charts, by the rules of `chart/scale.rs` and `chart_data.rs`.

/// A linear axis from zero to a round number, or a logarithmic one over the values.
const axis = (low, high, log, from, to) => {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return axis(log ? 1 : 0, log ? 10 : 1, log, from, to);
  if (log) {
    const ends = [roundTo(low, Math.floor), roundTo(high, Math.ceil)].map(Math.log);
    if (!(ends[1] > ends[0])) ends[1] = ends[0] + Math.log(10);
    const at = (value) => from + ((Math.log(value) - ends[0]) / (ends[1] - ends[0])) * (to - from);
    const all = [];
    for (let power = Math.floor(ends[0] / Math.LN10) - 1; power <= ends[1] / Math.LN10 + 1; power++) {
      for (const factor of [1, 2, 5]) all.push(factor * 10 ** power);
    }
    const within = all.filter((tick) => Math.log(tick) > ends[0] - 0.01 && Math.log(tick) < ends[1] + 0.01);
    const whole = within.filter((tick) => /^1(0*$|e)|^0\.0*1$/.test(String(Number(tick.toPrecision(3)))));
    const ticks = within.length > 10 && whole.length > 1 ? whole : within;
    return { at, top: Math.exp(ends[1]), ticks, label: (tick) => String(Number(tick.toPrecision(3))) };
  }
  const rough = (high > 0 ? high : 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => rough / power <= factor * (1 + 1e-9));
  const count = Math.max(1, Math.ceil(high / step - 1e-9));
  const decimals = Math.max(0, -Math.floor(Math.log10(step)) + (step / power === 2.5 ? 1 : 0));
  return {
    at: (value) => from + (value / (count * step)) * (to - from),
    top: count * step,
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    label: (tick) => tick.toFixed(Math.min(decimals, 12)),
  };
};

/// The next 1, 2 or 5 of a power of ten, below or above.
const roundTo = (value, way) => {
  const power = 10 ** Math.floor(Math.log10(value));
  const round = [1, 2, 5, 10];
  const share = value / power;
  return power * (way === Math.floor
    ? round.findLast((factor) => factor <= share * (1 + 1e-9)) ?? 1
    : round.find((factor) => factor >= share * (1 - 1e-9)) ?? 10);
};

/// The greatest value on an axis: of the first class, and of others up to twice that.
const axisEnd = (first, others) => {
  const [own, other] = [ofClass(first), ofClass(others)];
  if (own === undefined) return other ?? 1;
  return other <= own * 2 ? Math.max(own, other) : own;
};

/// The greatest value, without the few that are five times above all others.
const ofClass = (tops) => {
  const sorted = tops.filter((top) => Number.isFinite(top) && top > 0).sort((a, b) => b - a);
  let out = 0;
  while (out < Math.floor(sorted.length / 3) && sorted[out] > 5 * sorted[out + 1]) out++;
  return sorted[out];
};

/// Places at least `apart` from each other, as close as possible to the wanted ones.
const placeLabels = (places, apart, top, bottom) => {
  const blocks = [];
  places.forEach((place, index) => {
    blocks.push([place - apart * index, 1]);
    while (blocks.length > 1) {
      const [[sum, count], [next, more]] = blocks.slice(-2);
      if (sum / count <= next / more) break;
      blocks.splice(-2, 2, [sum + next, count + more]);
    }
  });
  const last = bottom - apart * (places.length - 1);
  return blocks
    .flatMap(([sum, count]) => Array(count).fill(Math.min(Math.max(sum / count, top), last)))
    .map((place, index) => place + apart * index);
};
