//! What would reduce the largest sources, in the order in which the guide asks for it: reduce first, then neutralise.

use crate::text::{Text, text};

/// Advice for a source by what is measured, else by its class; `None` where nothing general can be said.
pub(super) fn advice(class: &str, subject: &str) -> Option<Text> {
    Some(match (subject, class) {
        ("air_domestic", _) => text(
            "五小时内可达的行程改乘高铁；把会场放在多数参会者乘火车可到的城市；为远途者提供线上参加。",
            "Take high-speed rail where it needs no more than five hours; choose a city that most people reach by train; let those from far away join online.",
        ),
        ("air_international", _) => text(
            "远程嘉宾改为线上或派代表；乘坐经济舱：公务舱每人公里约为其 2.9 倍；合并多次行程。",
            "Let distant guests join online or send one person; fly economy, business class is about 2.9 times as much per passenger-km; combine trips.",
        ),
        ("rail", _) => text(
            "铁路已是长途中排放较低的方式；可安排区域分会场缩短行程。",
            "Rail is already the low way for long trips; regional venues would shorten them.",
        ),
        ("taxi" | "car", _) => text(
            "开通地铁接驳，合乘，选用电动车辆。",
            "Connect to the metro, share rides, use electric vehicles.",
        ),
        ("coach" | "bus", _) => text(
            "按实际人数配车，选用电动客车。",
            "Match vehicles to the number of people; use electric coaches.",
        ),
        ("hotel", _) => text(
            "选择步行或地铁可达且公布能耗的酒店；鼓励合住；缩短日程，减少间夜。",
            "Choose hotels within walking distance or on the metro that publish their energy use; share rooms; shorten the programme by a night.",
        ),
        ("meal" | "food", _) => text(
            "以素食或少肉餐为默认：一份素食约为一般餐的三分之二；按报名人数备餐，减少剩余。",
            "Make vegetarian or low-meat meals the default: a vegetarian meal is about two thirds of a usual one; cook for the number registered.",
        ),
        ("electricity", _) => text(
            "使用自然采光与通风，按时段关闭设备；采购绿电并注销绿证（基于市场的方法），或直接接入可再生能源。",
            "Use daylight and natural ventilation, switch off by schedule; buy green electricity and cancel its certificates (market-based method), or connect renewables.",
        ),
        ("heat", _) => text(
            "降低供热温度，分区供热，缩短预热时间。",
            "Lower the temperature, heat by zones, shorten the warm-up.",
        ),
        ("diesel", _) => text(
            "以市电或储能代替柴油发电机。",
            "Use grid power or batteries instead of diesel generators.",
        ),
        ("textile", _) => text(
            "不发纺织礼品，或采用再使用的服装：每千克不足全新的百分之一。",
            "Give no textiles, or re-used ones: less than a hundredth of new ones per kilogram.",
        ),
        ("pvc" | "plastics", _) => text(
            "展台与横幅采用可重复使用的材料，不铺一次性地毯，以饮水机代替瓶装水。",
            "Use booths and banners again, lay no single-use carpet, offer water dispensers instead of bottles.",
        ),
        ("paper", _) => text(
            "资料与票证电子化；必须印刷时用再生纸双面印刷。",
            "Publish papers and tickets electronically; where print is needed, recycled paper on both sides.",
        ),
        ("wood" | "metal" | "glass", _) => text(
            "租用或再使用展台构件。",
            "Rent or re-use the parts of booths.",
        ),
        ("freight_air", _) => text(
            "提前发运，改走铁路或水路。",
            "Ship earlier, by rail or water.",
        ),
        ("freight_road", _) => text(
            "就近采购，合并运输，选用载重更大的满载车辆。",
            "Buy nearby, combine loads, use larger vehicles that are full.",
        ),
        ("waste", _) => text(
            "分类回收，厨余单独处理，减少一次性用品。",
            "Sort waste, treat food waste apart, avoid single-use articles.",
        ),
        ("online", _) => text(
            "不需要画面时关闭视频。",
            "Switch video off where it is not needed.",
        ),
        (_, "fossil_fixed" | "fossil_mobile") => text(
            "改用电力设备或新能源车辆。",
            "Use electric equipment and vehicles.",
        ),
        (_, "travel") => text(
            "优先铁路与公共交通，提供线上参加。",
            "Prefer rail and public transport; let people join online.",
        ),
        (_, "lodging") => text(
            "缩短日程，选择能耗低的住宿。",
            "Shorten the programme; choose lodging that uses little energy.",
        ),
        (_, "goods") => text("少买、租用、再使用。", "Buy less, rent, use again."),
        _ => return None,
    })
}
