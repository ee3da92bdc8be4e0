//! A strip: the contenders of one class and block as dots over their time in multiples of the best's. All strips of a
//! page have the same axis, so they are compared by eye.

use super::marks::Marks;
use super::scale::Ratios;
use super::svg::{Path, Px, Svg};

const WIDTH: f64 = 236.0;
const HEIGHT: f64 = 18.0;
const INSET: f64 = 6.0;
const HIGHEST: f64 = 100.0;

/// A dot of a strip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// The colour of its family.
    pub colour: Option<usize>,
    /// Its time over that of the best.
    pub ratio: f64,
    /// Whether it may be the best.
    pub may_be_best: bool,
}

fn axis() -> Ratios {
    Ratios::new(1.0, HIGHEST, INSET, WIDTH - INSET)
}

/// An element. The page's style sheet has its size, and the line in its middle.
fn element(inside: impl FnOnce(&mut Svg)) -> String {
    let mut svg = Svg::default();
    svg.group("svg", &[("class", &"chart strip")], inside);
    svg.finish()
}

/// The strip of some contenders, with a bar at the baseline's ratio. Those that may be the best are large and in their
/// family's colour. The numbers are in the text beside it, and in the table of the variant.
pub fn strip(dots: &[Dot], baseline: Option<f64>) -> String {
    let (axis, middle) = (axis(), HEIGHT / 2.0);
    element(|svg| {
        if let Some(ratio) = baseline.filter(|ratio| ratio.is_finite()) {
            let mut bar = Path::default();
            bar.go(axis.at(ratio), 1.0).upright(HEIGHT - 1.0);
            svg.leaf("path", &[("class", &"bar"), ("d", &bar)]);
        }
        let (mut others, mut marks) = (Path::default(), Marks::default());
        // From worst to best, so that the best are on top.
        for dot in dots.iter().rev().filter(|dot| dot.ratio.is_finite()) {
            let x = axis.at(dot.ratio);
            if dot.may_be_best {
                marks.dot(dot.colour, x, middle, true);
            } else {
                others.dot(x, middle);
            }
        }
        if !others.is_empty() {
            svg.leaf("path", &[("class", &"d o"), ("d", &others)]);
        }
        marks.draw(svg);
    })
}

/// The axis of all strips.
pub fn strip_axis() -> String {
    let axis = axis();
    element(|svg| {
        svg.group("g", &[("class", &"tick x")], |svg| {
            for tick in axis.ticks(26.0) {
                svg.text("text", &[("x", &Px(axis.at(tick))), ("y", &12)], &Ratios::label(tick));
            }
        });
    })
}
