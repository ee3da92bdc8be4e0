//! The normal and Student's t distribution, for the methods that were compared. Simple rather than fast: they are
//! called a few times in each simulation.

use std::f64::consts::{FRAC_2_PI, TAU};

/// The standard normal distribution function, by Marsaglia's series (Journal of Statistical
/// Software 11(4), 2004); exact to 1e-12 within seven standard deviations.
pub fn normal_cdf(x: f64) -> f64 {
    if x.abs() > 7.0 {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut term, mut sum, mut odd) = (x, x, 1.0);
    while term.abs() > 1e-17 {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + sum * (-x * x / 2.0).exp() / TAU.sqrt()
}

/// The standard normal quantile.
pub fn normal_quantile(p: f64) -> f64 {
    bisect(-7.0, 7.0, |x| normal_cdf(x) < p)
}

/// The probability that Student's t with `freedom` degrees stays within ±`t`: Abramowitz & Stegun
/// 26.7.3 and 26.7.4.
pub fn student_within(t: f64, freedom: u32) -> f64 {
    let angle = (t / f64::from(freedom).sqrt()).atan();
    let (sin, cos) = angle.sin_cos();
    let odd = freedom % 2 == 1;
    // odd: cos (1 + 2/3 cos² + 2·4/(3·5) cos⁴ + …); even: 1 + 1/2 cos² + 1·3/(2·4) cos⁴ + …
    let (mut term, mut sum) = (if odd { cos } else { 1.0 }, 0.0);
    let mut factor = if odd { 2 } else { 1 };
    while factor < freedom {
        sum += term;
        term *= cos * cos * f64::from(factor) / f64::from(factor + 1);
        factor += 2;
    }
    match odd {
        true => FRAC_2_PI * (angle + sin * sum),
        false => sin * sum,
    }
}

/// The two-sided critical value of Student's t.
pub fn student_critical(error: f64, freedom: u32) -> f64 {
    bisect(0.0, 1e6, |t| student_within(t, freedom) < 1.0 - error)
}

fn bisect(mut low: f64, mut high: f64, too_low: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        match too_low(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 5e-4, "{found} is not {wanted}");
    }

    #[test]
    fn values_agree_with_printed_tables() {
        about(normal_cdf(0.0), 0.5);
        about(normal_cdf(-1.0), 0.1587);
        about(normal_quantile(0.975), 1.9600);
        about(normal_quantile(0.0005), -3.2905);
        about(student_critical(0.05, 1), 12.7062);
        about(student_critical(0.05, 2), 4.3027);
        about(student_critical(0.01, 5), 4.0321);
        about(student_critical(0.01, 11), 3.1058);
        about(student_critical(0.05, 22), 2.0739);
    }
}
