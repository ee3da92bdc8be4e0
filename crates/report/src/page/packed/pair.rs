//! The comparison of two contenders: what it says of the first one, and three ratios, each of which is shown with three
//! digits in both directions.
//!
//! Of a ratio and its inverse, the one with the larger digits is written, because they are finer. The other follows
//! from it to within a unit. A place is the number of such a ratio in their order, counted from the ratio 1.
//!
//! A pair is a letter for the word and the three units, or two letters where the word is rare. The place of the
//! estimate follows, and the distances of the two ends from it.

use contend_analysis::text::number;

use super::Letters;

/// The least and the greatest ratio that are written. They stand for all beyond them.
const RATIOS: (f64, f64) = (1e-4, 1e4);

/// The words of most pairs, each of which takes 27 letters: one for each combination of units.
const OFTEN: [char; 3] = ['f', 's', 'u'];

/// The words of other pairs, from [`RARE`] on.
const RARELY: [char; 4] = ['a', 'b', 't', 'n'];
const RARE: i64 = 81;

/// The letter of a pair without a comparison.
pub const NONE: char = 'y';

/// The places of a power of ten: 685 inverses and 684 ratios.
const POWER: i64 = 1369;
const INVERSES: i64 = 685;

/// The least digits of a ratio that is written as it is.
const FINE: i64 = 316;

/// The place of 1, counted by [`absolute`].
const ONE: i64 = -2 * POWER;

/// The greatest distance from 1 in two letters, and the letters before a longer one below or above.
const MIDDLE: i64 = 3960;
const BEYOND: i64 = 88;

/// An end is written as a distance in one letter or two, or as its own place: from the least one on.
const LEAST: i64 = 4 * POWER;

/// Writes a pair: the word's letter, and estimate, lower and upper end of the ratio.
pub fn push_pair(out: &mut String, word: char, ratios: [f64; 3]) {
    let mut letters = Letters::default();
    let fine = ratios.map(fine);
    let units = ratios.iter().zip(fine).fold(0, |all, (ratio, fine)| 3 * all + unit(*ratio, fine) + 1);
    if let Some(at) = OFTEN.iter().position(|often| *often == word) {
        letters.one(27 * at as i64 + units);
    } else {
        letters.one(RARE + RARELY.iter().position(|rare| *rare == word).unwrap_or_default() as i64);
        letters.one(units);
    }
    let [estimate, low, high] = fine.map(place);
    match (-MIDDLE..MIDDLE).contains(&estimate) {
        true => letters.two(estimate + MIDDLE),
        false => {
            letters.one(BEYOND + i64::from(estimate > 0));
            letters.two(estimate.abs());
        }
    }
    for (distance, end) in [(estimate - low, low), (high - estimate, high)] {
        if !letters.difference(distance, 0) {
            let from_least = end + LEAST;
            letters.one(from_least / 8100);
            letters.two(from_least % 8100);
        }
    }
    out.push_str(&letters.0);
}

/// A ratio of three digits with its power of ten, or the inverse of one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fine {
    inverse: bool,
    digits: i64,
    power: i64,
}

/// The finer one of a ratio and its inverse.
fn fine(ratio: f64) -> Fine {
    let (least, most) = RATIOS;
    let ratio = ratio.max(least).min(most);
    let of =
        |value: f64| number::digits(value).map_or((100, -2), |(digits, power)| (digits.into(), power.into()));
    match (of(ratio), of(1.0 / ratio)) {
        ((digits, power), _) if digits >= FINE => Fine { inverse: false, digits, power },
        // A value just below a power of ten has 1,000 units of the lower one.
        (_, (100, power)) => Fine { inverse: true, digits: 1000, power: power - 1 },
        (_, (digits, power)) => Fine { inverse: true, digits, power },
    }
}

/// The other one, from the digits that are written, as a number of units: 900 to a power of ten.
fn other(Fine { digits, power, .. }: Fine) -> i64 {
    // Half up, in whole numbers: the script has to find the same.
    units((200_000 + digits) / (2 * digits), -5 - power)
}

/// What has to be added to the other one to have its own three digits: -1, 0 or 1.
fn unit(ratio: f64, fine: Fine) -> i64 {
    let (least, most) = RATIOS;
    let ratio = ratio.max(least).min(most);
    let exact = if fine.inverse { ratio } else { 1.0 / ratio };
    let (digits, power) = number::digits(exact).unwrap_or((100, -2));
    (units(digits.into(), power.into()) - other(fine)).clamp(-1, 1)
}

fn units(digits: i64, power: i64) -> i64 {
    900 * power + digits - 100
}

/// The place of a ratio, counted from that of 1.
fn place(Fine { inverse, digits, power }: Fine) -> i64 {
    let absolute = match inverse {
        true => POWER * (-power - 5) + 1000 - digits,
        false => POWER * power + INVERSES + digits - FINE,
    };
    absolute - ONE
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::*;

    fn shown(units: i64) -> String {
        let value = format!("{}e{}", units.rem_euclid(900) + 100, units.div_euclid(900));
        number::short(value.parse().unwrap())
    }

    /// A place as a ratio and its inverse, like the page's script.
    fn both(place: i64, unit: i64) -> [i64; 2] {
        let absolute = place + ONE;
        let (power, rest) = (absolute.div_euclid(POWER), absolute.rem_euclid(POWER));
        let inverse = rest < INVERSES;
        let (digits, power) =
            if inverse { (1000 - rest, -power - 5) } else { (rest - INVERSES + FINE, power) };
        let fine = Fine { inverse, digits, power };
        let (own, other) = (units(digits, power), other(fine) + unit);
        if inverse { [other, own] } else { [own, other] }
    }

    /// Reads a pair like the page's script.
    fn read(text: &str) -> (char, [[i64; 2]; 3]) {
        let mut letters = Reader::new(text);
        let first = letters.one();
        let (word, units) = match first < RARE {
            true => (OFTEN[first as usize / 27], first % 27),
            false => (RARELY[(first - RARE) as usize], letters.one()),
        };
        let first = letters.one();
        let estimate = match first < BEYOND {
            true => first * 90 + letters.one() - MIDDLE,
            false => letters.two() * if first == BEYOND { -1 } else { 1 },
        };
        let mut end = |sign: i64| match letters.difference(0) {
            Some(distance) => estimate + sign * distance,
            None => letters.one() * 8100 + letters.two() - LEAST,
        };
        let places = [estimate, end(-1), end(1)];
        assert!(letters.is_at_end());
        let unit = |at: u32| units / 3_i64.pow(2 - at) % 3 - 1;
        (word, [0, 1, 2].map(|at| both(places[at], unit(at as u32))))
    }

    fn written(word: char, ratios: [f64; 3]) -> (char, [[String; 2]; 3]) {
        let mut out = String::new();
        push_pair(&mut out, word, ratios);
        let (word, found) = read(&out);
        (word, found.map(|both| both.map(shown)))
    }

    #[test]
    fn ratios_and_their_inverses_have_the_nearest_three_digits() {
        let mut ratio = 1.37e-4;
        while ratio < 9e3 {
            for width in [1.0, 1.003, 1.05, 1.4, 1.9] {
                let ratios = [ratio, f64::max(ratio / width, 1.01e-4), f64::min(ratio * width, 9.9e3)];
                let (word, found) = written('f', ratios);
                assert_eq!(word, 'f');
                for (found, wanted) in found.into_iter().zip(ratios) {
                    assert_eq!(found, [wanted, 1.0 / wanted].map(number::short), "{wanted}");
                }
            }
            ratio *= 1.000_937;
        }
    }

    /// Halves of a unit, powers of ten and their neighbours.
    #[test]
    fn a_ratio_at_an_edge_has_three_digits_in_both_directions() {
        let edges = [3.125, 0.32, 0.8, 1.25, 1.6, 0.625, 3.16, 3.155, 3.154, 0.316, 0.3165, 2.0, 0.5];
        let near =
            [0.9994, 0.9995, 0.9996, 0.99999, 1.0, 1.0004, 1.0005, 1.0006, 9.994, 9.995, 9.996, 10.0, 99.97];
        for ratio in edges.into_iter().chain(near) {
            let (_, [found, ..]) = written('u', [ratio; 3]);
            assert_eq!(found, [ratio, 1.0 / ratio].map(number::short), "{ratio}");
        }
    }

    #[test]
    fn places_are_in_the_order_of_ratios() {
        let ratios: Vec<f64> =
            (0..20_000).map(|step| 1.1e-4 * 1.000_9_f64.powi(step)).take_while(|of| *of < 9e3).collect();
        let places: Vec<i64> = ratios.iter().map(|ratio| place(fine(*ratio))).collect();
        assert!(ratios.len() > 10_000 && places.is_sorted());
        assert_eq!(place(fine(1.0)), 0);
    }

    #[test]
    fn words_are_read_as_they_were_written() {
        for word in OFTEN.into_iter().chain(RARELY) {
            let (found, [estimate, low, high]) = written(word, [1.72, 1.7, 2.5]);
            assert_eq!((found, &*estimate[0], &*low[1], &*high[1]), (word, "1.72", "0.588", "0.400"));
        }
        let mut often = String::new();
        push_pair(&mut often, 'f', [1.72, 1.7, 1.75]);
        assert_eq!(often.len(), 5, "{often}");
        let none = super::super::LETTERS.iter().position(|letter| char::from(*letter) == NONE);
        assert!(none.unwrap() as i64 >= RARE + RARELY.len() as i64, "no pair begins with it");
    }

    #[test]
    fn a_ratio_that_cannot_be_written_is_an_end() {
        let (_, [estimate, low, high]) = written('n', [1e9, f64::INFINITY, 0.0]);
        assert_eq!([&*estimate[0], &*low[0], &*high[0]], ["10,000", "10,000", "0.000100"]);
        assert_eq!([&*estimate[1], &*low[1], &*high[1]], ["0.000100", "0.000100", "10,000"]);
        written('n', [f64::NAN; 3]);
        assert_eq!(written('u', [1000.0, 1e-3, 9e3]).1[1][0], "0.00100");
    }
}
