//! The numbers of the first screens against `verdicts.json`: the heat map and what to take. The browser's check
//! compares the rest, and what a script shows.

use serde_json::Value;

use super::{fixture, report_of, text};

/// The text between two others.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

/// Whether a text of three digits, or two decimals, is `exact`.
fn shows(text: &str, exact: f64) -> bool {
    let shown: f64 = text.replace([',', '×'], "").parse().unwrap_or(f64::NAN);
    let unit = 10f64.powf(exact.abs().log10().floor() - 2.0).max(if exact < 1.0 { 0.01 } else { 0.0 });
    (shown - exact).abs() <= unit * 0.500_000_1
}

struct Verdicts(Value);

impl Verdicts {
    fn list(&self, name: &str) -> &Vec<Value> {
        self.0[name].as_array().expect("a list")
    }

    /// The best by estimate of a contender's class.
    fn best(&self, block: &str, contender: &str) -> &str {
        let of_class = |one: &&Value| {
            let order = one["order"].as_array().expect("an order");
            one["block"] == block && order.iter().any(|name| name == contender)
        };
        let standing = self.list("standings").iter().find(of_class).expect("a standing");
        let standing = &standing["standing"];
        standing["contender"].as_str().or(standing["contenders"][0].as_str()).expect("a leader")
    }

    /// A contender's time over that of the best.
    fn ratio(&self, block: &str, contender: &str) -> f64 {
        let best = self.best(block, contender);
        if best == contender {
            return 1.0;
        }
        let pair = |verdict: &&Value, a: &str, b: &str| verdict["a"] == a && verdict["b"] == b;
        let of_block = || self.list("verdicts").iter().filter(|verdict| verdict["block"] == block);
        let number = |verdict: &Value, field: &str| verdict[field].as_f64().expect("a number");
        match of_block().find(|verdict| pair(verdict, best, contender)) {
            Some(verdict) => number(verdict, "times"),
            None => {
                number(of_block().find(|verdict| pair(verdict, contender, best)).expect("a pair"), "ratio")
            }
        }
    }

    fn decision(&self, block: &str, contender: &str) -> &Value {
        let wanted = |one: &&Value| one["block"] == block && one["contender"] == contender;
        self.list("decisions").iter().find(wanted).expect("a decision")
    }
}

fn page_and_verdicts(name: &str) -> (String, Verdicts) {
    let (folder, _) = report_of(name, &fixture::standard());
    let verdicts = serde_json::from_str(&text(&folder, "verdicts.json")).expect("JSON");
    (text(&folder, "index.html"), Verdicts(verdicts))
}

#[test]
fn the_heat_map_has_the_verdicts_on_the_best() {
    let (page, verdicts) = page_and_verdicts("heat");
    let (mut cells, mut marked) = (0, 0);
    for map in page.split("<table class=\"heat\">").skip(1) {
        let map = map.split("</table>").next().expect("its end");
        let heads = between(map, "<tr class=\"counts\">", "</tr>");
        let blocks: Vec<&str> =
            heads.split("data-block=\"").skip(1).filter_map(|one| one.split('"').next()).collect();
        for row in map.split("<tr><th class=").skip(1) {
            let name = between(row, ">", "<td");
            let fields = row.split("</tbody>").next().expect("its end").split("<td").skip(1);
            for (field, block) in fields.zip(&blocks) {
                let (class, shown) = field.split_once('>').expect("a field");
                if shown.is_empty() || shown == "failed" || shown == "–" {
                    continue;
                }
                assert!(shows(shown, verdicts.ratio(block, name)), "{block} {name}: {shown}");
                let decision = verdicts.decision(block, name);
                let of_class = |one: &&Value| one["block"] == *block && one["class"] == decision["class"];
                let choice = verdicts.list("choices").iter().find(of_class).expect("a choice");
                let may = match choice["is"].as_str() {
                    Some("fastest" | "alone") => choice["pick"] == name,
                    _ => decision["at_least"].is_null(),
                };
                assert_eq!(class.contains("may"), may, "{block} {name}");
                marked += usize::from(may);
                cells += 1;
            }
        }
    }
    let measured = verdicts.list("decisions").len();
    assert_eq!(cells, measured, "a field for each");
    assert!(marked > 20 && marked < cells);
}

#[test]
fn what_to_take_is_the_pick_with_its_bound_and_the_baselines_cost() {
    let (page, verdicts) = page_and_verdicts("take");
    let table = between(&page, "<table class=\"take\">", "</table>");
    let mut seen = 0;
    for row in table.split("<tr data-block=\"").skip(1) {
        let block = row.split('"').next().expect("a block");
        let code = between(row, "<bdi>", "</bdi>");
        let decision = verdicts.decision(block, code);
        assert_eq!(decision["pick"], true, "{block} {code}");
        let guarantee = between(row, "</bdi><td class=\"", "<td class=\"dots\">");
        let bound = decision["at_most"].as_f64().expect("a bound");
        match guarantee {
            of if of.contains("within 3") => assert!(bound <= 1.03, "{block}: {bound}"),
            of if of.contains("at most") => {
                let words = verdicts.list("choices").iter().any(|one| {
                    one["block"] == block
                        && one["pick"] == code
                        && of.contains(one["words"].as_str().expect("words"))
                });
                assert!(words && bound > 1.03, "{block}: {of}");
            }
            of if of.contains("fastest") => {
                let (times, low) = (between(of, "<b>", "</b>"), between(of, "(", "–"));
                let winner = verdicts.list("verdicts").iter().any(|verdict| {
                    let exact = |field: &str| verdict[field].as_f64().expect("a number");
                    verdict["block"] == block
                        && verdict["a"] == code
                        && shows(times, exact("times"))
                        && shows(low, exact("times_low"))
                });
                assert!(winner, "{block}: {of}");
            }
            other => assert!(other.contains("alone"), "{block}: {other}"),
        }
        let cost = row.split("<td class=\"cost\">").nth(1).expect("a cost");
        match cost.split_once("<b>") {
            Some((_, rest)) => {
                let times = rest.split("</b>").next().expect("its end");
                let exact = 1.0 / decision["baseline_ratio"].as_f64().expect("a ratio");
                assert!(shows(times, exact), "{block}: {times} is not {exact}");
            }
            None => assert!(
                cost.starts_with("it is the one to take") || decision["baseline_ratio"].is_null(),
                "{cost}"
            ),
        }
        seen += 1;
    }
    assert!(seen >= 7 * 3, "{seen}");
}
