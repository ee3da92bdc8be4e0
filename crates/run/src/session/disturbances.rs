//! What the machine did during a round, put into its records. A suspend, theft and a stop by a quota make the round
//! void if it may be repeated. Other programs and the frequency are noted only: they last longer than a second try.

use super::validity::{Disturbance, MeasuredWindow, WindowPosition};
use crate::machine::RoundConditions;
use crate::record::{CellId, DisturbanceKind, Disturbed};
use contend_analysis::text::number;

/// Notes `conditions` in the records of their round.
pub(super) fn note(windows: &mut [MeasuredWindow], conditions: &RoundConditions) {
    for MeasuredWindow { record, .. } in windows.iter_mut() {
        record.frequency_mhz = conditions.frequency_mhz;
        // A window that counted its own theft knows better than its round.
        let known: Vec<DisturbanceKind> = record.disturbed.iter().map(|of| of.kind).collect();
        let counted = record.steal_ms.is_some();
        let new = conditions.disturbed.iter().filter(|of| match of.kind {
            DisturbanceKind::Steal => !counted,
            kind => !known.contains(&kind),
        });
        record.disturbed.extend(new.copied());
    }
    let counted = windows.iter().all(|window| window.record.steal_ms.is_some());
    let reason = conditions.disturbed.iter().find_map(|of| match of.kind {
        DisturbanceKind::Steal if counted => None,
        _ => reason(of),
    });
    if let (Some(reason), Some(last)) = (reason, windows.last_mut()) {
        last.disturbance.get_or_insert(Disturbance::Host(reason));
    }
}

/// Why a round with this disturbance is repeated, if it is.
fn reason(Disturbed { kind, share }: &Disturbed) -> Option<String> {
    let share = number::percent(*share);
    match kind {
        DisturbanceKind::Suspend => Some(format!("the machine was suspended for {share} of its round")),
        DisturbanceKind::Steal => Some(format!("{share} of the CPU time of its round were stolen")),
        DisturbanceKind::Throttling => Some("a CPU quota stopped its process".to_owned()),
        DisturbanceKind::ClockBackwards => Some(CLOCK_WENT_BACK.to_owned()),
        DisturbanceKind::Load | DisturbanceKind::Frequency => None,
    }
}

/// A window without a time, because the clock went backwards. No contender is to blame.
pub(super) fn clock_went_back(
    cell: CellId,
    position: WindowPosition,
    after: Option<String>,
) -> MeasuredWindow {
    let mut window = MeasuredWindow::lost(cell, position, after, CLOCK_WENT_BACK);
    window.record.disturbed.push(Disturbed { kind: DisturbanceKind::ClockBackwards, share: 1.0 });
    window
}

/// The reason of a window during which the clock was no clock.
pub(super) const CLOCK_WENT_BACK: &str = "the machine's clock went backwards";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;

    fn window(steal_ms: Option<u64>) -> MeasuredWindow {
        let position = WindowPosition { fork: 1, round: 1, position: 0 };
        let cell = "counter/hot/a/2".parse().expect("an id");
        let mut window = MeasuredWindow::lost(cell, position, None, "");
        (window.record.status, window.record.steal_ms) = (Status::Ok, steal_ms);
        window
    }

    fn conditions(kind: DisturbanceKind) -> RoundConditions {
        RoundConditions { disturbed: vec![Disturbed { kind, share: 0.25 }], frequency_mhz: Some(2_400) }
    }

    #[test]
    fn a_round_is_repeated_after_what_passes_and_not_for_what_lasts() {
        use DisturbanceKind::{Load, Steal, Suspend, Throttling};
        for (kind, repeated) in [(Suspend, true), (Throttling, true), (Load, false), (Steal, true)] {
            let mut windows = [window(None), window(None)];
            note(&mut windows, &conditions(kind));
            let reason = windows.iter().find_map(|window| window.disturbance.clone());
            assert_eq!(reason.is_some(), repeated, "{kind:?}");
            for window in windows {
                assert_eq!(window.record.disturbed, [Disturbed { kind, share: 0.25 }]);
                assert_eq!(window.record.frequency_mhz, Some(2_400));
            }
        }
    }

    #[test]
    fn windows_that_counted_theft_are_not_disturbed_by_that_of_their_round() {
        let mut windows = [window(Some(0))];
        note(&mut windows, &conditions(DisturbanceKind::Steal));
        assert!(windows[0].disturbance.is_none() && windows[0].record.disturbed.is_empty());
    }
}
