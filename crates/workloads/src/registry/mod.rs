//! The table that a run works through: variants, and the contenders of each, as plain data and
//! function pointers. Filled by the packages in [`contenders`](crate::contenders), or by a user's own
//! bench target.

mod contender;
mod info;
mod lengths;
mod name;
mod suite;
mod variant;
mod work;

pub use contender::{Contender, MeasureFn, RegisteredContender, Strategy};
pub(crate) use contender::{MeasureClosure, strategy};
pub use info::{Checked, Info};
pub(crate) use name::assert_name;
pub use suite::{Description, Suite};
pub use variant::{BlockSettings, Prepared, StandardSubset, ThreadCounts, Tier, Variant};
