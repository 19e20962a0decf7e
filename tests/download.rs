//! Downloads. In: files on the emulator, on servers with faults of their own, and behind a double of the transport.
//! Out: the same bytes in a file, a writer or memory, or nothing and the reason. Knows the public names only.

#[path = "download/attempts.rs"]
mod attempts;
#[path = "download/checksum.rs"]
mod checksum;
#[path = "download/cuts.rs"]
mod cuts;
#[path = "download/emulated.rs"]
mod emulated;
#[path = "download/files.rs"]
mod files;
#[path = "download/limits.rs"]
mod limits;
#[path = "download/media.rs"]
mod media;
#[path = "download/origin.rs"]
mod origin;
#[cfg(unix)]
#[path = "download/permissions.rs"]
mod permissions;
#[path = "download/private.rs"]
mod private;
#[path = "download/proxies.rs"]
mod proxies;
#[path = "download/redirects.rs"]
mod redirects;
#[path = "download/resume.rs"]
mod resume;
#[path = "download/versions.rs"]
mod versions;
