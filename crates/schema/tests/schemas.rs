//! The committed schemas are those of the types.

use std::fs;

use contend_report::schema::schemas;
use contend_schema::{NAMES, schema_file};
use serde_json::Value;

#[test]
fn the_schemas_are_those_of_the_types() {
    let schemas = schemas();
    assert_eq!(schemas.each_ref().map(|(name, _)| *name), NAMES);
    for (name, schema) in schemas {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        let path = schema_file(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &text).expect("it can be written");
        }
        let found = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
        assert!(
            found == text,
            "{name}.json is not the types' schema; try `UPDATE_DOCS=1 cargo test -p contend-schema`"
        );
    }
}

/// Every description of a schema, with its place.
fn descriptions(schema: &Value, place: &str, to: &mut Vec<(String, String)>) {
    match schema {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
            Value::String(text) if name == "description" => to.push((place.to_owned(), text.clone())),
            value => descriptions(value, &format!("{place}/{name}"), to),
        }),
        Value::Array(values) => values.iter().for_each(|value| descriptions(value, place, to)),
        _ => {}
    }
}

#[test]
fn descriptions_are_sentences_and_not_markup_of_rustdoc() {
    for (name, schema) in schemas() {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        let mut all = Vec::new();
        descriptions(&schema, "", &mut all);
        assert!(all.len() > 20, "{name}");
        for (place, text) in &all {
            assert!(!text.contains("[`") && !text.contains('\n'), "{name}{place}: {text}");
        }
        let of = |place: &str| all.iter().any(|(other, _)| other == place);
        assert!(name == "verdicts" || of("/properties/cell") || of("/properties/seed"), "{name}");
    }
}

/// Every field without a description, with its place.
fn undescribed(schema: &Value, place: &str, to: &mut Vec<String>) {
    let Value::Object(fields) = schema else { return };
    for (name, value) in fields {
        let place = format!("{place}/{name}");
        if let ("properties", Value::Object(properties)) = (name.as_str(), value) {
            let bare = properties.iter().filter(|(_, field)| !field["description"].is_string());
            to.extend(bare.map(|(field, _)| format!("{place}/{field}")));
        }
        undescribed(value, &place, to);
    }
}

#[test]
fn every_field_has_a_description() {
    for (name, schema) in schemas() {
        let mut found = Vec::new();
        undescribed(&schema, name, &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn contracts_of_single_fields() {
    let [(_, run), (_, record), (_, verdicts)] = schemas();
    assert_eq!(run["properties"]["seed"]["type"], "string");
    let classes = run["$defs"]["Class"].to_string();
    assert!(classes.contains("\"fixed-keys\"") && classes.contains("\"immediate\""), "{classes}");
    let required = |of: &Value, names: &[&str]| {
        let all = of["required"].as_array().expect("a list");
        names.iter().for_each(|name| assert!(all.iter().any(|one| one == name), "{name}"));
        let none = ["workload", "variant", "contender", "threads", "reason", "ns_per_op", "shard", "host"];
        let known = of["properties"].as_object().expect("fields");
        none.iter().filter(|name| known.contains_key(**name)).for_each(|name| {
            assert!(all.iter().all(|one| one != name), "{name}");
        });
    };
    required(&run, &["schema", "run", "seed", "plan", "environment", "contenders", "absent"]);
    required(&record, &["cell", "fork", "round", "operations", "window_ns", "skew_ns", "valid", "status"]);
    let verdict = &verdicts["properties"]["verdicts"]["items"]["$ref"];
    let name = verdict.as_str().and_then(|path| path.rsplit('/').next()).expect("a definition");
    let fields = ["block", "a", "b", "ratio", "low", "high", "verdict", "control", "forks"];
    required(&verdicts["$defs"][name], &fields);
    for part in ["workload", "variant", "contender", "threads"] {
        assert!(record["properties"][part]["description"].is_string(), "{part}");
    }
}
