//! The report of `contend doctor`: facts of the machine and the build, conditions that weaken results,
//! and how to fix each. Plain text in columns; the caller decides on colour and exit code.

use std::fmt;

use super::{
    Machine,
    build::{Build, build},
    diagnostics::{self, Diagnostic, Remedy},
    facts::{self, LOAD_AFTER, STEAL_RUN},
};
use crate::record::Fact;

/// Facts that only a finished run knows.
const KNOWN_AFTER_A_RUN: [&str; 4] = [LOAD_AFTER, STEAL_RUN, "hasher", "utc"];

/// An examined machine and build. Its `Display` is the whole report, without colour.
#[derive(Clone, Debug)]
pub struct Doctor {
    facts: Vec<Fact>,
    diagnostics: Vec<Diagnostic>,
}

/// Examines this machine and this build, as they are now.
pub fn doctor() -> Doctor {
    Doctor::examine(&Machine::current(), build())
}

impl Doctor {
    pub(super) fn examine(machine: &Machine, build: &Build) -> Self {
        let mut facts = facts::facts(machine, build, "");
        facts.retain(|fact| !KNOWN_AFTER_A_RUN.contains(&fact.key.as_str()));
        Self { facts, diagnostics: diagnostics::diagnostics(machine, build) }
    }

    /// Whether no condition was found that weakens results.
    pub fn is_publishable(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The whole report, with ANSI colours if `colour` is true.
    pub fn display(&self, colour: bool) -> impl fmt::Display + '_ {
        DoctorReport { doctor: self, palette: if colour { COLOUR } else { PLAIN } }
    }
}

impl fmt::Display for Doctor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.display(false).fmt(f)
    }
}

/// ANSI escapes that begin and end each style.
struct Palette {
    bold: &'static str,
    good: &'static str,
    bad: &'static str,
    end: &'static str,
}

const PLAIN: Palette = Palette { bold: "", good: "", bad: "", end: "" };

const COLOUR: Palette = Palette { bold: "\x1b[1m", good: "\x1b[1;32m", bad: "\x1b[1;33m", end: "\x1b[0m" };

struct DoctorReport<'a> {
    doctor: &'a Doctor,
    palette: Palette,
}

impl fmt::Display for DoctorReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Palette { bold, good, bad, end } = self.palette;
        let Doctor { facts, diagnostics } = self.doctor;
        let labels = facts.iter().map(|fact| fact.label.chars().count());
        let width = labels.max().unwrap_or(0);
        writeln!(f, "{bold}Machine and build{end}")?;
        for Fact { label, value, .. } in facts {
            writeln!(f, "  {label:width$}  {value}")?;
        }
        if !diagnostics.is_empty() {
            writeln!(f, "\n{bold}Conditions that weaken results{end}")?;
        }
        for (number, Diagnostic { problem, reason, remedy }) in (1..).zip(diagnostics) {
            writeln!(f, "  {bad}{number:2}{end}  {bold}{problem}{end}")?;
            writeln!(f, "      why     {reason}")?;
            match remedy {
                Remedy::Command(command) => writeln!(f, "      fix     $ {command}")?,
                Remedy::Elsewhere(advice) => writeln!(f, "      fix     not on this machine: {advice}")?,
            }
        }
        match diagnostics.len() {
            0 => writeln!(f, "\n{good}Publishable conditions{end}"),
            1 => writeln!(f, "\n{bad}Caution{end}: 1 condition weakens results."),
            count => writeln!(f, "\n{bad}Caution{end}: {count} conditions weaken results."),
        }
    }
}
