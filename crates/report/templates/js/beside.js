// What happens with more threads, beside the heat map: the chart of lines of the variant that is asked about.

const beside = $('#beside');
const wide = matchMedia('(min-width:88rem)');

/// Where a wide screen has no room beside the map, what to take comes first.
const fits = () => !wide.matches || beside.getBoundingClientRect().top < $('.map:not([hidden])').getBoundingClientRect().bottom;

/// A small copy of a chart of lines. The pair stands out there, and what to take of the strictest class. Their names do
/// not fit beside the lines, so they are below, the pair first.
const smallCopy = ({ svg, figure }) => {
  const copy = svg.cloneNode(true);
  // The larger text of its ticks needs room at the left.
  const [right, margin] = [Number($('.unit.end', svg).getAttribute('x')), 16];
  const [, top, , height] = svg.getAttribute('viewBox').split(' ');
  copy.setAttribute('viewBox', [-margin, top, right + margin + 8, height].join(' '));
  for (const key of ['width', 'height']) copy.removeAttribute(key);
  const isAsked = (part) => [state.a, state.b].includes(nameOf(part));
  const isNamed = (part) => isAsked(part) || part.matches('.on') || / \((take|baseline)\b/.test(part.textContent);
  const named = $$('.n', copy).filter(isNamed).sort((one, other) => isAsked(other) - isAsked(one));
  const names = named.map(nameOf);
  for (const line of $$('.s', copy)) {
    line.classList.toggle('on', line.matches('.on') || isAsked(line));
    if (!names.includes(nameOf(line))) line.classList.replace('key', 'other');
  }
  const legend = named.map((part) => make('li', { class: part.getAttribute('class').replace(/.* c/, 'f') }, part.textContent));
  for (const part of $$('.n, .lead', copy)) part.remove();
  const title = make('a', { href: `#${figure.id}` }, $('title', svg).textContent);
  return [make('figcaption', {}, title), copy, make('ul', {}, ...legend)];
};

let shownChoices;
const showBeside = () => {
  const choices = ['a', 'b', 'in', 'pick', 'heat', ...FILTERS].map((key) => state[key]).join('\n');
  if (!beside || choices === shownChoices) return;
  shownChoices = choices;
  const isShown = (id) => maps.some(({ element, heads }) => !element.hidden
    && heads.some(({ dataset }) => dataset.block.startsWith(`${id}/`)));
  const asked = $$('#answers tbody th').map((head) => head.textContent).filter(isShown);
  const withLines = charts.filter(({ lines }) => lines);
  beside.hidden = asked.length === 0 || withLines.length === 0;
  if (beside.hidden) return;
  const chart = withLines.find(({ variant: { id, section } }) => !section.hidden && asked.includes(id));
  const none = `${asked.join(' and ')}: no chart over threads, which needs three counts.`;
  beside.replaceChildren(...(chart ? smallCopy(chart) : [make('figcaption', { class: 'note' }, none)]));
  beside.hidden = !fits();
};

wide.addEventListener('change', () => { shownChoices = undefined; showBeside(); });
