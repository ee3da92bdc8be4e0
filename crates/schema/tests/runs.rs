//! The committed runs are valid, and what differs from them in a type or lacks a field is not.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{assert_valid, validator};
use contend_schema::root;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A committed run in a folder of its own, with the files that are made from its records.
fn whole(run: &Path) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("run");
    fs::create_dir(&folder).expect("a folder");
    for file in fs::read_dir(run).expect("a run").flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(file.path(), folder.join(file.file_name())).expect("a copy");
    }
    let data = contend_record::read(&folder).expect("records");
    contend_report::write(&folder, &data).expect("a report");
    (place, folder)
}

#[test]
fn the_files_of_every_committed_run_are_valid() {
    let fixtures = fs::read_dir(root().join("tests/fixtures")).expect("the committed runs").flatten();
    let mut runs: Vec<PathBuf> = fixtures.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    runs.push(root().join("reports/reference"));
    assert!(runs.len() >= 5, "{runs:?}");
    for run in runs {
        let (_place, folder) = whole(&run);
        assert!(assert_valid(&folder) >= 3, "{}", run.display());
    }
    assert!(assert_valid(&root().join("reports/reference")) >= 3, "as it is committed");
}

/// Every place in a value, of lists the first element alone.
fn places(value: &Value, at: &str, to: &mut Vec<String>) {
    to.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            places(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), to);
        }),
        Value::Array(values) => values.iter().take(1).for_each(|value| places(value, &format!("{at}/0"), to)),
        _ => {}
    }
}

/// What no place of a value may hold instead.
fn of_another_type(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(17.5),
        Value::Number(_) => json!("seventeen"),
        Value::Bool(_) => json!("true"),
        Value::Null => json!({ "a": true }),
        Value::Object(_) => json!([true]),
        Value::Array(_) => json!({ "0": true }),
    }
}

/// A run's files by schema. Of the records, and of each list of objects, the first alone.
fn examples() -> Vec<(&'static str, Value)> {
    let json = |file: &str| fs::read_to_string(root().join("reports/reference").join(file)).expect("a file");
    let record = json("samples.jsonl").lines().next().expect("a record").to_owned();
    let texts = [("run", json("run.json")), ("record", record), ("verdicts", json("verdicts.json"))];
    let value = |(name, text): (&'static str, String)| {
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        if name == "verdicts" {
            value["against"] = cells_of_two_builds();
        }
        shorten(&mut value);
        (name, value)
    };
    texts.map(value).to_vec()
}

/// Cells of two builds. The committed runs have one build, so these are of two runs.
fn cells_of_two_builds() -> Value {
    let run = |name: &str| contend_record::read(&root().join("tests/fixtures").join(name)).expect("a run");
    let compared =
        contend_analysis::compare::compare(&run("before"), &run("after"), false).expect("comparable");
    let cells = compared
        .blocks
        .iter()
        .flat_map(|block| &block.cells)
        .filter(|cell| cell.shift.is_some() && cell.notes.is_empty());
    serde_json::to_value(cells.collect::<Vec<_>>()).expect("plain data")
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(values) => {
            let objects = values.iter().all(Value::is_object);
            values.truncate(if objects { 1 } else { usize::MAX });
            values.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

#[test]
fn a_wrong_type_is_not_valid_wherever_it_stands() {
    for (name, whole) in examples() {
        let validator = validator(name);
        let errors: Vec<String> =
            validator.iter_errors(&whole).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        let mut all = Vec::new();
        places(&whole, "", &mut all);
        assert!(all.len() > 20, "{name}: {all:?}");
        let holds_anything = |place: &&String| {
            let mut wrong = whole.clone();
            let at = wrong.pointer_mut(place).expect("it is there");
            *at = of_another_type(at);
            validator.is_valid(&wrong)
        };
        let found: Vec<&String> = all.iter().filter(holds_anything).collect();
        assert!(found.is_empty(), "{name} may have another type at {found:#?}");
    }
}

#[test]
fn a_missing_required_field_and_an_unknown_word_are_not_valid() {
    for (name, whole) in examples() {
        let validator = validator(name);
        let schema = fs::read_to_string(contend_schema::schema_file(name)).expect("a schema");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        let required: Vec<&str> =
            schema["required"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        for (field, _) in whole.as_object().expect("an object") {
            let mut less = whole.clone();
            less.as_object_mut().expect("an object").remove(field);
            let is_required = required.contains(&field.as_str());
            assert_eq!(validator.is_valid(&less), !is_required, "{name} without {field}");
        }
    }
    for (name, place, word) in [
        ("record", "/status", "fine"),
        ("record", "/shape", "Open"),
        ("run", "/status", "done"),
        ("run", "/plan/blocks/0/cells/0/class", "fixed_keys"),
        ("verdicts", "/verdicts/0/verdict", "quicker"),
        ("verdicts", "/standings/0/class", "fixed_keys"),
    ] {
        let (_, mut value) = examples().into_iter().find(|(of, _)| *of == name).expect("an example");
        *value.pointer_mut(place).unwrap_or_else(|| panic!("{name} has no {place}")) = word.into();
        assert!(!validator(name).is_valid(&value), "{name}{place} may be {word}");
    }
    for (field, wrong) in [("fork", json!(-1)), ("operations", json!([1.5])), ("window_ns", json!(-3))] {
        let (_, mut record) = examples().remove(1);
        record[field] = wrong;
        assert!(!validator("record").is_valid(&record), "{field}");
    }
}
