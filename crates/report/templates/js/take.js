// What to take: what staying costs with the baseline that the reader chooses. The comparisons were made in Rust.

const takes = once(() => $$('.take tr[data-block]').map((row) => {
  const [{ block }, pick, cost] = [row.dataset, $('.pick', row).textContent, $('.cost', row)];
  const klass = once(() => $('td:first-of-type small', row)?.textContent
    ?? blockOf(block)?.cells.find(({ name }) => name === pick)?.klass ?? STRICTEST);
  return { row, block, klass, pick, cost, amount: row.dataset.of, own: [...cost.childNodes] };
}));

/// Shows the rows that are wanted. The name of a variant stands in its first one.
const showTakes = (isWanted) => {
  for (const take of takes()) take.row.hidden = !isWanted(take);
  for (const body of $$('.take tbody')) {
    const rows = [...body.rows].filter((row) => !row.hidden);
    const head = $('th', body);
    body.hidden = rows.length === 0;
    head.rowSpan = rows.length || 1;
    rows[0]?.prepend(head);
  }
};

/// The baseline of a block, as the page was written.
const baselineOf = (block) => {
  const kin = takes().find((of) => of.block === block)?.own.find(({ localName }) => localName === 'small');
  return kin?.textContent ?? DEFAULTS.base;
};

/// What a baseline costs in place of the contender to take, in the words of the table.
const costOf = ({ block, pick, amount }, base) => {
  if (pick === base) return [data().ask.own];
  const of = blockOf(block);
  const [there, back] = [[pick, base], [base, pick]].map((pair) => of && comparison(of, ...pair));
  if (!there || there.letter === 'n') return ['\u2013'];
  const cost = $('#cost').content.cloneNode(true);
  const texts = [there.times, `(${there.low}\u2013${there.high})`, amount, back.outcome];
  [...cost.children].forEach((part, index) => { part.textContent = texts[index] ?? part.textContent; });
  return [cost];
};

let costed = DEFAULTS.base;
const showCosts = () => {
  const { base } = state;
  if (base === costed) return;
  costed = base;
  const own = base === DEFAULTS.base;
  bases.value = base;
  for (const take of takes()) take.cost.replaceChildren(...(own ? take.own : costOf(take, base)));
  $('.take').classList.toggle('other-base', !own);
  for (const name of $$('#take-title bdi, .take thead bdi')) name.textContent = base;
};

bases?.addEventListener('input', () => choose({ base: bases.value }));
