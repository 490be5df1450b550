//! How far a long calculation has come. Only shown to whoever waits: no formula reads it, so no digit depends on it.
//!
//! A calculator says where it is with [`report`]; whoever runs one inside [`watched`] is told. Nobody watches on the
//! server, where [`report`] does nothing.

use std::cell::RefCell;

/// A part of a long calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading and checking the rows of a table.
    Reading,
    /// Working through what was measured: plots and trees.
    Measurements,
    /// Working through the strata.
    Strata,
    /// Putting the years together.
    Years,
}

impl Phase {
    /// Every part, in the order in which they come.
    pub const ALL: [Self; 4] = [Self::Reading, Self::Measurements, Self::Strata, Self::Years];

    /// Its name in messages: `reading`, `measurements`, `strata`, `years`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Measurements => "measurements",
            Self::Strata => "strata",
            Self::Years => "years",
        }
    }
}

/// Where a calculation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The part it is in.
    pub phase: Phase,
    /// Rows, strata or years done in this part.
    pub done: usize,
    /// Of so many.
    pub of: usize,
}

type Watcher = Box<dyn FnMut(Progress)>;

thread_local! {
    static WATCHER: RefCell<Option<Watcher>> = const { RefCell::new(None) };
}

/// Does some work; `watch` is told how far its calculations are, as often as they say.
pub fn watched<T>(watch: impl FnMut(Progress) + 'static, work: impl FnOnce() -> T) -> T {
    /// Takes the watcher away again, also when the work panics.
    struct Watching(Option<Watcher>);
    impl Drop for Watching {
        fn drop(&mut self) {
            WATCHER.set(self.0.take());
        }
    }
    let _watching = Watching(WATCHER.replace(Some(Box::new(watch))));
    work()
}

/// Tells whoever watches. A watcher that calculates itself is not told about that.
pub(crate) fn report(phase: Phase, done: usize, of: usize) {
    WATCHER.with(|watcher| {
        if let Ok(mut watcher) = watcher.try_borrow_mut()
            && let Some(watch) = watcher.as_mut()
        {
            watch(Progress { phase, done, of });
        }
    });
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn only_the_work_inside_is_watched() {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&seen);
        report(Phase::Strata, 1, 2);
        let answer = watched(
            move |progress| sink.borrow_mut().push(progress.done),
            || {
                report(Phase::Strata, 3, 4);
                7
            },
        );
        report(Phase::Strata, 5, 6);
        assert_eq!((answer, seen.take()), (7, vec![3]));
    }

    #[test]
    fn a_watcher_inside_another_gives_its_place_back() {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let (outer, inner) = (Rc::clone(&seen), Rc::clone(&seen));
        watched(
            move |progress| outer.borrow_mut().push(("outer", progress.done)),
            || {
                watched(
                    move |progress| inner.borrow_mut().push(("inner", progress.done)),
                    || report(Phase::Years, 1, 1),
                );
                report(Phase::Years, 2, 2);
            },
        );
        assert_eq!(seen.take(), [("inner", 1), ("outer", 2)]);
    }
}
