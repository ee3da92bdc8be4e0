//! `--baseline-contender NAME`: the contender whose cost the report states.

use super::exit::Exit;
use crate::record::Plan;
use contend_analysis::versus::known;

/// Sets the baseline of a plan, if one is named.
///
/// # Errors
/// If the plan has no such contender. The sentence names the nearest.
pub(super) fn set_baseline(plan: &mut Plan, name: Option<&str>) -> Result<(), Exit> {
    if let Some(name) = name {
        known(plan, name).map_err(Exit::usage)?;
        plan.baseline_contender = Some(name.to_owned());
    }
    Ok(())
}
