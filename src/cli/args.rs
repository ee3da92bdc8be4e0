//! The arguments. Which [values] they may have, and what is said where they are [wrong], stands beside.

mod values;
mod wrong;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::session::{Choice, Preset};
pub(super) use wrong::sentence;

/// Compares synchronization strategies, and writes the report to reports/index.html.
#[derive(Parser, Debug)]
#[command(name = "contend", version, disable_help_subcommand = true)]
pub(super) struct BenchArgs {
    /// Measure only cells whose id contains one of these or matches it as a regular expression
    #[arg(value_name = "FILTER")]
    pub filters: Vec<String>,

    /// How much: quick is a first look in a minute, thorough is everything
    #[arg(long, value_enum, default_value_t = Preset::Standard, conflicts_with = "quick")]
    pub preset: Preset,

    /// The same as --preset quick
    #[arg(long)]
    pub quick: bool,

    /// Thread counts instead of the preset's: 1,2,8
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = values::threads, allow_hyphen_values = true)]
    pub threads: Option<Vec<usize>>,

    /// Child processes for each block
    #[arg(long, value_name = "N", value_parser = values::number, allow_hyphen_values = true)]
    pub forks: Option<u32>,

    /// Rounds in each fork
    #[arg(long, value_name = "N", value_parser = values::number, allow_hyphen_values = true)]
    pub rounds: Option<u32>,

    /// A window's length: 20ms
    #[arg(long, value_name = "TIME", value_parser = values::window, allow_hyphen_values = true)]
    pub window: Option<Duration>,

    /// What all random choices follow from; drawn and recorded where it is not given
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Fit the plan to the time that there is, and spend what is left where it is needed: 10m
    #[arg(long, value_name = "TIME", value_parser = values::budget, allow_hyphen_values = true)]
    pub budget: Option<Duration>,

    /// Pin each worker to a CPU
    #[arg(long)]
    pub pin: bool,

    /// Show the plan of a machine with so many CPUs, and measure nothing
    #[arg(long, value_name = "CPUS", value_parser = values::threads, allow_hyphen_values = true)]
    pub plan_for: Option<usize>,

    /// List the cells' ids, one a line
    #[arg(long)]
    pub list: bool,

    /// How --list writes: terse is for test runners
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,

    /// Run every cell once and check it, without timing
    #[arg(long)]
    pub test: bool,

    /// A filter is a whole id
    #[arg(long)]
    pub exact: bool,

    /// Have criterion keep the samples under this name
    #[arg(long, value_name = "NAME", conflicts_with = "baseline")]
    pub save_baseline: Option<String>,

    /// Have criterion compare with the samples of this name
    #[arg(long, value_name = "NAME")]
    pub baseline: Option<String>,

    /// Have criterion draw its plots, too
    #[arg(long)]
    pub plots: bool,

    /// Run the cells live, one after the other, for this many seconds each: for a profiler
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, allow_hyphen_values = true)]
    pub profile_time: Option<Duration>,

    /// Take windows in this process instead of children: for a debugger
    #[arg(long)]
    pub in_process: bool,

    /// Go on with the newest run that was interrupted
    #[arg(long, conflicts_with_all = ["filters", "preset", "quick", "threads", "forks", "rounds", "window", "seed", "budget", "pin"])]
    pub resume: bool,

    /// Kill a child that is silent for this long; its cell has failed
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::deadline, allow_hyphen_values = true)]
    pub deadline: Duration,

    /// Where runs are kept
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub reports: PathBuf,

    /// Colours: on terminals, unless NO_COLOR is set
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,

    /// What cargo says to a benchmark; without it, cells are checked and not timed
    #[arg(long, hide = true)]
    pub bench: bool,

    /// What cargo-nextest says to a test
    #[arg(long, hide = true)]
    pub nocapture: bool,

    /// What cargo-nextest says to list ignored tests: there are none
    #[arg(long, hide = true)]
    pub ignored: bool,
}

/// How `--list` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Pretty,
    Terse,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
    /// Whether standard output gets colours.
    pub(super) fn on(self) -> bool {
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
                unset("NO_COLOR") && std::io::stdout().is_terminal()
            }
        }
    }
}

impl BenchArgs {
    /// What they choose.
    pub(super) fn choice(&self) -> Choice {
        Choice {
            preset: if self.quick { Preset::Quick } else { self.preset },
            filters: self.filters.clone(),
            exact: self.exact,
            threads: self.threads.clone(),
            forks: self.forks,
            rounds: self.rounds,
            window: self.window,
            looks: false, // a budget decides, which knows how long the plan takes
            standard_subset: true,
        }
    }
}

/// Compares synchronization strategies.
#[derive(Parser, Debug)]
#[command(name = "contend", version, disable_help_subcommand = true)]
pub(super) struct CommandArgs {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Measure: the same as `cargo bench --`
    Run(Box<BenchArgs>),
    /// Make a run's verdicts, page, Markdown and charts again from its records
    Report(ReportArgs),
    /// Say cell by cell what changed from one run to another
    Compare(CompareArgs),
    /// Print what a review needs of a part of a run, as Markdown
    Cite(CiteArgs),
    /// Hold claims against a run: holds, fails, unresolved, or not testable here
    Check(CheckArgs),
    /// Say what this machine is, and what to change for a run that can be cited
    Doctor(DoctorArgs),
}

#[derive(Args, Debug)]
pub(super) struct ReportArgs {
    /// The run: its name below reports, or its folder; the newest where it is not given
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Where runs are kept
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub reports: PathBuf,

    /// Colours: on terminals, unless NO_COLOR is set
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct CompareArgs {
    /// The run to compare with: its name below reports, or its folder
    #[arg(value_name = "RUN")]
    pub first: PathBuf,

    /// The run whose cells are called faster or slower
    #[arg(value_name = "RUN")]
    pub second: PathBuf,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Writing::Table)]
    pub format: Writing,

    /// End with 1 where a cell of the second run is slower, or changed at all, or failed its check
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,

    /// Take both runs to be of one machine and toolchain where their records do not know; never where
    /// they differ
    #[arg(long)]
    pub same_machine: bool,

    /// Where runs are kept
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub reports: PathBuf,

    /// Colours: on terminals, unless NO_COLOR is set
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// How `compare` and `check` write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Writing {
    Table,
    Markdown,
    Json,
}

/// What `compare` fails on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Slower,
    Changed,
}

#[derive(Args, Debug)]
pub(super) struct CiteArgs {
    /// What to cite: all variants whose id, or a cell of which, contains this or is matched by it as
    /// a regular expression
    #[arg(value_name = "FILTER")]
    pub filter: String,

    /// The run: its name below reports, or its folder; the newest where it is not given
    #[arg(long, value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Where runs are kept
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub reports: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// The file of claims; where it is not given, all of claims/*.toml, or those that ship
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// The run: its name below reports, or its folder; the newest where it is not given
    #[arg(long, value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Writing::Table)]
    pub format: Writing,

    /// Where runs are kept
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub reports: PathBuf,

    /// Colours: on terminals, unless NO_COLOR is set
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct DoctorArgs {
    /// Colours: on terminals, unless NO_COLOR is set
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}
