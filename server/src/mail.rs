//! Sends what waits in the outbox: into a folder, or to a mail server.
//!
//! A mail is claimed by one process, sent, and marked. Between sending and marking the process may die: then it is claimed again after
//! the lease and sent again, the same mail to the last byte, under the same Message-ID (`docs/decisions/0014`). In a folder the file has
//! the mail's id as its name and takes the place of itself.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow};
use app::format;
use app::lang::{Lang, t, tp};
use app::pages::message::words;
use domain::Instant;
use domain::inclusion::Purpose;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use registry::{GuardianLetter, OutgoingMail, Registry};
use tokio::time::{MissedTickBehavior, interval};

use crate::config::{Config, MailPlace, mail_host};
use crate::state::{State, system_now};

/// How often the outbox is looked at.
const LOOK_SECONDS: u64 = 5;
/// How long a mail server may take: well within the lease of a mail.
const SMTP_SECONDS: u64 = 30;

/// Sends mail of one installation.
pub struct Mailer {
    place: Place,
    from: Mailbox,
    host: String,
    public_url: String,
    /// Which process claims: unique to this one.
    claimant: String,
}

enum Place {
    Folder(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

/// Why a mail was not sent, and whether another try makes sense.
struct NotSent {
    reason: String,
    is_final: bool,
}

impl Mailer {
    /// The mailer of this configuration; `None` where mail is off. Fails if the sender or the address of the mail server cannot be read.
    pub fn open(config: &Config) -> Result<Option<Self>> {
        let host = mail_host(&config.public_url);
        let place = match &config.mail {
            MailPlace::Off => return Ok(None),
            MailPlace::Folder(folder) => Place::Folder(folder.clone()),
            MailPlace::Smtp(address) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(address.text())
                    // the address may hold a password: it is not repeated
                    .map_err(|_| anyhow!("HUITAN_MAIL is no address of a mail server"))?
                    .timeout(Some(Duration::from_secs(SMTP_SECONDS)))
                    .hello_name(ClientId::Domain(host.clone()))
                    .build();
                Place::Smtp(Box::new(transport))
            }
        };
        let from = config
            .mail_from
            .parse()
            .with_context(|| format!("HUITAN_MAIL_FROM is no address: {}", config.mail_from))?;
        Ok(Some(Self {
            place,
            from,
            host,
            public_url: config.public_url.clone(),
            claimant: uuid::Uuid::now_v7().to_string(),
        }))
    }

    /// Sends everything that waits; answers with how many were sent.
    pub async fn send_all(&self, registry: &Registry) -> Result<u64> {
        let mut sent = 0;
        while let Some(mail) = registry.mail_claim(&self.claimant, system_now()).await? {
            match self.send(&mail).await {
                Ok(()) => {
                    registry
                        .mail_sent(&mail.id, &self.claimant, system_now())
                        .await?;
                    sent += 1;
                }
                Err(failed) => {
                    tracing::warn!(
                        mail = mail.id,
                        attempts = mail.attempts,
                        reason = failed.reason,
                        "a mail was not sent"
                    );
                    registry
                        .mail_failed(
                            &mail,
                            &self.claimant,
                            system_now(),
                            &failed.reason,
                            failed.is_final,
                        )
                        .await?;
                }
            }
        }
        Ok(sent)
    }

    async fn send(&self, mail: &OutgoingMail) -> Result<(), NotSent> {
        let message = self.message(mail).map_err(|error| NotSent {
            reason: format!("{error:#}"),
            is_final: true,
        })?;
        match &self.place {
            Place::Folder(folder) => {
                let (folder, id) = (folder.clone(), mail.id.clone());
                let bytes = message.formatted();
                let written =
                    tokio::task::spawn_blocking(move || write(&folder, &id, &bytes)).await;
                let written = written.map_err(anyhow::Error::from).and_then(|done| done);
                written.map_err(|error| NotSent {
                    reason: format!("{error:#}"),
                    is_final: false,
                })
            }
            Place::Smtp(transport) => {
                transport
                    .send(message)
                    .await
                    .map(drop)
                    .map_err(|error| NotSent {
                        // 5xx: the server will not take this mail however often it is asked
                        is_final: error.is_permanent(),
                        reason: error.to_string(),
                    })
            }
        }
    }

    /// The mail, the same to the last byte each time: its date is the message's, its id that of the row.
    fn message(&self, mail: &OutgoingMail) -> Result<Message> {
        let lang = Lang::from_code(&mail.language).unwrap_or_default();
        let to: Mailbox = mail.address.parse().context("no address of a person")?;
        let (about, body) = if let Some(letter) = &mail.letter {
            let of = [("child", letter.child.as_str())];
            let about = tp(lang, "guardian.letter_subject", &of);
            (about, self.letter(letter))
        } else {
            let mut about = words(lang, &mail.notification).title;
            if !mail.notification.title.is_empty() {
                about = format!("{about} · {}", mail.notification.title);
            }
            (about, self.body(lang, mail))
        };
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            .date(moment(mail.notification.at))
            .subject(tp(lang, "notification.mail_subject", &[("title", &about)]))
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .context("no mail could be made of it")
    }

    /// A letter to a guardian, in both languages: nobody knows which one the guardian reads.
    fn letter(&self, letter: &GuardianLetter) -> String {
        let link = |page: &str, token: &str| format!("{}{page}?token={token}", self.public_url);
        let answer = link("/guardian", &letter.answer_token);
        let stays = link("/guardian/account", &letter.stays_token);
        let in_words = |lang: Lang| {
            let until = format::moment(lang, letter.expires_at);
            let purpose = letter.purpose.code();
            let mut what = t(lang, &format!("personal.purpose_{purpose}"));
            if !letter.provider_name.is_empty() {
                what = format!("{what} · {}", letter.provider_name);
            }
            let params = [
                ("child", letter.child.as_str()),
                ("guardian", &letter.guardian),
                ("what", &what),
                ("until", &until),
            ];
            let asked = match letter.purpose {
                Purpose::Account => "guardian.letter_account",
                _ => "guardian.letter_more",
            };
            [
                tp(lang, "guardian.letter_hello", &params),
                String::new(),
                tp(lang, asked, &params),
                String::new(),
                tp(lang, "guardian.letter_answer", &params),
                answer.clone(),
                String::new(),
                t(lang, "guardian.letter_silent"),
                String::new(),
                t(lang, "guardian.letter_stays"),
                stays.clone(),
                String::new(),
                "-- ".to_owned(),
                t(lang, "shell.name"),
            ]
            .join("\r\n")
        };
        let between = format!("\r\n{}\r\n", "=".repeat(40));
        [in_words(Lang::Zh), in_words(Lang::En)].join(&between)
    }

    fn body(&self, lang: Lang, mail: &OutgoingMail) -> String {
        let said = words(lang, &mail.notification);
        let at = format::moment(lang, mail.notification.at);
        let go_on = format!("{}{}", self.public_url, said.address);
        let choose = format!("{}/account/notifications", self.public_url);
        let about = (!said.about.is_empty())
            .then(|| tp(lang, "notification.mail_about", &[("about", &said.about)]));
        let next = (!said.next.is_empty()).then_some(said.next);
        let lines = [
            Some(said.title),
            about,
            Some(tp(lang, "notification.mail_at", &[("at", &at)])),
            next,
            Some(String::new()),
            Some(tp(lang, "notification.mail_go_on", &[("address", &go_on)])),
            Some(String::new()),
            Some("-- ".to_owned()),
            Some(t(lang, "shell.name")),
            Some(tp(lang, "notification.mail_why", &[("address", &choose)])),
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        lines.join("\r\n")
    }
}

/// A moment of the registry as one of the system.
fn moment(at: Instant) -> SystemTime {
    let seconds = Duration::from_secs(at.0.unsigned_abs());
    if at.0 < 0 {
        SystemTime::UNIX_EPOCH - seconds
    } else {
        SystemTime::UNIX_EPOCH + seconds
    }
}

/// Writes a file under its final name only when it is complete; the same file again takes its own place.
fn write(folder: &Path, id: &str, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let unfinished = folder.join(format!(".{id}.{}.part", uuid::Uuid::now_v7()));
    let mut file = std::fs::File::create(&unfinished)
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    let place = folder.join(format!("{id}.eml"));
    std::fs::rename(&unfinished, &place)
        .with_context(|| format!("cannot write {}", place.display()))
}

/// Sends until the task is aborted. Several copies of the server may do this at once: each mail is claimed by one of them.
pub async fn run(state: State, mailer: Mailer) {
    let mut looks = interval(Duration::from_secs(LOOK_SECONDS));
    looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        looks.tick().await;
        match mailer.send_all(&state.registry).await {
            Ok(0) => {}
            Ok(sent) => tracing::info!(sent, "mail was sent"),
            Err(error) => tracing::warn!(%error, "the outbox was put off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_to_a_guardian_says_in_both_languages_who_asks_for_what_and_has_both_links() {
        let config = Config::from_lookup(|name| match name {
            "HUITAN_PUBLIC_URL" => Some("https://registry.example".to_owned()),
            "HUITAN_SECRET" => Some("0123456789abcdef0123456789abcdef".to_owned()),
            _ => None,
        });
        let mailer = Mailer::open(&config.expect("a configuration"));
        let mailer = mailer.expect("an address").expect("mail is on");
        let text = mailer.letter(&GuardianLetter {
            child: "演示少年".to_owned(),
            guardian: "演示家长".to_owned(),
            purpose: Purpose::Source,
            provider_name: "演示地铁".to_owned(),
            expires_at: Instant(1_790_000_000),
            answer_token: "aaaa".to_owned(),
            stays_token: "bbbb".to_owned(),
        });
        for (said, times) in [
            ("https://registry.example/guardian?token=aaaa", 2),
            ("https://registry.example/guardian/account?token=bbbb", 2),
            ("演示少年", 2),
            ("演示地铁", 2),
            ("Dear 演示家长,", 1),
            ("演示家长，您好：", 1),
            ("%{", 0),
            ("letter_", 0),
        ] {
            assert_eq!(text.matches(said).count(), times, "{said} in {text}");
        }
        assert!(text.find("您好") < text.find("Dear"), "Chinese first");
    }

    #[test]
    fn a_file_is_complete_or_not_there_and_takes_its_own_place() {
        let folder = std::env::temp_dir().join(format!("huitan_mail_{}", uuid::Uuid::now_v7()));
        for _ in 0..2 {
            write(&folder, "a.b", b"one mail").expect("written");
        }
        let names: Vec<_> = std::fs::read_dir(&folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names, ["a.b.eml"]);
        std::fs::remove_dir_all(&folder).expect("tidy");
    }
}
