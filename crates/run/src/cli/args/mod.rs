//! The arguments: those of [`bench`] targets and of all commands, their [`values`], and the [`errors`] of wrong
//! ones.

mod bench;
mod compatible;
mod errors;
mod values;

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::report::ExportFormat;
pub(super) use bench::{BenchArgs, ListFormat};
pub(super) use compatible::ResultFormat;
pub(super) use errors::usage_error;
#[cfg(feature = "criterion")]
pub(super) use values::CRITERION_FOLDERS;

use super::place::reports_to_read;
use super::terminal::is_coloured;

/// Compare synchronization strategies
#[derive(Parser, Debug)]
#[command(name = "contend", version, disable_help_subcommand = true, args_override_self = true)]
#[command(color = Colour::of_help())]
pub(super) struct CommandArgs {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Measure: the same as `cargo bench --`
    Run(Box<BenchArgs>),
    /// Write a run's verdicts, page, Markdown and charts again from its records
    Report(ReportArgs),
    /// Compare two runs, cell by cell
    Compare(CompareArgs),
    /// Compare any two contenders of a run, as one planned comparison
    Versus(VersusArgs),
    /// Print a part of a run as Markdown, for a review
    Cite(CiteArgs),
    /// Check claims against a run: holds, fails, unresolved, or not testable here
    Check(CheckArgs),
    /// Print a run's numbers in the format of another tool
    Export(ExportArgs),
    /// Make one run of shards, or set the runs of several machines side by side
    Merge(MergeArgs),
    /// Say what a run's files prove: unchanged, complete, checked, and made of these records
    Verify(VerifyArgs),
    /// Print the JSON Schema of a run's files
    Schema(SchemaArgs),
    /// Report machine settings and how to fix them
    Doctor(DoctorArgs),
    /// Delete old runs
    Prune(PruneArgs),
    /// Print a script that completes arguments in a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

#[derive(Args, Debug)]
pub(super) struct PruneArgs {
    /// How many of the newest runs to keep, e.g. 10; the reference run always stays
    #[arg(long, value_name = "N", value_parser = values::runs, allow_hyphen_values = true)]
    pub keep: usize,

    /// Print what would be deleted, and delete nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub(super) struct ReportArgs {
    /// Name of a run below reports, or its folder [default: the newest run]
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// State what staying with this contender costs [default: that of the run, or std::sync::Mutex]
    #[arg(long, value_name = "NAME")]
    pub baseline_contender: Option<String>,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,

    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct CompareArgs {
    /// The run to compare with: its name below reports, or its folder, e.g. 2026-11-21T09-00-00
    #[arg(value_name = "RUN")]
    pub first: PathBuf,

    /// The run whose cells are called faster or slower
    #[arg(value_name = "RUN")]
    pub second: PathBuf,

    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub format: OutputFormat,

    /// Also write a page of the comparison, e.g. reports/compare.html
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,

    /// Exit with 1 if a cell of the second run fails, or is slower, or is slower or faster
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub fail_on: Option<FailOn>,

    /// Assume the same machine and toolchain where the records do not tell; has no effect where they differ
    #[arg(long)]
    pub same_machine: bool,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,

    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct VersusArgs {
    /// The first contender, e.g. std::sync::Mutex
    #[arg(value_name = "A")]
    pub a: String,

    /// The second contender, e.g. dashmap::DashMap
    #[arg(value_name = "B")]
    pub b: String,

    /// Only blocks with an id, or with a cell of A or B whose id, contains or matches FILTER, e.g. map read90
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,

    /// Name of a run below reports, or its folder [default: the newest run]
    #[arg(long, value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub format: OutputFormat,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,

    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct CiteArgs {
    /// Cite the variants that FILTER selects: a part of an id, a regular expression, or words that are all there, e.g.
    /// map read90
    #[arg(value_name = "FILTER", required = true)]
    pub filter: Vec<String>,

    /// Print all sentences and numbers, the chart to upload and the environment
    #[arg(long)]
    pub full: bool,

    /// State what staying with this contender costs [default: that of the run, or std::sync::Mutex]
    #[arg(long, value_name = "NAME")]
    pub baseline_contender: Option<String>,

    /// Name of a run below reports, or its folder [default: the newest run]
    #[arg(long, value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// File of claims [default: all of claims/*.toml, or the shipped claims if there are none]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Name of a run below reports, or its folder [default: the newest run]
    #[arg(long, value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub format: OutputFormat,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,

    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct ExportArgs {
    /// The format: bencher, github-action-benchmark, benchfmt (for benchstat), critcmp, openmetrics, csv
    #[arg(value_name = "FORMAT")]
    pub format: ExportFormat,

    /// Name of a run below reports, or its folder [default: the newest run]
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct MergeArgs {
    /// Names of runs below reports, or their folders
    #[arg(value_name = "RUN", required = true, num_args = 1..)]
    pub runs: Vec<PathBuf>,

    /// Also set machines side by side whose builds differ, as two commits; the page names each build. Shards need one
    #[arg(long)]
    pub other_builds: bool,

    /// Name of the folder to write below reports
    #[arg(long, value_name = "NAME")]
    pub into: String,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,

    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    /// Name of a run below reports, or its folder [default: the newest run]
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,

    /// Folder of all runs [default: reports, here or in the package]
    #[arg(long, value_name = "FOLDER", default_value_os_t = reports_to_read(), hide_default_value = true)]
    pub reports: PathBuf,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// run.json
    Run,
    /// A line of samples.jsonl and window-check.jsonl
    Record,
    /// verdicts.json
    Verdicts,
}

#[derive(Args, Debug)]
pub(super) struct SchemaArgs {
    /// The file that it describes
    #[arg(value_name = "FILE")]
    pub of: SchemaOf,
}

#[derive(Args, Debug)]
pub(super) struct DoctorArgs {
    /// Colour the output; auto: on terminals, unless NO_COLOR or CARGO_TERM_COLOR says otherwise
    #[arg(long, visible_alias = "colour", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// The output format of `compare`, `versus` and `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Table,
    Markdown,
    Json,
}

/// The changes on which `compare` and a run against an older build fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Slower,
    Changed,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
    /// Whether standard output is coloured.
    pub(super) fn on(self) -> bool {
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_coloured(),
        }
    }

    /// Whether help is coloured, which is printed before any flag is known.
    pub(super) fn of_help() -> ColorChoice {
        match Colour::Auto.on() {
            true => ColorChoice::Always,
            false => ColorChoice::Never,
        }
    }
}
