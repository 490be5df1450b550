//! Tonnes that came of grams given to an event: where they lie among the numbers of a class.

/// Milligrams in a tonne.
const TONNE: i64 = 1_000_000_000;

/// The numbers of the tonnes that consist wholly of a stretch of milligrams: `serial_start` is the number of the batch's first tonne,
/// `from_mg` the first milligram of the stretch on the batch's line, `to_mg` the first one after it. A tonne that is only partly of the
/// stretch is not counted: it is carbon inclusion as any other. `None`: the stretch holds no whole tonne.
pub fn gift_tonnes(serial_start: i64, from_mg: i64, to_mg: i64) -> Option<(i64, i64)> {
    let begun = i64::from(from_mg.rem_euclid(TONNE) > 0);
    let first = serial_start + from_mg.div_euclid(TONNE) + begun;
    let last = serial_start + to_mg.div_euclid(TONNE) - 1;
    (first <= last).then_some((first, last))
}

/// Cuts the numbers `first..=last` where they enter and leave the spans, which do not overlap: each part with whether it lies in one.
pub fn split_by_gifts(first: i64, last: i64, spans: &[(i64, i64)]) -> Vec<(i64, i64, bool)> {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    let mut parts = Vec::new();
    let mut next = first;
    for (from, to) in spans {
        let (from, to) = (from.max(next), to.min(last));
        if from > to {
            continue;
        }
        if from > next {
            parts.push((next, from - 1, false));
        }
        parts.push((from, to, true));
        next = to + 1;
    }
    if next <= last {
        parts.push((next, last, false));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tonnes_wholly_of_the_gift_are_counted() {
        for (from, to, found) in [
            (0, 3 * TONNE, Some((11, 13))),
            (0, 3 * TONNE - 1, Some((11, 12))),
            (1, 3 * TONNE, Some((12, 13))),
            (1, TONNE, None),
            (0, TONNE - 1, None),
            (TONNE, TONNE, None),
        ] {
            assert_eq!(gift_tonnes(11, from, to), found, "{from} to {to}");
        }
    }

    #[test]
    fn numbers_are_cut_where_a_gift_begins_and_ends() {
        let gifts = [(14, 15), (8, 10)];
        assert_eq!(
            split_by_gifts(9, 20, &gifts),
            [
                (9, 10, true),
                (11, 13, false),
                (14, 15, true),
                (16, 20, false)
            ]
        );
        assert_eq!(split_by_gifts(1, 3, &gifts), [(1, 3, false)]);
        assert_eq!(split_by_gifts(14, 14, &gifts), [(14, 14, true)]);
    }
}
