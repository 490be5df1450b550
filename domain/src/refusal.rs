//! Why something was not done, in a form that can be translated and shown at the right field.

use std::fmt;

use methodologies::quantity::NumberError;
use methodologies::{InputError, text::Message};
use serde::Serialize;

/// One reason why an act was refused. The interface shows `refusal.<code>` with the parameters filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable, snake_case; always one of [`REFUSALS`] or of the methodologies' own input error codes.
    pub code: &'static str,
    /// The form field it belongs to (`lines.0.to`), or `None` for the act as a whole.
    pub field: Option<String>,
    /// Values for the placeholders of the text, in the order they were added.
    pub params: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal of the act as a whole. Use a constant of [`codes`].
    pub const fn new(code: &'static str) -> Self {
        Self {
            code,
            field: None,
            params: Vec::new(),
        }
    }

    /// The same, at a form field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same, with one more value for its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The sentence that the methodologies bring along for their own codes, in both languages; `None` for codes
    /// of [`REFUSALS`], whose sentences are the interface's.
    pub fn methodology_text(&self) -> Option<Message> {
        let text = methodologies::INPUT_ERRORS
            .iter()
            .find(|error| error.code == self.code)?;
        (!REFUSALS.contains(&self.code)).then(|| text.text.fill(&self.params))
    }

    /// The value of a placeholder, if it was given.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// An error of a calculator's input becomes a refusal with the same code at the field of the same name.
impl From<InputError> for Refusal {
    fn from(error: InputError) -> Self {
        let field = (!error.path.is_empty()).then_some(error.path);
        Self {
            code: error.code,
            field,
            params: error.params,
        }
    }
}

/// A number that could not be read.
impl From<NumberError> for Refusal {
    fn from(error: NumberError) -> Self {
        Self {
            code: error.code(),
            field: None,
            params: error.params(),
        }
    }
}

/// `code at field (name=value)`: for logs and test failures; people read the translated text.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        if let Some(field) = &self.field {
            write!(f, " at {field}")?;
        }
        for (name, value) in &self.params {
            write!(f, " ({name}={value})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// Every refusal code of `domain`, `registry` and `app`, each as a constant.
        pub mod codes {
            $($(#[$doc])* pub const $name: &str = $code;)+
        }

        /// Every refusal code once: the interface must have a Chinese and an English text for each.
        pub const REFUSALS: &[&str] = &[$($code),+];
    };
}

refusal_codes! {
    // --- who and how ---------------------------------------------------------------------------
    /// The act needs a signed-in user.
    SIGN_IN_REQUIRED = "sign_in_required";
    /// The user's role may not do this. `act`.
    ROLE_NOT_ALLOWED = "role_not_allowed";
    /// The thing belongs to somebody else, or is not there: the answer is the same for both.
    NOT_FOUND = "not_found";
    /// The same idempotency key was used with other content.
    KEY_REUSED = "key_reused";
    /// No idempotency key came with the act, or it is not 1..=200 characters.
    KEY_MISSING = "key_missing";
    /// The form's security token is missing or from another session.
    CSRF_FAILED = "csrf_failed";
    /// The record changed since the form was opened.
    STALE_FORM = "stale_form";
    /// The request body is larger than allowed. `limit`.
    BODY_TOO_LARGE = "body_too_large";
    /// A file is larger than allowed. `limit`.
    FILE_TOO_LARGE = "file_too_large";
    /// A file that is no table: neither CSV nor a workbook that can be opened.
    TABLE_FILE_UNREADABLE = "table_file_unreadable";
    /// A file without content.
    FILE_EMPTY = "file_empty";
    /// The same content is already among the files of the record. `title`.
    ATTACHMENT_ALREADY_THERE = "attachment_already_there";
    /// The record has as many files as it may have. `max`.
    ATTACHMENT_TOO_MANY = "attachment_too_many";
    /// No file was chosen.
    FILE_MISSING = "file_missing";
    /// A retirement for an event that does not name the event.
    EVENT_NOT_NAMED = "event_not_named";
    /// A retirement for a product that does not name the product.
    PRODUCT_NOT_NAMED = "product_not_named";
    /// A retirement for an organisation's emissions that does not say of which period.
    EMISSIONS_PERIOD_MISSING = "emissions_period_missing";
    /// A retirement on a judgment or a compensation that does not name its paper.
    JUDICIAL_PAPER_MISSING = "judicial_paper_missing";
    /// The content of the file is of none of the allowed kinds, whatever its name says. `kinds`.
    FILE_KIND_NOT_ALLOWED = "file_kind_not_allowed";
    /// The project has no boundary.
    BOUNDARY_MISSING = "boundary_missing";
    /// The strata together are larger than the boundary. `strata`, `boundary` (ha).
    STRATA_EXCEED_BOUNDARY = "strata_exceed_boundary";
    /// The boundary shares land with a public project. `name`, `code`, `area` (m2).
    BOUNDARY_OVERLAPS = "boundary_overlaps";
    /// The boundary shares land with another application that is not public. `area` (m2).
    BOUNDARY_OVERLAPS_APPLICATION = "boundary_overlaps_application";
    /// The database was too busy; nothing was written and trying again is safe.
    BUSY = "busy";
    /// Only offered where demo mode is on.
    DEMO_ONLY = "demo_only";
    /// The demo clock only goes forward, 1..=400 days at a time. `max`.
    CLOCK_STEP_OUT_OF_RANGE = "clock_step_out_of_range";

    // --- users ---------------------------------------------------------------------------------
    /// No such user, or the password is wrong: the answer is the same for both.
    SIGN_IN_FAILED = "sign_in_failed";
    /// Too many failed attempts. `minutes`.
    SIGN_IN_RATE_LIMITED = "sign_in_rate_limited";
    /// The e-mail address is taken.
    EMAIL_TAKEN = "email_taken";
    /// Not an e-mail address.
    EMAIL_INVALID = "email_invalid";
    /// The password is too short. `min`.
    PASSWORD_TOO_SHORT = "password_too_short";
    /// The password is too long. `max`.
    PASSWORD_TOO_LONG = "password_too_long";
    /// The password is one of those that are tried first.
    PASSWORD_TOO_COMMON = "password_too_common";
    /// The password is the e-mail address, or its part before the @.
    PASSWORD_IS_EMAIL = "password_is_email";
    /// As many personal access tokens as a user may have. `max`.
    TOKENS_TOO_MANY = "tokens_too_many";
    /// The current password is wrong.
    PASSWORD_WRONG = "password_wrong";
    /// The two passwords differ.
    PASSWORDS_DIFFER = "passwords_differ";
    /// Not a role one can sign up for.
    ROLE_INVALID = "role_invalid";
    /// The credit code is already used by another organisation.
    USCC_TAKEN = "uscc_taken";

    // --- text, numbers, dates -----------------------------------------------------------------
    /// The field is empty.
    REQUIRED = "required";
    /// The text is too short. `min`.
    TEXT_TOO_SHORT = "text_too_short";
    /// The text is too long. `max`, `length`.
    TEXT_TOO_LONG = "text_too_long";
    /// The text holds control characters.
    TEXT_CONTROL_CHARACTER = "text_control_character";
    /// Not one of the choices. `choices`.
    CHOICE_INVALID = "choice_invalid";
    /// A statement that must be agreed to was not.
    STATEMENT_REQUIRED = "statement_required";
    /// Not a date; write it as 2026-01-31. `value`.
    DATE_INVALID = "date_invalid";
    /// The end is before the start. `start`, `end`.
    END_BEFORE_START = "end_before_start";
    /// Not a number where one is expected. `value`.
    NUMBER_INVALID = "number_invalid";
    /// The number is outside what is allowed. `min`, `max`.
    NUMBER_OUT_OF_RANGE = "number_out_of_range";
    /// Not a unified social credit code (18 characters, digits and capitals without I, O, Z, S, V).
    USCC_INVALID = "uscc_invalid";
    /// The check character of the unified social credit code does not fit. `expected`.
    USCC_CHECK_CHARACTER = "uscc_check_character";
    /// Not a project code (letter, digit, 1, four digits).
    PROJECT_CODE_INVALID = "project_code_invalid";
    /// All 9999 codes of a project type are used.
    PROJECT_CODES_EXHAUSTED = "project_codes_exhausted";
    /// Not a serial number of this platform.
    SERIAL_INVALID = "serial_invalid";

    // --- working days --------------------------------------------------------------------------
    /// The day is not a working day. `date`.
    CALENDAR_NOT_A_WORKING_DAY = "calendar_not_a_working_day";
    /// The calculation reaches a year whose calendar is not published. `year`.
    CALENDAR_YEAR_UNPUBLISHED = "calendar_year_unpublished";
    /// A window needs at least one day, and at most 1000. `days`.
    CALENDAR_DAYS_OUT_OF_RANGE = "calendar_days_out_of_range";
    /// A calendar file has a line that cannot be read. `line`.
    CALENDAR_FILE_INVALID = "calendar_file_invalid";
    /// The first line of an imported year is not the heading it must be.
    CALENDAR_TABLE_HEADER = "calendar_table_header";
    /// An imported year has more lines than a year can need. `max`.
    CALENDAR_TABLE_TOO_LONG = "calendar_table_too_long";
    /// A line of an imported year cannot be read. `line`.
    CALENDAR_TABLE_LINE = "calendar_table_line";
    /// A day of an imported year lies in another year. `line`, `date`, `year`.
    CALENDAR_DAY_OUTSIDE_YEAR = "calendar_day_outside_year";
    /// A day is listed twice. `line`, `first`, `date`.
    CALENDAR_DAY_TWICE = "calendar_day_twice";
    /// A make-up workday is from Monday to Friday. `line`, `date`.
    CALENDAR_MAKEUP_ON_WEEKDAY = "calendar_makeup_on_weekday";
    /// A weekend day is listed as a day off and belongs to no holiday. `line`, `date`.
    CALENDAR_WEEKEND_ALONE = "calendar_weekend_alone";
    /// New Year's Day is not listed as a day off. `year`.
    CALENDAR_NEW_YEAR_MISSING = "calendar_new_year_missing";
    /// The year would have a number of working days that no year has. `year`, `days`.
    CALENDAR_YEAR_IMPLAUSIBLE = "calendar_year_implausible";
    /// The year is in the calendar in force: only a correction can change it. `year`, `version`.
    CALENDAR_YEAR_PUBLISHED = "calendar_year_published";
    /// The year is not in the calendar in force: there is nothing to correct. `year`.
    CALENDAR_NOTHING_TO_CORRECT = "calendar_nothing_to_correct";
    /// A year before it is not in the calendar. `year`, `next`.
    CALENDAR_YEAR_LEAVES_GAP = "calendar_year_leaves_gap";
    /// A publicity window can only become longer. `end`.
    PUBLICITY_NOT_LATER = "publicity_not_later";
    /// A rule ends before it begins. `from`.
    RULE_DAYS_IN_WRONG_ORDER = "rule_days_in_wrong_order";
    /// A rule begins before the entry that it follows. `known`.
    RULE_FROM_TOO_EARLY = "rule_from_too_early";
    /// The address is not one of the web.
    RULE_ADDRESS_INVALID = "rule_address_invalid";
    /// A number of a rule is not a whole number in its range. `min`, `max`.
    RULE_NUMBER_OUT_OF_RANGE = "rule_number_out_of_range";
    /// The code of a rule has other characters than small letters, digits and the low line.
    RULE_CODE_INVALID = "rule_code_invalid";
    /// The largest fine is smaller than the smallest, or missing.
    RULE_FINES_IN_WRONG_ORDER = "rule_fines_in_wrong_order";
    /// The rule was decided before. `state`.
    RULE_DECIDED = "rule_decided";
    /// The approval that should end or be corrected is not there.
    APPROVAL_UNKNOWN = "approval_unknown";
    /// The approval ends on an earlier day or on this one already. `date`.
    APPROVAL_ENDS_BEFORE = "approval_ends_before";
    /// The body has an approval for this sector at the same time. `from`.
    APPROVAL_OVERLAPS = "approval_overlaps";

    // --- states --------------------------------------------------------------------------------
    /// The record's state does not allow this. `state`, `event`.
    STATE_DOES_NOT_ALLOW = "state_does_not_allow";
    /// Another party must take this step. `event`.
    WRONG_ACTOR = "wrong_actor";
    /// A reason must be written.
    REASON_REQUIRED = "reason_required";
    /// The design document or report still has sections to fill in. `section`.
    SECTION_INCOMPLETE = "section_incomplete";

    // --- credits -------------------------------------------------------------------------------
    /// Fewer credits are held than asked for. `available`, `quantity`.
    CREDITS_INSUFFICIENT = "credits_insufficient";
    /// A quantity must be at least 1 tonne. `value`.
    QUANTITY_NOT_POSITIVE = "quantity_not_positive";
    /// Credits are whole tonnes. `value`.
    QUANTITY_NOT_WHOLE = "quantity_not_whole";
    /// The quantity is larger than any that can exist. `value`, `max`.
    QUANTITY_OUT_OF_RANGE = "quantity_out_of_range";
    /// More numbers than the block has. `quantity`, `available`.
    QUANTITY_EXCEEDS_BLOCK = "quantity_exceeds_block";
    /// The receiver is the sender.
    TRANSFER_TO_ONESELF = "transfer_to_oneself";
    /// The receiver is unknown, or may not hold credits.
    RECEIVER_INVALID = "receiver_invalid";
    /// Only the authority that ordered a freeze or suspension releases it. `authority`.
    AUTHORITY_DIFFERS = "authority_differs";
    /// The hold of these credits has ended. `outcome`.
    HOLD_ENDED = "hold_ended";
    /// A person's name becomes public only when the holder says that the person agrees.
    PERSONAL_NOT_CONFIRMED = "personal_not_confirmed";
    /// A person has no unified social credit code.
    PERSON_HAS_NO_USCC = "person_has_no_uscc";
    /// A row names both a class and serial numbers, or neither.
    BULK_SOURCE = "bulk_source";
    /// Nothing of the project was issued for the year. `project`, `vintage`.
    BULK_CLASS_UNKNOWN = "bulk_class_unknown";
    /// The quantity of a row is not that of its serial numbers. `quantity`, `serial`.
    BULK_QUANTITY_DIFFERS = "bulk_quantity_differs";
    /// There are more mistakes in the file. `more`.
    BULK_MORE_ROWS = "bulk_more_rows";
    /// Not all numbers of the range are free in the general sub-account. `held`, `quantity`.
    NUMBERS_NOT_HELD = "numbers_not_held";
    /// A price that is no amount of yuan with at most two decimals, or out of range. `max`.
    PRICE_INVALID = "price_invalid";
    /// The last day of an offer lies outside what is possible. `from`, `to`.
    OFFER_DAY_OUT_OF_RANGE = "offer_day_out_of_range";
    /// The rule book has no time limit for reservations on this day.
    OFFERS_NOT_OPEN = "offers_not_open";
    /// Less is left of the offer than asked for. `available`, `quantity`.
    OFFER_TOO_SMALL = "offer_too_small";
    /// One's own offer is not reserved, but withdrawn.
    OFFER_IS_OWN = "offer_is_own";
    /// This side has confirmed the payment already.
    PAYMENT_CONFIRMED = "payment_confirmed";
    /// The account of the other side is not open.
    OTHER_ACCOUNT_NOT_OPEN = "other_account_not_open";
    /// The last day for cancelling by oneself has not passed. `cancel_by`.
    CANCEL_BY_NOT_PASSED = "cancel_by_not_passed";
    /// The suspension carries no order to cancel.
    CANCEL_NOT_ORDERED = "cancel_not_ordered";
    /// More than the share of the allowances due that may be offset. `max`, `share`.
    OFFSET_SHARE_EXCEEDED = "offset_share_exceeded";
    /// Another request of this holder for the same market and year names other allowances due.
    OFFSET_DUE_DIFFERS = "offset_due_differs";
    /// Reductions registered before the day from which the scheme admits them. `from`.
    OFFSET_NOT_ADMISSIBLE = "offset_not_admissible";
    /// A compliance year before the scheme, or one that has not begun. `year`, `first`, `last`.
    OFFSET_YEAR_UNKNOWN = "offset_year_unknown";
    /// Where a member is confirmer, surrender is asked for by that one.
    OFFSET_BY_CONFIRMER = "offset_by_confirmer";
    /// A purpose that is known but not offered here. `purpose`.
    PURPOSE_NOT_OFFERED = "purpose_not_offered";
    /// The reductions of this report were issued already.
    ALREADY_ISSUED = "already_issued";

    // --- events --------------------------------------------------------------------------------
    /// The boundary, or the inventory, does not hold the holding stage.
    EVENT_WITHOUT_HOLDING = "event_without_holding";
    /// Classes of the checklist are neither accounted for nor left out with a reason. `classes`.
    EVENT_SOURCE_OPEN = "event_source_open";
    /// No estimate of the inventory as it is now.
    EVENT_ESTIMATE_MISSING = "event_estimate_missing";
    /// The event has begun: a plan cannot be published any more. `start`.
    EVENT_PLAN_TOO_LATE = "event_plan_too_late";
    /// The days of an event stay once its plan is published or it is over. `start`, `end`.
    EVENT_DAYS_FIXED = "event_days_fixed";
    /// The event is not over. `end`.
    EVENT_NOT_OVER = "event_not_over";
    /// The actual footprint of the inventory as it is now was not computed.
    EVENT_NOT_ACCOUNTED = "event_not_accounted";
    /// The units that count are fewer than the footprint. `needed`, `covered`, `missing` (t).
    EVENT_NOT_COVERED = "event_not_covered";
    /// One's own retirement names another event or none. `text`, `number`, `name`.
    EVENT_RETIREMENT_NAMES_OTHER = "event_retirement_names_other";
    /// Credits that no provincial or higher authority recognises neutralise no event. `class`.
    CLASS_NOT_FOR_EVENTS = "class_not_for_events";
    /// A scheme or an authority decided what the certificate says there.
    CERTIFICATE_FACTS_FIXED = "certificate_facts_fixed";
    /// The certificate covers something public, and would name something else. `covers`.
    CERTIFICATE_COVERS = "certificate_covers";
    /// No answer of the form was chosen, too many, or none that would change.
    EVENT_ANSWERS_NONE = "event_answers_none";
    /// A table and the form both tell of attendees, and nobody said whether they are the same people. `table`, `form`.
    EVENT_SOURCES_OPEN = "event_sources_open";
    /// Something was changed since the correction was opened: it is finished, not given up.
    EVENT_CORRECTION_BEGUN = "event_correction_begun";
    /// The time for neutralising is over. `deadline`.
    EVENT_TOO_LATE = "event_too_late";
    /// Inclusion units without recognition by a provincial or higher authority do not count.
    EVENT_UNIT_NOT_RECOGNISED = "event_unit_not_recognised";
    /// Units of another mechanism must be from a project in China.
    EVENT_UNIT_OUTSIDE_CHINA = "event_unit_outside_china";
    /// Inclusion units must not be of trips to the same event.
    EVENT_UNIT_SELF_CLAIM = "event_unit_self_claim";
    /// The day of the cancellation is still to come. `today`.
    EVENT_UNIT_NOT_CANCELLED_YET = "event_unit_not_cancelled_yet";
    /// Tonnes of carbon inclusion that came of trips to this very event.
    EVENT_UNIT_OWN_TRIPS = "event_unit_own_trips";
    /// Tonnes of grams that persons gave to an event, used for another one or for a claim of neutrality. `number`.
    EVENT_GIFT_OF_ANOTHER = "event_gift_of_another";
    /// The event of a call for grams is not the caller's, is over, or has a call already.
    CAMPAIGN_EVENT_UNFIT = "campaign_event_unfit";
    /// These units, or this retirement, are used for an event already. `reference`.
    EVENT_UNIT_USED = "event_unit_used";
    /// A retirement that does not exist, or not for an event.
    EVENT_RETIREMENT_UNFIT = "event_retirement_unfit";
    /// Units typed in as those of another registry that are a retirement of this platform.
    EVENT_UNIT_OF_LEDGER = "event_unit_of_ledger";
    /// What is retired in this ledger, and the land of a forest, stays with its event.
    EVENT_UNIT_FINAL = "event_unit_final";
    /// Orders of the organisation wait for its confirming member: retire by an order first, then enter the retirement.
    EVENT_CONFIRMER_FIRST = "event_confirmer_first";
    /// The forest was planted before the event. `start`.
    EVENT_FOREST_NOT_NEW = "event_forest_not_new";
    /// The sink of the forest is not certified.
    EVENT_FOREST_NOT_CERTIFIED = "event_forest_not_certified";
    /// The land of the forest belongs to another claim. `name`.
    EVENT_FOREST_LAND_TAKEN = "event_forest_land_taken";
    /// The city is not in the table of distances: the kilometres must be typed. `city`.
    EVENT_CITY_UNKNOWN = "event_city_unknown";
    /// No airport and no city is called so. `place`.
    EVENT_AIRPORT_UNKNOWN = "event_airport_unknown";
    /// Airports of several cities are called so. `place`, `choices`.
    EVENT_AIRPORT_AMBIGUOUS = "event_airport_ambiguous";
    /// A quantity that a template makes of so many people is more than a line takes.
    EVENT_TEMPLATE_TOO_LARGE = "event_template_too_large";
    /// A flight begins and ends at one place.
    EVENT_FLIGHT_SAME_PLACE = "event_flight_same_place";
    /// A reference of an attendee stands twice. `first` (line), `reference`.
    EVENT_ATTENDEE_TWICE = "event_attendee_twice";
    /// More rows are wrong than the report names. `more`.
    EVENT_MORE_ROWS = "event_more_rows";
    /// The form for attendees is closed, or the link is old.
    EVENT_FORM_CLOSED = "event_form_closed";
    /// The form has as many answers as it takes. `max`.
    EVENT_FORM_FULL = "event_form_full";
    /// Too many answers within an hour. `max`.
    EVENT_FORM_FLOODED = "event_form_flooded";
    /// One sender gave too many answers. `max`, `minutes`.
    EVENT_SENDER_FLOODED = "event_sender_flooded";
    /// The event has as many suppliers as it takes. `max`.
    EVENT_SUPPLIERS_TOO_MANY = "event_suppliers_too_many";
    /// The line was accepted, declined or taken back already.
    EVENT_SUPPLY_DECIDED = "event_supply_decided";
    /// The inventory has a line of the same class and name. `line`.
    EVENT_SUPPLY_DOUBLE = "event_supply_double";
    /// Attendees and a supplier told the same, and nobody decided which counts. `subjects`.
    EVENT_OVERLAP_OPEN = "event_overlap_open";
    /// Attendees and inventory do not both tell about this any more.
    EVENT_OVERLAP_GONE = "event_overlap_gone";
    /// No open account of an organisation that may have events has this number or name.
    EVENT_ORGANISER_UNKNOWN = "event_organiser_unknown";
    /// Several organisations have this name.
    EVENT_ORGANISER_AMBIGUOUS = "event_organiser_ambiguous";
    /// The organisation organises the event already, or was asked to. `name`.
    EVENT_ORGANISER_TWICE = "event_organiser_twice";
    /// As many organisations were asked as an event takes. `max`.
    EVENT_ORGANISERS_TOO_MANY = "event_organisers_too_many";
    /// The question was answered or taken back before.
    EVENT_ORGANISER_ANSWERED = "event_organiser_answered";
    /// A result is published, or the event was given up: its organisers stay.
    EVENT_ORGANISERS_FIXED = "event_organisers_fixed";
    /// After the publication of a plan or a result, or once units cover the event, only its owner changes this.
    EVENT_OWNER_ONLY = "event_owner_only";
    /// The answer was changed too often within an hour. `max`, `minutes`.
    EVENT_ANSWER_CHANGED_OFTEN = "event_answer_changed_often";
    /// No line of the inventory is meant by this, or several are.
    EVENT_LINE_UNKNOWN = "event_line_unknown";
    /// A number that is that of one line and the reference of another. `typed`, `line`.
    EVENT_LINE_AMBIGUOUS = "event_line_ambiguous";
    /// The files of the event together are more than its archive takes. `limit`.
    EVENT_FILES_TOO_LARGE = "event_files_too_large";
    /// So many files were added and taken away again that no more are taken. `max`.
    EVENT_FILES_SPENT = "event_files_spent";
    /// A published version names the file: it stays.
    EVENT_FILE_PUBLISHED = "event_file_published";
    /// No body of this platform is called so.
    EVENT_EVALUATOR_UNKNOWN = "event_evaluator_unknown";
    /// The body organises the event or supplies it. `name`.
    EVENT_EVALUATOR_OWN = "event_evaluator_own";
    /// A tie between the body and an organiser of the event is registered. `name`.
    EVENT_EVALUATOR_TIED = "event_evaluator_tied";
    /// A name was typed that is that of a body of this platform: it is chosen, and asked. `name`.
    EVENT_EVALUATOR_IS_HERE = "event_evaluator_is_here";
    /// The body confirmed or declined before.
    EVENT_EVALUATION_DECIDED = "event_evaluation_decided";
    /// What the body was asked about is being corrected, or a newer version took its place.
    EVENT_EVALUATION_OUTDATED = "event_evaluation_outdated";
    /// The body that the statement names declined: a statement without it is published. `name`.
    EVENT_EVALUATION_DECLINED = "event_evaluation_declined";
    /// The body that the statement names has confirmed something else than what is about to be published. `name`.
    EVENT_EVALUATION_CHANGED = "event_evaluation_changed";

    // --- claims of neutrality --------------------------------------------------------------------
    /// The standard is not made for such a subject.
    NEUTRAL_STANDARD_UNFIT = "neutral_standard_unfit";
    /// More decimals than a gram. `max`.
    NEUTRAL_FOOTPRINT_TOO_FINE = "neutral_footprint_too_fine";
    /// The period ends before it begins.
    NEUTRAL_PERIOD_REVERSED = "neutral_period_reversed";
    /// The period is longer than a year. `max` (days).
    NEUTRAL_PERIOD_TOO_LONG = "neutral_period_too_long";
    /// Subject and period of a published claim stay.
    NEUTRAL_SUBJECT_FIXED = "neutral_subject_fixed";
    /// The state of the claim does not allow the step. `event`, `neutral_state`.
    NEUTRAL_STEP_REFUSED = "neutral_step_refused";
    /// The retirements are fewer than the footprint. `needed`, `covered`, `missing` (t).
    NEUTRAL_NOT_COVERED = "neutral_not_covered";
    /// A retirement that does not exist, has another purpose, or does not name this claim. `number`.
    NEUTRAL_RETIREMENT_UNFIT = "neutral_retirement_unfit";
    /// The retirement covers a claim already. `reference`.
    NEUTRAL_RETIREMENT_USED = "neutral_retirement_used";
    /// No tonnes were chosen.
    NEUTRAL_NOTHING_CHOSEN = "neutral_nothing_chosen";
    /// Orders of the organisation wait for its confirming member: retire by an order that names the claim, then enter it. `number`.
    NEUTRAL_CONFIRMER_FIRST = "neutral_confirmer_first";

    // --- documents -----------------------------------------------------------------------------
    /// Not decimal degrees; write 115.934500. `value`.
    COORDINATE_INVALID = "coordinate_invalid";
    /// Longitude and latitude are swapped. `longitude`, `latitude` as they should be.
    COORDINATES_SWAPPED = "coordinates_swapped";
    /// Outside China. `min`, `max`.
    COORDINATE_OUTSIDE = "coordinate_outside";
    /// Too few decimals. `decimals`.
    COORDINATE_TOO_COARSE = "coordinate_too_coarse";
    /// The grid is not one that the province feeds. `grids`.
    GRID_NOT_OF_PROVINCE = "grid_not_of_province";
    /// A condition of the methodology is not met. `condition`, `reason_zh`, `reason_en`.
    DOES_NOT_APPLY = "does_not_apply";
    /// Not a plant archive code (17 letters and digits).
    ARCHIVE_CODE_INVALID = "archive_code_invalid";
    /// The crediting period begins before the project's life (grid connection). `first`.
    CREDITING_BEFORE_LIFE = "crediting_before_life";
    /// The crediting period ends after the project's life. `last`.
    CREDITING_AFTER_LIFE = "crediting_after_life";

    // --- guards of projects and reports ----------------------------------------------------------
    /// The event has conditions and came without the facts to judge them. `event`.
    FACTS_MISSING = "facts_missing";
    /// The project is in another greenhouse gas mechanism, or the owner did not state that it is not.
    NOT_UNIQUE = "not_unique";
    /// This system has no such methodology. `value`.
    METHODOLOGY_UNKNOWN = "methodology_unknown";
    /// The methodology is not in force today. `methodology`.
    METHODOLOGY_NOT_IN_FORCE = "methodology_not_in_force";
    /// Construction did not begin after the cut-off. `after`.
    COMMENCED_TOO_EARLY = "commenced_too_early";
    /// A law obliges the project to reduce, or the owner did not state that none does.
    LEGALLY_OBLIGED = "legally_obliged";
    /// The project is under quota management, or the owner did not state that it is not.
    UNDER_QUOTA_MANAGEMENT = "under_quota_management";
    /// The owner's registry account is not open, or is restricted.
    ACCOUNT_NOT_ACTIVE = "account_not_active";
    /// The VVB is not approved for the sector on the day. `sector`, `date`.
    VVB_NOT_APPROVED = "vvb_not_approved";
    /// The VVB has ties with the owner or wrote the document.
    VVB_NOT_INDEPENDENT = "vvb_not_independent";
    /// The validator cannot be changed after it has taken the validation on.
    VVB_LOCKED = "vvb_locked";
    /// A deregistered project can never be registered again.
    DEREGISTERED_BEFORE = "deregistered_before";
    /// The owner is barred. `until`.
    OWNER_BARRED = "owner_barred";
    /// The owner is barred without end.
    OWNER_BARRED_FOR_GOOD = "owner_barred_for_good";
    /// Green certificates were chosen for the electricity: it cannot be credited.
    GREEN_CERTIFICATES_CHOSEN = "green_certificates_chosen";
    /// Green certificates of the period were traded, or the owner did not state that none were.
    GREEN_CERTIFICATES_TRADED = "green_certificates_traded";
    /// Projects of this type are not admitted.
    PROJECT_TYPE_NOT_ADMITTED = "project_type_not_admitted";
    /// The crediting period is longer than the methodology allows. `years`, `last`.
    CREDITING_PERIOD_TOO_LONG = "crediting_period_too_long";
    /// The crediting period is shorter than the methodology allows. `years`, `first` (the earliest last day).
    CREDITING_PERIOD_TOO_SHORT = "crediting_period_too_short";
    /// Comments wait for the registry's decision. `count`.
    OPINIONS_UNDECIDED = "opinions_undecided";
    /// Published comments wait for the owner's answer. `count`.
    OPINIONS_UNANSWERED = "opinions_unanswered";
    /// The project is not registered. `state`.
    PROJECT_NOT_REGISTERED = "project_not_registered";
    /// Earlier than the first creditable day. `first`.
    BEFORE_FIRST_CREDITABLE_DAY = "before_first_creditable_day";
    /// Outside the crediting period. `first`, `last`.
    OUTSIDE_CREDITING_PERIOD = "outside_crediting_period";
    /// Begins more than five years before the report was created. `earliest`.
    OLDER_THAN_FIVE_YEARS = "older_than_five_years";
    /// The period is not over. `today`.
    PERIOD_NOT_OVER = "period_not_over";
    /// The period overlaps another one of the project. `first`, `last`.
    PERIOD_OVERLAPS = "period_overlaps";
    /// The period begins before another one of the project has ended. `last`.
    PERIOD_BEFORE_EARLIER_ONE = "period_before_earlier_one";
    /// The verifier validated the project.
    VERIFIER_IS_VALIDATOR = "verifier_is_validator";
    /// There are no verified amounts.
    NOT_VERIFIED = "not_verified";
    /// The amounts applied for differ from the verified ones. `year`, `applied`, `verified`.
    APPLIED_DIFFERS_FROM_VERIFIED = "applied_differs_from_verified";
    /// Newer emission factors give other tonnes than those applied for. `year`, `applied`, `now`.
    FACTORS_CHANGED = "factors_changed";
    /// A factor set named by hand gives more tonnes than the rule of the day. `year`, `applied`, `by_rule`.
    FACTOR_SET_TOO_HIGH = "factor_set_too_high";

    // --- uniqueness and claims -----------------------------------------------------------------
    /// A line of the monthly table names no month. `value`.
    MONTH_INVALID = "month_invalid";
    /// A month is in the table twice. `month`.
    MONTH_TWICE = "month_twice";
    /// A month of the table is not in the period. `month`.
    MONTH_OUTSIDE_PERIOD = "month_outside_period";
    /// Months of the period are not in the table. `months`.
    MONTHS_MISSING = "months_missing";
    /// More of a month is claimed and sold than was settled. `month`, `claimed`, `certificates`, `settled` (MWh).
    MONTH_OVERCLAIMED = "month_overclaimed";
    /// The months of a year do not add up to the metered export. `year`, `claimed`, `export`, `tolerance` (MWh).
    MONTHS_DIFFER_FROM_EXPORT = "months_differ_from_export";
    /// A month was claimed in another report of the project too, together for more than was settled. `month`, `claimed`, `settled` (MWh).
    MONTH_CLAIMED_BEFORE = "month_claimed_before";
    /// The plant is that of another public project. `key`, `name`, `code`.
    PLANT_OF_OTHER_PROJECT = "plant_of_other_project";
    /// The plant is that of another application that is not public. `key`.
    PLANT_OF_OTHER_APPLICATION = "plant_of_other_application";
    /// The activity is claimed in another mechanism at the same time. `key`, `mechanism`, `reference`, `from`, `to`.
    CLAIMED_ELSEWHERE = "claimed_elsewhere";
    /// The claim has ended already.
    CLAIM_ENDED = "claim_ended";
    /// Before and after are the same.
    CHANGE_WITHOUT_DIFFERENCE = "change_without_difference";
    /// The registry approves only after the body's opinion.
    CHANGE_NEEDS_OPINION = "change_needs_opinion";
    /// The change is decided. `state`.
    CHANGE_DECIDED = "change_decided";
    /// A change of the same kind waits for its decision.
    CHANGE_PENDING = "change_pending";
    /// A change of capacity waits for its decision: no new reductions until then.
    CAPACITY_CHANGE_PENDING = "capacity_change_pending";
    /// Reports of the project are on their way: the owner cannot change before they end. `count`.
    CHANGE_REPORTS_OPEN = "change_reports_open";
    /// No project owner has this account number.
    CHANGE_OWNER_UNKNOWN = "change_owner_unknown";
    /// This author's right to comment is suspended. `until`.
    AUTHOR_SUSPENDED = "author_suspended";
    /// The author gave no contact, so that nobody can be suspended.
    AUTHOR_WITHOUT_CONTACT = "author_without_contact";

    // --- ends of a life --------------------------------------------------------------------------
    /// The registry has issued no credits of the project, so this ground cannot be.
    NO_CREDITS_ISSUED = "no_credits_issued";
    /// The day lies after today. `today`.
    DAY_IN_FUTURE = "day_in_future";
    /// Only an application that was withdrawn or terminated can be begun again. `state`.
    SOURCE_NOT_ENDED = "source_not_ended";
    /// Fewer experts than wanted can be drawn. `available`.
    EXPERTS_TOO_FEW = "experts_too_few";
    /// Experts who were appointed have not answered. `count`.
    EXPERTS_UNANSWERED = "experts_unanswered";
    /// The expert's answer was entered before.
    EXPERT_ANSWERED = "expert_answered";

    // --- accounts and members ---------------------------------------------------------------------
    /// The state of the account does not allow this. `account_state`.
    ACCOUNT_STATE_DOES_NOT_ALLOW = "account_state_does_not_allow";
    /// The member's role in the organisation does not allow this. `member_role`.
    MEMBER_ROLE_NOT_ALLOWED = "member_role_not_allowed";
    /// Initiating and confirming representative are one person.
    REPRESENTATIVES_SAME = "representatives_same";
    /// Not a telephone number.
    PHONE_INVALID = "phone_invalid";
    /// The licence is no longer valid. `today`.
    LICENCE_OVER = "licence_over";
    /// A day that has not come yet. `today`.
    DAY_TO_COME = "day_to_come";
    /// Nothing would change.
    NOTHING_CHANGED = "nothing_changed";
    /// Another application about the account waits for its decision.
    ACCOUNT_APPLICATION_WAITS = "account_application_waits";
    /// The application was decided before.
    ACCOUNT_APPLICATION_DECIDED = "account_application_decided";
    /// Credits are still held. `quantity`.
    ACCOUNT_HOLDS_CREDITS = "account_holds_credits";
    /// Projects or reports are still on their way. `count`.
    ACCOUNT_HAS_OPEN_RECORDS = "account_has_open_records";
    /// Orders still wait for confirmation. `count`.
    ACCOUNT_HAS_OPEN_ORDERS = "account_has_open_orders";
    /// The owner's account cannot receive credits now.
    OWNER_ACCOUNT_CANNOT_RECEIVE = "owner_account_cannot_receive";
    /// The organisation would be without an administrator.
    LAST_ADMINISTRATOR = "last_administrator";
    /// As soon as two people stand behind orders about credits, it stays so: the last confirmer is neither removed nor changed.
    LAST_CONFIRMER = "last_confirmer";
    /// The invitation is unknown, used, withdrawn or over: the answer is the same for all.
    INVITATION_INVALID = "invitation_invalid";
    /// As many members and open invitations as an organisation may have. `max`.
    MEMBERS_TOO_MANY = "members_too_many";
    /// Who initiated an order may not confirm it.
    ORDER_FOUR_EYES = "order_four_eyes";
    /// The order was decided before. `outcome`.
    ORDER_DECIDED = "order_decided";

    // --- carbon inclusion ------------------------------------------------------------------------
    /// The personal account is suspended or closed. `state`.
    PERSON_NOT_OPEN = "person_not_open";
    /// Not a mobile number of the mainland of China.
    MOBILE_INVALID = "mobile_invalid";
    /// The mobile number has an account already.
    PHONE_TAKEN = "phone_taken";
    /// Neither a mobile number nor an e-mail address was given, or both.
    CONTACT_REQUIRED = "contact_required";
    /// No group has this code.
    GROUP_CODE_UNKNOWN = "group_code_unknown";
    /// One is in the group already.
    GROUP_JOINED = "group_joined";
    /// The group has as many members as it may have. `max`.
    GROUP_FULL = "group_full";
    /// The organisation has a group of its staff already.
    STAFF_GROUP_OPEN = "staff_group_open";
    /// The group is of an organisation's staff, and nobody under 14 is.
    STAFF_GROUP_OF_ADULTS = "staff_group_of_adults";
    /// The code is of an organisation's staff: one agrees to what it will see first.
    STAFF_CONSENT_REQUIRED = "staff_consent_required";
    /// One is in as many groups as one may be. `max`.
    GROUPS_TOO_MANY = "groups_too_many";
    /// A guardian must agree for somebody under 14, and has not confirmed to be one yet.
    GUARDIAN_REQUIRED = "guardian_required";
    /// No mail is sent here, so that no guardian can be asked.
    GUARDIAN_MAIL_OFF = "guardian_mail_off";
    /// The guardian's address is the child's own.
    GUARDIAN_EMAIL_OWN = "guardian_email_own";
    /// The guardian was asked for this already.
    GUARDIAN_ASKED = "guardian_asked";
    /// So many letters went to the guardian within a day. `max`.
    GUARDIAN_ASKED_OFTEN = "guardian_asked_often";
    /// The guardian is confirmed: the child cannot name another one.
    GUARDIAN_CONFIRMED = "guardian_confirmed";
    /// The link of a letter was used, is too old, was replaced by a newer one, or never was one.
    GUARDIAN_LINK_INVALID = "guardian_link_invalid";
    /// The consent must be given first.
    CONSENT_REQUIRED = "consent_required";
    /// There is no live consent for this source and scene.
    CONSENT_NOT_LIVE = "consent_not_live";
    /// The consent is live already.
    CONSENT_GIVEN = "consent_given";
    /// This consent ends with the account only.
    CONSENT_OF_ACCOUNT = "consent_of_account";
    /// Goods paid by assigned grams, or a gift, need the consent to assignment.
    ASSIGNMENT_REQUIRED = "assignment_required";
    /// Fewer grams than wanted. `available`, `wanted`.
    GRAMS_INSUFFICIENT = "grams_insufficient";
    /// Fewer points than wanted. `available`, `wanted`.
    POINTS_INSUFFICIENT = "points_insufficient";
    /// Not a whole number of points above zero.
    POINTS_INVALID = "points_invalid";
    /// Beyond the range of points.
    POINTS_OUT_OF_RANGE = "points_out_of_range";
    /// A number of the inclusion rules is not in force. `parameter`, `on`.
    INCLUSION_RULE_NOT_IN_FORCE = "inclusion_rule_not_in_force";
    /// The distance was not possible in the time. `max`.
    TRIP_TOO_FAST = "trip_too_fast";
    /// Another trip of the same person at the same time.
    TRIP_OVERLAPS = "trip_overlaps";
    /// A trip that counts needs its begin and its end.
    TRIP_TIMES_REQUIRED = "trip_times_required";
    /// Another source's record of this scene counts on this day.
    DAY_OF_ANOTHER_SOURCE = "day_of_another_source";
    /// The record was used before.
    ACTIVITY_DUPLICATE = "activity_duplicate";
    /// The act lies too far back. `days`.
    ACTIVITY_TOO_LATE = "activity_too_late";
    /// The act lies before the consent or the opening of the account. `since`.
    ACTIVITY_BEFORE_CONSENT = "activity_before_consent";
    /// The act lies ahead.
    ACTIVITY_AHEAD = "activity_ahead";
    /// The act is at another step. `state`.
    ACTIVITY_DOES_NOT_ALLOW = "activity_does_not_allow";
    /// Part of the lot is in a batch or certified.
    LOT_IN_BATCH = "lot_in_batch";
    /// The time for an appeal is over. `days`.
    APPEAL_TOO_LATE = "appeal_too_late";
    /// One has objected to the act already.
    APPEAL_MADE = "appeal_made";
    /// Nobody objects to the act, or the appeal is decided.
    APPEAL_NOT_OPEN = "appeal_not_open";
    /// An amount of money that is not a number with at most two decimals, or zero, or too much. `value`.
    COST_INVALID = "cost_invalid";
    /// The meter belongs to another account.
    METER_TAKEN = "meter_taken";
    /// The meter is not one of this account.
    METER_NOT_OWN = "meter_not_own";
    /// The number of the thing is missing.
    ITEM_REQUIRED = "item_required";
    /// The bill or the thing counts already, for this account or for as many as it may.
    OBJECT_COUNTED = "object_counted";
    /// More acts of a day were shown by photos than may be. `max`.
    PHOTO_LIMIT = "photo_limit";
    /// The picture cannot be opened, or is far too large.
    PHOTO_UNREADABLE = "photo_unreadable";
    /// A line of what was not confirmed has no number of the sample, one that is there twice, or no reason. `line`, `most`.
    FINDING_INVALID = "finding_invalid";
    /// There is no such event that asks for grams. `value`.
    CAMPAIGN_UNKNOWN = "campaign_unknown";
    /// A meter's number is missing.
    METER_REQUIRED = "meter_required";
    /// Too many accounts on this device, or devices of this account. `max`.
    DEVICE_LIMIT = "device_limit";
    /// The provider does not know this person, or the person does not know the provider.
    LINK_UNKNOWN = "link_unknown";
    /// The provider is unknown or has ended.
    PROVIDER_UNKNOWN = "provider_unknown";
    /// The scene is not one the provider may send.
    SCENE_NOT_OF_PROVIDER = "scene_not_of_provider";
    /// A provider of this name is there. `name`.
    PROVIDER_TAKEN = "provider_taken";
    /// A proposal for the place of this provider waits already.
    PRECEDENCE_OPEN = "precedence_open";
    /// The number of the document is not one, or its check digit is wrong. `kind`.
    IDENTITY_NUMBER_INVALID = "identity_number_invalid";
    /// The document stands behind another account.
    IDENTITY_TAKEN = "identity_taken";
    /// The account has the real-name level, or asked for it already.
    IDENTITY_ASKED = "identity_asked";
    /// Nothing to decide or to give up.
    IDENTITY_NOT_OPEN = "identity_not_open";
    /// The call is not signed as agreed, or too old or too new.
    CALL_NOT_SIGNED = "call_not_signed";
    /// The text of a consent asks for more than the person agreed to.
    CONSENT_RENEWAL = "consent_renewal";
    /// Steps of an interval in which a trip counts.
    STEPS_IN_TRIP = "steps_in_trip";
    /// The call is signed with a key that has ended. `ended`.
    CALL_KEY_ENDED = "call_key_ended";
    /// As many keys as a provider may have at the same time. `max`.
    PROVIDER_KEYS_TOO_MANY = "provider_keys_too_many";
    /// The key has ended already.
    PROVIDER_KEY_ENDED = "provider_key_ended";
    /// The call was made before.
    CALL_REPLAYED = "call_replayed";
    /// Too many rows in one call. `max`.
    CALL_TOO_LONG = "call_too_long";
    /// The goods are sold out or no longer offered.
    GOODS_NOT_OFFERED = "goods_not_offered";
    /// As many in this month as one person may order. `max`.
    GOODS_QUOTA = "goods_quota";
    /// The order was decided before. `state`.
    GOODS_DECIDED = "goods_decided";
    /// Orders of the account wait: cancel them first.
    ORDERS_WAIT = "orders_wait";
    /// The voucher is used.
    VOUCHER_USED = "voucher_used";
    /// The campaign is over or was cancelled.
    CAMPAIGN_OVER = "campaign_over";
    /// Grams of the campaign are in a batch already.
    CAMPAIGN_IN_BATCH = "campaign_in_batch";
    /// Nothing that could be put into a batch.
    BATCH_EMPTY = "batch_empty";
    /// The batch is at another step. `state`.
    BATCH_DOES_NOT_ALLOW = "batch_does_not_allow";
    /// The notice is not over. `last`.
    BATCH_NOTICE_RUNS = "batch_notice_runs";
    /// The items of a batch are not in order.
    BATCH_NOT_IN_ORDER = "batch_not_in_order";
    /// The batch is beyond whole numbers.
    BATCH_OUT_OF_RANGE = "batch_out_of_range";
    /// Less than a tonne is left.
    BATCH_BELOW_A_TONNE = "batch_below_a_tonne";
    /// The sample is empty or has more errors than acts.
    SAMPLE_INVALID = "sample_invalid";

    // --- parameter sets --------------------------------------------------------------------------
    /// The proposer may not decide: another operator must.
    FOUR_EYES = "four_eyes";
    /// Only the proposer may withdraw a proposal.
    ONLY_PROPOSER_WITHDRAWS = "only_proposer_withdraws";
    /// The proposal was decided before. `state`.
    PARAMETERS_DECIDED = "parameters_decided";
    /// A parameter is in the proposal twice. `id`; in a table `line`.
    PARAMETER_TWICE = "parameter_twice";
    /// A pasted table must begin with `grid,label,om,bm`.
    PARAMETER_TABLE_HEADER = "parameter_table_header";
    /// A line of a pasted table cannot be read. `line`.
    PARAMETER_TABLE_LINE = "parameter_table_line";
    /// A pasted table is too long. `max`.
    PARAMETER_TABLE_TOO_LONG = "parameter_table_too_long";

    // --- a body's work on a mandate --------------------------------------------------------------
    /// The body has not stated its impartiality.
    IMPARTIALITY_NOT_STATED = "impartiality_not_stated";
    /// Too few members are employed full-time. `min`, `count`.
    TEAM_TOO_SMALL = "team_too_small";
    /// Too few members are competent in the project's sector. `min`, `count`.
    TEAM_NOT_COMPETENT = "team_not_competent";
    /// Nobody leads the team.
    TEAM_LEADER_MISSING = "team_leader_missing";
    /// The person is in the team already. `name`.
    MEMBER_TWICE = "member_twice";
    /// It is not entered how many sites there are.
    SITES_NOT_COUNTED = "sites_not_counted";
    /// Too few sites were visited. `total`, `needed`, `visited`.
    SITES_NOT_VISITED = "sites_not_visited";
    /// Not all sites were visited, and how they were chosen is not written down. `total`.
    SAMPLING_NOT_EXPLAINED = "sampling_not_explained";
    /// No reviewer is named.
    REVIEWER_MISSING = "reviewer_missing";
    /// The reviewer took part in the work. `name`.
    REVIEWER_TOOK_PART = "reviewer_took_part";
    /// No decision-maker is named.
    DECISION_MAKER_MISSING = "decision_maker_missing";
    /// The decision-maker took part in the work. `name`.
    DECISION_MAKER_TOOK_PART = "decision_maker_took_part";
    /// The day of the document review is not entered.
    DOCUMENT_REVIEW_MISSING = "document_review_missing";
    /// A site was visited before the document was reviewed. `site`, `date`, `last`.
    VISIT_BEFORE_REVIEW = "visit_before_review";
    /// The day lies ahead. `today`.
    DAY_AHEAD = "day_ahead";
    /// The day lies before the mandate. `first`.
    DAY_BEFORE_MANDATE = "day_before_mandate";
    /// Corrective action requests are open. `count`, `numbers`.
    REQUESTS_OPEN = "requests_open";
    /// The finding is at another step. `at`.
    FINDING_DOES_NOT_ALLOW = "finding_does_not_allow";
    /// The body is no longer, or not yet, at work on this record. `state`.
    ENGAGEMENT_NOT_AT_WORK = "engagement_not_at_work";
    /// More than a mandate can have. `max`.
    ENGAGEMENT_TOO_MANY = "engagement_too_many";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_snake_case_and_listed_once() {
        for (at, code) in REFUSALS.iter().enumerate() {
            assert!(
                code.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                "{code}"
            );
            assert!(!REFUSALS[..at].contains(code), "{code} is listed twice");
        }
    }

    #[test]
    fn refusals_of_this_room_use_listed_codes_only() {
        // a code written as a text instead of a constant would escape the list
        let sources = [
            include_str!("account.rs"),
            include_str!("calendar.rs"),
            include_str!("engagement.rs"),
            include_str!("claim.rs"),
            include_str!("event/attendee.rs"),
            include_str!("event/life.rs"),
            include_str!("event/profile.rs"),
            include_str!("event/unit.rs"),
            include_str!("neutral.rs"),
            include_str!("complaint.rs"),
            include_str!("green_certificate.rs"),
            include_str!("project_change.rs"),
            include_str!("parameter_change.rs"),
            include_str!("rulebook/mod.rs"),
            include_str!("rulebook/approval.rs"),
            include_str!("rulebook/limit.rs"),
            include_str!("rulebook/penalty.rs"),
            include_str!("rulebook/proposal.rs"),
            include_str!("serial.rs"),
            include_str!("project_code.rs"),
            include_str!("text.rs"),
            include_str!("uscc.rs"),
            include_str!("ledger/hold.rs"),
            include_str!("ledger/paper.rs"),
            include_str!("inclusion/batch.rs"),
            include_str!("inclusion/group.rs"),
            include_str!("inclusion/guard.rs"),
            include_str!("inclusion/phone.rs"),
            include_str!("inclusion/review.rs"),
            include_str!("inclusion/lot.rs"),
            include_str!("inclusion/person.rs"),
            include_str!("inclusion/points.rs"),
            include_str!("ledger/posting.rs"),
            include_str!("ledger/retirement.rs"),
            include_str!("place.rs"),
            include_str!("project/design.rs"),
            include_str!("project/document.rs"),
            include_str!("project/ending.rs"),
            include_str!("project/monitoring.rs"),
            include_str!("project/guard.rs"),
            include_str!("project/machine.rs"),
            include_str!("project/project_table.rs"),
            include_str!("project/report_table.rs"),
        ];
        for source in sources {
            assert!(!source.contains(concat!("Refusal::new(", "\"")));
        }
    }

    #[test]
    fn an_input_error_keeps_its_field_its_code_and_its_sentence() {
        let error = InputError::new("lines.0.to", "number_too_many_decimals").with("max", 3);
        let refusal = Refusal::from(error);
        assert_eq!(
            refusal.to_string(),
            "number_too_many_decimals at lines.0.to (max=3)"
        );
        assert!(
            refusal
                .methodology_text()
                .is_some_and(|text| text.en.contains('3'))
        );
        assert_eq!(
            Refusal::from(InputError::new("", "input_not_an_object")).field,
            None
        );
        assert_eq!(Refusal::new(codes::NOT_FOUND).methodology_text(), None);
    }
}
