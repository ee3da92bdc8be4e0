//! An SVG writer: elements, attributes and paths, with escaping. Knows nothing of charts.

use std::fmt::{self, Display, Write};

use contend_analysis::text::Escaped;

/// A document or a part of one.
#[derive(Debug, Default)]
pub struct Svg {
    out: String,
}

/// A coordinate, rounded to a tenth of a pixel to keep the page small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Px(pub f64);

/// The `d` attribute of a path. Each step is written with relative or absolute coordinates, whichever is shorter.
#[derive(Clone, Debug, Default)]
pub struct Path {
    d: String,
    /// Where the last step ended, in tenths.
    at: [i64; 2],
}

impl Svg {
    /// The written text.
    pub fn finish(self) -> String {
        self.out
    }

    /// Writes an element with children, which `inside` writes.
    pub fn group(&mut self, name: &str, attributes: &[(&str, &dyn Display)], inside: impl FnOnce(&mut Self)) {
        self.start(name, attributes);
        self.out.push('>');
        inside(self);
        let _ = write!(self.out, "</{name}>");
    }

    /// Writes an element without children.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        self.start(name, attributes);
        self.out.push_str("/>");
    }

    /// Writes an element with text.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &dyn Display)], text: &str) {
        self.group(name, attributes, |svg| svg.characters(text));
    }

    /// Writes text.
    pub fn characters(&mut self, text: &str) {
        let _ = write!(self.out, "{}", Escaped(text));
    }

    /// Writes markup that this module made.
    pub fn written(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Writes a style sheet, unescaped.
    pub fn style(&mut self, css: &str) {
        let _ = write!(self.out, "<style>{css}</style>");
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        let _ = write!(self.out, "<{name}");
        for (key, value) in attributes {
            let value = value.to_string();
            if !value.is_empty() {
                let _ = write!(self.out, " {key}=\"{}\"", Escaped(&value));
            }
        }
    }
}

impl Path {
    /// Moves to a point without drawing.
    pub fn go(&mut self, x: f64, y: f64) -> &mut Self {
        self.step('M', [Some(x), Some(y)])
    }

    /// Draws a line to a point.
    pub fn line(&mut self, x: f64, y: f64) -> &mut Self {
        self.step('L', [Some(x), Some(y)])
    }

    /// Draws a horizontal line.
    pub fn level(&mut self, x: f64) -> &mut Self {
        self.step('H', [Some(x), None])
    }

    /// Draws a vertical line.
    pub fn upright(&mut self, y: f64) -> &mut Self {
        self.step('V', [None, Some(y)])
    }

    /// Draws a dot: a line of no length with a round cap. There are many, so they are rounded to half a pixel, and
    /// equal ones are drawn once.
    pub fn dot(&mut self, x: f64, y: f64) -> &mut Self {
        let (x, y) = (near(x), near(y));
        if self.d.ends_with("h0") && self.at == [tenths(x), tenths(y)] {
            return self;
        }
        self.go(x, y);
        self.d.push_str("h0");
        self
    }

    /// Draws a horizontal line from one end to the other, which are rounded like dots.
    pub fn span(&mut self, y: f64, (from, to): (f64, f64)) -> &mut Self {
        self.go(near(from), near(y)).level(near(to))
    }

    /// Whether nothing has been drawn.
    pub fn is_empty(&self) -> bool {
        self.d.is_empty()
    }

    fn step(&mut self, command: char, to: [Option<f64>; 2]) -> &mut Self {
        let to = to.map(|end| end.map(tenths));
        let ends: Vec<i64> = to.into_iter().flatten().collect();
        let by = to.into_iter().zip(self.at);
        let steps: Vec<i64> = by.filter_map(|(to, at)| Some(to? - at)).collect();
        let (fixed, moved) = (coordinates(&ends), coordinates(&steps));
        // The first step of a path is absolute.
        match self.d.is_empty() || fixed.len() <= moved.len() {
            true => write_step(&mut self.d, command, &fixed),
            false => write_step(&mut self.d, command.to_ascii_lowercase(), &moved),
        }
        for (at, to) in self.at.iter_mut().zip(to) {
            *at = to.unwrap_or(*at);
        }
        self
    }
}

/// Half a pixel is as fine as marks need.
fn near(place: f64) -> f64 {
    (place * 2.0).round() / 2.0
}

fn write_step(d: &mut String, command: char, coordinates: &str) {
    d.push(command);
    d.push_str(coordinates);
}

fn coordinates(tenths: &[i64]) -> String {
    let mut out = String::new();
    for (index, tenths) in tenths.iter().enumerate() {
        let text = Px(*tenths as f64 / 10.0).to_string();
        if index > 0 && !text.starts_with('-') {
            out.push(' ');
        }
        out.push_str(&text);
    }
    out
}

impl Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.d)
    }
}

impl Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = tenths(self.0);
        let (sign, tenths) = (if tenths < 0 { "-" } else { "" }, tenths.abs());
        match (tenths / 10, tenths % 10) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (0, tenth) => write!(f, "{sign}.{tenth}"),
            (whole, tenth) => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

fn tenths(value: f64) -> i64 {
    let tenths = (value * 10.0).round();
    // Values that are not finite were left out before.
    if tenths.is_finite() { tenths as i64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_inert() {
        let mut svg = Svg::default();
        svg.text("text", &[("data-name", &"\"><script>")], "</text><script>\u{0}'");
        assert_eq!(
            svg.finish(),
            "<text data-name=\"&quot;&gt;&lt;script&gt;\">&lt;/text&gt;&lt;script&gt;\u{fffd}&#39;</text>"
        );
    }

    #[test]
    fn coordinates_are_short_and_finite() {
        let mut path = Path::default();
        path.go(1.0, 2.04).line(-0.04, 0.25).dot(f64::NAN, 10.96);
        assert_eq!(path.to_string(), "M1 2L0 .3M0 11h0");
    }

    #[test]
    fn a_step_is_written_the_shorter_way() {
        let mut dots = Path::default();
        dots.dot(66.0, 246.0).dot(66.0, 245.96).dot(66.0, 243.0);
        assert_eq!(dots.to_string(), "M66 246h0m0-3h0");
        let mut whisker = Path::default();
        whisker.go(382.9, 72.5).level(436.0).go(382.9, 68.5).upright(76.5);
        assert_eq!(whisker.to_string(), "M382.9 72.5H436m-53.1-4v8");
    }

    #[test]
    fn an_empty_attribute_is_left_out() {
        let mut svg = Svg::default();
        svg.leaf("path", &[("class", &""), ("d", &"M0 0")]);
        assert_eq!(svg.finish(), "<path d=\"M0 0\"/>");
    }
}
