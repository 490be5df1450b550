//! The last step: versioned addresses, compressed copies, sizes.
//!
//! A file keeps its name; its address gets `?v=` and the first 12 digits of the SHA-256 of its content. `assets.json`
//! lists them (`"huitan.css": "/huitan.css?v=0123456789ab"`), so the server can let browsers keep a versioned address
//! for ever.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files smaller than this gain nothing from compression.
const COMPRESSED_FROM_BYTES: usize = 512;

/// Does the whole step on the folder `site`.
pub fn finish(site: &Path, plain: bool) -> Result<()> {
    remove_compressed_copies(site)?;
    version_the_wasm_inside_the_modules(site)?;
    let mut addresses = BTreeMap::new();
    let mut lines = Vec::new();
    for path in files_below(site)? {
        let name = path
            .strip_prefix(site)?
            .to_string_lossy()
            .replace('\\', "/");
        if name == "assets.json" {
            continue;
        }
        let content = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        addresses.insert(name.clone(), format!("/{name}?v={}", version(&content)));
        if !plain && is_compressible(&path) && content.len() >= COMPRESSED_FROM_BYTES {
            lines.push(compress(&path, &name, &content)?);
        }
    }
    let manifest = serde_json::to_string_pretty(&addresses)?;
    fs::write(site.join("assets.json"), manifest + "\n")?;
    if !lines.is_empty() {
        println!(
            "{:<34} {:>10} {:>10} {:>10}   (bytes)",
            "file", "raw", "gzip 9", "brotli 11"
        );
        for line in lines {
            println!("{line}");
        }
    }
    Ok(())
}

/// Each JavaScript module fetches its WebAssembly by name: give that name the version of the content as well.
fn version_the_wasm_inside_the_modules(site: &Path) -> Result<()> {
    let folder = site.join("pkg");
    if !folder.is_dir() {
        return Ok(());
    }
    for wasm in files_below(&folder)? {
        let name = wasm.file_name().unwrap_or_default().to_string_lossy();
        let Some(module) = name.strip_suffix("_bg.wasm") else {
            continue;
        };
        let module = folder.join(format!("{module}.js"));
        let wasm_version = version(&fs::read(&wasm)?);
        let text =
            fs::read_to_string(&module).with_context(|| format!("reading {}", module.display()))?;
        let mut versioned = text.clone();
        for quote in ['"', '\''] {
            versioned = versioned.replace(
                &format!("{name}{quote}"),
                &format!("{name}?v={wasm_version}{quote}"),
            );
        }
        anyhow::ensure!(
            versioned != text,
            "{} does not name {name} as expected",
            module.display()
        );
        fs::write(module, versioned)?;
    }
    Ok(())
}

/// Writes the `.br` and `.gz` beside the file; returns its line of the size table.
fn compress(path: &Path, name: &str, content: &[u8]) -> Result<String> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content)?;
    let gzip = gzip.finish()?;
    let mut brotli_copy = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut brotli_copy, &parameters)?;
    fs::write(with_suffix(path, ".gz"), &gzip)?;
    fs::write(with_suffix(path, ".br"), &brotli_copy)?;
    Ok(format!(
        "{name:<34} {:>10} {:>10} {:>10}",
        content.len(),
        gzip.len(),
        brotli_copy.len()
    ))
}

/// 12 hexadecimal digits that change when the content does.
fn version(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))[..12].to_owned()
}

fn is_compressible(path: &Path) -> bool {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    matches!(
        ending,
        "js" | "css"
            | "wasm"
            | "svg"
            | "json"
            | "txt"
            | "html"
            | "ico"
            | "webmanifest"
            | "ttf"
            | "otf"
    )
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_compressed_copies(site: &Path) -> Result<()> {
    for path in files_below(site)? {
        if path
            .extension()
            .is_some_and(|ending| ending == "br" || ending == "gz")
        {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Every file below `folder`, in a fixed order.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("reading {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
