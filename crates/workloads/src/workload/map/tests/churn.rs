use super::*;
use crate::model::{Actor, Locked};

fn churn() -> Churn {
    Churn::new(&setting(3), 1_000)
}

#[test]
fn entries_that_come_and_go_are_left_as_they_were_inserted_last() {
    assert_eq!(verdict::<_, Locked<Mutex<Sessions>>>(churn()), Ok(()));
    assert_eq!(verdict::<_, Actor<Bounded, Sessions>>(churn()), Ok(()));
}

#[test]
fn a_section_has_as_many_entries_at_any_time_and_new_values_in_each_round() {
    let churn = churn();
    let entries = |operations| churn.entries(1, operations).collect::<Vec<_>>();
    let sizes = [0, 1, 2, 3, 4, 5].map(|operations| entries(operations).len());
    assert_eq!(sizes, [500, 501, 501, 500, 500, 501]);
    let round: std::collections::BTreeMap<_, _> = entries(4_000).into_iter().collect();
    assert_eq!(round.len(), 500, "all keys are distinct");
    assert!(entries(0).iter().all(|(key, value)| *value == 1 && round[key] == 2));
}

/// What a broken map does with the `n`th change.
trait Flaw: Send + 'static {
    fn change(map: &mut Sessions, change: Change, n: u32);
}

struct Flawed<F> {
    map: Arc<Mutex<Sessions>>,
    changes: u32,
    flaw: std::marker::PhantomData<F>,
}

impl<F: Flaw> Shared<Sessions> for Flawed<F> {
    fn new_handles(model: Sessions, workers: usize) -> Vec<Self> {
        let map = Arc::new(Mutex::new(model));
        handles(workers, |_| Self { map: map.clone(), changes: 0, flaw: std::marker::PhantomData })
    }

    fn write(&mut self, change: Change) {
        self.changes += 1;
        F::change(&mut self.map.lock().unwrap(), change, self.changes);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.map.lock().unwrap().read(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].map.lock().unwrap().digest()
    }
}

macro_rules! flaws {
    ($($name:ident: |$map:ident, $change:ident, $n:ident| $body:expr;)*) => {$(
        struct $name;

        impl Flaw for $name {
            fn change($map: &mut Sessions, $change: Change, $n: u32) {
                $body
            }
        }
    )*};
}

flaws! {
    LeavesOne: |map, change, n| if change.value().is_some() || n != 2 { map.write(change) };
    LosesOne: |map, change, n| if n != 1 { map.write(change) };
    LosesTheLast: |map, change, n| if change.value().is_none() || n < 2_000 { map.write(change) };
    KeepsOldValues: |map, change, _n| match change.value() {
        // A removal that only marks its entry, and an insert that finds the mark and keeps the value.
        Some(_) => map.write(Change { value: 1, ..change }),
        None => map.write(change),
    };
    RemovesAnother: |map, change, n| match change.value() {
        None if n == 1_000 => map.write(Change { key: change.key ^ 1, ..change }),
        _ => map.write(change),
    };
}

#[test]
fn entries_that_are_lost_left_behind_or_stale_are_found() {
    let (lost, left) = ("not there with their value", "still there after");
    for (found, wanted) in [
        (verdict::<_, Flawed<LeavesOne>>(churn()), left),
        (verdict::<_, Flawed<LosesOne>>(churn()), lost),
        (verdict::<_, Flawed<LosesTheLast>>(churn()), "lost, or left behind"),
        (verdict::<_, Flawed<KeepsOldValues>>(churn()), lost),
        (verdict::<_, Flawed<RemovesAnother>>(churn()), left),
    ] {
        let found = found.unwrap_err();
        assert!(found.contains(wanted), "{found}");
    }
}
