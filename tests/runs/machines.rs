//! Which runs are of one kind of machine. The CPU's name does not decide it.

use super::*;
use contend::record::{Fact, Fingerprint, Run};

/// The guests of two hosts that call their CPUs the same.
fn fingerprint() -> Fingerprint {
    let text = |text: &str| Some(text.to_owned());
    Fingerprint {
        vendor: text("AuthenticAMD"),
        family: text("25"),
        model: text("17"),
        stepping: text("1"),
        caches: text("L1d 2 × 32 KiB"),
        microcode: text("0xa101148"),
        flags: text("avx2 fpu sse2"),
        kernel: text("Linux 6.12"),
    }
}

/// What `compare` prints of two runs that differ as `change` says, and whether it compares them.
fn compared(change: impl Fn(&mut Run, &mut Run)) -> (String, bool) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let (mut first, mut second) = (BEFORE.journal(), AFTER.journal());
    change(&mut first.run, &mut second.run);
    save(&place.path().join("first"), &first);
    save(&place.path().join("second"), &second);
    let output = contend_in(place.path(), &["compare", "first", "second", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
    let reasons = json["side_by_side"].as_array().expect("a list");
    (text(&output.stdout), reasons.is_empty())
}

/// A change of a fingerprint.
type Other = fn(&mut Fingerprint);

#[test]
fn another_family_cache_microcode_or_feature_is_another_machine_whatever_the_name() {
    let with = |change: Other| {
        compared(|first, second| {
            first.fingerprint = Some(fingerprint());
            let mut other = fingerprint();
            change(&mut other);
            second.fingerprint = Some(other);
        })
    };
    assert!(with(|_| {}).1);
    let changes: [(Other, &str); 5] = [
        (|of| of.family = Some("26".to_owned()), "CPU family: 25 in run first, 26 in run second"),
        (|of| of.stepping = None, "CPU stepping: 1 in run first, unknown in run second"),
        (|of| of.caches = Some("L1d 2 × 48 KiB".to_owned()), "caches: L1d 2 × 32 KiB in run first"),
        (|of| of.microcode = Some("0xa101200".to_owned()), "microcode: 0xa101148"),
        (
            |of| of.flags = Some("avx512f fpu sse2".to_owned()),
            "the other lacks: avx2 in run first, avx512f in",
        ),
    ];
    for (change, reason) in changes {
        let (json, is_compared) = with(change);
        assert!(!is_compared && json.contains(reason), "`{reason}` is not in {json}");
    }
    // A kernel is replaced on the same machine. It is shown, and may explain a change.
    assert!(with(|of| of.kernel = Some("Linux 6.13".to_owned())).1);
}

#[test]
fn one_fingerprint_under_two_names_is_one_machine() {
    let rename = |run: &mut Run| {
        let name = run.environment.facts.iter_mut().find(|fact| fact.key == "cpu_model").expect("a name");
        name.value = "AMD EPYC 9R14".to_owned();
    };
    let (json, is_compared) = compared(|first, second| {
        (first.fingerprint, second.fingerprint) = (Some(fingerprint()), Some(fingerprint()));
        rename(second);
    });
    assert!(is_compared && json.contains("AMD EPYC 9R14"), "{json}");
    assert!(!compared(|_, second| rename(second)).1, "by name, where there is no fingerprint");
}

/// Runs that were made before there were fingerprints.
#[test]
fn caches_of_two_sizes_are_two_machines_without_a_fingerprint_too() {
    let cache = |run: &mut Run, value: &str| {
        let (key, label) = ("cache_l1d".to_owned(), "L1 data cache".to_owned());
        run.environment.facts.push(Fact { key, label, value: value.to_owned() });
    };
    let with = |first_cache, second_cache| {
        compared(|first, second| {
            first.fingerprint = Some(fingerprint());
            cache(first, first_cache);
            cache(second, second_cache);
        })
    };
    let (json, is_compared) = with("2 × 48 KiB", "2 × 32 KiB");
    assert!(!is_compared && json.contains("the L1 data cache is 2 × 48 KiB in run first"), "{json}");
    assert!(with("2 × 32 KiB", "2 × 32 KiB").1);
    assert!(with("unknown", "2 × 32 KiB").1, "what one of them does not know decides nothing");
}
