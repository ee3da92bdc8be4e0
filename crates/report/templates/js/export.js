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

/// A drawing as a standalone file, in the reader's colours.
const standalone = (svg) => {
  const file = svg.cloneNode(true);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const [, , width, height] = file.getAttribute('viewBox').split(' ');
  file.setAttribute('xmlns', SVG);
  file.setAttribute('width', width);
  file.setAttribute('height', height);
  file.setAttribute('class', `chart ${dark ? 'dark' : 'light'}`);
  $('.ring', file)?.remove();
  const style = document.createElementNS(SVG, 'style');
  style.textContent = $('#chart-style').textContent;
  const paper = document.createElementNS(SVG, 'rect');
  const attributes = { class: 'paper', width: '100%', height: '100%' };
  for (const [name, value] of Object.entries(attributes)) paper.setAttribute(name, value);
  file.prepend(style, paper);
  return new XMLSerializer().serializeToString(file);
};

const picture = (svg, name) => {
  const image = new Image();
  const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
  image.onload = () => {
    const canvas = make('canvas', { width: width * 2, height: height * 2 });
    canvas.getContext('2d').drawImage(image, 0, 0, width * 2, height * 2);
    canvas.toBlob((blob) => save(name, 'image/png', blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
};

const shownCells = (variant) => variant.cells.filter((cell) => !cell.row.hidden);
const fields = (variant, row) => variant.heads.map((_, index) => row.cells[index]?.textContent.trim() ?? '');

const csv = (variant) => {
  const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const exact = (value) => (Number.isFinite(value) ? String(value) : '');
  const full = (cell) => [cell.median, cell.low, cell.high].map(exact);
  const heads = ['workload/variant', ...variant.heads, `median ${variant.unit}`, 'low', 'high'];
  const rows = shownCells(variant).map((cell) => [variant.id, ...fields(variant, cell.row), ...full(cell)]);
  return [heads, ...rows].map((row) => row.map(quote).join(',')).join('\n') + '\n';
};

const finite = (value) => (Number.isFinite(value) ? value : null);

const json = (variant) => JSON.stringify({
  run: data().run, variant: variant.id, unit: variant.unit,
  cells: shownCells(variant).map(({ id, klass, median, low, high, forks, windows, row }) => (
    Number.isFinite(median)
      ? { cell: id, class: klass, median, interval: [low, high].map(finite), forks, windows }
      : { cell: id, class: klass, reason: row.cells[3].textContent })),
}, null, 1);

/// Names and text as GitHub's Markdown: see the analysis crate, `text/markdown.rs`.
const code = (name) => (/^[^`|\\<>&\p{Cc}]+$/u.test(name) ? `\`${name}\`` : `<code>${entities(name)}</code>`);
const entities = (text) => text.replace(/[&<>"'|`\\*_[\]~]/g, (letter) => `&#${letter.codePointAt(0)};`);
const words = (text) => text.replace(/[\\`*_{}[\]|~#]/g, '\\$&')
  .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const markdown = (variant) => {
  const board = $$(`.matrix [data-of="${CSS.escape(variant.section.id)}"]`);
  const classOf = (row) => (row.className ? ` (${$('i', row.cells[0]).textContent})` : '');
  const verdicts = board.flatMap((row) => $$('td', row).map((field) =>
    `- ${field.dataset.at}${classOf(row)}: ${words(field.textContent)}`));
  const rate = variant.time ? ['Mops/s'] : [];
  const columns = ['threads', 'contender', 'class', ...rate, variant.unit, 'interval', 'forks'];
  const row = (cell) => {
    const of = fields(variant, cell.row);
    return `| ${columns.map((head) => {
      const text = of[variant.heads.indexOf(head)];
      return head === 'contender' ? code(text) : words(text);
    }).join(' | ')} |`;
  };
  return [
    `### ${code(variant.id)}`, '', ...verdicts, '',
    '<details><summary>All numbers</summary>', '',
    `| ${columns.map(words).join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`,
    ...shownCells(variant).map(row), '', '</details>', '',
    `${words(data().trust)}. ${words($('h1').textContent)}. Run ${code(data().run)}.`,
    `Reproduce with ${code(data().command)}.`, '',
  ].join('\n');
};

for (const variant of variants) {
  for (const figure of [variant.chart, ...$$('figure', variant.section)]) {
    if (!figure) continue;
    const svg = $('svg', figure);
    const name = figure.id.slice(4);
    const button = (label, act) =>
      make('button', { type: 'button', onclick: (event) => act(event.currentTarget) }, label);
    const buttons = () => make('p', {},
      button('Copy Markdown', (at) => copy(markdown(variant), at)),
      button('Copy link', (at) => copy(location.href.split('#')[0] + hash(figure.id), at)),
      button('SVG', () => save(`${name}.svg`, 'image/svg+xml', standalone(svg))),
      button('PNG', () => picture(svg, `${name}.png`)),
      button('CSV', () => save(`${name}.csv`, 'text/csv', csv(variant))),
      button('JSON', () => save(`${name}.json`, 'application/json', json(variant))));
    const folded = make('details', { class: 'export' }, make('summary', {}, 'Export'));
    folded.addEventListener('toggle', () => folded.append(buttons()), { once: true });
    figure.append(folded);
  }
}
