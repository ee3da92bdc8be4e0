//! The shift of a cell between two runs: its ratio with the interval, on an axis that is symmetric about 1. So the
//! mirror image of a drawing shows the shift the other way round.

use super::marks::Marks;
use super::scale::Ratios;
use super::svg::{Px, Svg};

const WIDTH: f64 = 180.0;
const HEIGHT: f64 = 18.0;
const INSET: f64 = 16.0;
/// The least and the greatest end of an axis. What lies beyond is drawn at the end.
const ENDS: (f64, f64) = (1.5, 20.0);

/// The axis of the shifts of a page.
pub struct ShiftAxis {
    axis: Ratios,
    threshold: f64,
}

impl ShiftAxis {
    /// From `1 / most` to `most`. `threshold` is the least difference that counts: 0.03 is 3 %.
    pub fn new(most: f64, threshold: f64) -> Self {
        let most = if most.is_finite() { most.clamp(ENDS.0, ENDS.1) } else { ENDS.1 };
        Self { axis: Ratios::new(1.0 / most, most, INSET, WIDTH - INSET), threshold }
    }

    /// A drawing of a ratio with the ends of its interval. The dot is filled if the cell changed. The numbers are in
    /// the text beside it.
    pub fn strip(&self, (ratio, low, high): (f64, f64, f64), changed: bool) -> String {
        let at = |ratio: f64| self.axis.at(ratio);
        element("chart shift", |svg| {
            let (from, to) = (at(1.0 / (1.0 + self.threshold)), at(1.0 + self.threshold));
            let width = Px(to - from);
            let band: [(&str, &dyn std::fmt::Display); 4] =
                [("class", &"tie"), ("x", &Px(from)), ("width", &width), ("height", &HEIGHT)];
            svg.leaf("rect", &band);
            let mut marks = Marks::default();
            if ratio.is_finite() {
                marks.level(HEIGHT / 2.0, (at(low), at(high)));
                marks.dot(None, at(ratio), HEIGHT / 2.0, changed);
            }
            marks.draw(svg);
        })
    }

    /// The numbers of the axis.
    pub fn labels(&self) -> String {
        element("chart shift axis", |svg| {
            svg.group("g", &[("class", &"tick x")], |svg| {
                for tick in self.axis.ticks(36.0) {
                    for tick in [1.0 / tick, tick].into_iter().take(if tick > 1.0 { 2 } else { 1 }) {
                        let place = Px(self.axis.at(tick));
                        svg.text("text", &[("x", &place), ("y", &12)], &label(tick));
                    }
                }
            });
        })
    }
}

/// `2×` and `0.5×`.
fn label(tick: f64) -> String {
    let text = format!("{tick:.2}");
    format!("{}×", text.trim_end_matches('0').trim_end_matches('.'))
}

/// An element. The page's style sheet has its size.
fn element(class: &str, inside: impl FnOnce(&mut Svg)) -> String {
    let mut svg = Svg::default();
    svg.group("svg", &[("class", &class), ("aria-hidden", &"true")], inside);
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_and_its_inverse_are_mirror_images() {
        for most in [f64::NAN, 0.0, 1.01, 3.0, 1e9] {
            let axis = ShiftAxis::new(most, 0.03);
            for ratio in [1.0, 1.3, 2.9, 3.0, 50.0] {
                let (there, back) = (axis.axis.at(ratio), axis.axis.at(1.0 / ratio));
                assert!((there + back - WIDTH).abs() < 1e-9, "{most}, {ratio}: {there} and {back}");
            }
        }
        let axis = ShiftAxis::new(3.0, 0.03);
        assert!(axis.strip((f64::NAN, 1.0, 2.0), true).contains("class=\"tie\""));
        let labels = axis.labels();
        for label in [">1×<", ">2×<", ">0.5×<"] {
            assert!(labels.contains(label), "{label}: {labels}");
        }
    }
}
