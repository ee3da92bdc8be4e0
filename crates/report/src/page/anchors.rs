//! The ids of the page's sections.

use contend_record::VariantId;

use crate::chart::slug;

/// The section of a workload.
pub fn workload(name: &str) -> String {
    format!("in-{}", slug(name))
}

/// The section with a variant's charts and numbers.
pub fn variant(variant: &VariantId) -> String {
    format!("of-{}-{}", slug(&variant.workload), slug(&variant.variant))
}
