//! The order of windows in a round: random and balanced. Over the rounds every contender is at every
//! position, and follows every other one, equally often.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

/// The order of `cells` cells in `round` (from 0, over all forks), as indices: a row of a Williams design
/// whose labels and rows are shuffled by `seed`.
///
/// E. J. Williams, "Experimental designs balanced for the estimation of residual effects of
/// treatments", 1949. An even number of cells is balanced within as many rows, an odd one within
/// twice as many.
pub(super) fn order(cells: usize, round: usize, seed: u64) -> Vec<usize> {
    if cells == 0 {
        return Vec::new();
    }
    let rows = if cells.is_multiple_of(2) { cells } else { 2 * cells };
    let mut rng = StdRng::seed_from_u64(seed);
    let mut labels: Vec<usize> = (0..cells).collect();
    labels.shuffle(&mut rng);
    let mut row_order: Vec<usize> = (0..rows).collect();
    row_order.shuffle(&mut rng);
    let row = row_order[round % rows];
    let mut order: Vec<usize> =
        (0..cells).map(|place| labels[(zigzag(place, cells) + row) % cells]).collect();
    if row >= cells {
        order.reverse();
    }
    order
}

/// The sequence 0, 1, n-1, 2, n-2, …, in which the differences of neighbours are all different.
fn zigzag(place: usize, cells: usize) -> usize {
    match place % 2 {
        1 => place.div_ceil(2),
        _ => (cells - place / 2) % cells,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn positions_and_predecessors_are_balanced() {
        for cells in [1_usize, 2, 3, 8, 13, 16, 61] {
            let rows = if cells.is_multiple_of(2) { cells } else { 2 * cells };
            let mut places = HashMap::new();
            let mut pairs = HashMap::new();
            for round in 0..rows {
                let order = order(cells, round, 7);
                let mut sorted = order.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..cells).collect::<Vec<_>>());
                for (place, cell) in order.iter().enumerate() {
                    *places.entry((place, *cell)).or_insert(0) += 1;
                }
                for pair in order.windows(2) {
                    *pairs.entry((pair[0], pair[1])).or_insert(0) += 1;
                }
            }
            assert_eq!(places.len(), cells * cells);
            assert!(places.values().all(|count| *count == rows / cells));
            assert_eq!(pairs.len(), cells * (cells - 1));
            assert!(pairs.values().all(|count| *count == rows / cells));
        }
    }

    #[test]
    fn the_seed_decides_the_order() {
        assert_eq!(order(9, 4, 1), order(9, 4, 1));
        assert_ne!(order(9, 4, 1), order(9, 4, 2));
    }
}
