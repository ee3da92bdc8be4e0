// Reads the numbers of the data element: see `page/packed/`.

/// Computes a value when it is first used. Most of a page never is.
const once = (make) => {
  let made;
  return () => { made ??= make(); return made; };
};

const DIGIT = new Map(Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .filter((letter) => !'"\\<&|'.includes(letter)).map((letter, index) => [letter, index]));

/// The letters that a difference of two letters begins with, and the one before any number.
const PREFIX = 80;
const ANY = 89;

const lettersOf = (text) => {
  let at = 0;
  const one = () => { at += 1; return DIGIT.get(text[at - 1]); };
  const two = () => one() * 90 + one();
  /// The number at a difference from an expected one; `any` reads one that is not.
  const near = (expected, way, back, any) => {
    const first = one();
    if (first === ANY) return any();
    return expected + way * (first < PREFIX ? first : (first - PREFIX) * 90 + one() - back);
  };
  const count = () => { const first = one(); return first === ANY ? one() * 8100 + two() : first; };
  return { one, two, near, count, more: () => at < text.length };
};

/// Three digits with their power of ten.
const decimal = (digits, power) => Number(`${digits}e${power}`);

const BACK = 300;
const TOGETHER = 4;
const OFF = 81;
const BELOW = 40;

/// The mean of some numbers, as Rust finds it.
const meanOf = (indices) => {
  if (indices.length === 0) return 0;
  const sum = indices.reduce((all, index) => all + ((index % 900) + 100) * 10 ** Math.floor(index / 900), 0);
  let [count, power] = [indices.length, 0];
  while (sum >= 1000 * count) { count *= 10; power += 1; }
  return 900 * power + Math.floor(sum / count) - 100;
};

/// A cell's forks, and its windows by fork.
const rowOf = (text) => {
  if (text === '') return { forks: [], windows: [] };
  const { one, two, near, count } = lettersOf(text);
  const [least, forks, each] = [one() - 45, count(), count()];
  const counts = each > 0 ? Array(forks).fill(each) : Array.from({ length: count() }, count);
  const base = two();
  const window = () => near(base, 1, BACK, two);
  const windows = counts.map((length) => Array.from({ length }, window));
  const values = [];
  while (values.length < forks) {
    const from = values.length;
    const length = Math.min(TOGETHER, forks - from);
    const expected = Array.from({ length }, (_, at) => meanOf(windows[from + at] ?? []));
    const all = one();
    values.push(...expected.map((mean, at) => (all === OFF
      ? near(mean - BELOW, 1, BACK, two)
      : mean + (Math.floor(all / 3 ** (length - 1 - at)) % 3) - 1)));
  }
  const value = (index) => decimal((index % 900) + 100, least + Math.floor(index / 900));
  return { forks: values.map(value), windows: windows.map((of) => of.map(value)) };
};

/// The words of pairs, and the letter of a pair without a comparison.
const OFTEN = 'fsu';
const RARELY = 'abtn';
const RARE = 81;
const NONE = 85;

/// Places of ratios: see `page/packed/pair.rs`.
const POWER = 1369;
const INVERSES = 685;
const FINE = 316;
const MIDDLE = 3960;
const BEYOND = 88;
const LEAST = 4 * POWER;

/// The ratio of a place and its inverse. One is written, and the other follows from it to within a unit.
const bothOf = (place, unit) => {
  const absolute = place - 2 * POWER;
  const whole = Math.floor(absolute / POWER);
  const rest = absolute - POWER * whole;
  const inverse = rest < INVERSES;
  const [digits, power] = inverse ? [1000 - rest, -whole - 5] : [rest - INVERSES + FINE, whole];
  const index = 900 * (-5 - power) + Math.floor((200000 + digits) / (2 * digits)) - 100 + unit;
  const at = Math.floor(index / 900);
  const other = decimal(index - 900 * at + 100, at);
  const own = decimal(digits, power);
  return inverse ? [other, own] : [own, other];
};

/// The pairs of a block: a word's letter, and estimate, lower and upper end, each with its inverse.
const pairsOf = (text) => {
  const { one, two, near, more } = lettersOf(text);
  const pairs = [];
  while (more()) {
    const first = one();
    if (first === NONE) {
      pairs.push(undefined);
      continue;
    }
    const rare = first >= RARE;
    const units = rare ? one() : first % 27;
    const start = one();
    const estimate = start < BEYOND ? start * 90 + one() - MIDDLE : two() * (start === BEYOND ? -1 : 1);
    const any = () => one() * 8100 + two() - LEAST;
    const places = [estimate, near(estimate, -1, 0, any), near(estimate, 1, 0, any)];
    pairs.push({
      letter: rare ? RARELY[first - RARE] : OFTEN[Math.floor(first / 27)],
      ratios: places.map((place, at) => bothOf(place, (Math.floor(units / 3 ** (2 - at)) % 3) - 1)),
    });
  }
  return pairs;
};

