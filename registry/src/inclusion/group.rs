//! Groups and communities, and the boards of those who agreed to be on them.

use domain::inclusion::group::{CODE_LENGTH, STAFF_TEXT, STAFF_TEXT_VERSION, code_from, read_code};
use domain::inclusion::{GroupKind, NewGroup, Purpose};
use domain::refusal::codes;
use domain::{Act, Instant, Refusal};
use serde::{Deserialize, Serialize};

use super::city::after;
use super::{Rules, about_person, open_account};
use crate::perform::{Deed, Tx, hash, new_id, perform};
use crate::store::inclusion::group::{self as store, BoardLine, GroupRow, NewGroupRow, Standing};
use crate::store::inclusion::{person, staff};
use crate::{By, Error, Fields, Registry};

/// Lines of a board.
const BOARD_ROWS: i64 = 50;
/// People of a region's board who are counted, and places that are told: whoever stands behind them is told so.
const BOARD_COUNTED: i64 = 10_000;

/// The answer to an act on a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupReceipt {
    /// The group.
    pub id: String,
}

/// A group as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupView {
    /// Its id.
    pub id: String,
    /// What kind.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Code of the region where it is at home.
    pub region: String,
    /// The code by which one joins.
    pub code: String,
    /// How many people are in it.
    pub members: i64,
    /// When it was founded.
    pub created_at: Instant,
    /// The organisation whose staff it is of: it sees sums of whole months.
    pub staff_of: Option<String>,
}

/// A line of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardRow {
    /// The place, 1 and up; who has as much has the same one.
    pub rank: i64,
    /// The name the person chose.
    pub nickname: String,
    /// Verified milligrams of the month.
    pub mg: i64,
    /// Whether it is the viewer.
    pub is_you: bool,
    /// Whether somebody else has as much, in a line that is shown or below.
    pub is_tied: bool,
}

/// A board of a month: who agreed to be on it, the most verified grams first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardView {
    /// The month, `2026-03`.
    pub month: String,
    /// Fewest people on a board that is shown.
    pub people_min: i64,
    /// People on it; 0 where there are fewer than that.
    pub people: i64,
    /// Whether there are as many or more: that is as far as is counted.
    pub has_more_people: bool,
    /// The lines, the first fifty; empty where there are fewer people than that.
    pub rows: Vec<BoardRow>,
    /// Where the viewer stands, on whatever line; `None`: not on the board.
    pub own: Option<OwnRank>,
}

/// Where the viewer stands on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OwnRank {
    /// The place, 1 and up: one more than there are people with more.
    pub rank: i64,
    /// Whether the place is behind that one, which is as far as is counted.
    pub is_behind: bool,
    /// How many others have as much; where there are very many, as far as is counted.
    pub tied: i64,
    /// Verified milligrams of the month.
    pub mg: i64,
}

impl Registry {
    /// Founds a group; the viewer is its first member. Reads what [`NewGroup::read`] reads. Refuses `groups_too_many`.
    pub async fn group_create(&self, by: &By, fields: &Fields) -> Result<GroupReceipt, Error> {
        Deed::check_role(Act::GroupCreate, by)?;
        let new = NewGroup::read(fields)?;
        let deed = Deed::by(Act::GroupCreate, by, &new)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            open_account(tx.connection(), account).await?;
            check_groups(tx, account).await?;
            let (id, act, at) = (new_id(), tx.act.clone(), tx.at.0);
            let row = NewGroupRow {
                id: &id,
                kind: new.kind.code(),
                name: &new.name,
                region: &new.region,
                code: &random_code(),
                at,
                act_id: &act,
            };
            store::insert(tx.connection(), &row).await?;
            store::join(tx.connection(), account, &new_id(), &id, at, &act).await?;
            Ok(about_person(account, None, GroupReceipt { id }))
        })
    }

    /// Joins a group. Reads `code`; of a group of an organisation's staff also `agrees_to_sums` (`yes`: to what the organisation
    /// sees) and `text_version` (of the text that was shown; a program may leave it out). Refuses `group_code_unknown`, `group_joined`, `group_full`,
    /// `groups_too_many`; of such a group also `staff_consent_required`, `stale_form` and `staff_group_of_adults`.
    pub async fn group_join(&self, by: &By, fields: &Fields) -> Result<GroupReceipt, Error> {
        Deed::check_role(Act::GroupJoin, by)?;
        let code = read_code(fields.get("code").map_or("", String::as_str))?;
        let typed = |field: &str| fields.get(field).map_or("", |text| text.trim());
        let (agrees, shown) = (typed("agrees_to_sums") == "yes", typed("text_version"));
        let deed = if agrees {
            Deed::by(Act::GroupJoin, by, &(&code, shown))?
        } else {
            Deed::by(Act::GroupJoin, by, &code)?
        };
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let row = open_account(tx.connection(), account).await?;
            let id = store::by_code(tx.connection(), &code)
                .await?
                .ok_or_else(|| Refusal::new(codes::GROUP_CODE_UNKNOWN).at("code"))?;
            let own = store::of_account(tx.connection(), account).await?;
            if own.iter().any(|group| group.id == id) {
                return Err(Refusal::new(codes::GROUP_JOINED).at("code").into());
            }
            let rules = check_groups(tx, account).await?;
            let max = rules.guards.group_members_max;
            if store::members(tx.connection(), &id).await? >= max {
                return Err(Refusal::new(codes::GROUP_FULL)
                    .at("code")
                    .with("max", max)
                    .into());
            }
            let is_of_staff = staff::is_of_staff(tx.connection(), &id).await?;
            if is_of_staff {
                check_staff(agrees, shown, row.is_minor == 1)?;
            }
            let (member, act, at) = (new_id(), tx.act.clone(), tx.at.0);
            store::join(tx.connection(), account, &member, &id, at, &act).await?;
            if is_of_staff {
                let text = (STAFF_TEXT_VERSION, &*hash(&[STAFF_TEXT.zh, STAFF_TEXT.en]));
                let from = after(tx.at.beijing_date()).to_string();
                staff::consent_insert(tx.connection(), (account, &member), text, &from).await?;
            }
            Ok(about_person(account, None, GroupReceipt { id }))
        })
    }

    /// Leaves a group at once. `NotFound` where the viewer is not in it.
    pub async fn group_leave(&self, by: &By, group: &str) -> Result<GroupReceipt, Error> {
        let deed = Deed::by(Act::GroupLeave, by, &group)?;
        perform!(self, deed, |tx| {
            let account = by.organisation.as_str();
            let at = tx.at.0;
            if store::leave(tx.connection(), account, group, at).await? == 0 {
                return Err(Error::NotFound);
            }
            let id = group.to_owned();
            Ok(about_person(account, None, GroupReceipt { id }))
        })
    }

    /// The viewer's groups, the one joined last first.
    pub async fn groups(&self, by: &By) -> Result<Vec<GroupView>, Error> {
        let mut connection = self.store.read().await?;
        let rows = store::of_account(&mut connection, by.organisation.as_str()).await?;
        rows.into_iter().map(view).collect()
    }

    /// A group of the viewer with its board of a month; `NotFound` for anybody who is not in it.
    pub async fn group(
        &self,
        by: &By,
        group: &str,
        month: &str,
    ) -> Result<(GroupView, BoardView), Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let rows = store::of_account(&mut connection, account).await?;
        let row = rows.into_iter().find(|row| row.id == group);
        let row = row.ok_or(Error::NotFound)?;
        let rules = Rules::on(&mut connection, by.at.beijing_date()).await?;
        // one more than is shown: it may have as much as the last line
        let size = rules.guards.board_min.max(BOARD_ROWS + 1);
        let since = Purpose::Board.covered_since();
        let lines = store::board_of_group(&mut connection, group, month, since, size).await?;
        let own = store::board_own(&mut connection, account, month, since).await?;
        let mg = own.unwrap_or(0);
        let standing = store::standing_in_group(&mut connection, group, month, since, mg).await?;
        // a group has few people: all of them are counted
        let board = board((account, month), &rules, lines, (own, standing), i64::MAX);
        Ok((view(row)?, board))
    }

    /// The board of the viewer's region in a month.
    pub async fn board_of_region(&self, by: &By, month: &str) -> Result<BoardView, Error> {
        let mut connection = self.store.read().await?;
        let account = by.organisation.as_str();
        let row = person::account(&mut connection, account)
            .await?
            .ok_or(Error::NotFound)?;
        let rules = Rules::on(&mut connection, by.at.beijing_date()).await?;
        // one more than is shown: it may have as much as the last line
        let size = rules.guards.board_min.max(BOARD_ROWS + 1);
        let (region, since) = (&row.region, Purpose::Board.covered_since());
        let lines = store::board_of_region(&mut connection, region, month, size).await?;
        let own = store::board_own(&mut connection, account, month, since).await?;
        let (mg, bound) = (own.unwrap_or(0), BOARD_COUNTED.max(rules.guards.board_min));
        let standing = store::standing_in_region(&mut connection, region, month, mg, bound).await?;
        Ok(board(
            (account, month),
            &rules,
            lines,
            (own, standing),
            bound,
        ))
    }
}

/// Brings an account onto the boards of its regions, or off them: after each change of its consent, its nickname, its region or its state.
pub(super) async fn boards_follow(tx: &mut Tx, account: &str) -> Result<(), Error> {
    let since = Purpose::Board.covered_since();
    let region = store::board_region(tx.connection(), account, since).await?;
    let wanted: Vec<&str> = region.as_deref().map_or_else(Vec::new, |region| {
        methodologies::grid_average::within(region).collect()
    });
    let there = store::board_regions(tx.connection(), account).await?;
    for region in there.iter().filter(|one| !wanted.contains(&one.as_str())) {
        store::board_leave(tx.connection(), account, region).await?;
    }
    for region in wanted {
        if !there.iter().any(|one| one == region) {
            store::board_enter(tx.connection(), account, region).await?;
        }
    }
    Ok(())
}

/// A board, or nothing of it: not even how many there are. No number counted is above `bound`.
fn board(
    (account, month): (&str, &str),
    rules: &Rules,
    lines: Vec<BoardLine>,
    (own, (people, more, as_much)): (Option<i64>, Standing),
    bound: i64,
) -> BoardView {
    let people_min = rules.guards.board_min;
    let is_shown = people >= people_min;
    let shown = if is_shown { lines } else { Vec::new() };
    let mut ranks: Vec<i64> = Vec::with_capacity(shown.len());
    for (at, (_, _, mg)) in shown.iter().enumerate() {
        let before = at.checked_sub(1).filter(|before| shown[*before].2 == *mg);
        let place = i64::try_from(at + 1).unwrap_or(i64::MAX);
        ranks.push(before.map_or(place, |before| ranks[before]));
    }
    let size = usize::try_from(BOARD_ROWS).unwrap_or(usize::MAX);
    let tied: Vec<bool> = ranks
        .iter()
        .map(|rank| ranks.iter().filter(|one| *one == rank).count() > 1)
        .collect();
    BoardView {
        month: month.to_owned(),
        people_min,
        people: if is_shown { people } else { 0 },
        has_more_people: is_shown && people >= bound,
        own: own.filter(|_| is_shown).map(|mg| OwnRank {
            rank: (more + 1).min(bound),
            is_behind: more >= bound,
            tied: as_much - 1,
            mg,
        }),
        rows: shown
            .into_iter()
            .zip(ranks.into_iter().zip(tied))
            .take(size)
            .map(|((of, nickname, mg), (rank, is_tied))| BoardRow {
                is_tied,
                rank,
                is_you: of == account,
                nickname,
                mg,
            })
            .collect(),
    }
}

/// Refuses `groups_too_many`; answers with the rules of the day.
async fn check_groups(tx: &mut Tx, account: &str) -> Result<Rules, Error> {
    let today = tx.at.beijing_date();
    let rules = Rules::on(tx.connection(), today).await?;
    let own = store::of_account(tx.connection(), account).await?;
    let max = rules.guards.groups_max;
    if i64::try_from(own.len()).unwrap_or(i64::MAX) >= max {
        return Err(Refusal::new(codes::GROUPS_TOO_MANY).with("max", max).into());
    }
    Ok(rules)
}

/// Whether somebody may join a group of an organisation's staff: nobody under 14, and nobody who did not agree to the text of now.
fn check_staff(agrees: bool, shown: &str, is_minor: bool) -> Result<(), Refusal> {
    if is_minor {
        Err(Refusal::new(codes::STAFF_GROUP_OF_ADULTS).at("code"))
    } else if !agrees {
        Err(Refusal::new(codes::STAFF_CONSENT_REQUIRED).at("agrees_to_sums"))
    } else if !shown.is_empty() && shown != STAFF_TEXT_VERSION.to_string() {
        Err(Refusal::new(codes::STALE_FORM).at("agrees_to_sums"))
    } else {
        Ok(())
    }
}

pub(super) fn random_code() -> String {
    let mut bytes = [0_u8; CODE_LENGTH];
    // the fixed bits of a random id are in its bytes 6 and 8: what is taken lies beside them
    let random = uuid::Uuid::new_v4().into_bytes();
    let free = random[..6].iter().chain(&random[9..13]);
    for (byte, random) in bytes.iter_mut().zip(free) {
        *byte = *random;
    }
    code_from(&bytes)
}

fn view(row: GroupRow) -> Result<GroupView, Error> {
    Ok(GroupView {
        kind: GroupKind::from_code(&row.kind)
            .ok_or_else(|| Error::Store(format!("kind of group {}", row.kind)))?,
        id: row.id,
        name: row.name,
        region: row.region,
        code: row.code,
        members: row.members,
        created_at: Instant(row.created_at),
        staff_of: row.staff_of,
    })
}
