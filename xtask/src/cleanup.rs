//! What must be undone however the command ends: servers stopped, throw-away databases deleted, also on Ctrl-C.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

type Action = Box<dyn FnOnce() + Send>;

static ACTIONS: Mutex<Vec<(u64, Action)>> = Mutex::new(Vec::new());
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// Runs its action once: when dropped, or when the command is interrupted.
#[must_use = "the action runs as soon as this is dropped"]
pub struct Cleanup(u64);

impl Cleanup {
    /// Registers what is to be done at the end.
    pub fn at_end(action: impl FnOnce() + Send + 'static) -> Self {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        ACTIONS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((id, Box::new(action)));
        Self(id)
    }
}

impl Cleanup {
    /// Forgets the action: there is nothing left to undo.
    pub fn cancel(self) {
        ACTIONS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(id, _)| *id != self.0);
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        let mut actions = ACTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        let action = actions
            .iter()
            .position(|(id, _)| *id == self.0)
            .map(|position| actions.remove(position).1);
        drop(actions);
        if let Some(action) = action {
            action();
        }
    }
}

/// On Ctrl-C and SIGTERM: does what is registered, newest first, and exits with 130.
pub fn install_signal_handler() {
    let installed = ctrlc::set_handler(|| {
        eprintln!("interrupted: cleaning up");
        let actions = std::mem::take(&mut *ACTIONS.lock().unwrap_or_else(PoisonError::into_inner));
        for (_, action) in actions.into_iter().rev() {
            action();
        }
        std::process::exit(130);
    });
    if let Err(error) = installed {
        eprintln!("warning: Ctrl-C will not clean up ({error})");
    }
}
