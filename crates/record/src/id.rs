//! The names of cells, blocks and variants, and their one spelling with slashes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What ends a contender's name when it is the control: the same code, compiled a second time.
pub const CONTROL: &str = "~control";

/// The contender that does nothing: what the driver itself costs. Drawn, never ranked.
pub const FLOOR: &str = "floor";

/// One cell: a contender doing a workload's variant with a number of worker threads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CellId {
    /// What is done: `map`.
    pub workload: String,
    /// Under which parameters: `read90`.
    pub variant: String,
    /// By which strategy: `std::sync::Mutex`.
    pub contender: String,
    /// By how many workers.
    pub threads: usize,
}

/// One block: the cells that differ in their contender alone, the unit of comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BlockId {
    /// What is done: `map`.
    pub workload: String,
    /// Under which parameters: `read90`.
    pub variant: String,
    /// By how many workers.
    pub threads: usize,
}

/// One variant: the blocks that differ in their thread count alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct VariantId {
    /// What is done: `map`.
    pub workload: String,
    /// Under which parameters: `read90`.
    pub variant: String,
}

/// An id that does not have the parts it needs.
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

    /// Whether this is the driver's own cost, which is drawn and never ranked.
    pub fn is_floor(&self) -> bool {
        self.contender == FLOOR
    }

    /// Whether it competes: it is neither a control nor the floor.
    pub fn is_contender(&self) -> bool {
        self.control_of().is_none() && !self.is_floor()
    }

    /// The contender that this cell is a second copy of, where it is a block's control.
    pub fn control_of(&self) -> Option<&str> {
        self.contender.strip_suffix(CONTROL)
    }
}

impl BlockId {
    /// The cell of this block that `contender` fills.
    pub fn cell(&self, contender: &str) -> CellId {
        CellId {
            workload: self.workload.clone(),
            variant: self.variant.clone(),
            contender: contender.to_owned(),
            threads: self.threads,
        }
    }

    /// The variant that this block is one thread count of.
    pub fn of_variant(&self) -> VariantId {
        VariantId { workload: self.workload.clone(), variant: self.variant.clone() }
    }
}

/// Whether `name` may stand in an id: 1 to 60 of `A-Z a-z 0-9 _ : . + ~ -`.
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
        .filter(|parts| parts.iter().all(|part| !part.is_empty()))
        .and_then(build)
        .ok_or_else(|| IdError { found: id.to_owned(), wanted })
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
    fn ids_read_back_as_they_were_written() {
        for id in ["counter/hot/std::sync::atomic+fetch_add/128", "fan-out/1us/serial/1"] {
            let cell: CellId = id.parse().unwrap();
            assert_eq!(cell.to_string(), id);
            assert_eq!(cell.block().cell(&cell.contender), cell);
        }
    }

    #[test]
    fn what_is_not_an_id_is_refused_by_name() {
        for id in ["", "a/b/c", "a/b/c/x", "a/b/c/1/2", "a//c/1", "a/b/c/-1"] {
            let error = id.parse::<CellId>().unwrap_err();
            assert!(error.to_string().contains("workload/variant/contender/threads"));
        }
    }

    #[test]
    fn a_contender_name_is_what_the_contract_says() {
        assert!(is_contender_name("std::sync::atomic+fetch_add"));
        assert!(is_contender_name("dashmap::DashMap~control"));
        assert!(!is_contender_name("") && !is_contender_name("a/b") && !is_contender_name("a b"));
        assert!(!is_contender_name(&"x".repeat(61)));
    }
}
