//! Does acts without end and says each one that was answered, until somebody kills it: the child of the story `crash`.
//!
//! Arguments: database address, organisation, user, account number of the receiver, and a word that makes the keys of this run its own.

use std::io::Write as _;

use domain::{Instant, Role};
use registry::{By, Fields, Options, Registry};

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, organisation, user, receiver, run] = arguments.as_slice() else {
        return Err("five arguments: database, organisation, user, receiver, run".into());
    };
    let registry = Registry::connect(url, Options::default()).await?;
    let mut tasks = Vec::new();
    let sequencer = registry.clone();
    tasks.push(tokio::spawn(async move {
        loop {
            // the sequencer of the public log is killed in the middle of its turns too
            if let Err(error) = sequencer.log_sequence(Instant(1_748_923_200)).await {
                say(&format!("! {error}"));
            }
            tokio::task::yield_now().await;
        }
    }));
    for lane in 0..4 {
        let (registry, organisation, user) = (registry.clone(), organisation.clone(), user.clone());
        let (receiver, run) = (receiver.clone(), run.clone());
        tasks.push(tokio::spawn(async move {
            for number in 0_u64.. {
                let by = By {
                    user: user.as_str().into(),
                    organisation: organisation.as_str().into(),
                    role: Role::ProjectOwner,
                    at: Instant(1_748_923_200),
                    key: format!("{run}-{lane}-{number}"),
                };
                let done = if number % 7 == 3 {
                    registry
                        .credits_move(&by, &form(&[("quantity", "1"), ("from", "holding")]))
                        .await
                        .map(drop)
                } else if number % 3 == 2 {
                    registry
                        .credits_retire(
                            &by,
                            &form(&[
                                ("quantity", "2"),
                                ("purpose", "voluntary"),
                                ("beneficiary", "演示"),
                                ("beneficiary_kind", "organisation"),
                            ]),
                        )
                        .await
                        .map(drop)
                } else {
                    registry
                        .credits_transfer(&by, &form(&[("quantity", "3"), ("to", &receiver)]))
                        .await
                        .map(drop)
                };
                match done {
                    Ok(()) => say(&by.key),
                    Err(error) => say(&format!("! {error}")),
                }
            }
        }));
    }
    for task in tasks {
        task.await?;
    }
    Ok(())
}

fn form(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// One line, at once: what was said before the kill was answered before the kill.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listens any more: then nobody counts on it either.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
