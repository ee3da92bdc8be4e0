//! Charts: a small SVG renderer, and the only one. It gets numbers in the drawn unit and names, and knows nothing of
//! runs, records or verdicts. The page and the files of `charts/` show the same drawing.
//!
//! The rules: axes are logarithmic. Names are whole. A family of contenders has one colour in the whole page, and no
//! distinction rests on colour alone.

mod distribution;
mod forest;
mod label;
mod marks;
mod palette;
mod row;
mod scale;
mod scaling;
mod shift;
mod strip;
mod svg;

pub use distribution::{Distribution, WindowQuantiles};
pub use forest::{Forest, Mark};
pub use palette::{COLOURS, Theme, file_style, page_style};
pub use row::{Group, Row};
pub use scaling::{Role, Scaling, Series};
pub use shift::ShiftAxis;
pub use strip::{Dot, strip, strip_axis};

use std::fmt::Display;

use svg::{Px, Svg};

/// The height of a drawing's own heading, which the page leaves out of sight: it has one of its own.
const HEADING: f64 = 22.0;

/// A drawn chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Its file name and its id on the page: `counter-hot`.
    pub id: String,
    /// Its title, for screen readers.
    pub title: String,
    /// Its content in words, for screen readers.
    pub description: String,
    width: f64,
    height: f64,
    body: String,
}

impl Drawing {
    /// An element of the page, which has the style sheet, and the heading above the drawing.
    pub fn inline(&self) -> String {
        let height = self.height - HEADING;
        self.document(
            &[("class", &"chart"), ("width", &Px(self.width)), ("height", &Px(height))],
            (HEADING, height),
            "",
            |_| {},
        )
    }

    /// A file with its own style sheet, whose colours are resolved.
    pub fn standalone(&self, theme: Theme) -> String {
        self.document(
            &[
                ("xmlns", &"http://www.w3.org/2000/svg"),
                ("width", &Px(self.width)),
                ("height", &Px(self.height)),
                ("class", &"chart"),
            ],
            (0.0, self.height),
            "\n",
            |svg| {
                svg.style(&file_style(theme));
                svg.leaf("rect", &[("class", &"paper"), ("width", &"100%"), ("height", &"100%")]);
            },
        )
    }

    fn document(
        &self,
        attributes: &[(&str, &dyn Display)],
        (top, height): (f64, f64),
        end: &str,
        before: impl FnOnce(&mut Svg),
    ) -> String {
        let view = format!("0 {} {} {}", Px(top), Px(self.width), Px(height));
        let mut all: Vec<(&str, &dyn Display)> = attributes.to_vec();
        all.push(("viewBox", &view));
        all.push(("role", &"img"));
        let mut svg = Svg::default();
        svg.group("svg", &all, |svg| {
            // An image's own title and description name it: no ids are needed.
            svg.text("title", &[], &self.title);
            svg.text("desc", &[], &self.description);
            before(svg);
            svg.written(&self.body);
        });
        svg.finish() + end
    }
}

/// The CSS class of a stroke in a family's colour, after a space; empty without a colour.
fn stroke_class(colour: Option<usize>) -> String {
    colour.map_or_else(String::new, |colour| format!(" s{}", colour % COLOURS))
}

/// The CSS class of a fill in a family's colour, after a space; empty without a colour.
fn fill_class(colour: Option<usize>) -> String {
    colour.map_or_else(String::new, |colour| format!(" c{}", colour % COLOURS))
}

/// A name that is safe in file names, ids and classes: lower case, digits and hyphens.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for character in name.chars().take(80) {
        match character.to_ascii_lowercase() {
            plain @ ('a'..='z' | '0'..='9') => slug.push(plain),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_safe() {
        assert_eq!(slug("fan-out/20us"), "fan-out-20us");
        assert_eq!(slug("</script><img>"), "script-img");
        assert_eq!(slug("שלום"), "");
        assert!(slug(&"x/".repeat(300)).len() <= 80);
    }
}
