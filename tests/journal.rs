//! Calls that outlive their process, or the future that awaited them: what a journal holds, and what recovery makes of it. A
//! wrong word here is a second charge.

#[path = "journal/double.rs"]
mod double;
#[path = "journal/raw.rs"]
mod raw;
#[path = "journal/recover.rs"]
mod recover;
#[path = "journal/spend.rs"]
mod spend;
#[path = "journal/written.rs"]
mod written;
