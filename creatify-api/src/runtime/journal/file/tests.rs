//! The journal file. In: files that are cut, corrupt, read-only or in use. Out: entries that are all
//! there, or a clear error.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use super::store::{Change, Store};
use super::*;
use crate::runtime::Timestamp;
use crate::runtime::journal::EntryState;

const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn call(name: &str) -> PendingCall {
    PendingCall {
        key: super::super::unique_number(),
        operation: "films_create".to_owned(),
        method: "POST".to_owned(),
        path: "/films/".to_owned(),
        subject: None,
        name: Some(name.to_owned()),
        is_unique: true,
        began: Timestamp::UNIX_EPOCH,
        server_began: None,
        timeout: MINUTE,
        account: "a".to_owned(),
        estimate: Some(5.0),
    }
}

/// A path of its own for each test, with nothing there.
fn path(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("creatify-journal-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    let _ = std::fs::remove_file(&path);
    path
}

/// Opens the file once the thread that wrote it has ended.
fn reopen(path: &Path) -> FileJournal {
    for _ in 0..500 {
        match FileJournal::open(path) {
            Ok(journal) => return journal,
            Err(error) if error.to_string().contains("in use") => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the file stays locked");
}

fn names(entries: &[Entry]) -> Vec<(&str, bool)> {
    let names = entries.iter().map(|entry| {
        let name = entry.call.name().unwrap_or_default();
        (name, entry.state == EntryState::InFlight)
    });
    names.collect()
}

#[tokio::test]
async fn what_is_open_survives_the_process_and_what_is_closed_is_kept_with_its_outcome() {
    let path = path("survives");
    let journal = FileJournal::open(&path).expect("a journal");
    let made = CallOutcome::Processed {
        job: Some("j-1".to_owned()),
    };
    let (one, two) = (call("one"), call("two"));
    for call in [&one, &two] {
        let claim = journal.open(call, Owner::new(), MINUTE).await;
        let claim = claim.expect("an entry");
        if call == &one {
            assert!(journal.close(&claim, &made).await.expect("closed"));
            assert!(!journal.close(&claim, &made).await.expect("closed once"));
        }
    }
    let open = journal.open_entries("a").await.expect("entries");
    assert_eq!(names(&open), [("two", true)]);
    drop(journal);

    let journal = reopen(&path);
    let open = journal.open_entries("a").await.expect("entries");
    assert_eq!(names(&open), [("two", false)], "its holder is gone");
    assert_eq!(open[0].call, two);
    assert!(journal.open_entries("b").await.expect("entries").is_empty());
    let closed = journal.closed_entries("a").await.expect("entries");
    assert!(matches!(&closed[0].state, EntryState::Closed(outcome, _) if *outcome == made));
    let new = journal.open(&call("three"), Owner::new(), MINUTE).await;
    assert_eq!(new.expect("an entry").entry, 3, "numbers are used once");
}

#[test]
fn a_second_opening_is_refused_and_says_why() {
    let path = path("locked");
    let first = FileJournal::open(&path).expect("a journal");
    let error = FileJournal::open(&path).expect_err("locked").to_string();
    assert!(
        error.contains("in use by another process, or by a client") && error.contains("locked"),
        "{error}"
    );
    drop(first);
    reopen(&path);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let path = path("mode");
    let _journal = FileJournal::open(&path).expect("a journal");
    let mode = std::fs::metadata(&path)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn of_two_who_settle_only_the_later_closes() {
    let journal = FileJournal::open(path("fence")).expect("a journal");
    let (first, second) = (Owner::new(), Owner::new());
    // The lease of the first is over at once, as if its process hung.
    let slow = journal.open(&call("x"), first, Duration::ZERO).await;
    let slow = slow.expect("an entry");
    let fast = journal.claim(slow.entry, second, MINUTE).await;
    let fast = fast.expect("no error").expect("a claim");
    let third = journal.claim(slow.entry, Owner::new(), MINUTE).await;
    assert_eq!(third.expect("no error"), None, "it is held");
    assert!(!journal.renew(&slow, MINUTE).await.expect("no error"));
    let nothing = CallOutcome::NotProcessed;
    assert!(!journal.close(&slow, &nothing).await.expect("no error"));
    assert!(journal.close(&fast, &nothing).await.expect("no error"));
}

#[tokio::test]
async fn what_is_released_is_open_for_others_also_when_it_was_closed() {
    let path = path("released");
    let journal = FileJournal::open(&path).expect("a journal");
    let owner = Owner::new();
    let claim = journal.open(&call("x"), owner, MINUTE).await;
    let claim = claim.expect("an entry");
    journal.release(Owner::new(), Some(claim.entry));
    let open = journal.open_entries("a").await.expect("entries");
    assert_eq!(names(&open), [("x", true)], "a stranger gives nothing up");
    journal.release(owner, Some(claim.entry));
    let open = journal.open_entries("a").await.expect("entries");
    assert_eq!(names(&open), [("x", false)]);

    let again = journal.claim(claim.entry, owner, MINUTE).await;
    let again = again.expect("no error").expect("a claim");
    // Whoever waited for the outcome is gone before the reply.
    let outcome = CallOutcome::NotProcessed;
    drop(journal.close(&again, &outcome));
    journal.release(owner, Some(claim.entry));
    let open = journal.open_entries("a").await.expect("entries");
    assert_eq!(names(&open), [("x", false)]);
    assert!(
        journal
            .closed_entries("a")
            .await
            .expect("entries")
            .is_empty()
    );
    drop(journal);
    let open = reopen(&path).open_entries("a").await.expect("entries");
    assert_eq!(names(&open), [("x", false)]);
}

#[tokio::test]
async fn closed_entries_go_when_their_time_is_over() {
    let journal = FileJournal::with_retention(path("retention"), Duration::ZERO);
    let journal = journal.expect("a journal");
    for _ in 0..300 {
        let claim = journal.open(&call("x"), Owner::new(), MINUTE).await;
        let claim = claim.expect("an entry");
        let closed = journal.close(&claim, &CallOutcome::NotProcessed).await;
        assert!(closed.expect("closed"));
    }
    let kept = journal.closed_entries("a").await.expect("entries").len();
    assert!(kept < 100, "{kept} are kept");
}

/// The bytes of a journal with an open and a closed entry.
async fn sample() -> Vec<u8> {
    let path = path("sample");
    let journal = FileJournal::open(&path).expect("a journal");
    for name in ["one", "two", "three"] {
        let claim = journal.open(&call(name), Owner::new(), MINUTE).await;
        let outcome = CallOutcome::NotProcessed;
        if name == "one" {
            let closed = journal.close(&claim.expect("an entry"), &outcome).await;
            closed.expect("closed");
        }
    }
    drop(journal);
    drop(reopen(&path));
    std::fs::read(&path).expect("the file")
}

#[tokio::test]
async fn a_file_that_was_cut_or_changed_is_an_error_and_no_panic() {
    let whole = sample().await;
    let opened = |bytes: &[u8], what: &str| {
        let path = path("damaged");
        std::fs::write(&path, bytes).expect("written");
        match FileJournal::open(&path) {
            Ok(_) => true,
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains("damaged"), "{what}: {text}");
                false
            }
        }
    };
    assert!(opened(&whole, "whole"));
    assert!(opened(&[], "empty"), "an empty file is a new journal");
    for length in (1..whole.len()).step_by(whole.len() / 40) {
        let cut = opened(&whole[..length], &format!("cut at {length}"));
        assert!(!cut, "cut at {length} of {}", whole.len());
    }
    assert!(!opened(b"{\"json\": true}", "another file"));
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..8 {
            let place = random.usize(..bytes.len());
            bytes[place] = random.u8(..);
        }
        // Bytes that nothing refers to may be anything.
        opened(&bytes, "changed");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_or_not_a_folder_is_an_error_that_names_the_path() {
    for path in ["/nowhere/at/all", "/dev/null/x", "/"] {
        let error = FileJournal::open(path).expect_err(path).to_string();
        assert!(error.contains(path) && error.contains("opened"), "{error}");
    }
}

/// A disk with room for so many writes.
#[derive(Debug)]
struct Disk {
    bytes: InMemoryBackend,
    left: Arc<AtomicUsize>,
}

impl Disk {
    fn take(&self) -> io::Result<()> {
        let less = |left: usize| left.checked_sub(1);
        match self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        {
            Ok(_) => Ok(()),
            Err(_) => Err(io::ErrorKind::StorageFull.into()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.bytes.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.bytes.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.take()?;
        self.bytes.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.take()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.take()?;
        self.bytes.write(offset, data)
    }
}

#[tokio::test]
async fn a_full_disk_is_an_error_before_anything_is_paid() {
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let disk = |left: &Arc<AtomicUsize>| Disk {
        bytes: InMemoryBackend::new(),
        left: Arc::clone(left),
    };
    let store = Store::on(disk(&left), MINUTE).expect("a store");
    let (commands, received) = mpsc::channel();
    worker::spawn(store, received, Path::new("full")).expect("a thread");
    let journal = FileJournal { commands };
    let first = journal.open(&call("one"), Owner::new(), MINUTE).await;
    let first = first.expect("there is room");
    left.store(0, Ordering::SeqCst);
    for _ in 0..2 {
        let error = journal.open(&call("two"), Owner::new(), MINUTE).await;
        let error = error.expect_err("the disk is full").to_string();
        assert!(
            error.contains("`full`") && error.contains("no paid call"),
            "{error}"
        );
    }
    // Room alone does not mend what was half written.
    left.store(usize::MAX, Ordering::SeqCst);
    let closed = journal.close(&first, &CallOutcome::NotProcessed).await;
    closed.expect_err("it must be opened again");

    let full = Arc::new(AtomicUsize::new(0));
    Store::on(disk(&full), MINUTE)
        .err()
        .expect("no room for a new one");
}

#[test]
fn a_batch_is_written_wholly_or_not() {
    // However early the disk is full: what was not written is not there, and nothing panics.
    for room in 0..60 {
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let disk = Disk {
            bytes: InMemoryBackend::new(),
            left: Arc::clone(&left),
        };
        let mut store = Store::on(disk, MINUTE).expect("a store");
        left.store(room, Ordering::SeqCst);
        let changes: Vec<Change> = (1..=3)
            .map(|id| Change::Open(id, Box::new(call("x"))))
            .collect();
        let written = store.write(&changes).is_ok();
        left.store(usize::MAX, Ordering::SeqCst);
        if written {
            assert_eq!(store.open_calls().expect("calls").len(), 3, "{room}");
        }
    }
}
