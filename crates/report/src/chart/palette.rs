//! The colours: a light and a dark set of the same names. The style sheet of charts uses the names as CSS variables.
//! Files get the colours themselves, because few programs other than browsers know variables.

/// The number of colours for families. They are numbered from 0.
pub const COLOURS: usize = 12;

/// The style sheet of charts, with CSS variables.
const STYLE: &str = include_str!("../../templates/chart.css");

/// A set of colours: names without `--`, and values.
type Palette = [(&'static str, &'static str); 9 + COLOURS];

const LIGHT: Palette = [
    ("paper", "#ffffff"),
    ("ink", "#1d2025"),
    ("quiet", "#5c636e"),
    ("mute", "#868d98"),
    ("hair", "#d9dce1"),
    ("grid", "#e8eaee"),
    ("shade", "#f6f3ec"),
    ("tie", "#dceee4"),
    ("rest", "#a9afb8"),
    ("f0", "#0067c7"),
    ("f1", "#015275"),
    ("f2", "#5126aa"),
    ("f3", "#d23001"),
    ("f4", "#017c72"),
    ("f5", "#0d5909"),
    ("f6", "#946603"),
    ("f7", "#c50e90"),
    ("f8", "#238000"),
    ("f9", "#904fca"),
    ("f10", "#7c0a01"),
    ("f11", "#963e5a"),
];

const DARK: Palette = [
    ("paper", "#14161a"),
    ("ink", "#e6e8eb"),
    ("quiet", "#a3abb6"),
    ("mute", "#7d8591"),
    ("hair", "#3a3f47"),
    ("grid", "#282c33"),
    ("shade", "#1e2024"),
    ("tie", "#1c3428"),
    ("rest", "#5b626d"),
    ("f0", "#0ca4ff"),
    ("f1", "#15d5ff"),
    ("f2", "#9f81ff"),
    ("f3", "#ff8304"),
    ("f4", "#12f8d3"),
    ("f5", "#44c570"),
    ("f6", "#ffc062"),
    ("f7", "#ff6ce7"),
    ("f8", "#bee20b"),
    ("f9", "#dbacff"),
    ("f10", "#c07456"),
    ("f11", "#ff6687"),
];

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

/// The style sheet of the page's charts: variables by the reader's preference, system colours where these are forced.
pub fn page_style() -> String {
    let variables = |palette: &Palette| -> String {
        palette.iter().map(|(name, value)| format!("--{name}:{value};")).collect()
    };
    let forced: String = LIGHT
        .iter()
        .map(|(name, _)| match *name {
            "paper" | "shade" => format!("--{name}:Canvas;"),
            "hair" | "grid" | "mute" | "tie" | "rest" => format!("--{name}:GrayText;"),
            _ => format!("--{name}:CanvasText;"),
        })
        .collect();
    format!(
        ":root{{color-scheme:light;{}}}\n@media (prefers-color-scheme:dark){{:root{{color-scheme:dark;{}}}}}\n\
         @media (forced-colors:active){{:root{{{forced}}}}}\n{}",
        variables(&LIGHT),
        variables(&DARK),
        all_colours()
    )
}

/// The style sheet of a file, with all colours resolved. A file for any reader is light where a program does not know
/// of preferences.
pub fn file_style(theme: Theme) -> String {
    match theme {
        Theme::Light => resolved(&LIGHT),
        Theme::Dark => resolved(&DARK),
        Theme::Reader => {
            format!("{}@media (prefers-color-scheme:dark){{{}}}", resolved(&LIGHT), resolved(&DARK))
        }
    }
}

fn resolved(palette: &Palette) -> String {
    let mut style = all_colours();
    for (name, value) in palette {
        style = style.replace(&format!("var(--{name})"), value);
    }
    style
}

/// The style sheet with the rules of each family: `sN` is its stroke, `cN` its fill.
fn all_colours() -> String {
    let of_family =
        |at: usize| format!(".chart .s{at}{{stroke:var(--f{at})}}.chart .c{at}{{fill:var(--f{at})}}");
    let families: String = (0..COLOURS).map(of_family).collect();
    // Later rules hide the colour of a line that does not stand out.
    STYLE.replacen("/* families */", &families, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The light of a channel of `#rrggbb`, whose digits begin at `at`.
    fn channel(colour: &str, at: usize) -> f64 {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    }

    /// WCAG's relative luminance.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| channel(colour, at);
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn contrast_is_three_to_one_for_lines_and_four_and_a_half_for_text() {
        for palette in [&LIGHT, &DARK] {
            let value = |name: &str| palette.iter().find(|(known, _)| *known == name).unwrap().1;
            let family = |name: &str| name.starts_with('f') && name[1..].parse::<usize>().is_ok();
            for (name, colour) in palette {
                // The colour of a family is that of its names, too.
                let least = match *name {
                    name if family(name) || ["ink", "quiet"].contains(&name) => 4.5,
                    "mute" => 3.0,
                    _ => continue,
                };
                for ground in ["paper", "shade"] {
                    let found = contrast(colour, value(ground));
                    assert!(found >= least, "{name} {colour} on {ground}: {found:.2}");
                }
            }
        }
    }

    /// A colour in Oklab (Ottosson 2020), whose distances are those that eyes see.
    fn oklab(colour: &str) -> [f64; 3] {
        let [r, g, b] = [1, 3, 5].map(|at| channel(colour, at));
        let cones = [
            0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b,
            0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b,
            0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b,
        ];
        let [l, m, s] = cones.map(f64::cbrt);
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    #[test]
    fn colours_differ_from_each_other_to_the_eye() {
        for palette in [&LIGHT, &DARK] {
            let families = palette.iter().filter(|(name, _)| name.starts_with('f'));
            let families: Vec<_> = families.map(|(name, value)| (name, oklab(value))).collect();
            assert_eq!(families.len(), COLOURS);
            for (at, (name, one)) in families.iter().enumerate() {
                for (other_name, other) in &families[..at] {
                    let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
                    let distance = squares.sum::<f64>().sqrt();
                    assert!(distance >= 0.1, "{name} and {other_name}: {distance:.3}");
                }
            }
        }
    }

    #[test]
    fn files_have_no_variable_left() {
        for theme in [Theme::Reader, Theme::Light, Theme::Dark] {
            let style = file_style(theme);
            assert!(!style.contains("var(") && !style.contains("currentColor"), "{style}");
            assert!(style.contains(".chart .s11{stroke:#"));
        }
        assert!(page_style().contains("var(--f0)"));
    }
}
