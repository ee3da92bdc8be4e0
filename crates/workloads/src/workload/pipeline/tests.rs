use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;
use crate::workload::broken;
use crate::workload::queue::{Endpoints, Queue};

fn fault(change: impl FnOnce(&mut Vec<Item>)) -> String {
    let (_, mut items) = OneLoop.run::<0>(&mut Team::new(1), 10, 0).unwrap();
    assert_eq!(check(items.clone(), 10, true), Ok(()));
    change(&mut items);
    check(items, 10, true).unwrap_err()
}

#[test]
fn items_that_leave_wrong_are_reported() {
    let lost = fault(|items| _ = items.remove(3));
    assert_eq!(lost, "9 items left the last stage, where 10 entered the first");
    let overtaken = fault(|items| items.swap(3, 4));
    assert!(overtaken.starts_with("item 4 left where 3 was next"), "{overtaken}");
    let skipped = fault(|items| items[5] = Item::new(5).pass(0, 0).pass(2, 0));
    assert_eq!(skipped, "item 5 did not pass all stages, each once and in order");
    let swapped = fault(|items| items[5] = Item::new(5).pass(1, 0).pass(0, 0).pass(2, 0));
    assert_eq!(swapped, "item 5 did not pass all stages, each once and in order");
}

/// A queue that loses an item on its way through the team.
struct Loses;

impl Queue<Item> for Loses {
    type Sender = Sender<Item>;
    type Receiver = Receiver<Item>;

    fn endpoints(_: Option<usize>, _: usize, _: usize) -> Endpoints<Self, Item> {
        let (sender, receiver) = channel();
        (vec![sender], vec![receiver])
    }

    fn send(sender: &mut Self::Sender, item: Item) {
        if item.number != 7 {
            sender.send(item).unwrap();
        }
    }

    fn receive(receiver: &mut Self::Receiver) -> Option<Item> {
        receiver.recv().ok()
    }
}

#[test]
fn a_queue_that_loses_an_item_is_reported() {
    let mut pipeline = ThreadPerStage::<Loses>::start(STAGES);
    let (_, items) = pipeline.run::<0>(&mut Team::new(STAGES), 20, 0).unwrap();
    let fault = check(items, 20, true).unwrap_err();
    assert_eq!(fault, "19 items left the last stage, where 20 entered the first");
}

/// Has one worker of three do everything.
#[derive(Default)]
struct OneDoesAll(u64);

impl Closed for OneDoesAll {
    fn start(_: usize) -> Self {
        Self::default()
    }
}

impl Pipeline for OneDoesAll {
    fn run<const COPY: usize>(
        &mut self,
        team: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Vec<Item>), WindowError> {
        self.0 = count;
        OneLoop.run::<COPY>(team, count, iterations)
    }

    fn by_worker(&self) -> Vec<u64> {
        vec![0, self.0, 0]
    }
}

#[test]
fn workers_that_do_nothing_are_counted() {
    let params = Params { iterations: 0 };
    let sample = broken::sample(|window| measure::<OneDoesAll, 0>(&params, window));
    assert_eq!(broken::idle(&sample.timing.operations), 2, "{sample:?}");
    assert_eq!(sample.timing.total() % sample.timing.chunk, 0, "{sample:?}");
}
