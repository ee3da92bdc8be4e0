//! A run's files, and whether they are valid.

use std::fs;
use std::path::Path;

use contend_schema::schema_file;
use jsonschema::Validator;
use serde_json::Value;

/// The validator of `run`, `record` or `verdicts`.
pub fn validator(name: &str) -> Validator {
    let text = fs::read_to_string(schema_file(name)).expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft202012::new(&schema).expect("a schema of JSON Schema 2020-12")
}

/// Asserts that each file in the folder of a run is valid, and returns how many there are.
pub fn assert_valid(folder: &Path) -> usize {
    let mut seen = 0;
    for (name, files) in [
        ("run", &["run.json"][..]),
        ("record", &["samples.jsonl", "window-check.jsonl", "against.jsonl"]),
        ("verdicts", &["verdicts.json"]),
    ] {
        let validator = validator(name);
        for path in files.iter().map(|file| folder.join(file)).filter(|path| path.exists()) {
            seen += 1;
            let text = fs::read_to_string(&path).expect("a file");
            let values: Vec<&str> = match name {
                "record" => text.lines().collect(),
                _ => vec![&text],
            };
            for (line, value) in values.into_iter().enumerate() {
                let value: Value = serde_json::from_str(value).expect("JSON");
                if let Some(error) = validator.iter_errors(&value).next() {
                    panic!("{}:{}: {}: {error}", path.display(), line + 1, error.instance_path);
                }
            }
        }
    }
    seen
}
