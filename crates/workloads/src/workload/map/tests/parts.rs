use super::*;
use crate::workload::map::divided::{COUNTS, Divided, InParts};
use crate::workload::map::sharded::Sharded;
use crate::workload::map::split::Split;

fn in_parts(parts: usize) -> InParts {
    InParts { keys: keys(90), parts }
}

#[test]
fn a_map_in_any_number_of_parts_is_right() {
    for parts in COUNTS {
        assert_eq!(verdict::<_, Sharded<Mutex<Divided>, Hasher>>(in_parts(parts)), Ok(()), "{parts}");
        let lost = fault::<_, LOSES>(in_parts(parts)).unwrap_err();
        assert!(lost.contains("do not add up"), "{lost}");
        assert!(fault::<_, MISSES>(in_parts(parts)).is_err());
    }
}

#[test]
fn each_part_has_its_share_of_the_keys() {
    for parts in COUNTS {
        let model =
            InParts { keys: Keys::drawn(&setting(3), Draw { keys: 10_000, ..draw(90) }), parts }.model();
        assert_eq!(model.parts(), parts);
        let hasher = model.hasher().clone();
        let part_of = |key: u32| Divided::part_of(std::hash::BuildHasher::hash_one(&hasher, key), parts);
        let sizes: Vec<usize> =
            model.split(parts, &part_of).into_iter().map(|part| part.into_map().keys()).collect();
        assert_eq!(sizes.len(), parts);
        assert_eq!(sizes.iter().sum::<usize>(), 10_000);
        let share = 10_000 / parts;
        assert!(sizes.iter().all(|size| (share / 3..=3 * share).contains(size)), "{parts}: {sizes:?}");
    }
}

#[test]
fn the_parts_of_the_other_variants_are_64() {
    let map: Map = Map::filled(1_000, Hasher::default());
    assert_eq!(map.parts(), 64);
    let parts: std::collections::BTreeSet<usize> = (0..1_000_u32)
        .map(|key| Map::<Hasher>::part_of(std::hash::BuildHasher::hash_one(map.hasher(), key), 64))
        .collect();
    assert_eq!(parts, (0..64).collect());
}
