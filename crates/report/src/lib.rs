//! What people see of a run: the page, its charts, the Markdown for a review, the lines in the
//! terminal, and `verdicts.json`. Made from records alone, byte for byte the same each time: no clock,
//! no randomness and no machine is asked in here.
//!
//! `model` sorts a run for reading, `trust` says how far to believe it, `story` puts verdicts into
//! sentences of `words`, `figure` chooses what `chart` draws; `page`, `markdown`, `terminal` and
//! `json` show it. Numbers are written by `number` alone.

pub mod chart;
mod chart_data;
mod files;
mod headlines;
mod json;
mod markdown;
mod page;
mod publish;
mod report_model;
mod rich_text;
mod run_quality;
mod series_style;
mod terminal;

use std::io;
use std::path::{Path, PathBuf};

use contend_analysis::claim::{self, ClaimError, ClaimFile};
use contend_analysis::verdict::{Analysis, analyse_run};
use contend_record::RunData;

use chart::Theme;
use report_model::ReportModel;

pub use contend_analysis::text::forks;
pub use markdown::cite;
pub use publish::publish;
pub use run_quality::{Level, RunQuality};
pub use terminal::terminal;

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// What the records came to.
    pub analysis: Analysis,
    /// The page.
    pub page: PathBuf,
    /// How far to trust it.
    pub quality: RunQuality,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file or a folder.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The page.
    #[error("the page: {0}")]
    Page(#[from] askama::Error),
    /// The run's claims.
    #[error(transparent)]
    Claims(#[from] ClaimError),
    /// `verdicts.json`.
    #[error("verdicts.json: {0}")]
    Json(#[from] serde_json::Error),
    /// Nothing to show.
    #[error("{0}")]
    Nothing(String),
}

/// Writes the page, `verdicts.json`, `summary.md` and the charts of a run into its folder. Each file
/// is written whole or not at all.
///
/// Claims are the ones that lie in the run's folder. They were put there before anything was measured,
/// so a page that is made again is the same, whatever was claimed since or elsewhere; `contend check`
/// holds today's claims against any run.
pub fn write(folder: &Path, journal: &RunData) -> Result<Written, ReportError> {
    let analysis = analyse_run(journal);
    let mut model = model_of(journal, &analysis);
    let claims = ClaimFile::read_all(&folder.join(claim::FOLDER), Path::new(claim::FOLDER))?;
    model.claims = claims
        .iter()
        .flat_map(|file| claim::evaluate(file, &journal.run, &analysis))
        .collect();
    let figures: Vec<_> = model
        .workloads
        .iter()
        .map(|workload| chart_data::of_workload(&model, workload))
        .collect();

    let charts = folder.join("charts");
    files::folder(&charts)?;
    for figures in figures.iter().flatten() {
        let main = &figures.throughput;
        let file = |name: String| charts.join(name + ".svg");
        files::write_atomic(&file(main.id.clone()), &main.standalone(Theme::Reader))?;
        files::write_atomic(
            &file(format!("{}-light", main.id)),
            &main.standalone(Theme::Light),
        )?;
        files::write_atomic(
            &file(format!("{}-dark", main.id)),
            &main.standalone(Theme::Dark),
        )?;
        for drawing in figures.ranking.iter().chain(&figures.distribution) {
            files::write_atomic(
                &file(drawing.id.clone()),
                &drawing.standalone(Theme::Reader),
            )?;
        }
    }
    files::write_atomic(&folder.join("verdicts.json"), &json::verdicts(&model)?)?;
    files::write_atomic(&folder.join("summary.md"), &markdown::summary(&model))?;
    let page = folder.join("index.html");
    files::write_atomic(&page, &page::render(&model, &figures)?)?;
    let quality = model.quality;
    Ok(Written {
        analysis,
        page,
        quality,
    })
}

fn model_of<'a>(journal: &'a RunData, analysis: &'a Analysis) -> ReportModel<'a> {
    ReportModel::new(&journal.run, &journal.records, journal.cut_off, analysis)
}
