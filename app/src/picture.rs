//! What a photo looks like, as a short text: the same picture written into another file, smaller or compressed again, has the same one in
//! most cases, and pictures of different things have different ones. A picture that was cut or turned is not recognised (docs/decisions/0031).

use std::io::Cursor;

use axum::body::Bytes;
use image::{ImageReader, Limits};
use image_hasher::{HashAlg, HasherConfig};

/// The widest and highest picture that is opened, pixels.
const SIDE_MAX: u32 = 20_000;
/// The most memory an opened picture may take, bytes.
const MEMORY_MAX: u64 = 256 << 20;

/// The look of a PNG or JPEG picture; `None` where it cannot be opened.
pub async fn look(bytes: Bytes) -> Option<String> {
    let look = tokio::task::spawn_blocking(move || look_of(&bytes)).await;
    look.ok().flatten()
}

fn look_of(bytes: &[u8]) -> Option<String> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let hasher = HasherConfig::new()
        .hash_size(8, 8)
        .hash_alg(HashAlg::Gradient)
        .to_hasher();
    Some(hasher.hash_image(&picture).to_base64())
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

    use super::*;

    /// A picture with something in it; `turn` moves the thing.
    fn picture(turn: u32) -> DynamicImage {
        let paint = |x: u32, y: u32| {
            let (dx, dy) = (x.abs_diff(90 + 61 * turn), y.abs_diff(120));
            let inside = dx * dx + dy * dy < 4_900;
            let stripe = (x / (23 + turn)).is_multiple_of(3);
            Rgb([
                if inside { 220 } else { 40 },
                if stripe { 180 } else { 60 },
                u8::try_from(y % 256).unwrap_or(0),
            ])
        };
        DynamicImage::ImageRgb8(RgbImage::from_fn(320, 240, paint))
    }

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture
            .write_to(&mut bytes, ImageFormat::Png)
            .expect("a PNG");
        bytes.into_inner()
    }

    fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        picture.write_with_encoder(encoder).expect("a JPEG");
        bytes
    }

    #[test]
    fn the_same_picture_in_another_file_looks_the_same_and_another_one_does_not() {
        let one = look_of(&png(&picture(0))).expect("a look");
        assert_eq!(look_of(&jpeg(&picture(0), 90)), Some(one.clone()));
        assert_eq!(look_of(&jpeg(&picture(0), 60)), Some(one.clone()));
        assert_ne!(look_of(&png(&picture(1))), Some(one.clone()));
        assert_ne!(look_of(&png(&picture(2))), Some(one));
        assert_eq!(look_of(b"not a picture"), None);
        let mut cut = png(&picture(0));
        cut.truncate(cut.len() / 2);
        assert_eq!(look_of(&cut), None);
    }
}
