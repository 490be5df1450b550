//! Files and generated documents by their addresses: who may have them, and how they are sent.

use crate::support::{self, Answer, Browser, Database, House};
use axum::body::Body;
use axum::http::{Method, StatusCode};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n";

/// Posts a form with a file to a project.
async fn upload(browser: &mut Browser, page: &str, title: &str, content: &[u8]) -> Answer {
    let record = page.split('/').nth(3).expect("an id");
    let fields = [
        ("record_kind", "project"),
        ("record", record),
        ("kind", "tenure"),
        ("title", title),
    ];
    post(
        browser,
        (page, "attachment_add"),
        &fields,
        ("file", content),
    )
    .await
}

/// Posts a form of a page with fields and a file.
async fn post(
    browser: &mut Browser,
    (page, act): (&str, &str),
    fields: &[(&str, &str)],
    (field, content): (&str, &[u8]),
) -> Answer {
    let form = browser.get(page).await;
    assert_eq!(form.status, StatusCode::OK, "{page}: {}", form.text);
    let (csrf, key) = (form.hidden("csrf"), support::unique());
    let own = [
        ("csrf", csrf.as_str()),
        ("key", key.as_str()),
        ("back", page),
    ];
    let mut body = Vec::new();
    for (name, value) in own.iter().chain(fields) {
        let head =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    let head = format!(
        "--line\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"权属<b>.pdf\"\r\n\
         Content-Type: text/html\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=line")];
    let address = format!("/acts/{act}");
    browser
        .send(Method::POST, &address, &kind, Body::from(body))
        .await
}

/// A new draft of the demo owner.
async fn draft(browser: &mut Browser) -> String {
    let fields = [("methodology", "CCER-01-002-V01"), ("name", "附件试验")];
    let made = browser
        .act("/desk/projects/new", "project_create", &fields)
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let location = made.location().to_owned();
    location.split(['/', '?']).nth(3).expect("an id").to_owned()
}

async fn house(database: &Database, folder: &std::path::Path) -> House {
    let folder = folder.display().to_string();
    let house = House::with(database, &[("HUITAN_DEMO", "1"), ("HUITAN_FILES", &folder)]).await;
    server::seed::demo(&house.registry)
        .await
        .expect("the demo world");
    house
}

#[tokio::test]
async fn a_file_is_kept_sent_safely_and_only_to_the_parties() {
    let folder = std::env::temp_dir().join(format!("huitan_files_{}", support::unique()));
    let database = Database::sqlite();
    let house = house(&database, &folder).await;
    let mut owner = house.browser_of("owner").await;
    let project = draft(&mut owner).await;
    let page = format!("/desk/projects/{project}/files");
    let done = upload(&mut owner, &page, "权属证明", PDF).await;
    assert_eq!(done.location(), page, "{}", done.text);
    let shown = owner.get(&page).await;
    assert!(
        shown.text.contains("权属证明") && !shown.text.contains("<b>.pdf"),
        "escaped"
    );
    let (_, rest) = shown
        .text
        .split_once("href=\"/attachments/")
        .expect("a link");
    let address = format!("/attachments/{}", rest.split('"').next().expect("an id"));
    let file = owner.get(&address).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.text.as_bytes(), PDF);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; ")
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(
        file.header("content-security-policy")
            .starts_with("sandbox; default-src 'none'")
    );
    assert_eq!(file.header("cache-control"), "private, no-store");
    // nobody else: not the public, not another owner's organisation, not the registry before it was handed in
    assert_eq!(
        house.browser().get(&address).await.status,
        StatusCode::NOT_FOUND
    );
    for other in ["events", "operator"] {
        let mut browser = house.browser_of(other).await;
        assert_eq!(
            browser.get(&address).await.status,
            StatusCode::NOT_FOUND,
            "{other}"
        );
    }
    // the same content again is said to be there already
    let again = upload(&mut owner, &page, "再传一次", PDF).await;
    let shown = owner.get(again.location()).await;
    assert!(
        shown.text.contains("内容相同的文件已经在附件中"),
        "{}",
        again.location()
    );
    std::fs::remove_dir_all(&folder).expect("tidied");
}

#[tokio::test]
async fn what_is_no_allowed_content_or_too_large_is_refused_at_the_form() {
    let folder = std::env::temp_dir().join(format!("huitan_files_{}", support::unique()));
    let database = Database::sqlite();
    let house = house(&database, &folder).await;
    let mut owner = house.browser_of("owner").await;
    let project = draft(&mut owner).await;
    let page = format!("/desk/projects/{project}/files");
    let html = upload(
        &mut owner,
        &page,
        "网页",
        b"<html><script>alert(1)</script></html>",
    )
    .await;
    let shown = owner.get(html.location()).await;
    assert!(shown.text.contains("不是可以上传的类型"));
    let large = upload(&mut owner, &page, "太大", &vec![b'x'; 21 * 1024 * 1024]).await;
    assert_eq!(large.status, StatusCode::SEE_OTHER);
    let shown = owner.get(large.location()).await;
    assert!(shown.text.contains("文件超过 20 MB"));
    assert!(shown.text.contains("太大"), "what was typed stays");
    assert!(!folder.exists(), "nothing was stored");
}

/// The photo of a person's act is stored before the act: where that is refused, nobody names the photo, and it is to be removed.
#[tokio::test]
async fn the_photo_of_a_refused_act_does_not_stay() {
    let folder = std::env::temp_dir().join(format!("huitan_files_{}", support::unique()));
    let database = Database::sqlite();
    let house = house(&database, &folder).await;
    let mut commuter = house.browser_of("commuter").await;
    let far = domain::Instant(4_000_000_000);
    for (scene, left) in [("no_scene", 1), ("clean_plate", 0)] {
        let fields = [("scene", scene), ("day", "2026-03-07"), ("region", "")];
        let door = ("/me/record", "activity_record");
        let answer = post(&mut commuter, door, &fields, ("photo", PDF)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let recorded = answer.location().starts_with("/me/acts/");
        assert_eq!(recorded, left == 0, "{scene}: {}", answer.location());
        let files = house.registry.files_to_remove(far).await.expect("files");
        assert_eq!(files.len(), left, "{scene}");
    }
    std::fs::remove_dir_all(&folder).expect("tidied");
}

#[tokio::test]
async fn a_form_with_a_file_needs_the_role_and_the_token() {
    let database = Database::sqlite();
    let house = House::demo(&database).await;
    let kind = [("content-type", "multipart/form-data; boundary=line")];
    let body = || {
        Body::from(
            "--line\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nwrong\r\n--line--\r\n",
        )
    };
    let address = "/acts/attachment_add";
    let answer = house
        .browser()
        .send(Method::POST, address, &kind, body())
        .await;
    assert!(
        answer.location().starts_with("/sign-in"),
        "{}",
        answer.status
    );
    let mut organiser = house.browser_of("events").await;
    assert_eq!(
        organiser
            .send(Method::POST, address, &kind, body())
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let mut owner = house.browser_of("owner").await;
    let forged = owner.send(Method::POST, address, &kind, body()).await;
    assert!(forged.location().contains("again="), "{}", forged.status);
    // an act that takes no file takes no such form
    let other = owner
        .send(Method::POST, "/acts/credits_retire", &kind, body())
        .await;
    assert_eq!(other.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn generated_documents_are_for_the_parties_and_once_public_for_anyone() {
    let database = Database::sqlite();
    let house = House::demo(&database).await;
    let mut public = house.browser();
    let list = public.get("/api/v1/projects").await.json();
    let project = list["items"][0]["id"]
        .as_str()
        .expect("a public project")
        .to_owned();
    let workbook = public
        .get(&format!("/projects/{project}/design.xlsx"))
        .await;
    assert_eq!(workbook.status, StatusCode::OK);
    assert!(workbook.header("content-type").contains("spreadsheetml"));
    assert!(
        workbook
            .header("content-disposition")
            .starts_with("attachment; ")
    );
    let document = public.get(&format!("/projects/{project}/design.pdf")).await;
    assert_eq!(
        (document.status, document.header("content-type")),
        (StatusCode::OK, "application/pdf")
    );
    assert!(document.text.starts_with("%PDF-"));
    let mut owner = house.browser_of("owner").await;
    let draft = draft(&mut owner).await;
    let address = format!("/desk/projects/{draft}/design.xlsx");
    assert_eq!(owner.get(&address).await.status, StatusCode::OK);
    assert_eq!(
        public
            .get(&format!("/projects/{draft}/design.xlsx"))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert!(
        public
            .get(&address)
            .await
            .location()
            .starts_with("/sign-in")
    );
    let mut operator = house.browser_of("operator").await;
    assert_eq!(operator.get(&address).await.status, StatusCode::NOT_FOUND);
}

/// A picture with something in it, as a PNG or as a JPEG.
fn picture(format: image::ImageFormat) -> Vec<u8> {
    let paint = |x: u32, y: u32| {
        let (dx, dy) = (x.abs_diff(90), y.abs_diff(120));
        let inside = if dx * dx + dy * dy < 4_900 { 220 } else { 40 };
        let stripe = if (x / 23).is_multiple_of(3) { 180 } else { 60 };
        image::Rgb([inside, stripe, u8::try_from(y % 256).unwrap_or(0)])
    };
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_fn(320, 240, paint));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a file");
    bytes.into_inner()
}

#[tokio::test]
async fn a_photo_is_opened_and_the_same_picture_in_another_file_is_looked_at() {
    let folder = std::env::temp_dir().join(format!("huitan_photos_{}", support::unique()));
    let database = Database::sqlite();
    let house = house(&database, &folder).await;
    let mut commuter = house.browser_of("commuter").await;
    let page = "/me/record?scene=paper_recycled";
    let fields = [
        ("scene", "paper_recycled"),
        ("day", "2026-03-08"),
        ("mass_kg", "0.5"),
    ];
    let place = (page, "activity_record");
    let mut cut = picture(image::ImageFormat::Png);
    cut.truncate(cut.len() / 2);
    let refused = post(&mut commuter, place, &fields, ("photo", &cut)).await;
    let refused = commuter.get(refused.location()).await;
    assert!(refused.text.contains("这张图片打不开"), "{}", refused.text);
    let png = picture(image::ImageFormat::Png);
    let first = post(&mut commuter, place, &fields, ("photo", &png)).await;
    let first = commuter.get(first.location()).await;
    assert!(first.text.contains("照片或小票") && !first.text.contains("画面相同"));
    let jpeg = picture(image::ImageFormat::Jpeg);
    let again = post(&mut commuter, place, &fields, ("photo", &jpeg)).await;
    let again = commuter.get(again.location()).await;
    assert!(again.text.contains("画面相同"), "{}", again.text);
    std::fs::remove_dir_all(&folder).expect("the folder");
}
