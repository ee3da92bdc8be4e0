//! `verdicts.json`: every comparison of the page, with controls, and every cell. Each has its own line, so that line
//! tools can compare two runs.

use contend_analysis::claim::{Checked, ClaimStatus};
use contend_analysis::verdict::{
    BlockAnalysis, BlockDisturbance, CellSummary, Standing, ThreadResolution, Verdict,
};
use contend_record::{Class, TEXT_LIMIT, printable, seal_object};
use serde::Serialize;

use super::measure::Measure;
use super::report_model::ReportModel;
use super::run_quality::RunQuality;

/// The fields before the lists.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct Head<'a> {
    /// The format of this file.
    schema: u32,
    /// The run's name.
    run: &'a str,
    /// The version of contend that measured the run.
    contend: &'a str,
    /// The least difference that counts: 0.03 is 3 %.
    threshold: f64,
    /// The number of comparisons.
    comparisons: u32,
    /// The greatest expected number of wrong verdicts.
    expected_wrong: f64,
    /// The number of controls.
    controls: u32,
    /// The controls that differ from their contenders beyond the threshold.
    controls_failed: u32,
    /// The differences that the run shows, by thread count.
    #[cfg_attr(feature = "schema", schemars(default))]
    resolutions: Vec<ThreadResolution>,
    /// Whether to cite the run, with reasons.
    trust: &'a RunQuality,
}

/// A verdict with its speed-up, as the page shows it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    /// How many times as fast the faster one is.
    times: f64,
    /// The lower end of its interval.
    times_low: f64,
    /// The upper end.
    times_high: f64,
}

/// The standing of a class of a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct StandingLine<'a> {
    /// The block.
    block: String,
    /// The class.
    class: Class,
    /// Which contender is the fastest, or why none is.
    standing: &'a Standing,
    /// The contenders, the best first.
    order: &'a [String],
    /// The median half-width of the block's intervals; null with too few forks.
    resolution: Option<f64>,
    /// The half-width of the control's interval; null without a control.
    control_resolution: Option<f64>,
}

/// A disturbance of a block by the machine.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct DisturbedLine<'a> {
    /// The block.
    block: String,
    #[serde(flatten)]
    disturbance: &'a BlockDisturbance,
}

/// A cell, with its throughput if it measures a time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct CellLine<'a> {
    #[serde(flatten)]
    cell: &'a CellSummary,
    /// Millions of operations per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    mops: Option<f64>,
}

/// How many forks of a block were taken again.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct RetakenLine {
    /// The block.
    block: String,
    /// The forks.
    forks: u32,
}

/// A claim of the run's folder, and what the run says of it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Serialize)]
struct ClaimLine<'a> {
    /// Its file.
    file: String,
    /// Its line there.
    line: usize,
    /// The claim.
    claim: &'a str,
    /// What the run says of it.
    outcome: ClaimStatus,
}

/// The whole file.
pub fn verdicts(model: &ReportModel) -> Result<String, serde_json::Error> {
    let (run, analysis) = (model.run, model.analysis);
    let head = serde_json::to_string(&Head {
        schema: run.schema,
        run: &run.run,
        contend: &run.contend,
        threshold: analysis.threshold,
        comparisons: analysis.comparisons,
        expected_wrong: analysis.expected_wrong,
        controls: analysis.controls,
        controls_failed: analysis.controls_failed,
        resolutions: analysis.resolutions(),
        trust: &model.quality,
    })?;
    let mut out = head.trim_end_matches('}').to_owned();
    if head.ends_with("}}") {
        out.push('}'); // the end of `trust`
    }
    list(&mut out, "verdicts", analysis.blocks.iter().flat_map(|block| &block.verdicts).map(line))?;
    list(&mut out, "standings", analysis.blocks.iter().flat_map(standings))?;
    list(&mut out, "choices", analysis.blocks.iter().flat_map(|block| &block.choices))?;
    list(&mut out, "decisions", analysis.blocks.iter().flat_map(|block| &block.decisions))?;
    list(&mut out, "disturbed", analysis.blocks.iter().flat_map(disturbed))?;
    let retaken = analysis.blocks.iter().filter(|block| block.retaken_forks > 0);
    list(&mut out, "retaken_forks", retaken.map(retaken_line))?;
    let cells = analysis.blocks.iter().flat_map(|block| &block.cells);
    list(&mut out, "cells", cells.map(cell))?;
    list(&mut out, "lengths", analysis.window_checks.iter())?;
    list(&mut out, "claims", model.claims.iter().map(claim))?;
    if let Some(against) = &model.against {
        list(&mut out, "against", against.blocks.iter().flat_map(|block| &block.cells))?;
        list(&mut out, "against_together", against.together.iter())?;
    }
    out.push_str("\n}\n");
    Ok(seal_object(&out))
}

fn line(verdict: &Verdict) -> Line<'_> {
    let (times, times_low, times_high) = verdict.speedup();
    Line { verdict, times, times_low, times_high }
}

fn standings(block: &BlockAnalysis) -> impl Iterator<Item = StandingLine<'_>> {
    block.standings.iter().map(|standing| StandingLine {
        block: block.block.to_string(),
        class: standing.class,
        standing: &standing.standing,
        order: &standing.order,
        resolution: block.resolution,
        control_resolution: block.control_resolution,
    })
}

fn disturbed(block: &BlockAnalysis) -> impl Iterator<Item = DisturbedLine<'_>> {
    block.disturbed.iter().map(|disturbance| DisturbedLine { block: block.block.to_string(), disturbance })
}

fn retaken_line(block: &BlockAnalysis) -> RetakenLine {
    RetakenLine { block: block.block.to_string(), forks: block.retaken_forks }
}

fn cell(cell: &CellSummary) -> CellLine<'_> {
    let measure = Measure::of(&cell.unit);
    CellLine { cell, mops: cell.median.filter(|_| measure.is_time()).map(|median| measure.value(median)) }
}

fn claim(claim: &Checked) -> ClaimLine<'_> {
    let Checked { file, line, claim, outcome, .. } = claim;
    ClaimLine { file: printable(file, TEXT_LIMIT), line: *line, claim, outcome: *outcome }
}

fn list<T: Serialize>(
    out: &mut String,
    name: &str,
    lines: impl Iterator<Item = T>,
) -> Result<(), serde_json::Error> {
    out.push_str(&format!(",\n\"{name}\": ["));
    for (index, line) in lines.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&serde_json::to_string(&line)?);
    }
    out.push_str("\n]");
    Ok(())
}

/// `verdicts.json` as a type, for its schema.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct VerdictsFile<'a> {
    #[schemars(flatten)]
    head: Head<'a>,
    /// Every comparison of two contenders of a class, and of a contender with its control.
    verdicts: Vec<Line<'a>>,
    /// The standing of each class of each block.
    standings: Vec<StandingLine<'a>>,
    /// What to take in each class of each block. Runs of older versions have none.
    #[schemars(default)]
    choices: Vec<contend_analysis::verdict::ClassChoice>,
    /// The distance of each contender from the best of its class.
    #[schemars(default)]
    decisions: Vec<contend_analysis::verdict::ContenderDecision>,
    /// What the machine did to the windows of a block.
    #[schemars(default)]
    disturbed: Vec<DisturbedLine<'a>>,
    /// The forks of each block that were taken again because the floor was far off. Blocks without any have no line.
    #[schemars(default)]
    retaken_forks: Vec<RetakenLine>,
    /// Every cell.
    cells: Vec<CellLine<'a>>,
    /// Winners in longer windows.
    lengths: Vec<contend_analysis::verdict::WindowLengthCheck>,
    /// The claims of the run's folder.
    #[schemars(default)]
    claims: Vec<ClaimLine<'a>>,
    /// Each cell beside the same one of an older build, if there is one.
    #[schemars(default)]
    against: Vec<contend_analysis::compare::CellChange>,
    /// The cells of both builds taken together: all of them, and those of each workload.
    #[schemars(default)]
    against_together: Vec<contend_analysis::compare::Together>,
}
