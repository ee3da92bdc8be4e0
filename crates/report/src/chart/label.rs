//! Labels: their width, and their places beside each other. Names are never shortened, because the middle of a path
//! may be all that distinguishes two contenders.

/// The width of a character in the charts' fixed-width font, in pixels at 11 px.
pub const CHARACTER: f64 = 6.65;

/// The drawn width of `name`, in pixels. Characters beyond ASCII count twice.
pub fn width(name: &str) -> f64 {
    let columns: usize = name.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
    columns as f64 * CHARACTER
}

/// The width of the widest of these names, and at least `least`.
pub fn widest<'a>(names: impl Iterator<Item = &'a str>, least: f64) -> f64 {
    names.map(width).fold(least, f64::max).ceil()
}

/// Places labels at least `apart` from each other, within `top` and `bottom`, as close as possible to the `wanted`
/// places, which are sorted. Without room for all, they are distributed evenly.
pub fn place_labels(wanted: &[f64], apart: f64, top: f64, bottom: f64) -> Vec<f64> {
    let count = wanted.len();
    if count == 0 {
        return Vec::new();
    }
    let needed = apart * (count - 1) as f64;
    if needed >= bottom - top {
        let step = if count > 1 { (bottom - top) / (count - 1) as f64 } else { 0.0 };
        return (0..count).map(|index| top + step * index as f64).collect();
    }
    // Blocks of adjacent labels, each at the mean of its members' wanted places (isotonic regression by pooling
    // adjacent violators).
    let mut blocks: Vec<(f64, usize)> = Vec::new(); // (sum of wanted firsts, members)
    for (index, place) in wanted.iter().enumerate() {
        blocks.push((place - apart * index as f64, 1));
        while let [.., (before, members), (after, more)] = blocks[..] {
            if before / members as f64 <= after / more as f64 {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push((before + after, members + more));
        }
    }
    let last = bottom - needed;
    blocks
        .iter()
        .flat_map(|(sum, members)| std::iter::repeat_n((sum / *members as f64).clamp(top, last), *members))
        .enumerate()
        .map(|(index, place)| place + apart * index as f64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_ascii_count_twice() {
        assert_eq!(width("abcd"), 4.0 * CHARACTER);
        assert_eq!(width("🦀a"), 3.0 * CHARACTER);
        assert_eq!(widest(["ab", "a"].into_iter(), 60.0), 60.0);
        assert_eq!(widest(["x".repeat(100).as_str()].into_iter(), 60.0), 665.0);
    }

    #[test]
    fn labels_do_not_overlap_and_stay_close() {
        let placed = place_labels(&[10.0, 11.0, 12.0, 90.0], 13.0, 0.0, 100.0);
        assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 13.0 - 1e-9));
        assert_eq!(placed[3], 90.0);
        assert!(placed[0] >= 0.0);
        assert_eq!(place_labels(&[50.0], 13.0, 0.0, 100.0), [50.0]);
        assert_eq!(place_labels(&[], 13.0, 0.0, 100.0), Vec::<f64>::new());
    }

    #[test]
    fn labels_stay_within_the_plot() {
        for edge in [0.0, 100.0] {
            let placed = place_labels(&[edge; 5], 13.0, 0.0, 100.0);
            assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 13.0 - 1e-9));
            assert!(placed[0] >= 0.0 && placed[4] <= 100.0);
        }
        let crowded = place_labels(&[1.0; 60], 13.0, 0.0, 100.0);
        assert_eq!((crowded[0], crowded[59]), (0.0, 100.0));
    }
}
