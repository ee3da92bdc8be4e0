//! Flags of libtest and of criterion that scripts pass. Each has a meaning here, or none that a run of cells has.

use clap::{Args, ValueEnum};

/// The accepted flags.
#[derive(Args, Debug)]
pub(in crate::cli) struct CompatibleArgs {
    /// Passed by cargo-nextest to list ignored tests; there are none
    #[arg(long, hide = true)]
    pub ignored: bool,

    /// Ignored cells too; there are none
    #[arg(long, hide = true)]
    pub include_ignored: bool,

    /// Passed by cargo-nextest to tests; the output of forks is not captured
    #[arg(long, alias = "no-capture", hide = true)]
    pub nocapture: bool,

    /// The output of cells that pass; they have none
    #[arg(long, hide = true)]
    pub show_output: bool,

    /// One cell is run at a time, whatever the number
    #[arg(long, value_name = "N", hide = true)]
    pub test_threads: Option<u32>,

    /// The time is always reported
    #[arg(long, hide = true)]
    pub report_time: bool,

    /// The order is always random
    #[arg(long, hide = true)]
    pub shuffle: bool,

    /// Unstable flags of libtest
    #[arg(short = 'Z', value_name = "FLAG", hide = true)]
    pub unstable: Vec<String>,

    /// No plots are drawn without --plots
    #[arg(long, short = 'n', hide = true, conflicts_with = "plots")]
    pub noplot: bool,
}

/// The format of a run's results on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ResultFormat {
    /// Verdicts, for people
    #[value(alias = "criterion")]
    Verdicts,
    /// A line for each cell, as libtest and `--output-format bencher` of criterion print it
    Bencher,
}
