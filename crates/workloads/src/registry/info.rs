//! What people must know of a contender, beside what it does.

use std::borrow::Cow;
use std::fmt;

use contend_record::{CONTROL, ContenderTrait, is_contender_name};

/// A review: the notes on a package were read beside its documentation and its changelog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The day of the review, as `2026-11-26`.
    pub date: &'static str,
    /// The version that the documentation is of, as `Cargo.lock` has it. For std it is Rust's, without the patch.
    pub version: &'static str,
}

impl Checked {
    /// A review on `date` of the notes on `version`.
    pub const fn on(date: &'static str, version: &'static str) -> Self {
        Self { date, version }
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, {}", self.version, self.date)
    }
}

/// What people must know of a contender. A package makes one for each of its locks, channels or maps;
/// each workload that takes it up adds its role there: see [`Info::in_role`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The name in ids.
    pub name: String,
    /// The family that it is shown with: `parking_lot`.
    pub family: &'static str,
    /// The crate that it comes from, whose version the run records.
    pub package: &'static str,
    /// What is true of it wherever it is used: fairness, poisoning, bounds.
    pub facts: Cow<'static, str>,
    /// The review of `facts` and of how the contender is used. None for a user's own.
    pub checked: Option<Checked>,
    /// How it is used in one workload.
    pub role: &'static str,
    /// What makes it less simple to take than a plain one that blocks. Of several contenders that are equally good, the
    /// report names the simplest: one thread before several, std before crates, blocking before spinning, plain before
    /// sharded, then the order of the suite.
    pub traits: Vec<ContenderTrait>,
}

/// [`Info::new`], for a contender that needs no more than a name.
impl From<&str> for Info {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl Info {
    /// A contender that goes by `name`, of the family `own`.
    ///
    /// # Panics
    /// Where the name does not have the form that ids need: see [`is_contender_name`].
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        assert!(
            is_contender_name(&name),
            "`{name}` is not a contender's name: 1 to 60 of A-Z a-z 0-9 _ : . + ~ -"
        );
        assert!(!name.ends_with(CONTROL), "`{name}` is the control's alias, which the plan adds by itself");
        Self {
            name,
            family: "own",
            package: "",
            facts: "".into(),
            checked: None,
            role: "",
            traits: Vec::new(),
        }
    }

    /// A contender of a package that is a family by itself.
    pub fn of_package(package: &'static str, name: impl Into<String>) -> Self {
        Self::new(name).family(package).package(package)
    }

    /// Sets the family that it is shown with: `parking_lot`.
    pub fn family(self, family: &'static str) -> Self {
        Self { family, ..self }
    }

    /// Sets the crate that it comes from, whose version the run records. Where the project has several versions of it,
    /// add the one that is measured, as cargo spells it: `parking_lot@0.12`.
    pub fn package(self, package: &'static str) -> Self {
        Self { package, ..self }
    }

    /// Sets what a reviewer must know wherever it is used: fairness, poisoning, bounds.
    pub fn facts(self, facts: impl Into<Cow<'static, str>>) -> Self {
        Self { facts: facts.into(), ..self }
    }

    /// Adds a sentence to what a reviewer must know.
    pub(crate) fn with_fact(mut self, fact: &str) -> Self {
        let facts = self.facts.to_mut();
        facts.push_str(if facts.is_empty() { "" } else { " " });
        facts.push_str(fact);
        self
    }

    /// Sets the review of the notes.
    pub fn checked(self, checked: Checked) -> Self {
        Self { checked: Some(checked), ..self }
    }

    /// Says that its waiters use their cores for as long as they wait. One that spins briefly, then blocks, does not.
    pub fn spins(self) -> Self {
        self.with_trait(ContenderTrait::Spins)
    }

    /// Says that its state is split, by key or by thread.
    pub fn sharded(self) -> Self {
        self.with_trait(ContenderTrait::Sharded)
    }

    fn with_trait(mut self, of: ContenderTrait) -> Self {
        if !self.traits.contains(&of) {
            self.traits.push(of);
        }
        self
    }

    /// The same contender in one workload: `suffix` follows its name (`+token`, or nothing), and `role`
    /// says how it is used there.
    ///
    /// # Panics
    /// Where the longer name does not have the form that ids need.
    pub fn in_role(&self, suffix: &str, role: &'static str) -> Self {
        let Self { name, .. } = Self::new(format!("{}{suffix}", self.name));
        Self { name, role, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_keeps_the_traits_and_may_add_one() {
        let info = Info::of_package("spin", "spin::Mutex").spins().spins();
        let shards = info.in_role("+shards", "Several of them.").sharded();
        assert_eq!(info.traits, [ContenderTrait::Spins]);
        assert_eq!(shards.traits, [ContenderTrait::Spins, ContenderTrait::Sharded]);
    }
}
