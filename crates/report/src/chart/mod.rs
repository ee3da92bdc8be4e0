//! Charts: a small SVG renderer. It gets numbers in the drawn unit and names, and knows nothing of runs, records or
//! verdicts. The page and the files of `charts/` show the same drawing.
//!
//! The rules: y starts at zero, and x is logarithmic with ticks at the measured counts. Dots are forks, the line is
//! their median, and the band its interval. Names are at the right end of the lines. At most six contenders have a
//! colour, a marker and a dash; the rest are muted.

mod distribution;
mod label;
mod ranking;
mod row;
mod scale;
mod svg;
mod throughput;

pub use distribution::{Distribution, WindowQuantiles};
pub use ranking::{Bar, Bracket, Ranking};
pub use row::{Group, Row};
pub use throughput::{Point, Series, Throughput};

use svg::{Px, Svg};

/// The number of distinguishable styles, each a colour, a marker and a dash. Styles are numbered from 0.
pub const STYLE_COUNT: usize = 8;

/// The most emphasised lines of a chart.
pub const EMPHASISED: usize = 6;

/// With fewer forks than these there is no interval, and only dots are drawn.
pub const FORKS_FOR_AN_INTERVAL: usize = 6;

/// The style sheet of every chart: once on the page, and in each file of `charts/`.
pub const CSS: &str = include_str!("../../templates/chart.css");

/// The background of a chart's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// The one that the reader's system prefers.
    Reader,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

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
    /// Attributes for the page's script.
    hints: Vec<(&'static str, String)>,
    body: String,
}

impl Drawing {
    /// An element of the page, which has the style sheet.
    pub fn inline(&self) -> String {
        let class: (&str, &dyn std::fmt::Display) = ("class", &"chart");
        let hints = self.hints.iter().map(|(key, value)| (*key, value as _));
        let all: Vec<_> = std::iter::once(class).chain(hints).collect();
        self.document(&all, "", |_| {})
    }

    /// A file with its own style sheet.
    pub fn standalone(&self, theme: Theme) -> String {
        let (class, style) = match theme {
            Theme::Reader => ("chart", CSS.to_owned()),
            Theme::Light => ("chart light", CSS.to_owned()),
            Theme::Dark => ("chart dark", CSS.to_owned()),
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
                svg.leaf("rect", &[("class", &"paper"), ("width", &"100%"), ("height", &"100%")]);
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

/// The finite values of forks, sorted, which makes the shortest path.
fn in_order(forks: &[f64]) -> Vec<f64> {
    let mut forks: Vec<f64> = forks.iter().copied().filter(|fork| fork.is_finite()).collect();
    forks.sort_by(f64::total_cmp);
    forks
}

/// The CSS class of a style: `k0` to `k7`, or `mute`.
fn style_class(style: Option<usize>) -> String {
    match style {
        Some(style) => format!("k{}", style % STYLE_COUNT),
        None => "mute".to_owned(),
    }
}

/// The SVG path of a style's marker, around its centre.
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
    ][style % STYLE_COUNT]
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

    /// WCAG's relative luminance.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
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
        CSS.match_indices(&marker)
            .map(|(at, _)| CSS[at + marker.len()..].trim_start())
            .filter(|value| value.starts_with('#'))
            .map(|value| &value[..7])
            .collect()
    }

    #[test]
    fn contrast_is_three_to_one_for_lines_and_four_and_a_half_for_text() {
        let papers = values("--paper");
        assert_eq!(papers.len(), 3, "light, dark by system, dark by class");
        let shades = values("--shade");
        let wanted = (0..STYLE_COUNT).map(|style| (format!("--k{style}"), 3.0));
        let text = ["--ink", "--quiet"].map(|name| (name.to_owned(), 4.5));
        let lines = [("--mute".to_owned(), 3.0)];
        for (property, least) in wanted.chain(text).chain(lines) {
            let colours = values(&property);
            assert_eq!(colours.len(), 3, "{property}");
            for ((colour, paper), shade) in colours.iter().zip(&papers).zip(&shades) {
                for ground in [paper, shade] {
                    let found = contrast(colour, ground);
                    assert!(found >= least, "{property} {colour} on {ground}: {found:.2}");
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
