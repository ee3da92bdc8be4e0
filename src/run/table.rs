//! The table that a run works through: variants, and the contenders of each, as plain data and
//! function pointers. Built by `suite`, or by a user's own bench target.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Fault, Sample, Window};
use crate::record::{
    Absent, CONTROL, Calibration, Class, FLOOR, VariantId, VariantInfo, WorkloadInfo,
    is_contender_name,
};

/// What a variant is prepared from, the same in every child of a run.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Workers of the block.
    pub threads: usize,
    /// What the fork's random choices follow from.
    pub seed: u64,
    /// The calibrated work.
    pub work: Calibration,
    /// Whether cells are checked and not timed, so that state may be smaller.
    pub check_only: bool,
}

impl Setting {
    /// Iterations of [`work`](super::work::work) that take `ns`.
    ///
    /// # Panics
    /// Where `ns` is not among the calibrated lengths.
    pub fn iterations(&self, ns: u64) -> u64 {
        self.work.iterations[&ns]
    }

    /// What the fork's random choices are drawn from.
    pub fn rng(&self) -> StdRng {
        StdRng::seed_from_u64(self.seed)
    }
}

/// What people must know of a contender, beside what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub(crate) name: String,
    pub(crate) family: &'static str,
    pub(crate) package: &'static str,
    pub(crate) notes: &'static str,
}

/// A contender that goes by `name`.
///
/// # Panics
/// Where the name has not the form that ids want: see [`is_contender_name`].
pub fn about(name: impl Into<String>) -> About {
    let name = name.into();
    assert!(
        is_contender_name(&name),
        "`{name}` is not a contender's name: 1 to 60 of A-Z a-z 0-9 _ : . + ~ -"
    );
    assert!(
        !name.ends_with(CONTROL),
        "`{name}` is the control's alias, which the plan adds by itself"
    );
    About {
        name,
        family: "own",
        package: "",
        notes: "",
    }
}

impl About {
    /// The family whose line of PATTERNS it belongs to: `parking_lot`.
    pub fn family(self, family: &'static str) -> Self {
        Self { family, ..self }
    }

    /// The crate it comes from, whose version the run records.
    pub fn package(self, package: &'static str) -> Self {
        Self { package, ..self }
    }

    /// What a reviewer must know: fairness, poisoning, bounds.
    pub fn notes(self, notes: &'static str) -> Self {
        Self { notes, ..self }
    }
}

/// Takes one window of one contender.
pub type Take<W> = fn(&Arc<W>, &mut Window<'_>) -> Result<Sample, Fault>;

/// A contender of the workload `W`.
pub struct Contender<W> {
    /// In words.
    pub about: About,
    /// What it promises in this workload.
    pub class: Class,
    /// Threads beside `threads` workers that may run at once, or below it where it cannot use all.
    pub runnable: fn(threads: usize) -> usize,
    /// Takes a window. Twice the same, compiled apart: the second is the control's.
    pub take: [Take<W>; 2],
    /// Where the two copies of its inner loop stand.
    pub code: [usize; 2],
}

/// How soon a variant is part of a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// In all presets; a workload's first variant, which also runs oversubscribed.
    First,
    /// From `standard` on.
    Telling,
    /// In `thorough`, or where a filter names it.
    Full,
}

/// The thread counts that a variant is measured at.
#[derive(Clone, Copy, Debug)]
pub enum Counts {
    /// The machine's.
    All,
    /// Those of the machine's that make sense: a hand-off needs pairs.
    Only(fn(threads: usize) -> bool),
    /// These, on any machine: the number of threads is part of what is done.
    Own(&'static [usize]),
}

/// How little `standard` measures of a variant whose windows take seconds: what a verdict needs. It has it
/// at as many threads as cores, in one round a fork, and in as many forks as its largest class needs.
#[derive(Clone, Copy, Debug)]
pub struct Sparing {
    /// Contenders that are left to `thorough` and to filters.
    pub without: &'static [&'static str],
    /// Who is the block's control: nobody whose windows take seconds.
    pub control: &'static str,
    /// As [`Variant::frame`], of the contenders that are left.
    pub frame: Duration,
}

/// A contender of any workload. That it is of no type keeps what plans and describes it out of the
/// code that is compiled for each workload.
#[derive(Clone)]
pub struct Member {
    /// In words.
    pub about: About,
    /// What it promises.
    pub class: Class,
    /// See [`Contender::runnable`].
    pub runnable: fn(usize) -> usize,
    /// See [`Contender::code`].
    pub code: [usize; 2],
    take: [TakeAny; 2],
}

/// [`Take`], given an `Arc<W>`.
type TakeAny = Arc<dyn Fn(&dyn Any, &mut Window<'_>) -> Result<Sample, Fault> + Send + Sync>;

impl Member {
    fn new<W: 'static>(contender: Contender<W>) -> Self {
        let take = |take: Take<W>| -> TakeAny {
            Arc::new(move |workload, window| {
                take(workload.downcast_ref().expect("made for it"), window)
            })
        };
        let Contender {
            about,
            class,
            runnable,
            code,
            take: [first, second],
        } = contender;
        Self {
            about,
            class,
            runnable,
            code,
            take: [take(first), take(second)],
        }
    }
}

/// One variant of a workload, and who does it.
pub struct Variant {
    /// In words.
    pub info: VariantInfo,
    /// When it is run.
    pub weight: Weight,
    /// At which thread counts.
    pub counts: Counts,
    /// What a window takes beside its length, where that is much: building a large state, or a lap
    /// that is longer than the window.
    pub frame: Duration,
    /// How much of it a preset has that is too short for all of it; none: nothing.
    pub sparing: Option<Sparing>,
    /// Who does it, in the order of the suite.
    pub members: Vec<Member>,
    /// Which `W` its contenders are of.
    workload: TypeId,
    prepare: Box<Prepare>,
}

/// Draws an `Arc<W>`.
type Prepare = dyn Fn(&Setting) -> Box<dyn Any> + Send + Sync;

impl Variant {
    /// Ready for a fork's windows.
    pub fn prepare(&self, setting: &Setting) -> Prepared<'_> {
        Prepared {
            workload: (self.prepare)(setting),
            members: &self.members,
        }
    }
}

/// A variant with its key streams drawn.
pub struct Prepared<'a> {
    workload: Box<dyn Any>,
    members: &'a [Member],
}

impl Prepared<'_> {
    /// Takes a window of the contender at `index` of the members, by its first or second copy.
    pub fn take(
        &self,
        index: usize,
        copy: usize,
        window: &mut Window<'_>,
    ) -> Result<Sample, Fault> {
        (self.members[index].take[copy])(&*self.workload, window)
    }
}

/// All that can be measured.
#[derive(Default)]
pub struct Suite {
    pub(crate) workloads: Vec<WorkloadInfo>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) absent: Vec<Absent>,
}

impl Suite {
    /// A suite without a workload.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a workload. Its variants follow by [`Suite::variant`].
    pub fn workload(&mut self, workload: WorkloadInfo) {
        self.workloads.push(workload);
    }

    /// Adds a variant of a workload that was added before. `prepare` draws key streams and the like:
    /// once a fork, outside of windows.
    ///
    /// # Panics
    /// Where it was not.
    pub fn variant<W: Send + Sync + 'static>(
        &mut self,
        workload: &str,
        name: &str,
        title: &str,
        parameters: &[(&str, &str)],
        weight: Weight,
        prepare: impl Fn(&Setting) -> W + Send + Sync + 'static,
    ) {
        self.add_variant(Variant {
            info: info(workload, name, title, parameters),
            weight,
            counts: Counts::All,
            frame: Duration::ZERO,
            sparing: None,
            members: Vec::new(),
            workload: TypeId::of::<W>(),
            prepare: Box::new(move |setting| Box::new(Arc::new(prepare(setting)))),
        });
    }

    fn add_variant(&mut self, variant: Variant) {
        let workload = &variant.info.id.workload;
        self.workloads
            .iter_mut()
            .find(|known| known.name == *workload)
            .unwrap_or_else(|| panic!("`{workload}` is not a workload of this suite"))
            .variants
            .push(variant.info.clone());
        self.variants.push(variant);
    }

    /// Says at which thread counts the variant that was added last is measured.
    ///
    /// # Panics
    /// Where there is none.
    pub fn counts(&mut self, counts: Counts) {
        let variant = self.variants.last_mut();
        variant.expect("a variant was added").counts = counts;
    }

    /// Says what a window of the variant that was added last takes beside its length, for the plan.
    ///
    /// # Panics
    /// Where there is none.
    pub fn frame(&mut self, frame: Duration) {
        let variant = self.variants.last_mut();
        variant.expect("a variant was added").frame = frame;
    }

    /// Says that `standard` has a little of the variant that was added last, which its weight leaves to
    /// `thorough`.
    ///
    /// # Panics
    /// Where there is none.
    pub fn sparing(&mut self, sparing: Sparing) {
        let variant = self.variants.last_mut();
        variant.expect("a variant was added").sparing = Some(sparing);
    }

    /// Adds a contender to every variant of the workload `W`, but for those that it was said to be
    /// [absent](Suite::absent) from before.
    ///
    /// # Panics
    /// Where one of them has a contender of that name, ignoring case.
    pub fn contender<W: Send + Sync + 'static>(&mut self, contender: Contender<W>) {
        self.add_member(TypeId::of::<W>(), Member::new(contender));
    }

    fn add_member(&mut self, workload: TypeId, mut member: Member) {
        let name = &member.about.name;
        if name == FLOOR {
            member.class = Class::Floor; // whatever its workload's contenders promise
        }
        for variant in &mut self.variants {
            let id = &variant.info.id;
            if variant.workload != workload
                || self.absent.iter().any(|absent| absent.covers(id, name))
            {
                continue;
            }
            let known = |member: &Member| member.about.name.eq_ignore_ascii_case(name);
            assert!(
                !variant.members.iter().any(known),
                "{id} has a contender `{name}` already"
            );
            variant.members.push(member.clone());
        }
    }

    /// Says why a contender is missing from `scope`: a workload, or `workload/variant`. Said before
    /// the contender is added, it keeps it out of there.
    pub fn absent(&mut self, scope: &str, contender: &str, reason: &str) {
        self.absent.push(Absent {
            block: scope.to_owned(),
            contender: contender.to_owned(),
            reason: reason.to_owned(),
        });
    }
}

fn info(workload: &str, name: &str, title: &str, parameters: &[(&str, &str)]) -> VariantInfo {
    let own = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
    VariantInfo {
        id: VariantId {
            workload: workload.to_owned(),
            variant: name.to_owned(),
        },
        title: title.to_owned(),
        parameters: parameters.iter().map(own).collect(),
    }
}
