use super::*;
use crate::model::Locked;
use crate::workload::map::sharded::Sharded;

fn large() -> LargeValues<32> {
    LargeValues::new(keys(50))
}

#[test]
fn large_values_pass_where_they_are_whole() {
    assert_eq!(verdict::<_, Locked<Mutex<Values<32>>>>(large()), Ok(()));
    assert_eq!(verdict::<_, Sharded<Mutex<Values<32>>, Hasher>>(large()), Ok(()));
}

#[test]
fn a_lost_upsert_of_a_large_value_is_found() {
    let lost = fault::<_, LOSES>(large()).unwrap_err();
    assert!(lost.contains("do not add up"), "{lost}");
    assert!(fault::<_, DOUBLES>(large()).is_err());
    let missed = fault::<_, MISSES>(large()).unwrap_err();
    assert!(missed.contains("lookups found their key"), "{missed}");
}

/// Reads some values in pieces, or leaves a word of some values as it was.
struct Torn<const READ: bool>(Arc<Mutex<Values<32>>>, u32);

impl<const READ: bool> Shared<Values<32>> for Torn<READ> {
    fn new_handles(model: Values<32>, workers: usize) -> Vec<Self> {
        let map = Arc::new(Mutex::new(model));
        handles(workers, |_| Self(map.clone(), 0))
    }

    fn write(&mut self, key: u32) {
        self.1 += 1;
        let mut map = self.0.lock().unwrap();
        let before = map.read(key);
        map.write(key);
        if let (false, true, Some(before)) = (READ, self.1 == 900, before) {
            let mut torn = map.read(key).unwrap();
            torn.0[31] = before.0[31];
            map.replace(key, torn);
        }
    }

    fn read(&mut self, key: u32) -> Option<Value<32>> {
        self.1 += 1;
        let mut value = self.0.lock().unwrap().read(key)?;
        value.0[17] += u64::from(READ && self.1.is_multiple_of(500));
        Some(value)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.lock().unwrap().digest()
    }
}

#[test]
fn a_mixture_of_two_values_is_found() {
    let torn = verdict::<_, Torn<true>>(large()).unwrap_err();
    assert!(torn.contains("mixture of two values"), "{torn}");
    // Only the digest sees it where no lookup of the window asks for the key again.
    assert!(
        verdict::<_, Torn<false>>(LargeValues::<32>::new(keys(0))).unwrap_err().contains("do not add up")
    );
}
