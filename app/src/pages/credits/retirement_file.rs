//! Retirement by file: a form, then a page that shows every row as it would become public, then the act.

use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Act;
use domain::ledger::{BULK_COLUMNS, BULK_ROWS_MAX, bulk_example};
use leptos::context::Provider;
use leptos::prelude::*;
use methodologies::table::template;
use registry::{Fields, RetirementFileRow};

use super::source::HOLDERS;
use crate::acts::offer::file_fields;
use crate::acts::{ActAnswer, ActCall, Done, pass, see_other};
use crate::form::{Form, Problem};
use crate::format::whole;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, Page, PageResult, require};
use crate::pages::desk::table::workbook;
use crate::pages::public::retirements::purpose_label;
use crate::pages::public::shown::TONNES;
use crate::parts::{
    ActForm, Column, DataTable, ErrorSummary, Field, Heading, Hidden, Irreversible, Kind, Notice,
    NumberHero, Section,
};
use crate::visitor::{Tone, Visitor, encode, query_value};

const FORM: &str = "/desk/retirements/file";
const CHECK: &str = "/desk/retirements/file/check";
const TEMPLATE: &str = "/desk/retirements/file/template.csv";
const TEMPLATE_XLSX: &str = "/desk/retirements/file/template.xlsx";
/// More rows than the check page shows; the others are counted.
const SHOWN_MAX: usize = 200;

/// `GET /desk/retirements/file`.
pub async fn retirement_file(State(host): State<Host>, visitor: Visitor) -> PageResult {
    require(&host, &visitor, HOLDERS)?;
    let form = Form::open(&host, &visitor, Act::CreditsRetireMany, Fields::new()).await;
    let lang = visitor.lang;
    let form = by_line(lang, &form);
    Ok(Page::new(&host, &visitor, t(lang, "offer.file_title"))
        .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
        .crumb(t(lang, "credits.retirements_title"), "/desk/retirements")
        .view(move || {
            let columns = vec![
                Column::text(t(lang, "offer.column")),
                Column::text(t(lang, "offer.column_help")),
            ];
            let rows = BULK_COLUMNS
                .iter()
                .map(|column| {
                    vec![
                        lang.choose(column.label.zh, column.label.en).to_owned().into_any(),
                        lang.choose(column.help.zh, column.help.en).to_owned().into_any(),
                    ]
                })
                .collect();
            let most = tp(lang, "offer.file_lead", &[("max", &whole_of(BULK_ROWS_MAX))]);
            view! {
                <Heading title=t(lang, "offer.file_title") lead=most/>
                <p class="stay">
                    <a href=TEMPLATE_XLSX download="retirements.xlsx">{t(lang, "offer.template_xlsx")}</a>" · "
                    <a href=TEMPLATE download="retirements.csv">{t(lang, "offer.template")}</a>
                </p>
                <p class="remark">{t(lang, "offer.template_hint")}</p>
                <ActForm act=Act::CreditsRetireMany form submit=t(lang, "credits.to_check") action=CHECK cancel="/desk/retirements">
                    <Field name="rows_file" label=t(lang, "offer.file") hint=t(lang, "offer.file_hint") kind=Kind::File autocomplete=".csv,.xlsx" optional=true/>
                    <Field name="rows" label=t(lang, "offer.pasted") hint=t(lang, "offer.pasted_hint") kind=Kind::Lines rows=6 optional=true/>
                    <Notice tone=Tone::Attention title=t(lang, "credits.personal_title")><p>{t(lang, "offer.personal_text")}</p></Notice>
                    <Field name="personal" label=t(lang, "offer.personal_file") kind=Kind::Checkbox optional=true/>
                </ActForm>
                <Section title=t(lang, "offer.columns_title")>
                    <DataTable caption=t(lang, "offer.columns_title") columns rows empty=String::new()/>
                </Section>
            }
        }))
}

/// `GET /desk/retirements/file/template.xlsx`: the titles and one row to be written over.
pub async fn retirement_workbook(
    State(host): State<Host>,
    visitor: Visitor,
) -> Result<Response, Failed> {
    require(&host, &visitor, HOLDERS)?;
    let titles: Vec<&str> = BULK_COLUMNS
        .iter()
        .map(|column| visitor.lang.choose(column.label.zh, column.label.en))
        .collect();
    let row = bulk_example(visitor.lang == Lang::Zh).map(str::to_owned);
    let mut book = workbook(&titles, &row).or_failed(&host, &visitor)?;
    let name = HeaderValue::from_static("attachment; filename=\"retirements.xlsx\"");
    book.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(book)
}

/// `GET /desk/retirements/file/template.csv`: the header line and one row to be written over, as spreadsheets read it.
pub async fn retirement_template(
    State(host): State<Host>,
    visitor: Visitor,
) -> Result<Response, Failed> {
    require(&host, &visitor, HOLDERS)?;
    let chinese = visitor.lang == Lang::Zh;
    let row = bulk_example(chinese).map(|cell| format!("\"{cell}\""));
    let text = format!(
        "\u{feff}{}{}\n",
        template(&BULK_COLUMNS, chinese),
        row.join(",")
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"retirements.csv\"",
        ),
    ];
    Ok((headers, text).into_response())
}

/// `POST /desk/retirements/file/check`: reads the file and keeps it for the check page; nothing is retired yet.
pub async fn retirement_file_check_post(
    State(host): State<Host>,
    visitor: Visitor,
    request: Request,
) -> Response {
    pass(&host, visitor, Act::CreditsRetireMany, request, check).await
}

async fn check(call: ActCall) -> ActAnswer {
    let fields = file_fields(&call)?;
    let registry = &call.host.registry;
    registry.retirement_file_check(&call.by()?, &fields).await?;
    let kept = registry
        .form_remember(
            &call.visitor.session,
            Act::CreditsRetireMany.name(),
            &fields,
            &[],
            call.visitor.system_now,
        )
        .await?;
    Ok(Done::to(format!("{CHECK}?typed={}", encode(&kept))))
}

/// `GET /desk/retirements/file/check?typed=…`: every row as it becomes public, and the button that does it.
pub async fn retirement_file_check(
    State(host): State<Host>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> PageResult {
    let by = require(&host, &visitor, HOLDERS)?;
    let query = query.unwrap_or_default();
    let again = Form::open(&host, &visitor, Act::CreditsRetireMany, Fields::new()).await;
    let typed = match again.value("kept") {
        "" => query_value(&query, "typed").unwrap_or_default(),
        kept => kept.to_owned(),
    };
    let memory = host
        .registry
        .form_recall(&visitor.session, &typed, visitor.system_now)
        .await
        .or_failed(&host, &visitor)?;
    let Some(memory) = memory.filter(|memory| memory.act == Act::CreditsRetireMany.name()) else {
        return Ok(see_other(FORM));
    };
    let (form, rows) = match host
        .registry
        .retirement_file_check(&by, &memory.fields)
        .await
    {
        Ok(rows) => (again, Some(rows)),
        Err(registry::Error::Refused(refusals)) => {
            let problems = refusals.iter().map(Problem::from).collect();
            (Form::with_problems(Fields::new(), problems), None)
        }
        Err(error) => return Err(error).or_failed(&host, &visitor),
    };
    let lang = visitor.lang;
    let form = by_line(lang, &form);
    Ok(
        Page::new(&host, &visitor, t(lang, "offer.file_check_title"))
            .crumb(t(lang, "credits.holdings_title"), "/desk/holdings")
            .crumb(t(lang, "offer.file_title"), FORM)
            .wide()
            .view(move || match rows {
                Some(rows) => check_view(lang, form, typed, &rows),
                None => view! {
                    <Heading title=t(lang, "offer.file_check_title")/>
                    <Provider value=form><ErrorSummary/></Provider>
                    <p><a class="button button--secondary" href=FORM>{t(lang, "credits.back_to_form")}</a></p>
                }
                .into_any(),
            }),
    )
}

fn check_view(lang: Lang, form: Form, typed: String, rows: &[RetirementFileRow]) -> AnyView {
    let total: i64 = rows.iter().map(|row| row.quantity).sum();
    let count = whole_of(rows.len());
    let columns = vec![
        Column::number(t(lang, "offer.line")),
        Column::text(t(lang, "offer.what")),
        Column::number(format!("{} {TONNES}", t(lang, "public.quantity"))),
        Column::text(t(lang, "public.purpose")),
        Column::text(t(lang, "public.beneficiary")),
    ];
    let shown = rows
        .iter()
        .take(SHOWN_MAX)
        .map(|row| cells(lang, row))
        .collect();
    let more = rows.len().saturating_sub(SHOWN_MAX);
    let more = (more > 0).then(|| {
        let text = tp(lang, "offer.more_rows", &[("more", &whole_of(more))]);
        view! { <p>{text}</p> }
    });
    let key = format!("check-{typed}");
    view! {
        <Heading title=t(lang, "offer.file_check_title") lead=tp(lang, "offer.file_check_lead", &[("rows", &count)])/>
        <NumberHero label=t(lang, "credits.retire_moves") value=whole(total) unit=TONNES/>
        <DataTable caption=t(lang, "offer.rows_title") columns rows=shown empty=String::new()/>
        {more}
        <ActForm act=Act::CreditsRetireMany form submit=t(lang, "act.credits_retire_many") key cancel=FORM ends=true>
            <Hidden name="kept" value=typed/>
            <Irreversible title=t(lang, "credits.final_title") confirm=t(lang, "credits.final_confirm")>
                <p>{t(lang, "credits.final_text")}</p>
                <p>{t(lang, "offer.public_rows")}</p>
            </Irreversible>
        </ActForm>
    }
    .into_any()
}

fn cells(lang: Lang, row: &RetirementFileRow) -> Vec<AnyView> {
    let what = row
        .serial
        .clone()
        .unwrap_or_else(|| format!("{} · {}", row.project_code, row.vintage));
    let text = (!row.purpose_text.is_empty())
        .then(|| view! { <span class="table__sub">{row.purpose_text.clone()}</span> });
    let uscc = row
        .beneficiary_uscc
        .clone()
        .map(|code| view! { <span class="table__sub"><code>{code}</code></span> });
    vec![
        row.line.to_string().into_any(),
        view! { <code>{what}</code> }.into_any(),
        whole(row.quantity).into_any(),
        view! { {purpose_label(lang, &row.purpose)}{text} }.into_any(),
        view! { {row.beneficiary.clone()}{uscc} }.into_any(),
    ]
}

/// Names the places of what is wrong: `rows.17.quantity` is line 17, quantity.
fn by_line(lang: Lang, form: &Form) -> Form {
    form.labelled(|field| {
        let mut parts = field.strip_prefix("rows.")?.split('.');
        let line = parts.next()?;
        let column = parts.next().and_then(|code| {
            let column = BULK_COLUMNS.iter().find(|column| column.code == code)?;
            Some(lang.choose(column.label.zh, column.label.en))
        });
        Some(tp(
            lang,
            "offer.at_line",
            &[("line", line), ("column", column.unwrap_or_default())],
        ))
    })
}

fn whole_of(count: usize) -> String {
    i64::try_from(count).map_or_else(|_| count.to_string(), whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::multipart::SentFile;
    use crate::acts::table_file::text_of;

    #[tokio::test]
    async fn the_spreadsheet_to_begin_with_is_read_back_as_a_file() {
        for lang in [Lang::Zh, Lang::En] {
            let titles = BULK_COLUMNS
                .iter()
                .map(|column| lang.choose(column.label.zh, column.label.en))
                .collect::<Vec<_>>();
            let row = bulk_example(lang == Lang::Zh).map(str::to_owned);
            let book = workbook(&titles, &row).expect("a workbook").into_body();
            let sent = SentFile {
                field: "rows_file".to_owned(),
                name: "retirements.xlsx".to_owned(),
                bytes: axum::body::to_bytes(book, usize::MAX).await.expect("bytes"),
            };
            let text = text_of(&sent).expect("a table");
            let rows = domain::ledger::read_bulk(&text, false).expect("one row");
            assert_eq!((rows.len(), rows[0].line, rows[0].quantity), (1, 2, 10));
        }
    }
}
