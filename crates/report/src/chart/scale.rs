//! Axes: the place of a number, and the places of ticks. All are logarithmic: ratios, times and thread counts are
//! compared by factors, and a linear axis would have to start at zero.

use contend_analysis::text::number;

/// An axis over the measured thread counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadAxis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

/// An axis over values of any unit, whose ends are round numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Decades {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

/// An axis over ratios, with exact ends. Values beyond an end are drawn at that end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratios {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

/// The least end of an axis over values; the greatest is its inverse. The logarithms of both are ordinary numbers.
const LEAST: f64 = 1e-300;

/// The ratios that get a tick where there is room.
const RATIO_TICKS: [f64; 16] =
    [1.0, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 1e4, 1e5];

impl ThreadAxis {
    /// From the least of `counts` at `from` to the greatest at `to`.
    pub fn new(counts: &[usize], from: f64, to: f64) -> Self {
        let low = counts.iter().copied().min().unwrap_or(1).max(1);
        let high = counts.iter().copied().max().unwrap_or(1).max(1);
        Self { low: (low as f64).log2(), high: (high as f64).log2(), from, to }
    }

    /// The place of `count`, clamped to the axis.
    pub fn at(&self, count: usize) -> f64 {
        if self.high <= self.low {
            return self.from.midpoint(self.to);
        }
        let share = ((count.max(1) as f64).log2() - self.low) / (self.high - self.low);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// The counts whose labels fit, at least `apart` pixels from each other: the ends first, then powers of two, then
    /// the rest.
    pub fn labelled(&self, counts: &[usize], apart: f64) -> Vec<usize> {
        let mut wanted: Vec<usize> = counts.to_vec();
        let ends = (counts.iter().min().copied(), counts.iter().max().copied());
        wanted.sort_by_key(|count| {
            let end = Some(*count) == ends.0 || Some(*count) == ends.1;
            (!end, !count.is_power_of_two(), *count)
        });
        let mut kept: Vec<usize> = Vec::new();
        for count in wanted {
            let clear = |other: &usize| (self.at(*other) - self.at(count)).abs() >= apart;
            if kept.iter().all(clear) {
                kept.push(count);
            }
        }
        kept.sort_unstable();
        kept
    }
}

impl Decades {
    /// From `low` at `from` to `high` at `to`; both are widened to a 1, 2 or 5 of a power of ten.
    pub fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let sound = low.is_finite() && high.is_finite() && low > 0.0 && high >= low;
        let (low, high) = if sound { (low, high) } else { (1.0, 10.0) };
        let within = |value: f64| value.clamp(LEAST, 1.0 / LEAST);
        let (mut low, mut high) = (round_down(within(low)), round_up(within(high)));
        if high / low < 2.0 {
            (low, high) = (round_down(low * 0.99), round_up(high * 1.01));
        }
        Self { low: low.ln(), high: high.ln(), from, to }
    }

    /// The place of `value`, clamped to the axis.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value.ln() - self.low) / (self.high - self.low);
        let share = if share.is_finite() { share } else { 0.0 };
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// The ticks: 1, 2 and 5 of each power of ten, or only the powers where these are too many.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        let (low, high) = (self.low.exp() * 0.999, self.high.exp() * 1.001);
        let first = low.log10().floor() as i32;
        let last = high.log10().ceil() as i32;
        let all = |factors: &[f64]| -> Vec<f64> {
            (first..=last)
                .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
                .filter(|tick| (low..=high).contains(tick))
                .collect()
        };
        let mut ticks = all(&[1.0, 2.0, 5.0]);
        if ticks.len() > most {
            ticks = all(&[1.0]);
        }
        while ticks.len() > most.max(2) {
            ticks = ticks.into_iter().step_by(2).collect();
        }
        ticks
    }

    /// A tick's number.
    pub fn label(tick: f64) -> String {
        if !(1e-4..1e6).contains(&tick) {
            return format!("{tick:.0e}");
        }
        if tick >= 1.0 {
            return number::count(tick.round() as u64);
        }
        let decimals = (-tick.log10().floor()).max(0.0) as usize;
        format!("{tick:.decimals$}")
    }
}

impl Ratios {
    /// From `low` at `from` to `high` at `to`. One is always on the axis.
    pub fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let low = if low.is_finite() && low > 0.0 { low.min(1.0) } else { 1.0 };
        let high = if high.is_finite() { high.max(1.5) } else { 1.5 };
        Self { low: low.ln(), high: high.ln(), from, to }
    }

    /// The place of `ratio`, clamped to the axis.
    pub fn at(&self, ratio: f64) -> f64 {
        let share = (ratio.ln() - self.low) / (self.high - self.low);
        let share = if share.is_nan() { 0.0 } else { share };
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// Whether `ratio` lies beyond the upper end.
    pub fn is_beyond(&self, ratio: f64) -> bool {
        ratio.ln() > self.high + 1e-9
    }

    /// Round ratios on the axis, at least `apart` pixels from each other. The larger ones of a crowd are left out.
    pub fn ticks(&self, apart: f64) -> Vec<f64> {
        let mut ticks: Vec<f64> = Vec::new();
        let on_axis = RATIO_TICKS.iter().filter(|tick| !self.is_beyond(**tick));
        for tick in on_axis {
            if ticks.last().is_none_or(|last| self.at(*tick) - self.at(*last) >= apart) {
                ticks.push(*tick);
            }
        }
        ticks
    }

    /// A tick's number: `1.5×`.
    pub fn label(tick: f64) -> String {
        let whole = if tick < 1e3 { tick.to_string() } else { number::count(tick as u64) };
        format!("{whole}×")
    }
}

fn round_down(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let round = [5.0, 2.0, 1.0];
    let chosen = round.iter().find(|factor| **factor <= value / power * (1.0 + 1e-9));
    chosen.unwrap_or(&1.0) * power
}

fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0];
    let chosen = round.iter().find(|factor| **factor >= value / power * (1.0 - 1e-9));
    chosen.unwrap_or(&10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_counts_are_placed_by_their_logarithm() {
        let scale = ThreadAxis::new(&[1, 2, 4, 8], 0.0, 300.0);
        let places: Vec<_> = [1, 2, 4, 8].iter().map(|count| scale.at(*count)).collect();
        assert_eq!(places, [0.0, 100.0, 200.0, 300.0]);
        assert_eq!(ThreadAxis::new(&[4], 0.0, 300.0).at(4), 150.0);
        assert_eq!(ThreadAxis::new(&[], 0.0, 300.0).at(4), 150.0);
    }

    #[test]
    fn labels_of_many_counts_do_not_overlap() {
        let counts: Vec<usize> = (1..=32).collect();
        let scale = ThreadAxis::new(&counts, 0.0, 400.0);
        let labelled = scale.labelled(&counts, 20.0);
        assert!(labelled.starts_with(&[1]) && labelled.ends_with(&[32]));
        for count in [2, 4, 8, 16] {
            assert!(labelled.contains(&count));
        }
        assert!(labelled.windows(2).all(|pair| scale.at(pair[1]) - scale.at(pair[0]) >= 20.0));
    }

    #[test]
    fn decades_contain_their_range() {
        let scale = Decades::new(3.0, 700.0, 0.0, 100.0);
        assert_eq!(scale.ticks(12), [2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]);
        assert!(scale.at(3.0) > 0.0 && scale.at(700.0) < 100.0);
        assert_eq!(scale.ticks(4), [10.0, 100.0, 1000.0]);
        assert_eq!(Decades::label(0.02), "0.02");
        assert_eq!(Decades::label(20.0), "20");
        assert_eq!((Decades::label(1e3), Ratios::label(1e4)), ("1,000".to_owned(), "10,000×".to_owned()));
        for (low, high) in [(f64::NAN, 1.0), (0.0, 0.0), (5.0, 5.0), (1e-300, 1e300), (5e-324, 1.0)] {
            let scale = Decades::new(low, high, 0.0, 100.0);
            assert!(scale.at(5.0).is_finite() && scale.ticks(8).len() <= 8);
            assert!(scale.low.is_finite() && scale.high.is_finite(), "{low}: its ticks would have no end");
        }
    }

    #[test]
    fn ratios_beyond_the_axis_are_at_its_end() {
        let scale = Ratios::new(0.9, 12.0, 0.0, 200.0);
        assert!(scale.at(1.0) > 0.0 && scale.at(0.5) == 0.0 && scale.at(1e9) == 200.0);
        assert!(scale.is_beyond(13.0) && !scale.is_beyond(12.0));
        assert_eq!(scale.ticks(20.0), [1.0, 1.5, 2.0, 3.0, 5.0, 10.0]);
        let labels: Vec<String> = scale.ticks(60.0).into_iter().map(Ratios::label).collect();
        assert_eq!(labels, ["1×", "3×", "10×"]);
        for (low, high) in [(f64::NAN, f64::NAN), (0.0, f64::INFINITY), (2.0, 0.5)] {
            let scale = Ratios::new(low, high, 0.0, 100.0);
            assert!(
                scale.at(1.2).is_finite() && scale.at(f64::NAN).is_finite() && !scale.ticks(20.0).is_empty()
            );
        }
    }
}
