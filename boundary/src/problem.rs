//! What can be wrong with a file, in both languages.

/// One reason why a boundary was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// One of [`PROBLEMS`].
    pub code: &'static str,
    /// Values for the placeholders of the text.
    pub params: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem without values.
    pub(crate) const fn new(code: &'static str) -> Self {
        Self {
            code,
            params: Vec::new(),
        }
    }

    /// The same with one more value for its text.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// What is wrong and what to do, in both languages.
    pub fn text(&self) -> Sentence {
        sentence(self.code, &self.params).unwrap_or_else(|| Sentence {
            zh: self.code.to_owned(),
            en: self.code.to_owned(),
        })
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The sentence of a code with its values filled in; `None` if the code is not one of [`PROBLEMS`].
pub fn sentence(code: &str, params: &[(&'static str, String)]) -> Option<Sentence> {
    let problem = PROBLEMS.iter().find(|problem| problem.code == code)?;
    let fill = |pattern: &str| {
        params
            .iter()
            .fold(pattern.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    };
    Some(Sentence {
        zh: fill(problem.zh),
        en: fill(problem.en),
    })
}

/// The sentence for a code; `{name}` stands for a value.
#[derive(Clone, Copy, Debug)]
pub struct ProblemText {
    /// Stable code.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

macro_rules! problems {
    ($($code:literal: $zh:literal, $en:literal;)+) => {
        /// Every code a [`Problem`] can carry, with its text.
        pub const PROBLEMS: &[ProblemText] = &[$(ProblemText { code: $code, zh: $zh, en: $en }),+];
    };
}

problems! {
    "boundary_file_empty": "文件是空的。请选择 GeoJSON、KML 或压缩的 shapefile 文件。", "The file is empty. Choose a GeoJSON or KML file, or a zipped shapefile.";
    "boundary_file_too_large": "文件有 {bytes} 字节，上限为 {max} 字节。请去掉与边界无关的图层，或简化边界。", "The file has {bytes} bytes; the most is {max}. Take out layers that are not the boundary, or simplify it.";
    "format_unknown": "无法识别此文件。可用的格式：GeoJSON（.geojson）、KML（.kml、.kmz）、压缩为一个 .zip 的 shapefile（.shp、.shx、.dbf、.prj）。", "This file is not understood. What can be read: GeoJSON (.geojson), KML (.kml, .kmz), and a shapefile zipped into one .zip (.shp, .shx, .dbf, .prj).";
    "not_utf8": "文件不是 UTF-8 编码的文本。请以 UTF-8 重新导出。", "The file is not text in UTF-8. Export it again as UTF-8.";
    "shapefile_alone": "这是单独的 .shp 文件，缺少坐标系说明。请把 .shp、.shx、.dbf 和 .prj 一起压缩为一个 .zip。", "This is a .shp file by itself, without its coordinate system. Zip .shp, .shx, .dbf and .prj together into one .zip.";
    "zip_unreadable": "压缩文件无法打开：可能已损坏、已加密，或使用了不支持的压缩方式。请重新压缩为普通 .zip。", "The archive cannot be opened: it is damaged, encrypted, or compressed in an unusual way. Make an ordinary .zip again.";
    "zip_too_many_files": "压缩文件内有 {count} 个文件，上限为 {max} 个。请只放入边界文件。", "The archive holds {count} files; the most is {max}. Put only the boundary in.";
    "zip_expands_too_much": "压缩文件解开后超过 {max} 字节，不予读取。", "Unpacked, the archive is larger than {max} bytes; it is not read.";
    "zip_without_boundary": "压缩文件内没有 .shp 或 .kml 文件。", "There is no .shp or .kml file in the archive.";
    "zip_several_layers": "压缩文件内有 {count} 个边界图层。请只保留项目边界一个。", "The archive holds {count} layers. Keep only the one of the project boundary.";
    "prj_missing": "缺少 {name}：没有坐标系说明就不能确定位置。请连同 .prj 一起压缩。", "{name} is missing: without the coordinate system the place is unknown. Zip the .prj with it.";
    "prj_projected": "坐标系“{system}”是投影坐标系（以米为单位）。请转换为经纬度坐标（CGCS2000，EPSG:4490；或 WGS84，EPSG:4326）后再导出。", "The coordinate system “{system}” is projected (in metres). Convert to longitude and latitude (CGCS2000, EPSG:4490, or WGS84, EPSG:4326) and export again.";
    "system_not_accepted": "坐标系“{system}”不可用。请使用 CGCS2000（EPSG:4490）或 WGS84（EPSG:4326）的经纬度坐标。", "The coordinate system “{system}” cannot be used. Use longitude and latitude in CGCS2000 (EPSG:4490) or WGS84 (EPSG:4326).";
    "shapefile_unreadable": "shapefile 无法读取：{reason}。请重新导出。", "The shapefile cannot be read: {reason}. Export it again.";
    "json_unreadable": "JSON 有误：{reason}。请重新导出 GeoJSON。", "The JSON is not right: {reason}. Export the GeoJSON again.";
    "geojson_unreadable": "这不是 GeoJSON：{reason}。", "This is not GeoJSON: {reason}.";
    "kml_unreadable": "KML 有误：{reason}。请重新导出。", "The KML is not right: {reason}. Export it again.";
    "number_unreadable": "第 {polygon} 个多边形第 {ring} 环第 {point} 点：“{written}”不是坐标。应为“经度,纬度”。", "Polygon {polygon}, ring {ring}, point {point}: “{written}” is not a position. Write longitude, then latitude.";
    "no_polygon": "文件中没有多边形。边界须为面（Polygon 或 MultiPolygon），点和线不能表示面积。", "There is no polygon in the file. A boundary is an area (Polygon or MultiPolygon); points and lines have none.";
    "too_many_vertices": "边界点超过 {max} 个。请简化边界。", "The boundary has more than {max} points. Simplify it.";
    "too_many_rings": "多边形和孔共超过 {max} 个。请合并相邻的小班后再上传。", "There are more than {max} polygons and holes. Merge neighbouring sub-compartments first.";
    "too_complex": "边界的线条交错过密，无法在合理时间内检查。请简化边界。", "The lines of the boundary are too entangled to be checked in reasonable time. Simplify it.";
    "decimals_missing": "第 {polygon} 个多边形第 {ring} 环第 {point} 点（{lon}, {lat}）：坐标少于 6 位小数。请以至少 6 位小数重新导出；末位的 0 也须写出。共 {count} 处。", "Polygon {polygon}, ring {ring}, point {point} ({lon}, {lat}): fewer than 6 decimals. Export again with at least 6; zeros at the end must be written too. {count} in all.";
    "swapped": "第 {polygon} 个多边形第 {ring} 环第 {point} 点（{lon}, {lat}）：经度和纬度写反了，互换后位于中国境内。请按“经度,纬度”的顺序导出。共 {count} 处。", "Polygon {polygon}, ring {ring}, point {point} ({lon}, {lat}): longitude and latitude are swapped; the other way round it lies in China. Export longitude first. {count} in all.";
    "outside_china": "第 {polygon} 个多边形第 {ring} 环第 {point} 点（{lon}, {lat}）不在中国范围内（经度 73 至 136，纬度 3 至 54）。请检查坐标系。共 {count} 处。", "Polygon {polygon}, ring {ring}, point {point} ({lon}, {lat}) is outside China (longitude 73 to 136, latitude 3 to 54). Check the coordinate system. {count} in all.";
    "ring_too_short": "第 {polygon} 个多边形第 {ring} 环不足三个不同的点。请补全或删除。", "Polygon {polygon}, ring {ring} has fewer than three different points. Complete it or remove it.";
    "ring_not_closed": "第 {polygon} 个多边形第 {ring} 环没有闭合：终点（{lon}, {lat}）应与起点相同。", "Polygon {polygon}, ring {ring} is not closed: its last point ({lon}, {lat}) must be the first one again.";
    "ring_crosses_itself": "第 {polygon} 个多边形第 {ring} 环在第 {point} 点与第 {other} 点附近（{lon}, {lat}）自相交或自相接。请修正后再上传。", "Polygon {polygon}, ring {ring} crosses or touches itself between points {point} and {other}, near ({lon}, {lat}). Mend it first.";
    "rings_cross": "第 {polygon} 个多边形的第 {ring} 环与第 {other_ring} 环在（{lon}, {lat}）附近相交。孔须完全位于多边形内。", "In polygon {polygon}, rings {ring} and {other_ring} cross near ({lon}, {lat}). A hole must lie within its polygon.";
    "hole_outside": "第 {polygon} 个多边形的第 {ring} 环（孔）在多边形之外，或位于另一个孔内。", "In polygon {polygon}, ring {ring} (a hole) lies outside the polygon or within another hole.";
    "polygon_twice": "第 {other} 个多边形与第 {polygon} 个完全相同。请删除一个。", "Polygon {other} is the same as polygon {polygon}. Remove one.";
    "plots_overlap": "第 {polygon} 个与第 {other} 个多边形重叠 {area} 平方米。同一块地不能计算两次。", "Polygons {polygon} and {other} overlap by {area} m². The same land cannot count twice.";
    "plot_too_small": "（{lon}, {lat}）附近的地块只有 {area} 平方米；每块连续面积至少 {minimum} 平方米。请去掉或与相邻地块合并。", "The plot near ({lon}, {lat}) has only {area} m²; each contiguous piece must have at least {minimum} m². Leave it out or join it with its neighbours.";
    "area_zero": "边界的面积不足一平方米。", "The boundary has less than one square metre.";
}
