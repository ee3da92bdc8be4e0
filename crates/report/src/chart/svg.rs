//! Writing SVG: elements, attributes and paths, escaped in one place. Knows nothing of charts.

use std::fmt::{self, Display, Write};

use contend_analysis::text::Escaped;

/// A document or a part of one, being written.
#[derive(Debug, Default)]
pub struct Svg {
    out: String,
}

/// A coordinate: a tenth of a pixel is finer than anyone sees, and keeps the page small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Px(pub f64);

/// The `d` of a path. Each step is written from where the last one ended or from the drawing's corner,
/// whichever is shorter: there are many of them.
#[derive(Clone, Debug, Default)]
pub struct Path {
    d: String,
    /// Where the last step ended, in tenths.
    at: [i64; 2],
    /// Where the stretch began: closing it leads back there.
    from: [i64; 2],
}

impl Svg {
    /// What has been written.
    pub fn finish(self) -> String {
        self.out
    }

    /// An element with children, which `inside` writes.
    pub fn group(&mut self, name: &str, attributes: &[(&str, &dyn Display)], inside: impl FnOnce(&mut Self)) {
        self.start(name, attributes);
        self.out.push('>');
        inside(self);
        let _ = write!(self.out, "</{name}>");
    }

    /// An element without children.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &dyn Display)]) {
        self.start(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with nothing but text in it.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &dyn Display)], text: &str) {
        self.group(name, attributes, |svg| svg.characters(text));
    }

    /// Text.
    pub fn characters(&mut self, text: &str) {
        let _ = write!(self.out, "{}", Escaped(text));
    }

    /// Markup that this module wrote before.
    pub fn written(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// A style sheet: ours, so it is written as it is.
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
    /// Goes to a point without drawing.
    pub fn go(&mut self, x: f64, y: f64) -> &mut Self {
        self.step('M', [Some(x), Some(y)]);
        self.from = self.at;
        self
    }

    /// Draws a line to a point.
    pub fn line(&mut self, x: f64, y: f64) -> &mut Self {
        self.step('L', [Some(x), Some(y)])
    }

    /// Draws a level line.
    pub fn level(&mut self, x: f64) -> &mut Self {
        self.step('H', [Some(x), None])
    }

    /// Draws an upright line.
    pub fn upright(&mut self, y: f64) -> &mut Self {
        self.step('V', [None, Some(y)])
    }

    /// A dot: a line of no length, which a round cap makes one. It is some pixels wide, so half a pixel
    /// is near enough, and there are very many. One on top of the other would not be seen: a path is
    /// painted once.
    pub fn dot(&mut self, x: f64, y: f64) -> &mut Self {
        let near = |place: f64| (place * 2.0).round() / 2.0;
        let (x, y) = (near(x), near(y));
        if self.d.ends_with("h0") && self.at == [tenths(x), tenths(y)] {
            return self;
        }
        self.go(x, y);
        self.d.push_str("h0");
        self
    }

    /// A shape that is drawn from its middle, and ends closed.
    pub fn shape(&mut self, x: f64, y: f64, outline: &str) -> &mut Self {
        self.go(x, y);
        self.d.push_str(outline);
        // Where a shape began is its own affair: the next step must not lean on it.
        self.at = [FAR; 2];
        self
    }

    /// Closes the outline.
    pub fn close(&mut self) -> &mut Self {
        self.d.push('z');
        self.at = self.from;
        self
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
        // The first step of a path has nowhere to start from.
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

/// Farther than any coordinate: a step from there is longer than one from the corner.
const FAR: i64 = 1_000_000_000;

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
    // What is not finite has been left out before; should it come here, it draws nothing.
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
        path.go(1.0, 2.04).line(-0.04, 0.25).dot(f64::NAN, 10.96).close();
        assert_eq!(path.to_string(), "M1 2L0 .3M0 11h0z");
    }

    #[test]
    fn a_step_is_written_the_shorter_way() {
        let mut dots = Path::default();
        dots.dot(66.0, 246.0).dot(66.0, 245.96).dot(66.0, 243.0);
        assert_eq!(dots.to_string(), "M66 246h0m0-3h0");
        let mut whisker = Path::default();
        whisker.go(382.9, 72.5).level(436.0).go(382.9, 68.5).upright(76.5);
        assert_eq!(whisker.to_string(), "M382.9 72.5H436m-53.1-4v8");
        let mut shapes = Path::default();
        shapes.shape(1.0, 2.0, "h1z").shape(3.0, 4.0, "h1z");
        assert_eq!(shapes.to_string(), "M1 2h1zM3 4h1z");
        let mut closed = Path::default();
        closed.go(100.0, 100.0).level(110.0).close().line(101.0, 101.0);
        assert_eq!(closed.to_string(), "M100 100h10zl1 1");
    }

    #[test]
    fn an_empty_attribute_is_left_out() {
        let mut svg = Svg::default();
        svg.leaf("path", &[("class", &""), ("d", &"M0 0")]);
        assert_eq!(svg.finish(), "<path d=\"M0 0\"/>");
    }
}
