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

const LETTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .filter((letter) => !'"\\<&|'.includes(letter));
const DIGIT = new Map(LETTERS.map((letter, index) => [letter, index]));

/// Decodes numbers of two characters each: see `page/embedded_data.rs`.
const numbers = (text, power) => {
  const found = [];
  for (let at = 0; at + 1 < text.length; at += 2) {
    const index = DIGIT.get(text[at]) * 90 + DIGIT.get(text[at + 1]);
    found.push(Number(`${(index % 900) + 100}e${power + Math.floor(index / 900)}`));
  }
  return found;
};

/// Splits a text into parts of this many letters.
const parts = (text, letters) =>
  Array.from({ length: text.length / letters || 0 }, (_, index) => text.substr(index * letters, letters));

/// Computes a value when it is first used. Most of a page never is.
const once = (make) => {
  let made;
  return () => { made ??= make(); return made; };
};

const data = once(() => JSON.parse($('#data').textContent));

/// The words of a workload's description. `sync.WaitGroup` gives three: itself and its parts.
const wordsOf = (workload) => {
  const text = $('.about dd', workload)?.textContent.toLowerCase() ?? '';
  return (text.match(/[\w./]+/g) ?? []).flatMap((word) => [word, ...word.split(/[./]/).filter(Boolean)]);
};

/// A cell: a row of a table with its entry in the data element.
const cellOf = (variant, stands, row, packed) => {
  const [threads, klass] = [parseInt(row.cells[1].textContent, 10), row.cells[2].textContent.trim()];
  const [median, low, high] = ($('[data-v]', row)?.dataset.v ?? '').split(' ').map(parseFloat);
  const [power, forks = '', each = '', ...windows] = packed.split('|');
  const name = row.cells[0].textContent;
  const unpacked = once(() => ({
    forks: numbers(forks, Number(power)),
    windows: (each ? parts(windows[0], 2 * each) : windows).map((of) => numbers(of, Number(power))),
  }));
  return {
    id: `${variant.id}/${name}/${threads}`, name, threads, klass, row, stands, median, low, high,
    kind: row.className,
    get forks() { return unpacked().forks; },
    get windows() { return unpacked().windows; },
  };
};

/// A variant: its table, its chart and its cells. `from` is the index of its first row in the data element.
const variantOf = (table, from) => {
  const section = table.closest('section');
  const heads = once(() => $$('thead th', table).map((head) => head.textContent));
  const cells = once(() => {
    const stands = wordsOf(table.closest('.workload'));
    return $$('tbody tr', table).map((row, index) => cellOf(variant, stands, row, data().rows[from + index]));
  });
  const variant = {
    id: table.dataset.variant, section, table, count: table.tBodies[0].rows.length,
    chart: document.getElementById(`fig-${section.id.slice(3)}`),
    get heads() { return heads(); },
    get time() { return heads().includes('Mops/s'); },
    get unit() { return this.time ? 'ns/op' : heads()[3]; },
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
const cellsOf = (variant, name) => variant.cells.filter((cell) => cell.name === name && cell.median > 0);
