//! What a run and a fork have seen so far, and what follows for the next window: whether it counts, is lost or fails.

use std::collections::{HashMap, HashSet};

use super::protocol::Measurement;
use super::validity::{MeasuredWindow, PlannedLength, RetryBudget, WindowPosition};
use crate::machine::MachineWatch;
use crate::record::CellId;

/// How often in a run a cell's fork may be killed from outside before the cell fails.
const MOST_KILLS: u32 = 3;

/// How often the clock may go backwards in a fork. Its block then has no more rounds in this fork.
const MOST_CLOCK_FAULTS: u32 = 3;

/// How much a process must have grown in the windows of a cell for it to be blamed in a window of another one.
const MUCH_GROWTH: i64 = 32 << 20;

/// What a phase of a run has seen so far.
pub(super) struct RunState<'a> {
    /// The cells that failed, which are left out.
    pub failed: &'a mut HashSet<CellId>,
    /// The time that repeated rounds may still take.
    pub retries: RetryBudget,
    /// What the machine does during a round.
    pub watch: MachineWatch,
    /// The operations of each worker in the last window of fixed work of each cell that has such windows.
    pub fixed_work: HashMap<CellId, u64>,
    /// How often the fork of each cell was killed from outside during its windows.
    kills: HashMap<CellId, u32>,
}

/// What a fork has seen so far.
#[derive(Default)]
pub(super) struct ForkState {
    /// The cell during whose window the fork was killed in this round.
    killed: Option<CellId>,
    /// How often the clock went backwards.
    clock_faults: u32,
    /// Cells whose last window had no operation.
    without_operations: HashSet<CellId>,
    /// The longest window of each cell.
    longest_ns: HashMap<CellId, u64>,
    /// The memory of the present fork process after its last window.
    resident_bytes: u64,
    /// By how much the present fork process has grown in the windows of each cell, in bytes.
    grown: HashMap<CellId, i64>,
    /// The first cell that has left a thread or a process in the present fork process.
    left_something: Option<CellId>,
    /// The cell whose window comes first in the next round, since its process ended beside such a leftover.
    pub first: Option<CellId>,
    /// Whether a process has ended in that way before.
    doubted: bool,
}

/// Whose fault it is that a process ended.
pub(super) enum Blame {
    /// That of the cell whose window it was.
    Own,
    /// Not known yet: this cell left something in the process before.
    Doubt(CellId),
    /// That of this cell, which left something in the process before.
    Other(CellId),
}

/// How a round ended.
pub(super) enum RoundEnd {
    /// All cells were measured, or the first disturbance ended it.
    Measured,
    /// The cell failed.
    Failed(CellId),
    /// The fork was killed from outside, or it is not known yet which cell ended it.
    Lost(&'static str),
    /// The clock went backwards.
    ClockWentBack,
}

/// Where and how a window was measured.
pub(super) struct WindowContext {
    /// Its cell.
    pub cell: CellId,
    /// Its place in the plan.
    pub position: WindowPosition,
    /// The contender of the window before it in the round.
    pub after: Option<String>,
    /// Its planned length.
    pub window_ns: u64,
    /// The CPUs of the machine.
    pub cpus: usize,
}

impl<'a> RunState<'a> {
    /// The state of a phase on a machine with `cpus` CPUs.
    pub(super) fn new(failed: &'a mut HashSet<CellId>, cpus: usize) -> Self {
        Self {
            failed,
            watch: MachineWatch::new(cpus),
            retries: RetryBudget::default(),
            fixed_work: HashMap::new(),
            kills: HashMap::new(),
        }
    }

    /// How often the fork of `cell` was killed, this time included, if it was too often to go on.
    pub(super) fn killed_too_often(&mut self, fork: &mut ForkState, cell: &CellId) -> Option<u32> {
        let kills = self.kills.entry(cell.clone()).or_insert(0);
        *kills += 1;
        let twice = fork.killed.replace(cell.clone()).as_ref() == Some(cell);
        (twice || *kills > MOST_KILLS).then_some(*kills)
    }
}

impl ForkState {
    /// The clock went backwards. Whether that was too often to go on with the fork.
    pub(super) fn clock_went_back(&mut self) -> bool {
        self.clock_faults += 1;
        self.clock_faults >= MOST_CLOCK_FAULTS
    }

    /// A round has ended whole.
    pub(super) fn round_finished(&mut self) {
        self.killed = None;
        self.first = None;
    }

    /// Another process measures from now on.
    pub(super) fn process_begins(&mut self, resident_bytes: u64) {
        self.left_something = None;
        self.grown.clear();
        self.resident_bytes = resident_bytes;
    }

    /// Notes the memory of the process after a window of `cell`.
    pub(super) fn note_memory(&mut self, cell: &CellId, resident_bytes: u64) {
        *self.grown.entry(cell.clone()).or_insert(0) += resident_bytes as i64 - self.resident_bytes as i64;
        self.resident_bytes = resident_bytes;
    }

    /// The cell that let the process grow most, and by how much, unless it is `cell` or did not do so much.
    pub(super) fn grew_more(&self, cell: &CellId) -> Option<(CellId, i64)> {
        let (most, grown) = self.grown.iter().max_by_key(|(_, grown)| **grown)?;
        (most != cell && *grown > MUCH_GROWTH).then(|| (most.clone(), *grown))
    }

    /// Whose fault it is that the process ended in a window of `cell`. What another cell left may have ended it. If so,
    /// the window will not end when it is measured before anything is left.
    pub(super) fn blame(&mut self, cell: &CellId) -> Blame {
        match self.left_something.clone() {
            Some(other) if other != *cell && self.doubted => Blame::Other(other),
            Some(other) if other != *cell => {
                self.doubted = true;
                self.first = Some(cell.clone());
                Blame::Doubt(other)
            }
            _ => Blame::Own,
        }
    }

    /// The window of `measurement`, or why its values are a fault of the contender.
    pub(super) fn window(
        &mut self,
        of: WindowContext,
        measurement: Measurement,
    ) -> Result<MeasuredWindow, String> {
        if let Some(fault) = measurement.fault() {
            return Err(fault);
        }
        let WindowContext { cell, position, after, window_ns, cpus } = of;
        if measurement.leftovers {
            self.left_something.get_or_insert_with(|| cell.clone());
        }
        if measurement.total() != Some(0) {
            self.without_operations.remove(&cell);
        } else if !self.without_operations.insert(cell.clone()) {
            return Err("it reports 0 operations, twice in a row".to_owned());
        }
        let length = PlannedLength { window_ns, longest_ns: self.longest_ns.get(&cell).copied() };
        let window = MeasuredWindow::new(cell.clone(), position, after, measurement, length, cpus);
        if window.disturbance.is_none() {
            let longest = self.longest_ns.entry(cell).or_insert(0);
            *longest = window.record.window_ns.max(*longest);
        }
        Ok(window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_fails_by_two_kills_in_a_round_or_four_in_a_run() {
        let (a, b): (CellId, CellId) =
            ("counter/hot/a/2".parse().expect("an id"), "counter/hot/b/2".parse().expect("an id"));
        let mut failed = HashSet::new();
        let mut run = RunState::new(&mut failed, 2);
        let mut fork = ForkState::default();
        assert_eq!(run.killed_too_often(&mut fork, &a), None);
        assert_eq!(run.killed_too_often(&mut fork, &b), None, "another cell");
        fork.round_finished();
        assert_eq!(run.killed_too_often(&mut fork, &a), None, "another round");
        assert_eq!(run.killed_too_often(&mut fork, &a), Some(3));
        assert_eq!(run.killed_too_often(&mut ForkState::default(), &a), Some(4));
    }

    #[test]
    fn the_cell_that_let_its_process_grow_is_to_blame_for_its_memory() {
        let cell = |name: &str| format!("counter/hot/{name}/2").parse::<CellId>().expect("an id");
        let (a, b) = (cell("a"), cell("b"));
        let mut fork = ForkState::default();
        fork.process_begins(100 << 20);
        for more in [20, 40, 60, 80] {
            fork.note_memory(&a, (100 + more) << 20);
            fork.note_memory(&b, (99 + more) << 20);
        }
        assert_eq!(fork.grew_more(&b), Some((a.clone(), 83 << 20)));
        assert_eq!(fork.grew_more(&a), None, "it is its own memory");
        fork.process_begins(0);
        fork.note_memory(&a, 20 << 20);
        assert_eq!(fork.grew_more(&b), None, "that is not much");
    }

    #[test]
    fn a_cell_that_left_something_is_to_blame_for_the_second_end_of_another() {
        let cell = |name: &str| format!("counter/hot/{name}/2").parse::<CellId>().expect("an id");
        let (a, b) = (cell("a"), cell("b"));
        let mut fork = ForkState::default();
        assert!(matches!(fork.blame(&b), Blame::Own), "nothing was left");
        fork.left_something = Some(a.clone());
        assert!(matches!(fork.blame(&a), Blame::Own), "it may have ended it itself");
        assert!(matches!(fork.blame(&b), Blame::Doubt(other) if other == a));
        assert_eq!(fork.first.as_ref(), Some(&b));
        fork.process_begins(0);
        assert!(matches!(fork.blame(&b), Blame::Own), "it ends alone");
        fork.left_something = Some(a.clone());
        assert!(matches!(fork.blame(&b), Blame::Other(other) if other == a));
    }
}
