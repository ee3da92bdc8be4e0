//! Dots in the colours of families, with lines. Each colour is one path, because there are many marks, and the lines
//! have one colour. A hollow dot is a smaller dot of the paper's colour on top.

use std::collections::BTreeMap;

use super::stroke_class;
use super::svg::{Path, Svg};

/// The marks of a drawing.
#[derive(Default)]
pub(super) struct Marks {
    lines: Path,
    hollow: BTreeMap<Option<usize>, Path>,
    holes: Path,
    filled: BTreeMap<Option<usize>, Path>,
}

impl Marks {
    /// A horizontal line.
    pub(super) fn level(&mut self, y: f64, ends: (f64, f64)) {
        self.lines.span(y, ends);
    }

    /// A dot, filled or hollow.
    pub(super) fn dot(&mut self, colour: Option<usize>, x: f64, y: f64, filled: bool) {
        if filled {
            self.filled.entry(colour).or_default().dot(x, y);
        } else {
            self.hollow.entry(colour).or_default().dot(x, y);
            self.holes.dot(x, y);
        }
    }

    /// Draws all, the filled dots on top.
    pub(super) fn draw(&self, svg: &mut Svg) {
        draw(svg, "i", &self.lines);
        draw_each(svg, "d", &self.hollow);
        draw(svg, "hole", &self.holes);
        draw_each(svg, "d", &self.filled);
    }
}

fn draw(svg: &mut Svg, class: &str, path: &Path) {
    if !path.is_empty() {
        svg.leaf("path", &[("class", &class), ("d", path)]);
    }
}

fn draw_each(svg: &mut Svg, kind: &str, paths: &BTreeMap<Option<usize>, Path>) {
    for (colour, path) in paths {
        draw(svg, &format!("{kind}{}", stroke_class(*colour)), path);
    }
}
