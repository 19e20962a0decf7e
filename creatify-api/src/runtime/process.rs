//! The process that a client works in. In: every use of the client. Out: whether this is the process of the
//! first one. Knows no connection.

use std::sync::OnceLock;

/// The process that first used a client.
///
/// `fork` copies connections without what drives them: a response to the copy never comes, and what it sends
/// mixes with what the original sends.
#[derive(Debug, Default)]
pub(super) struct Process(OnceLock<u32>);

impl Process {
    /// Takes note of the first use; refuses one in another process.
    pub(super) fn enter(&self) -> Result<(), &'static str> {
        self.enter_as(id())
    }

    fn enter_as(&self, id: u32) -> Result<(), &'static str> {
        match *self.0.get_or_init(|| id) == id {
            true => Ok(()),
            false => Err(
                "this client was used before the process was forked, and its connections belong to the \
                 other one; build a client after the fork",
            ),
        }
    }
}

/// The id of this process.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn id() -> u32 {
    std::process::id()
}

/// A browser has no processes.
#[cfg(target_arch = "wasm32")]
fn id() -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::Process;

    #[test]
    fn a_client_belongs_to_the_process_that_used_it_first() {
        let process = Process::default();
        assert!(process.enter_as(7).is_ok() && process.enter_as(7).is_ok());
        assert!(process.enter_as(8).is_err() && process.enter_as(7).is_ok());
        assert!(Process::default().enter().is_ok());
    }
}
