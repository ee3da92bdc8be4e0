//! The cells that a claim names.

use std::fmt;

use contend_record::{BlockId, Run, VariantId, is_contender_name};

/// A contender in a variant, at any thread count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRef {
    /// The workload and its variant.
    pub variant: VariantId,
    /// The contender.
    pub contender: String,
}

impl CellRef {
    /// Parses `CONTENDER`, in the part's own variant, or `workload/variant/CONTENDER`.
    ///
    /// # Errors
    /// A message with the problem and the expected form.
    pub(super) fn parse(name: &str, variant: Option<&VariantId>) -> Result<Self, String> {
        let (variant, contender) = match name.rsplit_once('/') {
            Some((path, contender)) => {
                let own = path.parse::<VariantId>();
                let own = own.map_err(|_| {
                    format!("`{name}` is not a cell of the form `workload/variant/contender`")
                })?;
                (own, contender)
            }
            None => {
                let variant = variant
                    .cloned()
                    .ok_or_else(|| format!("`{name}` names no variant; add `in = \"workload/variant\"`"))?;
                (variant, name)
            }
        };
        if !is_contender_name(contender) {
            return Err(format!(
                "`{contender}` cannot be a contender's name: 1 to 60 of A-Z a-z 0-9 _ : . + ~ -"
            ));
        }
        Ok(Self { variant, contender: contender.to_owned() })
    }

    /// Its block at this thread count.
    pub(super) fn block(&self, threads: usize) -> BlockId {
        BlockId { workload: self.variant.workload.clone(), variant: self.variant.variant.clone(), threads }
    }

    /// The thread counts at which a run has blocks of the variant.
    pub(super) fn threads_in(&self, run: &Run) -> Vec<usize> {
        let blocks = run.plan.blocks.iter().map(|plan| &plan.block);
        let here = blocks.filter(|block| block.of_variant() == self.variant);
        let mut threads: Vec<usize> = here.map(|block| block.threads).collect();
        threads.sort_unstable();
        threads.dedup();
        threads
    }

    /// The error message where the run has its variant but does not know its contender.
    pub(super) fn unknown_to(&self, run: &Run) -> Option<String> {
        let name = &self.contender;
        if self.threads_in(run).is_empty() {
            return None;
        }
        let planned = || run.plan.blocks.iter().flat_map(|plan| &plan.cells);
        let known = planned().any(|cell| cell.contender == *name)
            || run.contenders.iter().any(|info| info.name == *name)
            || run.absent.iter().any(|absent| absent.contender == *name);
        if known {
            return None;
        }
        let here = run
            .plan
            .blocks
            .iter()
            .filter(|plan| plan.block.of_variant() == self.variant)
            .flat_map(|plan| &plan.cells);
        let nearest =
            here.map(|cell| cell.contender.as_str()).min_by_key(|other| strsim::levenshtein(name, other));
        let nearest = nearest.map(|near| format!("; did you mean `{near}`?"));
        Some(format!(
            "run {} has block {} but knows no contender `{name}`{}",
            run.run,
            self.variant,
            nearest.unwrap_or_default()
        ))
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.variant, self.contender)
    }
}

#[cfg(test)]
mod tests {
    use contend_fixture::{block_of, run_of};
    use contend_record::{Absent, Class};

    use super::*;

    #[test]
    fn a_contender_is_known_if_it_is_planned_anywhere_registered_or_absent() {
        let block = |id: &str, of: &[&str]| block_of(id.parse().unwrap(), of, |_| Class::Immediate);
        let mut run = run_of(vec![block("counter/hot/2", &["mutex"]), block("map/write/2", &["dashmap"])]);
        let unknown = |run: &Run, name: &str| CellRef::parse(name, None).unwrap().unknown_to(run);
        assert_eq!(unknown(&run, "counter/hot/mutex"), None);
        assert_eq!(unknown(&run, "counter/hot/dashmap"), None, "it is planned elsewhere");
        assert_eq!(unknown(&run, "queue/none/other"), None, "the variant is not in this run");
        let said = unknown(&run, "counter/hot/mutes").unwrap();
        assert!(said.ends_with("knows no contender `mutes`; did you mean `mutex`?"), "{said}");
        run.absent.push(Absent {
            block: "counter/hot".to_owned(),
            contender: "rwlock".to_owned(),
            reason: "the same as a mutex here".to_owned(),
        });
        assert_eq!(unknown(&run, "counter/hot/rwlock"), None, "it is absent with a reason");
        assert!(unknown(&run, "counter/hot/mutes").is_some());
        let infos = r#"[{"name": "own", "family": "f", "package": "p", "version": "1", "notes": ""}]"#;
        run.contenders = serde_json::from_str(infos).unwrap();
        assert_eq!(unknown(&run, "counter/hot/own"), None, "it is registered");
        assert!(unknown(&run, "counter/hot/mutes").is_some());
    }
}
