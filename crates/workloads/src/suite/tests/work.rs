//! Work of any length in the variants that have calibrated work.

use std::time::Duration;

use crate::registry::Variant;

/// Work of one length is what a variant that ships has, or none.
#[test]
fn every_variant_of_the_suite_with_work_takes_another_length() {
    let mut suite = crate::workloads();
    let of = |variant: &Variant| (variant.info.id.to_string(), variant.work_lengths());
    let variants: Vec<_> = suite.variants.iter().map(of).collect();
    let mut with_work = Vec::new();
    for (id, lengths) in &variants {
        if lengths.len() == 1 {
            let variant =
                suite.work_variant(id, &format!("of-{}", with_work.len()), Duration::from_nanos(700));
            assert_eq!(
                variant.work_lengths().len(),
                2,
                "{id}: its own length, and the one that it stands for"
            );
            with_work.push(id.as_str());
        }
        assert!(lengths.len() <= 1, "{id}: {lengths:?}");
    }
    for id in ["counter/spaced", "counter/held", "fan-out/1us", "fan-out/20us"] {
        assert!(with_work.contains(&id), "{with_work:?}");
    }
}
