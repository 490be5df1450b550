//! What an operator proposes: reading the form, and asking whether it fits what is in force.

use std::collections::BTreeMap;

use methodologies::text::Message;
use time::Date;

use super::{
    Admission, Approval, ApprovalAction, ApprovalChange, Basis, LegalReference, LimitCode,
    PenaltyEntry, RuleArea, RuleBook, RuleChange, RuleContent, RuleSource,
};
use crate::calendar::CalendarYear;
use crate::refusal::{Refusal, codes};
use crate::sector::{Sector, project_type_of};
use crate::text::{date, narrow, optional_text, required_text};

/// Longest title of a document, characters.
const DOCUMENT_MAX: usize = 200;
/// Longest number or reference, characters.
const NUMBER_MAX: usize = 100;
/// Longest address, characters.
const ADDRESS_MAX: usize = 500;
/// Longest reason, characters.
const REASON_MAX: usize = 2000;
/// Longest sentence of a penalty or a reference, characters.
const SENTENCE_MAX: usize = 1000;
/// Longest code of a penalty or a reference, characters.
const CODE_MAX: usize = 40;
/// The years that may be imported.
const YEARS: std::ops::RangeInclusive<i32> = 2023..=2100;
/// The largest fine that can be entered, yuan.
const FINE_MAX_YUAN: i64 = 1_000_000_000;

/// A change and why it is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProposal {
    /// The change.
    pub change: RuleChange,
    /// Why.
    pub reason: String,
}

type Fields = BTreeMap<String, String>;

impl RuleProposal {
    /// Reads a form: `area`; `document`, `document_number`, `document_address` (may be empty), `effective_from`, `basis` (a code of
    /// [`Basis`]), `reason`; and, by area: `year`, `correction` (`yes`), `table`; `action`, `organisation`, `sector`, `approval`
    /// (`organisation|sector|first day`), `approval_number`, `valid_from`, `valid_to`; `methodology`, `admitted_from`, `admitted_to`;
    /// `limit`, `value`; `code`, `who`, `conduct`, `consequence`, `fine_min_yuan`, `fine_max_yuan`, `repealed` (`yes`); `code`,
    /// `title`, `note`, `in_force_to`. `bodies` are the organisations that are bodies, by id. On refusal everything that is missing or
    /// wrong or does not fit what is in force, at its field.
    pub fn read(
        fields: &Fields,
        book: &RuleBook,
        approvals: &[Approval],
        bodies: &BTreeMap<String, String>,
    ) -> Result<Self, Vec<Refusal>> {
        let mut form = Form {
            fields,
            refusals: Vec::new(),
        };
        let Some(area) = RuleArea::from_code(form.typed("area")) else {
            return Err(vec![Refusal::new(codes::REQUIRED).at("area")]);
        };
        let document = form.required("document", DOCUMENT_MAX);
        let number = form.required("document_number", NUMBER_MAX);
        let address = form.address();
        let effective_from = form.day("effective_from");
        let basis = form.choice("basis", Basis::from_code);
        let reason = form.required("reason", REASON_MAX);
        let content = match area {
            RuleArea::Calendar => form.calendar(),
            RuleArea::VvbApproval => form.approval(approvals, bodies),
            RuleArea::Methodology => form.admission(),
            RuleArea::TimeLimit => form.limit(),
            RuleArea::Penalty => form.penalty(book, effective_from),
            RuleArea::LegalReference => form.reference(effective_from),
        };
        let (
            Some(document),
            Some(number),
            Some(address),
            Some(effective_from),
            Some(basis),
            Some(reason),
            Some(content),
        ) = (
            document,
            number,
            address,
            effective_from,
            basis,
            reason,
            content,
        )
        else {
            return Err(form.refusals);
        };
        let change = RuleChange {
            effective_from,
            source: RuleSource {
                document: both(document),
                number,
                address,
                basis,
            },
            content,
        };
        form.refusals.extend(change.check(book, approvals));
        if form.refusals.is_empty() {
            Ok(Self { change, reason })
        } else {
            Err(form.refusals)
        }
    }
}

impl RuleChange {
    /// Whether the change fits what is in force: asked when it is proposed, and again when it is approved, because others may have
    /// been approved in between.
    pub fn check(&self, book: &RuleBook, approvals: &[Approval]) -> Vec<Refusal> {
        let refused = |refusal: Refusal| vec![refusal];
        match &self.content {
            RuleContent::Calendar { year, correction } => {
                let year = year.year;
                let covered = book.calendar.covers(year);
                let next = book.calendar.years().last().unwrap_or_default() + 1;
                if covered && !correction {
                    refused(
                        Refusal::new(codes::CALENDAR_YEAR_PUBLISHED)
                            .at("correction")
                            .with("year", year)
                            .with("version", book.calendar.version()),
                    )
                } else if !covered && *correction {
                    refused(
                        Refusal::new(codes::CALENDAR_NOTHING_TO_CORRECT)
                            .at("correction")
                            .with("year", year),
                    )
                } else if !covered && year != next {
                    refused(
                        Refusal::new(codes::CALENDAR_YEAR_LEAVES_GAP)
                            .at("year")
                            .with("year", year)
                            .with("next", next),
                    )
                } else {
                    Vec::new()
                }
            }
            RuleContent::VvbApproval(change) => change.check(approvals),
            RuleContent::Methodology(admission) => match (admission.from, admission.to) {
                (Some(from), Some(to)) if to < from => refused(
                    Refusal::new(codes::RULE_DAYS_IN_WRONG_ORDER)
                        .at("admitted_to")
                        .with("from", from),
                ),
                _ => Vec::new(),
            },
            RuleContent::TimeLimit { limit, .. } => {
                let entries = book.limits.iter().filter(|entry| entry.limit == *limit);
                starts_later(entries.map(|entry| entry.from).max(), self.effective_from)
            }
            RuleContent::Penalty(penalty) => {
                let known = book
                    .penalties
                    .iter()
                    .filter(|entry| entry.code == penalty.code);
                starts_later(known.map(|entry| entry.from).max(), self.effective_from)
            }
            RuleContent::LegalReference(reference) => match reference.to {
                Some(to) if to < self.effective_from => refused(
                    Refusal::new(codes::RULE_DAYS_IN_WRONG_ORDER)
                        .at("in_force_to")
                        .with("from", self.effective_from),
                ),
                _ => Vec::new(),
            },
        }
    }
}

/// An entry begins on the day of the one before it (a correction) or later: what applied before stays as it was.
fn starts_later(known: Option<Date>, from: Date) -> Vec<Refusal> {
    let early = known.filter(|known| from < *known);
    let refusal = early.map(|known| {
        Refusal::new(codes::RULE_FROM_TOO_EARLY)
            .at("effective_from")
            .with("known", known)
    });
    refusal.into_iter().collect()
}

/// What an operator typed stands for itself in both languages.
fn both(text: String) -> Message {
    Message {
        zh: text.clone(),
        en: text,
    }
}

struct Form<'a> {
    fields: &'a Fields,
    refusals: Vec<Refusal>,
}

impl<'a> Form<'a> {
    fn typed(&self, field: &str) -> &'a str {
        self.fields.get(field).map_or("", |text| text.trim())
    }

    fn keep<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.refusals.push(refusal)).ok()
    }

    fn required(&mut self, field: &str, max: usize) -> Option<String> {
        self.keep(required_text(field, self.typed(field), max))
    }

    fn day(&mut self, field: &str) -> Option<Date> {
        self.keep(date(field, self.typed(field)))
    }

    /// A day that may stay empty; `None` if it is wrong.
    #[expect(
        clippy::option_option,
        reason = "wrong, left empty and given are three answers of a field"
    )]
    fn day_or_none(&mut self, field: &str) -> Option<Option<Date>> {
        if self.typed(field).is_empty() {
            Some(None)
        } else {
            self.day(field).map(Some)
        }
    }

    fn choice<T>(&mut self, field: &str, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
        let chosen = from_code(self.typed(field));
        self.keep(chosen.ok_or_else(|| Refusal::new(codes::REQUIRED).at(field)))
    }

    /// An address on the web, or none. Only `http` and `https`: it becomes a link.
    fn address(&mut self) -> Option<String> {
        let field = "document_address";
        let read = optional_text(field, self.typed(field), ADDRESS_MAX).and_then(|typed| {
            let address = typed.unwrap_or_default();
            let known = ["https://", "http://"]
                .iter()
                .any(|scheme| address.starts_with(scheme));
            if address.is_empty() || (known && !address.contains(char::is_whitespace)) {
                Ok(address)
            } else {
                Err(Refusal::new(codes::RULE_ADDRESS_INVALID).at(field))
            }
        });
        self.keep(read)
    }

    /// A whole number from 1 (or 0) to `max`.
    fn whole(&mut self, field: &str, least: i64, max: i64) -> Option<i64> {
        let typed = narrow(self.typed(field));
        let read = match typed.parse::<i64>() {
            _ if typed.is_empty() => Err(Refusal::new(codes::REQUIRED).at(field)),
            Ok(number) if (least..=max).contains(&number) => Ok(number),
            _ => Err(Refusal::new(codes::RULE_NUMBER_OUT_OF_RANGE)
                .at(field)
                .with("min", least)
                .with("max", max)),
        };
        self.keep(read)
    }

    #[expect(
        clippy::option_option,
        reason = "wrong, left empty and given are three answers of a field"
    )]
    fn whole_or_none(&mut self, field: &str, max: i64) -> Option<Option<i64>> {
        if self.typed(field).is_empty() {
            Some(None)
        } else {
            self.whole(field, 0, max).map(Some)
        }
    }

    fn code(&mut self, field: &str) -> Option<String> {
        let typed = self.required(field, CODE_MAX)?;
        let plain = typed
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let read = if plain {
            Ok(typed)
        } else {
            Err(Refusal::new(codes::RULE_CODE_INVALID).at(field))
        };
        self.keep(read)
    }

    fn calendar(&mut self) -> Option<RuleContent> {
        let year = self.whole("year", i64::from(*YEARS.start()), i64::from(*YEARS.end()))?;
        let year = i32::try_from(year).ok()?;
        match CalendarYear::read(year, self.typed("table")) {
            Ok(year) => Some(RuleContent::Calendar {
                year,
                correction: self.typed("correction") == "yes",
            }),
            Err(refusals) => {
                self.refusals.extend(refusals);
                None
            }
        }
    }

    fn approval(
        &mut self,
        approvals: &[Approval],
        bodies: &BTreeMap<String, String>,
    ) -> Option<RuleContent> {
        let action = self.choice("action", ApprovalAction::from_code)?;
        let to = self.day_or_none("valid_to");
        let known =
            if action == ApprovalAction::Add {
                None
            } else {
                let wanted = self.typed("approval");
                let found = approvals.iter().find(|row| approval_key(row) == wanted);
                Some(self.keep(
                    found.ok_or_else(|| Refusal::new(codes::APPROVAL_UNKNOWN).at("approval")),
                )?)
            };
        let (organisation, sector) = if let Some(known) = known {
            (known.organisation.clone(), known.sector.clone())
        } else {
            let chosen = self.typed("organisation").to_owned();
            let body = bodies.contains_key(&chosen).then_some(chosen);
            let body =
                self.keep(body.ok_or_else(|| Refusal::new(codes::REQUIRED).at("organisation")));
            let sector = self.choice("sector", Sector::from_code);
            (body?, sector?.code().to_owned())
        };
        let (number, from) = match known {
            Some(known) if action == ApprovalAction::End => (known.number.clone(), known.from),
            _ => {
                let number = self.required("approval_number", NUMBER_MAX);
                let from = self.day("valid_from");
                (number?, from?)
            }
        };
        Some(RuleContent::VvbApproval(ApprovalChange {
            action,
            name: bodies.get(&organisation).cloned().unwrap_or_default(),
            organisation,
            sector,
            number,
            from,
            to: to?,
            known_from: known.map(|known| known.from),
        }))
    }

    fn admission(&mut self) -> Option<RuleContent> {
        let known = |code: &str| project_type_of(code).map(|kind| kind.methodology.to_owned());
        let methodology = self.choice("methodology", known);
        let from = self.day_or_none("admitted_from");
        let to = self.day_or_none("admitted_to");
        Some(RuleContent::Methodology(Admission {
            methodology: methodology?,
            from: from?,
            to: to?,
        }))
    }

    fn limit(&mut self) -> Option<RuleContent> {
        let limit = self.choice("limit", LimitCode::from_code)?;
        let value = self.whole("value", 1, i64::from(limit.unit().max()))?;
        Some(RuleContent::TimeLimit {
            limit,
            value: u32::try_from(value).ok()?,
        })
    }

    /// A newer entry of a known penalty may leave out what stays the same.
    fn penalty(&mut self, book: &RuleBook, from: Option<Date>) -> Option<RuleContent> {
        let code = self.code("code")?;
        let known = book
            .penalties
            .iter()
            .rev()
            .find(|entry| entry.code == code)
            .cloned();
        let mut sentence = |field: &str, stays: Option<Message>| match stays {
            Some(stays) if self.typed(field).is_empty() => Some(stays),
            _ => self.required(field, SENTENCE_MAX).map(both),
        };
        let who = sentence("who", known.as_ref().map(|known| known.who.clone()));
        let conduct = sentence("conduct", known.as_ref().map(|known| known.conduct.clone()));
        let consequence = sentence("consequence", known.map(|known| known.consequence));
        let least = self.whole_or_none("fine_min_yuan", FINE_MAX_YUAN)?;
        let most = self.whole_or_none("fine_max_yuan", FINE_MAX_YUAN)?;
        let in_order = match (least, most) {
            (Some(least), Some(most)) => least <= most,
            (Some(_), None) => false,
            _ => true,
        };
        if !in_order {
            self.refusals
                .push(Refusal::new(codes::RULE_FINES_IN_WRONG_ORDER).at("fine_max_yuan"));
        }
        Some(RuleContent::Penalty(PenaltyEntry {
            code,
            who: who?,
            conduct: conduct?,
            consequence: consequence?,
            fine_min_yuan: least,
            fine_max_yuan: most,
            repealed: self.typed("repealed") == "yes",
            from: from?,
            source: None,
        }))
    }

    fn reference(&mut self, from: Option<Date>) -> Option<RuleContent> {
        let code = self.code("code");
        let title = self.required("title", DOCUMENT_MAX);
        let note = self.required("note", SENTENCE_MAX);
        let to = self.day_or_none("in_force_to");
        Some(RuleContent::LegalReference(LegalReference {
            code: code?,
            title: both(title?),
            note: both(note?),
            from: from?,
            to: to?,
            source: None,
        }))
    }
}

/// How a form names an approval: body, sector and first day.
pub fn approval_key(row: &Approval) -> String {
    format!("{}|{}|{}", row.organisation, row.sector, row.from)
}
