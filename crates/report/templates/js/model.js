// The model of the page, from its own tables and data element. Nothing is fetched.

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

/// Creates an element with attributes and children. Strings become text.
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
};

/// Three significant digits, as in the analysis crate, `text/number.rs`.
const short = (value) => {
  if (!Number.isFinite(value)) return 'n/a';
  if (value === 0) return '0';
  const sign = value < 0 ? '\u2212' : '';
  const [digits, power] = Math.abs(value).toExponential(2).split('e');
  const exponent = Number(power);
  if (exponent >= 9 || exponent < -4) return `${sign}${digits}e${exponent}`;
  const rounded = Number(`${digits}e${exponent}`);
  if (exponent < 2) return sign + rounded.toFixed(2 - exponent);
  return sign + rounded.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
};

const data = once(() => JSON.parse($('#data').textContent));
const packedRows = once(() => data().rows.split('|'));

/// The words of a workload's description. `sync.WaitGroup` gives three: itself and its parts.
const wordsOf = (workload) => {
  const text = $('.about dd', workload)?.textContent.toLowerCase() ?? '';
  return (text.match(/[\w./]+/g) ?? []).flatMap((word) => [word, ...word.split(/[./]/).filter(Boolean)]);
};

/// The number that a field or a text shows; none for other text.
const numberIn = (field) => parseFloat((field?.textContent ?? field ?? '').replaceAll(',', '').replace('\u2212', '-'));

/// A cell: a row of a table, and its entry in the data element. Only what a filter needs is read at once.
class Cell {
  #variant;
  #place;

  constructor(variant, stands, row, place) {
    const head = row.firstElementChild;
    const count = head.nextElementSibling;
    this.#variant = variant;
    this.#place = place;
    this.name = head.textContent;
    this.threads = parseInt(count.textContent, 10);
    this.kind = row.className;
    this.klass = variant.klass === undefined ? count.nextElementSibling.textContent.trim() : this.kind === 'floor' ? 'floor' : variant.klass;
    this.id = `${variant.id}/${this.name}/${this.threads}`;
    this.text = this.id.toLowerCase();
    this.row = row;
    this.stands = stands;
  }

  /// The field with this distance from that of the value.
  #field(after) { return this.row.children[this.#variant.heads.indexOf(this.#variant.unit) + after]; }
  #end(which) { return numberIn(this.#field(1)?.textContent.split('\u2013')[which]); }
  #unpacked() { return rowOf(packedRows()[this.#place]); }
  get median() { return numberIn(this.#field(0)); }
  get low() { return this.#end(0); }
  get high() { return this.#end(1); }
  get forks() { return this.#unpacked().forks; }
  get windows() { return this.#unpacked().windows; }
}

/// A variant: its table and its cells. `from` is the index of its first row in the data element.
const variantOf = (table, from) => {
  const section = table.closest('section');
  const heads = once(() => $$('thead th', table).map((head) => head.textContent));
  const time = once(() => heads().includes('Mops/s'));
  const cells = once(() => {
    const stands = wordsOf(table.closest('.workload'));
    return [...table.tBodies[0].rows].map((row, index) => new Cell(variant, stands, row, from + index));
  });
  const variant = {
    id: table.dataset.variant, klass: table.dataset.class, section, table, count: table.tBodies[0].rows.length,
    get heads() { return heads(); },
    get time() { return time(); },
    get unit() { return this.time ? 'ns/op' : heads()[this.klass ? 2 : 3]; },
    get cells() { return cells(); },
  };
  return variant;
};

const variants = [];
{
  let place = 0;
  for (const table of $$('.numbers table')) {
    variants.push(variantOf(table, place));
    place += variants.at(-1).count;
  }
}

const threadsOf = (count) => `${count} ${count === 1 ? 'thread' : 'threads'}`;

/// The contenders of a block that have numbers, in the order of its rows.
const measured = once(() => {
  const blocks = new Map();
  for (const variant of variants) {
    for (const cell of variant.cells) {
      if (cell.kind || cell.row.cells.length < 6) continue;
      const block = `${variant.id}/${cell.threads}`;
      if (!blocks.has(block)) blocks.set(block, { block, variant, threads: cell.threads, cells: [] });
      blocks.get(block).cells.push(cell);
    }
  }
  return [...blocks.values()];
});

/// A block by its id.
const blocks = once(() => new Map(measured().map((of) => [of.block, of])));
const blockOf = (id) => blocks().get(id);
