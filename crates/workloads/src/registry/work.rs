//! Variants with another length of calibrated work than those that ship.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::lengths::take_lengths;
use super::{BlockSettings, Suite, Tier, Variant, assert_name};
use contend_record::{Absent, Calibration, VariantId};

impl Variant {
    /// The lengths of its calibrated work, in nanoseconds. Found by preparing it once, as for a check.
    pub(crate) fn work_lengths(&self) -> BTreeSet<u64> {
        let work = Calibration { ns_per_iteration: 1.0, ..Calibration::default() };
        let settings = BlockSettings { threads: 2, seed: 0, work, check_only: true };
        take_lengths();
        (self.prepare)(&settings);
        take_lengths()
    }
}

/// How many operations a window takes beside its length, on average over a block whose floor has none: one to find a
/// worker's pace, and those that workers are in when it ends. A lock beside work of 5 and of 100 ms took as long as
/// planned so; with all contenders, some of fixed work, 100 ms took 51 s where 29 were planned.
const OPERATIONS_BESIDE: u32 = 2;

impl Suite {
    /// Adds a variant that does as `of` does, with another length of its calibrated work. All contenders of `of` are
    /// in it: add your own before.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut suite = contend_workloads::suite();
    /// suite.work_variant("counter/spaced", "spaced-300ns", Duration::from_nanos(300));
    /// assert!(suite.variants.iter().any(|variant| variant.info.id.variant == "spaced-300ns"));
    /// ```
    ///
    /// # Panics
    /// Where the suite has no variant `of`, or that has no calibrated work; where `name` cannot be part of an id, or
    /// names a variant of the workload already; where `length` is 0.
    #[track_caller]
    pub fn work_variant(&mut self, of: &str, name: &str, length: Duration) -> &mut Variant {
        assert_name("variant", name);
        let base = self.variants.iter().find(|variant| variant.info.id.to_string() == of);
        let base =
            base.unwrap_or_else(|| panic!("`{of}` is no variant of this suite: `--list` shows all cells"));
        let id = VariantId { workload: base.info.id.workload.clone(), variant: name.to_owned() };
        let known = |known: &Variant| known.info.id.to_string().eq_ignore_ascii_case(&id.to_string());
        assert!(!self.variants.iter().any(known), "`{id}` is a variant already: choose another name");
        let found: Vec<u64> = base.work_lengths().into_iter().collect();
        let [ns] = found[..] else {
            panic!(
                "`{of}` has calibrated work of {} lengths, not of one: choose another variant",
                found.len()
            );
        };
        assert!(!length.is_zero(), "`{id}` has work of no length: give 1 ns or more");

        let mut info = base.info.clone();
        let (before, after) = (text(ns), text(length.as_nanos() as u64));
        info.title = format!("as `{}`, with about {after} of work in place of {before}", info.id.variant);
        info.parameters
            .values_mut()
            .filter(|value| **value == before)
            .for_each(|value| value.clone_from(&after));
        info.id = id.clone();
        let prepare = base.prepare.clone();
        let variant = Variant {
            info,
            tier: base.tier.max(Tier::Standard),
            thread_counts: base.thread_counts,
            per_window_overhead: base.per_window_overhead + length * OPERATIONS_BESIDE,
            memory_bytes: base.memory_bytes,
            memory_bytes_per_worker: base.memory_bytes_per_worker,
            standard_subset: base.standard_subset,
            contenders: base.contenders.clone(),
            workload: base.workload,
            prepare: Arc::new(move |settings| {
                let mut settings = settings.clone();
                let iterations = settings.iterations(length.as_nanos() as u64);
                settings.work.iterations.insert(ns, iterations);
                prepare(&settings)
            }),
        };
        let absent = self.absent.iter().filter(|absent| absent.block == of);
        let absent: Vec<_> =
            absent.map(|absent| Absent { block: id.to_string(), ..absent.clone() }).collect();
        self.absent.extend(absent);
        self.add_variant(variant)
    }
}

/// A length as the parameters of variants have it: `300 ns`, `1 µs`, `1.5 µs`.
fn text(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns} ns"),
        _ => format!("{} µs", ns as f64 / 1_000.0),
    }
}

#[cfg(test)]
mod tests;
