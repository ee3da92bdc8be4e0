//! Distribution-free statistics of a few values: intervals, two modes, trends, stalls. Knows numbers only: no records,
//! no names, no contenders.
//!
//! Values are logarithms where ratios matter, so that a factor is the same distance in both directions.

mod best;
mod error_rates;
mod far_forks;
mod forks_needed;
mod hodges_lehmann;
mod modes;
mod order_statistic;
mod stalls;
mod trend;

pub use best::{Distance, PairBounds, distances};
pub use error_rates::{FAMILY_ERROR, PAIR_ERROR, pair_error};
pub use far_forks::{FarForks, far_forks};
pub use forks_needed::{forks_for_error, forks_needed, forks_needed_at};
pub use hodges_lehmann::{HodgesLehmann, hodges_lehmann};
pub use modes::{Mode, Modes, modes};
pub use order_statistic::{OrderStatistic, Sorted};
pub use stalls::{Stalls, TimedWindow, stalls};
pub use trend::{trend_over, trend_within};
