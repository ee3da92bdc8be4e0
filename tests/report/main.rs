//! The report from outside: what it writes for runs of every shape. The pages stay under
//! `target/tmp/report`, where the browser's check finds them.

mod charts;
mod cite;
mod compare;
mod fixture;
mod golden;
mod numbers;
mod shapes;
mod sizes;
mod statements;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use contend::record::{Record, RunData, WorkloadGroup};
use contend::report::{self, Level, Written};
use contend::verdict::ClassChoice;

/// An empty folder for a run of this name.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report").join(name);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).expect("a place to write to");
    place
}

/// Writes a run as a measured one lies in its folder.
fn save(folder: &Path, journal: &RunData) {
    let run = serde_json::to_string_pretty(&journal.run).expect("plain data");
    fs::write(folder.join("run.json"), run).expect("a place to write to");
    let line = |record| serde_json::to_string(record).expect("plain data") + "\n";
    let lines: String = journal.records.iter().map(line).collect();
    fs::write(folder.join("samples.jsonl"), lines).expect("a place to write to");
}

/// Saves a run and writes its report.
fn report_of(name: &str, journal: &RunData) -> (PathBuf, Written) {
    let folder = place(name);
    save(&folder, journal);
    let written = report::write(&folder, journal).expect("a report");
    (folder, written)
}

/// One that the small run confirms, one that it refutes, and one of a workload that it has not.
const CLAIMS: &str = r#"
[[claim]]
claim = "flume is slower than std's `Mutex`."
source = "an example <of two>"
[[claim.says]]
in = "counter/hot"
faster = "std::sync::Mutex"
than = "flume"
at = [1, 2]

[[claim]]
claim = "They tie."
source = "an example"
[[claim.says]]
in = "counter/hot"
tie = ["std::sync::Mutex", "flume"]
at = [1]

[[claim]]
claim = "A queue is slow."
source = "an example"
[[claim.says]]
in = "queue/one"
faster = "a"
than = "b"
"#;

/// Lays claims beside a run.
fn claim(folder: &Path, claims: &str) {
    let place = folder.join("claims");
    fs::create_dir_all(&place).expect("a place to write to");
    fs::write(place.join("example.toml"), claims).expect("a place to write to");
}

fn text(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect(file)
}

/// Every file below a folder, by its relative path.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("within").display().to_string();
                files.push((name, fs::read(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn a_standard_run_says_what_it_found() {
    let journal = fixture::standard();
    let (folder, written) = report_of("standard", &journal);
    assert_eq!(written.quality.level, Level::Caution);
    let page = text(&folder, "index.html");
    for part in [
        "counter, map and fan-out on Example CPU @ 2.80GHz, 2 CPUs",
        "1 cell failed",
        "lost 3 of 120,000 increments",
        "The ranking changes between 1 and 4 threads",
        "A virtual machine",
        "Keys are not fixed",
        "href=\"./samples.jsonl\"",
        "12157665459056928801",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for chart in ["counter-hot", "counter-hot-dark", "map-read90-scaling", "map-read90-windows-2"] {
        let svg = text(&folder, &format!("charts/{chart}.svg"));
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{chart}");
    }
    let summary = text(&folder, "summary.md");
    assert!(summary.contains("> [!WARNING]\n> **Caution**"));
    assert!(summary.contains("failed: lost 3 of 120,000 increments"));
}

/// Facts of a package stand once, in the table of contenders; a role stands in its workload.
#[test]
fn facts_stand_once_and_roles_stand_in_their_workload() {
    let (folder, _) = report_of("roles", &fixture::standard());
    let page = text(&folder, "index.html");
    let section =
        |id: &str| page.split("<section class=\"workload\"").find(|part| part.contains(id)).expect(id);
    let role = "One of a kind; <code>inert</code> &lt;b&gt;text&lt;/b&gt;.";
    assert!(section("id=\"in-counter\"").contains(role));
    assert!(!section("id=\"in-map\"").contains(role));
    // All contenders have it in common here, so it is said once, of all.
    assert_eq!(page.matches(role).count(), 1);
    let (names, _) = section("id=\"in-counter\"").split_once(role).expect("the role");
    let (_, names) = names.rsplit_once("<div>").expect("their names");
    assert_eq!(names.matches("<dt>").count(), fixture::standard().run.contenders.len());
    let mut kinds: Vec<_> = fixture::standard().run.contenders.into_iter().map(|info| info.family).collect();
    kinds.sort();
    kinds.dedup();
    let (_, contenders) = page.split_once("id=\"contenders\"").expect("a section");
    let (contenders, _) = contenders.split_once("</section>").expect("its end");
    let contenders = contenders.replace("<wbr>", "");
    let facts = contenders.matches("Blocks; not fair; poisons when a holder panics.").count();
    assert!(facts >= kinds.len() && facts < fixture::standard().run.contenders.len(), "{facts}");
    for info in &fixture::standard().run.contenders {
        let heads = contenders.split("<th>").filter_map(|row| Some(row.split_once("<td>")?.0));
        let count = heads.flat_map(|names| names.split("<br>")).filter(|name| *name == info.name).count();
        assert_eq!(count, 1, "{}", info.name);
    }
}

/// Notes stand in the tables. Warnings have the collapses, and how many cells have notes.
#[test]
fn notes_on_cells_stand_once() {
    let mut journal = fixture::standard();
    let stalled = |one: &Record| one.cell.to_string() == "counter/hot/std::sync::Mutex/2";
    let third = |one: &Record| one.fork.is_multiple_of(3) && one.round == 2;
    for record in journal.records.iter_mut().filter(|one| stalled(one) && third(one)) {
        record.ns_per_op = record.ns_per_op.map(|value| 3.0 * value);
        record.window_ns *= 3;
    }
    let (folder, written) = report_of("notes", &journal);
    let cells = written.analysis.blocks.iter().flat_map(|block| &block.cells);
    let cell = cells.clone().find(|one| one.cell.to_string() == "counter/hot/std::sync::Mutex/2");
    let notes = &cell.expect("a cell").notes;
    let stalls = notes.iter().find(|note| note.contains(" stalls of "));
    let stalls = stalls.unwrap_or_else(|| panic!("no stalls: {notes:?}"));
    let page = text(&folder, "index.html");
    assert_eq!(page.matches(stalls.as_str()).count(), 1);
    let (_, warnings) = page.split_once("id=\"warnings\"").expect("a section");
    let (warnings, _) = warnings.split_once("</section>").expect("its end");
    let of_variant = |one: &str| one.starts_with("counter/hot/");
    let noted = cells
        .filter(|one| of_variant(&one.cell.to_string()) && one.cell.is_contender() && !one.notes.is_empty())
        .count();
    let line = format!("href=\"#of-counter-hot\"><code>counter/hot</code></a>: notes on {noted} of ");
    assert!(noted > 0 && warnings.contains(&line), "{line} in {warnings}");
}

#[test]
fn the_same_records_give_the_same_bytes_also_when_read_back() {
    let mut journal = fixture::standard();
    // A run has the name of its folder when it is read.
    journal.run.run = "again".to_owned();
    let (folder, _) = report_of("again", &journal);
    let first = files(&folder);
    let read = contend::record::read(&folder).expect("what was saved");
    report::write(&folder, &read).expect("a report");
    let second = files(&folder);
    assert_eq!(first.len(), second.len());
    for ((name, one), (_, other)) in first.iter().zip(&second) {
        let at = one.iter().zip(other).position(|(a, b)| a != b).unwrap_or(one.len().min(other.len()));
        let near = |bytes: &[u8]| {
            String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]).into_owned()
        };
        assert!(one == other, "{name} differs: {} / {}", near(one), near(other));
    }
}

#[test]
fn claims_that_lie_beside_a_run_are_shown_with_their_evidence() {
    let journal = fixture::standard();
    let (folder, _) = report_of("claims", &journal);
    assert!(!text(&folder, "index.html").contains("id=\"claims\""));
    claim(&folder, CLAIMS);
    report::write(&folder, &journal).expect("a report");
    let page = text(&folder, "index.html");
    let (_, claims) = page.split_once("id=\"claims\"").expect("a section");
    let (claims, _) = claims.split_once("</section>").expect("its end");
    for part in [
        "3 claims: 1 holds, 1 fails, 0 unresolved, 1 not testable here",
        "flume is slower than std&#39;s <code>Mutex</code>.",
        "an example &lt;of two&gt;",
        "<a href=\"./claims/example.toml\">claims/example.toml</a>, line 3",
        "<td class=\"holds\">holds",
        "<td class=\"fails\">fails",
        "<details><summary>1 claim that is not testable here</summary>",
        "the run has no block queue/one",
    ] {
        assert!(claims.contains(part), "{part} in {claims}");
    }
    let links = claims.split("href=\"#").skip(1);
    for link in links {
        let (id, _) = link.split_once('"').expect("its end");
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let first = files(&folder);
    report::write(&folder, &journal).expect("a report");
    assert!(first == files(&folder), "made again, it differs");

    claim(&folder, "[[claim]]\nclaim = 1");
    let written = report::write(&folder, &journal).expect("a report without these claims");
    let [error] = &written.unread_claims[..] else { panic!("{:?}", written.unread_claims) };
    assert!(error.to_string().starts_with("claims/example.toml:2: "), "{error}");
    let sentence = "A file of the run's claims cannot be read, and is left out: claims/example.toml:2: ";
    assert!(
        written.quality.reasons.iter().any(|reason| reason.starts_with(sentence)),
        "{:?}",
        written.quality
    );
    assert!(text(&folder, "index.html").contains("cannot be read, and is left out"));
}

#[test]
fn verdicts_json_has_every_comparison_and_every_cell() {
    let journal = fixture::standard();
    let (folder, written) = report_of("json", &journal);
    let json: serde_json::Value = serde_json::from_str(&text(&folder, "verdicts.json")).expect("JSON");
    let list = |name: &str| json[name].as_array().expect(name).clone();
    let expected: usize = written.analysis.blocks.iter().map(|b| b.verdicts.len()).sum();
    assert_eq!(list("verdicts").len(), expected);
    for verdict in list("verdicts") {
        for field in ["block", "a", "b", "ratio", "low", "high", "verdict", "control", "forks"] {
            assert!(!verdict[field].is_null(), "{field}");
        }
    }
    let controls = list("verdicts").iter().filter(|v| v["control"] == true).count();
    assert_eq!(controls as u32, written.analysis.controls);
    let cells: usize = journal.run.plan.blocks.iter().map(|b| b.cells.len()).sum();
    assert_eq!(list("cells").len(), cells);
    assert_eq!(json["trust"]["level"], "caution");
}

#[test]
fn the_terminal_ends_with_a_table_of_at_most_25_lines() {
    let journal = fixture::standard();
    let (_, written) = report_of("terminal", &journal);
    let lines = report::terminal(&journal.run, &written.analysis, false);
    assert!((4..=25).contains(&lines.lines().count()), "{lines}");
    for workload in ["counter", "map", "fan-out"] {
        assert!(lines.lines().any(|line| line.starts_with(workload)), "{workload}: {lines}");
    }
    // Each choice is that of verdicts.json.
    let choices = || written.analysis.blocks.iter().flat_map(|block| &block.choices);
    for line in lines.lines().filter(|line| line.starts_with("map/")) {
        let (variant, rest) = line.split_once(' ').expect("a variant");
        let threads = rest.split(' ').next().expect("a thread count");
        let block = format!("{variant}/{threads}");
        let mut shown = choices().filter(|choice| choice.block.to_string() == block);
        let is_shown = |choice: &ClassChoice| {
            line.contains(&choice.words) && choice.pick.as_ref().is_some_and(|pick| line.contains(pick))
        };
        assert!(shown.any(is_shown), "{line}");
    }
    assert!(!lines.contains('\u{1b}'));
    assert!(report::terminal(&journal.run, &written.analysis, true).contains('\u{1b}'));
}

#[test]
fn workloads_stand_in_groups_that_the_records_tell() {
    let mut journal = fixture::mixed();
    for info in &mut journal.run.workloads {
        info.group = match &*info.name {
            "map" => WorkloadGroup::Core,
            "queue" => WorkloadGroup::Patterns,
            _ => WorkloadGroup::Own,
        };
    }
    let (folder, _) = report_of("groups", &journal);
    let page = text(&folder, "index.html");
    let (_, take) = page.split_once("class=\"take\"").expect("what to take");
    for order in [
        ["#of-map-one", "#of-queue-one", "#of-ours-one"],
        ["id=\"in-map\"", "id=\"in-queue\"", "id=\"in-ours\""],
    ] {
        let places = order.map(|text| take.find(text).unwrap_or_else(|| panic!("no {text}")));
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn the_newest_page_stands_above_the_runs() {
    let reports = place("published");
    for run in ["2026-01-01T00-00-00Z", "2026-02-01T00-00-00Z"] {
        let folder = reports.join(run);
        fs::create_dir_all(&folder).expect("a place");
        report::write(&folder, &fixture::standard()).expect("a report");
    }
    report::publish(&reports, "2026-02-01T00-00-00Z").expect("an index");
    let index = text(&reports, "index.html");
    assert!(index.contains("href=\"./2026-02-01T00-00-00Z/run.json\""));
    assert!(index.contains("href=\"2026-01-01T00-00-00Z/index.html\""));
    assert!(!index.contains("href=\"./run.json\""));
}
