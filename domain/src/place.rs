//! Provinces, the regional grids they belong to, and coordinates.

use methodologies::quantity::half_width;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::refusal::{Refusal, codes};

/// A province, autonomous region or municipality of the mainland.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Province {
    /// GB/T 2260 code, six digits.
    pub code: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// The regional grids it may feed, the usual one first, by the names of the factor sets.
    pub grids: &'static [&'static str],
}

const fn province(
    code: &'static str,
    name_zh: &'static str,
    name_en: &'static str,
    grids: &'static [&'static str],
) -> Province {
    Province {
        code,
        name_zh,
        name_en,
        grids,
    }
}

/// Every mainland province by code. Eastern Inner Mongolia is operated with the Northeast grid; Sichuan and Chongqing
/// were in the Central grid before the seven-grid sets.
#[rustfmt::skip]
pub const PROVINCES: &[Province] = &[
    province("110000", "北京市", "Beijing", &["North"]),
    province("120000", "天津市", "Tianjin", &["North"]),
    province("130000", "河北省", "Hebei", &["North"]),
    province("140000", "山西省", "Shanxi", &["North"]),
    province("150000", "内蒙古自治区", "Inner Mongolia", &["North", "Northeast"]),
    province("210000", "辽宁省", "Liaoning", &["Northeast"]),
    province("220000", "吉林省", "Jilin", &["Northeast"]),
    province("230000", "黑龙江省", "Heilongjiang", &["Northeast"]),
    province("310000", "上海市", "Shanghai", &["East"]),
    province("320000", "江苏省", "Jiangsu", &["East"]),
    province("330000", "浙江省", "Zhejiang", &["East"]),
    province("340000", "安徽省", "Anhui", &["East"]),
    province("350000", "福建省", "Fujian", &["East"]),
    province("360000", "江西省", "Jiangxi", &["Central"]),
    province("370000", "山东省", "Shandong", &["North"]),
    province("410000", "河南省", "Henan", &["Central"]),
    province("420000", "湖北省", "Hubei", &["Central"]),
    province("430000", "湖南省", "Hunan", &["Central"]),
    province("440000", "广东省", "Guangdong", &["South"]),
    province("450000", "广西壮族自治区", "Guangxi", &["South"]),
    province("460000", "海南省", "Hainan", &["South"]),
    province("500000", "重庆市", "Chongqing", &["Southwest", "Central"]),
    province("510000", "四川省", "Sichuan", &["Southwest", "Central"]),
    province("520000", "贵州省", "Guizhou", &["South"]),
    province("530000", "云南省", "Yunnan", &["South"]),
    province("540000", "西藏自治区", "Tibet", &["Southwest"]),
    province("610000", "陕西省", "Shaanxi", &["Northwest"]),
    province("620000", "甘肃省", "Gansu", &["Northwest"]),
    province("630000", "青海省", "Qinghai", &["Northwest"]),
    province("640000", "宁夏回族自治区", "Ningxia", &["Northwest"]),
    province("650000", "新疆维吾尔自治区", "Xinjiang", &["Northwest"]),
];

/// The province with this code, if there is one.
pub fn province_of(code: &str) -> Option<&'static Province> {
    PROVINCES.iter().find(|province| province.code == code)
}

/// Fewest decimals of a coordinate: six are about 0.1 m (CCER-01-001-V01 8.2).
pub const COORDINATE_DECIMALS_MIN: u32 = 6;
const LONGITUDE: (i64, i64) = (73, 136);
const LATITUDE: (i64, i64) = (3, 54);

/// Longitude and latitude in decimal degrees, east and north, inside China (73 < lon < 136, 3 < lat < 54), with at least six
/// decimals as typed. Refused at their fields: empty, not decimal degrees (`coordinate_invalid`), swapped
/// (`coordinates_swapped`), outside (`coordinate_outside`), too coarse (`coordinate_too_coarse`).
pub fn coordinates(longitude: &str, latitude: &str) -> Result<(Decimal, Decimal), Vec<Refusal>> {
    let (lon, lat) = match (
        degrees("longitude", longitude),
        degrees("latitude", latitude),
    ) {
        (Ok(lon), Ok(lat)) => (lon, lat),
        (lon, lat) => return Err([lon.err(), lat.err()].into_iter().flatten().collect()),
    };
    if within(lon, LATITUDE) && within(lat, LONGITUDE) {
        return Err(vec![
            Refusal::new(codes::COORDINATES_SWAPPED)
                .at("longitude")
                .with("longitude", lat)
                .with("latitude", lon),
        ]);
    }
    let refusals: Vec<Refusal> = [
        inside("longitude", lon, LONGITUDE),
        inside("latitude", lat, LATITUDE),
    ]
    .into_iter()
    .flatten()
    .collect();
    if refusals.is_empty() {
        Ok((lon, lat))
    } else {
        Err(refusals)
    }
}

/// Decimal degrees as typed, full-width or not, with `°`, `E` or `N` behind; zeros at the end count as decimals.
fn degrees(field: &str, text: &str) -> Result<Decimal, Refusal> {
    let plain: String = text.chars().take(60).map(half_width).collect();
    let plain = plain
        .trim()
        .trim_end_matches(['E', 'e', 'N', 'n', '°', ' ']);
    if plain.is_empty() && text.trim().is_empty() {
        return Err(Refusal::new(codes::REQUIRED).at(field));
    }
    let shown: String = text.chars().take(40).collect();
    let invalid = || {
        Refusal::new(codes::COORDINATE_INVALID)
            .at(field)
            .with("value", &shown)
    };
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain_digits(whole) || !plain_digits(fraction) || fraction.len() > 15 {
        return Err(invalid());
    }
    plain.parse().map_err(|_| invalid())
}

fn within(degrees: Decimal, (low, high): (i64, i64)) -> bool {
    Decimal::from(low) < degrees && degrees < Decimal::from(high)
}

fn inside(field: &str, degrees: Decimal, range: (i64, i64)) -> Option<Refusal> {
    if !within(degrees, range) {
        return Some(
            Refusal::new(codes::COORDINATE_OUTSIDE)
                .at(field)
                .with("min", range.0)
                .with("max", range.1),
        );
    }
    if degrees.scale() < COORDINATE_DECIMALS_MIN {
        return Some(
            Refusal::new(codes::COORDINATE_TOO_COARSE)
                .at(field)
                .with("decimals", COORDINATE_DECIMALS_MIN),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(longitude: &str, latitude: &str) -> Vec<(String, &'static str)> {
        let refusals = coordinates(longitude, latitude).expect_err("a refusal");
        refusals
            .into_iter()
            .map(|refusal| (refusal.field.unwrap_or_default(), refusal.code))
            .collect()
    }

    #[test]
    fn wrong_coordinates_are_refused_each_with_its_reason() {
        type Expected = &'static [(&'static str, &'static str)];
        let table: &[(&str, &str, Expected)] = &[
            (
                "",
                "",
                &[
                    ("longitude", codes::REQUIRED),
                    ("latitude", codes::REQUIRED),
                ],
            ),
            (
                "22.812300",
                "115.934500",
                &[("longitude", codes::COORDINATES_SWAPPED)],
            ),
            (
                "22.8",
                "115.9",
                &[("longitude", codes::COORDINATES_SWAPPED)],
            ),
            (
                "115.93450",
                "22.812300",
                &[("longitude", codes::COORDINATE_TOO_COARSE)],
            ),
            (
                "115",
                "22",
                &[
                    ("longitude", codes::COORDINATE_TOO_COARSE),
                    ("latitude", codes::COORDINATE_TOO_COARSE),
                ],
            ),
            (
                "73.000000",
                "22.812300",
                &[("longitude", codes::COORDINATE_OUTSIDE)],
            ),
            (
                "136.000000",
                "54.000000",
                &[
                    ("longitude", codes::COORDINATE_OUTSIDE),
                    ("latitude", codes::COORDINATE_OUTSIDE),
                ],
            ),
            (
                "-115.934500",
                "22.812300",
                &[("longitude", codes::COORDINATE_OUTSIDE)],
            ),
            (
                "115°56'04\"",
                "22.812300",
                &[("longitude", codes::COORDINATE_INVALID)],
            ),
            (
                "1e2",
                "22.812300",
                &[("longitude", codes::COORDINATE_INVALID)],
            ),
            (
                "115,934500",
                "22.812300",
                &[("longitude", codes::COORDINATE_INVALID)],
            ),
            (
                "E",
                "22.812300",
                &[("longitude", codes::COORDINATE_INVALID)],
            ),
        ];
        for (longitude, latitude, expected) in table {
            let expected: Vec<_> = expected
                .iter()
                .map(|(field, code)| ((*field).to_owned(), *code))
                .collect();
            assert_eq!(
                refused(longitude, latitude),
                expected,
                "{longitude} {latitude}"
            );
        }
        assert_eq!(refused(&"1".repeat(10_000), "22.812300").len(), 1);
    }

    #[test]
    fn decimal_degrees_are_read_with_full_width_digits_and_signs_of_direction() {
        let point = coordinates("１１５．９３４５００", " 22.812300°N ").expect("a point");
        assert_eq!(
            point,
            (Decimal::new(115_934_500, 6), Decimal::new(22_812_300, 6))
        );
    }

    #[test]
    fn every_province_has_a_code_a_name_and_a_grid() {
        assert_eq!(PROVINCES.len(), 31);
        for (at, province) in PROVINCES.iter().enumerate() {
            assert_eq!(province_of(province.code), Some(province));
            assert!(province.code.len() == 6 && !province.grids.is_empty());
            assert!(PROVINCES[..at].iter().all(
                |other| other.name_zh != province.name_zh && other.name_en != province.name_en
            ));
        }
        assert_eq!(province_of("710000"), None);
    }
}
