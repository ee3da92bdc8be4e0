//! How numbers are written, in one place: page, charts, Markdown and terminal all come here, so a
//! value reads the same wherever it stands.
//!
//! The rule is that of the page's method section: three significant digits, ties away from zero (as
//! a browser's `toPrecision` rounds), thousands grouped, and powers of ten outside 0.0001 to 10⁹.

/// What stands where there is no number.
pub const NONE: &str = "n/a";

/// `value` with three significant digits: `0.340`, `12.3`, `1,230`, `1.23e9`; [`NONE`] for what is
/// not finite.
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

/// The three digits of `value` and the power of ten that they count: 12.34 is 123 of 10^-1. None for
/// what has no digits: zero, a negative number, what is not finite.
pub fn digits(value: f64) -> Option<(u32, i32)> {
    if !value.is_finite() || value <= 0.0 {
        return None;
    }
    let (digits, exponent) = three_digits(value);
    Some((digits, exponent - 2))
}

/// A whole number, its thousands grouped: `1,048,576`.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A factor: `1.82×`.
pub fn times(factor: f64) -> String {
    format!("{}×", short(factor))
}

/// A share in hundredths: 0.034 is `3.40 %`, with the space that does not break.
pub fn percent(share: f64) -> String {
    format!("{}\u{a0}%", short(share * 100.0))
}

/// A threshold as people say it: 0.03 is `3 %`.
pub fn threshold(share: f64) -> String {
    let hundredths = (share * 1e4).round() / 100.0;
    format!("{hundredths}\u{a0}%")
}

/// A stretch of time: `8 ms`, `1.50 s`, `4 min 30 s`.
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

/// `1 thread`, `2 threads`.
pub fn of(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", self::count(count as u64))
}

/// Three digits and the power of ten of the first one. A tie is rounded up, where Rust's own
/// formatting would round it to even: a browser does the former, and both must show the same.
fn three_digits(value: f64) -> (u32, i32) {
    let text = format!("{value:.16e}");
    // What reads as a tie may lie just below one. 25 digits tell: a double's own end at the 17th.
    match text.get(4..).is_some_and(|rest| rest.starts_with("5000000000000")) {
        true => rounded(&format!("{value:.24e}")),
        false => rounded(&text),
    }
}

/// The first three digits of `d.ddd…e±x`, up where the fourth is 5 or more.
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
    fn a_tie_goes_up_as_in_a_browser() {
        assert_eq!(short(1.125), "1.13"); // exactly representable; half to even gives 1.12
        assert_eq!(short(0.5625), "0.563");
        assert_eq!(short(1.005), "1.00"); // the double is a little less
        assert_eq!(short(1000.5), "1,000");
        assert_eq!(short(100.5), "101");
    }

    #[test]
    fn the_short_way_to_three_digits_is_the_long_one() {
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
        assert_eq!(of(1, "thread", "threads"), "1 thread");
    }
}
