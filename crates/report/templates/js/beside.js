// What happens with more threads, beside the heat map: the chart of lines of the variant that is asked about. The pair
// stands out there. Names do not fit beside its lines, so those that stand out are below.

const beside = $('#beside');
const wide = matchMedia('(min-width:88rem)');
let besides;

/// Where a wide screen has no room beside the map, what to take comes first.
const fits = () => !wide.matches || beside.getBoundingClientRect().top < $('.map:not([hidden])').getBoundingClientRect().bottom;

const showBeside = () => {
  const now = ['a', 'b', 'in', 'pick', 'heat', ...FILTERS].map((key) => state[key]).join('\n');
  if (!beside || now === besides) return;
  besides = now;
  const asked = $$('#answers tbody th').map((head) => head.textContent);
  const chart = charts.find(({ lines, variant: { id, section } }) => lines && !section.hidden && asked.includes(id));
  beside.hidden = !chart;
  if (!chart) return;
  const svg = chart.svg.cloneNode(true);
  const view = svg.getAttribute('viewBox').split(' ');
  view[2] = Number($('.unit.end', svg).getAttribute('x')) + 8;
  svg.setAttribute('viewBox', view.join(' '));
  for (const key of ['width', 'height']) svg.removeAttribute(key);
  const pair = [state.a, state.b];
  for (const part of $$('.s', svg)) part.classList.toggle('on', part.matches('.on') || pair.includes(nameOf(part)));
  const named = $$('.n', svg).filter((part) => part.matches('.key, .on') || pair.includes(nameOf(part)));
  const names = named.map((part) => make('li', { class: part.getAttribute('class').replace(/.* c/, 'f') }, part.textContent));
  for (const part of $$('.n, .lead', svg)) part.remove();
  const title = make('a', { href: `#${chart.figure.id}` }, $('title', svg).textContent);
  beside.replaceChildren(make('figcaption', {}, title), svg, make('ul', {}, ...names));
  beside.hidden = !fits();
};

wide.addEventListener('change', () => { besides = undefined; showBeside(); });
