//! Archives: a zipped shapefile, or a zipped KML (KMZ).

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::raw::Raw;
use crate::{Problem, Rules, kml, shapes};

/// Most files in an archive.
const FILES_MAX: usize = 100;
/// How much larger than the largest file its content may be when it is unpacked.
const EXPANSION_MAX: usize = 4;
/// Largest description of a coordinate system, in bytes.
const SYSTEM_BYTES_MAX: usize = 20_000;

/// Reads the one layer of an archive. Nothing is written anywhere, and never more than the limit is unpacked, whatever the archive says of its own
/// sizes.
pub(crate) fn read(bytes: &[u8], rules: &Rules) -> Result<Raw, Problem> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::new("zip_unreadable"))?;
    if archive.len() > FILES_MAX {
        return Err(Problem::new("zip_too_many_files")
            .with("count", archive.len())
            .with("max", FILES_MAX));
    }
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .filter(|name| {
            !name
                .as_ref()
                .is_ok_and(|name| name.starts_with("__MACOSX/") || name.contains("/._"))
        })
        .collect::<Result<_, _>>()
        .map_err(|_| Problem::new("zip_unreadable"))?;
    let ending = |wanted: &str| -> Vec<&String> {
        names
            .iter()
            .filter(|name| name.to_lowercase().ends_with(wanted))
            .collect()
    };
    let (shapes, documents) = (ending(".shp"), ending(".kml"));
    let most = rules.bytes_max.saturating_mul(EXPANSION_MAX);
    match (shapes.as_slice(), documents.as_slice()) {
        ([], []) => Err(Problem::new("zip_without_boundary")),
        ([shape], []) => {
            let wanted = format!("{}.prj", &shape[..shape.len() - 4]);
            let system = names
                .iter()
                .find(|name| name.eq_ignore_ascii_case(&wanted))
                .ok_or_else(|| Problem::new("prj_missing").with("name", show(&wanted)))?;
            let system = unpack(&mut archive, system, SYSTEM_BYTES_MAX)?;
            shapes::coordinate_system(&String::from_utf8_lossy(&system))?;
            let shape = unpack(&mut archive, shape, most)?;
            shapes::read(&shape, rules)
        }
        ([], [document]) => {
            let document = unpack(&mut archive, document, most)?;
            let text = std::str::from_utf8(&document).map_err(|_| Problem::new("not_utf8"))?;
            kml::read(text.trim_start_matches('\u{feff}').trim(), rules)
        }
        (shapes, documents) => {
            Err(Problem::new("zip_several_layers").with("count", shapes.len() + documents.len()))
        }
    }
}

fn show(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// One file of the archive, at most `most` bytes.
fn unpack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    most: usize,
) -> Result<Vec<u8>, Problem> {
    let file = archive
        .by_name(name)
        .map_err(|_| Problem::new("zip_unreadable"))?;
    let mut content = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit)
        .read_to_end(&mut content)
        .map_err(|_| Problem::new("zip_unreadable"))?;
    if content.len() > most {
        return Err(Problem::new("zip_expands_too_much").with("max", most));
    }
    Ok(content)
}
