// Reading a chart aloud: by pointer, and by arrow keys where it has the focus. The text appears in a line below the
// chart, which screen readers announce. In charts of lines a click brings a contender out.

const charts = variants.flatMap((variant) => $$('figure', variant.section).map((figure) => ({
  variant, figure, svg: $('svg', figure), holder: $('.scroll', figure), lines: figure.classList.contains('lines'),
})));

/// A cell in words, as its row of the table has it.
const describe = (variant, cell) => {
  const at = (head) => cell.row.cells[variant.heads.indexOf(head)]?.textContent.trim();
  const start = `${cell.name} at ${threadsOf(cell.threads)}: `;
  if (!(cell.median > 0)) return start + cell.row.lastElementChild.textContent;
  const rate = variant.time ? `${at('Mops/s')} Mops/s, ` : '';
  const against = at('against the best');
  const best = /^best/.test(against) ? `the ${against}, ` : `${against} that of the best, `;
  return `${start}${against ? best : ''}${rate}${at(variant.unit)} ${variant.unit} (${at('interval')})`;
};

/// The cells that a chart shows.
const cellsOf = ({ variant, lines }) => variant.cells.filter(({ kind }) =>
  !kind.includes('control') && (lines || !kind.includes('floor')));

const nameOf = (element) => element.dataset.n ?? element.textContent;

/// The contenders that are brought out.
const picked = () => new Set(state.pick ? state.pick.split(',') : []);
const pick = (name) => {
  const names = picked();
  if (!names.delete(name)) names.add(name);
  choose({ pick: [...names].join(',') });
};

let isolated = '';
/// Brings out the picked contenders and the asked pair; with a picked one all others step back.
const isolate = () => {
  const now = [state.pick, state.a, state.b].join('\n');
  if (now === isolated) return;
  isolated = now;
  const names = picked();
  const pair = state.a === DEFAULTS.a && state.b === DEFAULTS.b ? [] : [state.a, state.b];
  for (const { svg } of charts.filter((chart) => chart.lines)) {
    for (const part of $$('.s, .n', svg)) {
      const name = nameOf(part);
      part.classList.toggle('on', names.has(name) || pair.includes(name));
      part.classList.toggle('off', names.size > 0 && !names.has(name) && !pair.includes(name));
    }
  }
};

/// The row of a forest plot at a height, and its panel.
const pointed = (chart, event) => {
  const name = event.target.closest('.names text, .n, .s');
  if (name) return { name: nameOf(name) };
  if (chart.lines) return undefined;
  const box = (element) => element.getBoundingClientRect();
  const row = $$('.names text', chart.svg).find((text) => Math.abs(box(text).y + box(text).height / 2 - event.clientY) < 8);
  const near = (text) => box(text).bottom < event.clientY && box(text).left - 20 < event.clientX;
  const panel = $$('.panel', chart.svg).filter(near).at(-1);
  return row && { name: nameOf(row), threads: panel && parseInt(panel.textContent, 10) };
};

for (const chart of charts) {
  const { variant, holder, svg, figure } = chart;
  for (const [key, value] of Object.entries({ tabindex: '0', role: 'group', 'aria-label': $('title', svg).textContent })) {
    holder.setAttribute(key, value);
  }
  const line = make('p', { class: 'reading', role: 'status' });
  figure.append(line);
  let current;
  const read = (cells) => {
    const text = cells.map((cell) => describe(variant, cell)).join('; ');
    if (line.textContent !== text) line.textContent = text;
  };
  const leave = () => { current = undefined; read([]); };
  const point = (event) => {
    const at = pointed(chart, event);
    const found = at ? cellsOf(chart).filter(({ name, threads }) => name === at.name && threads === (at.threads ?? threads)) : [];
    read(found);
  };
  holder.addEventListener('pointermove', point);
  holder.addEventListener('pointerleave', leave);
  holder.addEventListener('blur', leave);
  if (chart.lines) {
    svg.addEventListener('click', (event) => {
      const part = event.target.closest('.n, .s');
      if (!part) return;
      pick(nameOf(part));
      point(event);
    });
  }
  holder.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (event.key === 'Escape') leave();
    if (event.key === 'Enter' && current && chart.lines) pick(current.name);
    if (!step) return;
    event.preventDefault();
    const all = cellsOf(chart);
    if (all.length === 0) return;
    const list = current && all.filter((cell) => (step[0] ? cell.name === current.name : cell.threads === current.threads));
    const index = list?.indexOf(current);
    current = list ? list[Math.min(Math.max(index + step[0] + step[1], 0), list.length - 1)] : all[0];
    read([current]);
  });
}
