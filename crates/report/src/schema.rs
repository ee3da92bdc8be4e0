//! JSON Schema (2020-12) of a run's files, from the types that write them.

use contend_record::{Record, Run};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::json::VerdictsFile;

/// The schemas by the name of what they describe: `run`, `record`, `verdicts`.
pub fn schemas() -> [(&'static str, Value); 3] {
    let mut record = of::<Record>();
    add_parts_of_the_id(&mut record);
    let [mut run, mut verdicts] = [of::<Run>(), of::<VerdictsFile>()];
    add_seal(&mut run);
    add_seal(&mut verdicts);
    let mut schemas = [("run", run.into()), ("record", record.into()), ("verdicts", verdicts.into())];
    schemas.iter_mut().for_each(|(_, schema)| plain_descriptions(schema));
    schemas
}

/// The schema of a type. A field is required if it is always written, and no reader does without it. So the files of
/// older versions are valid too.
fn of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12();
    let written = settings.clone().for_serialize().into_generator().into_root_schema_for::<T>();
    let mut read: Value = settings.for_deserialize().into_generator().into_root_schema_for::<T>().into();
    require_what_is_written(&mut read, &written.into());
    Schema::try_from(read).unwrap_or_default()
}

/// Removes from `read` the required fields that are not required in `written`.
fn require_what_is_written(read: &mut Value, written: &Value) {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            if let Some(Value::Array(required)) = read.get_mut("required") {
                let always = written.get("required").and_then(Value::as_array);
                required.retain(|name| always.is_some_and(|always| always.contains(name)));
            }
            for (name, value) in read.iter_mut() {
                require_what_is_written(value, written.get(name).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(read), Value::Array(written)) => {
            read.iter_mut().zip(written).for_each(|(read, written)| require_what_is_written(read, written));
        }
        _ => {}
    }
}

/// The fields that a line of the records has beside those of its type. Older records lack them.
fn add_parts_of_the_id(record: &mut Schema) {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let fields = json!({
        "workload": text("The workload of its cell."),
        "variant": text("The variant of its cell."),
        "contender": text("The contender of its cell."),
        "threads": { "type": "integer", "minimum": 1, "description": "The workers of its cell." },
        "seal": {
            "type": "object",
            "description": "In the last record of a round: the number of its lines, and the CRC-32 of their bytes.",
            "properties": {
                "windows": { "type": "integer", "minimum": 1, "description": "The number of lines." },
                "crc32": { "type": "integer", "minimum": 0, "description": "The CRC-32 of their bytes before it." },
            },
            "required": ["windows", "crc32"],
        },
    });
    add(record, fields);
}

/// The last field of a file that is one object. Older files lack it.
fn add_seal(file: &mut Schema) {
    let description = "The CRC-32 of all bytes before the comma and the line end that precede this field.";
    let crc32 = json!({ "type": "integer", "minimum": 0, "description": description });
    let description = "Shows a change of the file after it was written.";
    let seal = json!({
        "type": "object",
        "description": description,
        "properties": { "crc32": crc32 },
        "required": ["crc32"],
    });
    add(file, json!({ "seal": seal }));
}

fn add(to: &mut Schema, fields: Value) {
    if let (Some(Value::Object(properties)), Value::Object(fields)) = (to.get_mut("properties"), fields) {
        properties.extend(fields);
    }
}

/// Makes descriptions plain text: doc comments have line ends and links.
fn plain_descriptions(schema: &mut Value) {
    match schema {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match value {
            Value::String(text) if name == "description" => *text = without_links(&text.replace('\n', " ")),
            value => plain_descriptions(value),
        }),
        Value::Array(values) => values.iter_mut().for_each(plain_descriptions),
        _ => {}
    }
}

/// Rustdoc's links as their names: ``[`Run`](crate::Run)`` is `` `Run` ``.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("[`").and_then(|(before, after)| Some((before, after.split_once("`]")?)))
    {
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        out.extend([before, "`", name, "`"]);
        rest = target.map_or(after, |(_, after)| after);
    }
    out + rest
}
