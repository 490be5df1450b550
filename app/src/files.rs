//! The store of files: bytes under their SHA-256, each content once. In a folder, or in a bucket of an S3-compatible
//! service; which one the server's configuration says.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

/// The store of files. Cloning it is cheap.
#[derive(Clone)]
pub struct Files {
    place: Arc<Place>,
}

enum Place {
    /// Made at the first file.
    Folder {
        folder: PathBuf,
        opened: OnceCell<Arc<dyn ObjectStore>>,
    },
    Store(Arc<dyn ObjectStore>),
    /// Why it cannot be used.
    Nowhere(String),
}

/// Why a file could not be stored or read: for the log.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder or the service failed.
    #[error("the store of files failed: {0}")]
    Store(#[from] object_store::Error),
    /// It was configured so that it cannot be used.
    #[error("the store of files cannot be used: {0}")]
    Unusable(String),
    /// The folder cannot be made.
    #[error("the folder of files cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// What was read is not what was stored.
    #[error("the stored file {0} is damaged: its content has another hash")]
    Damaged(String),
}

impl Files {
    /// In a folder; it is made when the first file comes.
    pub fn in_folder(folder: PathBuf) -> Self {
        let opened = OnceCell::new();
        Self {
            place: Arc::new(Place::Folder { folder, opened }),
        }
    }

    /// In any store the library knows.
    pub fn in_store(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            place: Arc::new(Place::Store(store)),
        }
    }

    /// A store that refuses every file.
    pub fn unusable(reason: String) -> Self {
        Self {
            place: Arc::new(Place::Nowhere(reason)),
        }
    }

    /// Stores a content and gives its SHA-256. A content that is there already is left alone. When this returns, the
    /// bytes are on the disk.
    pub async fn put(&self, bytes: Bytes) -> Result<String, FilesError> {
        let store = self.open().await?;
        let hash = content_hash(&bytes).await?;
        let options = PutOptions::from(PutMode::Create);
        match store.put_opts(&path_of(&hash), bytes.into(), options).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(hash),
            Err(error) => Err(error.into()),
        }
    }

    /// The content with this SHA-256; `None` if there is none.
    pub async fn get(&self, hash: &str) -> Result<Option<Bytes>, FilesError> {
        let store = self.open().await?;
        let found = match store.get(&path_of(hash)).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let content = found.clone();
        let read = tokio::task::spawn_blocking(move || hash_of(&content)).await;
        match read {
            Ok(read) if read == hash => Ok(Some(found)),
            _ => Err(FilesError::Damaged(hash.to_owned())),
        }
    }

    /// Removes a content that nothing names any more; one that is not there is none.
    pub async fn remove(&self, hash: &str) -> Result<(), FilesError> {
        let store = self.open().await?;
        match store.delete(&path_of(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn open(&self) -> Result<&Arc<dyn ObjectStore>, FilesError> {
        match self.place.as_ref() {
            Place::Store(store) => Ok(store),
            Place::Nowhere(reason) => Err(FilesError::Unusable(reason.clone())),
            Place::Folder { folder, opened } => {
                opened
                    .get_or_try_init(async || {
                        tokio::fs::create_dir_all(folder).await?;
                        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
                        Ok::<Arc<dyn ObjectStore>, FilesError>(Arc::new(store))
                    })
                    .await
            }
        }
    }
}

/// SHA-256, 64 hexadecimal digits.
/// The SHA-256 under which a content is stored.
pub async fn content_hash(content: &Bytes) -> Result<String, std::io::Error> {
    let content = content.clone();
    let hash = tokio::task::spawn_blocking(move || hash_of(&content)).await;
    hash.map_err(|error| std::io::Error::other(error.to_string()))
}

fn hash_of(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// `ab/abcdef…`: no folder gets more than a part of the files.
fn path_of(hash: &str) -> Path {
    Path::from_iter([hash.get(..2).unwrap_or("00"), hash])
}

/// What may be uploaded, as people read it.
pub const KINDS_TEXT: &str = "PDF、PNG、JPEG、XLSX、DOCX、CSV、ZIP";
/// The same for the `accept` attribute of a file field.
pub const KINDS_ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.csv,.zip";

/// The media type of a content, if it is one of those that may be uploaded. Only the content is looked at.
pub fn media_type(content: &[u8]) -> Option<&'static str> {
    const ALLOWED: &[&str] = &[
        "application/pdf",
        "image/png",
        "image/jpeg",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
    ];
    match infer::get(content) {
        Some(kind) => ALLOWED
            .iter()
            .copied()
            .find(|allowed| *allowed == kind.mime_type()),
        None => is_table_of_text(content).then_some("text/csv"),
    }
}

/// Lines of text with a separator, in UTF-8 or one of the Chinese encodings; no control characters, and nothing that a
/// browser could take for a page.
fn is_table_of_text(content: &[u8]) -> bool {
    let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let plain = text
        .iter()
        .all(|byte| !byte.is_ascii_control() || matches!(byte, b'\n' | b'\r' | b'\t'));
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let separated = first_line
        .iter()
        .any(|byte| matches!(byte, b',' | b';' | b'\t'));
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    plain && separated && first.is_some_and(|byte| *byte != b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("huitan_files_{name}_{}", std::process::id()))
    }

    #[tokio::test]
    async fn the_same_content_is_stored_once_and_read_back_by_its_hash() {
        let folder = folder("once");
        let files = Files::in_folder(folder.clone());
        let content = Bytes::from_static(b"%PDF-1.7 content");
        let hash = files.put(content.clone()).await.expect("stored");
        assert_eq!(files.put(content.clone()).await.expect("stored"), hash);
        assert_eq!(files.get(&hash).await.expect("read"), Some(content));
        let inside = std::fs::read_dir(folder.join(&hash[..2])).expect("a folder");
        assert_eq!(inside.count(), 1);
        assert_eq!(files.get(&"0".repeat(64)).await.expect("read"), None);
        std::fs::remove_dir_all(&folder).expect("tidied");
    }

    #[tokio::test]
    async fn a_damaged_file_is_not_given_out() {
        let folder = folder("damaged");
        let files = Files::in_folder(folder.clone());
        let hash = files
            .put(Bytes::from_static(b"a,b\n1,2"))
            .await
            .expect("stored");
        std::fs::write(folder.join(&hash[..2]).join(&hash), b"a,b\n1,3").expect("written");
        assert!(matches!(
            files.get(&hash).await,
            Err(FilesError::Damaged(_))
        ));
        std::fs::remove_dir_all(&folder).expect("tidied");
    }

    #[tokio::test]
    async fn a_hash_cannot_leave_the_folder() {
        let folder = folder("leave");
        let files = Files::in_folder(folder.clone());
        for hash in ["../../etc/passwd", "..", "/etc/passwd", ""] {
            assert!(!matches!(files.get(hash).await, Ok(Some(_))), "{hash}");
        }
        std::fs::remove_dir_all(&folder).expect("tidied");
    }

    #[test]
    fn only_the_content_decides_what_may_be_uploaded() {
        assert_eq!(media_type(b"%PDF-1.7\n..."), Some("application/pdf"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000"), Some("image/png"));
        assert_eq!(
            media_type(b"PK\x03\x04rest of an archive, long enough"),
            Some("application/zip")
        );
        assert_eq!(
            media_type("树种,胸径\n杉木,12.3\n".as_bytes()),
            Some("text/csv")
        );
        assert_eq!(
            media_type(b"\xca\xf7\xd6\xd6,\xd0\xd8\xbe\xb6\r\n1,2"),
            Some("text/csv")
        );
        for refused in [
            b"<html>,<script>alert(1)</script>".as_slice(),
            b"  <svg xmlns='http://www.w3.org/2000/svg'>, </svg>",
            b"\xef\xbb\xbf<!doctype html>,",
            b"MZ\x90\x00\x03\x00\x00\x00",
            b"\x7fELF\x02\x01\x01\x00",
            b"#!/bin/sh\nrm,-rf",
            b"one word",
            b"a,b\x00c",
            b"",
        ] {
            assert_eq!(
                media_type(refused),
                None,
                "{}",
                String::from_utf8_lossy(refused)
            );
        }
    }
}
