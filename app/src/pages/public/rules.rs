//! The dated rule book for anyone: the calendar, the bodies, the methodologies, time limits, penalties and laws that hold, each with
//! its source and with how sure it is, and what was changed by which document.

use axum::extract::State;
use domain::rulebook::{
    Approval, Basis, LegalReference, LimitEntry, PenaltyEntry, RuleArea, RuleBook, RuleChange,
    RuleContent, RuleSource,
};
use domain::sector::PROJECT_TYPES;
use leptos::prelude::*;
use registry::{PublicRuleVersion, PublicityExtension, VvbApproval};
use time::Date;

use crate::format::{self, whole};
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{OrFailed, Page, PageResult};
use crate::parts::{Column, DataTable, Heading, Section, SummaryList, SummaryRow, Tag};
use crate::visitor::{Tone, Visitor};

/// `GET /rules`.
pub async fn rules(State(host): State<Host>, visitor: Visitor) -> PageResult {
    let registry = &host.registry;
    let book = registry.rule_book().await.or_failed(&host, &visitor)?;
    let approvals = registry
        .vvb_approval_list()
        .await
        .or_failed(&host, &visitor)?;
    let versions = registry
        .public()
        .rule_versions()
        .await
        .or_failed(&host, &visitor)?;
    let (lang, today) = (visitor.lang, visitor.now.beijing_date());
    Ok(Page::new(&host, &visitor, t(lang, "rulebook.public_title"))
        .description(t(lang, "rulebook.public_lead"))
        .wide()
        .view(move || {
            let tags = Basis::ALL.iter().map(|basis| {
                let meaning = t(lang, &format!("rulebook.basis_{}_hint", basis.code()));
                view! { <li>{basis_tag(lang, *basis)}" "{meaning}</li> }
            });
            let tags: Vec<_> = tags.collect();
            let sections: Vec<_> = RuleArea::ALL
                .iter()
                .map(|area| area_section(lang, *area, &book, &approvals, today, false))
                .collect();
            view! {
                <Heading title=t(lang, "rulebook.public_title") lead=t(lang, "rulebook.public_lead")/>
                <p>{version_text(lang, book.version)}</p>
                <ul class="plain-list">{tags}</ul>
                {sections}
                {history(lang, &versions)}
                <p class="remark">{t(lang, "part.same_data")}" "<a href="/api/v1/rules">"JSON"</a></p>
            }
        }))
}

/// Which version is in force.
pub fn version_text(lang: Lang, version: u64) -> String {
    if version == 0 {
        t(lang, "rulebook.version_built_in")
    } else {
        tp(
            lang,
            "rulebook.version_in_force",
            &[("number", &version.to_string())],
        )
    }
}

/// What holds of one part today; with `propose`, a link to the form that changes it.
pub fn area_section(
    lang: Lang,
    area: RuleArea,
    book: &RuleBook,
    approvals: &[VvbApproval],
    today: Date,
    propose: bool,
) -> AnyView {
    let title = area_title(lang, area);
    let lead = t(lang, &format!("rulebook.lead_{}", area.code()));
    let body = match area {
        RuleArea::Calendar => calendar(lang, book),
        RuleArea::VvbApproval => bodies(lang, approvals),
        RuleArea::Methodology => methodologies(lang, book, today),
        RuleArea::TimeLimit => limits(lang, book, today),
        RuleArea::Penalty => penalties(lang, book, today),
        RuleArea::LegalReference => references(lang, &book.references),
    };
    let link = propose.then(|| {
        let href = format!("/desk/rules/new/{}", area.code());
        let label = t(lang, &format!("rulebook.propose_{}", area.code()));
        view! { <p><a class="button button--secondary" href=href>{label}</a></p> }
    });
    view! { <Section title id=area.code()><p>{lead}</p>{body}{link}</Section> }.into_any()
}

/// `工作日历`.
pub fn area_title(lang: Lang, area: RuleArea) -> String {
    t(lang, &format!("rulebook.area_{}", area.code()))
}

/// How sure a rule is, in a frame.
pub fn basis_tag(lang: Lang, basis: Basis) -> AnyView {
    let tone = match basis {
        Basis::OfficialText => Tone::Done,
        Basis::Observed => Tone::Note,
        Basis::Assumed => Tone::Attention,
    };
    view! { <Tag text=t(lang, &format!("rulebook.basis_{}", basis.code())) tone/> }.into_any()
}

/// Document, number, how sure; linked where it has an address.
pub fn source_view(lang: Lang, source: &RuleSource) -> AnyView {
    let document = lang.message(&source.document).to_owned();
    let document = if source.address.is_empty() {
        document.into_any()
    } else {
        view! { <a href=source.address.clone() rel="noopener nofollow">{document}</a> }.into_any()
    };
    let number = (!source.number.is_empty()).then(|| format!(" · {}", source.number));
    view! { {document}{number}" "{basis_tag(lang, source.basis)} }.into_any()
}

fn calendar(lang: Lang, book: &RuleBook) -> AnyView {
    let years: Vec<i32> = book.calendar.years().collect();
    let rows = years.iter().rev().map(|year| {
        let days = |wanted: bool| {
            let listed = book.calendar.exceptions_of(*year);
            let listed = listed.filter(move |(_, works)| *works == wanted);
            runs(lang, &listed.map(|(day, _)| day).collect::<Vec<_>>())
        };
        let count = Date::from_ordinal_date(*year, 1)
            .ok()
            .zip(Date::from_calendar_date(*year, time::Month::December, 31).ok())
            .and_then(|(first, last)| book.calendar.working_days_between(first, last).ok());
        vec![
            year.to_string().into_any(),
            count
                .map_or_else(|| "–".to_owned(), |days| whole(i64::from(days)))
                .into_any(),
            days(false).into_any(),
            days(true).into_any(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![
        Column::text(t(lang, "rulebook.year")),
        Column::number(t(lang, "rulebook.working_days")),
        Column::text(t(lang, "rulebook.days_off")),
        Column::text(t(lang, "rulebook.makeup_days")),
    ];
    let caption = tp(
        lang,
        "rulebook.calendar_caption",
        &[("version", book.calendar.version())],
    );
    let next = years.last().copied().unwrap_or_default() + 1;
    let unknown = tp(
        lang,
        "rulebook.calendar_unknown",
        &[("year", &next.to_string())],
    );
    view! {
        <DataTable caption columns rows empty=""/>
        <p class="remark">{t(lang, "rulebook.calendar_source")}" "{basis_tag(lang, Basis::OfficialText)}" "{unknown}</p>
    }
    .into_any()
}

/// Days in runs: `2027-02-05–02-11`.
fn runs(lang: Lang, days: &[Date]) -> String {
    let mut runs: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.next_day() == Some(*day) => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let texts = runs.into_iter().map(|(from, to)| {
        let short = |day: Date| format!("{:02}-{:02}", u8::from(day.month()), day.day());
        if from == to {
            short(from)
        } else {
            format!("{}–{}", short(from), short(to))
        }
    });
    texts.collect::<Vec<_>>().join(lang.choose("、", ", "))
}

fn bodies(lang: Lang, approvals: &[VvbApproval]) -> AnyView {
    let rows = approvals.iter().map(|one| {
        let until = one.to.as_deref().map_or_else(
            || t(lang, "rulebook.open_end"),
            |day| format::date_text(lang, day),
        );
        vec![
            one.organisation_name.clone().into_any(),
            one.approval_number.clone().into_any(),
            sector_name(lang, one.sector.code()).into_any(),
            format::date_text(lang, &one.from).into_any(),
            until.into_any(),
            one.source.clone().into_any(),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "rulebook.body")),
        Column::text(t(lang, "rulebook.approval_number")),
        Column::text(t(lang, "rulebook.sector")),
        Column::text(t(lang, "rulebook.from")),
        Column::text(t(lang, "rulebook.to")),
        Column::text(t(lang, "rulebook.source")),
    ];
    view! {
        <DataTable caption=t(lang, "rulebook.area_vvb_approval") columns rows=rows.collect() empty=t(lang, "rulebook.bodies_none")/>
    }
    .into_any()
}

fn methodologies(lang: Lang, book: &RuleBook, today: Date) -> AnyView {
    let rows = PROJECT_TYPES.iter().map(|kind| {
        let built_in = methodologies::catalogue()
            .iter()
            .find(|one| one.code == kind.methodology);
        let decided = book.admission(kind.methodology);
        let first = decided
            .and_then(|(one, _)| one.from)
            .into_iter()
            .chain(built_in.map(|one| one.in_force_from))
            .max();
        let last = decided.and_then(|(one, _)| one.to);
        let admitted = methodologies::find(kind.methodology, today).is_some()
            && book.admits(kind.methodology, today);
        let (key, tone) = if admitted {
            ("rulebook.admitted", Tone::Done)
        } else {
            ("rulebook.not_admitted", Tone::Refused)
        };
        let source = match decided {
            Some((_, source)) => source_view(lang, source),
            None => t(lang, "rulebook.as_the_methodology").into_any(),
        };
        let name = lang.choose(kind.name_zh, kind.name_en).to_owned();
        let address = format!("/methodologies/{}", kind.methodology);
        vec![
            view! { <a href=address>{kind.methodology}</a><br/>{name} }.into_any(),
            first
                .map_or_else(|| "–".to_owned(), |day| format::date(lang, day))
                .into_any(),
            last.map_or_else(
                || t(lang, "rulebook.open_end"),
                |day| format::date(lang, day),
            )
            .into_any(),
            view! { <Tag text=t(lang, key) tone/> }.into_any(),
            source,
        ]
    });
    let columns = vec![
        Column::text(t(lang, "rulebook.methodology")),
        Column::text(t(lang, "rulebook.from")),
        Column::text(t(lang, "rulebook.to")),
        Column::text(t(lang, "rulebook.today")),
        Column::text(t(lang, "rulebook.source")),
    ];
    view! {
        <DataTable caption=t(lang, "rulebook.area_methodology") columns rows=rows.collect() empty=""/>
    }
    .into_any()
}

/// `20 个工作日`.
pub fn limit_text(lang: Lang, limit: domain::rulebook::LimitCode, value: u32) -> String {
    let key = format!("rulebook.unit_{}", limit.unit().code());
    tp(lang, &key, &[("count", &value.to_string())])
}

/// The name of a limit.
pub fn limit_name(lang: Lang, limit: domain::rulebook::LimitCode) -> String {
    t(lang, &format!("rulebook.limit_{}", limit.code()))
}

fn limits(lang: Lang, book: &RuleBook, today: Date) -> AnyView {
    let mut entries: Vec<&LimitEntry> = book.limits.iter().collect();
    entries.sort_by_key(|entry| (entry.limit, entry.from));
    let rows = entries.into_iter().map(|entry| {
        let holds = book.limit_entry(entry.limit, today) == Some(entry);
        let state = if holds {
            view! { <Tag text=t(lang, "rulebook.holds") tone=Tone::Done/> }.into_any()
        } else if entry.from > today {
            view! { <Tag text=t(lang, "rulebook.to_come") tone=Tone::Attention/> }.into_any()
        } else {
            view! { <Tag text=t(lang, "rulebook.past") tone=Tone::Note/> }.into_any()
        };
        let constant = (!entry.limit.is_applied()).then(
            || view! { <br/><span class="quiet">{t(lang, "rulebook.limit_constant")}</span> },
        );
        vec![
            view! { {limit_name(lang, entry.limit)}{constant} }.into_any(),
            limit_text(lang, entry.limit, entry.value).into_any(),
            format::date(lang, entry.from).into_any(),
            state,
            source_view(lang, &entry.source),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "rulebook.limit")),
        Column::text(t(lang, "rulebook.length")),
        Column::text(t(lang, "rulebook.from")),
        Column::text(t(lang, "rulebook.today")),
        Column::text(t(lang, "rulebook.source")),
    ];
    view! {
        <DataTable caption=t(lang, "rulebook.area_time_limit") columns rows=rows.collect() empty=""/>
    }
    .into_any()
}

fn fine(lang: Lang, entry: &PenaltyEntry) -> String {
    let yuan = |amount: i64| whole(amount);
    match (entry.fine_min_yuan, entry.fine_max_yuan) {
        (Some(least), Some(most)) => tp(
            lang,
            "rulebook.fine_between",
            &[("min", &yuan(least)), ("max", &yuan(most))],
        ),
        (None, Some(most)) => tp(lang, "rulebook.fine_up_to", &[("max", &yuan(most))]),
        _ => "–".to_owned(),
    }
}

fn penalties(lang: Lang, book: &RuleBook, today: Date) -> AnyView {
    let mut entries: Vec<&PenaltyEntry> = book.penalties_on(today);
    entries.extend(book.penalties.iter().filter(|entry| entry.from > today));
    let rows = entries.into_iter().map(|entry| {
        let source = entry
            .source
            .as_ref()
            .map(|source| source_view(lang, source));
        let repealed = entry
            .repealed
            .then(|| view! { " "<Tag text=t(lang, "rulebook.repealed") tone=Tone::Refused/> });
        vec![
            view! { {lang.message(&entry.who).to_owned()}<br/><code>{entry.code.clone()}</code> }
                .into_any(),
            lang.message(&entry.conduct).to_owned().into_any(),
            view! { {lang.message(&entry.consequence).to_owned()}{repealed} }.into_any(),
            fine(lang, entry).into_any(),
            format::date(lang, entry.from).into_any(),
            source.into_any(),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "rulebook.who")),
        Column::text(t(lang, "rulebook.conduct")),
        Column::text(t(lang, "rulebook.consequence")),
        Column::text(t(lang, "rulebook.fine")),
        Column::text(t(lang, "rulebook.acts_from")),
        Column::text(t(lang, "rulebook.source")),
    ];
    view! {
        <DataTable caption=t(lang, "rulebook.area_penalty") columns rows=rows.collect() empty=t(lang, "rulebook.penalties_none")/>
    }
    .into_any()
}

fn references(lang: Lang, references: &[LegalReference]) -> AnyView {
    let rows = references.iter().map(|one| {
        let until = one.to.map_or_else(
            || t(lang, "rulebook.open_end"),
            |day| format::date(lang, day),
        );
        let source = one.source.as_ref().map(|source| source_view(lang, source));
        vec![
            lang.message(&one.title).to_owned().into_any(),
            format::date(lang, one.from).into_any(),
            until.into_any(),
            lang.message(&one.note).to_owned().into_any(),
            source.into_any(),
        ]
    });
    let columns = vec![
        Column::text(t(lang, "rulebook.law")),
        Column::text(t(lang, "rulebook.from")),
        Column::text(t(lang, "rulebook.to")),
        Column::text(t(lang, "rulebook.note")),
        Column::text(t(lang, "rulebook.source")),
    ];
    view! {
        <DataTable caption=t(lang, "rulebook.area_legal_reference") columns rows=rows.collect() empty=""/>
    }
    .into_any()
}

/// Every version, newest first.
fn history(lang: Lang, versions: &[PublicRuleVersion]) -> AnyView {
    let rows = versions.iter().map(|version| {
        vec![
            version.number.to_string().into_any(),
            view! { {area_title(lang, version.change.content.area())}<br/>{change_text(lang, &version.change)} }
                .into_any(),
            format::date(lang, version.change.effective_from).into_any(),
            source_view(lang, &version.change.source),
            version.reason.clone().into_any(),
            format::moment(lang, version.approved_at).into_any(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![
        Column::number(t(lang, "rulebook.version")),
        Column::text(t(lang, "rulebook.change")),
        Column::text(t(lang, "rulebook.effective_from")),
        Column::text(t(lang, "rulebook.source")),
        Column::text(t(lang, "rulebook.reason")),
        Column::text(t(lang, "rulebook.approved_at")),
    ];
    let title = t(lang, "rulebook.history_title");
    view! {
        <Section title=title.clone() id="history">
            <DataTable caption=title columns rows empty=t(lang, "rulebook.history_none")/>
        </Section>
    }
    .into_any()
}

/// What a change says, in one line.
pub fn change_text(lang: Lang, change: &RuleChange) -> String {
    let until = |to: Option<Date>| {
        to.map_or_else(
            || t(lang, "rulebook.open_end"),
            |day| format::date(lang, day),
        )
    };
    match &change.content {
        RuleContent::Calendar { year, correction } => {
            let key = if *correction {
                "rulebook.says_year_corrected"
            } else {
                "rulebook.says_year"
            };
            tp(lang, key, &[("year", &year.year.to_string())])
        }
        RuleContent::VvbApproval(approval) => {
            let key = format!("rulebook.says_approval_{}", approval.action.code());
            tp(
                lang,
                &key,
                &[
                    ("body", &approval.name),
                    ("number", &approval.number),
                    ("sector", &sector_name(lang, &approval.sector)),
                    ("from", &format::date(lang, approval.from)),
                    ("to", &until(approval.to)),
                ],
            )
        }
        RuleContent::Methodology(admission) => {
            let from = admission.from.map_or_else(
                || t(lang, "rulebook.as_the_methodology"),
                |day| format::date(lang, day),
            );
            tp(
                lang,
                "rulebook.says_methodology",
                &[
                    ("methodology", &admission.methodology),
                    ("from", &from),
                    ("to", &until(admission.to)),
                ],
            )
        }
        RuleContent::TimeLimit { limit, value } => format!(
            "{}: {}",
            limit_name(lang, *limit),
            limit_text(lang, *limit, *value)
        ),
        RuleContent::Penalty(entry) => format!(
            "{} · {} · {}",
            lang.message(&entry.who),
            lang.message(&entry.conduct),
            if entry.repealed {
                t(lang, "rulebook.repealed")
            } else {
                fine(lang, entry)
            }
        ),
        RuleContent::LegalReference(reference) => lang.message(&reference.title).to_owned(),
    }
}

/// The name of a sector's code; an unknown one shows itself.
pub fn sector_name(lang: Lang, code: &str) -> String {
    domain::Sector::from_code(code).map_or_else(
        || code.to_owned(),
        |sector| t(lang, &format!("rulebook.sector_{}", sector.code())),
    )
}

/// An approval in one line, as a choice of a form.
pub fn approval_text(lang: Lang, name: &str, row: &Approval) -> String {
    let until = row.to.map_or_else(
        || t(lang, "rulebook.open_end"),
        |day| format::date(lang, day),
    );
    format!(
        "{name} · {} · {} · {} – {until}",
        row.number,
        sector_name(lang, &row.sector),
        format::date(lang, row.from)
    )
}

/// Facts of a change as rows.
pub fn change_facts(lang: Lang, change: &RuleChange) -> AnyView {
    let rows = vec![
        SummaryRow::new(
            t(lang, "rulebook.area"),
            area_title(lang, change.content.area()),
        ),
        SummaryRow::new(t(lang, "rulebook.change"), change_text(lang, change)),
        SummaryRow::new(
            t(lang, "rulebook.source"),
            source_view(lang, &change.source),
        ),
        SummaryRow::new(
            t(lang, "rulebook.effective_from"),
            format::date(lang, change.effective_from),
        ),
    ];
    view! { <SummaryList rows/> }.into_any()
}

/// The later last days that a publicity window was given; nothing if there are none.
pub fn extensions_section(lang: Lang, extensions: &[PublicityExtension]) -> Option<AnyView> {
    let lines: Vec<_> = extensions
        .iter()
        .map(|one| {
            let text = tp(
                lang,
                "rulebook.extension_text",
                &[
                    ("at", &format::moment(lang, one.at)),
                    ("before", &format::date_text(lang, &one.end_before)),
                    ("calendar_before", &one.calendar_before),
                    ("after", &format::date_text(lang, &one.end_after)),
                    ("calendar_after", &one.calendar_after),
                    ("reason", &one.reason),
                ],
            );
            view! { <li>{text}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! { <Section title=t(lang, "rulebook.extension_title") id="extensions"><ul>{lines}</ul></Section> }
            .into_any()
    })
}
