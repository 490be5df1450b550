//! What a message says: made from its codes when it is read, on a page and in a mail alike.

use domain::project::Party;
use domain::{Act, Role};
use registry::{Notification, RecordKind};

use super::desk::record::{act_label, name_or_unnamed, state_name};
use crate::format;
use crate::lang::{Lang, t, tp};
use crate::parts::role_label;

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened, and who did it.
    pub title: String,
    /// What it is about: project, code, report, state; empty where it is about no record.
    pub about: String,
    /// What comes next, and by when; empty where nothing is expected.
    pub next: String,
    /// Whether it is the reader's turn.
    pub yours: bool,
    /// The page where the reader goes on.
    pub address: String,
}

/// The words of a message in one language.
pub fn words(lang: Lang, message: &Notification) -> Words {
    let yours = message.next_party.and_then(role_of) == Some(message.reader);
    Words {
        title: title(lang, message),
        about: about(lang, message),
        next: next(lang, message, yours),
        yours,
        address: address(message),
    }
}

fn title(lang: Lang, message: &Notification) -> String {
    let act = act_label(lang, &message.kind);
    if message.kind.starts_with("reminder_") {
        return act;
    }
    let who = match &message.actor {
        Some(actor) => actor.clone(),
        None if message.kind.starts_with("guardian_")
            && Act::from_name(&message.kind).is_some() =>
        {
            t(lang, "guardian.by")
        }
        None if Act::from_name(&message.kind).is_some() => t(lang, "notification.by_public"),
        None => t(lang, "notification.by_date"),
    };
    tp(lang, "notification.did", &[("who", &who), ("act", &act)])
}

fn about(lang: Lang, message: &Notification) -> String {
    let mut parts = Vec::new();
    if let Some(kind) = message.record_kind() {
        let name = name_or_unnamed(lang, &message.title);
        parts.push(match message.number {
            Some(number) => tp(
                lang,
                "desk.report_title",
                &[("name", &name), ("number", &number.to_string())],
            ),
            None => name,
        });
        parts.extend(message.code.clone());
        parts.extend(
            message
                .state
                .as_ref()
                .map(|state| state_name(lang, kind, state)),
        );
    }
    if message.subject_kind == "event" && !message.title.is_empty() {
        parts.push(message.title.clone());
        parts.extend(message.code.clone());
    }
    parts.extend(message.tonnes.map(|tonnes| {
        let tonnes = format::whole(tonnes);
        let key = match message.next_act {
            Some(Act::CreditsAccept) => "hold.told_waits",
            _ => "notification.credited",
        };
        tp(lang, key, &[("tonnes", &tonnes)])
    }));
    parts.extend(message.debited.map(|tonnes| {
        let tonnes = format::whole(tonnes);
        tp(lang, "hold.told_debited", &[("tonnes", &tonnes)])
    }));
    if let (Some(authority), Some(number)) = (&message.authority, &message.document_number) {
        let paper = [
            ("authority", authority.as_str()),
            ("number", number.as_str()),
        ];
        parts.push(tp(lang, "hold.told_paper", &paper));
    }
    parts.join(" · ")
}

fn next(lang: Lang, message: &Notification, yours: bool) -> String {
    let Some(party) = message.next_party else {
        return match &message.due_on {
            Some(day) if message.subject_kind == "event" => {
                let day = format::date_text(lang, day);
                tp(lang, "event.reminder_next", &[("date", &day)])
            }
            _ => String::new(),
        };
    };
    let who = match role_of(party) {
        _ if yours => t(lang, "notification.you"),
        Some(role) => role_label(lang, role),
        None if party == Party::Date => return t(lang, "notification.next_date"),
        None => return t(lang, "notification.next_nobody"),
    };
    let what = message
        .next_act
        .map(|act| act_label(lang, act.name()))
        .unwrap_or_default();
    let step = tp(lang, "notification.next", &[("who", &who), ("act", &what)]);
    match &message.due_on {
        Some(day) => {
            let day = format::date_text(lang, day);
            tp(
                lang,
                "notification.next_by",
                &[("step", &step), ("date", &day)],
            )
        }
        None => step,
    }
}

const fn role_of(party: Party) -> Option<Role> {
    match party {
        Party::Owner => Some(Role::ProjectOwner),
        Party::Vvb => Some(Role::Vvb),
        Party::Operator => Some(Role::RegistryOperator),
        Party::Date | Party::Nobody => None,
    }
}

/// The page of what it is about, as the reader may see it.
fn address(message: &Notification) -> String {
    match message.record_kind() {
        Some(_)
            if message.kind.starts_with("complaint_")
                && message.reader == Role::RegistryOperator =>
        {
            "/desk/complaints".to_owned()
        }
        Some(RecordKind::Project) => format!("/desk/projects/{}", message.subject),
        Some(RecordKind::Report) => format!("/desk/reports/{}", message.subject),
        None if message.kind.starts_with("event_organiser_") => {
            format!("/desk/events/{}/organisers", message.subject)
        }
        None if message.subject_kind == "event" && message.reader == Role::Vvb => {
            // what a body is no longer asked about has no page of its own
            "/desk/evaluations".to_owned()
        }
        None if message.kind.starts_with("event_file_") => {
            format!("/desk/events/{}/files", message.subject)
        }
        None if message.subject_kind == "event" => format!("/desk/events/{}", message.subject),
        None => {
            let noun = message.kind.split('_').next().unwrap_or_default();
            match (noun, message.reader) {
                ("credits", _) if message.kind == Act::CreditsAssign.name() => {
                    "/desk/holds/assigned".to_owned()
                }
                ("credits", Role::RegistryOperator) => "/desk/holds".to_owned(),
                ("credits", _) if message.next_act == Some(Act::CreditsAccept) => {
                    "/desk/holds".to_owned()
                }
                ("credits", _) if message.next_act.is_some() => "/desk/orders".to_owned(),
                ("credits", _)
                    if !matches!(
                        message.kind.as_str(),
                        "credits_retire" | "credits_confirm" | "credits_reject"
                    ) =>
                {
                    "/desk/holds?all=yes".to_owned()
                }
                ("credits", _) => "/desk/holdings".to_owned(),
                ("inclusion", Role::Individual) => "/me".to_owned(),
                ("guardian", _) => "/me/consents".to_owned(),
                ("audit", _) => "/desk/audit".to_owned(),
                ("parameters", _) => "/desk/parameters".to_owned(),
                ("rule", _) => "/desk/rules".to_owned(),
                ("account", Role::RegistryOperator) => "/desk/accounts".to_owned(),
                (_, Role::RegistryOperator) => "/inbox".to_owned(),
                ("member", _) => "/account/members".to_owned(),
                _ => "/account".to_owned(),
            }
        }
    }
}
