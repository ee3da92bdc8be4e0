//! The charts: a small typed renderer to SVG. It is given numbers and names, in the unit to draw, and
//! knows nothing of runs, records or verdicts. The page and the files of `charts/` show the same
//! drawing.
//!
//! The rules: y from zero, x in powers of two with ticks at the measured counts; forks are dots, the
//! line their median, the band its interval; names at the right end of the lines; a colour, a marker
//! and a dash for each of at most six, and the rest muted.

mod distribution;
mod label;
mod ranking;
mod row;
mod scale;
mod svg;
mod throughput;

pub use distribution::{Distribution, Spread};
pub use ranking::{Bar, Bracket, Ranking};
pub use row::{Group, Row};
pub use throughput::{Point, Series, Throughput};

use svg::{Px, Svg};

/// SeriesStyles that can be told apart: a colour, a marker and a dash each. SeriesStyles are numbered from 0.
pub const STYLES: usize = 8;

/// How many of a chart's lines are emphasised at most.
pub const EMPHASISED: usize = 6;

/// Fewer forks than these have no interval: dots only.
pub const FORKS_FOR_AN_INTERVAL: usize = 6;

/// The style of every chart: on the page once, in each file of `charts/` again.
pub const STYLE: &str = include_str!("../../templates/chart.css");

/// For which background a file is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// What the reader's system prefers.
    Reader,
    /// A light one.
    Light,
    /// A dark one.
    Dark,
}

/// A chart, drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The name of its file, and its id on the page: `counter-hot`.
    pub id: String,
    /// What it shows, in a line.
    pub title: String,
    /// What can be read from it, for those who do not see it.
    pub description: String,
    width: f64,
    height: f64,
    /// What the page's script is told, as attributes.
    hints: Vec<(&'static str, String)>,
    body: String,
}

impl Drawing {
    /// As an element of the page, which brings the style.
    pub fn inline(&self) -> String {
        let class: (&str, &dyn std::fmt::Display) = ("class", &"chart");
        let hints = self.hints.iter().map(|(key, value)| (*key, value as _));
        let all: Vec<_> = std::iter::once(class).chain(hints).collect();
        self.document(&all, "", |_| {})
    }

    /// As a file of its own.
    pub fn standalone(&self, theme: Theme) -> String {
        let (class, style) = match theme {
            Theme::Reader => ("chart", STYLE.to_owned()),
            Theme::Light => ("chart light", STYLE.to_owned()),
            Theme::Dark => ("chart dark", STYLE.to_owned()),
        };
        self.document(
            &[
                ("xmlns", &"http://www.w3.org/2000/svg"),
                ("width", &Px(self.width)),
                ("height", &Px(self.height)),
                ("class", &class),
            ],
            "\n",
            |svg| {
                svg.style(&style);
                svg.leaf(
                    "rect",
                    &[("class", &"paper"), ("width", &"100%"), ("height", &"100%")],
                );
            },
        )
    }

    fn document(
        &self,
        attributes: &[(&str, &dyn std::fmt::Display)],
        end: &str,
        before: impl FnOnce(&mut Svg),
    ) -> String {
        let view = format!("0 0 {} {}", Px(self.width), Px(self.height));
        let mut all: Vec<(&str, &dyn std::fmt::Display)> = attributes.to_vec();
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

/// Forks as they are drawn: what is a number, by size, which makes the shortest path.
fn in_order(forks: &[f64]) -> Vec<f64> {
    let mut forks: Vec<f64> = forks
        .iter()
        .copied()
        .filter(|fork| fork.is_finite())
        .collect();
    forks.sort_by(f64::total_cmp);
    forks
}

/// The class of a style's elements: `k0` to `k7`, or that of a muted one.
fn style_class(style: Option<usize>) -> String {
    match style {
        Some(style) => format!("k{}", style % STYLES),
        None => "mute".to_owned(),
    }
}

/// The outline of a style's marker, from its middle.
fn marker(style: usize) -> &'static str {
    [
        "m-4 0a4 4 0 1 0 8 0 4 4 0 1 0-8 0z",
        "m-3.5-3.5h7v7h-7z",
        "m0-4.7 4.5 7.9h-9z",
        "m0-5 4.6 5-4.6 5-4.6-5z",
        "m0 4.7 4.5-7.9h-9z",
        "m-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
        "m-4-4 8 8v-8l-8 8z",
        "m-4-4h8l-8 8h8z",
    ][style % STYLES]
}

/// A name that is safe as a file's, an id's and a class's: lower case, digits and hyphens.
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

    /// WCAG's relative luminance.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    /// Every value of `property` in the style, in order: the light one first, then the dark ones.
    fn values(property: &str) -> Vec<&'static str> {
        let marker = format!("{property}:");
        STYLE
            .match_indices(&marker)
            .map(|(at, _)| STYLE[at + marker.len()..].trim_start())
            .filter(|value| value.starts_with('#'))
            .map(|value| &value[..7])
            .collect()
    }

    #[test]
    fn lines_reach_three_to_one_and_text_four_and_a_half() {
        let papers = values("--paper");
        assert_eq!(papers.len(), 3, "light, dark by system, dark by class");
        let shades = values("--shade");
        let wanted = (0..STYLES).map(|style| (format!("--k{style}"), 3.0));
        let text = ["--ink", "--quiet"].map(|name| (name.to_owned(), 4.5));
        let lines = [("--mute".to_owned(), 3.0)];
        for (property, least) in wanted.chain(text).chain(lines) {
            let colours = values(&property);
            assert_eq!(colours.len(), 3, "{property}");
            for ((colour, paper), shade) in colours.iter().zip(&papers).zip(&shades) {
                for ground in [paper, shade] {
                    let found = contrast(colour, ground);
                    assert!(
                        found >= least,
                        "{property} {colour} on {ground}: {found:.2}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_slug_is_plain() {
        assert_eq!(slug("counter/hot"), "counter-hot");
        assert_eq!(slug("</script>../..\u{202e}x"), "script-x");
        assert_eq!(slug("🦀"), "");
    }
}
