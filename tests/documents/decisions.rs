//! What the reference run decides: the figures of the documents are those of its records.

use std::path::Path;

use contend::record::RunData;
use contend::verdict::{Analysis, Guarantee, Outcome, Standing, Verdict, analyse_run, common_shifts};
use contend_analysis::text::number;

use super::read;

fn reference() -> (RunData, Analysis) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/reference");
    let journal = contend::record::read(&folder).expect("the reference run");
    let analysis = analyse_run(&journal);
    (journal, analysis)
}

#[test]
fn the_reference_run_names_a_pick_near_the_best_in_most_classes() {
    let (_, analysis) = reference();
    let choices = || analysis.blocks.iter().flat_map(|block| &block.choices);
    let contested: Vec<_> = choices().filter(|choice| choice.guarantee != Guarantee::Alone).collect();
    let within = |share: f64| {
        contested.iter().filter(|choice| choice.guarantee.is_within(share, analysis.threshold)).count()
    };
    let (all, three, ten) = (contested.len(), within(0.03), within(0.10));
    assert!(three >= 64 && ten >= 72, "{three} and {ten} of {all}");
    // By winners and ties alone it is fewer.
    let standings = || analysis.blocks.iter().flat_map(|block| &block.standings);
    let decided = standings().filter(|of| is_decided(&of.standing)).count();
    assert!(decided < three, "{decided}");
    let sentence = format!(
        "{three} of its {all} contested classes name a contender within 3 % of the best, and {ten} one within 10 %"
    );
    for document in ["README.md", "docs/statistics.md"] {
        assert!(read(document).replace('\n', " ").contains(&sentence), "{document}: {sentence}");
    }
    assert!(read("docs/statistics.md").contains(&format!("Winners and ties decide {decided}.")), "{decided}");
}

#[test]
fn the_reference_run_has_the_unresolved_pairs_and_expected_errors_of_the_documents() {
    let (_, analysis) = reference();
    let pairs = || analysis.blocks.iter().flat_map(|block| &block.verdicts).filter(|of| !of.control);
    let is_open = |of: &&Verdict| of.verdict == Outcome::Unresolved && of.not_slower.is_none();
    let share = 100.0 * pairs().filter(is_open).count() as f64 / pairs().count() as f64;
    let text = read("docs/statistics.md").replace('\n', " ");
    assert!(
        text.contains(&format!("In the reference run {share:.1} % of the pairs are unresolved.")),
        "{share}"
    );
    let expected =
        format!("it is {:.1} of {}.", analysis.expected_wrong, number::count(pairs().count() as u64));
    assert!(text.contains(&expected), "{expected}");
}

/// Its figures are those of the reference run, where it names no other source.
#[test]
fn the_methodology_has_the_figures_of_the_reference_run() {
    let (_, analysis) = reference();
    let text = read("docs/methodology.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let count = |number: usize| number::count(number as u64);
    let pairs = analysis.blocks.iter().flat_map(|block| &block.verdicts).filter(|of| !of.control);
    let shifts = common_shifts(&analysis.blocks);
    let contested = analysis.blocks.iter().flat_map(|block| &block.choices);
    let contested: Vec<_> = contested.filter(|choice| choice.guarantee != Guarantee::Alone).collect();
    let near = contested.iter().filter(|choice| choice.guarantee.is_within(0.03, analysis.threshold));
    for figure in [
        format!("{} of its {} contested classes", near.count(), contested.len()),
        format!("{:.1} of {} comparisons", analysis.expected_wrong, count(pairs.count())),
        format!("{} of {} forks", count(shifts.shifted.len()), count(shifts.forks)),
        format!("{} of {} cells", analysis.split_half_failures, count(analysis.split_half_checks as usize)),
    ] {
        assert!(text.contains(&figure), "{figure}");
    }
}

/// Each row of the known results, and how its claim begins.
const KNOWN: [(&str, &str); 11] = [
    ("a counter for each thread stays flat", "A counter for each thread stays flat"),
    ("a `fetch_add` beats", "A fetch_add beats"),
    ("false sharing costs", "False sharing costs"),
    ("short read sections", "Short read sections"),
    ("a rendezvous channel", "A rendezvous channel"),
    ("a thread for each job", "A thread for each job"),
    ("rayon on tiny jobs", "Rayon on tiny jobs"),
    ("`DashMap` loses", "DashMap loses"),
    ("std's and parking_lot's mutexes", "The mutexes of std and parking_lot"),
    ("with work in between", "With work in between"),
    ("std's mpsc is crossbeam's", "std's mpsc is crossbeam's"),
];

#[test]
fn the_known_results_are_those_of_the_reference_run() {
    let verdicts: serde_json::Value =
        serde_json::from_str(&read("reports/reference/verdicts.json")).expect("JSON");
    let claims = verdicts["claims"].as_array().expect("a list");
    let page = read("docs/results.md");
    for (row, begin) in KNOWN {
        let claim = claims.iter().find(|of| of["claim"].as_str().is_some_and(|text| text.starts_with(begin)));
        let outcome = claim.and_then(|of| of["outcome"].as_str()).unwrap_or_else(|| panic!("{begin}"));
        let line = page.lines().find(|line| line.starts_with(&format!("| {row}")));
        let line = line.unwrap_or_else(|| panic!("{row}"));
        assert!(line.ends_with(&format!("| {outcome} |")), "{line}: {outcome}");
    }
}

fn is_decided(standing: &Standing) -> bool {
    matches!(standing, Standing::Winner { .. } | Standing::Tied { .. })
}

#[test]
fn each_class_of_the_reference_run_has_one_pick_that_its_bounds_allow() {
    let (journal, analysis) = reference();
    let limit = 1.0 + journal.run.plan.threshold;
    for block in &analysis.blocks {
        for choice in &block.choices {
            let ours = || block.decisions.iter().filter(|of| of.class == choice.class);
            let picks: Vec<_> = ours().filter(|of| of.pick).collect();
            let [pick] = picks[..] else { panic!("{choice:?}") };
            assert_eq!(Some(&pick.contender), choice.pick.as_ref());
            for of in ours() {
                let ordered = of.at_least.zip(of.at_most).is_none_or(|(least, most)| least <= most);
                assert!(ordered && of.at_most.is_none_or(|most| most >= 1.0), "{of:?}");
            }
            match &choice.guarantee {
                Guarantee::Within { contenders } => {
                    let near = ours().filter(|of| of.at_most.is_some_and(|most| most <= limit));
                    assert_eq!(near.count(), contenders.len(), "{choice:?}");
                    assert_eq!(contenders.first(), choice.pick.as_ref());
                }
                Guarantee::Behind { at_most } => {
                    let least = ours().filter_map(|of| of.at_most).fold(f64::INFINITY, f64::min);
                    assert!(*at_most == least && least > limit, "{choice:?}");
                }
                Guarantee::Fastest => assert_eq!(pick.at_least, None, "{choice:?}"),
                Guarantee::Alone => assert_eq!(ours().count(), 1),
                Guarantee::Open => panic!("{choice:?}"),
            }
        }
    }
}

#[test]
fn std_and_blocking_contenders_are_taken_before_others() {
    let (journal, analysis) = reference();
    let package =
        |name: &str| journal.run.contenders.iter().find(|info| info.name == name).map(|info| &*info.package);
    let mut chosen = 0;
    for choice in analysis.blocks.iter().flat_map(|block| &block.choices) {
        let Guarantee::Within { contenders } = &choice.guarantee else { continue };
        if contenders.iter().any(|name| package(name) == Some("std")) {
            assert_eq!(package(&contenders[0]), Some("std"), "{choice:?}");
            chosen += 1;
        }
    }
    assert!(chosen > 5, "{chosen}");
}
