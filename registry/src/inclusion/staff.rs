//! What an organisation may know of its staff: sums of whole months of those who joined its group and agreed, made once after the end of
//! each month. A member is counted from the first whole month on; whoever leaves is in no month published later. A figure with too few
//! people behind it is not written at all, nor one from which such a figure follows: within the month, or by the published figures of all.

use std::collections::{BTreeMap, BTreeSet};

use domain::inclusion::NewStaffGroup;
use domain::inclusion::crowd::{Cell, PEOPLE_FLOOR, suppressed};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use methodologies::inclusion::scene_known;
use time::Date;

use super::city::{after, before, closed, month_text};
use super::group::{GroupReceipt, random_code};
use super::{Rules, day_of};
use crate::perform::{Deed, Done, Tx, new_id, perform};
use crate::store::inclusion::group::{self, NewGroupRow};
use crate::store::inclusion::staff::{self as store, StaffCell, StaffMonthRow};
use crate::{By, Error, Fields, Registry};

/// Months that are listed.
const SHOWN: i64 = 36;

/// The group of an organisation's staff, as a user of the organisation sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffGroupView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Code of the region where it is at home.
    pub region: String,
    /// The code by which one joins.
    pub code: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// The published months, the last one first; three years at most.
    pub months: Vec<StaffMonth>,
}

/// A published month of a group of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMonth {
    /// `2026-03`.
    pub month: String,
    /// The day of its publication, `YYYY-MM-DD`.
    pub published_on: String,
    /// Fewest people behind a figure.
    pub people_min: i64,
    /// Members who are counted; `None`: too few.
    pub members: Option<i64>,
    /// Families of scenes in which anybody did anything; `None`: not shown.
    pub families: Vec<(String, Option<Cell>)>,
    /// The sum; its people are the active members. `None`: not shown.
    pub total: Option<Cell>,
}

impl StaffMonth {
    /// Milligrams for each member who is counted, rounded down; `None`: not shown.
    pub fn mg_per_member(&self) -> Option<i64> {
        let members = self.members.filter(|members| *members > 0)?;
        Some(self.total?.mg.div_euclid(members))
    }
}

impl Registry {
    /// Opens the group of an organisation's staff; nobody is in it yet. Reads what [`NewStaffGroup::read`] reads. Refuses `staff_group_open`.
    pub async fn staff_group_open(&self, by: &By, fields: &Fields) -> Result<GroupReceipt, Error> {
        Deed::check_role(Act::StaffGroupOpen, by)?;
        let new = NewStaffGroup::read(fields)?;
        let deed = Deed::by(Act::StaffGroupOpen, by, &new)?;
        perform!(self, deed, |tx| {
            let organisation = by.organisation.as_str();
            let open = store::of_organisation(tx.connection(), organisation).await?;
            if open.is_some() {
                return Err(Refusal::new(codes::STAFF_GROUP_OPEN).into());
            }
            let (id, act, at) = (new_id(), tx.act.clone(), tx.at.0);
            let row = NewGroupRow {
                id: &id,
                kind: domain::inclusion::GroupKind::Community.code(),
                name: &new.name,
                region: &new.region,
                code: &random_code(),
                at,
                act_id: &act,
            };
            group::insert(tx.connection(), &row).await?;
            store::open(tx.connection(), (organisation, &id), at, &act).await?;
            Ok(Done {
                subject_kind: "organisation",
                subject: organisation.to_owned(),
                state: None,
                note: None,
                is_public: false,
                answer: GroupReceipt { id },
            })
        })
    }

    /// The group of the viewer's organisation with its published months; `None`: it has none. Only for who may open one.
    pub async fn staff_group(&self, by: &By) -> Result<Option<StaffGroupView>, Error> {
        Deed::check_role(Act::StaffGroupOpen, by)?;
        let mut connection = self.store.read().await?;
        let found = store::of_organisation(&mut connection, by.organisation.as_str()).await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let months = store::months(&mut connection, &row.id, SHOWN).await?;
        let since = months.last().map_or("", |last| last.month.as_str());
        let mut cells: BTreeMap<String, Vec<(String, Option<Cell>)>> = BTreeMap::new();
        for (month, family, people, acts, mg) in
            store::cells(&mut connection, &row.id, since).await?
        {
            let cell = match (people, acts, mg) {
                (Some(people), Some(acts), Some(mg)) => Some(Cell { people, acts, mg }),
                _ => None,
            };
            cells.entry(month).or_default().push((family, cell));
        }
        let months = months.into_iter().map(|month| {
            let all = cells.remove(&month.month).unwrap_or_default();
            let (sum, families): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|(family, _)| family.is_empty());
            StaffMonth {
                month: month.month,
                published_on: month.published_on,
                people_min: month.people_min,
                members: month.members,
                families,
                total: sum.into_iter().find_map(|(_, cell)| cell),
            }
        });
        Ok(Some(StaffGroupView {
            months: months.collect(),
            id: row.id,
            name: row.name,
            region: row.region,
            code: row.code,
            opened_at: Instant(row.opened_at),
        }))
    }

    /// Publishes each whole month since its opening that is over and settled by `now`, of every group of staff, once; how many.
    pub(super) async fn publish_staff_months(&self, now: Instant) -> Result<u64, Error> {
        let today = now.beijing_date();
        let mut connection = self.store.read().await?;
        let groups = store::all(&mut connection).await?;
        if groups.is_empty() {
            return Ok(0);
        }
        let Ok(rules) = Rules::on(&mut connection, today).await else {
            // before the first day of the rules there is nothing to publish
            return Ok(0);
        };
        drop(connection);
        let closed = closed(today, &rules);
        let people_min = rules.guards.accounts_min.max(PEOPLE_FLOOR);
        let mut count = 0;
        for (group, opened_at, latest) in groups {
            let mut next = match latest {
                Some(latest) => after(day_of(&format!("{latest}-01"))?),
                None => after(Instant(opened_at).beijing_date()),
            };
            while next <= closed {
                let month = month_text(next);
                let key = format!("{month} {group}");
                let deed = Deed::by_date("inclusion_staff_month", &key, now)?.long();
                let done: Result<String, Error> = perform!(self, deed, |tx| {
                    publish(tx, &group, next, people_min, &rules).await?;
                    Ok(Done {
                        subject_kind: "inclusion",
                        subject: tx.act.clone(),
                        state: None,
                        note: None,
                        is_public: false,
                        answer: month.clone(),
                    })
                });
                done?;
                count += 1;
                next = after(next);
            }
        }
        Ok(count)
    }
}

/// Writes the figures of a month, with what must not be shown taken out before they are written.
async fn publish(
    tx: &mut Tx,
    group: &str,
    first: Date,
    people_min: i64,
    rules: &Rules,
) -> Result<(), Error> {
    let last = before(after(first)).to_string();
    let from = first.to_string();
    let act = tx.act.clone();
    let today = tx.at.beijing_date().to_string();
    let members = store::counted(tx.connection(), group, &from).await?;
    let members = Some(members).filter(|members| *members >= people_min);
    let mut cells = Vec::new();
    if members.is_some() {
        let sums = store::sums(tx.connection(), group, (&from, &last)).await?;
        let others = store::others(tx.connection(), group, (&from, &last)).await?;
        let family = |scene: &str| {
            scene_known(&rules.set, scene)
                .map_or_else(|| scene.to_owned(), |one| one.family.to_owned())
        };
        cells = figures(&sums, &others, family, people_min);
    }
    let month = StaffMonthRow {
        month: month_text(first),
        published_on: today,
        people_min,
        members,
    };
    store::month_insert(tx.connection(), group, &month, &cells, &act).await?;
    Ok(())
}

/// What is added up for one line.
#[derive(Default)]
struct Sum<'a> {
    people: BTreeSet<&'a str>,
    acts: i64,
    mg: i64,
    /// Whether the published figures of all less this one would be a figure of few.
    leaves_few: bool,
}

impl Sum<'_> {
    /// The cell; one that leaves few others is treated as one of few people.
    fn cell(&self) -> Cell {
        let people = i64::try_from(self.people.len()).unwrap_or(i64::MAX);
        Cell {
            people: if self.leaves_few { 1 } else { people },
            acts: self.acts,
            mg: self.mg,
        }
    }
}

/// The lines of a month and their sum (under the empty family) from the acts of those counted (account, scene, region, acts, milligrams)
/// and the number of all others by scene and region.
fn figures(
    sums: &[(String, String, String, i64, i64)],
    others: &[(String, String, i64)],
    family: impl Fn(&str) -> String,
    people_min: i64,
) -> Vec<StaffCell> {
    // no fewer than these are others there: the most of one place
    let most = |scene: Option<&str>, region: Option<&str>| {
        let there = others.iter().filter(|(of, at, _)| {
            scene.is_none_or(|scene| scene == of) && region.is_none_or(|region| region == at)
        });
        let most = there.map(|(.., people)| *people).max().unwrap_or(0);
        0 < most && most < people_min
    };
    let mut lines: BTreeMap<String, Sum<'_>> = BTreeMap::new();
    let mut all = Sum::default();
    for (account, scene, region, acts, mg) in sums {
        let line = lines.entry(family(scene)).or_default();
        line.leaves_few |= most(Some(scene), Some(region)) || most(Some(scene), None);
        all.leaves_few |= most(None, Some(region)) || most(None, None);
        for sum in [line, &mut all] {
            sum.people.insert(account);
            sum.acts += acts;
            sum.mg += mg;
        }
    }
    // each line twice: as a part and as its sum, as the rule about tables wants it
    let mut table: Vec<Vec<Cell>> = lines.values().map(|sum| vec![sum.cell(); 2]).collect();
    table.push(vec![all.cell(); 2]);
    let shown = suppressed(&table, people_min);
    let names = lines.into_keys().chain([String::new()]);
    names
        .zip(shown)
        .map(|(family, cells)| {
            let cell = cells.into_iter().reduce(Option::and).flatten();
            (
                family,
                cell.map(|cell| cell.people),
                cell.map(|cell| cell.acts),
                cell.map(|cell| cell.mg),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many people, from a first one on, with one act of a gram each in a scene.
    fn acts(first: usize, count: usize, scene: &str) -> Vec<(String, String, String, i64, i64)> {
        (first..first + count)
            .map(|at| {
                (
                    format!("p{at}"),
                    scene.to_owned(),
                    "CN-GD-SZ".to_owned(),
                    1,
                    1_000,
                )
            })
            .collect()
    }

    fn shown(
        sums: &[(String, String, String, i64, i64)],
        others: &[(&str, &str, i64)],
    ) -> Vec<(String, Option<i64>)> {
        let others: Vec<_> = others
            .iter()
            .map(|(scene, region, people)| ((*scene).to_owned(), (*region).to_owned(), *people))
            .collect();
        let family = |scene: &str| scene.chars().take(1).collect();
        let cells = figures(sums, &others, family, 5);
        cells
            .into_iter()
            .map(|(family, people, ..)| (family, people))
            .collect()
    }

    fn line(family: &str, people: Option<i64>) -> (String, Option<i64>) {
        (family.to_owned(), people)
    }

    #[test]
    fn a_line_of_few_takes_another_one_with_it() {
        let sums = [acts(0, 4, "a"), acts(4, 9, "b"), acts(13, 30, "c")].concat();
        let want = [
            line("a", None),
            line("b", None),
            line("c", Some(30)),
            line("", Some(43)),
        ];
        assert_eq!(shown(&sums, &[]), want);
    }

    #[test]
    fn a_person_of_several_acts_is_one_person() {
        let sums = [acts(0, 5, "a1"), acts(0, 5, "a2")].concat();
        assert_eq!(shown(&sums, &[]), [line("a", Some(5)), line("", Some(5))]);
        let twice = [acts(0, 4, "a1"), acts(0, 4, "a2")].concat();
        assert_eq!(shown(&twice, &[]), [line("a", None), line("", None)]);
    }

    #[test]
    fn a_line_that_leaves_few_others_is_not_shown() {
        let sums = acts(0, 9, "a");
        assert_eq!(
            shown(&sums, &[("a", "CN-GD-SZ", 4)]),
            [line("a", None), line("", None)]
        );
        assert_eq!(
            shown(&sums, &[("a", "CN-GD-GZ", 1)]),
            [line("a", None), line("", None)]
        );
        assert_eq!(
            shown(&sums, &[("a", "CN-GD-SZ", 5)]),
            [line("a", Some(9)), line("", Some(9))]
        );
    }
}
