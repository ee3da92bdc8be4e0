//! What is known of a machine, from the `verdicts.json` of its run. A hundred of these files have 300 MB. So the lists
//! that nobody needs are not parsed, and the others line by line: a line is parsed into a [`Value`] by code of
//! serde_json, which is optimized in every build of this project, as code that is made for a type of ours is not.

use std::path::Path;

use contend_analysis::merge::{Bound, MachineResult, Pair, build_words};
use contend_record::{ObjectSeal, Run, read_regular_text};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The largest `verdicts.json` that is read, in bytes.
const VERDICTS_LIMIT: u64 = 1 << 30;

/// The result of a machine, from the `verdicts.json` in its folder. None where that is missing, was changed after it
/// was written, or lacks fields because an older version wrote it: then it is made again first.
pub fn machine_result(label: &str, run: &Run, folder: &Path) -> Option<MachineResult> {
    let text = read_regular_text(&folder.join("verdicts.json"), VERDICTS_LIMIT).ok()?;
    if ObjectSeal::of(&text) == ObjectSeal::Broken {
        return None;
    }
    let mut facts = run.environment.facts.iter();
    let cpu = facts.find(|fact| fact.key == "cpu_model").map_or("unknown", |fact| &fact.value);
    let mut result = MachineResult {
        label: label.to_owned(),
        cpu: cpu.to_owned(),
        cores: run.plan.cores,
        build: build_words(run),
        day: run.started.get(..10).unwrap_or(&run.started).to_owned(),
        missing: None,
        pairs: Vec::new(),
        choices: Vec::new(),
        bounds: Vec::new(),
        claims: Vec::new(),
    };
    let mut needed = ["verdicts", "choices", "decisions", "claims"].to_vec();
    let mut list = "";
    for line in text.lines() {
        if let Some(name) = opened(line) {
            list = name;
            needed.retain(|other| *other != name);
            continue;
        }
        match (list, item(line)) {
            (_, None) => list = "",
            ("verdicts", Some(item)) => result.pairs.extend(pair(&item.parse().ok()?)?),
            ("choices", Some(item)) => result.choices.push(serde_json::from_str(item).ok()?),
            ("decisions", Some(item)) => result.bounds.push(bound(&item.parse().ok()?)?),
            ("claims", Some(item)) => result.claims.push(claim(&item.parse().ok()?)?),
            _ => {}
        }
    }
    needed.is_empty().then_some(result)
}

/// The name of the list that a line opens, if it does.
fn opened(line: &str) -> Option<&str> {
    line.strip_prefix('"')?.strip_suffix("\": [")
}

/// The item of a list that a line is, if it is one.
fn item(line: &str) -> Option<&str> {
    let item = line.strip_suffix(',').unwrap_or(line);
    (item.starts_with('{') && item.ends_with('}')).then_some(item)
}

/// The comparison of a line of `verdicts`, and none inside where it is one with a control.
fn pair(line: &Value) -> Option<Option<Pair>> {
    let [block, a, b] = ["block", "a", "b"].map(|name| line.get(name).and_then(Value::as_str));
    let is_control = line.get("control")?.as_bool()?;
    let pair = Pair::new(block?, a?, b?, typed(line, "verdict")?);
    Some((!is_control).then_some(pair))
}

/// The bound of a line of `decisions`.
fn bound(line: &Value) -> Option<Bound> {
    Some(Bound {
        block: line.get("block")?.as_str()?.parse().ok()?,
        class: typed(line, "class")?,
        contender: line.get("contender")?.as_str()?.to_owned(),
        at_most: typed(line, "at_most")?,
    })
}

/// The claim of a line of `claims`, and what the run says of it.
fn claim<T: DeserializeOwned>(line: &Value) -> Option<(String, T)> {
    Some((line.get("claim")?.as_str()?.to_owned(), typed(line, "outcome")?))
}

fn typed<T: DeserializeOwned>(line: &Value, name: &str) -> Option<T> {
    T::deserialize(line.get(name)?).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use contend_fixture::mutants::Random;
    use contend_fixture::{record, run};
    use contend_record::RunData;

    use super::*;

    /// Writes the report of a run of three contenders and a control, and returns the run.
    fn written(folder: &Path) -> RunData {
        let names = ["a", "b", "c", "a~control"];
        let time = |name: &str| 100.0 + 50.0 * f64::from(name.as_bytes()[0] - b'a');
        let records = (1..=12).flat_map(|fork| names.map(|name| record(name, fork, 1, time(name)))).collect();
        let run = run(&names);
        let data = RunData {
            run,
            records,
            long: Vec::new(),
            against: Vec::new(),
            cut_off: false,
            problems: Vec::new(),
        };
        let claims = folder.join(contend_analysis::claim::FOLDER);
        fs::create_dir(&claims).expect("a folder");
        let says = "[[claim.says]]\nin = \"counter/hot\"\nfaster = \"a\"\nthan = \"b\"\n";
        let claim = format!("[[claim]]\nclaim = \"a is fast\"\nsource = \"test\"\n{says}");
        fs::write(claims.join("one.toml"), claim).expect("written");
        crate::write(folder, &data).expect("a report");
        data
    }

    #[test]
    fn what_is_read_is_what_was_found() {
        let place = tempfile::tempdir().expect("a folder");
        let data = written(place.path());
        let block = contend_analysis::verdict::analyse_run(&data).blocks.remove(0);
        let read = machine_result("x", &data.run, place.path()).expect("a result");
        assert_eq!(read.pairs, block.verdicts.iter().filter_map(Pair::of).collect::<Vec<_>>());
        assert_eq!(read.choices, block.choices);
        assert_eq!(read.bounds, block.decisions.iter().map(Bound::from).collect::<Vec<_>>());
        assert_eq!((read.pairs.len(), read.bounds.len(), read.claims.len()), (3, 3, 1));
        let path = place.path().join("verdicts.json");
        let text = fs::read_to_string(&path).expect("a file");
        for list in ["verdicts", "choices", "decisions", "claims"] {
            let without = text.replace(&format!("\"{list}\": ["), "\"other\": [");
            fs::write(&path, contend_record::seal_object(&without)).expect("written");
            assert_eq!(machine_result("x", &data.run, place.path()), None, "an older version has no {list}");
        }
    }

    #[test]
    fn a_flipped_bit_yields_the_same_or_nothing() {
        let place = tempfile::tempdir().expect("a folder");
        let data = written(place.path());
        let path = place.path().join("verdicts.json");
        let text = fs::read(&path).expect("a file");
        let read = || machine_result("x", &data.run, place.path());
        let whole = read();
        let mut random = Random::default();
        let mut none = 0;
        for flip in 0..250 {
            // Some of them in the end, which says whether the rest is whole.
            let at = if flip % 5 == 0 { text.len() - 1 - random.below(40) } else { random.below(text.len()) };
            let mut flipped = text.clone();
            flipped[at] ^= 1 << random.below(8);
            fs::write(&path, &flipped).expect("written");
            let found = read();
            assert!(found.is_none() || found == whole, "byte {at}: {found:?}");
            none += usize::from(found.is_none());
        }
        assert!(none > 200, "{none}");
    }
}
