// What happens with more threads, beside the heat map: the chart of lines of the variant that is asked about. The pair
// stands out there, and what to take of the strictest class. Their names do not fit beside the lines, so they are below.

const beside = $('#beside');
const wide = matchMedia('(min-width:88rem)');
let besides;

/// Where a wide screen has no room beside the map, what to take comes first.
const fits = () => !wide.matches || beside.getBoundingClientRect().top < $('.map:not([hidden])').getBoundingClientRect().bottom;

const showBeside = () => {
  const now = ['a', 'b', 'in', 'pick', 'heat', ...FILTERS].map((key) => state[key]).join('\n');
  if (!beside || now === besides) return;
  besides = now;
  const isShown = (id) => maps.some(({ element, heads }) => !element.hidden
    && heads.some(({ dataset }) => dataset.block.startsWith(`${id}/`)));
  const asked = $$('#answers tbody th').map((head) => head.textContent).filter(isShown);
  const chart = charts.find(({ lines, variant: { id, section } }) => lines && !section.hidden && asked.includes(id));
  beside.hidden = asked.length === 0 || !charts.some(({ lines }) => lines);
  if (beside.hidden) return;
  if (!chart) {
    const none = `${asked.join(' and ')}: no chart over threads, which needs three counts.`;
    beside.replaceChildren(make('figcaption', { class: 'note' }, none));
    beside.hidden = !fits();
    return;
  }
  const svg = chart.svg.cloneNode(true);
  const view = svg.getAttribute('viewBox').split(' ');
  view[2] = Number($('.unit.end', svg).getAttribute('x')) + 8;
  svg.setAttribute('viewBox', view.join(' '));
  for (const key of ['width', 'height']) svg.removeAttribute(key);
  const pair = [state.a, state.b];
  const isAsked = (part) => pair.includes(nameOf(part));
  const isNamed = (part) => isAsked(part) || part.matches('.on') || / \((take|baseline)\b/.test(part.textContent);
  const named = $$('.n', svg).filter(isNamed).sort((one, other) => isAsked(other) - isAsked(one));
  const names = named.map(nameOf);
  for (const part of $$('.s', svg)) {
    part.classList.toggle('on', part.matches('.on') || isAsked(part));
    if (!names.includes(nameOf(part))) part.classList.replace('key', 'other');
  }
  const legend = named.map((part) => make('li', { class: part.getAttribute('class').replace(/.* c/, 'f') }, part.textContent));
  for (const part of $$('.n, .lead', svg)) part.remove();
  const title = make('a', { href: `#${chart.figure.id}` }, $('title', svg).textContent);
  beside.replaceChildren(make('figcaption', {}, title), svg, make('ul', {}, ...legend));
  beside.hidden = !fits();
};

wide.addEventListener('change', () => { besides = undefined; showBeside(); });
