//! `contend schema run|record|verdicts`: the JSON Schema of a run's files.

use super::args::{SchemaArgs, SchemaOf};
use super::exit::Exit;
use super::output::print;

/// The schema, as a test made it from the types.
fn text(of: SchemaOf) -> &'static str {
    match of {
        SchemaOf::Run => include_str!("../../schema/run.json"),
        SchemaOf::Record => include_str!("../../schema/record.json"),
        SchemaOf::Verdicts => include_str!("../../schema/verdicts.json"),
    }
}

/// Prints a schema.
pub(super) fn schema(args: &SchemaArgs) -> Exit {
    print(text(args.of));
    Exit::Success
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::Value;

    use super::*;
    use crate::report::schema::schemas;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")
    }

    #[test]
    fn the_schemas_are_those_of_the_types() {
        for (name, schema) in schemas() {
            let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
            let path = folder().join(format!("{name}.json"));
            if std::env::var_os("UPDATE_DOCS").is_some() {
                fs::write(&path, &text).expect("it can be written");
            }
            let found = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                found == text,
                "{name}.json is not the types' schema: UPDATE_DOCS=1 cargo test writes it anew"
            );
        }
    }

    fn validator(of: SchemaOf) -> jsonschema::Validator {
        let schema: Value = serde_json::from_str(text(of)).expect("JSON");
        jsonschema::draft202012::new(&schema).expect("a schema")
    }

    /// The first error of a file's text, by line where each line is a value.
    fn error(validator: &jsonschema::Validator, file: &str, by_line: bool) -> Option<String> {
        let values: Vec<&str> = if by_line { file.lines().collect() } else { vec![file] };
        values.into_iter().find_map(|line| {
            let value: Value = serde_json::from_str(line).expect("JSON");
            validator.iter_errors(&value).next().map(|error| format!("{}: {error}", error.instance_path))
        })
    }

    /// The reference run is old: its files lack later fields.
    #[test]
    fn the_files_of_a_run_are_valid_and_wrong_ones_are_not() {
        let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/reference");
        if !run.is_dir() {
            return; // a package without it
        }
        let read = |file: &str| fs::read_to_string(run.join(file)).expect("a file");
        for (of, file) in [
            (SchemaOf::Run, "run.json"),
            (SchemaOf::Record, "samples.jsonl"),
            (SchemaOf::Record, "window-check.jsonl"),
            (SchemaOf::Verdicts, "verdicts.json"),
        ] {
            let found = error(&validator(of), &read(file), file.ends_with("jsonl"));
            assert_eq!(found, None, "{file}");
        }
        let run = read("run.json");
        for (from, to) in [("\"cores\": 2", "\"cores\": \"2\""), ("\"preset\"", "\"presets\"")] {
            let wrong = run.replacen(from, to, 1);
            assert!(wrong != run && error(&validator(SchemaOf::Run), &wrong, false).is_some(), "{to}");
        }
        let samples = read("samples.jsonl");
        let line = samples.lines().next().expect("a record");
        for (from, to) in [("\"fork\":1", "\"fork\":-1"), ("\"shape\"", "\"form\""), ("\"ok\"", "\"fine\"")] {
            let wrong = line.replacen(from, to, 1);
            assert!(wrong != line && error(&validator(SchemaOf::Record), &wrong, true).is_some(), "{to}");
        }
    }
}
