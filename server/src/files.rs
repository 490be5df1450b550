//! The store of files as it was configured.

use std::sync::Arc;

use anyhow::{Context, Result};
use app::files::Files;
use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;

use crate::config::{FilesPlace, S3};

/// The store of files of this configuration. A bucket that cannot be used leaves a store that refuses every file and
/// says why; [`check`] finds that before the server listens.
pub fn open(place: &FilesPlace) -> Files {
    match place {
        FilesPlace::Folder(folder) => Files::in_folder(folder.clone()),
        FilesPlace::S3(s3) => bucket(s3).unwrap_or_else(|error| Files::unusable(error.to_string())),
    }
}

/// Whether the configuration describes a store that can be used.
pub fn check(place: &FilesPlace) -> Result<()> {
    match place {
        FilesPlace::Folder(_) => Ok(()),
        FilesPlace::S3(s3) => bucket(s3).map(|_| ()),
    }
}

/// A bucket of an S3-compatible service. Nothing is asked of the service yet.
fn bucket(s3: &S3) -> Result<Files> {
    // the library for TLS asks the process which cryptography to use; a second answer changes nothing
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&s3.bucket)
        .with_region(&s3.region)
        .with_access_key_id(&s3.key)
        .with_secret_access_key(s3.secret.text());
    if let Some(endpoint) = &s3.endpoint {
        builder = builder
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"));
    }
    let store = builder
        .build()
        .context("HUITAN_FILES: the bucket cannot be used")?;
    let store = PrefixStore::new(store, s3.prefix.as_str());
    Ok(Files::in_store(Arc::new(store)))
}
