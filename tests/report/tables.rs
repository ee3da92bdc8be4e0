//! The page's tables: their headings, and the reasons that they give.

use contend::record::Class;
use contend::verdict::Guarantee;

use super::{fixture, report_of, text};

/// A deferred contender has a helper, so it has three runnable threads at 2 threads of 2 CPUs. `serial` has one at 4.
#[test]
fn a_heading_has_the_asterisk_if_its_threads_or_all_its_cells_have_it() {
    let heads = |page: &str| -> Vec<String> {
        let heads = page.split("<th scope=\"col\" data-block=\"").skip(1);
        heads.map(|head| head.split(['>', '<']).nth(1).expect("its text").to_owned()).collect()
    };
    let run = |name: &str, contenders: Vec<fixture::Contender>| {
        let mut journal = fixture::journal(&fixture::Outlay {
            workloads: vec![("queue".to_owned(), vec!["one".to_owned()])],
            threads: vec![1, 2, 4],
            contenders,
            cores: 2,
            forks: 12,
            rounds: 1,
        });
        let cells = journal.run.plan.blocks.iter_mut().flat_map(|block| &mut block.cells);
        cells.filter(|cell| cell.contender == "serial").for_each(|cell| cell.oversubscribed = false);
        text(&report_of(name, &journal).0, "index.html")
    };
    let all = run("some-oversubscribed", fixture::usual());
    assert_eq!(heads(&all), ["1", "2", "4*"]);
    assert!(all.contains("<td>2<td class=\"pick") && all.contains("<td>2* <small>deferred</small>"));
    let (_, scaling) = all.split_once("class=\"lines\"").expect("a chart of lines");
    assert!(scaling.contains("(take at 2 threads)") && scaling.contains("(deferred: take at 2 threads)"));
    let mut deferred = fixture::usual();
    deferred.retain(|contender| contender.class == Class::Deferred);
    let deferred = run("all-oversubscribed", deferred);
    assert_eq!(heads(&deferred), ["1", "2*", "4*"]);
    assert!(deferred.contains("<td>2*<td class=\"pick") && deferred.contains(">2 threads, oversubscribed<"));
}

#[test]
fn what_to_take_says_why() {
    let (folder, written) = report_of("why", &fixture::standard());
    let page = text(&folder, "index.html");
    let choices: Vec<_> = written.analysis.blocks.iter().flat_map(|block| &block.choices).collect();
    let are = |kind: fn(&Guarantee) -> bool| choices.iter().filter(|choice| kind(&choice.guarantee)).count();
    let alone = are(|of| matches!(of, Guarantee::Within { contenders } if contenders.len() == 1));
    let behind = are(|of| matches!(of, Guarantee::Behind { .. }));
    assert!(alone > 0 && behind > 0, "{alone} {behind}");
    assert_eq!(page.matches(" of the best (the only one proven)").count(), alone);
    assert_eq!(page.matches(" least bound)<td").count() + page.matches(" (least bound)<td").count(), behind);
    for choice in &choices {
        let Guarantee::Within { contenders } = &choice.guarantee else { continue };
        if let Some((_, better)) = choice.why.split_once(": ") {
            let reason = format!(" of the best (simplest of {}: {better})", contenders.len());
            assert!(page.contains(&reason), "{reason}");
        }
    }
}

/// In a table of one class the column would say the same in every row.
#[test]
fn a_table_names_classes_where_there_are_several() {
    let run = |name: &str, contenders: Vec<fixture::Contender>| {
        let journal = fixture::journal(&fixture::Outlay {
            workloads: vec![("counter".to_owned(), vec!["hot".to_owned()])],
            threads: vec![1, 2],
            contenders,
            cores: 2,
            forks: 12,
            rounds: 1,
        });
        text(&report_of(name, &journal).0, "index.html")
    };
    let several = run("classes", fixture::usual());
    assert!(several.contains("<th>threads<th>class<th>") && !several.contains("data-class="));
    let one = run("one-class", fixture::usual()[..3].to_vec());
    assert!(one.contains("<th>threads<th>Mops/s<th>") && one.contains("data-class=\"immediate\""));
    assert!(one.contains("12 forks each, all immediate</caption>"));
}
