//! What a map that failed its check does wrong, found by calls from one thread. It runs after a failure alone, so that
//! the failure can say what would be right.

use std::panic::{AssertUnwindSafe, catch_unwind};

use contend_team::message;

use super::{ConcurrentMap, Hashing};

/// Entries of the trial, many times the capacity that is asked for.
const ENTRIES: u32 = 1_000;

/// A sentence on what to change in a map whose window failed its check.
pub fn map_advice<M: ConcurrentMap, H: Hashing>(hasher: &H) -> String {
    let on_one_thread = catch_unwind(AssertUnwindSafe(|| trial::<M, H>(hasher)));
    match on_one_thread {
        Ok(Ok(())) => {
            "on one thread each of its calls is right, so threads undo each other's changes: look up, change \
                       and store under one lock, or in one compare-exchange"
                .to_owned()
        }
        Ok(Err(fault)) => format!("on one thread already, {fault}"),
        Err(panic) => format!("on one thread already, it panics: {}", message(&*panic)),
    }
}

/// Calls each operation and looks at what it did. The names are those of [`OwnMap`](super::OwnMap).
fn trial<M: ConcurrentMap, H: Hashing>(hasher: &H) -> Result<(), String> {
    let map = M::new::<u32, u64, H>(2, hasher.clone());
    let get = |key: u32| M::read(&map, &key, |value| *value);
    let expect = |call: &str, key: u32, wanted: Option<u64>| match (get(key), wanted) {
        (found, wanted) if found == wanted => Ok(()),
        (None, Some(wanted)) => Err(format!("`get` finds nothing after {call}, and should find {wanted}")),
        (Some(found), None) => Err(format!("`get` finds {found} after {call}, and should find nothing")),
        (found, wanted) => {
            let number = |of: Option<u64>| of.unwrap_or_default();
            Err(format!("`get` finds {} after {call}, and should find {}", number(found), number(wanted)))
        }
    };
    expect("nothing was inserted", 1, None)?;
    M::insert(&map, 1, 5);
    expect("`insert` of the value 5", 1, Some(5))?;
    expect("`insert` of another key", 2, None)?;
    M::insert(&map, 1, 7);
    expect("a second `insert` of the key, with 7", 1, Some(7))?;
    if !M::modify(&map, &1, |value| *value += 1) {
        return Err(
            "`update` returns false for a key that is there: return true and call `change`".to_owned()
        );
    }
    expect("`update` of 7 by 1", 1, Some(8))?;
    if M::modify(&map, &2, |value| *value += 1) {
        return Err(
            "`update` returns true for a key that is not there: return false and insert nothing".to_owned()
        );
    }
    expect("`update` of an absent key", 2, None)?;
    M::upsert(&map, 1, || 0, |value| *value += 1);
    expect("`upsert` of 8 by 1", 1, Some(9))?;
    M::upsert(&map, 3, || 0, |value| *value += 1);
    expect("`upsert` of an absent key with the default 0, by 1", 3, Some(1))?;
    for key in 10..10 + ENTRIES {
        M::insert(&map, key, u64::from(key));
    }
    for key in 10..10 + ENTRIES {
        expect(&format!("{ENTRIES} keys were inserted, beyond the capacity of 2"), key, Some(key.into()))?;
    }
    let mut known = [1, 3].into_iter().chain(10..10 + ENTRIES);
    let (mut count, mut sum) = (0, 0);
    M::for_each_of(&map, &mut known, |_, value| {
        count += 1;
        sum += value;
    });
    let wanted = 10 + u64::from(ENTRIES) * (2 * 10 + u64::from(ENTRIES) - 1) / 2;
    if (count, sum) != (ENTRIES + 2, wanted) {
        return Err(format!(
            "`entries` has {count} entries, of the sum {sum}, and should have {} of {wanted}",
            ENTRIES + 2
        ));
    }
    let mut known = [1, 3].into_iter().chain(10..10 + ENTRIES);
    M::clear_of(&map, &mut known);
    for key in [1, 3].into_iter().chain(10..10 + ENTRIES) {
        expect("`remove` of the key", key, None)?;
    }
    Ok(())
}
