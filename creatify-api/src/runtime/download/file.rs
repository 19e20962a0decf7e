//! A file on the disk that is there as a whole or not at all. In: bytes in order. Out: a file at a
//! path, written beside it first. Knows no network.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::mem;
use std::path::{Path, PathBuf};

use super::sink::Sink;
use super::transfer;
use super::{Download, Downloaded, address, failed, failed_by};
use crate::runtime::Error;
use crate::runtime::transport::BoxFuture;

/// How much is collected before the disk is asked to write it.
const BUFFER: usize = 256 * 1024;

/// Downloads to a path.
pub(super) fn download(
    download: Download,
    path: PathBuf,
) -> BoxFuture<'static, Result<Downloaded, Error>> {
    Box::pin(async move {
        // Before there is any file.
        address::checked(
            &download.address,
            download.client.inner.redirects.encryption,
        )?;
        let mut target = Target::begin(path.clone()).await?;
        let downloaded = transfer::run(download, &mut target).await?;
        Ok(Downloaded {
            path: Some(path),
            ..downloaded
        })
    })
}

/// A file to be, as a sink.
///
/// The disk is used by threads that may wait for it. Whatever they work on is theirs meanwhile, so that
/// a download that is dropped in between leaves the removal to them.
struct Target {
    /// None while a thread has it, and when it is finished.
    partial: Option<Partial>,
    buffer: Vec<u8>,
}

/// A file beside the path, removed unless it took its place.
struct Partial {
    path: PathBuf,
    target: PathBuf,
    /// None once it is complete and closed.
    file: Option<File>,
    took_place: bool,
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Closed first: some systems remove no open file.
        self.file = None;
        if !self.took_place {
            // Nobody is left to hear of a failure.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Target {
    async fn begin(target: PathBuf) -> Result<Self, Error> {
        if !names_a_file(&target) {
            return Err(failed(format!("{target:?} does not name a file")));
        }
        let shown = target.clone();
        let created = in_thread(move || {
            check_replaceable(&target)?;
            Partial::create(&folder(&target), target)
        });
        match created.await {
            Ok(partial) => Ok(Self {
                partial: Some(partial),
                buffer: Vec::with_capacity(BUFFER),
            }),
            Err(error) => Err(failed_by(format!("{shown:?} cannot be written"), error)),
        }
    }

    /// Lets a thread work on the file, with what has been collected for it.
    async fn work(
        &mut self,
        work: impl FnOnce(Partial, &[u8]) -> io::Result<Option<Partial>> + Send + 'static,
    ) -> io::Result<()> {
        let Some(partial) = self.partial.take() else {
            return Err(io::Error::other("the file is closed"));
        };
        let mut buffer = mem::take(&mut self.buffer);
        let work = move || {
            let partial = work(partial, &buffer)?;
            buffer.clear();
            Ok((partial, buffer))
        };
        (self.partial, self.buffer) = in_thread(work).await?;
        Ok(())
    }
}

impl Sink for Target {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            self.buffer.extend_from_slice(bytes);
            if self.buffer.len() < BUFFER {
                return Ok(());
            }
            self.work(|mut partial, bytes| {
                partial.write(bytes)?;
                Ok(Some(partial))
            })
            .await
        })
    }

    fn finish(&mut self) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(self.work(|mut partial, bytes| {
            partial.write(bytes)?;
            partial.take_place()?;
            Ok(None)
        }))
    }

    fn can_restart(&self) -> bool {
        true
    }

    fn restart(&mut self) -> BoxFuture<'_, io::Result<()>> {
        self.buffer.clear();
        Box::pin(self.work(|mut partial, _| {
            partial.empty()?;
            Ok(Some(partial))
        }))
    }
}

impl Partial {
    fn create(folder: &Path, target: PathBuf) -> io::Result<Self> {
        /// More names that are taken are no chance.
        const TRIES: u32 = 8;
        for _ in 1..TRIES {
            match Self::create_as(folder, &target) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other,
            }
        }
        Self::create_as(folder, &target)
    }

    fn create_as(folder: &Path, target: &Path) -> io::Result<Self> {
        let path = folder.join(format!(".creatify-{:016x}.part", fastrand::u64(..)));
        // Exclusively: what is there already, a link as well, is somebody else's.
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        mode::prepare(&mut options, target)?;
        let file = options.open(&path)?;
        Ok(Self {
            path,
            target: target.to_owned(),
            file: Some(file),
            took_place: false,
        })
    }

    fn file(&mut self) -> io::Result<&mut File> {
        let closed = || io::Error::other("the file is closed");
        self.file.as_mut().ok_or_else(closed)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file()?.write_all(bytes)
    }

    fn empty(&mut self) -> io::Result<()> {
        let file = self.file()?;
        file.set_len(0)?;
        file.rewind()
    }

    /// Brings the bytes to the disk, and the file to its place.
    fn take_place(mut self) -> io::Result<()> {
        let target = self.target.clone();
        let file = self.file()?;
        mode::keep(file, &target)?;
        file.sync_all()?;
        self.file = None;
        fs::rename(&self.path, &self.target)?;
        self.took_place = true;
        sync_folder(&self.target)
    }
}

/// Who may read and write the file: whoever might read and write the ordinary file in whose place it comes. A new file,
/// also one in the place of a link, gets what every new file gets.
#[cfg(unix)]
mod mode {
    use std::fs::{self, File, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    /// Reading, writing and running. To run as somebody else was granted to the old content only.
    const BITS: u32 = 0o777;

    /// What is written beside a secret file is as secret, from its first byte on.
    pub(super) fn prepare(options: &mut OpenOptions, target: &Path) -> io::Result<()> {
        if let Some(mode) = of(target)? {
            options.mode(mode);
        }
        Ok(())
    }

    pub(super) fn keep(file: &File, target: &Path) -> io::Result<()> {
        match of(target)? {
            // Not asked for without need: some file systems have the same mode for all files, and refuse.
            Some(mode) if file.metadata()?.permissions().mode() & BITS != mode => {
                file.set_permissions(Permissions::from_mode(mode))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn of(path: &Path) -> io::Result<Option<u32>> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_file() => Ok(Some(found.permissions().mode() & BITS)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Elsewhere the folder says who may.
#[cfg(not(unix))]
mod mode {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn prepare(_: &mut OpenOptions, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn keep(_: &File, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the path can be that of a file: the last thing in it is a name.
fn names_a_file(path: &Path) -> bool {
    let ends_open = path.to_string_lossy().ends_with(std::path::is_separator);
    path.file_name().is_some() && !ends_open
}

/// Whether the file can take the place of what is there: of an ordinary file that may be written, and of a link,
/// which is not followed. A device would be gone for everybody.
fn check_replaceable(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() && !found.is_symlink() {
        return Err(io::Error::other("it is no ordinary file"));
    }
    if found.is_file() && found.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(())
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// A new name is only safe once its folder is on the disk.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(folder(path)).and_then(|folder| folder.sync_all()) {
        // Not every file system can; the file is there all the same. A folder need not be readable either.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput
                    | io::ErrorKind::Unsupported
                    | io::ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Elsewhere a folder cannot be opened.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Runs what may have to wait for the disk. What it gives is dropped when nobody waits for it any more.
async fn in_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}
