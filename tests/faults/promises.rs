//! The table of faults in `docs/promises.md`: made from the tests, so that it says what they check.

use std::fmt::Write;

use super::{Fault, is};

/// Where the table stands in the document.
const MARKS: (&str, &str) = ("<!-- faults:begin -->\n", "<!-- faults:end -->\n");

/// Compares the table in the document with `faults`, or writes it with `UPDATE_DOCS=1`.
pub fn check_table(faults: &[(&str, Fault)]) -> Result<(), String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/promises.md");
    let page = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let split = |mark: &'static str, text: &str| {
        let at = text.find(mark).map(|at| at + mark.len());
        at.ok_or_else(|| format!("docs/promises.md has no `{}`", mark.trim()))
    };
    let begin = split(MARKS.0, &page)?;
    let end = split(MARKS.1, &page)? - MARKS.1.len();
    let made = format!("{}{}{}", &page[..begin], table(faults), &page[end..]);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return std::fs::write(path, made).map_err(|error| error.to_string());
    }
    // On other systems there are fewer tests.
    is(made == page || !cfg!(target_os = "linux"), || {
        "docs/promises.md is out of date; run `UPDATE_DOCS=1 cargo test --test faults the_table`".to_owned()
    })
}

fn table(faults: &[(&str, Fault)]) -> String {
    let mut table =
        "| the contender | in | its cell fails with | in at most |\n| --- | --- | --- | --- |\n".to_owned();
    for (name, Fault { cell, does, says, deadline, .. }) in faults {
        let does = match does.is_empty() {
            true => name.replace('_', " ").replace(" fails the cell", "").replace(" fail the cell", ""),
            false => (*does).to_owned(),
        };
        let block = cell.rsplit_once('/').map_or(*cell, |(of, _)| of);
        let block = block.rsplit_once('/').map_or(block, |(of, _)| of);
        let says = says.trim();
        let says = says.replace('|', "` or `");
        let _ = writeln!(table, "| {does} | {block} | `{says}` | {deadline} |");
    }
    table
}
