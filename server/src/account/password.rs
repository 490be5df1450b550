//! Passwords: what is accepted, and how they are kept (argon2, by the `password-auth` library).

use std::sync::LazyLock;

use domain::Refusal;
use domain::refusal::codes;

/// Fewest characters.
const LENGTH_MIN: usize = 10;
/// Most characters: hashing a very long text would be a way to keep the server busy.
const LENGTH_MAX: usize = 128;

/// What is tried first by those who guess, of the length we accept; compared in lower case.
const COMMON: &[&str] = &[
    "0123456789",
    "0987654321",
    "1111111111",
    "1122334455",
    "1212121212",
    "123123123123",
    "1231231234",
    "1234512345",
    "123456123456",
    "1234567890",
    "12345678900",
    "12345678901",
    "123456789012",
    "1234567890a",
    "1234567891",
    "123456789a",
    "123456789abc",
    "1234abcd1234",
    "12qwaszx12",
    "147258369147",
    "1472583690",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "1qazxsw23edc",
    "2222222222",
    "5201314520",
    "52013145201314",
    "5555555555",
    "6666666666",
    "7777777777",
    "8888888888",
    "9876543210",
    "9999999999",
    "a123456789",
    "a1234567890",
    "aa12345678",
    "aaaaaaaaaa",
    "abc1234567",
    "abcd123456",
    "abcd1234567",
    "abcdefghij",
    "admin12345",
    "admin123456",
    "administrator",
    "asdfghjkl;",
    "asdfghjkl1",
    "asdfghjklqwertyuiop",
    "changeme123",
    "football123",
    "huitan1234",
    "huitan12345",
    "huitan123456",
    "iloveyou123",
    "letmein123",
    "michael123",
    "password00",
    "password01",
    "password10",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "password2026",
    "passw0rd123",
    "princess123",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qazwsxedc123",
    "qazwsxedcrfv",
    "qq123456789",
    "qwe123456789",
    "qwer123456",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop",
    "qwertyuiop123",
    "test123456",
    "testtest123",
    "welcome123",
    "woaini1314",
    "woaini520520",
    "woaini5201314",
    "z123456789",
    "zaq12wsxcde3",
    "zxcvbnm123",
    "zxcvbnm1234",
    "zxcvbnmasdfghjkl",
];

/// The hash that is checked when there is no such user, so that the answer takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| password_auth::generate_hash("nobody has this password"));

/// What is wrong with a new password, at the form field `field`.
pub fn refusal(field: &str, password: &str, email: &str) -> Option<Refusal> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let email = email.trim().to_lowercase();
    let name = email.split('@').next().unwrap_or_default();
    let refusal = if password.is_empty() {
        Refusal::new(codes::REQUIRED)
    } else if length < LENGTH_MIN {
        Refusal::new(codes::PASSWORD_TOO_SHORT).with("min", LENGTH_MIN)
    } else if length > LENGTH_MAX {
        Refusal::new(codes::PASSWORD_TOO_LONG).with("max", LENGTH_MAX)
    } else if !email.is_empty() && (lower == email || lower == name) {
        Refusal::new(codes::PASSWORD_IS_EMAIL)
    } else if COMMON.contains(&lower.as_str()) || one_character_only(&lower) {
        Refusal::new(codes::PASSWORD_TOO_COMMON)
    } else {
        return None;
    };
    Some(refusal.at(field))
}

fn one_character_only(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| characters.all(|c| c == first))
}

/// The text to keep for a password. Takes some tenths of a second on purpose; runs beside the other requests.
pub async fn hash(password: String) -> anyhow::Result<String> {
    Ok(tokio::task::spawn_blocking(move || password_auth::generate_hash(password)).await?)
}

/// Whether the password fits the hash; without a hash the answer is no, and takes as long to give. A text longer than
/// any password we accept is wrong without being hashed.
pub async fn fits(password: String, hash: Option<String>) -> anyhow::Result<bool> {
    if password.chars().count() > LENGTH_MAX {
        return Ok(false);
    }
    Ok(tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let checked = hash.as_deref().unwrap_or(&NOBODY);
        password_auth::verify_password(password, checked).is_ok() && known
    })
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        refusal("password", password, "Li.Ming.2026@example.cn").map(|refusal| refusal.code)
    }

    #[test]
    fn each_weak_password_is_refused_for_its_own_reason() {
        assert_eq!(code(""), Some(codes::REQUIRED));
        assert_eq!(code("123456789"), Some(codes::PASSWORD_TOO_SHORT));
        assert_eq!(code(&"长".repeat(129)), Some(codes::PASSWORD_TOO_LONG));
        assert_eq!(
            code("li.ming.2026@EXAMPLE.cn"),
            Some(codes::PASSWORD_IS_EMAIL)
        );
        assert_eq!(code("LI.MING.2026"), Some(codes::PASSWORD_IS_EMAIL));
        assert_eq!(code("Password123"), Some(codes::PASSWORD_TOO_COMMON));
        assert_eq!(code("zzzzzzzzzzzz"), Some(codes::PASSWORD_TOO_COMMON));
        assert_eq!(code("十个汉字也可以作密码吗"), None);
        assert_eq!(code("demo-huitan-2026"), None);
    }

    #[test]
    fn the_list_of_common_passwords_holds_only_what_the_length_rule_lets_through() {
        for (at, password) in COMMON.iter().enumerate() {
            assert!(
                (LENGTH_MIN..=LENGTH_MAX).contains(&password.chars().count()),
                "{password}"
            );
            assert_eq!(*password, password.to_lowercase());
            assert!(!COMMON[..at].contains(password), "{password} twice");
        }
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_nothing_fits_nobody() {
        let kept = hash("demo-huitan-2026".to_owned()).await.expect("hashes");
        assert!(kept.starts_with("$argon2id$"));
        assert!(
            fits("demo-huitan-2026".to_owned(), Some(kept.clone()))
                .await
                .expect("checks")
        );
        assert!(
            !fits("demo-huitan-2027".to_owned(), Some(kept))
                .await
                .expect("checks")
        );
        assert!(
            !fits("nobody has this password".to_owned(), None)
                .await
                .expect("checks")
        );
    }
}
