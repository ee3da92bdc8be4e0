//! A [contend](https://docs.rs/contend) run for people: the page, its charts, Markdown for a review, the lines in the
//! terminal, and `verdicts.json`. Everything is made from records alone, byte for byte the same each time: nothing in
//! here uses a clock, randomness or facts of the machine.
//!
//! `report_model` sorts a run for reading, and `run_quality` says whether to cite it: `disturbance` grades the
//! reasons against it, and `resolution` says which differences it shows. `ranking` has the distances from
//! the best, and `staying` says what the baseline costs, and
//! `collapsing` which values a program may not get. `headlines` puts verdicts into sentences of `rich_text`.
//! `chart_data` chooses what [`chart`] draws, in the colours of `families` and in the unit of `measure`. `page`,
//! `markdown`, `cite`, `terminal` and `json` write the results; `publish` links the newest page. [`write_compared`]
//! writes the page of two runs.

mod agreement_words;
pub mod chart;
mod chart_data;
mod cite;
mod collapsing;
mod disturbances;
mod export;
mod families;
mod files;
mod headlines;
mod json;
mod machines;
mod markdown;
mod measure;
mod page;
mod publish;
mod ranking;
mod reasons;
mod report_model;
mod resolution;
mod rich_text;
mod run_quality;
#[cfg(feature = "schema")]
pub mod schema;
mod search;
mod staying;
mod terminal;

use std::io;
use std::path::{Path, PathBuf};

use contend_analysis::claim::{self, ClaimError, ClaimFile};
use contend_analysis::compare::{Compared, compare_builds};
use contend_analysis::verdict::{Analysis, analyse_run};
use contend_record::RunData;

use chart::Theme;
use families::Families;
use report_model::ReportModel;

pub use agreement_words::MACHINES;
pub use cite::{Cite, cite};
pub use contend_analysis::compare::terminal as terminal_against;
pub use contend_analysis::text::forks;
pub use export::{ExportFormat, Exported, export};
pub use files::{part_file, part_file_owner};
pub use machines::{MERGED, machine_result, write_machines};
pub use publish::publish;
pub use run_quality::{Level, RunQuality};
pub use terminal::terminal;

/// What [`write()`] makes in a run's folder: everything there that is not measured.
pub const MADE_FROM_RECORDS: [&str; 4] = ["charts", "index.html", "summary.md", "verdicts.json"];

/// A written report.
#[derive(Debug)]
pub struct Written {
    /// The analysis of the records.
    pub analysis: Analysis,
    /// The comparison with the older build that was measured beside the run's own. None where the run has one build.
    pub against: Option<Compared>,
    /// The path of the page.
    pub page: PathBuf,
    /// Whether to cite the run.
    pub quality: RunQuality,
    /// Why files of the run's claims cannot be read. The page is without these, and says so.
    pub unread_claims: Vec<ClaimError>,
}

/// Writes the page of a comparison to `file`, atomically.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_compared(file: &Path, compared: &Compared) -> Result<(), ReportError> {
    files::write_atomic(file, &page::compare::render(compared)?)
}

/// The errors of writing a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file or folder cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Its path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The page cannot be rendered.
    #[error("cannot render the page: {0}")]
    Page(#[from] askama::Error),
    /// The claims of the run cannot be listed.
    #[error(transparent)]
    Claims(#[from] ClaimError),
    /// `verdicts.json` cannot be serialised.
    #[error("cannot write verdicts.json: {0}")]
    Json(#[from] serde_json::Error),
    /// The filter selects nothing, or too much.
    #[error("{0}")]
    Filter(String),
}

/// Writes the page, `verdicts.json`, `summary.md` and the charts of a run into its folder. Each file
/// is written atomically.
///
/// The claims are those in the run's folder, which were put there before the run. So a page that is generated again
/// is the same, whatever claims were written later. `contend check` checks today's claims against any run.
///
/// # Errors
/// Where a file cannot be written, or the folder of claims cannot be read.
pub fn write(folder: &Path, journal: &RunData) -> Result<Written, ReportError> {
    let analysis = analyse_run(journal);
    let mut model = model_of(journal, &analysis);
    let files = ClaimFile::read_all(&folder.join(claim::FOLDER), Path::new(claim::FOLDER))?;
    let (mut claims, mut unread) = (Vec::new(), Vec::new());
    for file in files {
        match file {
            Ok(file) => claims.push(file),
            Err(error) => unread.push(error),
        }
    }
    model.quality.add_unread_claims(&unread);
    model.claims = claims.iter().flat_map(|file| claim::evaluate(file, &journal.run, &analysis)).collect();
    model.against = compare_builds(journal, &analysis);
    let families = Families::of(&journal.run);
    let of_workload = |workload: &report_model::Workload| {
        let variants = workload.variants.iter();
        variants.map(|variant| chart_data::of_variant(&model, variant, &families)).collect::<Vec<_>>()
    };
    let figures: Vec<_> = model.workloads.iter().map(of_workload).collect();

    let charts = folder.join("charts");
    files::create_folder(&charts)?;
    for figures in figures.iter().flatten() {
        let main = &figures.forest;
        let file = |name: String| charts.join(name + ".svg");
        files::write_atomic(&file(format!("{}-light", main.id)), &main.standalone(Theme::Light))?;
        files::write_atomic(&file(format!("{}-dark", main.id)), &main.standalone(Theme::Dark))?;
        for drawing in std::iter::once(main).chain(&figures.scaling).chain(&figures.distribution) {
            files::write_atomic(&file(drawing.id.clone()), &drawing.standalone(Theme::Reader))?;
        }
    }
    files::write_atomic(&folder.join("verdicts.json"), &json::verdicts(&model)?)?;
    files::write_atomic(&folder.join("summary.md"), &markdown::summary(&model))?;
    let page = folder.join("index.html");
    files::write_atomic(&page, &page::render(&model, &figures, &families)?)?;
    let ReportModel { quality, against, .. } = model;
    Ok(Written { analysis, against, page, quality, unread_claims: unread })
}

fn model_of<'a>(journal: &'a RunData, analysis: &'a Analysis) -> ReportModel<'a> {
    let mut model = ReportModel::new(&journal.run, &journal.records, journal.cut_off, analysis);
    model.quality.add_problems(&journal.problems);
    model
}
