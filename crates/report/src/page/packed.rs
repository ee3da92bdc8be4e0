//! Numbers as text in few characters, for the page's script: three significant digits in two characters, which are
//! 900 p + d - 100 in base 90, for the digits d and the power of ten k + p. Decimal numbers would make a page of sixty
//! thousand windows larger than a megabyte.

use contend_analysis::text::number;

/// Writes a value as a multiple of a power of ten from 10^`least` on. A value that is not a positive number, or nine
/// powers above, is left out.
pub fn push(out: &mut String, value: f64, least: i32) {
    if let Some(index) = index_of(value, least) {
        write(out, index);
    }
}

/// The power of ten of the least ratio.
const LEAST_RATIO: i32 = -6;

/// The least and the greatest ratio that are written. They stand for all beyond them.
const RATIOS: (f64, f64) = (1e-4, 1e4);

/// Added to the differences of inverses, which are small and of either sign.
const MIDDLE: i64 = 10;

/// Writes ratios, and what their inverses need. The inverse of a rounded ratio may differ from the rounded inverse by a
/// few units, and these differences follow the ratios in two characters.
pub fn push_ratios(out: &mut String, ratios: [f64; 3]) {
    let indices = ratios.map(ratio_index);
    indices.iter().for_each(|index| write(out, *index));
    let differences = ratios.iter().zip(indices).map(|(ratio, index)| {
        let rounded = i64::from(ratio_index(1.0 / ratio_of(index)));
        (i64::from(ratio_index(1.0 / ratio)) - rounded + MIDDLE).clamp(0, 2 * MIDDLE - 1)
    });
    let all = differences.fold(0, |all, difference| all * 2 * MIDDLE + difference);
    write(out, u32::try_from(all).unwrap_or_default());
}

fn ratio_index(ratio: f64) -> u32 {
    let (least, most) = RATIOS;
    index_of(ratio.max(least).min(most), LEAST_RATIO).unwrap_or_default()
}

/// The ratio of an index.
fn ratio_of(index: u32) -> f64 {
    let power = LEAST_RATIO + i32::try_from(index / 900).unwrap_or_default();
    // As a browser reads a decimal number, so that both round its inverse alike.
    format!("{}e{power}", index % 900 + 100).parse().unwrap_or(1.0)
}

fn index_of(value: f64, least: i32) -> Option<u32> {
    let (digits, power) = number::digits(value)?;
    let steps = power.checked_sub(least).and_then(|steps| u32::try_from(steps).ok())?;
    (steps < 9).then_some(900 * steps + digits - 100)
}

fn write(out: &mut String, index: u32) {
    out.push(letter(index / 90));
    out.push(letter(index % 90));
}

/// The digits of base 90: printable ASCII without the characters that JSON, HTML or the row's format uses.
const LETTERS: &[u8; 90] =
    b" !#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~";

fn letter(index: u32) -> char {
    char::from(LETTERS[index as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads numbers like the page's script.
    fn read(text: &str, least: i32) -> Vec<f64> {
        let index = |letter: u8| (0..90).find(|index| super::letter(*index) == char::from(letter));
        text.as_bytes()
            .chunks(2)
            .map(|pair| index(pair[0]).unwrap() * 90 + index(pair[1]).unwrap())
            .map(|index| f64::from(index % 900 + 100) * 10f64.powi(least + (index / 900) as i32))
            .collect()
    }

    #[test]
    fn a_number_keeps_three_digits() {
        let mut out = String::new();
        for value in [1.005e1, 99.96, 1234.0, 999.0e6, 0.0, -1.0, f64::NAN, 1e30] {
            push(&mut out, value, -1);
        }
        let shown: Vec<String> = read(&out, -1).into_iter().map(number::short).collect();
        assert_eq!(shown, ["10.1", "100", "1,230", "999,000,000"]);
    }

    /// Reads ratios and their inverses like the page's script.
    fn read_ratios(text: &str) -> ([f64; 3], [f64; 3]) {
        let index = |at: usize| {
            let digit =
                |letter: u8| (0..90).find(|index| super::letter(*index) == char::from(letter)).unwrap();
            digit(text.as_bytes()[at]) * 90 + digit(text.as_bytes()[at + 1])
        };
        let ratios = [0, 2, 4].map(|at| ratio_of(index(at)));
        let differences = [index(6) / 400, index(6) / 20 % 20, index(6) % 20];
        let inverse = |at: usize| ratio_of(ratio_index(1.0 / ratios[at]) + differences[at] - 10);
        (ratios, [0, 1, 2].map(inverse))
    }

    #[test]
    fn ratios_and_their_inverses_have_the_nearest_three_digits() {
        let mut ratio = 1.37e-4;
        while ratio < 9e3 {
            let ratios = [ratio, ratio * 0.9, ratio * 1.1];
            let mut out = String::new();
            push_ratios(&mut out, ratios);
            assert_eq!(out.len(), 8);
            let (found, inverses) = read_ratios(&out);
            for at in 0..3 {
                assert_eq!(number::short(found[at]), number::short(ratios[at]));
                assert_eq!(number::short(inverses[at]), number::short(1.0 / ratios[at]), "{}", ratios[at]);
            }
            ratio *= 1.000_937;
        }
    }

    #[test]
    fn a_ratio_that_cannot_be_written_is_an_end() {
        let mut out = String::new();
        push_ratios(&mut out, [1e9, f64::INFINITY, 0.0]);
        assert_eq!(read_ratios(&out), ([1e4, 1e4, 1e-4], [1e-4, 1e-4, 1e4]));
        out.clear();
        push_ratios(&mut out, [f64::NAN; 3]);
        assert_eq!(out.len(), 8);
    }

    #[test]
    fn there_are_ninety_letters() {
        let letters: std::collections::BTreeSet<char> = (0..90).map(letter).collect();
        assert_eq!(letters.len(), 90);
        assert!([' ', '~'].iter().all(|kept| letters.contains(kept)));
        assert!(['"', '\\', '<', '&', '|'].iter().all(|used| !letters.contains(used)));
    }
}
