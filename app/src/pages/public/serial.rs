//! What became of a serial number, or of a range of them: where each number is now, and every movement on the way.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Refusal;
use domain::refusal::codes;
use leptos::context::Provider;
use leptos::prelude::*;
use registry::{Error, SerialAnswer, SerialPages};

use super::filters::Filters;
use super::shown::{
    TONNES, class_address, project_address, serial_address, serial_link, serial_remark,
};
use crate::acts::see_other;
use crate::form::{Form, Problem, fields};
use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Column, DataTable, ErrorSummary, Field, Heading, NumberHero, Section, Tag};
use crate::visitor::{Tone, Visitor, encode};

/// Longest text that is looked up, characters.
const SERIAL_MAX: usize = 80;

/// `GET /serials`: the search; `?q=` leads to the number's own address.
pub async fn serial_search(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let filters = Filters::read(query.as_deref(), &["q"]);
    match filters.get("q") {
        Some(typed) => see_other(&serial_address(&cleaned(typed))),
        None => search_page(&host, &visitor, "", None),
    }
}

/// `GET /serials/{serial}`.
pub async fn serial(
    State(host): State<Host>,
    visitor: Visitor,
    Path(typed): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let asked = cleaned(&typed);
    let pages = Filters::read(query.as_deref(), SERIAL_PAGES);
    match host
        .registry
        .public()
        .serial(&asked, &pages_of(&pages))
        .await
    {
        Ok(answer) => Ok(answer_page(&host, &visitor, asked, pages, answer)),
        Err(Error::Refused(refusals)) => Ok(search_page(
            &host,
            &visitor,
            &asked,
            refusals.into_iter().next(),
        )),
        Err(Error::NotFound) => Ok(search_page(
            &host,
            &visitor,
            &asked,
            Some(Refusal::new(codes::NOT_FOUND)),
        )),
        Err(error) => Err(error).or_failed(&host, &visitor),
    }
}

/// The two lists of an answer have pages of their own.
pub const SERIAL_PAGES: &[&str] = &["parts_after", "history_after"];

/// Which pages of the two lists the address names.
pub fn pages_of(pages: &Filters) -> SerialPages {
    SerialPages {
        parts_after: pages.get("parts_after").map(str::to_owned),
        history_after: pages.get("history_after").map(str::to_owned),
    }
}

/// The addresses of the next and of the first page of one of the two lists; empty where there is none.
fn turn(pages: &Filters, path: &str, list: &str, next: Option<&str>) -> (String, String) {
    let next = next.map(|next| pages.address(path, &[(list, next)]));
    let first = pages.get(list).map(|_| pages.address(path, &[(list, "")]));
    (next.unwrap_or_default(), first.unwrap_or_default())
}

/// Without blanks, with plain capitals and digits: as people copy numbers from paper.
fn cleaned(typed: &str) -> String {
    domain::text::narrow(typed)
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(SERIAL_MAX)
        .collect::<String>()
        .to_uppercase()
}

fn search_page(host: &Host, visitor: &Visitor, typed: &str, refusal: Option<Refusal>) -> Response {
    let lang = visitor.lang;
    let status = if refusal.is_some() {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    let problems = refusal
        .map(|refusal| Problem::from(&refusal.at("q")))
        .into_iter()
        .collect();
    let form = Form::with_problems(fields([("q", typed)]), problems);
    Page::new(host, visitor, t(lang, "public.serial_search_title")).status(status).description(t(lang, "public.serial_search_lead")).view(move || {
        view! {
            <Heading title=t(lang, "public.serial_search_title") lead=t(lang, "public.serial_search_lead")/>
            {search_form(lang, form)}
            {serial_remark(lang)}
        }
    })
}

fn search_form(lang: Lang, form: Form) -> AnyView {
    view! {
        <Provider value=form>
            <ErrorSummary/>
            <form class="filters" method="get" action="/serials" role="search">
                <Field name="q" label=t(lang, "public.serial") hint=t(lang, "public.serial_hint")/>
                <div class="filters__buttons"><button class="button" type="submit">{t(lang, "public.serial_submit")}</button></div>
            </form>
        </Provider>
    }
    .into_any()
}

fn answer_page(
    host: &Host,
    visitor: &Visitor,
    asked: String,
    pages: Filters,
    answer: SerialAnswer,
) -> Response {
    let lang = visitor.lang;
    let title = tp(lang, "public.serial_title", &[("serial", &asked)]);
    Page::new(host, visitor, title).crumb(t(lang, "public.serial_search_title"), "/serials").wide().view(move || {
        let class = &answer.class;
        let name = class.project_name.clone();
        let project = project_address(Some(&class.project_code), &class.project);
        let (class, reports) = (class_address(&class.id), format!("{project}#reports"));
        let path = serial_address(&asked);
        let (parts, history) = (parts_table(lang, &answer, &pages, &path), history_table(lang, &answer, &pages, &path));
        let json = format!("/api/v1/serials/{}", encode(&asked));
        let vintage = tp(lang, "public.vintage_of", &[("vintage", &answer.class.vintage.to_string())]);
        let quantity = answer.end - answer.start + 1;
        let retired = answer.retired;
        view! {
            <Heading above=t(lang, "public.serial") title=asked.clone() lead=format!("{name} · {vintage}")/>
            <div class="hero-numbers">
                <NumberHero label=t(lang, "public.serial_quantity") value=whole(quantity) unit=TONNES
                    note=tp(lang, "public.held_and_retired", &[("held", &whole(quantity - retired)), ("retired", &whole(retired))])>
                    <p>{t(lang, "public.issued_how")}</p>
                    <p>
                        <a href=project>{name}</a>" · "
                        <a href=class>{vintage}</a>" · "
                        <a href=reports>{t(lang, "public.reports_title")}</a>
                    </p>
                </NumberHero>
            </div>
            <Section title=t(lang, "public.parts_title")>{parts}{serial_remark(lang)}</Section>
            <Section title=t(lang, "public.history_title")>{history}</Section>
            <p class="remark">{t(lang, "part.same_data")}" "<a href=json>"JSON"</a></p>
        }
    })
}

/// Where each number of a range is now; `path` is the page it is on.
pub fn parts_table(lang: Lang, answer: &SerialAnswer, pages: &Filters, path: &str) -> AnyView {
    let (next, first) = turn(pages, path, "parts_after", answer.parts.next.as_deref());
    let rows = answer
        .parts
        .rows
        .iter()
        .map(|part| {
            let retired = part.state == "retired";
            let (key, tone) = match part.state.as_str() {
                _ if retired => ("public.part_retired".to_owned(), Tone::Note),
                "holding" => ("public.part_held".to_owned(), Tone::Done),
                state => (format!("hold.state_{state}"), Tone::Attention),
            };
            vec![
                serial_link(&part.serial),
                whole(part.end - part.start + 1).into_any(),
                view! { <Tag text=t(lang, &key) tone/> }.into_any(),
                retirement_link(part.retirement.as_deref()),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.serial")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
        Column::text(t(lang, "public.state")),
        Column::text(t(lang, "public.certificate")),
    ];
    view! { <DataTable caption=t(lang, "public.parts_caption") columns rows next first empty=t(lang, "public.none")/> }.into_any()
}

/// Every movement that touched a range, oldest first; `path` is the page it is on.
pub fn history_table(lang: Lang, answer: &SerialAnswer, pages: &Filters, path: &str) -> AnyView {
    let history = answer.history.next.as_deref();
    let (next, first) = turn(pages, path, "history_after", history);
    let rows = answer
        .history
        .rows
        .iter()
        .map(|movement| {
            let what = match movement.movement.as_str() {
                "changed" => state_change(lang, &movement.from_state, &movement.to_state),
                known => t(lang, &format!("public.movement_{known}")),
            };
            vec![
                format::moment(lang, movement.at).into_any(),
                what.into_any(),
                format!("{}–{}", whole(movement.start), whole(movement.end)).into_any(),
                whole(movement.end - movement.start + 1).into_any(),
                retirement_link(movement.retirement.as_deref()),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "public.when")),
        Column::text(t(lang, "public.movement")),
        Column::text(t(lang, "public.numbers")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
        Column::text(t(lang, "public.certificate")),
    ];
    view! { <DataTable caption=t(lang, "public.history_caption") columns rows next first empty=t(lang, "public.none")/> }.into_any()
}

/// From which state to which: `Held → Frozen`.
pub fn state_change(lang: Lang, from: &str, to: &str) -> String {
    let name = |state: &str| t(lang, &format!("hold.state_{state}"));
    tp(
        lang,
        "hold.state_change",
        &[("from", &name(from)), ("to", &name(to))],
    )
}

fn retirement_link(number: Option<&str>) -> AnyView {
    match number {
        Some(number) => {
            view! { <a href=format!("/retirements/{}", encode(number))>{number.to_owned()}</a> }
                .into_any()
        }
        None => "–".into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_copy_them() {
        assert_eq!(
            cleaned(" ht-a210001-2024-1 - 500 "),
            "HT-A210001-2024-1-500"
        );
        assert_eq!(
            cleaned("ＨＴ－Ａ２１０００１－２０２４－７"),
            "HT-A210001-2024-7"
        );
        assert_eq!(cleaned(&"9".repeat(1000)).len(), SERIAL_MAX);
    }
}
