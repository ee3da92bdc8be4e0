use super::*;
use crate::model::Sequential;
use crate::model::applied::fault_of_flush;
use crate::model::applied::tests::{Kept, NONE};
use crate::workload::broken::{DOUBLES, LOSES, MISSES, SOUND, fault, setting};

#[test]
fn what_is_right_passes() {
    assert_eq!(fault::<_, SOUND>(Hot), Ok(()));
    assert_eq!(fault::<_, SOUND>(Spaced { iterations: 30 }), Ok(()));
    assert_eq!(fault::<_, SOUND>(Held { iterations: 60 }), Ok(()));
    assert_eq!(fault::<_, SOUND>(Read90), Ok(()));
    assert_eq!(fault::<_, SOUND>(Spread::new(&setting(1), 8)), Ok(()));
}

#[test]
fn a_lost_or_doubled_increment_is_found() {
    let lost = fault::<_, LOSES>(Hot).unwrap_err();
    assert!(lost.ends_with("increments were lost"), "{lost}");
    let gained = fault::<_, DOUBLES>(Hot).unwrap_err();
    assert!(gained.contains("more than"), "{gained}");
    assert!(fault::<_, LOSES>(Held { iterations: 60 }).is_err());
    assert!(fault::<_, LOSES>(Read90).is_err());
    let spread = || Spread::new(&setting(1), 64);
    assert!(fault::<_, LOSES>(spread()).is_err());
    assert!(fault::<_, DOUBLES>(spread()).is_err());
}

#[test]
fn a_read_that_goes_back_is_found() {
    let behind = fault::<_, MISSES>(Read90).unwrap_err();
    assert!(behind.contains("reads gave less"), "{behind}");
}

#[test]
fn the_timed_loop_does_as_many_operations_as_it_should() {
    for count in 0..10 {
        let (mut worker, mut shared) = (Some(()), Sequential(Count(7)));
        open::operations::<Hot, _, 0>(&Hot, &mut worker, &mut shared, count);
        assert_eq!((worker, shared.0.digest()), (Some(()), 7 + count));
    }
}

#[test]
fn the_number_that_is_watched_counts_its_writes() {
    for (model, write) in [Hot.watched(), (Spaced { iterations: 30 }).watched()].into_iter().flatten() {
        let fault = fault_of_flush::<_, Kept<Count, NONE>>(model, write, 2);
        assert_eq!(fault, Some("`flush` returned after 0 of 64 writes were applied".to_owned()));
    }
}
