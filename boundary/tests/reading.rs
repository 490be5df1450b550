//! Files as people send them: what is read, and what is refused with which sentence.

// places of test shapes, in degrees
#![allow(clippy::float_arithmetic)]

use std::io::{Cursor, Write};

use boundary::{Boundary, Format, PROBLEMS, Rules, draw, overlap, read, reopen};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

/// A square of about 1.1 km by 0.96 km near Sanming, written with six decimals.
const SQUARE: &[(&str, &str)] = &[
    ("117.500000", "26.100000"),
    ("117.510000", "26.100000"),
    ("117.510000", "26.110000"),
    ("117.500000", "26.110000"),
    ("117.500000", "26.100000"),
];

fn ring(points: &[(&str, &str)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(lon, lat)| format!("[{lon},{lat}]"))
        .collect();
    format!("[{}]", points.join(","))
}

fn polygon(rings: &[&[(&str, &str)]]) -> String {
    let rings: Vec<String> = rings.iter().map(|points| ring(points)).collect();
    format!(
        r#"{{"type":"Polygon","coordinates":[{}]}}"#,
        rings.join(",")
    )
}

/// A square with its south-west corner and its side in 1e-6 degrees.
fn square(west: i64, south: i64, side: i64) -> String {
    let degrees = |micro: i64| format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    let corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)];
    let points: Vec<String> = corners
        .iter()
        .map(|(east, north)| format!("[{},{}]", degrees(west + east), degrees(south + north)))
        .collect();
    format!("[{}]", points.join(","))
}

fn many(rings: &[String]) -> String {
    let polygons: Vec<String> = rings.iter().map(|ring| format!("[{ring}]")).collect();
    format!(
        r#"{{"type":"Feature","geometry":{{"type":"MultiPolygon","coordinates":[{}]}},"properties":null}}"#,
        polygons.join(",")
    )
}

fn good(text: &str) -> Boundary {
    read(text.as_bytes(), &Rules::default()).expect("a right file")
}

fn refused(bytes: &[u8], rules: &Rules) -> Vec<&'static str> {
    let problems = read(bytes, rules).expect_err("a wrong file");
    for problem in &problems {
        let text = problem.text();
        assert!(!text.zh.contains('{') && !text.en.contains('{'), "{text:?}");
    }
    problems.iter().map(|problem| problem.code).collect()
}

fn refuses(text: &str) -> Vec<&'static str> {
    refused(text.as_bytes(), &Rules::default())
}

#[test]
fn geojson_kml_and_shapefile_of_one_square_are_the_same_boundary() {
    let json = good(&polygon(&[SQUARE]));
    let kml = good(&kml(SQUARE));
    let shape = read(&shapefile(PRJ), &Rules::default()).expect("a right shapefile");
    assert_eq!(json.plots(), kml.plots());
    assert_eq!(json.area_m2(), shape.area_m2());
    assert_eq!(
        [json.format(), kml.format(), shape.format()].map(Format::name),
        ["GeoJSON", "KML", "Shapefile"]
    );
    // 1000.37 m east to west at 26.105 degrees north, 1107.85 m south to north
    assert_eq!(json.area_m2() / 1000, 1_108);
    let frame = json.bounding_box();
    assert_eq!(
        (frame.west, frame.south, frame.east, frame.north),
        (117_500_000, 26_100_000, 117_510_000, 26_110_000)
    );
}

#[test]
fn a_kmz_is_read_like_its_kml() {
    let zipped = zipped(&[("doc.kml", kml(SQUARE).as_bytes())]);
    let boundary = read(&zipped, &Rules::default()).expect("a right archive");
    assert_eq!(boundary.plots(), good(&kml(SQUARE)).plots());
}

#[test]
fn what_is_stored_reads_back_the_same_and_passes_every_check_again() {
    let hole = square(117_503_000, 26_103_000, 2_000);
    let text = polygon(&[SQUARE]).replace("]]]}", &format!("]],{hole}]}}"));
    let boundary = good(&text);
    assert_eq!(boundary.plots()[0].rings.len(), 2);
    let stored = boundary.to_geojson();
    assert_eq!(reopen(&stored).expect("stored").plots(), boundary.plots());
    assert_eq!(good(&stored).area_m2(), boundary.area_m2());
    assert!(boundary.area_m2() < good(&polygon(&[SQUARE])).area_m2());
}

#[test]
fn fewer_than_six_decimals_are_refused_at_the_point() {
    let rough: Vec<(&str, &str)> = SQUARE
        .iter()
        .map(|(lon, lat)| (&lon[..9], &lat[..8]))
        .collect();
    let problems = read(polygon(&[&rough]).as_bytes(), &Rules::default()).expect_err("rough");
    assert_eq!(problems[0].code, "decimals_missing");
    assert!(problems[0].text().zh.contains("第 1 点"), "{problems:?}");
    assert!(problems[0].text().en.contains("point 1"), "{problems:?}");
    // in KML, which keeps its text, even one short number
    let mut one = SQUARE.to_vec();
    one[2].0 = "117.51000";
    assert_eq!(refuses(&kml(&one)), ["decimals_missing"]);
}

#[test]
fn numbers_of_json_that_lost_their_zeros_at_the_end_are_accepted() {
    let places: Vec<String> = (0..60)
        .map(|at| {
            // a regular shape with sixty corners; every tenth number ends in a zero that is left out
            let turn = f64::from(at) * std::f64::consts::TAU / 60.0;
            let number = |value: f64| {
                let text = format!("{value:.6}");
                text.trim_end_matches('0').to_owned()
            };
            format!(
                "[{},{}]",
                number(117.512_347 + turn.cos() / 97.0),
                number(26.112_348 + turn.sin() / 89.0)
            )
        })
        .collect();
    let text = format!(
        r#"{{"type":"Polygon","coordinates":[[{},{}]]}}"#,
        places.join(","),
        places[0]
    );
    assert!(
        places
            .iter()
            .any(|place| place.len() < "[117.500000,26.100000]".len())
    );
    assert_eq!(good(&text).vertex_count(), 61);
    let cut: String = text.replace(&places[7], "[117.5198,26.1199]");
    assert_eq!(refuses(&cut), ["decimals_missing"]);
}

#[test]
fn swapped_coordinates_are_recognised_and_places_abroad_refused() {
    let swapped: Vec<(&str, &str)> = SQUARE.iter().map(|(lon, lat)| (*lat, *lon)).collect();
    let problems = read(polygon(&[&swapped]).as_bytes(), &Rules::default()).expect_err("swapped");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "swapped");
    assert!(problems[0].text().zh.contains("经度和纬度写反了"));
    let abroad = [
        ("2.350000", "48.850000"),
        ("2.360000", "48.850000"),
        ("2.360000", "48.860000"),
        ("2.350000", "48.850000"),
    ];
    assert_eq!(refuses(&polygon(&[&abroad])), ["outside_china"]);
    let huge = [
        ("1e300", "26.100000"),
        ("117.510000", "26.100000"),
        ("117.510000", "26.110000"),
        ("1e300", "26.100000"),
    ];
    assert!(refuses(&polygon(&[&huge])).contains(&"outside_china"));
}

#[test]
fn rings_must_be_closed_long_enough_and_free_of_crossings() {
    assert_eq!(refuses(&polygon(&[&SQUARE[..4]])), ["ring_not_closed"]);
    assert_eq!(
        refuses(&polygon(&[&[SQUARE[0], SQUARE[1], SQUARE[0]]])),
        ["ring_too_short"]
    );
    let bow = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]];
    let problems = read(polygon(&[&bow]).as_bytes(), &Rules::default()).expect_err("a bow tie");
    assert_eq!(problems[0].code, "ring_crosses_itself");
    assert!(
        problems[0].text().en.contains("117.505000, 26.105000"),
        "{problems:?}"
    );
    let spike = [
        SQUARE[0],
        SQUARE[1],
        ("117.520000", "26.100000"),
        SQUARE[1],
        SQUARE[2],
        SQUARE[3],
        SQUARE[0],
    ];
    assert!(refuses(&polygon(&[&spike])).contains(&"ring_crosses_itself"));
}

#[test]
fn a_point_that_repeats_the_one_before_is_left_out() {
    let repeated = [
        SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[2], SQUARE[3], SQUARE[0],
    ];
    assert_eq!(good(&polygon(&[&repeated])).vertex_count(), 5);
}

#[test]
fn holes_lie_inside_and_do_not_cross() {
    let whole = square(117_500_000, 26_100_000, 10_000);
    let with = |hole: String| format!(r#"{{"type":"Polygon","coordinates":[{whole},{hole}]}}"#);
    assert_eq!(
        refuses(&with(square(117_520_000, 26_100_000, 1_000))),
        ["hole_outside"]
    );
    assert!(refuses(&with(square(117_509_000, 26_101_000, 2_000))).contains(&"rings_cross"));
    let nested = format!(
        "{},{}",
        square(117_502_000, 26_102_000, 4_000),
        square(117_503_000, 26_103_000, 1_000)
    );
    assert_eq!(refuses(&with(nested)), ["hole_outside"]);
    // a hole may touch the outer ring in one point
    let touching = r"[[117.500000,26.105000],[117.502000,26.104000],[117.502000,26.106000],[117.500000,26.105000]]";
    assert_eq!(good(&with(touching.to_owned())).plots()[0].rings.len(), 2);
}

#[test]
fn land_counts_once_within_a_file() {
    let first = square(117_500_000, 26_100_000, 10_000);
    assert_eq!(
        refuses(&many(&[first.clone(), first.clone()])),
        ["polygon_twice"]
    );
    let problems = read(
        many(&[first.clone(), square(117_509_000, 26_100_000, 10_000)]).as_bytes(),
        &Rules::default(),
    )
    .expect_err("an overlap");
    assert_eq!(problems[0].code, "plots_overlap");
    assert!(
        problems[0]
            .params
            .iter()
            .any(|(name, value)| *name == "area" && value.starts_with("1108")),
        "{problems:?}"
    );
    // neighbours that share an edge are no overlap
    let neighbours = good(&many(&[first, square(117_510_000, 26_100_000, 10_000)]));
    assert_eq!(neighbours.plot_count(), 2);
}

#[test]
fn a_contiguous_piece_below_the_smallest_size_is_refused_and_a_small_part_of_a_larger_one_is_not() {
    let rules = Rules {
        plot_minimum_m2: 400,
        ..Rules::default()
    };
    // 0.00018 degrees square at 26 degrees: 18 m by 20 m
    let small = square(117_500_000, 26_100_000, 180);
    let problems =
        read(many(std::slice::from_ref(&small)).as_bytes(), &rules).expect_err("too small");
    assert_eq!(problems[0].code, "plot_too_small");
    assert!(problems[0].text().zh.contains("至少 400 平方米"));
    let large = square(117_500_180, 26_100_000, 1_000);
    assert!(read(many(&[small.clone(), large]).as_bytes(), &rules).is_ok());
    let apart = square(117_600_000, 26_100_000, 1_000);
    assert_eq!(
        refused(many(&[small.clone(), apart]).as_bytes(), &rules),
        ["plot_too_small"]
    );
    assert!(read(many(&[small]).as_bytes(), &Rules::default()).is_ok());
}

#[test]
fn two_boundaries_share_what_they_share_and_an_edge_is_nothing() {
    let one = good(&many(&[square(117_500_000, 26_100_000, 10_000)]));
    let half = good(&many(&[square(117_505_000, 26_100_000, 10_000)]));
    let shared = overlap(&one, &half).expect("simple").expect("an overlap");
    let part = one.area_m2() / 2;
    assert!(
        (shared.area_m2() - part).abs() <= 2,
        "{} {part}",
        shared.area_m2()
    );
    assert_eq!(shared.plots().len(), 1);
    let beside = good(&many(&[square(117_510_000, 26_100_000, 10_000)]));
    assert_eq!(overlap(&one, &beside), Ok(None));
    // the same edge drawn 0.1 m too far west is still the same edge; 1 m is not
    let nearly = good(&many(&[square(117_509_999, 26_100_000, 10_000)]));
    assert_eq!(overlap(&one, &nearly), Ok(None));
    let over = good(&many(&[square(117_509_990, 26_100_000, 10_000)]));
    assert!(overlap(&one, &over).expect("simple").is_some());
    let elsewhere = good(&many(&[square(110_000_000, 26_100_000, 10_000)]));
    assert_eq!(overlap(&one, &elsewhere), Ok(None));
    assert_eq!(
        overlap(&one, &one)
            .expect("simple")
            .map(|all| all.area_m2() - one.area_m2() <= 1),
        Some(true)
    );
}

#[test]
fn a_hole_is_not_shared() {
    let around = square(117_500_000, 26_100_000, 10_000);
    let hole = square(117_503_000, 26_103_000, 4_000);
    let ring = good(&format!(
        r#"{{"type":"Polygon","coordinates":[{around},{hole}]}}"#
    ));
    let inside = good(&many(&[square(117_504_000, 26_104_000, 2_000)]));
    assert_eq!(overlap(&ring, &inside), Ok(None));
}

#[test]
fn sizes_are_limited() {
    let text = polygon(&[SQUARE]);
    let small = Rules {
        bytes_max: 50,
        ..Rules::default()
    };
    assert_eq!(
        refused(text.as_bytes(), &small),
        ["boundary_file_too_large"]
    );
    let few = Rules {
        vertices_max: 4,
        ..Rules::default()
    };
    assert_eq!(refused(text.as_bytes(), &few), ["too_many_vertices"]);
    assert_eq!(refused(kml(SQUARE).as_bytes(), &few), ["too_many_vertices"]);
    let squares: Vec<String> = (0..5001)
        .map(|at| square(100_000_000 + at * 100, 26_100_000, 50))
        .collect();
    assert_eq!(refuses(&many(&squares)), ["too_many_rings"]);
}

#[test]
fn an_archive_that_unpacks_to_more_than_the_limit_is_refused() {
    let rules = Rules {
        bytes_max: 100_000,
        ..Rules::default()
    };
    let blank = vec![b' '; 2_000_000];
    let bomb = zipped(&[("doc.kml", blank.as_slice())]);
    assert!(bomb.len() < 10_000);
    assert_eq!(refused(&bomb, &rules), ["zip_expands_too_much"]);
}

#[test]
fn an_entangled_boundary_is_refused_before_it_takes_long() {
    // long parallel diagonals: every rectangle meets every other
    let points: Vec<String> = (0..8_000)
        .flat_map(|at| {
            let low = format!("[117.{:06},26.100000]", 100_000 + at * 4);
            let high = format!("[118.{:06},27.100000]", 100_000 + at * 4);
            if at % 2 == 0 {
                [low, high]
            } else {
                [high, low]
            }
        })
        .collect();
    let text = format!(
        r#"{{"type":"Polygon","coordinates":[[{},[118.500000,26.000000],{}]]}}"#,
        points.join(","),
        points[0]
    );
    let started = std::time::Instant::now();
    assert!(refuses(&text).contains(&"too_complex"));
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn coordinate_systems_other_than_degrees_of_wgs84_or_cgcs2000_are_named_and_refused() {
    for accepted in [
        PRJ,
        r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]"#,
        r#"GEOGCRS["China Geodetic Coordinate System 2000",DATUM["x"]]"#,
    ] {
        assert!(
            read(&shapefile(accepted), &Rules::default()).is_ok(),
            "{accepted}"
        );
    }
    let projected = r#"PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]]"#;
    let problems = read(&shapefile(projected), &Rules::default()).expect_err("metres");
    assert_eq!(problems[0].code, "prj_projected");
    assert!(
        problems[0]
            .text()
            .zh
            .contains("CGCS2000_3_Degree_GK_CM_117E")
    );
    assert_eq!(
        refused(
            &shapefile(r#"GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980"]]"#),
            &Rules::default()
        ),
        ["system_not_accepted"]
    );
    let old = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4527"}},"features":[]}"#;
    assert_eq!(refuses(old), ["system_not_accepted"]);
}

#[test]
fn archives_that_are_not_one_layer_with_its_system_are_refused() {
    let shape = shape_bytes();
    let rules = Rules::default();
    assert_eq!(
        refused(&zipped(&[("a.shp", &shape)]), &rules),
        ["prj_missing"]
    );
    assert_eq!(
        refused(&zipped(&[("a.shp", &shape), ("b.shp", &shape)]), &rules),
        ["zip_several_layers"]
    );
    assert_eq!(
        refused(&zipped(&[("readme.txt", b"x")]), &rules),
        ["zip_without_boundary"]
    );
    assert_eq!(
        refused(b"PK\x03\x04 and then nothing", &rules),
        ["zip_unreadable"]
    );
    assert_eq!(refused(&shape, &rules), ["shapefile_alone"]);
    let names: Vec<String> = (0..101).map(|at| format!("{at}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refused(&zipped(&files), &rules), ["zip_too_many_files"]);
}

#[test]
fn files_that_are_something_else_say_what_is_wanted() {
    assert_eq!(refuses(""), ["boundary_file_empty"]);
    assert_eq!(refuses("lon,lat\n117,26"), ["format_unknown"]);
    assert_eq!(refuses("<html></html>"), ["format_unknown"]);
    assert_eq!(refuses("{"), ["json_unreadable"]);
    assert_eq!(refuses(r#"{"type":"Topology"}"#), ["geojson_unreadable"]);
    assert_eq!(
        refuses(r#"{"type":"Point","coordinates":[117.500000,26.100000]}"#),
        ["no_polygon"]
    );
    assert_eq!(
        refuses(r#"{"type":"Polygon","coordinates":[[["a","b"]]]}"#),
        ["number_unreadable"]
    );
    assert_eq!(
        refuses(
            "<kml><Polygon><outerBoundaryIs><coordinates>1;2</coordinates></outerBoundaryIs></Polygon></kml>"
        ),
        ["number_unreadable"]
    );
    assert_eq!(refuses("<kml><Polygon></kml>"), ["kml_unreadable"]);
    assert_eq!(
        refused(&[b'{', 0xff, 0xfe], &Rules::default()),
        ["not_utf8"]
    );
    let deep = format!(
        "{}{}",
        r#"{"type":"GeometryCollection","geometries":["#.repeat(2_000),
        "]}".repeat(2_000)
    );
    assert!(["json_unreadable", "geojson_unreadable"].contains(&refuses(&deep)[0]));
}

#[test]
fn every_problem_has_a_different_code_and_both_languages() {
    for (at, problem) in PROBLEMS.iter().enumerate() {
        assert!(!problem.zh.is_empty() && !problem.en.is_empty());
        assert!(
            PROBLEMS[..at]
                .iter()
                .all(|earlier| earlier.code != problem.code)
        );
        let holes = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
                .collect();
            names.sort();
            names
        };
        assert_eq!(holes(problem.zh), holes(problem.en), "{}", problem.code);
    }
}

#[test]
fn a_map_has_path_data_a_round_scale_bar_and_the_coordinates_of_its_corners() {
    let one = good(&many(&[square(117_500_000, 26_100_000, 10_000)]));
    let map = draw(&one.bounding_box(), &[one.plots(), &[]]);
    assert_eq!(map.layers.len(), 2);
    assert!(map.layers[0].path.starts_with('M') && map.layers[0].path.ends_with('Z'));
    assert!(map.layers[1].path.is_empty());
    assert_eq!(map.scale.metres, 200);
    assert!((100..=200).contains(&map.scale.units), "{:?}", map.scale);
    assert!(
        map.north.starts_with("26.11") && map.south.starts_with("26.09"),
        "{map:?}"
    );
    assert!(map.west < map.east);
    // a plot too small for the map is still marked
    let far = good(&many(&[
        square(117_500_000, 26_100_000, 30),
        square(118_500_000, 26_100_000, 30),
    ]));
    let map = draw(&far.bounding_box(), &[far.plots()]);
    assert_eq!(map.layers[0].path.matches('M').count(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &Rules::default());
    }

    #[test]
    fn no_change_of_a_right_file_makes_it_panic(which in 0..4_usize, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
        let mut bytes = match which {
            0 => polygon(&[SQUARE]).into_bytes(),
            1 => kml(SQUARE).into_bytes(),
            2 => shapefile(PRJ),
            _ => stored_shapefile(),
        };
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _ = read(&bytes, &Rules::default());
        bytes.truncate(cut.index(bytes.len()));
        let _ = read(&bytes, &Rules::default());
    }

    #[test]
    fn any_four_places_are_a_boundary_or_a_problem_and_what_is_accepted_survives_storing(places in proptest::collection::vec((117_000_000..117_050_000_i64, 26_000_000..26_050_000_i64), 3..9)) {
        let degrees = |micro: i64| format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
        let mut points: Vec<String> = places.iter().map(|(lon, lat)| format!("[{},{}]", degrees(*lon), degrees(*lat))).collect();
        points.push(points[0].clone());
        let text = format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, points.join(","));
        if let Ok(boundary) = read(text.as_bytes(), &Rules::default()) {
            let again = reopen(&boundary.to_geojson()).expect("stored");
            prop_assert_eq!(again.plots(), boundary.plots());
            let itself = overlap(&boundary, &boundary).expect("simple");
            if let Some(all) = itself {
                prop_assert!((all.area_m2() - boundary.area_m2()).abs() <= 2);
            }
        }
    }
}

const PRJ: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

fn kml(points: &[(&str, &str)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(lon, lat)| format!("{lon},{lat},12"))
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A &amp; B</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
        {}
        </coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"#,
        points.join("\n")
    )
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    archive(files, zip::CompressionMethod::Deflated)
}

fn archive(files: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(
                *name,
                SimpleFileOptions::default().compression_method(method),
            )
            .expect("in memory");
        writer.write_all(content).expect("in memory");
    }
    writer.finish().expect("in memory").into_inner()
}

fn shape_bytes() -> Vec<u8> {
    let mut shp = Cursor::new(Vec::new());
    {
        let points = [
            (117.5, 26.1),
            (117.5, 26.11),
            (117.51, 26.11),
            (117.51, 26.1),
            (117.5, 26.1),
        ];
        // moved by a millionth, so that the binary numbers have six decimals
        let points = points.map(|(x, y)| shapefile::Point::new(x + 0.000_001, y + 0.000_001));
        let polygon = shapefile::Polygon::new(shapefile::PolygonRing::Outer(points.to_vec()));
        let writer = shapefile::ShapeWriter::new(&mut shp);
        writer.write_shapes(&[polygon]).expect("in memory");
    }
    shp.into_inner()
}

fn shapefile(prj: &str) -> Vec<u8> {
    zipped(&[("林地.shp", &shape_bytes()), ("林地.prj", prj.as_bytes())])
}

fn stored_shapefile() -> Vec<u8> {
    archive(
        &[("a.shp", &shape_bytes()), ("a.prj", PRJ.as_bytes())],
        zip::CompressionMethod::Stored,
    )
}
