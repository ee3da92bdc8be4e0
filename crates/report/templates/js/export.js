// Exports of a chart: Markdown, link, SVG, PNG, CSV, JSON.

const flash = (button, text) => {
  const before = button.textContent;
  button.textContent = text;
  setTimeout(() => { button.textContent = before; }, 1500);
};

const copy = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', { 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  flash(button, 'Copied');
};

const save = (name, type, parts) => {
  const address = URL.createObjectURL(parts instanceof Blob ? parts : new Blob([parts], { type }));
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};

/// The style sheet of charts with the reader's colours, which few programs know as variables.
const chartStyle = () => {
  const sheet = $('style').textContent;
  const scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const [, palette] = sheet.match(`color-scheme:${scheme};([^}]*)`);
  const colours = new Map(palette.split(';').map((one) => one.split(':')));
  return sheet.slice(sheet.indexOf('.chart{')).replace(/var\((--\w+)\)/g, (_, name) => colours.get(name));
};

/// A drawing as a standalone file.
const SVG = 'http://www.w3.org/2000/svg';
const standalone = (svg) => {
  const file = svg.cloneNode(true);
  // The page leaves the drawing's own heading out of sight.
  const [, top, width, height] = file.getAttribute('viewBox').split(' ').map(Number);
  file.setAttribute('viewBox', `0 0 ${width} ${height + top}`);
  file.setAttribute('height', height + top);
  file.setAttribute('xmlns', SVG);
  const style = document.createElementNS(SVG, 'style');
  style.textContent = chartStyle();
  const paper = document.createElementNS(SVG, 'rect');
  const attributes = { class: 'paper', width: '100%', height: '100%' };
  for (const [name, value] of Object.entries(attributes)) paper.setAttribute(name, value);
  file.prepend(style, paper);
  return new XMLSerializer().serializeToString(file);
};

const picture = (svg, name) => {
  const image = new Image();
  const [, top, width, below] = svg.getAttribute('viewBox').split(' ').map(Number);
  const height = top + below;
  image.onload = () => {
    const canvas = make('canvas', { width: width * 2, height: height * 2 });
    canvas.getContext('2d').drawImage(image, 0, 0, width * 2, height * 2);
    canvas.toBlob((blob) => save(name, 'image/png', blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
};

const shownCells = (variant) => variant.cells.filter((cell) => !cell.row.hidden);
/// A column's value: without the mean that may stand beside a median, since a program wants one number.
const field = (cell) => cell?.textContent.replace(/ mean .*$/, '').trim() ?? '';
/// The columns of a table, with that of the class, which a table of one class leaves out.
const withClass = (variant, columns, klass) => (variant.klass ? columns.toSpliced(2, 0, klass) : columns);
const fields = (variant, { row, klass }) => withClass(variant, variant.heads.map((_, index) => field(row.cells[index])), klass);

const csv = (variant) => {
  const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const heads = ['workload/variant', ...withClass(variant, variant.heads, 'class')];
  const rows = shownCells(variant).map((cell) => [variant.id, ...fields(variant, cell)]);
  return [heads, ...rows].map((row) => row.map(quote).join(',')).join('\n') + '\n';
};

const finite = (value) => (Number.isFinite(value) ? value : null);

const json = (variant) => JSON.stringify({
  run: data().run, variant: variant.id, unit: variant.unit,
  cells: shownCells(variant).map(({ id, klass, median, low, high, forks, windows, row }) => (
    Number.isFinite(median)
      ? { cell: id, class: klass, median, interval: [low, high].map(finite), forks, windows }
      : { cell: id, class: klass, reason: row.lastElementChild.textContent })),
}, null, 1);

/// A variant as Markdown, as Rust wrote it.
const markdown = (variant, anchor) =>
  data().markdown[variant.id].replace('{heading}', () => data().heading) + filled(data().conditions, { link: linkTo(anchor) });

const button = (label, act) =>
  make('button', { type: 'button', onclick: (event) => act(event.currentTarget) }, label);

for (const { variant, figure, svg } of charts) {
  const name = figure.id.slice(4);
  const buttons = () => make('p', {},
    button('Copy Markdown', (at) => copy(markdown(variant, figure.id), at)),
    button('Copy link', (at) => copy(linkTo(figure.id), at)),
    button('SVG', () => save(`${name}.svg`, 'image/svg+xml', standalone(svg))),
    button('PNG', () => picture(svg, `${name}.png`)),
    button('CSV', () => save(`${name}.csv`, 'text/csv', csv(variant))),
    button('JSON', () => save(`${name}.json`, 'application/json', json(variant))));
  const folded = make('details', { class: 'export' }, make('summary', {}, 'Export'));
  folded.addEventListener('toggle', () => folded.append(buttons()), { once: true });
  figure.append(folded);
}

$('#copy-answer')?.addEventListener('click', (event) => copy(answerAsMarkdown(), event.currentTarget));
$('#copy-link')?.addEventListener('click', (event) => copy(linkTo('ask'), event.currentTarget));
$('#swap')?.addEventListener('click', () => choose({ a: state.b, b: state.a }));
