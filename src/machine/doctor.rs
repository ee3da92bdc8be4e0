//! What to change before a run that is to be cited: the machine as read, what stands against it,
//! and the command that helps. Plain text in columns; the caller decides on colour and exit code.

use std::fmt;

use super::{
    Machine,
    build::{BUILD, Build},
    fact::{self, LOAD_AFTER, STEAL_RUN},
    finding::{self, Finding, Remedy},
};
use crate::record::Fact;

/// Facts that only a run knows.
const OF_A_RUN: [&str; 4] = [LOAD_AFTER, STEAL_RUN, "hasher", "utc"];

/// An examined machine. Its `Display` is the whole answer, without colour.
#[derive(Clone, Debug)]
pub struct Doctor {
    facts: Vec<Fact>,
    findings: Vec<Finding>,
}

/// Examines this machine and this build, as they are now.
pub fn doctor() -> Doctor {
    Doctor::examine(&Machine::here(), &BUILD)
}

impl Doctor {
    pub(super) fn examine(machine: &Machine, build: &Build) -> Self {
        let mut facts = fact::facts(machine, build, "");
        facts.retain(|fact| !OF_A_RUN.contains(&fact.key.as_str()));
        Self { facts, findings: finding::findings(machine, build) }
    }

    /// Whether nothing was found that stands against citing numbers from here.
    pub fn is_publishable(&self) -> bool {
        self.findings.is_empty()
    }

    /// The whole answer, with ANSI colours if `colour` says so.
    pub fn display(&self, colour: bool) -> impl fmt::Display + '_ {
        Answer { doctor: self, paint: if colour { COLOUR } else { PLAIN } }
    }
}

impl fmt::Display for Doctor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(false).fmt(f)
    }
}

/// What to write before and after a text to set it apart.
struct Paint {
    bold: &'static str,
    good: &'static str,
    bad: &'static str,
    end: &'static str,
}

const PLAIN: Paint = Paint { bold: "", good: "", bad: "", end: "" };

const COLOUR: Paint = Paint { bold: "\x1b[1m", good: "\x1b[1;32m", bad: "\x1b[1;33m", end: "\x1b[0m" };

struct Answer<'a> {
    doctor: &'a Doctor,
    paint: Paint,
}

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Paint { bold, good, bad, end } = self.paint;
        let Doctor { facts, findings } = self.doctor;
        let labels = facts.iter().map(|fact| fact.label.chars().count());
        let width = labels.max().unwrap_or(0);
        writeln!(f, "{bold}This machine, and this build{end}")?;
        for Fact { label, value, .. } in facts {
            writeln!(f, "  {label:width$}  {value}")?;
        }
        if !findings.is_empty() {
            writeln!(f, "\n{bold}What stands against citing numbers from here{end}")?;
        }
        for (number, Finding { what, why, remedy }) in (1..).zip(findings) {
            writeln!(f, "  {bad}{number:2}{end}  {bold}{what}{end}")?;
            writeln!(f, "      why     {why}")?;
            match remedy {
                Remedy::Command(command) => writeln!(f, "      change  $ {command}")?,
                Remedy::NotFromHere(what) => writeln!(f, "      change  not from here: {what}")?,
            }
        }
        match findings.len() {
            0 => writeln!(f, "\n{good}Publishable conditions{end}"),
            1 => writeln!(f, "\n{bad}Caution{end}: one thing stands against citing."),
            count => writeln!(f, "\n{bad}Caution{end}: {count} things stand against citing."),
        }
    }
}
