//! People at the door: sessions, limits for sign-in, what a refused form keeps, changing the password.

use domain::refusal::{Refusal, codes as refusal_codes};
use registry::{SessionRow, SignInLimit};
use serde_json::json;

use crate::harness::*;

both_databases! {
    async fn a_session_lives_until_it_ends_or_is_ended(database) {
        let world = World::new(database).await;
        let (registry, user) = (&world.registry, &world.owner.user);
        let now = noon(DAY_ONE);
        let session = |id: &str| SessionRow {
            id: id.to_owned(),
            user: Some(user.clone()),
            data: "{}".to_owned(),
            expires: now.plus_seconds(100),
        };
        assert!(registry.session_create(&session("a")).await.expect("create"));
        assert!(!registry.session_create(&session("a")).await.expect("taken"));
        registry.session_save(&SessionRow { data: "{\"x\":1}".to_owned(), ..session("a") }).await.expect("save");
        let found = registry.session_load("a", now.plus_seconds(99)).await.expect("load").expect("it lives");
        assert_eq!(found.data, "{\"x\":1}");
        assert_eq!(registry.session_load("a", now.plus_seconds(100)).await.expect("load"), None);
        for id in ["b", "c"] {
            registry.session_save(&session(id)).await.expect("save");
        }
        assert_eq!(registry.session_delete_all_of_user(user, Some("b")).await.expect("end"), 2);
        assert!(registry.session_load("b", now).await.expect("load").is_some());
        // A new password ends the other sessions; signing out everywhere ends all.
        registry.session_save(&session("d")).await.expect("save");
        registry.user_change_password(&world.owner.on(DAY_ONE), "new hash", Some("b")).await.expect("change");
        assert_eq!(registry.session_load("d", now).await.expect("load"), None);
        assert_eq!(registry.user_with_hash(user).await.expect("read").expect("user").password_hash, "new hash");
        // The same form sent again with another password is refused, not answered as done.
        let form = world.owner.with_key(DAY_ONE, &key());
        registry.user_change_password(&form, "second hash", Some("b")).await.expect("change");
        assert_eq!(codes(registry.user_change_password(&form, "third hash", Some("b")).await), ["key_reused"]);
        registry.user_sign_out_everywhere(&world.owner.on(DAY_ONE)).await.expect("sign out");
        assert_eq!(registry.session_load("b", now).await.expect("load"), None);
        let seen = registry.user_get(user).await.expect("read").expect("user");
        assert_eq!((seen.sessions_valid_from, seen.organisation_name.as_str()), (now, "演示海上风电有限公司"));
        registry.session_save(&session("e")).await.expect("save");
        registry.session_delete("e").await.expect("delete");
        registry.session_save(&session("f")).await.expect("save");
        assert_eq!(registry.session_delete_expired(now.plus_seconds(100)).await.expect("sweep"), 1);
    }

    async fn failures_to_sign_in_are_counted_by_email_and_by_address(database) {
        let registry = database.open().await;
        let now = noon(DAY_ONE);
        let limit = async |email: &str, address: &str, seconds: i64| {
            let limit = registry.sign_in_limit(email, address, now.plus_seconds(seconds), 900, 3, 5).await;
            limit.expect("limit")
        };
        for second in 0..3 {
            assert_eq!(limit("a@x.example", "1.1.1.1", second).await, SignInLimit::Allowed);
            registry.sign_in_failed("A@x.example", "1.1.1.1", now.plus_seconds(second)).await.expect("failed");
        }
        assert_eq!(limit("a@X.example", "2.2.2.2", 3).await, SignInLimit::LimitedUntil(now.plus_seconds(900)));
        assert_eq!(limit("b@x.example", "1.1.1.1", 3).await, SignInLimit::Allowed);
        for second in 3..5 {
            registry.sign_in_failed("b@x.example", "1.1.1.1", now.plus_seconds(second)).await.expect("failed");
        }
        assert_eq!(limit("c@x.example", "1.1.1.1", 6).await, SignInLimit::LimitedUntil(now.plus_seconds(900)));
        assert_eq!(limit("a@x.example", "2.2.2.2", 903).await, SignInLimit::Allowed);
        registry.sign_in_succeeded("a@x.example").await.expect("forget");
        assert_eq!(limit("a@x.example", "2.2.2.2", 3).await, SignInLimit::Allowed);
    }

    async fn a_refused_form_keeps_what_was_typed_but_no_password(database) {
        let registry = database.open().await;
        let now = noon(DAY_ONE);
        let typed = fields(&[("email", "a@x.example"), ("password", "secret"), ("new_password_again", "secret")]);
        let refusals = [Refusal::new(refusal_codes::EMAIL_TAKEN).at("email").with("n", 1)];
        let id = registry.form_remember("s", "user_sign_up", &typed, &refusals, now).await.expect("remember");
        let kept = registry.form_recall("s", &id, now.plus_seconds(3599)).await.expect("recall").expect("kept");
        assert_eq!(kept.fields, fields(&[("email", "a@x.example")]));
        assert_eq!(kept.refusals, json!([{ "code": "email_taken", "field": "email", "params": { "n": "1" } }]));
        assert_eq!(registry.form_recall("s", &id, now.plus_seconds(60)).await.expect("again"), Some(kept));
        assert_eq!(registry.form_recall("other", &id, now).await.expect("recall"), None);
        assert_eq!(registry.form_recall("s", &id, now.plus_seconds(3600)).await.expect("recall"), None);

        for text in ["one", "two"] {
            registry.flash_put("s", &json!({ "text": text }), now).await.expect("put");
        }
        let taken = registry.flash_take("s", now).await.expect("take");
        assert_eq!(taken, [json!({ "text": "one" }), json!({ "text": "two" })]);
        assert!(registry.flash_take("s", now).await.expect("take").is_empty());
    }

    async fn a_form_with_everything_wrong_says_everything_at_once(database) {
        let registry = database.open().await;
        let visitor = registry::Visitor { at: noon(DAY_ONE), key: key() };
        let nothing = registry.user_sign_up(&visitor, &fields(&[]), "hash").await;
        assert_eq!(codes(nothing), ["required"; 5]);
        let wrong = fields(&[
            ("organisation_name", "甲"), ("uscc", "123"), ("role", "registry_operator"), ("name", "乙\u{7}"), ("email", "a@b"),
        ]);
        let refused = codes(registry.user_sign_up(&visitor, &wrong, "hash").await);
        assert_eq!(refused, ["uscc_invalid", "role_invalid", "text_control_character", "email_invalid"]);
    }

    /// Another copy may open, migrate and read at the same time; a database without a schema says so.
    async fn a_database_tells_whether_it_is_ready(database) {
        let registry = database.connect().await;
        assert!(registry.ping().await.is_err());
        registry.migrate().await.expect("migrate");
        registry.migrate().await.expect("migrate again");
        let other = database.connect().await;
        other.ping().await.expect("ready");
        assert_eq!(other.engine_name(), if database.is_sqlite() { "sqlite" } else { "postgresql" });
        let strict = registry::Registry::connect(&database.url, registry::Options::default()).await.expect("connect");
        assert_eq!(codes(strict.clock_set(5).await), ["demo_only"]);
        assert_eq!(strict.clock_offset().await.expect("offset"), 0);
        strict.close().await;
        assert!(registry::Registry::connect("mysql://x", registry::Options::default()).await.is_err());
    }
}
