//! Coarse limits in front, counted in this process: they keep floods away from the database and from password hashing.
//! The limits that count (failed sign-ins by account and by address) are rows in the database.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use super::client_address::ClientAddress;
use crate::config::Config;
use crate::failure::Failure;

/// Acts that anyone may do without a session, that hash a password, name the holder of an account number, or say whether a
/// document stands behind an account.
const GUARDED_ACTS: &[&str] = &[
    "/desk/transfers/check",
    "/acts/user_sign_in",
    "/acts/user_sign_up",
    "/acts/person_sign_up",
    "/acts/identity_ask",
    "/acts/event_organiser_invite",
    "/acts/user_change_password",
    "/acts/opinion_submit",
    "/acts/complaint_submit",
];

/// The act that attendees do, all at once.
const ANSWER_ACT: &str = "/acts/event_attend";

/// Requests of one address at once, and how many more each second.
struct Pace {
    burst: u32,
    per_second: u32,
}

/// In production. Many people may sit behind one address of an office.
const ACTS: Pace = Pace {
    burst: 30,
    per_second: 1,
};
const WRITES: Pace = Pace {
    burst: 60,
    per_second: 5,
};
/// Answers of a form for attendees: a hall full of people scans one code, behind the one address of the venue.
const ANSWERS: Pace = Pace {
    burst: 200,
    per_second: 10,
};
/// In demo mode the only address is this machine, and tests walk quickly.
const DEMO: Pace = Pace {
    burst: 2000,
    per_second: 200,
};

/// The limiters of this process.
#[derive(Clone)]
pub struct Limits {
    acts: Arc<DefaultKeyedRateLimiter<ClientAddress>>,
    writes: Arc<DefaultKeyedRateLimiter<ClientAddress>>,
    answers: Arc<DefaultKeyedRateLimiter<ClientAddress>>,
}

impl Limits {
    /// The limits of this configuration, nothing counted yet.
    pub fn new(config: &Config) -> Self {
        let limiter = |pace: Pace| {
            let number = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::per_second(number(pace.per_second)).allow_burst(number(pace.burst));
            Arc::new(DefaultKeyedRateLimiter::keyed(quota))
        };
        if config.demo {
            Self {
                acts: limiter(DEMO),
                writes: limiter(DEMO),
                answers: limiter(DEMO),
            }
        } else {
            Self {
                acts: limiter(ACTS),
                writes: limiter(WRITES),
                answers: limiter(ANSWERS),
            }
        }
    }

    /// Forgets addresses that have been quiet; called from time to time.
    pub fn forget_quiet_addresses(&self) {
        self.acts.retain_recent();
        self.writes.retain_recent();
        self.answers.retain_recent();
    }

    fn of(&self, pace: Counted) -> &DefaultKeyedRateLimiter<ClientAddress> {
        match pace {
            Counted::Act => &self.acts,
            Counted::Answer => &self.answers,
            Counted::Write => &self.writes,
        }
    }

    /// Puts the limit of REST acts and calculations around a router: reading is not counted.
    pub fn around_rest<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        router.layer(from_fn_with_state(self.clone(), limit_writes))
    }
}

/// Limits the acts named above, whatever router they are in.
pub async fn limit_acts(Shared(limits): Shared<Limits>, request: Request, next: Next) -> Response {
    let counted = counted(request.method(), request.uri().path());
    match counted.and_then(|pace| refusal(limits.of(pace), &request)) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// Among what a request is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    Act,
    Answer,
    Write,
}

/// `None`: it is not counted.
fn counted(method: &Method, path: &str) -> Option<Counted> {
    if method != Method::POST {
        None
    } else if is_guarded(path) {
        Some(Counted::Act)
    } else if path == ANSWER_ACT {
        Some(Counted::Answer)
    } else if is_calculation(path) {
        Some(Counted::Write)
    } else {
        None
    }
}

/// No form of ours writes an act's name with escapes: whoever does so wants to walk around the limit.
fn is_guarded(path: &str) -> bool {
    GUARDED_ACTS.contains(&path)
        || (path.contains('%') && (path.starts_with("/acts/") || path.starts_with("/desk/")))
}

/// Long calculations that anyone may ask for.
fn is_calculation(path: &str) -> bool {
    path.starts_with("/calculators/") || path == "/compare"
}

async fn limit_writes(Shared(limits): Shared<Limits>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    match refusal(&limits.writes, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

fn refusal(
    limiter: &DefaultKeyedRateLimiter<ClientAddress>,
    request: &Request,
) -> Option<Response> {
    let address = request.extensions().get::<ClientAddress>()?;
    let not_until = limiter.check_key(address).err()?;
    let wait = not_until.wait_time_from(DefaultClock::default().now());
    Some(
        Failure::of_status(StatusCode::TOO_MANY_REQUESTS)
            .retry_after(wait.as_secs() + 1)
            .into_response(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_limited_however_its_name_is_written() {
        assert!(is_guarded("/acts/opinion_submit") && is_guarded("/acts/opinion%5Fsubmit"));
        assert!(is_guarded("/acts/complaint_submit"));
        assert!(is_guarded("/desk/transfers/check") && is_guarded("/desk/transfers/che%63k"));
        assert!(!is_guarded("/acts/project_save") && !is_guarded("/projects/a%20b"));
    }

    #[test]
    fn answers_of_attendees_are_counted_at_the_pace_of_a_venue() {
        let of = |path| counted(&Method::POST, path);
        assert_eq!(of("/acts/event_attend"), Some(Counted::Answer));
        assert_eq!(
            of("/acts/event%5Fattend"),
            Some(Counted::Act),
            "walks around no limit"
        );
        assert_eq!(of("/compare"), Some(Counted::Write));
        assert_eq!(of("/acts/project_save"), None);
        assert_eq!(counted(&Method::GET, "/acts/event_attend"), None);
    }
}
