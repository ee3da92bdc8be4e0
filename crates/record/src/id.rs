//! The ids of cells, blocks and variants, and their spelling with slashes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::printable::{TEXT_LIMIT, is_printable, printable};

/// The suffix of a control's name: the same contender, compiled a second time.
pub const CONTROL: &str = "~control";

/// The contender that does nothing, which measures the driver's own cost. Charts show it; it is not ranked.
pub const FLOOR: &str = "floor";

/// One cell: a contender in a workload's variant, with a number of worker threads.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CellId {
    /// The workload: `map`.
    pub workload: String,
    /// The variant, a name for the workload's parameters: `read90`.
    pub variant: String,
    /// The contender, a strategy: `std::sync::Mutex`.
    pub contender: String,
    /// The number of worker threads.
    pub threads: usize,
}

/// One block: the cells that differ only in their contender. Cells are compared within a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BlockId {
    /// The workload: `map`.
    pub workload: String,
    /// The variant, a name for the workload's parameters: `read90`.
    pub variant: String,
    /// The number of worker threads.
    pub threads: usize,
}

/// One variant: the blocks that differ only in their thread count.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct VariantId {
    /// The workload: `map`.
    pub workload: String,
    /// The variant, a name for the workload's parameters: `read90`.
    pub variant: String,
}

/// The error of an id that does not have the parts it needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not an id of the form `{wanted}`")]
pub struct IdError {
    found: String,
    wanted: &'static str,
}

impl CellId {
    /// The block that this cell is compared in.
    pub fn block(&self) -> BlockId {
        BlockId { workload: self.workload.clone(), variant: self.variant.clone(), threads: self.threads }
    }

    /// Whether this is the floor, the driver's own cost.
    pub fn is_floor(&self) -> bool {
        self.contender == FLOOR
    }

    /// Whether this is a contender that is ranked: neither a control nor the floor.
    pub fn is_contender(&self) -> bool {
        self.control_of().is_none() && !self.is_floor()
    }

    /// The contender that this cell is a second copy of, if it is a control.
    pub fn control_of(&self) -> Option<&str> {
        self.contender.strip_suffix(CONTROL)
    }
}

impl BlockId {
    /// The cell of `contender` in this block.
    pub fn cell(&self, contender: &str) -> CellId {
        CellId {
            workload: self.workload.clone(),
            variant: self.variant.clone(),
            contender: contender.to_owned(),
            threads: self.threads,
        }
    }

    /// The variant of this block.
    pub fn of_variant(&self) -> VariantId {
        VariantId { workload: self.workload.clone(), variant: self.variant.clone() }
    }
}

/// Whether `name` is a valid contender's name: 1 to 60 of `A-Z a-z 0-9 _ : . + ~ -`.
pub fn is_contender_name(name: &str) -> bool {
    (1..=60).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_:.+~-".contains(&b))
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workload, variant, contender, threads } = self;
        write!(f, "{workload}/{variant}/{contender}/{threads}")
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.workload, self.variant, self.threads)
    }
}

impl fmt::Display for VariantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.workload, self.variant)
    }
}

impl FromStr for CellId {
    type Err = IdError;

    fn from_str(id: &str) -> Result<Self, IdError> {
        parts(id, "workload/variant/contender/threads", |[w, v, c, t]| {
            Some(Self {
                workload: w.to_owned(),
                variant: v.to_owned(),
                contender: c.to_owned(),
                threads: t.parse().ok()?,
            })
        })
    }
}

impl FromStr for BlockId {
    type Err = IdError;

    fn from_str(id: &str) -> Result<Self, IdError> {
        parts(id, "workload/variant/threads", |[w, v, t]| {
            Some(Self { workload: w.to_owned(), variant: v.to_owned(), threads: t.parse().ok()? })
        })
    }
}

impl FromStr for VariantId {
    type Err = IdError;

    fn from_str(id: &str) -> Result<Self, IdError> {
        parts(id, "workload/variant", |[w, v]| Some(Self { workload: w.to_owned(), variant: v.to_owned() }))
    }
}

fn parts<const N: usize, T>(
    id: &str,
    wanted: &'static str,
    build: impl FnOnce([&str; N]) -> Option<T>,
) -> Result<T, IdError> {
    let parts: Vec<&str> = id.split('/').collect();
    <[&str; N]>::try_from(parts)
        .ok()
        .filter(|parts| parts.iter().all(|part| !part.is_empty() && part.chars().all(is_printable)))
        .and_then(build)
        .ok_or_else(|| IdError { found: printable(id, TEXT_LIMIT), wanted })
}

macro_rules! as_string {
    ($($id:ident),*) => {$(
        impl From<$id> for String {
            fn from(id: $id) -> String {
                id.to_string()
            }
        }
        impl TryFrom<String> for $id {
            type Error = IdError;
            fn try_from(id: String) -> Result<Self, IdError> {
                id.parse()
            }
        }
    )*};
}
as_string!(CellId, BlockId, VariantId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_a_hidden_character_is_none_and_its_error_shows_it() {
        for (id, shown) in [("map/r\u{202e}ead", "map/r\\u{202e}ead"), ("map/\u{1b}[2J", "map/\\u{1b}[2J")] {
            let error = id.parse::<VariantId>().unwrap_err().to_string();
            assert_eq!(error, format!("`{shown}` is not an id of the form `workload/variant`"));
            assert!(format!("{id}/2").parse::<BlockId>().is_err());
            assert!(format!("{id}/a/2").parse::<CellId>().is_err());
        }
    }

    #[test]
    fn ids_read_back_as_they_were_written() {
        for id in ["counter/hot/std::sync::atomic+fetch_add/128", "fan-out/1us/serial/1"] {
            let cell: CellId = id.parse().unwrap();
            assert_eq!(cell.to_string(), id);
            assert_eq!(cell.block().cell(&cell.contender), cell);
        }
    }

    #[test]
    fn invalid_ids_are_rejected_with_the_expected_form() {
        for id in ["", "a/b/c", "a/b/c/x", "a/b/c/1/2", "a//c/1", "a/b/c/-1"] {
            let error = id.parse::<CellId>().unwrap_err();
            assert!(error.to_string().contains("workload/variant/contender/threads"));
        }
    }

    #[test]
    fn contender_names_follow_the_contract() {
        assert!(is_contender_name("std::sync::atomic+fetch_add"));
        assert!(is_contender_name("dashmap::DashMap~control"));
        assert!(!is_contender_name("") && !is_contender_name("a/b") && !is_contender_name("a b"));
        assert!(!is_contender_name(&"x".repeat(61)));
    }
}
