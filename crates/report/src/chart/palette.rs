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
    ("f0", "#025da1"),
    ("f1", "#08798d"),
    ("f2", "#5040a8"),
    ("f3", "#b84b03"),
    ("f4", "#067272"),
    ("f5", "#057836"),
    ("f6", "#916100"),
    ("f7", "#a83c81"),
    ("f8", "#6a7300"),
    ("f9", "#8e51b6"),
    ("f10", "#892218"),
    ("f11", "#a33949"),
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
    ("f0", "#63b0fd"),
    ("f1", "#0ed4f6"),
    ("f2", "#9c95fd"),
    ("f3", "#fb864d"),
    ("f4", "#00e0e0"),
    ("f5", "#58cd78"),
    ("f6", "#feb438"),
    ("f7", "#f784c8"),
    ("f8", "#c8d64c"),
    ("f9", "#d49bfe"),
    ("f10", "#e17363"),
    ("f11", "#ef7d88"),
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

    #[test]
    fn colours_differ_from_each_other() {
        for palette in [&LIGHT, &DARK] {
            let families = palette.iter().filter(|(name, _)| name.starts_with('f'));
            let values: std::collections::BTreeSet<&str> = families.map(|(_, value)| *value).collect();
            assert_eq!(values.len(), COLOURS);
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
