//! How numbers are written: three significant digits, ties away from zero (as a browser's `toPrecision` rounds),
//! grouped thousands, and powers of ten outside 0.0001 to 10⁹. The page's method section says so.

/// The text in place of a missing number.
pub const NONE: &str = "n/a";

/// How far the arithmetic may miss a whole number.
const HAIR: f64 = 1e-9;

/// `value` with three significant digits: `0.340`, `12.3`, `1,230`, `1.23e9`. [`NONE`] where it is not finite.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let (digits, exponent) = three_digits(value.abs());
    let digits = digits.to_string();
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    let (first, rest) = digits.split_at(1);
    match exponent {
        9.. | ..-4 => format!("{sign}{first}.{rest}e{exponent}"),
        2.. => {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 2);
            format!("{sign}{}", grouped(&format!("{digits}{zeros}")))
        }
        0.. => {
            let (whole, part) = digits.split_at(exponent.unsigned_abs() as usize + 1);
            format!("{sign}{whole}.{part}")
        }
        _ => {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            format!("{sign}0.{zeros}{digits}")
        }
    }
}

/// The three digits of `value` and their power of ten: 12.34 is 123 times 10^-1. None where it is not
/// positive and finite.
pub fn digits(value: f64) -> Option<(u32, i32)> {
    if !value.is_finite() || value <= 0.0 {
        return None;
    }
    let (digits, exponent) = three_digits(value);
    Some((digits, exponent - 2))
}

/// A whole number with grouped thousands: `1,048,576`.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A factor: `1.82×`.
pub fn times(factor: f64) -> String {
    format!("{}×", short(factor))
}

/// An upper bound on a factor with three digits, rounded up, as the sentences on bounds are: 1.0345 is `1.04×`.
pub fn at_most(factor: f64) -> String {
    bound(factor, f64::ceil)
}

/// A lower bound on a factor with three digits, rounded down.
pub fn at_least(factor: f64) -> String {
    bound(factor, f64::floor)
}

/// A factor whose further digits are rounded by `whole`.
fn bound(factor: f64, whole: fn(f64) -> f64) -> String {
    let unit = digits(factor).map_or(1.0, |(_, power)| 10f64.powi(power));
    let units = factor / unit;
    // What is a hair beside a whole number is that number: the hair is from the arithmetic.
    let near = units.round();
    let units = if (units - near).abs() < HAIR { near } else { whole(units) };
    times(units * unit)
}

/// A factor with its interval: `1.82× (1.75–1.90)`.
pub fn times_with_interval(factor: f64, low: f64, high: f64) -> String {
    format!("{} ({}–{})", times(factor), short(low), short(high))
}

/// A share as a percentage: 0.034 is `3.40 %`, with a no-break space.
pub fn percent(share: f64) -> String {
    format!("{}\u{a0}%", short(share * 100.0))
}

/// A threshold as a percentage without needless digits: 0.03 is `3 %`.
pub fn threshold(share: f64) -> String {
    let hundredths = (share * 1e4).round() / 100.0;
    format!("{hundredths}\u{a0}%")
}

/// How far a contender is behind the best, from the bound on the ratio of their times, rounded up: `7 % behind the
/// best`, and from twice the time on `2.4× the best's time`.
pub fn behind_the_best(ratio: f64) -> String {
    // A bound that is a hair above a whole number is that number: the hair is from the arithmetic.
    let up = |value: f64| (value - HAIR).ceil();
    match ratio {
        ratio if !ratio.is_finite() => NONE.to_owned(),
        ratio if ratio < 2.0 => {
            format!("{}\u{a0}% behind the best", up(100.0 * (ratio - 1.0)).max(0.0) + 0.0)
        }
        ratio if ratio < 10.0 => format!("{:.1}× the best's time", up(10.0 * ratio) / 10.0),
        ratio => format!("{}× the best's time", count(up(ratio) as u64)),
    }
}

/// A duration: `8 ms`, `1.5 s`, `4 min 30 s`.
pub fn duration_ns(ns: f64) -> String {
    if !ns.is_finite() {
        return NONE.to_owned();
    }
    let trimmed = |value: f64, unit: &str| {
        let text = short(value);
        let text = match text.contains('.') && !text.contains('e') {
            true => text.trim_end_matches('0').trim_end_matches('.'),
            false => &text,
        };
        format!("{text}\u{a0}{unit}")
    };
    match ns {
        _ if ns < 1e3 => trimmed(ns, "ns"),
        _ if ns < 1e6 => trimmed(ns / 1e3, "µs"),
        _ if ns < 1e9 => trimmed(ns / 1e6, "ms"),
        _ if ns < 60e9 => trimmed(ns / 1e9, "s"),
        _ => {
            let seconds = (ns / 1e9).round() as u64;
            format!("{}\u{a0}min {}\u{a0}s", seconds / 60, seconds % 60)
        }
    }
}

/// A count with its noun: `1 thread`, `2 threads`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", self::count(count as u64))
}

/// Three digits, and the power of ten of the first one. Ties round up as in a browser, which shows the same
/// numbers. Rust's own formatting would round them to even.
fn three_digits(value: f64) -> (u32, i32) {
    let text = format!("{value:.16e}");
    // What looks like a tie may be just below one. 25 digits decide: a double has 17.
    match text.get(4..).is_some_and(|rest| rest.starts_with("5000000000000")) {
        true => rounded(&format!("{value:.24e}")),
        false => rounded(&text),
    }
}

/// The first three digits of `d.ddd…e±x`, rounded up where the fourth is 5 or more.
fn rounded(text: &str) -> (u32, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digit = |place: usize| mantissa.as_bytes().get(place).map_or(0, |byte| u32::from(byte - b'0'));
    let kept = 100 * digit(0) + 10 * digit(2) + digit(3);
    match kept + u32::from(digit(4) >= 5) {
        1000 => (100, exponent + 1),
        rounded => (rounded, exponent),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_rounded_up() {
        let of = |ratio: f64| behind_the_best(ratio).replace('\u{a0}', " ");
        assert_eq!(of(1.0), "0 % behind the best");
        assert_eq!(of(1.0401), "5 % behind the best");
        assert_eq!(of(1.1), "10 % behind the best");
        assert_eq!(of(1.995), "100 % behind the best");
        assert_eq!(of(2.31), "2.4× the best's time");
        assert_eq!(of(1234.5), "1,235× the best's time");
        assert_eq!(of(f64::INFINITY), NONE);
    }

    #[test]
    fn bounds_with_three_digits_agree_with_their_sentences() {
        assert_eq!((at_most(1.0345), at_least(1.0345)), ("1.04×".to_owned(), "1.03×".to_owned()));
        assert_eq!((at_most(1.1), at_least(1.1)), ("1.10×".to_owned(), "1.10×".to_owned()));
        assert_eq!((at_most(9.991), at_least(1234.5)), ("10.0×".to_owned(), "1,230×".to_owned()));
        assert_eq!(at_most(f64::INFINITY), "n/a×");
        let number =
            |text: &str| text.trim_end_matches('×').replace(',', "").parse::<f64>().expect("a number");
        for ratio in (0..40_000).map(|step| 1.0 + f64::from(step) * 0.000_73) {
            let (most, least) = (number(&at_most(ratio)), number(&at_least(ratio)));
            assert!(least <= ratio + HAIR && ratio <= most + HAIR, "{least} {ratio} {most}");
            if ratio < 2.0 {
                let sentence = format!("{:.0}\u{a0}% behind the best", 100.0 * (most - 1.0));
                assert_eq!(behind_the_best(ratio), sentence, "{most}");
            }
        }
    }

    #[test]
    fn three_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1.00"),
            (0.34, "0.340"),
            (12.345, "12.3"),
            (99.95, "100"),
            (999.5, "1,000"),
            (1_234_567.0, "1,230,000"),
            (999_900_000.0, "1.00e9"),
            (0.000_123_4, "0.000123"),
            (0.000_012_34, "1.23e-5"),
            (-2.5, "\u{2212}2.50"),
            (f64::NAN, "n/a"),
            (f64::INFINITY, "n/a"),
        ] {
            assert_eq!(short(value), text, "{value}");
        }
    }

    #[test]
    fn ties_round_up_as_in_a_browser() {
        assert_eq!(short(1.125), "1.13"); // exactly representable; half to even gives 1.12
        assert_eq!(short(0.5625), "0.563");
        assert_eq!(short(1.005), "1.00"); // the double is a little less
        assert_eq!(short(1000.5), "1,000");
        assert_eq!(short(100.5), "101");
    }

    #[test]
    fn seventeen_digits_round_like_twenty_five() {
        let near = |tie: f64| [tie.next_down(), tie, tie.next_up()];
        let ties = (100..1000u32).flat_map(|digits| {
            (-12..12).flat_map(move |power| near(format!("{digits}5e{power}").parse().expect("a number")))
        });
        for value in ties {
            assert_eq!(three_digits(value), rounded(&format!("{value:.24e}")), "{value:e}");
        }
    }

    #[test]
    fn counts_and_times() {
        assert_eq!(count(1_048_576), "1,048,576");
        assert_eq!(count(12), "12");
        assert_eq!(times(1.8234), "1.82×");
        assert_eq!(threshold(0.03), "3\u{a0}%");
        assert_eq!(duration_ns(8e6), "8\u{a0}ms");
        assert_eq!(duration_ns(270e9), "4\u{a0}min 30\u{a0}s");
        assert_eq!(plural(1, "thread", "threads"), "1 thread");
    }
}
