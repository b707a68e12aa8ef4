//! What two ascending lists of positions have in common.

/// Positions that get a bit each at a time: 8 KB, which stays in the nearest cache.
const WINDOW: u32 = 1 << 16;

/// Lists with fewer members in a window, in the middle, are gone through side by side.
const MIN_IN_WINDOW: usize = 256;

/// Keeps the positions that stand `offset` before one of `others`; both ascend.
///
/// Which of two lists comes next cannot be guessed, and guessing wrong costs more than
/// the rest. So the others of a window are marked, and each position looks at its mark.
/// Lists of a damaged file may not ascend: what is kept of them is anything.
pub(super) fn keep_common(positions: &mut Vec<u32>, others: &[u32], offset: u32) {
    let windows = positions.last().map_or(0, |last| (last / WINDOW) as usize + 1);
    if positions.len() + others.len() < MIN_IN_WINDOW * windows {
        return keep_side_by_side(positions, others, offset);
    }
    let mut marks = vec![0_u64; WINDOW as usize / 64];
    let (mut read, mut kept, mut other) = (0, 0, 0);
    while read < positions.len() {
        // Up to the first of the next window, which there may not be.
        let first = u64::from(positions[read].saturating_add(offset) / WINDOW * WINDOW);
        let end = first + u64::from(WINDOW);
        other += others[other..].partition_point(|&other| u64::from(other) < first);
        marks.fill(0);
        while let Some(&marked) = others.get(other).filter(|&&other| u64::from(other) < end) {
            let bit = u64::from(marked).wrapping_sub(first) as usize;
            if let Some(word) = marks.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
            other += 1;
        }
        while let Some(&position) = positions.get(read) {
            let wanted = u64::from(position.saturating_add(offset));
            if wanted >= end {
                break;
            }
            let bit = wanted.wrapping_sub(first) as usize;
            positions[kept] = position;
            kept += marks.get(bit / 64).map_or(0, |word| (word >> (bit % 64) & 1) as usize);
            read += 1;
        }
    }
    positions.truncate(kept);
}

fn keep_side_by_side(positions: &mut Vec<u32>, others: &[u32], offset: u32) {
    let mut at = 0;
    positions.retain(|&position| {
        let wanted = position.saturating_add(offset);
        while others.get(at).is_some_and(|&other| other < wanted) {
            at += 1;
        }
        others.get(at) == Some(&wanted)
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_ways_keep_what_is_in_both(
            steps in prop::collection::vec(prop_oneof![1_u32..9, 1_u32..200, Just(70_000)], 0..1_500),
            other_steps in prop::collection::vec(prop_oneof![1_u32..9, 1_u32..200, Just(70_000)], 0..1_500),
            offset in 0_u32..70,
        ) {
            let list = |steps: &[u32]| -> Vec<u32> {
                steps.iter().scan(0, |sum, step| { *sum += step; Some(*sum) }).collect()
            };
            let (positions, others) = (list(&steps), list(&other_steps));
            let expected: Vec<u32> = positions.iter().copied().filter(|at| others.binary_search(&(at + offset)).is_ok()).collect();
            let mut kept = positions.clone();
            keep_common(&mut kept, &others, offset);
            prop_assert_eq!(&kept, &expected);
            let mut kept = positions;
            keep_side_by_side(&mut kept, &others, offset);
            prop_assert_eq!(&kept, &expected);
        }
    }

    proptest! {
        #[test]
        fn lists_that_do_not_ascend_are_no_panic(mut positions in prop::collection::vec(any::<u32>(), 300..600), others in prop::collection::vec(any::<u32>(), 0..600), last in 0_u32..70_000, offset in 0_u32..9) {
            // The last one says how many windows there are.
            positions.push(last);
            let before = positions.len();
            keep_common(&mut positions, &others, offset);
            prop_assert!(positions.len() <= before);
        }
    }

    #[test]
    fn windows_are_taken_for_many() {
        let positions: Vec<u32> = (0..200_000).map(|n| n * 3).collect();
        let others: Vec<u32> = (0..300_010).map(|n| n * 2 + 1).collect();
        let mut kept = positions.clone();
        keep_common(&mut kept, &others, 4);
        assert!(kept.into_iter().eq(positions.into_iter().filter(|at| at % 2 == 1)));
        let mut end = vec![u32::MAX - 3, u32::MAX];
        end.splice(0..0, (0..70_000).map(|n| u32::MAX - 200_000 + n));
        let mut kept = end.clone();
        keep_common(&mut kept, &end, 0);
        assert!(kept == end);
    }
}
