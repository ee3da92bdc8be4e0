// Redraws throughput charts in another measure, on another scale, or for other contenders. Without a choice, the
// original drawing is restored.

const SVG = 'http://www.w3.org/2000/svg';
const MARKS = [
  'm-4 0a4 4 0 1 0 8 0 4 4 0 1 0-8 0z', 'm-3.5-3.5h7v7h-7z', 'm0-4.7 4.5 7.9h-9z', 'm0-5 4.6 5-4.6 5-4.6-5z',
  'm0 4.7 4.5-7.9h-9z', 'm-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z', 'm-4-4 8 8v-8l-8 8z',
  'm-4-4h8l-8 8h8z',
];
const EMPHASISED = 6;
const FORKS_FOR_AN_INTERVAL = 6;

const draw = (name, attributes, parent, text) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
};
const px = (value) => String(Math.round(value * 10) / 10);

/// The contender of a line or a name.
const nameOf = (element) => element.dataset.n ?? element.textContent;

/// A chart: its plot area, the styles of emphasised contenders, and its original drawing.
const chartOf = (variant) => {
  const svg = $('svg', variant.chart);
  const own = once(() => {
    const styles = new Map();
    for (const group of $$('.s', svg)) {
      const style = /\bk(\d)\b/.exec(group.getAttribute('class'));
      if (style) styles.set(group.dataset.n, Number(style[1]));
    }
    const places = svg.dataset.x.split(' ').map(Number);
    const x = new Map();
    for (let at = 0; at < places.length; at += 2) x.set(places[at], places[at + 1]);
    const parts = ['.y', '.curves', '.ends'].map((part) => $(part, svg));
    return {
      styles, x, parts, drawn: parts.map((part) => [...part.childNodes]),
      italics: new Set($$('.ends .apart', svg).map(nameOf)),
    };
  });
  const [left, top, right, bottom] = svg.dataset.box.split(' ').map(Number);
  return {
    variant, svg, left, top, right, bottom, redrawn: false,
    get styles() { return own().styles; },
    get x() { return own().x; },
    get parts() { return own().parts; },
    get drawn() { return own().drawn; },
    get italics() { return own().italics; },
  };
};
const charts = variants.filter((variant) => variant.chart).map(chartOf);

/// The shown measure: its unit, and a function from a cell's value to the shown one.
const measure = (variant) => {
  if (state.y === 'speedup') {
    const first = new Map();
    for (const cell of variant.cells) {
      const known = first.get(cell.name);
      if (cell.median > 0 && (!known || cell.threads < known.threads)) first.set(cell.name, cell);
    }
    const ratio = (cell, value) => {
      const base = first.get(cell.name).median;
      return variant.time ? base / value : value / base;
    };
    return { unit: 'speed-up over the least thread count', of: ratio };
  }
  if (!variant.time) return { unit: variant.unit, of: (_, value) => value };
  if (state.y === 'time') return { unit: 'ns/op', of: (_, value) => value };
  return { unit: 'Mops/s', of: (_, value) => 1000 / value };
};

/// A chart's lines for the current choices: points with value, interval and forks.
const linesOf = (chart) => {
  const { of, unit } = measure(chart.variant);
  const picked = new Set(state.pick ? state.pick.split(',') : []);
  const contenders = chart.variant.cells.filter((cell) => !cell.kind.includes('control'));
  const names = [...new Set(contenders.map((cell) => cell.name))];
  const filtered = state.q || state.class;
  const lines = names.flatMap((name) => {
    const cells = cellsOf(chart.variant, name);
    const points = cells.map((cell) => {
      const ends = [of(cell, cell.low), of(cell, cell.high)].sort((a, b) => a - b);
      return {
        cell, x: chart.x.get(cell.threads), value: of(cell, cell.median),
        low: ends[0], high: ends[1], forks: cell.forks.map((fork) => of(cell, fork)),
      };
    });
    const floor = cells.some((cell) => cell.kind.includes('floor'));
    const shown = floor || cells.some((cell) => wanted({ ...cell, threads: state.threads || cell.threads }));
    return points.length && shown ? [{ name, points, floor, style: undefined }] : [];
  });
  const last = (line) => line.points.at(-1).value;
  lines.sort((a, b) => (state.y === 'time' ? last(a) - last(b) : last(b) - last(a)));
  // Styles: picked contenders, those of the page, and with filters all that are left.
  const free = MARKS.map((_, style) => style).filter((style) => ![...chart.styles.values()].includes(style));
  const candidate = ({ name }) => picked.has(name) || chart.styles.has(name) || filtered;
  const order = lines.filter((line) => !line.floor && candidate(line));
  order.sort((a, b) => picked.has(b.name) - picked.has(a.name) || chart.styles.has(b.name) - chart.styles.has(a.name));
  for (const line of order.slice(0, EMPHASISED)) line.style = chart.styles.get(line.name) ?? free.shift();
  return { unit, lines };
};

const highest = ({ lines, chart }) => {
  const top = (line) => Math.max(...line.points.flatMap((point) => [point.value, point.high || 0, ...point.forks]));
  const ranked = lines.filter((line) => !line.floor);
  const first = ranked.filter((line) => !chart.italics.has(line.name));
  return axisEnd(first.map(top), ranked.filter((line) => !first.includes(line)).map(top));
};

/// Draws all charts. Those of a workload share an axis if each fills at least a quarter of it.
const drawAll = () => {
  const untouched = ['y', 'scale', 'q', 'class', 'pick'].every((key) => state[key] === DEFAULTS[key]);
  const groups = Map.groupBy ? Map.groupBy(charts, (chart) => chart.variant.chart.parentNode)
    : new Map(charts.map((chart) => [chart, [chart]]));
  for (const group of groups.values()) {
    if (untouched) {
      for (const chart of group.filter((one) => one.redrawn)) {
        chart.parts.forEach((part, index) => part.replaceChildren(...chart.drawn[index]));
        chart.redrawn = false;
      }
      continue;
    }
    const all = group.map((chart) => ({ chart, ...linesOf(chart) })).map((one) => ({ ...one, high: highest(one) }));
    for (const one of all) {
      const alike = all.filter((other) => other.unit === one.unit).map((other) => other.high);
      const most = Math.max(...alike);
      drawChart(one.chart, one, state.scale === 'linear' && one.high >= most * 0.25 ? most : one.high);
    }
  }
};

const drawChart = (chart, { unit, lines }, high) => {
  const { left, top, right, bottom, parts: [yAxis, curves, ends] } = chart;
  const log = state.scale === 'log';
  const values = lines.filter((line) => !line.floor).flatMap((line) => line.points.map((point) => point.value));
  const low = Math.min(...values.filter((value) => value > 0));
  const y = axis(log ? low * 0.9 : 0, log ? Math.max(...values, low) * 1.1 : high, log, bottom, top);
  for (const part of chart.parts) part.replaceChildren();
  chart.redrawn = true;

  draw('text', { class: 'unit', x: 0, y: top - 20 }, yAxis, `↑ ${unit}${log ? ' (log)' : ''}`);
  draw('path', { class: 'grid', d: y.ticks.map((tick) => `M${left} ${px(y.at(tick))}H${right}`).join('') }, yAxis);
  const ticks = draw('g', { class: 'tick' }, yAxis);
  for (const tick of y.ticks) draw('text', { x: left - 7, y: px(y.at(tick) + 4) }, ticks, y.label(tick));

  if (state.y === 'speedup') ideal(chart, y, curves);
  for (const line of [...lines].reverse().sort((a, b) => (a.style !== undefined) - (b.style !== undefined))) {
    drawLine(line, y, curves, [...chart.x.keys()]);
  }
  drawNames(chart, lines.filter((line) => !line.floor), y, ends);
};

/// The line of linear scaling, up to the CPUs.
const ideal = (chart, y, parent) => {
  const counts = [...chart.x.keys()].filter((count) => count <= data().cores);
  const points = counts.map((count) => `${px(chart.x.get(count))} ${px(y.at(count / counts[0]))}`);
  if (points.length > 1) draw('path', { class: 'ideal', d: `M${points.join('L')}` }, parent);
};

const drawLine = (line, y, parent, counts) => {
  const kind = line.floor ? 'floor' : line.style === undefined ? 'mute' : `k${line.style}`;
  const group = draw('g', { class: `s ${kind}`, 'data-n': line.name }, parent);
  const [band, middle, marks] = [[], [], []];
  const hasInterval = (point) => point.forks.length >= FORKS_FOR_AN_INTERVAL;
  let stretch = [];
  const finish = () => {
    if (stretch.length > 1) {
      middle.push(`M${stretch.map((point) => `${px(point.x)} ${px(y.at(point.value))}`).join('L')}`);
      const high = stretch.map((point) => `${px(point.x)} ${px(y.at(point.high || point.value))}`);
      const low = stretch.map((point) => `${px(point.x)} ${px(y.at(point.low || point.value))}`).reverse();
      band.push(`M${[...high, ...low].join('L')}z`);
    } else if (stretch.length === 1 && stretch[0].high) {
      middle.push(`M${px(stretch[0].x)} ${px(y.at(stretch[0].low))}V${px(y.at(stretch[0].high))}`);
    }
    stretch = [];
  };
  for (const point of line.points) {
    const before = stretch.at(-1);
    const near = before && counts.indexOf(point.cell.threads) === counts.indexOf(before.cell.threads) + 1;
    if (!near || !hasInterval(point) || !hasInterval(before)) finish();
    stretch.push(point);
    if (line.style !== undefined && hasInterval(point)) {
      marks.push(`M${px(point.x)} ${px(y.at(point.value))}${MARKS[line.style]}`);
    }
  }
  finish();
  const dots = line.points.filter((point) => line.style !== undefined || !hasInterval(point))
    .flatMap((point) => point.forks.map((fork) => `M${px(point.x)} ${px(y.at(fork))}h0`));
  if (line.style !== undefined) draw('path', { class: 'b', d: band.join('') }, group);
  draw('path', { class: 'd', d: dots.join('') }, group);
  draw('path', { class: 'l', d: middle.join('') }, group);
  if (marks.length) draw('path', { class: 'm', d: marks.join('') }, group);
};

const drawNames = (chart, lines, y, parent) => {
  const { top, right, bottom } = chart;
  const room = Math.floor((bottom - top) / 14);
  const emphasised = lines.filter((line) => line.style !== undefined);
  const muted = lines.filter((line) => line.style === undefined);
  const clamp = (value) => Math.min(Math.max(y.at(value), top), bottom);
  const named = [...emphasised, ...muted].slice(0, room)
    .map((line) => ({ line, point: line.points.at(-1), place: clamp(line.points.at(-1).value) }))
    .sort((a, b) => a.place - b.place);
  const places = placeLabels(named.map((one) => one.place), 14, top + 4, bottom - 4);
  draw('path', { class: 'lead', d: named.map(({ point, place }, index) =>
    `M${px(point.x + 6)} ${px(place)}L${px(right + 2)} ${px(places[index])}H${px(right + 8)}`).join('') }, parent);
  named.forEach(({ line, point }, index) => {
    const at = places[index];
    const style = line.style === undefined ? 'mute' : `k${line.style}`;
    if (line.style !== undefined) {
      draw('path', { class: `m ${style}`, d: `M${px(right + 13)} ${px(at)}${MARKS[line.style]}` }, parent);
    }
    const beyond = point.value > y.top ? ` ${short(point.value)} ↑` : '';
    const half = (27 - beyond.length) >> 1;
    const shortened = `${line.name.slice(0, half)}…${line.name.slice(-half)}`;
    const name = line.name.length > 2 * half + 1 ? shortened : line.name;
    const italics = chart.italics.has(line.name) ? ' apart' : '';
    const attributes = { class: `n ${style}${italics}`, 'data-n': line.name, x: px(right + 22), y: px(at + 4) };
    draw('text', attributes, parent, name + beyond);
  });
  if (lines.length > named.length) {
    const text = `and ${lines.length - named.length} more`;
    draw('text', { class: 'note', x: px(right + 22), y: bottom + 17 }, parent, text);
  }
};
