//! The files of `charts/`, as programs other than browsers read them.

use super::{fixture, report_of, text};

/// librsvg, Inkscape and CairoSVG draw black shapes where a colour is a variable.
#[test]
fn files_of_charts_have_their_colours_resolved() {
    let (folder, _) = report_of("colours", &fixture::standard());
    let names = std::fs::read_dir(folder.join("charts")).expect("charts");
    let mut seen = 0;
    for name in names.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")) {
        let svg = text(&folder, &format!("charts/{name}"));
        assert!(!svg.contains("var(") && !svg.contains("currentColor") && !svg.contains("--"), "{name}");
        let (_, style) = svg.split_once("<style>").expect("a style");
        let (style, body) = style.split_once("</style>").expect("its end");
        for property in ["fill:", "stroke:"] {
            for value in style.split(property).skip(1) {
                assert!(
                    value.starts_with('#') || value.starts_with("none"),
                    "{name}: {property}{:.20}",
                    value
                );
            }
        }
        // Each class that is drawn has a rule.
        for class in body.split("class=\"").skip(1).flat_map(|rest| rest.split('"').next()) {
            let ruled = |class: &str| style.contains(&format!(".{class}"));
            assert!(class.split(' ').any(ruled), "{name}: no rule for {class}");
        }
        seen += 1;
    }
    assert_eq!(seen, 7 * 5, "light, dark, the reader's, scaling and windows, of seven variants");
}

/// Inside the page they are the same drawings.
#[test]
fn the_files_of_charts_are_the_drawings_of_the_page() {
    let (folder, _) = report_of("drawings", &fixture::standard());
    let page = text(&folder, "index.html");
    for chart in ["counter-hot", "counter-hot-light", "counter-hot-dark", "counter-hot-scaling"] {
        let svg = text(&folder, &format!("charts/{chart}.svg"));
        let (_, body) =
            svg.split_once("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>").expect("paper");
        assert!(body.len() > 100 && page.contains(body.trim_end()), "{chart}");
    }
}

#[test]
fn two_thread_counts_make_no_curve() {
    let (folder, _) = report_of("curves", &fixture::mixed());
    assert!(!folder.join("charts/map-one-scaling.svg").exists());
    assert!(folder.join("charts/map-one.svg").exists());
}

/// A family has one colour in every chart and table.
#[test]
fn a_family_has_one_colour_in_the_whole_page() {
    let journal = fixture::standard();
    let (folder, _) = report_of("families", &journal);
    let page = text(&folder, "index.html");
    let mut colours = std::collections::BTreeMap::new();
    for contender in &journal.run.contenders {
        let name = &contender.name;
        let mut own = std::collections::BTreeSet::new();
        for (before, _) in page.match_indices(&format!(">{name}<")).map(|(at, _)| page.split_at(at)) {
            let (_, tag) = before.rsplit_once('<').expect("a tag");
            let class =
                tag.split_once("class=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap_or_default());
            let number =
                |class: &str| class.strip_prefix(['c', 'f', 's']).and_then(|rest| rest.parse::<u8>().ok());
            own.extend(class.split(' ').filter_map(number));
        }
        assert_eq!(own.len(), 1, "{name}: {own:?}");
        let colour = own.pop_first();
        assert_eq!(*colours.entry(contender.family.clone()).or_insert(colour), colour, "{name}");
    }
    let different: std::collections::BTreeSet<_> = colours.values().collect();
    assert_eq!(different.len(), colours.len(), "{colours:?}");
}
