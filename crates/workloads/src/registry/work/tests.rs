use std::panic::catch_unwind;

use super::*;
use crate::registry::{Contender, Description, Info, MeasureFn};
use contend_record::{Class, WorkloadGroup};
use contend_team::{Team, Window, WindowError};

fn settings() -> BlockSettings {
    let work = Calibration { ns_per_iteration: 3.0, iterations: [(100, 34)].into() };
    BlockSettings { threads: 2, seed: 1, work, check_only: true }
}

/// A suite with a workload whose one contender says what was prepared.
fn suite() -> Suite {
    let mut suite = Suite::empty();
    let (title, models, question, timed, oracle, operation) = ("", "", "", "", "", "");
    let group = WorkloadGroup::Own;
    suite.workload(Description { name: "w", group, title, models, question, timed, oracle, operation });
    let work = [("own work", "100 ns"), ("keys", "100")];
    suite.variant("w", "spaced", "", &work, Tier::Quick, |settings| settings.iterations(100));
    suite.variant("w", "nothing", "", &[], Tier::Quick, |_| 0_u64);
    suite.exclude("w/spaced", "absent", "a reason");
    let says: MeasureFn<u64> = |iterations, _| Err(WindowError::Wrong(iterations.to_string()));
    let info = Info::new("says");
    let (class, runnable) = (Class::Immediate, (|threads| threads) as fn(usize) -> usize);
    suite.contender(Contender {
        info,
        class,
        runnable,
        workers_run_on: true,
        measure: [says, says],
        loop_addresses: [0, 1],
        strategy: "says",
    });
    suite
}

/// What the contender of a variant says.
fn said(suite: &Suite, id: &str) -> String {
    let variant =
        suite.variants.iter().find(|variant| variant.info.id.to_string() == id).expect("it is there");
    let (mut team, mut pilot) = (Team::new(2), None);
    let mut window = Window {
        team: &mut team,
        length: Duration::from_millis(1),
        pilot: &mut pilot,
        earlier: None,
        check_only: true,
    };
    variant.prepare(&settings()).measure(0, 0, &mut window).expect_err("it only says").to_string()
}

#[test]
fn any_length_of_work_follows_from_the_measured_iteration() {
    let settings = settings();
    assert_eq!([100, 300, 1, 4_500].map(|ns| settings.iterations(ns)), [34, 100, 1, 1_500]);
}

#[test]
fn a_variant_has_the_length_that_it_is_given_and_the_contenders_of_its_base() {
    let mut suite = suite();
    suite.work_variant("w/spaced", "spaced-300ns", Duration::from_nanos(300));
    suite.work_variant("w/spaced", "spaced-4.5us", Duration::from_nanos(4_500));
    assert_eq!(said(&suite, "w/spaced"), "34");
    assert_eq!(said(&suite, "w/spaced-300ns"), "100");
    assert_eq!(said(&suite, "w/spaced-4.5us"), "1500");
    let info = &suite.variants.last().unwrap().info;
    assert_eq!(info.title, "as `spaced`, with about 4.5 µs of work in place of 100 ns");
    assert_eq!(info.parameters["own work"], "4.5 µs");
    assert_eq!(info.parameters["keys"], "100");
    assert_eq!(suite.workloads[0].variants.len(), 4);
    assert!(
        suite.absent.iter().any(|absent| absent.block == "w/spaced-300ns" && absent.contender == "absent")
    );
}

#[test]
fn what_cannot_be_says_what_would_be_right() {
    let refused = |of: &'static str, name: &'static str, ns: u64| {
        let panic = catch_unwind(|| suite().work_variant(of, name, Duration::from_nanos(ns)).tier);
        contend_team::message(&*panic.expect_err("it is refused"))
    };
    assert!(refused("w/nothing", "new", 300).contains("`w/nothing` has calibrated work of 0 lengths"));
    assert!(refused("w/spacde", "new", 300).contains("is no variant of this suite"));
    assert!(refused("w/spaced", "a/b", 300).contains("cannot name a variant"));
    assert!(refused("w/spaced", "Spaced", 300).contains("`w/Spaced` is a variant already"));
    assert!(refused("w/spaced", "new", 0).contains("give 1 ns or more"));
}
