//! Files on the disk. In: downloads that end well, badly or not at all. Out: the whole file at its path or what was there
//! before, and nothing beside it.

use std::error::Error as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use creatify_api::RetryPolicy;
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};

use crate::media::{ADDRESS, Ending, Media, Step, answer, file, serve};

/// A folder with one file in it, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("download-{name}"));
        if path.exists() {
            fs::remove_dir_all(&path).expect("remove what an earlier run left");
        }
        fs::create_dir_all(&path).expect("a folder");
        let folder = Self(path);
        fs::write(folder.target(), "old").expect("a file");
        folder
    }

    fn target(&self) -> PathBuf {
        self.0.join("video.mp4")
    }

    fn content(&self) -> Vec<u8> {
        fs::read(self.target()).expect("the target")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Threads that still had the file when a download was dropped are given time to remove it.
    async fn is_tidy(&self) -> bool {
        for _ in 0..1_000 {
            if self.names() == ["video.mp4"] {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left does no harm, the next run removes it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A host that cuts, and begins anew when it is asked for the rest.
fn host(length: usize, most: usize, tag: &'static str) -> Media {
    let served = file(length);
    Media::new(move |number, request| {
        let most = if number == 1 { most } else { length };
        serve(request, &served, tag, (most, Ending::Break))
    })
}

#[tokio::test]
async fn the_file_takes_the_place_of_the_old_one_at_the_end() {
    // Small enough for one buffer, and large enough for several; cut and resumed, or begun anew.
    for (name, length, tag) in [
        ("small", 1_000, "\"a\""),
        ("large", 3_000_000, "\"a\""),
        ("anew", 3_000_000, ""),
    ] {
        let folder = Folder::new(name);
        let target = folder.target();
        let watched = target.clone();
        let media = host(length, length / 2, tag);
        let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
        let download = media
            .client()
            .download(ADDRESS)
            .retry(policy)
            .progress(move |_| {
                assert_eq!(fs::read(&watched).expect("the target"), b"old");
            });
        let downloaded = download.to_file(&target).await.expect("the file");
        assert_eq!(downloaded.bytes, length as u64);
        assert_eq!(downloaded.path.as_deref(), Some(target.as_path()));
        assert!(folder.content() == file(length), "{name}");
        assert_eq!(folder.names(), ["video.mp4"]);
        assert_eq!(media.requests().len(), 2);
    }
}

/// A crash of the server must not cost the file that was there, nor leave a heap of half ones.
#[tokio::test]
async fn a_download_that_fails_leaves_everything_as_it_was() {
    let folder = Folder::new("fails");
    let media = host(3_000_000, 1_000_000, "");
    let download = media.client().download(ADDRESS).retry(RetryPolicy::off());
    let error = download.to_file(folder.target()).await.expect_err("a cut");
    assert!(error.is_download(), "{error}");
    assert_eq!(folder.content(), b"old");
    assert!(folder.is_tidy().await, "{:?}", folder.names());
}

/// It is written beside the target while it comes, and not kept in memory.
#[tokio::test]
async fn the_disk_has_what_has_come() {
    let folder = Folder::new("streams");
    let beside = folder.0.clone();
    let download = host(3_000_000, 3_000_000, "")
        .client()
        .download(ADDRESS)
        .progress(move |progress| {
            let parts = fs::read_dir(&beside)
                .expect("the folder")
                .filter_map(|entry| {
                    let entry = entry.expect("an entry");
                    let name = entry.file_name().to_string_lossy().into_owned();
                    let is_part = name.starts_with(".creatify-") && name.ends_with(".part");
                    is_part.then(|| entry.metadata().expect("its length").len())
                });
            let parts: Vec<u64> = parts.collect();
            assert_eq!(parts.len(), 1);
            assert!(
                progress.received - parts[0] < 512 * 1024,
                "{parts:?} of {}",
                progress.received
            );
        });
    download.to_file(folder.target()).await.expect("the file");
}

/// A user closes the window in the middle.
#[tokio::test]
async fn a_dropped_download_leaves_nothing_behind() {
    let folder = Folder::new("dropped");
    for length in [10_000, 3_000_000] {
        let served = file(length);
        let media = Media::new(move |_, request| {
            serve(request, &served, "", (served.len() / 2, Ending::Stall))
        });
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let mut sender = Some(sender);
        let half = length as u64 / 2;
        let download = media.client().download(ADDRESS).progress(move |progress| {
            if progress.received == half {
                let told = sender.take().map(|sender| sender.send(()));
                assert_eq!(told, Some(Ok(())));
            }
        });
        let running = Box::pin(download.to_file(folder.target()));
        let Either::Right((told, running)) = select(running, receiver).await else {
            panic!("it cannot end");
        };
        told.expect("half of the file");
        assert_eq!(folder.names().len(), 2, "{:?}", folder.names());
        drop(running);
        assert!(folder.is_tidy().await, "{:?}", folder.names());
        assert_eq!(folder.content(), b"old");
    }
}

/// Also between any two of its steps, when a thread is just about to create, write or rename the file.
#[tokio::test]
async fn it_can_be_dropped_at_any_moment() {
    let folder = Folder::new("any-moment");
    let whole = file(300_000);
    for polls in 0..60 {
        fs::write(folder.target(), "old").expect("a file");
        let client = host(300_000, 300_000, "\"a\"").client();
        let mut running = Box::pin(client.download(ADDRESS).to_file(folder.target()));
        for _ in 0..polls {
            if (&mut running).now_or_never().is_some() {
                break;
            }
            // A thread may be done by then, or not.
            tokio::time::sleep(Duration::from_micros(polls * 5)).await;
        }
        drop(running);
        assert!(
            folder.is_tidy().await,
            "after {polls}: {:?}",
            folder.names()
        );
        let content = folder.content();
        assert!(
            content == b"old" || content == whole,
            "{} bytes after {polls}",
            content.len()
        );
    }
}

/// Nothing is asked for that could not be put anywhere.
#[tokio::test]
async fn a_path_that_cannot_be_written_is_told_before_anything_is_sent() {
    let folder = Folder::new("paths");
    let media = Media::new(|_, _| Step::Answer(answer(200, &[], "the file")));
    let table = [
        (
            folder.0.join("missing/video.mp4"),
            Some(io::ErrorKind::NotFound),
        ),
        (
            folder.target().join("video.mp4"),
            Some(io::ErrorKind::NotADirectory),
        ),
        (folder.0.clone(), Some(io::ErrorKind::IsADirectory)),
        (folder.0.join(".."), None),
        (folder.0.join("missing/"), None),
        (
            folder.0.join("a".repeat(300)),
            Some(io::ErrorKind::InvalidFilename),
        ),
        (PathBuf::new(), None),
    ];
    for (path, kind) in table {
        let error = media
            .client()
            .download(ADDRESS)
            .to_file(&path)
            .await
            .expect_err("no such place");
        assert!(
            error.is_download() && error.to_string().contains(&format!("{path:?}")),
            "{error}"
        );
        let source = error
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>());
        assert_eq!(source.map(io::Error::kind), kind, "{path:?}");
    }
    assert!(media.requests().is_empty());
    assert_eq!(folder.names(), ["video.mp4"]);
}

/// A program that knows the name of the next file must not be able to lay a link in its way.
#[cfg(unix)]
#[tokio::test]
async fn a_link_at_the_path_is_replaced_and_not_followed() {
    let folder = Folder::new("link");
    let link = folder.0.join("link.mp4");
    std::os::unix::fs::symlink(folder.target(), &link).expect("a link");
    let client = host(1_000, 1_000, "").client();
    client
        .download(ADDRESS)
        .to_file(&link)
        .await
        .expect("the file");
    assert_eq!(folder.content(), b"old");
    assert!(fs::read(&link).expect("the file") == file(1_000));
    assert!(fs::symlink_metadata(&link).expect("what it is").is_file());
}

/// Whoever runs as root could replace a device, and with it what all other programs use.
#[cfg(unix)]
#[tokio::test]
async fn what_is_no_ordinary_file_stays_what_it_is() {
    let folder = Folder::new("special");
    let media = host(1_000, 1_000, "");
    let socket = folder.0.join("socket");
    let _bound = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let locked = folder.0.join("locked.mp4");
    fs::write(&locked, "kept").expect("a file");
    let mut permissions = fs::metadata(&locked).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("permissions");
    for path in [&socket, &locked] {
        let saved = media.client().download(ADDRESS).to_file(path).await;
        assert!(saved.is_err_and(|error| error.is_download()), "{path:?}");
    }
    assert!(media.requests().is_empty());
    assert_eq!(folder.names(), ["locked.mp4", "socket", "video.mp4"]);
    assert_eq!(fs::read(&locked).expect("the file"), b"kept");
}
