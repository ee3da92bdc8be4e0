//! The arguments, and a sentence for each way to get them wrong.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::outcome::Outcome;
use crate::machine::allowed_cpus;
use crate::run::{Choice, Preset, most_threads};

/// The most forks or rounds that may be asked for.
const MOST: u32 = 1_000;

/// The shortest and the longest window.
const WINDOWS: [Duration; 2] = [Duration::from_micros(100), Duration::from_secs(10)];

/// Criterion's flags that have no meaning here, and ours that have.
const CRITERIONS: [(&str, &str); 6] = [
    ("--sample-size", "`--forks N`: each fork is one sample"),
    (
        "--measurement-time",
        "`--window 20ms` for a window's length, `--rounds N` for their number",
    ),
    (
        "--warm-up-time",
        "nothing to set: each fork's team warms up for 20 ms, each cell by its pilot",
    ),
    (
        "--nresamples",
        "nothing to set: intervals come from order statistics over forks",
    ),
    (
        "--noise-threshold",
        "nothing to set: the threshold is 3 %, fixed before the run",
    ),
    (
        "--load-baseline",
        "`--baseline NAME` while measuring, or `contend compare RUN RUN`",
    ),
];

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
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = threads, allow_hyphen_values = true)]
    pub threads: Option<Vec<usize>>,

    /// Child processes for each block
    #[arg(long, value_name = "N", value_parser = number, allow_hyphen_values = true)]
    pub forks: Option<u32>,

    /// Rounds in each fork
    #[arg(long, value_name = "N", value_parser = number, allow_hyphen_values = true)]
    pub rounds: Option<u32>,

    /// A window's length: 20ms
    #[arg(long, value_name = "TIME", value_parser = window, allow_hyphen_values = true)]
    pub window: Option<Duration>,

    /// What all random choices follow from; drawn and recorded where it is not given
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Fit the plan to the time that there is, and spend what is left where it is needed: 10m
    #[arg(long, value_name = "TIME", value_parser = budget, allow_hyphen_values = true)]
    pub budget: Option<Duration>,

    /// Pin each worker to a CPU
    #[arg(long)]
    pub pin: bool,

    /// Show the plan of a machine with so many CPUs, and measure nothing
    #[arg(long, value_name = "CPUS", value_parser = threads, allow_hyphen_values = true)]
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
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_hyphen_values = true)]
    pub profile_time: Option<Duration>,

    /// Take windows in this process instead of children: for a debugger
    #[arg(long)]
    pub in_process: bool,

    /// Go on with the newest run that was interrupted
    #[arg(long, conflicts_with_all = ["filters", "preset", "quick", "threads", "forks", "rounds", "window", "seed", "budget", "pin"])]
    pub resume: bool,

    /// Kill a child that is silent for this long; its cell has failed
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = deadline, allow_hyphen_values = true)]
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
            preset: if self.quick {
                Preset::Quick
            } else {
                self.preset
            },
            filters: self.filters.clone(),
            exact: self.exact,
            threads: self.threads.clone(),
            forks: self.forks,
            rounds: self.rounds,
            window: self.window,
            looks: false, // a budget decides, which knows how long the plan takes
            sparing: true,
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
    #[cfg(feature = "simulate")]
    /// Simulate runs whose truth is known, and show how often verdicts are wrong: METHODOLOGY's tables
    Simulate(SimulateArgs),
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

#[cfg(feature = "simulate")]
#[derive(Args, Debug)]
pub(super) struct SimulateArgs {
    /// Repetitions of each setting: the published tables have 20,000, which take five minutes
    #[arg(value_name = "N", default_value_t = 20_000)]
    pub repetitions: usize,

    /// What the simulated runs follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
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

fn threads(text: &str) -> Result<usize, String> {
    let most = most_threads(allowed_cpus());
    let count = text.trim().parse().ok();
    count
        .filter(|count| (1..=most).contains(count))
        .ok_or_else(|| format!("give numbers of threads from 1 to {most}, as in `--threads 1,2,8`"))
}

fn number(text: &str) -> Result<u32, String> {
    let number = text.parse().ok();
    number
        .filter(|number| (1..=MOST).contains(number))
        .ok_or_else(|| format!("give a whole number from 1 to {MOST}"))
}

fn window(text: &str) -> Result<Duration, String> {
    let window = humantime::parse_duration(text).ok();
    window
        .filter(|window| (WINDOWS[0]..=WINDOWS[1]).contains(window))
        .ok_or_else(|| "give a time from 100us to 10s, as in `--window 20ms`".to_owned())
}

fn budget(text: &str) -> Result<Duration, String> {
    let budget = humantime::parse_duration(text).ok();
    budget
        .filter(|budget| *budget >= Duration::from_secs(1))
        .ok_or_else(|| "give a time of at least 1s, as in `--budget 10m`".to_owned())
}

fn deadline(text: &str) -> Result<Duration, String> {
    let deadline = humantime::parse_duration(text).ok();
    deadline
        .filter(|deadline| *deadline >= Duration::from_millis(100))
        .ok_or_else(|| "give a time of at least 100ms, as in `--deadline 30s`".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok();
    seconds
        .filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0)
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "give seconds, as in `--profile-time 10`".to_owned())
}

/// What is wrong with the arguments, and what would be right, in one sentence.
pub(super) fn sentence(error: clap::Error) -> Outcome {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let flag = argument.split(' ').next().unwrap_or_default().to_owned();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let text = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return Outcome::Said;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a command is missing: run, report, compare, cite, check or doctor; `contend --help` \
             tells of each"
                .to_owned()
        }
        ErrorKind::UnknownArgument => {
            let name = flag.split('=').next().unwrap_or_default();
            match CRITERIONS.iter().find(|(theirs, _)| *theirs == name) {
                Some((theirs, ours)) => {
                    format!("`{theirs}` is criterion's, which only replays here; ours is {ours}")
                }
                None => match context(ContextKind::SuggestedArg) {
                    Some(near) => {
                        format!(
                            "there is no flag `{flag}`; `{near}` is near, and `--help` shows all"
                        )
                    }
                    None => format!("there is no flag `{flag}`; `--help` shows all"),
                },
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("`{flag}` wants a value; `--help` says which")
        }
        ErrorKind::InvalidValue => {
            let valid = context(ContextKind::ValidValue).unwrap_or_default();
            format!("`{flag} {value}` is none of {valid}")
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            format!("`{flag} {value}`: {}", why.unwrap_or_default())
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!(
                "there is no command `{name}`; there are run, report, compare, cite, check and doctor"
            )
        }
        ErrorKind::MissingRequiredArgument => {
            format!("{argument} is missing; `--help` shows what goes where")
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg).unwrap_or_default();
            format!("`{flag}` and `{prior}` exclude each other")
        }
        _ => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            line.trim_start_matches("error: ").to_owned()
        }
    };
    Outcome::Usage(text)
}
