//! All that can be measured.

use std::any::TypeId;
use std::sync::Arc;
use std::time::Duration;

use contend_record::{Absent, Class, FLOOR, VariantId, VariantInfo, WorkloadGroup, WorkloadInfo};

use super::{BlockSettings, Contender, Info, RegisteredContender, Strategy, ThreadCounts, Tier, Variant};

/// A workload in words, as the page and docs/workloads.md show it.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The name in ids.
    pub name: &'static str,
    /// Where it is shown.
    pub group: WorkloadGroup,
    /// What is done.
    pub title: &'static str,
    /// What it stands for in programs, and in Go.
    pub models: &'static str,
    /// The question of a review that it answers.
    pub question: &'static str,
    /// What is timed.
    pub timed: &'static str,
    /// What is checked after each window.
    pub oracle: &'static str,
    /// What is counted.
    pub operation: &'static str,
}

/// All that can be measured: workloads, their variants, and the contenders of each.
#[derive(Default)]
pub struct Suite {
    /// In the order in which they are shown.
    pub workloads: Vec<WorkloadInfo>,
    /// Of all workloads.
    pub variants: Vec<Variant>,
    /// What is not measured, and why.
    pub absent: Vec<Absent>,
    /// The locks that were registered, and whether they let readers in together.
    pub(crate) locks: Vec<(Info, bool)>,
    /// The maps that were registered.
    pub(crate) maps: Vec<Info>,
}

impl Suite {
    /// A suite without a workload.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a workload. Its variants follow by [`Suite::variant`].
    pub fn workload(&mut self, workload: Description) {
        let Description { name, group, title, models, question, timed, oracle, operation } = workload;
        self.workloads.push(WorkloadInfo {
            name: name.to_owned(),
            group,
            title: title.to_owned(),
            models: models.to_owned(),
            question: question.to_owned(),
            timed: timed.to_owned(),
            oracle: oracle.to_owned(),
            operation: operation.to_owned(),
            variants: Vec::new(),
        });
    }

    /// Adds a variant of a workload that was added before. `prepare` draws key streams and the like:
    /// once a fork, outside of windows. What is returned takes what is special about it.
    ///
    /// # Panics
    /// Where the workload was not added before.
    pub fn variant<W: Send + Sync + 'static>(
        &mut self,
        workload: &str,
        name: &str,
        title: &str,
        parameters: &[(&str, &str)],
        tier: Tier,
        prepare: impl Fn(&BlockSettings) -> W + Send + Sync + 'static,
    ) -> &mut Variant {
        self.add_variant(Variant {
            info: describe(workload, name, title, parameters),
            tier,
            thread_counts: ThreadCounts::All,
            per_window_overhead: Duration::ZERO,
            memory_bytes: 0,
            memory_bytes_per_worker: 0,
            standard_subset: None,
            contenders: Vec::new(),
            workload: TypeId::of::<W>(),
            prepare: Arc::new(move |settings| Box::new(Arc::new(prepare(settings)))),
        })
    }

    pub(super) fn add_variant(&mut self, variant: Variant) -> &mut Variant {
        let workload = &variant.info.id.workload;
        self.workloads
            .iter_mut()
            .find(|known| known.name == *workload)
            .unwrap_or_else(|| panic!("`{workload}` is not a workload of this suite"))
            .variants
            .push(variant.info.clone());
        self.variants.push(variant);
        self.variants.last_mut().expect("it was just added")
    }

    /// Adds `S` to every variant of the workload `W`, except those that it was
    /// [excluded](Suite::exclude) from before.
    ///
    /// # Panics
    /// Where one of them has a contender of that name, ignoring case.
    pub fn add<W: Send + Sync + 'static, S: Strategy<W>>(&mut self, info: Info) {
        self.contender(Contender::<W>::new::<S>(info));
    }

    /// Adds a contender that was made by hand: see [`Suite::add`].
    ///
    /// # Panics
    /// As [`Suite::add`].
    pub fn contender<W: Send + Sync + 'static>(&mut self, contender: Contender<W>) {
        let workload = TypeId::of::<W>();
        self.add_where(&|variant| variant.workload == workload, RegisteredContender::new(contender));
    }

    /// Adds a contender to all variants of one workload, whose type another may have too.
    ///
    /// # Panics
    /// As [`Suite::add`].
    #[track_caller]
    pub(crate) fn add_to(&mut self, workload: &str, contender: RegisteredContender) {
        self.add_where(&|variant| variant.info.id.workload == workload, contender);
    }

    #[track_caller]
    fn add_where(&mut self, takes: &dyn Fn(&Variant) -> bool, mut contender: RegisteredContender) {
        let name = &contender.info.name;
        if name == FLOOR {
            contender.class = Class::Floor; // whatever its workload's contenders promise
        }
        let absent: Vec<_> = self.absent.iter().filter(|absent| absent.contender == *name).collect();
        for variant in &mut self.variants {
            let id = &variant.info.id;
            if !takes(variant) || absent.iter().any(|absent| absent.covers(id, name)) {
                continue;
            }
            let known = |other: &RegisteredContender| other.info.name.eq_ignore_ascii_case(name);
            assert!(!variant.contenders.iter().any(known), "{id} has a contender `{name}` already");
            variant.contenders.push(contender.clone());
        }
    }

    /// Says that messages wait in `contender` without a bound in these variants.
    pub(crate) fn note_growth(&mut self, contender: &str, variants: &[&str]) {
        let is_there = |variant: &&mut Variant| variants.contains(&&*variant.info.id.to_string());
        for variant in self.variants.iter_mut().filter(is_there) {
            let of_name = |known: &&mut RegisteredContender| known.info.name == contender;
            variant.contenders.iter_mut().filter(of_name).for_each(|known| known.grows = true);
        }
    }

    /// Says why a contender is missing from `scope`: a workload, or `workload/variant`. Said before
    /// the contender is added, it keeps it out of there.
    pub fn exclude(&mut self, scope: &str, contender: &str, reason: &str) {
        self.absent.push(Absent {
            block: scope.to_owned(),
            contender: contender.to_owned(),
            reason: reason.to_owned(),
        });
    }
}

fn describe(workload: &str, name: &str, title: &str, parameters: &[(&str, &str)]) -> VariantInfo {
    let own = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
    VariantInfo {
        id: VariantId { workload: workload.to_owned(), variant: name.to_owned() },
        title: title.to_owned(),
        parameters: parameters.iter().map(own).collect(),
    }
}
