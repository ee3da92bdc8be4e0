//! Runs of odd shapes: hostile names, too little, too much, numbers that are none.

use contend::record::{Class, RunData, RunStatus, WindowCheck};
use contend::report::{self, Level};

use super::{files, fixture, report_of, text};
use fixture::{Contender, Outlay, contender};

const MARKUP: &str = "</script><img src=x onerror=alert(1)>";

/// What no drawing may hold: a number that is none, as Rust prints it.
fn assert_sound(name: &str, journal: &RunData) -> String {
    let (folder, written) = report_of(name, journal);
    for (file, bytes) in files(&folder) {
        if file.ends_with(".svg") {
            let svg = String::from_utf8(bytes).expect("UTF-8");
            assert!(!svg.contains("NaN") && !svg.contains("inf\"") && !svg.contains("inf "), "{file}");
        }
    }
    report::terminal(&journal.run, &written.analysis, true);
    text(&folder, "index.html")
}

fn one(threads: &[usize], contenders: Vec<Contender>) -> Outlay {
    Outlay {
        workloads: vec![("counter".to_owned(), vec!["hot".to_owned()])],
        threads: threads.to_vec(),
        contenders,
        cores: 2,
        forks: 12,
        rounds: 2,
    }
}

#[test]
fn hostile_names_are_inert_everywhere() {
    let names = [
        MARKUP.to_owned(),
        "a|b".to_owned(),
        "x".repeat(300),
        "\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5e2}\u{5d5}\u{5dc}\u{5dd}".to_owned(),
        "\u{1f980}\u{1f980}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".to_owned(),
        "`code` **bold** [link](javascript:alert(1)) <!-- other runs --> href=\"./".to_owned(),
    ];
    let contenders = names
        .iter()
        .zip(1_u32..)
        .map(|(name, place)| contender(name, name, Class::Immediate, f64::from(place) * 7.0, 1.5))
        .collect();
    let mut outlay = one(&[1, 2, 4], contenders);
    outlay.workloads = vec![(MARKUP.to_owned(), vec!["a|b".to_owned(), "\"'&".to_owned()])];
    let mut journal = fixture::journal(&outlay);
    journal.run.run = MARKUP.to_owned();
    journal.run.command = format!("cargo bench -- '{MARKUP}'");
    journal.run.environment.cautions = vec![MARKUP.to_owned()];
    let page = assert_sound("hostile", &journal);
    assert!(!page.contains("<img") && !page.contains("</script><"));
    assert_eq!(page.matches("<!-- other runs -->").count(), 1);
    assert_eq!(page.matches("href=\"./").count(), page.matches("<a href=\"./").count());
    let (folder, _) = report_of("hostile-files", &journal);
    for (file, bytes) in files(&folder) {
        let own = ["run.json", "samples.jsonl", "verdicts.json"].contains(&file.as_str());
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(own || !text.contains("<img src=x"), "{file}");
    }
    for full in [false, true] {
        let cite = report::Cite { filter: "img", matches: &|_| true, full, link: "index.html" };
        assert!(!report::cite(&journal, &cite).expect("a citation").contains("<img src=x"));
    }
}

#[test]
fn one_contender_at_one_thread_count() {
    let page = assert_sound("one", &fixture::journal(&one(&[1], fixture::usual()[..1].to_vec())));
    assert!(page.contains("alone in its class"));
}

#[test]
fn thirty_two_thread_counts_and_sixty_contenders() {
    let threads: Vec<usize> = (1..=32).collect();
    assert_sound("counts", &fixture::journal(&one(&threads, fixture::usual())));
    let many = (0..60)
        .map(|i| {
            let name = format!("crate_{i}::Lock");
            contender(&name, &format!("family {}", i % 11), Class::Immediate, 5.0 + f64::from(i), 2.0)
        })
        .collect();
    let journal = fixture::journal(&one(&[1, 2, 4], many));
    let page = assert_sound("many", &journal);
    // Each name is whole wherever it stands, and none is left out.
    for figure in
        page.split("<figure id=\"fig-").skip(1).map(|rest| rest.split("</figure>").next().unwrap_or_default())
    {
        assert!(!figure.contains('…') && !figure.contains(" more"), "{figure}");
        for contender in &journal.run.contenders {
            assert!(
                figure.contains(&format!(">{}<", contender.name))
                    || figure.contains(&format!(">{} (", contender.name))
            );
        }
    }
}

#[test]
fn numbers_that_are_none() {
    let mut journal = fixture::journal(&one(&[1, 2], fixture::usual()));
    for (index, record) in journal.records.iter_mut().enumerate() {
        record.ns_per_op = match index % 50 {
            0 => Some(f64::NAN),
            1 => Some(f64::INFINITY),
            2 => Some(0.0),
            3 => Some(-1.0),
            4 => None,
            _ => record.ns_per_op,
        };
        if index % 97 == 0 {
            record.operations = vec![0];
        }
    }
    assert_sound("nan", &journal);
}

#[test]
fn nothing_at_all() {
    let mut journal = fixture::journal(&one(&[1, 2], fixture::usual()));
    journal.records.clear();
    journal.run.status = RunStatus::Interrupted;
    let page = assert_sound("nothing", &journal);
    assert!(page.contains("Interrupted"));
    journal.run.plan.blocks.clear();
    assert_sound("no-plan", &journal);
}

#[test]
fn three_forks_decide_nothing() {
    let mut outlay = one(&[1, 2, 4], fixture::usual());
    outlay.forks = 3;
    let journal = fixture::journal(&outlay);
    let page = assert_sound("three-forks", &journal);
    assert!(page.contains(Level::Quick.label()));
}

/// In windows of 40 ms the runner-up takes half of the winner's time, in every fork.
#[test]
fn a_winner_that_loses_in_longer_windows_is_unresolved_with_a_warning() {
    let contenders = vec![
        contender("early", "locks", Class::Immediate, 10.0, 1.0),
        contender("late", "locks", Class::Immediate, 20.0, 1.0),
    ];
    let mut journal = fixture::journal(&one(&[1], contenders));
    journal.run.plan.window_check = Some(WindowCheck { window_ns: 40_000_000, forks: 7 });
    let mut long = journal.records.clone();
    long.retain(|record| record.valid && record.fork <= 7 && record.round == 1);
    for record in &mut long {
        let times = if record.cell.contender == "late" { 1 } else { 4 };
        record.window_ns *= 10 * times;
        record.operations.iter_mut().for_each(|n| *n *= 10);
    }
    journal.long = long;
    let page = assert_sound("turned", &journal);
    let (folder, _) = report_of("turned", &journal);
    assert!(page.contains("windows of 40 ms reverse the order"), "page");
    let head = "The runner-up was ahead in longer windows for 1 of 1 winner: that block is unresolved.";
    assert!(page.contains(head), "the page's head");
    assert!(text(&folder, "summary.md").contains(head), "summary");
    let json = text(&folder, "verdicts.json");
    assert!(json.contains(r#""turned":true"#) && json.contains("reverse the order"));
}
