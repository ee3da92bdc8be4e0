//! The weaker proof of a pair that is not resolved: one of the two is at most the threshold slower.

use super::Side;
use super::threshold::Threshold;

/// The one that the interval of an unresolved pair proves to be at most the threshold slower, unless the typical window
/// says the opposite. All are logarithms of a over b.
pub(super) fn not_slower((low, high): (f64, f64), windows: f64, threshold: Threshold) -> Option<Side> {
    let within = |high: f64, windows: f64| !threshold.is_slower(high) && !threshold.is_slower(windows);
    if within(high, windows) {
        return Some(Side::A);
    }
    within(-low, -windows).then_some(Side::B)
}
