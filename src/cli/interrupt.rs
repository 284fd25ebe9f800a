//! Ctrl-C: noted where it arrives, acted on where nothing is half done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ui::Progress;
use crate::workspace::Watch;

/// Whether the user wants the program to end.
#[derive(Clone)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. A second Ctrl-C ends the process at once.
    pub(super) fn listen() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // Where a signal cannot be listened to, its own effect stays: the process ends.
            _ = signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&flag));
            _ = signal_hook::flag::register(signal, Arc::clone(&flag));
        }
        Self(flag)
    }

    /// Whether the user has said so.
    pub(super) fn is_heard(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Work that is watched: it moves a bar, and ends when the user says so.
pub(super) struct Watched {
    pub(super) progress: Progress,
    pub(super) interrupt: Interrupt,
}

impl Watch for Watched {
    fn tick(&self) {
        self.progress.tick();
    }

    fn is_stopped(&self) -> bool {
        self.interrupt.is_heard()
    }
}
