//! What people see of a run: the page, its charts, the Markdown for a review, the lines in the
//! terminal, and `verdicts.json`. Made from records alone, byte for byte the same each time: no clock,
//! no randomness and no machine is asked in here.
//!
//! `outline` sorts a run for reading, `trust` says how far to believe it, `story` puts verdicts into
//! sentences of `words`, `figure` chooses what `chart` draws; `page`, `markdown`, `terminal` and
//! `json` show it. Numbers are written by `number` alone.

pub mod chart;
mod figure;
mod files;
mod json;
mod look;
mod markdown;
mod outline;
mod page;
mod publish;
mod story;
mod terminal;
mod trust;
mod words;

use std::io;
use std::path::{Path, PathBuf};

use contend_analysis::claim::{self, ClaimError, ClaimFile};
use contend_analysis::verdict::{Analysis, analyse_run};
use contend_record::RunData;

use chart::Theme;
use outline::Outline;

pub use contend_analysis::text::forks;
pub use markdown::cite;
pub use publish::publish;
pub use terminal::terminal;
pub use trust::{Level, Trust};

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// What the records came to.
    pub analysis: Analysis,
    /// The page.
    pub page: PathBuf,
    /// How far to trust it.
    pub trust: Trust,
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
    let mut outline = outline_of(journal, &analysis);
    let claims = ClaimFile::read_all(&folder.join(claim::FOLDER), Path::new(claim::FOLDER))?;
    outline.claims = claims
        .iter()
        .flat_map(|file| claim::evaluate(file, &journal.run, &analysis))
        .collect();
    let figures: Vec<_> = outline
        .workloads
        .iter()
        .map(|workload| figure::of_workload(&outline, workload))
        .collect();

    let charts = folder.join("charts");
    files::folder(&charts)?;
    for figures in figures.iter().flatten() {
        let main = &figures.throughput;
        let file = |name: String| charts.join(name + ".svg");
        files::whole(&file(main.id.clone()), &main.standalone(Theme::Reader))?;
        files::whole(
            &file(format!("{}-light", main.id)),
            &main.standalone(Theme::Light),
        )?;
        files::whole(
            &file(format!("{}-dark", main.id)),
            &main.standalone(Theme::Dark),
        )?;
        for drawing in figures.ranking.iter().chain(&figures.distribution) {
            files::whole(
                &file(drawing.id.clone()),
                &drawing.standalone(Theme::Reader),
            )?;
        }
    }
    files::whole(&folder.join("verdicts.json"), &json::verdicts(&outline)?)?;
    files::whole(&folder.join("summary.md"), &markdown::summary(&outline))?;
    let page = folder.join("index.html");
    files::whole(&page, &page::render(&outline, &figures)?)?;
    let trust = outline.trust;
    Ok(Written {
        analysis,
        page,
        trust,
    })
}

fn outline_of<'a>(journal: &'a RunData, analysis: &'a Analysis) -> Outline<'a> {
    Outline::new(&journal.run, &journal.records, journal.cut_off, analysis)
}
