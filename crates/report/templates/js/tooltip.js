// Tooltips: by pointer, and by arrow keys where a chart has the focus. The text appears in a line below the chart,
// which screen readers announce.

const describe = (chart, cell) => {
  const of = cell.row.cells;
  const at = (head) => of[chart.variant.heads.indexOf(head)]?.textContent.trim();
  const threads = `${cell.threads} ${cell.threads === 1 ? 'thread' : 'threads'}`;
  const { unit } = chart.variant;
  const rate = chart.variant.time ? `${at('Mops/s')} Mops/s, ` : '';
  const counts = `${at('forks')} forks, ${at('windows')} windows`;
  return `${cell.name} at ${threads}: ${rate}${at(unit)} ${unit} (${at('interval')}), ${counts}`;
};

for (const chart of charts) {
  const holder = chart.svg.parentNode;
  const line = make('p', { class: 'reading', role: 'status' });
  holder.after(line);
  const ring = () => $('.ring', chart.svg) ?? draw('circle', { class: 'ring', r: 7 }, chart.svg);
  let current;

  const points = () => {
    const names = new Set($$('.ends .n', chart.svg).map(nameOf));
    const lines = linesOf(chart).lines.filter((one) => names.has(one.name));
    const scale = currentScale(chart);
    return lines.flatMap((one) => one.points.map((point) => ({ ...point, y: scale(point.value) })));
  };
  const showPoint = (point) => {
    current = point;
    line.textContent = describe(chart, point.cell);
    const mark = ring();
    mark.setAttribute('cx', px(point.x));
    mark.setAttribute('cy', px(Math.max(point.y, chart.top)));
    for (const part of $$('.s, .n', chart.svg)) part.classList.toggle('read', nameOf(part) === point.cell.name);
  };
  const leave = () => {
    $('.ring', chart.svg)?.remove();
    for (const group of $$('.read', chart.svg)) group.classList.remove('read');
    line.textContent = '';
    current = undefined;
  };

  chart.svg.addEventListener('pointermove', (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.svg.getScreenCTM().inverse());
    const pointed = event.target.closest('.n');
    const name = pointed && nameOf(pointed);
    let best;
    for (const point of points()) {
      const far = name ? (point.cell.name === name ? -point.x : 1e9) : Math.hypot(point.x - place.x, point.y - place.y);
      if (!best || far < best.far) best = { far, point };
    }
    if (best && best.far < 40) showPoint(best.point);
    else leave();
  });
  chart.svg.addEventListener('pointerleave', leave);
  holder.addEventListener('blur', leave);
  holder.addEventListener('keydown', (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.key === 'Escape') leave();
    if (event.key === 'Enter' && current) pick(current.cell.name);
    if (!steps) return;
    event.preventDefault();
    const all = points();
    if (all.length === 0) return;
    if (!current) return showPoint(all.reduce((a, b) => (b.x < a.x || (b.x === a.x && b.y < a.y) ? b : a)));
    const [across, up] = steps;
    const column = all.filter((point) => point.x === current.x).sort((a, b) => b.y - a.y);
    const row = all.filter((point) => point.cell.name === current.cell.name).sort((a, b) => a.x - b.x);
    const list = across ? row : column;
    const index = list.findIndex((point) => point.cell === current.cell);
    showPoint(list[Math.min(Math.max(index + (across || up), 0), list.length - 1)] ?? current);
  });
}

/// The drawn axis, from its ticks: a function from a value to a place.
const currentScale = (chart) => {
  const tickOf = (text) => [Number(text.textContent), Number(text.getAttribute('y')) - 4];
  const ticks = $$('.y .tick text', chart.svg).map(tickOf);
  const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
  if (state.scale === 'log') {
    return (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from);
  }
  return (value) => from + ((value - low) / (high - low)) * (to - from);
};
