use std::collections::HashMap;

use rand::SeedableRng;

use super::*;

const DRAW: Draw = Draw { keys: 10_000, skew: Skew::Zipf(0.99), reads: 90, hits: 90, length: 1 << 16 };

fn ring(draw: Draw, seed: u64) -> Ring {
    Ring::drawn(&draw, &mut StdRng::seed_from_u64(seed))
}

/// How often each key is drawn, hits and misses together, the most frequent first.
fn frequencies(ring: &Ring) -> Vec<(u32, u32)> {
    let mut counts = HashMap::new();
    for operation in &ring.operations {
        *counts.entry(operation.key() % ring.keys).or_insert(0) += 1;
    }
    let mut counts: Vec<(u32, u32)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[test]
fn zipf_has_its_head() {
    let counts = frequencies(&ring(DRAW, 1));
    let mass = |ranks: u32| (1..=ranks).map(|r| f64::from(r).powf(-0.99)).sum::<f64>();
    for head in [1, 10, 100] {
        let drawn: u32 = counts.iter().take(head).map(|(_, count)| count).sum();
        let share = f64::from(drawn) / f64::from(1 << 16);
        let wanted = mass(head as u32) / mass(DRAW.keys);
        assert!((share - wanted).abs() < 0.01, "{head}: {share}, not {wanted}");
    }
}

#[test]
fn the_hottest_key_is_no_matter_of_its_number() {
    let hottest: Vec<u32> = (0..4).map(|seed| frequencies(&ring(DRAW, seed))[0].0).collect();
    assert!(hottest.windows(2).any(|pair| pair[0] != pair[1]), "{hottest:?}");
}

#[test]
fn uniform_has_no_head() {
    let draw = Draw { skew: Skew::Uniform, ..DRAW };
    let counts = frequencies(&ring(draw, 1));
    assert!(counts[0].1 < 30, "6.6 draws a key, one has {:?}", counts[0]);
}

#[test]
fn reads_and_hits_are_as_many_as_asked_for() {
    for (reads, hits) in [(90, 90), (50, 90), (99, 50), (0, 0), (100, 100)] {
        let ring = ring(Draw { reads, hits, ..DRAW }, 1);
        let all = ring.operations.len() as f64;
        let drawn = ring.operations.iter().filter(|operation| !operation.write());
        let drawn = drawn.count() as f64;
        assert!((drawn / all - f64::from(reads) / 100.0).abs() < 0.01);
        let found = ring.before(ring.operations.len()).hits as f64;
        if drawn > 0.0 {
            assert!((found / drawn - f64::from(hits) / 100.0).abs() < 0.02);
        }
    }
}

#[test]
fn workers_start_far_apart() {
    let ring = ring(DRAW, 1);
    for workers in [2, 8, 64] {
        let mut starts: Vec<usize> = (0..workers).map(|worker| ring.place(worker).start).collect();
        starts.sort_unstable();
        let nearest = starts.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap();
        assert!(nearest > (1 << 16) / workers / 4, "{workers}: {nearest}");
    }
}

#[test]
fn a_fresh_ring_has_no_key_twice() {
    let ring = Ring::fresh(1 << 16, 16, &mut StdRng::seed_from_u64(1));
    let keys: std::collections::HashSet<u32> =
        ring.operations.iter().map(|operation| operation.key()).collect();
    assert_eq!(keys.len(), 1 << 16);
    assert!(ring.operations.iter().all(|operation| operation.write()));
    assert_eq!(ring.place(15).start, 15 << 12);
}

#[test]
fn what_is_expected_is_what_a_walk_adds_up_to() {
    let ring = ring(Draw { length: 1 << 12, ..DRAW }, 2);
    for worker in 0..5 {
        for count in [0, 1, 1_000, 1_024, 4_096, 10_000] {
            let mut place = ring.place(worker);
            let walked: Vec<Operation> = (0..count).map(|_| ring.next(&mut place)).collect();
            let walked = ring.sum(Sums::default(), &walked);
            assert_eq!(ring.expected(&[(ring.place(worker), count)]), walked);
        }
    }
}
