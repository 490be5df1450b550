//! A body's desk for one mandate: impartiality, plan, team, visits, findings. The body works on it, the owner answers its findings here,
//! the registry reads.

use axum::extract::{Path, RawQuery, State};
use domain::engagement::{Duty, FindingKind, FindingState};
use domain::id::{ProjectId, ReportId};
use domain::project::{DesignSection, ReportSection};
use domain::sector::project_type_of;
use domain::{Act, Role, Sector};
use leptos::prelude::*;
use registry::{AttachmentView, By, EngagementView, Fields, FindingStep, FindingView, RecordKind};

use super::act_page::comparison;
use super::document::Document;
use super::record::{Record, outcome_of};
use crate::form::{Form, Problem};
use crate::format;
use crate::host::Host;
use crate::lang::{Lang, t, tp};
use crate::page::{Failed, OrFailed, Page, PageResult, require};
use crate::pages::public::filters::Filters;
use crate::parts::{
    ActForm, Choice, Column, DataTable, Field, Fieldset, Heading, Hidden, Kind, Notice, Section,
    SummaryList, SummaryRow, Tag,
};
use crate::visitor::{Tone, Visitor};

/// `GET /desk/projects/{id}/engagement`. `?finding=` opens the form of one finding.
pub async fn project_engagement(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    show(&host, &visitor, RecordKind::Project, &id, query.as_deref()).await
}

/// `GET /desk/reports/{id}/engagement`.
pub async fn report_engagement(
    State(host): State<Host>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PageResult {
    show(&host, &visitor, RecordKind::Report, &id, query.as_deref()).await
}

async fn show(
    host: &Host,
    visitor: &Visitor,
    kind: RecordKind,
    id: &str,
    query: Option<&str>,
) -> PageResult {
    let by = require(
        host,
        visitor,
        &[Role::ProjectOwner, Role::Vvb, Role::RegistryOperator],
    )?;
    let desk = host.registry.engagement_get(&by, kind, id).await;
    let desk = desk.or_failed(host, visitor)?;
    let about = About::read(host, visitor, &by, kind, id).await?;
    let filters = Filters::read(query, &["finding"]);
    let forms = Forms::open(host, visitor, &desk, filters.get("finding")).await;
    let (lang, viewer) = (visitor.lang, by.role);
    let title = t(lang, &format!("engagement.title_{}", kind.code()));
    let page = Page::new(host, visitor, title.clone())
        .crumb(about.record.title(lang), about.record.address())
        .wide();
    Ok(page.view(move || {
        let judges = matches!(viewer, Role::Vvb | Role::RegistryOperator);
        let recomputed = judges.then(|| recomputation(lang, &about.record));
        view! {
            <Heading title above=about.record.title(lang) lead=t(lang, "engagement.lead")/>
            {state_of(lang, &desk)}
            {impartiality(lang, &desk)}
            {plan(lang, &desk, forms.plan)}
            {team(lang, &desk, forms.member)}
            {visits(lang, &desk, forms.visit)}
            {findings(lang, &desk, &about, forms.finding, forms.opened)}
            {recomputed}
        }
    }))
}

/// What a finding can be pinned to.
struct About {
    record: Record,
    document: Document,
    /// The names of the fields that were answered, in the order of the document.
    fields: Vec<&'static str>,
    files: Vec<AttachmentView>,
}

impl About {
    async fn read(
        host: &Host,
        visitor: &Visitor,
        by: &By,
        kind: RecordKind,
        id: &str,
    ) -> Result<Self, Failed> {
        let (registry, lang) = (&host.registry, visitor.lang);
        let files = registry.attachment_list(by, kind, id).await;
        let files = files.or_failed(host, visitor)?;
        let (record, typed, names, document) = match kind {
            RecordKind::Project => {
                let view = registry.project_get(by, &ProjectId::new(id)).await;
                let view = view.or_failed(host, visitor)?;
                let record = Record::of_project(lang, &view);
                let kind = project_type_of(&record.methodology);
                let sections = DesignSection::ALL.iter();
                let names: Vec<_> = sections.flat_map(|section| section.fields(kind)).collect();
                let document =
                    Document::design(lang, &record.methodology, Vec::new(), record.body.clone());
                (record, view.fields, names, document)
            }
            RecordKind::Report => {
                let view = registry.report_get(by, &ReportId::new(id)).await;
                let view = view.or_failed(host, visitor)?;
                let record = Record::of_report(lang, &view);
                let kind = project_type_of(&record.methodology);
                let sections = ReportSection::of_kind(kind).iter();
                let names: Vec<_> = sections.flat_map(|section| section.fields(kind)).collect();
                let document =
                    Document::report(lang, &record.methodology, Vec::new(), record.body.clone());
                (record, view.fields, names, document)
            }
        };
        let answered = |name: &&'static str| {
            typed.iter().any(|(field, value)| {
                !value.trim().is_empty() && field.split('.').next() == Some(*name)
            })
        };
        Ok(Self {
            fields: names.into_iter().filter(answered).collect(),
            record,
            document,
            files,
        })
    }

    fn choices(&self, lang: Lang) -> Vec<Choice> {
        let fields = self
            .fields
            .iter()
            .map(|name| Choice::new(format!("field:{name}"), self.document.label(name)));
        let files = self.files.iter().map(|file| {
            let label = tp(lang, "engagement.place_file", &[("title", &file.title)]);
            Choice::new(format!("attachment:{}", file.id), label)
        });
        fields.chain(files).collect()
    }
}

/// The forms of the page, with what was typed into them.
struct Forms {
    plan: Form,
    member: Form,
    visit: Form,
    finding: Form,
    opened: Option<Opened>,
}

/// The finding whose form is shown: one at a time, so that every field of the page has a name of its own.
struct Opened {
    id: String,
    answer: Form,
    accept: Form,
    back: Form,
}

impl Forms {
    async fn open(
        host: &Host,
        visitor: &Visitor,
        desk: &EngagementView,
        wanted: Option<&str>,
    ) -> Self {
        let open = async |act: Act, stored: Fields| Form::open(host, visitor, act, stored).await;
        let opened = match which_opens(desk, wanted) {
            None => None,
            Some(id) => {
                let which = Some(("finding", id.as_str()));
                let open =
                    async |act| Form::open_one_of(host, visitor, act, which, Fields::new()).await;
                Some(Opened {
                    answer: labelled(visitor.lang, &open(Act::FindingAnswer).await),
                    accept: labelled(visitor.lang, &open(Act::FindingClose).await),
                    back: labelled(visitor.lang, &open(Act::FindingReturn).await),
                    id,
                })
            }
        };
        let lang = visitor.lang;
        Self {
            plan: labelled(lang, &open(Act::EngagementSave, stored_plan(desk)).await),
            member: labelled(lang, &open(Act::EngagementMemberAdd, Fields::new()).await),
            visit: labelled(lang, &open(Act::EngagementVisitAdd, Fields::new()).await),
            finding: labelled(lang, &open(Act::FindingRaise, Fields::new()).await),
            opened,
        }
    }
}

/// The finding that the address names, if it waits for this viewer, otherwise the first that does.
fn which_opens(desk: &EngagementView, wanted: Option<&str>) -> Option<String> {
    let waits = |finding: &&FindingView| {
        (desk.may_answer && finding.state.waits_for_owner())
            || (desk.may_change && finding.state == FindingState::Answered)
    };
    let mut waiting = desk.findings.iter().filter(waits);
    let named = waiting
        .clone()
        .find(|finding| Some(finding.id.as_str()) == wanted);
    named
        .or_else(|| waiting.next())
        .map(|finding| finding.id.clone())
}

/// The plan as the form shows it.
fn stored_plan(desk: &EngagementView) -> Fields {
    let mut stored = Fields::new();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            stored.insert(name.to_owned(), value);
        }
    };
    set("document_reviewed_on", desk.document_reviewed_on.clone());
    set(
        "sites_total",
        desk.sites_total.map(|total| total.to_string()),
    );
    set("sampling", desk.sampling.clone());
    set("reviewer", desk.reviewer.clone());
    set("decision_maker", desk.decision_maker.clone());
    stored
}

/// What the fields are called in the summary of errors.
fn labelled(lang: Lang, form: &Form) -> Form {
    form.labelled(|field| {
        let name = field.split('.').next().unwrap_or_default();
        Some(t(lang, &format!("engagement.field_{name}")))
    })
}

/// Whether the report can be uploaded, or what is missing.
fn state_of(lang: Lang, desk: &EngagementView) -> AnyView {
    if desk.appointed_on.is_none() {
        return view! { <Notice tone=Tone::Note title=t(lang, "engagement.no_mandate")/> }
            .into_any();
    }
    if !desk.at_work {
        return view! { <Notice tone=Tone::Note title=t(lang, "engagement.closed")/> }.into_any();
    }
    if desk.missing.is_empty() {
        return view! { <Notice tone=Tone::Done title=t(lang, "engagement.complete")/> }.into_any();
    }
    let missing = missing_list(lang, desk);
    view! {
        <Notice tone=Tone::Attention title=t(lang, "engagement.missing_title")>{missing}</Notice>
    }
    .into_any()
}

/// What keeps a positive report from being uploaded, each in a line.
pub fn missing_list(lang: Lang, desk: &EngagementView) -> AnyView {
    let lines: Vec<_> = desk
        .missing
        .iter()
        .map(|refusal| view! { <li>{Problem::from(refusal).text(lang)}</li> })
        .collect();
    view! { <ul class="plain-list">{lines}</ul> }.into_any()
}

/// The way to the desk from the record's own page, with what waits there.
pub fn desk_section(lang: Lang, desk: &EngagementView) -> Option<AnyView> {
    desk.appointed_on.as_ref()?;
    let address = format!(
        "/desk/{}s/{}/engagement",
        desk.record_kind.code(),
        desk.record
    );
    let (owner, body) = (desk.waiting_for_owner(), desk.waiting_for_body());
    let rows = vec![
        SummaryRow::new(
            t(lang, "engagement.team_title"),
            format::whole(i64::try_from(desk.members.len()).unwrap_or(i64::MAX)),
        ),
        SummaryRow::new(
            t(lang, "engagement.sites_visited"),
            format!(
                "{} / {}",
                desk.sites_visited,
                desk.sites_total
                    .map_or_else(|| "–".to_owned(), format::whole)
            ),
        ),
        SummaryRow::new(
            t(lang, "engagement.findings_title"),
            tp(
                lang,
                "engagement.findings_count",
                &[
                    ("count", &desk.findings.len().to_string()),
                    ("owner", &owner.to_string()),
                    ("body", &body.to_string()),
                ],
            ),
        ),
    ];
    let waits = (desk.may_answer && owner > 0) || (desk.may_change && body > 0);
    let notice = waits.then(|| {
        view! { <Notice tone=Tone::Attention title=t(lang, "engagement.waits_for_you")/> }
    });
    let title = t(
        lang,
        &format!("engagement.title_{}", desk.record_kind.code()),
    );
    Some(
        view! {
            <Section title id="engagement">
                {notice}
                <SummaryList rows/>
                <p><a class="button button--secondary" href=address>{t(lang, "engagement.open")}</a></p>
            </Section>
        }
        .into_any(),
    )
}

fn impartiality(lang: Lang, desk: &EngagementView) -> AnyView {
    let stated = match desk.impartial_at {
        Some(at) => tp(
            lang,
            "engagement.impartial_at",
            &[
                ("body", desk.vvb.as_deref().unwrap_or("–")),
                ("date", &format::moment(lang, at)),
            ],
        ),
        None => t(lang, "engagement.impartial_not"),
    };
    view! {
        <Section title=t(lang, "engagement.impartiality_title") id="impartiality">
            <p>{stated}</p>
            {impartiality_points(lang)}
        </Section>
    }
    .into_any()
}

/// What a body states when it takes a mandate on.
pub fn impartiality_points(lang: Lang) -> AnyView {
    view! {
        <ul class="prose">
            <li>{t(lang, "engagement.impartial_ties")}</li>
            <li>{t(lang, "engagement.impartial_author")}</li>
            <li>{t(lang, "engagement.impartial_funding")}</li>
        </ul>
        <p class="quiet">{t(lang, "engagement.impartial_source")}</p>
    }
    .into_any()
}

/// The hidden fields that say which mandate a form is about.
fn which(desk: &EngagementView) -> AnyView {
    view! {
        <Hidden name="record_kind" value=desk.record_kind.code()/>
        <Hidden name="record" value=desk.record.clone()/>
    }
    .into_any()
}

fn plan(lang: Lang, desk: &EngagementView, form: Form) -> AnyView {
    let body = if desk.may_change {
        let asks = desk.impartial_at.is_none();
        // within the form, whose values the fields show
        let state = move || {
            asks.then(|| {
            view! { <Field name="impartiality" label=t(lang, "engagement.field_impartiality") kind=Kind::Checkbox/> }
        })
        };
        let which = which(desk);
        view! {
            <ActForm act=Act::EngagementSave form submit=t(lang, "act.engagement_save")>
                {which}
                {state()}
                <Field name="document_reviewed_on" label=t(lang, "engagement.field_document_reviewed_on") hint=t(lang, "engagement.hint_document_reviewed_on") kind=Kind::Date optional=true/>
                <Field name="sites_total" label=t(lang, "engagement.field_sites_total") hint=t(lang, "engagement.hint_sites_total") kind=Kind::Decimal optional=true/>
                <Field name="sampling" label=t(lang, "engagement.field_sampling") hint=t(lang, "engagement.hint_sampling") kind=Kind::Lines optional=true/>
                <Field name="reviewer" label=t(lang, "engagement.field_reviewer") hint=t(lang, "engagement.hint_reviewer") optional=true/>
                <Field name="decision_maker" label=t(lang, "engagement.field_decision_maker") hint=t(lang, "engagement.hint_reviewer") optional=true/>
            </ActForm>
        }
        .into_any()
    } else {
        plan_rows(lang, desk)
    };
    let rule = desk.rule;
    let rule = tp(
        lang,
        "engagement.rule",
        &[
            ("full_time", &rule.full_time_min.to_string()),
            ("competent", &rule.competent_min.to_string()),
            ("all", &rule.sites_all_max.to_string()),
            ("sampled", &rule.sites_sampled_min.to_string()),
            ("date", &format::date(lang, rule.from)),
            ("source", rule.source),
        ],
    );
    view! {
        <Section title=t(lang, "engagement.plan_title") id="plan">
            <p class="quiet">{rule}</p>
            {body}
        </Section>
    }
    .into_any()
}

fn plan_rows(lang: Lang, desk: &EngagementView) -> AnyView {
    let dash = || "–".to_owned();
    let rows = vec![
        SummaryRow::new(
            t(lang, "engagement.field_document_reviewed_on"),
            desk.document_reviewed_on
                .as_deref()
                .map_or_else(dash, |day| format::date_text(lang, day)),
        ),
        SummaryRow::new(
            t(lang, "engagement.field_sites_total"),
            desk.sites_total.map_or_else(dash, format::whole),
        ),
        SummaryRow::new(
            t(lang, "engagement.field_sampling"),
            view! { <span class="prose">{desk.sampling.clone().unwrap_or_else(dash)}</span> },
        ),
        SummaryRow::new(
            t(lang, "engagement.field_reviewer"),
            desk.reviewer.clone().unwrap_or_else(dash),
        ),
        SummaryRow::new(
            t(lang, "engagement.field_decision_maker"),
            desk.decision_maker.clone().unwrap_or_else(dash),
        ),
    ];
    view! { <SummaryList rows/> }.into_any()
}

/// The names of sectors.
pub fn sector_names(lang: Lang, sectors: &[Sector]) -> String {
    if sectors.is_empty() {
        return "–".to_owned();
    }
    let names: Vec<_> = sectors
        .iter()
        .map(|sector| t(lang, &format!("engagement.sector_{}", sector.code())))
        .collect();
    names.join(lang.choose("、", ", "))
}

fn team(lang: Lang, desk: &EngagementView, form: Form) -> AnyView {
    let mut columns = vec![
        Column::text(t(lang, "engagement.field_name")),
        Column::text(t(lang, "engagement.field_duty")),
        Column::text(t(lang, "engagement.field_full_time")),
        Column::text(t(lang, "engagement.field_sectors")),
    ];
    let shows_contact = desk.members.iter().any(|member| member.contact.is_some());
    if shows_contact {
        columns.push(Column::text(t(lang, "engagement.field_contact")));
    }
    if desk.may_change {
        columns.push(Column::text(t(lang, "engagement.remove")));
    }
    let rows = desk
        .members
        .iter()
        .map(|member| {
            let yes_no = if member.full_time { "field.yes" } else { "field.no" };
            let mut cells = vec![
                member.name.clone().into_any(),
                t(lang, &format!("engagement.duty_{}", member.duty.code())).into_any(),
                t(lang, yes_no).into_any(),
                sector_names(lang, &member.sectors).into_any(),
            ];
            if shows_contact {
                cells.push(member.contact.clone().unwrap_or_else(|| "–".to_owned()).into_any());
            }
            if desk.may_change {
                let id = member.id.clone();
                cells.push(
                    view! {
                        <ActForm act=Act::EngagementMemberRemove submit=t(lang, "engagement.remove") quiet=true>
                            <Hidden name="member" value=id/>
                        </ActForm>
                    }
                    .into_any(),
                );
            }
            cells
        })
        .collect();
    let add = desk.may_change.then(|| member_form(lang, desk, form));
    view! {
        <Section title=t(lang, "engagement.team_title") id="team">
            <DataTable caption=t(lang, "engagement.team_title") columns rows empty=t(lang, "engagement.team_none")/>
            {add}
        </Section>
    }
    .into_any()
}

fn member_form(lang: Lang, desk: &EngagementView, form: Form) -> AnyView {
    let open = !form.problems().is_empty();
    let duties = Duty::ALL
        .iter()
        .map(|duty| {
            Choice::new(
                duty.code(),
                t(lang, &format!("engagement.duty_{}", duty.code())),
            )
        })
        .collect();
    // within the form, whose values the fields show
    let sectors = move || -> Vec<_> {
        let boxes = Sector::ALL.iter().map(|sector| {
            let (name, label) = (
                format!("sectors.{}", sector.code()),
                t(lang, &format!("engagement.sector_{}", sector.code())),
            );
            view! { <Field name label kind=Kind::Checkbox/> }
        });
        boxes.collect()
    };
    let which = which(desk);
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{t(lang, "act.engagement_member_add")}</summary>
            <div class="how__body">
                <ActForm act=Act::EngagementMemberAdd form submit=t(lang, "act.engagement_member_add")>
                    {which}
                    <Field name="name" label=t(lang, "engagement.field_name") autocomplete="off"/>
                    <Field name="duty" label=t(lang, "engagement.field_duty") kind=Kind::Select choices=duties/>
                    <Field name="full_time" label=t(lang, "engagement.full_time_yes") kind=Kind::Checkbox/>
                    <Fieldset legend=t(lang, "engagement.field_sectors")>{sectors()}</Fieldset>
                    <Field name="contact" label=t(lang, "engagement.field_contact") hint=t(lang, "engagement.hint_contact") optional=true/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn visits(lang: Lang, desk: &EngagementView, form: Form) -> AnyView {
    let mut columns = vec![
        Column::text(t(lang, "engagement.field_site")),
        Column::text(t(lang, "engagement.field_visited_on")),
        Column::text(t(lang, "engagement.field_persons")),
    ];
    if desk.may_change {
        columns.push(Column::text(t(lang, "engagement.remove")));
    }
    let rows = desk
        .visits
        .iter()
        .map(|visit| {
            let mut cells = vec![
                visit.site.clone().into_any(),
                format::date_text(lang, &visit.on).into_any(),
                visit.persons.join(lang.choose("、", ", ")).into_any(),
            ];
            if desk.may_change {
                let id = visit.id.clone();
                cells.push(
                    view! {
                        <ActForm act=Act::EngagementVisitRemove submit=t(lang, "engagement.remove") quiet=true>
                            <Hidden name="visit" value=id/>
                        </ActForm>
                    }
                    .into_any(),
                );
            }
            cells
        })
        .collect();
    let add = (desk.may_change && !desk.members.is_empty()).then(|| visit_form(lang, desk, form));
    let first = (desk.may_change && desk.members.is_empty())
        .then(|| view! { <p class="quiet">{t(lang, "engagement.visits_team_first")}</p> });
    view! {
        <Section title=t(lang, "engagement.visits_title") id="visits">
            <DataTable caption=t(lang, "engagement.visits_title") columns rows empty=t(lang, "engagement.visits_none")/>
            {first}
            {add}
        </Section>
    }
    .into_any()
}

fn visit_form(lang: Lang, desk: &EngagementView, form: Form) -> AnyView {
    let open = !form.problems().is_empty();
    let members = desk.members.iter();
    let members: Vec<_> = members
        .map(|member| (format!("persons.{}", member.id), member.name.clone()))
        .collect();
    // within the form, whose values the fields show
    let persons = move || -> Vec<_> {
        let boxes = members.into_iter().map(|(name, label)| {
            view! { <Field name label kind=Kind::Checkbox/> }
        });
        boxes.collect()
    };
    let which = which(desk);
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{t(lang, "act.engagement_visit_add")}</summary>
            <div class="how__body">
                <ActForm act=Act::EngagementVisitAdd form submit=t(lang, "act.engagement_visit_add")>
                    {which}
                    <Field name="site" label=t(lang, "engagement.field_site") hint=t(lang, "engagement.hint_site")/>
                    <Field name="visited_on" label=t(lang, "engagement.field_visited_on") hint=t(lang, "engagement.hint_visited_on") kind=Kind::Date/>
                    <div id="field-persons">
                        <Fieldset legend=t(lang, "engagement.field_persons") hint=t(lang, "engagement.hint_persons")>{persons()}</Fieldset>
                    </div>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn findings(
    lang: Lang,
    desk: &EngagementView,
    about: &About,
    form: Form,
    mut opened: Option<Opened>,
) -> AnyView {
    let mut list = Vec::new();
    for finding in &desk.findings {
        let own = opened
            .as_ref()
            .is_some_and(|opened| opened.id == finding.id);
        let forms = if own { opened.take() } else { None };
        list.push(one(lang, desk, about, finding, forms));
    }
    let body = if list.is_empty() {
        view! { <p class="quiet">{t(lang, "engagement.findings_none")}</p> }.into_any()
    } else {
        view! { <ol class="opinions">{list}</ol> }.into_any()
    };
    let add = desk
        .may_change
        .then(|| finding_form(lang, desk, about, form));
    view! {
        <Section title=t(lang, "engagement.findings_title") id="findings">
            <p class="quiet">{t(lang, "engagement.findings_lead")}</p>
            {body}
            {add}
        </Section>
    }
    .into_any()
}

/// `整改要求 1`.
pub fn finding_name(lang: Lang, kind: FindingKind, number: i64) -> String {
    format!(
        "{} {number}",
        t(lang, &format!("engagement.kind_{}", kind.code()))
    )
}

fn one(
    lang: Lang,
    desk: &EngagementView,
    about: &About,
    finding: &FindingView,
    opened: Option<Opened>,
) -> AnyView {
    let tone = match finding.state {
        FindingState::Closed => Tone::Done,
        FindingState::Returned => Tone::Refused,
        FindingState::Raised | FindingState::Answered => Tone::Attention,
    };
    let place = match (&finding.field, &finding.attachment) {
        (Some(field), _) => about.document.label(field),
        (None, Some((_, title))) => tp(lang, "engagement.place_file", &[("title", title)]),
        (None, None) => t(lang, "engagement.place_whole"),
    };
    let carried = finding.carried.then(|| {
        view! { <p><Tag text=t(lang, "engagement.carried") tone=Tone::Note/></p>{history(lang, &finding.earlier)} }
    });
    let link = (opened.is_none() && waits_for_viewer(desk, finding)).then(|| {
        let address = format!("?finding={}#finding-{}", finding.id, finding.id);
        let key = if desk.may_answer {
            "act.finding_answer"
        } else {
            "engagement.decide"
        };
        view! { <p><a class="button button--secondary" href=address>{t(lang, key)}</a></p> }
    });
    let forms = opened.map(|opened| finding_acts(lang, desk, opened));
    view! {
        <li class="opinion" id=format!("finding-{}", finding.id)>
            <p class="opinion__who">
                <strong>{finding_name(lang, finding.kind, finding.number)}</strong>" · "{format::moment(lang, finding.at)}" "
                <Tag text=t(lang, &format!("engagement.finding_{}", finding.state.code())) tone/>
            </p>
            <p class="opinion__label">{place}</p>
            <p class="prose">{finding.text.clone()}</p>
            {carried}
            {history(lang, &finding.steps)}
            {link}
            {forms}
        </li>
    }
    .into_any()
}

fn waits_for_viewer(desk: &EngagementView, finding: &FindingView) -> bool {
    (desk.may_answer && finding.state.waits_for_owner())
        || (desk.may_change && finding.state == FindingState::Answered)
}

/// What was said about a finding, oldest first.
pub fn history(lang: Lang, steps: &[FindingStep]) -> AnyView {
    let labelled = |key: &str, text: &Option<String>| {
        let label = t(lang, key);
        text.clone()
            .map(|text| view! { <p class="opinion__label">{label}</p><p class="prose">{text}</p> })
    };
    let steps: Vec<_> = steps
        .iter()
        .map(|step| {
            let title = format!(
                "{} · {}",
                t(lang, &format!("engagement.step_{}", step.event)),
                format::moment(lang, step.at)
            );
            view! {
                <div class="opinion__answer">
                    <p class="opinion__label">{title}</p>
                    <p class="prose">{step.text.clone()}</p>
                    {labelled("engagement.field_corrected", &step.corrected)}
                    {labelled("engagement.field_evidence", &step.evidence)}
                </div>
            }
        })
        .collect();
    view! { {steps} }.into_any()
}

fn finding_acts(lang: Lang, desk: &EngagementView, opened: Opened) -> AnyView {
    let Opened {
        id,
        answer,
        accept,
        back,
    } = opened;
    if desk.may_answer {
        return view! {
            <ActForm act=Act::FindingAnswer form=answer submit=t(lang, "act.finding_answer")>
                <Hidden name="finding" value=id/>
                <Field name="answer" label=t(lang, "engagement.field_answer") hint=t(lang, "engagement.hint_answer") kind=Kind::Lines/>
                <Field name="corrected" label=t(lang, "engagement.field_corrected") hint=t(lang, "engagement.hint_corrected") kind=Kind::Lines rows=2 optional=true/>
                <Field name="evidence" label=t(lang, "engagement.field_evidence") hint=t(lang, "engagement.hint_evidence") optional=true/>
            </ActForm>
        }
        .into_any();
    }
    let (closed, returned) = (id.clone(), id);
    let open = !back.problems().is_empty();
    view! {
        <ActForm act=Act::FindingClose form=accept submit=t(lang, "act.finding_close")>
            <Hidden name="finding" value=closed/>
            <Field name="remark" label=t(lang, "engagement.field_remark") kind=Kind::Lines rows=2 optional=true/>
        </ActForm>
        <details class="how" open=open>
            <summary class="how__summary">{t(lang, "act.finding_return")}</summary>
            <div class="how__body">
                <ActForm act=Act::FindingReturn form=back submit=t(lang, "act.finding_return") quiet=true>
                    <Hidden name="finding" value=returned/>
                    <Field name="reason" label=t(lang, "engagement.field_reason") hint=t(lang, "engagement.hint_reason") kind=Kind::Lines/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn finding_form(lang: Lang, desk: &EngagementView, about: &About, form: Form) -> AnyView {
    let open = !form.problems().is_empty();
    let kinds = FindingKind::ALL
        .iter()
        .map(|kind| {
            let label = t(lang, &format!("engagement.kind_{}", kind.code()));
            let hint = t(lang, &format!("engagement.kind_{}_hint", kind.code()));
            Choice::new(kind.code(), label).hint(hint)
        })
        .collect();
    let places = about.choices(lang);
    let which = which(desk);
    view! {
        <details class="how" open=open>
            <summary class="how__summary">{t(lang, "act.finding_raise")}</summary>
            <div class="how__body">
                <ActForm act=Act::FindingRaise form submit=t(lang, "act.finding_raise")>
                    {which}
                    <Field name="kind" label=t(lang, "engagement.field_kind") kind=Kind::Radios choices=kinds/>
                    <Field name="place" label=t(lang, "engagement.field_place") hint=t(lang, "engagement.hint_place") kind=Kind::Select choices=places optional=true/>
                    <Field name="text" label=t(lang, "engagement.field_text") hint=t(lang, "engagement.hint_text") kind=Kind::Lines/>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

/// The submitted numbers beside the recomputation.
fn recomputation(lang: Lang, record: &Record) -> AnyView {
    let stored = record.latest_calculation();
    let again = stored.map(|stored| {
        methodologies::calculate_with(&stored.calculator, &stored.input, &stored.parameters)
    });
    comparison(lang, stored.and_then(outcome_of).as_ref(), again.as_ref())
}
