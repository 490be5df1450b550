//! Statements of many rows. Texts are made for 1, 2, 4, … 64 rows only, so that a connection knows them all after a short while and none is
//! read and planned anew for each count.

/// The most rows of one statement.
pub(crate) const PIECE_MAX: usize = 64;

/// As many rows as there are texts for: the last one again and again. Only for reading.
pub(crate) fn padded<T: Clone>(rows: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut rows: Vec<T> = rows.into_iter().collect();
    if let Some(last) = rows.last().cloned() {
        rows.resize(rows.len().next_power_of_two(), last);
    }
    rows
}

/// The rows in pieces of as many as there are texts for, in order.
pub(crate) fn pieces<T>(mut rows: &[T]) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    while !rows.is_empty() {
        let size = 1 << rows.len().min(PIECE_MAX).ilog2();
        let (piece, rest) = rows.split_at(size);
        pieces.push(piece);
        rows = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_in_pieces_that_have_a_text() {
        for count in [0, 1, 2, 3, 37, 64, 65, 200] {
            let rows: Vec<usize> = (0..count).collect();
            let pieces = pieces(&rows);
            assert_eq!(pieces.concat(), rows, "in order, each once");
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.len().is_power_of_two() && piece.len() <= PIECE_MAX),
                "{count}"
            );
        }
        assert_eq!(padded(0..37).len(), 64);
        assert_eq!(padded(Vec::<u8>::new()), Vec::<u8>::new());
    }
}
