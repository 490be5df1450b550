//! From the tables of the world to dated steps: when each party does what, on working days, in the order of time.

use domain::{Calendar, Instant, Refusal};
use time::{Date, Duration};

use super::world::{CREDITS, CreditStep, PROJECTS, ProjectPlan, ReportPlan, Until, demo_now};

/// Length of publicity, working days.
const PUBLICITY_DAYS: u32 = 20;

/// One step on the way of a project or of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Create,
    RequestMandate,
    DeclineMandate,
    ConfirmMandate,
    RequestPublicity,
    Return,
    ApprovePublicity,
    /// The first day of publicity and the day after the last: what happens by date.
    ByDate,
    SubmitOpinion(usize),
    PublishOpinion(usize),
    RefuseOpinion(usize),
    ReplyToOpinion(usize),
    RequestRecall,
    ApproveRecall,
    Assess,
    Reject,
    ApplyRegistration,
    ReturnRegistration,
    Pause,
    Register,
    Issue,
    RequestDeregistration,
    Deregister,
    Revoke,
}

/// What a step is about.
#[derive(Clone, Copy)]
pub enum Subject {
    Project(&'static ProjectPlan),
    Report(&'static ProjectPlan, &'static ReportPlan),
    Credits(&'static CreditStep),
}

/// A step with its moment.
pub struct Planned {
    pub at: Instant,
    pub subject: Subject,
    pub step: Step,
}

/// Every step of the world in the order of time.
pub fn whole_world() -> Result<Vec<Planned>, Refusal> {
    let mut planned = Vec::new();
    for project in PROJECTS {
        let steps = way(project.start, project.until, project.reports.is_empty())?;
        planned.extend(steps.into_iter().map(|(at, step)| Planned {
            at,
            subject: Subject::Project(project),
            step,
        }));
        for report in project.reports {
            let steps = way(report.start, report.until, true)?;
            planned.extend(steps.into_iter().map(|(at, step)| Planned {
                at,
                subject: Subject::Report(project, report),
                step,
            }));
        }
    }
    for (day, step) in CREDITS {
        planned.push(Planned {
            at: at_hour(*day, 15),
            subject: Subject::Credits(step),
            step: Step::Create,
        });
    }
    planned.sort_by_key(|planned| planned.at);
    Ok(planned)
}

/// The way of one record, stopping where it is to stop. With `opinions`, people comment during publicity.
fn way(start: Date, until: Until, opinions: bool) -> Result<Vec<(Instant, Step)>, Refusal> {
    let mut way = Way {
        day: start,
        steps: Vec::new(),
    };
    way.on(0, 9, Step::Create)?;
    if until == Until::Draft {
        return Ok(way.steps);
    }
    way.on(1, 10, Step::RequestMandate)?;
    if until == Until::MandateRequested {
        return Ok(way.steps);
    }
    way.on(
        2,
        11,
        if until == Until::MandateDeclined {
            Step::DeclineMandate
        } else {
            Step::ConfirmMandate
        },
    )?;
    if matches!(until, Until::MandateDeclined | Until::MandateConfirmed) {
        return Ok(way.steps);
    }
    way.on(4, 14, Step::RequestPublicity)?;
    if until == Until::PublicityRequested {
        return Ok(way.steps);
    }
    if until == Until::PublicityReturned {
        way.on(2, 16, Step::Return)?;
        return Ok(way.steps);
    }
    if until == Until::PublicityApproved {
        // today, so that the window begins with the next working day
        way.steps
            .push((demo_now().plus_seconds(-1800), Step::ApprovePublicity));
        return Ok(way.steps);
    }
    way.on(1, 9, Step::ApprovePublicity)?;
    way.publicity(until, opinions)?;
    if matches!(
        until,
        Until::OpinionsInPublicity
            | Until::RecallRequested
            | Until::Withdrawn
            | Until::PublicityEnded
    ) {
        return Ok(way.steps);
    }
    way.assessment_and_registration(until)?;
    Ok(way.steps)
}

/// A way being written.
struct Way {
    day: Date,
    steps: Vec<(Instant, Step)>,
}

impl Way {
    /// A step this many working days later, at this hour in Beijing.
    fn on(&mut self, working_days_later: u32, hour: i64, step: Step) -> Result<(), Refusal> {
        if working_days_later > 0 {
            self.day = Calendar::embedded().add_working_days(self.day, working_days_later)?;
        }
        self.steps.push((at_hour(self.day, hour), step));
        Ok(())
    }

    fn publicity(&mut self, until: Until, opinions: bool) -> Result<(), Refusal> {
        let calendar = Calendar::embedded();
        let first = calendar.next_working_day(self.day)?;
        let last = calendar.window_end(first, PUBLICITY_DAYS)?;
        self.day = first;
        self.steps
            .push((Instant::at_start_of(first).plus_seconds(60), Step::ByDate));
        if opinions {
            self.on(1, 20, Step::SubmitOpinion(0))?;
            self.on(1, 9, Step::PublishOpinion(0))?;
            self.on(1, 15, Step::ReplyToOpinion(0))?;
            self.on(1, 19, Step::SubmitOpinion(1))?;
            if until != Until::OpinionsInPublicity {
                self.on(1, 10, Step::RefuseOpinion(1))?;
            }
        }
        match until {
            Until::OpinionsInPublicity => return Ok(()),
            Until::RecallRequested => return self.on(1, 11, Step::RequestRecall),
            Until::Withdrawn => {
                self.on(1, 11, Step::RequestRecall)?;
                return self.on(3, 16, Step::ApproveRecall);
            }
            _ => {}
        }
        self.day = last;
        let after = last.checked_add(Duration::DAY).unwrap_or(last);
        self.steps
            .push((Instant::at_start_of(after).plus_seconds(60), Step::ByDate));
        Ok(())
    }

    fn assessment_and_registration(&mut self, until: Until) -> Result<(), Refusal> {
        if until == Until::Rejected {
            return self.on(28, 16, Step::Reject);
        }
        self.on(12, 16, Step::Assess)?;
        if until == Until::Assessed {
            return Ok(());
        }
        self.on(3, 10, Step::ApplyRegistration)?;
        match until {
            Until::RegistrationApplied => return Ok(()),
            Until::RegistrationReturned => return self.on(6, 14, Step::ReturnRegistration),
            Until::RegistrationPaused => return self.on(5, 14, Step::Pause),
            _ => {}
        }
        self.on(9, 15, Step::Register)?;
        match until {
            Until::Issued => self.on(1, 10, Step::Issue)?,
            Until::Deregistered => {
                self.on(20, 10, Step::RequestDeregistration)?;
                self.on(5, 15, Step::Deregister)?;
            }
            Until::Revoked => self.on(30, 11, Step::Revoke)?,
            _ => {}
        }
        Ok(())
    }
}

fn at_hour(day: Date, hour: i64) -> Instant {
    Instant::at_start_of(day).plus_seconds(hour * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_happens_in_order_and_nothing_of_it_lies_ahead_of_the_demo() {
        let planned = whole_world().expect("the calendar covers the world");
        assert!(planned.len() > 200, "{} steps", planned.len());
        for pair in planned.windows(2) {
            assert!(pair[0].at <= pair[1].at);
        }
        for planned in &planned {
            let what = match planned.subject {
                Subject::Project(project) => project.key,
                Subject::Report(_, report) => report.key,
                Subject::Credits(_) => "credits",
            };
            assert!(
                planned.at < demo_now(),
                "{what}: {:?} at {}",
                planned.step,
                planned.at
            );
        }
    }

    #[test]
    fn what_is_in_publicity_still_is_when_the_demo_begins() {
        for project in PROJECTS.iter().filter(|project| {
            matches!(
                project.until,
                Until::OpinionsInPublicity | Until::RecallRequested
            )
        }) {
            let steps =
                way(project.start, project.until, true).expect("the calendar covers the world");
            let approved = steps
                .iter()
                .find(|(_, step)| *step == Step::ApprovePublicity)
                .expect("it was approved")
                .0;
            let calendar = Calendar::embedded();
            let first = calendar
                .next_working_day(approved.beijing_date())
                .expect("published");
            let last = calendar
                .window_end(first, PUBLICITY_DAYS)
                .expect("published");
            assert!(
                first < demo_now().beijing_date() && demo_now().beijing_date() <= last,
                "{}: {first} to {last}",
                project.key
            );
        }
    }
}
