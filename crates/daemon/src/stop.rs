//! The word that it is over, heard at once by threads that sleep.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Said once, by whoever heard the signal.
#[derive(Debug, Default)]
pub struct Stop {
    said: AtomicBool,
    lock: Mutex<()>,
    wake: Condvar,
}

impl Stop {
    /// Says it.
    pub fn now(&self) {
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.said.store(true, Ordering::Relaxed);
        self.wake.notify_all();
    }

    /// Whether it was said.
    pub fn is_said(&self) -> bool {
        self.said.load(Ordering::Relaxed)
    }

    /// For code that wants to look by itself.
    pub fn flag(&self) -> &AtomicBool {
        &self.said
    }

    /// Sleeps for `pause`, or until it is said.
    pub fn sleep(&self, pause: Duration) {
        let held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        // A poisoned lock guards nothing but the wake-up.
        let _ = self.wake.wait_timeout_while(held, pause, |()| !self.is_said());
    }
}
