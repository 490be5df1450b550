//! What every handler shares: the registry, the addresses of the static files, and a few facts of this installation.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use registry::Registry;

use crate::files::Files;
use crate::print::Printer;

/// The state of the axum router. The server makes it once at start; cloning it is cheap.
#[derive(Clone)]
pub struct Host {
    /// The registry.
    pub registry: Registry,
    /// Addresses of the static files.
    pub assets: Arc<Assets>,
    /// Uploaded files.
    pub files: Files,
    /// Makes PDF and spreadsheets.
    pub printer: Printer,
    /// Demo mode: the banner and the demo clock are shown.
    pub demo: bool,
    /// The address people use, without a slash at the end: `https://registry.example`.
    pub public_url: Arc<str>,
    /// Whether cookies may travel without TLS (demo mode on a loopback address only).
    pub cookies_without_tls: bool,
}

/// Addresses of the static files, each with a version of its content, so that browsers may keep them for ever.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    addresses: BTreeMap<String, String>,
}

impl Assets {
    /// Reads `assets.json` of the built site (`"huitan.css": "/huitan.css?v=0123456789ab"`). Without such a file
    /// every address is the plain name, which serves development.
    pub fn read(site: &Path) -> Self {
        let addresses = std::fs::read_to_string(site.join("assets.json"))
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self { addresses }
    }

    /// The address of a file of the site: `huitan.css` -> `/huitan.css?v=…`.
    pub fn address(&self, name: &str) -> String {
        self.addresses
            .get(name)
            .cloned()
            .unwrap_or_else(|| format!("/{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_version_keeps_its_plain_address() {
        let mut assets = Assets::read(Path::new("/nowhere"));
        assert_eq!(assets.address("pkg/huitan.js"), "/pkg/huitan.js");
        assets
            .addresses
            .insert("huitan.css".to_owned(), "/huitan.css?v=1".to_owned());
        assert_eq!(assets.address("huitan.css"), "/huitan.css?v=1");
    }
}
