//! `contend schema run|record|verdicts`: the JSON Schema of a run's files.

use super::args::{SchemaArgs, SchemaOf};
use super::exit::Exit;
use super::output::print;

/// The schema, as a test of `crates/schema` made it from the types.
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
