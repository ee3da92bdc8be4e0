//! Criterion's saved baselines: which cells each of them has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::args::CRITERION_FOLDERS;
use crate::cli::exit::Exit;
use crate::record::{CONTROL, Plan, read_regular};

/// The file of a baseline that names its cell.
#[derive(serde::Deserialize)]
struct Benchmark {
    full_id: String,
}

/// The cells of each baseline below `home`. Criterion's folders are group, function, parameter, baseline. The id is
/// read from a file, since folders' names are cut and have other characters.
pub(super) fn saved(home: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut folders = vec![home.to_owned()];
    for _ in 0..4 {
        folders = folders.iter().flat_map(|folder| below(folder)).collect();
    }
    let mut saved: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in folders {
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let text = read_regular(&folder.join("benchmark.json"), 1 << 20).ok();
        let benchmark = text.and_then(|text| serde_json::from_slice::<Benchmark>(&text).ok());
        if let Some(benchmark) = benchmark.filter(|_| !CRITERION_FOLDERS.contains(&name)) {
            saved.entry(name.to_owned()).or_default().insert(benchmark.full_id);
        }
    }
    saved
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| path.is_dir()).collect()
}

/// The cells of `plan` that criterion gets: all except controls, which change from run to run.
pub(super) fn cells_of(plan: &Plan) -> Vec<String> {
    let blocks = plan.blocks.iter();
    let cells = blocks.flat_map(|block| {
        let cells = block.cells.iter().filter(|cell| !cell.contender.ends_with(CONTROL));
        cells.map(|cell| block.block.cell(&cell.contender))
    });
    cells.map(|cell| cell.to_string()).collect()
}

/// The cells of `plan` that are not in the baseline `name`.
///
/// # Errors
/// If none is, except the floors. The error names the baselines that there are.
pub(super) fn missing(home: &Path, name: &str, plan: &Plan) -> Result<Vec<String>, Exit> {
    let saved = saved(home);
    let has = |cell: &String| saved.get(name).is_some_and(|cells| cells.contains(cell));
    let (known, missing): (Vec<String>, Vec<String>) = cells_of(plan).into_iter().partition(has);
    let is_floor = |cell: &String| cell.parse().is_ok_and(|cell: crate::record::CellId| cell.is_floor());
    if known.iter().any(|cell| !is_floor(cell)) {
        return Ok(missing);
    }
    let home = home.display();
    let others: Vec<_> =
        saved.keys().filter(|other| *other != name).map(|name| format!("`{name}`")).collect();
    Err(Exit::Usage(match (saved.contains_key(name), others.is_empty()) {
        (true, _) => format!(
            "the baseline `{name}` below {home} has none of the selected cells; try the filters that it was saved with"
        ),
        (false, true) => {
            format!(
                "there is no baseline `{name}`, and no other below {home}; try `--save-baseline {name}` first"
            )
        }
        (false, false) => format!("there is no baseline `{name}` below {home}; try {}", others.join(", ")),
    }))
}
