//! Figures about many people that tell nothing about few: a table of scenes and regions with its sums, from which what stands for too few
//! people is taken out, and with it as much as is needed that nobody can compute it from the sums.

/// What a cell of the table says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many people are behind it. People of a sum are counted once, so this is not the sum of its parts.
    pub people: i64,
    /// How many acts.
    pub acts: i64,
    /// Milligrams of CO2e; a sum is exactly the sum of its parts.
    pub mg: i64,
}

/// Fewest people behind a figure, whatever the parameter says.
pub const PEOPLE_FLOOR: i64 = 5;

/// Takes out of a table what must not be shown. `table[row][column]`; the last row and the last column are sums. Answers with the same
/// table in which what is not shown is `None`. A cell without people stays: that nobody did something is no secret of anybody.
///
/// Two rules hold afterwards: every cell that is shown has at least `people_min` people; and a line (a row or column with its sum) in
/// which something is missing misses at least two cells, one of which has at least `people_min` people itself where the line has any such.
/// So a difference of what is shown is never a figure of fewer people. Beyond the lines: no missing cell of fewer people follows from all
/// sums together (see [`follows`]).
pub fn suppressed(table: &[Vec<Cell>], people_min: i64) -> Vec<Vec<Option<Cell>>> {
    let people_min = people_min.max(PEOPLE_FLOOR);
    let mut shown: Vec<Vec<Option<Cell>>> = table
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| {
                    Some(*cell).filter(|cell| cell.people == 0 || cell.people >= people_min)
                })
                .collect()
        })
        .collect();
    let lines = lines(table);
    loop {
        let next = lines
            .iter()
            .find_map(|line| next_to_hide(table, &shown, line, people_min))
            .or_else(|| next_to_close(table, &shown, people_min));
        let Some((row, column)) = next else {
            return shown;
        };
        shown[row][column] = None;
    }
}

/// Whether a missing cell can be computed from the sums: take rows and columns, sums among them, as points and every missing cell as a
/// line between its row and its column; it follows from the sums exactly if no other missing cells lead from its row to its column
/// (D. Gusfield, A graph theoretic approach to statistical data security, SIAM J. Comput. 17, 1988).
fn follows(shown: &[Vec<Option<Cell>>], (row, column): (usize, usize)) -> bool {
    let width = shown.first().map_or(0, Vec::len);
    let (mut rows, mut columns) = (vec![false; shown.len()], vec![false; width]);
    rows[row] = true;
    loop {
        let mut grew = false;
        for (r, cells) in shown.iter().enumerate() {
            for (c, cell) in cells.iter().enumerate() {
                if cell.is_none() && (r, c) != (row, column) && rows[r] != columns[c] {
                    (rows[r], columns[c], grew) = (true, true, true);
                }
            }
        }
        if !grew {
            return !columns[column];
        }
    }
}

/// The cell that must go next because a missing one of too few people follows from the sums: the smallest that closes a ring through it.
fn next_to_close(
    table: &[Vec<Cell>],
    shown: &[Vec<Option<Cell>>],
    people_min: i64,
) -> Option<(usize, usize)> {
    let places = |missing: bool| {
        shown.iter().enumerate().flat_map(move |(row, cells)| {
            let cells = cells.iter().enumerate();
            cells.filter_map(move |(column, cell)| {
                (cell.is_none() == missing).then_some((row, column))
            })
        })
    };
    let at = places(true).find(|(row, column)| {
        table[*row][*column].people < people_min && follows(shown, (*row, *column))
    })?;
    places(false)
        .filter(|(row, column)| table[*row][*column].people > 0)
        .min_by_key(|(row, column)| {
            let mut without = shown.to_vec();
            without[*row][*column] = None;
            (follows(&without, at), table[*row][*column].mg)
        })
}

/// The rows and the columns, each with its sum, as places.
fn lines(table: &[Vec<Cell>]) -> Vec<Vec<(usize, usize)>> {
    let width = table.first().map_or(0, Vec::len);
    let rows = (0..table.len()).map(|row| (0..width).map(|column| (row, column)).collect());
    let columns = (0..width).map(|column| (0..table.len()).map(|row| (row, column)).collect());
    rows.chain(columns).collect()
}

/// The cell of a line that must go next, if one must: the smallest that is enough.
fn next_to_hide(
    table: &[Vec<Cell>],
    shown: &[Vec<Option<Cell>>],
    line: &[(usize, usize)],
    people_min: i64,
) -> Option<(usize, usize)> {
    let hidden: Vec<&(usize, usize)> = line
        .iter()
        .filter(|(row, column)| shown[*row][*column].is_none())
        .collect();
    let hides_many = hidden
        .iter()
        .any(|(row, column)| table[*row][*column].people >= people_min);
    if hidden.is_empty() || hidden.len() > 1 && hides_many {
        return None;
    }
    // best where the crossing line misses something already: it is spared a second round
    let is_row = line.windows(2).all(|two| two[0].0 == two[1].0);
    let crosses = |row: usize, column: usize| {
        if is_row {
            shown.iter().any(|cells| cells[column].is_none())
        } else {
            shown[row].iter().any(Option::is_none)
        }
    };
    line.iter()
        .filter(|(row, column)| shown[*row][*column].is_some_and(|cell| cell.people > 0))
        .min_by_key(|(row, column)| (!crosses(*row, *column), table[*row][*column].mg))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table from people per cell: everybody did one act of a gram in one cell only.
    fn table(people: &[&[i64]]) -> Vec<Vec<Cell>> {
        let cell = |people: i64| Cell {
            people,
            acts: people,
            mg: people * 1_000,
        };
        let width = people.first().map_or(0, |row| row.len());
        let mut table: Vec<Vec<Cell>> = people
            .iter()
            .map(|row| {
                let sum = row.iter().sum();
                row.iter().chain([&sum]).map(|one| cell(*one)).collect()
            })
            .collect();
        let sums = (0..width).map(|at| people.iter().map(|row| row[at]).sum::<i64>());
        let mut last: Vec<Cell> = sums.map(cell).collect();
        last.push(cell(people.iter().flat_map(|row| row.iter()).sum()));
        table.push(last);
        table
    }

    fn hidden(people: &[&[i64]]) -> Vec<(usize, usize)> {
        let shown = suppressed(&table(people), 5);
        let mut hidden = Vec::new();
        for (row, cells) in shown.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                if cell.is_none() {
                    hidden.push((row, column));
                }
            }
        }
        hidden
    }

    #[test]
    fn tables_hide_what_is_too_few_and_what_would_give_it_away() {
        // nothing to hide
        assert_eq!(hidden(&[&[5, 9], &[7, 0]]), []);
        // one small cell: its row, its column and the corner between them hide another one each
        assert_eq!(
            hidden(&[&[4, 9, 30], &[7, 8, 40]]),
            [(0, 0), (0, 1), (1, 0), (1, 1)]
        );
        // alone in its row it is the sum of the row as well
        assert_eq!(
            hidden(&[&[4, 0], &[9, 20], &[8, 30]]),
            [(0, 0), (0, 2), (2, 0), (2, 2)]
        );
        // one person in all: nothing is shown
        assert_eq!(hidden(&[&[1]]), [(0, 0), (0, 1), (1, 0), (1, 1)]);
        assert_eq!(hidden(&[]), [(0, 0)][..0].to_vec());
    }

    #[test]
    fn a_parameter_below_the_floor_does_not_lower_it() {
        let shown = suppressed(&table(&[&[4]]), 1);
        assert!(shown.iter().flatten().all(Option::is_none));
    }

    /// Whether no missing cell of one to four people can be computed, where anything is shown at all.
    fn nothing_small_follows(full: &[Vec<Cell>], shown: &[Vec<Option<Cell>>]) -> bool {
        let is_empty = shown
            .iter()
            .flatten()
            .flatten()
            .all(|cell| cell.people == 0);
        is_empty
            || shown.iter().enumerate().all(|(row, cells)| {
                cells.iter().enumerate().all(|(column, cell)| {
                    cell.is_some()
                        || full[row][column].people >= 5
                        || !follows(shown, (row, column))
                })
            })
    }

    /// Two rings of missing cells joined by one: alone in no line, and yet rows 1 and 2 less columns 1 and 2 would give it.
    #[test]
    fn what_follows_from_several_lines_together_is_hidden_too() {
        let people: &[&[i64]] = &[
            &[4, 9, 30, 31],
            &[9, 4, 2, 32],
            &[33, 34, 4, 9],
            &[35, 36, 9, 4],
        ];
        let full = table(people);
        let shown = suppressed(&full, 5);
        assert!(shown[1][2].is_none() && !follows(&shown, (1, 2)));
        assert!(
            shown.iter().flatten().flatten().count() > 4,
            "not everything is hidden"
        );
    }

    /// Ten thousand tables: what is shown stands for enough people, and no sum of a line gives a figure of fewer away.
    #[test]
    fn no_table_gives_few_people_away() {
        let mut state = 20_261_122_u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((state >> 33) % below).unwrap_or(0)
        };
        for _ in 0..10_000 {
            let (rows, columns, most) =
                (1 + next(5), 1 + next(5), [12, 40][usize::from(next(2) > 0)]);
            let people: Vec<Vec<i64>> = (0..rows)
                .map(|_| (0..columns).map(|_| next(most)).collect())
                .collect();
            let rows: Vec<&[i64]> = people.iter().map(Vec::as_slice).collect();
            let full = table(&rows);
            let shown = suppressed(&full, 5);
            for line in lines(&full) {
                let gone: Vec<Cell> = line
                    .iter()
                    .filter(|(row, column)| shown[*row][*column].is_none())
                    .map(|(row, column)| full[*row][*column])
                    .collect();
                let left = line
                    .iter()
                    .filter_map(|(row, column)| shown[*row][*column])
                    .filter(|cell| cell.people > 0);
                let mut any_left = false;
                for cell in left {
                    assert!(cell.people >= 5, "{people:?}");
                    any_left = true;
                }
                assert_ne!(gone.len(), 1, "{people:?}");
                if any_left && !gone.is_empty() {
                    assert!(gone.iter().any(|cell| cell.people >= 5), "{people:?}");
                }
            }
            assert!(nothing_small_follows(&full, &shown), "{people:?}");
        }
    }
}
