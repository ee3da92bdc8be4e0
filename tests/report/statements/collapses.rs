//! A contender that collapses sometimes, in every text: how often, and what a program gets on average. And the
//! differences that a run shows.

use super::{doubling, everything, run_of, steady};

/// In every third fork an operation of `late` takes a hundred times as long. The windows have a given time, so nearly
/// all operations are those of the other forks.
#[test]
fn a_collapsing_contender_says_so_in_every_text() {
    let slow = |name: &str, fork: u32| name == "late" && fork.is_multiple_of(3);
    let data = run_of(&["early", "late", "third"], |name, fork| {
        if slow(name, fork) { steady(2_000.0, fork) } else { doubling(name, fork) }
    });
    let said = everything("said-collapses", &data);
    for place in ["index.html", "summary.md", "cite"] {
        let text = said.text(place).replace('\u{a0}', " ");
        assert!(text.contains("collapses"), "{place}: {text}");
        assert!(
            text.contains("33.3 % of the windows, with 33.3 % of the time, are over 10× slower"),
            "{place}: {text}"
        );
        assert!(text.contains("mean 68"), "{place} has no mean over all windows: {text}");
    }
    let json: serde_json::Value = serde_json::from_str(said.text("verdicts.json")).expect("JSON");
    let cells = json["cells"].as_array().expect("cells");
    let cell = |name: &str| {
        cells.iter().find(|cell| cell["cell"] == format!("counter/hot/{name}/2")).expect("a cell")
    };
    let found = &cell("late")["collapses"];
    assert_eq!((&found["windows"], &found["time"]), (&(1.0 / 3.0).into(), &(1.0 / 3.0).into()));
    assert!((cell("late")["mean"].as_f64().expect("a mean") - 680.0).abs() < 5.0, "{}", cell("late"));
    assert!(cell("late")["median"].as_f64().expect("a median") < 21.0);
    assert_eq!(cell("third")["collapses"]["windows"], 0.0);
    let steady_cells = said.text("summary.md").lines().filter(|line| line.contains("third"));
    assert!(steady_cells.into_iter().all(|line| !line.contains("mean") && !line.contains("collapses")));
}

#[test]
fn every_text_says_how_wide_the_intervals_of_a_run_are() {
    let quiet = run_of(&["early", "late", "third"], doubling);
    let noisy = run_of(&["early", "late", "third"], |name, fork| {
        doubling(name, fork) * if (fork + name.len() as u32).is_multiple_of(3) { 1.5 } else { 1.0 }
    });
    for (name, data, least, most) in [("said-quiet", quiet, 0.0, 1.0), ("said-wide", noisy, 20.0, 80.0)] {
        let said = everything(name, &data);
        let json: serde_json::Value = serde_json::from_str(said.text("verdicts.json")).expect("JSON");
        let found = &json["resolutions"][0];
        assert_eq!((&found["threads"], &found["blocks"]), (&2.into(), &1.into()));
        let percent = (100.0 * found["resolution"].as_f64().expect("a share")).ceil();
        assert!(least < percent && percent <= most, "{percent}");
        let sentence = format!("In most blocks, half of the intervals are within ±{percent} % at 2 threads.");
        for place in ["index.html", "summary.md", "terminal"] {
            assert!(said.text(place).replace('\u{a0}', " ").contains(&sentence), "{place}: {sentence}");
        }
    }
}
