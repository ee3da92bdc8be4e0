//! The author's reasons: beside the comparisons that they explain, and nowhere else.

use super::*;

/// The reasons beside the comparisons of `says`, in order.
fn reasons(says: &str) -> Vec<Option<String>> {
    check(says).evidence.into_iter().map(|of| of.why_not).collect()
}

#[test]
fn a_reason_stands_beside_each_comparison_that_fails_and_beside_no_other() {
    let rain = Some("it rains".to_owned());
    let of = |says: &str| reasons(&format!("in = \"counter/hot\"\n{says}\nwhy-not = \"it rains\""));
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = 1"), [None]);
    assert_eq!(of("faster = \"slow\"\nthan = \"quick\"\nat = 1"), std::slice::from_ref(&rain));
    // It fails at 4 threads only.
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\""), [None, None, rain.clone()]);
    assert_eq!(of("tie = [\"quick\", \"level\", \"slow\"]\nat = 1"), [None, rain.clone(), rain.clone()]);
    assert_eq!(of("scales = \"slow\"\nat = [2, 4]"), [rain, None]);

    let (run, records) = run(&CELLS, 12);
    let text = "[[claim.says]]\nin = \"counter/hot\"\nat = 1\nfaster = \"slow\"\nthan = \"quick\"\n\
                why-not = \"it rains\"";
    let checked = vec![check_in(&run, &records, &claim(text))];
    for shown in [terminal(&checked, &run, false), markdown(&checked, &run)] {
        assert!(shown.contains("possible reason: it rains"), "{shown}");
    }
}

#[test]
fn a_reason_is_about_what_it_says_it_is_about() {
    let tie = "in = \"counter/hot\"\nfaster = \"quick\"\nthan = [\"level\", \"slow\"]\n";
    let of = |why: &str| reasons(&format!("{tie}why-not = [{why}]"));
    let some = |text: &str| Some(text.to_owned());
    // `level` ties at all three, and `slow` is ahead at 4 threads.
    assert_eq!(
        of("{ because = \"level\", found = \"tie\" }, { because = \"ahead\", found = \"slower\" }"),
        [some("level"), None, some("level"), None, some("level"), some("ahead")]
    );
    assert_eq!(
        of("{ because = \"alone\", at = 1 }, { because = \"crowd\", at = \"oversubscribed\" }"),
        [some("alone"), None, None, None, some("crowd"), some("crowd")]
    );
}

/// The data do not decide, so there is nothing to explain.
#[test]
fn an_unresolved_comparison_has_no_reason() {
    let (few, records) = run(&CELLS, 5);
    let text = "[[claim.says]]\nin = \"counter/hot\"\nat = 1\nfaster = \"slow\"\nthan = \"quick\"\n\
                why-not = \"it rains\"";
    let found = check_in(&few, &records, &claim(text));
    assert_eq!((found.outcome, &found.evidence[0].why_not), (ClaimStatus::Unresolved, &None));
}

#[test]
fn a_reason_of_the_claim_is_that_of_its_only_statement() {
    let says = "[[claim.says]]\nin = \"counter/hot\"\nat = 1\nfaster = \"slow\"\nthan = \"quick\"\n";
    let (run, records) = run(&CELLS, 12);
    let found = check_in(&run, &records, &claim(&format!("why-not = \"it rains\"\n{says}")));
    assert_eq!(found.evidence[0].why_not.as_deref(), Some("it rains"));
    let two = file(&claim(&format!("why-not = \"it rains\"\n{says}\n{says}"))).unwrap_err().to_string();
    assert!(two.starts_with("claims/test.toml:4: `why-not` explains one statement"), "{two}");
}
