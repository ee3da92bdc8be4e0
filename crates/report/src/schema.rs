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
    [("run", of::<Run>().into()), ("record", record.into()), ("verdicts", of::<VerdictsFile>().into())]
}

/// The schema of a type as it is read, so that files without later fields are valid.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>()
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
            "properties": { "windows": { "type": "integer" }, "crc32": { "type": "integer" } },
            "required": ["windows", "crc32"],
        },
    });
    if let (Some(Value::Object(properties)), Value::Object(fields)) = (record.get_mut("properties"), fields) {
        properties.extend(fields);
    }
}
