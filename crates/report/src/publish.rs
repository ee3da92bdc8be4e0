//! `reports/index.html`: the newest run's page, with links to the other runs.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use contend_analysis::text::Escaped;

use super::page::{OTHER_RUNS, OWN_FILE};
use super::rich_text::url;
use super::{ReportError, files};

/// The most other runs that are linked.
const MOST: usize = 50;

/// Makes `reports/index.html` from the page of `run`, a folder in `reports`.
///
/// # Errors
/// Where the page cannot be read or written.
pub fn publish(reports: &Path, run: impl AsRef<OsStr>) -> Result<(), ReportError> {
    let run = run.as_ref();
    let page = files::read(&reports.join(run).join("index.html"))?;
    let own = format!("{OWN_FILE}{}/", url(run.as_encoded_bytes()));
    let page = page.replace(OWN_FILE, &own).replacen(OTHER_RUNS, &links(&others(reports, run)), 1);
    files::write_atomic(&reports.join("index.html"), &page)
}

/// The other runs that have a page, the newest first. Their names sort by time.
fn others(reports: &Path, run: &OsStr) -> Vec<String> {
    let Ok(entries) = fs::read_dir(reports) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| **name != *run && reports.join(name).join("index.html").is_file())
        .collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names
}

fn links(others: &[String]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let mut out = String::from("<nav class=\"runs\" aria-label=\"Other runs\">Other runs: ");
    for (index, name) in others.iter().take(MOST).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let link = format!("<a href=\"{}/index.html\">{}</a>", url(name), Escaped(name));
        out.push_str(&link);
    }
    if others.len() > MOST {
        out.push_str(&format!(" and {} more", others.len() - MOST));
    }
    out + "</nav>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_page_links_its_files_and_the_other_runs() {
        let reports = tempfile::tempdir().unwrap();
        let place = |name: &str| reports.path().join(name);
        for run in ["2026-01-01", "2026-02-01", "<b>"] {
            fs::create_dir(place(run)).unwrap();
            let page = format!("{OTHER_RUNS}<a {OWN_FILE}run.json\">x</a>");
            fs::write(place(run).join("index.html"), page).unwrap();
        }
        fs::create_dir(place("empty")).unwrap();
        publish(reports.path(), "2026-02-01").unwrap();
        let index = fs::read_to_string(place("index.html")).unwrap();
        assert!(index.contains("href=\"./2026-02-01/run.json\""));
        assert!(index.contains("<a href=\"2026-01-01/index.html\">2026-01-01</a>"));
        assert!(index.contains("<a href=\"%3Cb%3E/index.html\">&lt;b&gt;</a>"));
        assert!(!index.contains("empty"));
        assert!(publish(reports.path(), "none").is_err());
    }
}
