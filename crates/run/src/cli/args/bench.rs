//! The arguments of a bench target and of `contend run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use super::compatible::{CompatibleArgs, ResultFormat};
use super::values::{self, baseline_name};
use super::{Colour, FailOn};
use crate::cli::place::reports_to_write;
use crate::machine::available_memory;
use crate::session::{Preset, Selection, Shard, TimeLimit};

/// Compare synchronization strategies, and write the report to reports/index.html
#[derive(Parser, Debug)]
#[command(name = "contend", version, disable_help_subcommand = true, args_override_self = true)]
#[command(color = Colour::of_help())]
pub(in crate::cli) struct BenchArgs {
    /// Measure only cells whose id contains FILTER or matches it as a regular expression, e.g. counter/hot
    #[arg(value_name = "FILTER")]
    pub filters: Vec<String>,

    /// Leave out cells whose id contains FILTER or matches it, e.g. --skip map/; may be given several times
    #[arg(long, value_name = "FILTER")]
    pub skip: Vec<String>,

    /// How much to measure
    #[arg(long, value_enum, default_value_t = Preset::Standard, conflicts_with = "quick")]
    pub preset: Preset,

    /// Same as --preset quick
    #[arg(long)]
    pub quick: bool,

    /// Thread counts, e.g. 1,2,8 [default: those of the preset]
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = values::threads, allow_hyphen_values = true)]
    pub threads: Option<Vec<usize>>,

    /// Restrict the run to this many CPUs, e.g. 1, and plan its thread counts for them; Linux only [default: all]
    #[arg(long, value_name = "N", value_parser = values::cpus, allow_hyphen_values = true)]
    pub cpus: Option<usize>,

    /// Forks (child processes) of each block [default: 21, 12 in the quick preset; extra ones where undecided]
    #[arg(long, value_name = "N", value_parser = values::number, allow_hyphen_values = true)]
    pub forks: Option<u32>,

    /// Rounds of each fork [default: 1 to 3, by workload and threads, as --plan-for shows]
    #[arg(long, value_name = "N", value_parser = values::number, allow_hyphen_values = true)]
    pub rounds: Option<u32>,

    /// Length of a window, e.g. 20ms [default: 1ms to 20ms, by workload and threads, as --plan-for shows]
    #[arg(long, value_name = "TIME", value_parser = values::window, allow_hyphen_values = true)]
    pub window: Option<Duration>,

    /// Random seed [default: random, recorded in run.json]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Fit the plan to this time and spend what is left on undecided blocks, e.g. 10m [default: no limit]
    #[arg(long, value_name = "TIME", value_parser = values::budget, allow_hyphen_values = true)]
    pub budget: Option<Duration>,

    /// Give undecided blocks extra forks until each has a contender within 3 % of the best, or the budget is spent
    #[arg(long, conflicts_with = "forks")]
    pub until_decided: bool,

    /// Measure one of N parts of the plan, e.g. 1/4; `contend merge` makes one run of all parts
    #[arg(long, value_name = "K/N", allow_hyphen_values = true)]
    pub shard: Option<Shard>,

    /// Measure the build of this run beside this one, fork by fork, and say of each cell what changed; twice the time
    #[arg(long, value_name = "RUN", conflicts_with_all = ["against_bin", "resume", "until_decided"])]
    #[arg(conflicts_with_all = ["in_process", "test", "profile_time"])]
    pub against: Option<PathBuf>,

    /// The same with an older executable of this bench target or command, e.g. a copy made before a change
    #[arg(long, value_name = "FILE", conflicts_with_all = ["until_decided", "in_process", "test", "profile_time"])]
    pub against_bin: Option<PathBuf>,

    /// Exit with 1 if a cell fails, or if a cell or a workload's cells together are slower, or changed, since --against
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub fail_on: Option<FailOn>,

    /// Pin each worker to a CPU
    #[arg(long)]
    pub pin: bool,

    /// State what staying with this contender costs [default: std::sync::Mutex, or its nearest kin]
    #[arg(long, value_name = "NAME")]
    pub baseline_contender: Option<String>,

    /// Print the plan of a machine with this many CPUs, e.g. 64, and measure nothing
    #[arg(long, value_name = "CPUS", value_parser = values::threads, allow_hyphen_values = true)]
    #[arg(conflicts_with = "cpus")]
    pub plan_for: Option<usize>,

    /// Print the ids of all cells, one per line
    #[arg(long)]
    pub list: bool,

    /// Format of --list; terse is for test runners
    #[arg(long, value_enum, default_value_t = ListFormat::Pretty)]
    pub format: ListFormat,

    /// Run and check every cell once, without timing
    #[arg(long)]
    pub test: bool,

    /// Match filters against whole ids
    #[arg(long)]
    pub exact: bool,

    /// Save the samples as a criterion baseline, e.g. main
    #[arg(long, short = 's', value_name = "NAME", value_parser = baseline_name)]
    #[arg(conflicts_with_all = ["baseline", "baseline_lenient", "discard_baseline"])]
    pub save_baseline: Option<String>,

    /// Compare the samples with a saved criterion baseline; cells that it lacks are named
    #[arg(long, short = 'b', value_name = "NAME", value_parser = baseline_name)]
    #[arg(conflicts_with_all = ["baseline_lenient", "discard_baseline"])]
    pub baseline: Option<String>,

    /// The same, and no error if there is no such baseline
    #[arg(long, value_name = "NAME", value_parser = baseline_name, conflicts_with = "discard_baseline")]
    pub baseline_lenient: Option<String>,

    /// Give criterion no samples, so that it keeps those of the last run
    #[arg(long, conflicts_with = "plots")]
    pub discard_baseline: bool,

    /// Format of the results
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ResultFormat::Verdicts)]
    pub output_format: ResultFormat,

    /// Show no plan and no progress, only failures and results
    #[arg(long, short = 'q', conflicts_with = "verbose")]
    pub quiet: bool,

    /// Show the plan of each block too
    #[arg(long, short = 'v')]
    pub verbose: bool,

    /// Draw criterion's plots too
    #[arg(long)]
    pub plots: bool,

    /// Run each selected cell in this process for this many seconds, e.g. 10, for a profiler
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, allow_hyphen_values = true)]
    pub profile_time: Option<Duration>,

    /// Measure in this process instead of child processes, for a debugger; there are no verdicts then
    #[arg(long, conflicts_with = "until_decided")]
    pub in_process: bool,

    /// Continue the newest interrupted run
    #[arg(long, conflicts_with_all = [
        "filters", "skip", "preset", "quick", "threads", "cpus", "forks", "rounds", "window", "seed", "budget",
        "until_decided", "pin", "shard", "baseline_contender", "in_process",
    ])]
    pub resume: bool,

    /// Kill a fork that is silent for this long; its cell fails
    #[arg(long, value_name = "TIME", default_value = "10s", allow_hyphen_values = true)]
    #[arg(value_parser = values::deadline)]
    pub deadline: Duration,

    /// Kill a fork that uses more memory than this, e.g. 2GiB; its cell fails [default: 3/4 of what is free]
    #[arg(long, value_name = "SIZE", value_parser = values::memory, allow_hyphen_values = true)]
    pub memory: Option<u64>,

    /// Folder of all runs [default: reports, in the package's folder]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_write(), hide_default_value = true)]
    pub reports: PathBuf,

    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, short = 'c', visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,

    /// Passed by cargo to benchmarks; without it, cells are checked and not timed
    #[arg(long, hide = true)]
    pub bench: bool,

    #[command(flatten)]
    pub compatible: CompatibleArgs,
}

/// The format of `--list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    Pretty,
    Terse,
}

impl BenchArgs {
    /// The selection of cells, and the numbers that replace the preset's.
    pub(in crate::cli) fn selection(&self) -> Selection {
        Selection {
            preset: if self.quick { Preset::Quick } else { self.preset },
            filters: self.filters.clone(),
            skip: self.skip.clone(),
            exact: self.exact,
            threads: self.threads.clone(),
            forks: self.forks,
            rounds: self.rounds,
            window: self.window,
            shard: self.shard,
            against: self.is_against(),
            in_process: self.in_process,
            ..Selection::default()
        }
    }

    /// Whether an older build is to be measured beside this one.
    pub(in crate::cli) fn is_against(&self) -> bool {
        self.against.is_some() || self.against_bin.is_some()
    }

    /// How long the run may take.
    pub(in crate::cli) fn time_limit(&self) -> TimeLimit {
        TimeLimit { budget: self.budget, until_decided: self.until_decided }
    }

    /// The most memory of a fork in bytes.
    pub(in crate::cli) fn memory_limit(&self) -> u64 {
        let share = |free: u64| free / 4 * 3;
        self.memory.or_else(|| available_memory().map(share)).unwrap_or(u64::MAX)
    }

    /// The baseline to compare with, if one is given.
    #[cfg(feature = "criterion")]
    pub(in crate::cli) fn baseline_name(&self) -> Option<&str> {
        self.baseline.as_deref().or(self.baseline_lenient.as_deref())
    }

    /// The seed, random if none was given.
    pub(in crate::cli) fn seed_or_random(&self) -> u64 {
        self.seed.unwrap_or_else(rand::random)
    }
}
