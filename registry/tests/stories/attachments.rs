//! Files of a record: who adds them, when, who sees them, and that a content is known once.

use registry::{AttachmentView, Error, RecordKind, StoredFile};
use sqlx::Row as _;
use time::macros::date;

use crate::harness::*;

fn file(letter: char) -> StoredFile {
    StoredFile {
        hash: letter.to_string().repeat(64),
        bytes: 1234,
        media_type: "application/pdf".to_owned(),
        file_name: "核准 批复.pdf".to_owned(),
    }
}

async fn count(world: &World, sql: &'static str) -> i64 {
    let row = sqlx::query(sql)
        .fetch_one(&mut world.database.raw().await)
        .await
        .expect("a count");
    row.get(0)
}

both_databases! {
    async fn the_same_content_is_known_once_and_added_to_a_record_once(database) {
        let world = World::new(database).await;
        let (first, second) = (world.project_drafted(DAY_ONE).await, world.project_drafted(DAY_ONE).await);
        let form = fields(&[("kind", "approval"), ("title", "核准文件")]);
        for project in [&first, &second] {
            let by = world.owner.on(DAY_ONE);
            world.registry.attachment_add(&by, RecordKind::Project, project.as_str(), &form, &file('a')).await.expect("added");
        }
        assert_eq!(count(&world, "SELECT COUNT(*) FROM upload").await, 1);
        assert_eq!(count(&world, "SELECT COUNT(*) FROM attachment").await, 2);
        let again = world.registry.attachment_add(&world.owner.on(DAY_ONE), RecordKind::Project, first.as_str(), &form, &file('a')).await;
        assert_eq!(codes(again), ["attachment_already_there"]);
        world.assert_audit_clean().await;
    }

    async fn what_is_typed_wrong_is_refused_at_its_field_and_writes_nothing(database) {
        let world = World::new(database).await;
        let project = world.project_drafted(DAY_ONE).await;
        for (kind, title, expected) in [
            ("", "", vec!["required", "required"]),
            ("no such kind", "标题", vec!["choice_invalid"]),
            ("approval", &"长".repeat(201), vec!["text_too_long"]),
        ] {
            let form = fields(&[("kind", kind), ("title", title)]);
            let may = world.registry.attachment_may_add(&world.owner.on(DAY_ONE), RecordKind::Project, project.as_str(), &form, &file('a')).await;
            assert_eq!(codes(may), expected, "before its bytes are stored");
            let answer = world.registry.attachment_add(&world.owner.on(DAY_ONE), RecordKind::Project, project.as_str(), &form, &file('a')).await;
            assert_eq!(codes(answer), expected);
        }
        assert_eq!(count(&world, "SELECT COUNT(*) FROM upload").await, 0);
    }

    async fn files_are_fixed_once_the_document_is_handed_in(database) {
        let world = World::new(database).await;
        let project = world.project_in_publicity().await;
        let form = fields(&[("kind", "approval"), ("title", "核准文件")]);
        let day = date!(2025 - 03 - 05);
        let late = world.registry.attachment_add(&world.owner.on(day), RecordKind::Project, project.as_str(), &form, &file('a')).await;
        assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
        let may = world.registry.attachment_may_add(&world.owner.on(day), RecordKind::Project, project.as_str(), &form, &file('a')).await;
        assert!(matches!(may, Err(Error::Refused(_))), "{may:?}");
        assert_eq!(count(&world, "SELECT COUNT(*) FROM attachment").await, 0);
    }

    async fn the_same_key_gives_the_first_answer_also_after_the_document_is_closed(database) {
        let world = World::new(database).await;
        let project = world.project_drafted(DAY_ONE).await;
        let form = fields(&[("kind", "approval"), ("title", "核准文件")]);
        let by = world.owner.on(DAY_ONE);
        let first = world.registry.attachment_add(&by, RecordKind::Project, project.as_str(), &form, &file('a')).await.expect("added");
        let closing = fields(&[("reason", "不再申请")]);
        world.registry.project_withdraw(&world.owner.on(DAY_ONE), &project, &closing).await.expect("given up");
        world.registry.attachment_may_add(&by, RecordKind::Project, project.as_str(), &form, &file('a')).await.expect("a key that was used");
        let changed = world.registry.attachment_may_add(&by, RecordKind::Project, project.as_str(), &form, &file('b')).await;
        assert_eq!(codes(changed), ["key_reused"], "nothing is stored under a key of something else");
        let again = world.registry.attachment_add(&by, RecordKind::Project, project.as_str(), &form, &file('a')).await;
        assert_eq!(again.expect("the first answer"), first);
        let other = world.owner.on(DAY_ONE);
        let refused = world.registry.attachment_may_add(&other, RecordKind::Project, project.as_str(), &form, &file('a')).await;
        assert_eq!(codes(refused), ["state_does_not_allow"]);
    }

    async fn the_parties_see_every_file_and_the_public_only_those_of_public_kinds_of_public_records(database) {
        let world = World::new(database).await;
        let project = world.project_drafted(DAY_ONE).await;
        let add = async |kind: &str, letter: char| {
            let form = fields(&[("kind", kind), ("title", kind)]);
            let by = world.owner.on(DAY_ONE);
            let added = world.registry.attachment_add(&by, RecordKind::Project, project.as_str(), &form, &file(letter)).await;
            added.expect("added").id
        };
        let (approval, tenure, gone) = (add("approval", 'a').await, add("tenure", 'b').await, add("uniqueness", 'c').await);
        world.registry.attachment_remove(&world.owner.on(DAY_ONE), &gone).await.expect("removed");
        let titles = |list: Vec<AttachmentView>| list.into_iter().map(|file| file.title).collect::<Vec<_>>();
        let own = world.registry.attachment_list(&world.owner.on(DAY_ONE), RecordKind::Project, project.as_str()).await;
        assert_eq!(titles(own.expect("the owner's")), ["approval", "tenure"]);
        let stranger = world.registry.attachment_get(&world.organiser.on(DAY_ONE), &approval).await;
        assert_eq!(codes(stranger), ["not found"]);
        // a draft is nobody's business
        assert_eq!(codes(world.registry.public().attachment(&approval).await), ["not found"]);
        assert!(world.registry.public().attachments(project.as_str()).await.expect("a list").is_empty());
        let mut raw = world.database.raw().await;
        sqlx::query("UPDATE record SET public_tab = 'in_publicity', published_fields = fields WHERE id = $1")
            .bind(project.as_str())
            .execute(&mut raw)
            .await
            .expect("as if published");
        let public = world.registry.public();
        assert_eq!(titles(public.attachments(project.as_str()).await.expect("a list")), ["approval"]);
        assert_eq!(public.attachment(&approval).await.expect("public").hash, "a".repeat(64));
        for hidden in [&tenure, &gone] {
            assert_eq!(codes(public.attachment(hidden).await), ["not found"]);
        }
    }
}
