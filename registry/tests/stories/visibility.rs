//! What the public sees, and what it does not.

use domain::Role;
use registry::{
    Fields, ListFilter, PageRequest, ProjectTab, PublicProjectFilter, RecordKind, SerialPages,
    Visitor,
};
use time::macros::date;

use crate::harness::*;

both_databases! {
    async fn a_range_with_a_number_that_was_never_issued_is_not_there(database) {
        let world = World::new(database).await;
        let (class, held) = world.credits_issued().await;
        let public = world.registry.public();
        let whole = public.class(class.as_str()).await.expect("class").serial.expect("issued");
        let answer = public.serial(&whole, &SerialPages::default()).await.expect("all of it");
        assert_eq!((answer.start, answer.end), (1, held));
        let stem = whole.strip_suffix(&format!("-1-{held}")).expect("all numbers");
        let one = public.serial(&format!("{stem}-7"), &SerialPages::default()).await.expect("one number");
        assert_eq!((one.start, one.end, one.parts.rows.len()), (7, 7, 1));
        for range in [format!("1-{}", held + 1), format!("{held}-{}", i64::MAX), format!("{0}-{0}", held + 1)] {
            let answer = public.serial(&format!("{stem}-{range}"), &SerialPages::default()).await;
            assert_eq!(codes(answer), ["not found"], "{range}");
        }
    }

    async fn a_range_cut_into_hundreds_of_parts_is_shown_to_the_last_one(database) {
        let world = World::new(database).await;
        let (class, held) = world.credits_issued().await;
        let form = fields(&[("class", class.as_str()), ("quantity", "1"), ("purpose", "voluntary"), ("beneficiary", "演示"), ("beneficiary_kind", "organisation")]);
        let retired: i64 = 230;
        for _ in 0..retired {
            world.registry.credits_retire(&world.owner.on(ISSUED), &form).await.expect("retire one");
        }
        let public = world.registry.public();
        let whole = public.class(class.as_str()).await.expect("class").serial.expect("issued");
        let (mut pages, mut next, mut tonnes, mut moves, mut turns) = (SerialPages::default(), 1, 0, 0, 0);
        loop {
            turns += 1;
            let answer = public.serial(&whole, &pages).await.expect("a page");
            assert_eq!((answer.start, answer.end, answer.retired), (1, held, retired));
            if turns == 1 || pages.parts_after.is_some() {
                for part in &answer.parts.rows {
                    assert_eq!(part.start, next, "parts follow each other");
                    next = part.end + 1;
                    tonnes += if part.state == "retired" { part.end - part.start + 1 } else { 0 };
                }
            }
            if turns == 1 || pages.history_after.is_some() {
                moves += answer.history.rows.len();
            }
            pages = SerialPages { parts_after: answer.parts.next, history_after: answer.history.next };
            if pages.parts_after.is_none() && pages.history_after.is_none() {
                break;
            }
        }
        assert!(turns > 1, "more than one page");
        assert_eq!((next, tonnes), (held + 1, retired));
        assert_eq!(moves, 1 + usize::try_from(retired).expect("small"), "the issue and every retirement");
    }

    async fn brackets_of_either_width_find_a_name(database) {
        let mut world = World::new(database).await;
        world.owner = sign_up(&world.registry, "演示（汕尾）新能源有限公司", Role::ProjectOwner).await;
        let (class, _) = world.credits_issued().await;
        let retirement = fields(&[("quantity", "5"), ("class", class.as_str()), ("purpose", "voluntary"), ("beneficiary", "赛事（组委会）"), ("beneficiary_kind", "organisation")]);
        world.registry.credits_retire(&world.owner.on(ISSUED), &retirement).await.expect("retire");
        let public = world.registry.public();
        for typed in ["演示（汕尾）新能源", "演示(汕尾)新能源"] {
            let filter = PublicProjectFilter { text: Some(typed.to_owned()), ..PublicProjectFilter::default() };
            assert_eq!(public.projects(&filter).await.expect("list").rows.len(), 1, "{typed}");
        }
        for typed in ["赛事（组委会）", "赛事(组委会)", "演示（汕尾）"] {
            let found = public.retirements(Some(typed), &PageRequest::default()).await.expect("list");
            assert_eq!(found.rows.len(), 1, "{typed}");
        }
    }

    async fn nothing_is_public_before_its_first_day_and_nothing_private_ever(database) {
        let world = World::new(database).await;
        let (registry, public) = (&world.registry, world.registry.public());
        let (none, yes, why) = (Fields::new(), fields(&[("statement", "yes")]), fields(&[("reason", "内部理由")]));
        let project = world.project_drafted(DAY_ONE).await;
        let unseen = async || public.project(project.as_str()).await.is_err() && public.projects(&PublicProjectFilter::default()).await.expect("list").rows.is_empty();
        assert!(unseen().await);
        registry.project_request_mandate(&world.owner.on(DAY_ONE), &project, &none).await.expect("ask");
        let contract = fields(&[("contract", "机密合同号"), ("impartiality", "yes")]);
        registry.project_confirm_mandate(&world.validator.on(DAY_ONE), &project, &contract).await.expect("confirm");
        registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await.expect("request");
        registry.project_return(&world.operator.on(DAY_ONE), &project, &why).await.expect("return");
        let view = registry.project_get(&world.owner.on(DAY_ONE), &project).await.expect("get");
        assert_eq!(view.reason.as_deref(), Some("内部理由"));
        let revision = view.row.revision;
        let other = fields(&[("export_mwh_per_year", "1600000"), ("csrf", "机密令牌")]);
        registry.project_save(&world.owner.on(DAY_ONE), &project, revision, &other).await.expect("save");
        registry.project_request_publicity(&world.owner.on(DAY_ONE), &project, &yes).await.expect("request");
        registry.project_approve_publicity(&world.operator.on(DAY_ONE), &project, &none).await.expect("approve");
        assert!(unseen().await, "approved is not yet published");
        registry.clock_tick(noon(date!(2025 - 03 - 04))).await.expect("tick");
        assert!(!unseen().await);

        let on = |day| Visitor { at: noon(day), key: key() };
        let day = date!(2025 - 03 - 05);
        for text in ["公开的意见", "被拒绝的意见", "未处理的意见"] {
            let form = fields(&[("author", "某人"), ("contact", "13800000000"), ("text", text)]);
            let opinion = registry.opinion_submit(&on(day), RecordKind::Project, project.as_str(), &form).await.expect("opinion").id;
            match text {
                "公开的意见" => drop(registry.opinion_publish(&world.operator.on(day), &opinion).await.expect("publish")),
                "被拒绝的意见" => drop(registry.opinion_refuse(&world.operator.on(day), &opinion, &why).await.expect("refuse")),
                _ => {}
            }
        }
        let page = public.project(project.as_str()).await.expect("project");
        assert_eq!(page.calculations.len(), 1, "the calculation of the returned version is not published");
        let acts: Vec<_> = page.timeline.iter().map(|act| act.act.as_str()).collect();
        assert_eq!(acts, ["project_publicity_starts"]);
        let seen = serde_json::to_string(&page).expect("JSON");
        assert!(seen.contains("公开的意见"));
        for hidden in ["机密令牌", "机密合同号", "内部理由", "被拒绝的意见", "未处理的意见", "13800000000", "@demo.example", &world.owner.account] {
            assert!(!seen.contains(hidden), "{hidden} is private");
        }
        // The owner does not see what waits for the registry either, nor who wrote it.
        let view = registry.project_get(&world.owner.on(day), &project).await.expect("get");
        assert_eq!((view.opinions.len(), view.opinions[0].contact.as_deref()), (1, None));
        let view = registry.project_get(&world.operator.on(day), &project).await.expect("get");
        assert_eq!((view.opinions.len(), view.opinions[0].contact.as_deref()), (3, Some("13800000000")));
    }

    async fn lists_are_read_page_by_page_without_a_gap(database) {
        let world = World::new(database).await;
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(world.project_in_publicity().await);
        }
        let recalled = &ids[0];
        let (day, why) = (date!(2025 - 03 - 05), fields(&[("reason", "撤回")]));
        world.registry.project_request_recall(&world.owner.on(day), recalled, &why).await.expect("recall");
        world.registry.project_approve_recall(&world.operator.on(day), recalled, &Fields::new()).await.expect("agree");
        ids.reverse();
        let mut seen = Vec::new();
        let mut page = PageRequest { after: None, size: 2 };
        loop {
            let filter = ListFilter { page: page.clone(), ..ListFilter::default() };
            let list = world.registry.project_list(&world.operator.on(DAY_ONE), &filter).await.expect("list");
            seen.extend(list.rows.into_iter().map(|row| row.id));
            match list.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, ids);
        let count = async |tab: ProjectTab, text: &str| {
            let filter = PublicProjectFilter { tab: Some(tab), text: Some(text.to_owned()), ..PublicProjectFilter::default() };
            world.registry.public().projects(&filter).await.expect("list").rows.len()
        };
        assert_eq!(count(ProjectTab::InPublicity, "").await, 4);
        assert_eq!(count(ProjectTab::PublicityEnded, "海上风电").await, 1);
        assert_eq!(count(ProjectTab::InPublicity, "100%_").await, 0, "signs of a pattern are only themselves");
        // Nonsense as a key is the first page, not an error.
        let filter = PublicProjectFilter { page: PageRequest { after: Some("'; --\u{0}".to_owned()), size: 9999 }, ..PublicProjectFilter::default() };
        assert_eq!(world.registry.public().projects(&filter).await.expect("list").rows.len(), 5);
        for nonsense in ["", "HT", "HT-A210001-2024-0-0", "HT-A210001-2024-9-1", "票", "HT-A210001-2024-99999999999999999999"] {
            assert!(world.registry.public().serial(nonsense, &SerialPages::default()).await.is_err(), "{nonsense}");
            assert!(world.registry.public().certificate(nonsense).await.is_err(), "{nonsense}");
        }
    }
}
