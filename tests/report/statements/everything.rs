//! All texts of a run, as a reader sees them, and what its records carry.

use std::collections::BTreeMap;

use contend::claim::{self, ClaimFile};
use contend::compare::{self, Compared, compare};
use contend::record::RunData;
use contend::report::{self, Written};
use contend::verdict::analyse_run;

use crate::{claim as claims_beside, report_of, text};

/// Claims that all runs of `early` and `late` are checked for.
const CLAIMS: &str = r#"
[[claim]]
claim = "The first is faster."
source = "a test"
[[claim.says]]
in = "counter/hot"
faster = "early"
than = "late"

[[claim]]
claim = "The two are equal."
source = "a test"
[[claim.says]]
in = "counter/hot"
tie = ["early", "late"]
"#;

/// Every text of a run by its name, without markup.
pub struct Everything {
    pub name: &'static str,
    pub written: Written,
    data: RunData,
    texts: BTreeMap<&'static str, String>,
    shares: Vec<String>,
}

/// A sentence `A is N× (L–H) as fast as B`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    pub place: &'static str,
    pub a: String,
    pub b: String,
    pub times: [f64; 3],
}

/// Puts a run into every text that there is.
pub fn everything(name: &'static str, data: &RunData) -> Everything {
    let (folder, _) = report_of(name, data);
    claims_beside(&folder, CLAIMS);
    let written = report::write(&folder, data).expect("a report");
    let analysis = analyse_run(data);
    let file = ClaimFile::parse("claims/example.toml".as_ref(), CLAIMS).expect("claims");
    let checked = claim::evaluate(&file, &data.run, &analysis);
    // On another CPU, the two runs are shown side by side, with the leaders of both.
    let mut elsewhere = data.clone();
    let model = elsewhere.run.environment.facts.iter_mut().find(|fact| fact.key == "cpu_model");
    model.expect("a CPU").value = "Another CPU".to_owned();
    let compared = [compare(data, &elsewhere, false), compare(data, data, true)];
    let show = |show: &dyn Fn(&Compared) -> String| {
        let shown = compared.iter().map(|of| of.as_ref().map_or_else(ToString::to_string, show));
        shown.collect::<Vec<_>>().join("\n")
    };
    let page = text(&folder, "index.html");
    let cite = |full| report::Cite { filter: "counter", matches: &|_| true, full, link: "index.html" };
    let cited = [false, true].map(|full| report::cite(data, &cite(full)).expect("a citation")).join("\n");
    let texts = [
        ("index.html", without_tags(&page)),
        ("summary.md", without_marks(&text(&folder, "summary.md"))),
        ("verdicts.json", text(&folder, "verdicts.json")),
        ("terminal", report::terminal(&data.run, &written.analysis, false)),
        ("cite", without_marks(&cited)),
        ("claims", claim::terminal(&checked, &data.run, false)),
        ("claims.md", without_marks(&claim::markdown(&checked, &data.run))),
        ("compare", show(&|of| compare::terminal(of, false))),
        ("compare.md", without_marks(&show(&compare::markdown))),
    ];
    Everything { name, written, data: data.clone(), texts: texts.into(), shares: shares(&page) }
}

impl Everything {
    pub fn text(&self, place: &str) -> &str {
        &self.texts[place]
    }

    pub fn texts(&self) -> impl Iterator<Item = &String> {
        self.texts.values()
    }

    /// The least shares of the page's tables.
    pub fn shares(&self) -> Vec<String> {
        self.shares.clone()
    }

    /// The contenders that a text calls fastest, or ahead of the runner-up.
    pub fn winners(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (place, text) in self.texts.iter().filter(|(place, _)| **place != "verdicts.json") {
            let before = text.match_indices(" is fastest").map(|(at, _)| &text[..at]);
            found.extend(before.filter_map(|text| Some((*place, self.last_name(text)?))));
            // Their tables have the word in a column of its own.
            let in_table = ["terminal", "cite"].contains(place);
            let fastest = text.match_indices("fastest").filter(|_| in_table).map(|(at, _)| &text[..at]);
            found.extend(fastest.filter_map(|text| Some((*place, self.last_name(text)?))));
            // So has the page's table of what to take.
            let table = text.match_indices("fastest: ").map(|(at, _)| &text[..at]);
            found.extend(table.filter_map(|text| Some((*place, self.last_name(text)?))));
            let leads = text.match_indices(" leads").map(|(at, _)| &text[..at]);
            found.extend(leads.filter_map(|text| Some((*place, self.last_name(text)?))));
        }
        found.sort();
        found.dedup();
        found
    }

    /// Every ratio with an interval that is said of two contenders.
    pub fn ratios(&self) -> Vec<Ratio> {
        let mut found = Vec::new();
        for (place, text) in self.texts.iter().filter(|(place, _)| **place != "verdicts.json") {
            for (at, words) in text.match_indices(" as fast as ") {
                let Some((before, times)) = trailing_ratio(&text[..at]) else { continue };
                let (a, b) = (self.last_name(before), self.first_name(&text[at + words.len()..]));
                if let Some((a, b)) = a.zip(b) {
                    found.push(Ratio { place, a, b, times });
                }
            }
        }
        found
    }

    /// Whether the records have this ratio: the median over forks, within an interval between two forks.
    pub fn carries(&self, of: &Ratio) -> bool {
        let forks = self.forks(&of.a, &of.b);
        let middle = (forks[(forks.len() - 1) / 2] * forks[forks.len() / 2]).sqrt();
        let [times, low, high] = of.times;
        let near = |shown: f64, exact: f64| (shown / exact - 1.0).abs() < 0.006;
        let (least, most) = (forks[0], forks[forks.len() - 1]);
        // The interval of a winner's test ends at the threshold.
        let threshold = near(low, 1.03) && least < 1.03;
        near(times, middle)
            && low <= times
            && times <= high
            && (threshold || low >= least * 0.99)
            && high <= most * 1.01
    }

    /// Whether a contender is ahead of every other by more than the threshold, in all forks except one at most, and no
    /// other is ahead of it in all of its longer windows.
    pub fn is_ahead_of_all(&self, winner: &str) -> bool {
        self.names().iter().filter(|other| *other != winner).all(|other| {
            let forks = self.forks(winner, other);
            let ahead = forks.iter().filter(|times| **times > 1.03).count();
            let long = ratios(&self.data.long, winner, other);
            let refuted = !long.is_empty() && long.iter().all(|times| *times < 1.0 / 1.03);
            ahead + 1 >= forks.len() && !refuted
        })
    }

    /// The speed-up of one over another in each fork, ascending.
    fn forks(&self, one: &str, other: &str) -> Vec<f64> {
        ratios(&self.data.records, one, other)
    }

    /// The names of the contenders.
    fn names(&self) -> Vec<String> {
        let cells = self.data.run.plan.blocks.iter().flat_map(|block| &block.cells);
        let names = cells.map(|cell| cell.contender.clone());
        names.filter(|name| !name.contains('~') && name != "floor").collect()
    }

    fn last_name(&self, text: &str) -> Option<String> {
        let words = text.rsplit(char::is_whitespace).take(16);
        words.map(bare).find(|word| self.is_name(word)).map(str::to_owned)
    }

    fn first_name(&self, text: &str) -> Option<String> {
        let word = bare(text.split(char::is_whitespace).next()?);
        self.is_name(word).then(|| word.to_owned())
    }

    fn is_name(&self, word: &str) -> bool {
        self.names().iter().any(|name| name == word.trim_end_matches("~control"))
    }
}

/// The speed-up of one over another in each fork that has both, ascending.
fn ratios(records: &[contend::record::Record], one: &str, other: &str) -> Vec<f64> {
    let of = |name: &str, fork: u32| {
        let mut records = records.iter().filter(|of| of.valid && of.fork == fork);
        let record = records.find(|of| of.cell.contender == name)?;
        Some(record.window_ns as f64 / record.total_operations() as f64)
    };
    let mut forks: Vec<f64> = (1..=12).filter_map(|fork| Some(of(other, fork)? / of(one, fork)?)).collect();
    forks.sort_by(f64::total_cmp);
    forks
}

/// The ratio with its interval at the end of a text, and what is before it.
fn trailing_ratio(text: &str) -> Option<(&str, [f64; 3])> {
    let (text, interval) = text.strip_suffix(')')?.rsplit_once('(')?;
    let (low, high) = interval.split_once('–')?;
    let (before, times) = text.trim_end().strip_suffix('×')?.rsplit_once(char::is_whitespace)?;
    let number = |text: &str| text.replace(',', "").parse::<f64>().ok();
    Some((before, [number(times)?, number(low)?, number(high)?]))
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '~')
}

/// The text of a page, without its script, style and tags.
fn without_tags(page: &str) -> String {
    let mut out = String::new();
    let mut skipped = false;
    for part in page.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        skipped = match tag {
            tag if tag.starts_with("script") || tag.starts_with("style") => true,
            "/script" | "/style" => false,
            _ => skipped,
        };
        if !skipped {
            // Only blocks of text part words.
            let inline =
                ["b", "/b", "i", "/i", "em", "/em", "code", "/code", "bdi", "/bdi", "wbr", "/a", "/span"];
            let parts = !inline.contains(&tag) && !tag.starts_with("a ") && !tag.starts_with("span");
            out.push_str(if parts { "\n" } else { "" });
            out.push_str(text);
        }
    }
    out.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Markdown without emphasis, code and escapes.
fn without_marks(text: &str) -> String {
    text.replace(['*', '`', '\\'], "")
}

/// The last column of the page's tables before the notes: the least share.
fn shares(page: &str) -> Vec<String> {
    let tables = page.split("<table data-variant").skip(1);
    let mut shares = Vec::new();
    for table in tables.filter_map(|table| table.split("</table>").next()) {
        let heads: Vec<&str> = table.split("<th>").skip(1).collect();
        let column = heads.iter().position(|head| head.starts_with("least share")).expect("a column");
        let (_, body) = table.split_once("<tbody>").expect("a body");
        for row in body.split("<tr").skip(1) {
            let cells: Vec<&str> = row.split("<td").skip(1).collect();
            if let Some(cell) = cells.get(column - 1) {
                shares.push(without_tags(&format!("<td{cell}")).trim().to_owned());
            }
        }
    }
    shares
}
