//! Permissions of downloaded files, where there are such. In: files that are replaced, new files, links. Out: what was
//! there before decides who may read the new file, and otherwise what decides for every new file.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use creatify_api::Client;

use crate::media::{ADDRESS, Ending, Media, file, serve};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("download-mode-{name}"));
    if path.exists() {
        fs::remove_dir_all(&path).expect("remove what an earlier run left");
    }
    fs::create_dir_all(&path).expect("a folder");
    path
}

fn mode(path: &Path) -> u32 {
    let found = fs::symlink_metadata(path).expect("a file");
    found.permissions().mode() & 0o7777
}

fn client() -> Client {
    Media::new(|_, request| serve(request, &file(1_000), "", (1_000, Ending::Well))).client()
}

#[tokio::test]
async fn a_file_keeps_the_permissions_of_the_one_it_replaces() {
    let folder = folder("replaced");
    let path = folder.join("video.mp4");
    for (before, after) in [
        (0o600, 0o600),
        (0o640, 0o640),
        (0o644, 0o644),
        (0o666, 0o666),
        (0o755, 0o755),
        (0o777, 0o777),
        // Whoever runs it as somebody else was to run the old content.
        (0o4755, 0o755),
        (0o2775, 0o775),
    ] {
        fs::write(&path, "old").expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(before)).expect("permissions");
        let beside = folder.clone();
        let download = client().download(ADDRESS).progress(move |_| {
            for entry in fs::read_dir(&beside).expect("the folder") {
                let path = entry.expect("an entry").path();
                assert_eq!(
                    mode(&path) & 0o777 & !before,
                    0,
                    "{path:?} can be read by others"
                );
            }
        });
        download.to_file(&path).await.expect("the file");
        assert!(fs::read(&path).expect("the file") == file(1_000));
        assert_eq!(mode(&path), after, "{before:o}");
    }
    fs::remove_dir_all(folder).expect("the folder");
}

/// Also with an unusual mask, which only another process can have.
#[tokio::test]
async fn a_new_file_has_the_permissions_of_every_new_file() {
    const MASKED: &str = "DOWNLOAD_TEST_MASKED";
    let masked = std::env::var(MASKED);
    let folder = folder(masked.as_deref().unwrap_or("new"));
    let (path, usual) = (folder.join("video.mp4"), folder.join("usual"));
    File::create(&usual).expect("a file");
    client()
        .download(ADDRESS)
        .to_file(&path)
        .await
        .expect("the file");
    assert_eq!(mode(&path), mode(&usual));
    if let Ok(mask) = masked {
        let mask = u32::from_str_radix(&mask, 8).expect("a mask");
        assert_eq!(mode(&path), 0o666 & !mask);
    } else {
        for mask in ["077", "027", "002"] {
            let program = std::env::current_exe().expect("this program");
            let test = "permissions::a_new_file_has_the_permissions_of_every_new_file";
            let status = tokio::process::Command::new("sh")
                .args(["-c", "umask \"$1\" && exec \"$0\" --exact \"$2\""])
                .arg(program)
                .args([mask, test])
                .env(MASKED, mask)
                .status();
            assert!(status.await.expect("the program").success(), "{mask}");
        }
    }
    fs::remove_dir_all(folder).expect("the folder");
}

/// What a link leads to is neither written nor asked who may read it.
#[tokio::test]
async fn a_link_is_replaced_by_a_new_file() {
    let folder = folder("link");
    let (path, usual) = (folder.join("link.mp4"), folder.join("usual"));
    let secret = folder.join("secret");
    File::create(&usual).expect("a file");
    fs::write(&secret, "kept").expect("a file");
    fs::set_permissions(&secret, Permissions::from_mode(0o600)).expect("permissions");
    for target in [&secret, &folder.join("nowhere")] {
        symlink(target, &path).expect("a link");
        client()
            .download(ADDRESS)
            .to_file(&path)
            .await
            .expect("the file");
        assert!(fs::symlink_metadata(&path).expect("a file").is_file());
        assert_eq!(mode(&path), mode(&usual));
        fs::remove_file(&path).expect("the file");
    }
    assert_eq!(
        (fs::read(&secret).expect("a file"), mode(&secret)),
        (b"kept".to_vec(), 0o600)
    );
    fs::remove_dir_all(folder).expect("the folder");
}
