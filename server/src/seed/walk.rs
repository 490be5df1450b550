//! Walks the schedule through the registry's acts.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow};
use domain::Instant;
use domain::id::{ProjectId, ReportId};
use registry::{By, CalculationView, Error, Fields, RecordKind, Registry, Visitor};

use super::people::People;
use super::schedule::{Planned, Step, Subject, whole_world};
use super::world::{CreditStep, ProjectPlan, ReportPlan, Until, demo_now};
use super::{claims, events, fields, messages};

/// The two bodies: one validates, the other verifies; never the same for one project.
const VALIDATOR: &str = "vvb1";
const VERIFIER: &str = "vvb2";
const OPERATOR: &str = "operator";
/// Whoever checked the publicity does not register.
const SECOND_OPERATOR: &str = "operator2";

/// Does every step; how many there were. Each has a key of its own, so that walking again changes nothing.
pub async fn walk(registry: &Registry, password_hash: &str) -> Result<usize> {
    let schedule = whole_world().map_err(|refusal| anyhow!("{refusal}"))?;
    let first = schedule.first().map_or(demo_now(), |planned| planned.at);
    let people = People::make(registry, first.plus_seconds(-24 * 3600), password_hash).await?;
    messages::no_mail(registry, &people, first.plus_seconds(-24 * 3600)).await?;
    let tie = fields::tie(&people.organisation(VERIFIER))?;
    let by = people.by(OPERATOR, first.plus_seconds(-3600), "demo tie".to_owned());
    registry.tie_add(&by, &tie).await?;
    let mut walker = Walker {
        registry,
        people,
        ids: HashMap::new(),
        opinions: HashMap::new(),
    };
    for planned in &schedule {
        walker.step(planned).await?;
    }
    let lately = demo_now().plus_seconds(-2 * 24 * 3600);
    claims::claims(registry, &walker.people, &walker.ids, lately).await?;
    events::events(registry, &walker.people).await?;
    super::neutral::neutral(registry, &walker.people).await?;
    super::offers::offers(registry, &walker.people).await?;
    let households = super::tonnes::households(registry, &walker.people, password_hash).await?;
    super::inclusion::commuter(registry, &walker.people, &households, password_hash).await?;
    registry.clock_tick(demo_now()).await?;
    registry.reminders_tick(demo_now()).await?;
    messages::read_all_but_the_latest(registry, &walker.people, demo_now()).await?;
    Ok(schedule.len())
}

struct Walker<'a> {
    registry: &'a Registry,
    people: People,
    /// Plan -> the record it became.
    ids: HashMap<&'static str, String>,
    /// Plan -> its opinions so far.
    opinions: HashMap<&'static str, Vec<String>>,
}

/// Who does a step, with a key that is the same at every walk.
struct Hand<'a> {
    people: &'a People,
    at: Instant,
    key: String,
}

impl Hand<'_> {
    fn of(&self, name: &str) -> By {
        self.people.by(name, self.at, self.key.clone())
    }
}

impl Walker<'_> {
    async fn step(&mut self, planned: &Planned) -> Result<()> {
        let (plan, what) = match planned.subject {
            Subject::Project(project) => (project.key, self.project(project, planned).await),
            Subject::Report(project, report) => {
                (report.key, self.report(project, report, planned).await)
            }
            Subject::Credits(step) => ("credits", self.credits(step, planned).await),
        };
        what.with_context(|| format!("{plan}: {:?} on {}", planned.step, planned.at))
    }

    fn hand(&self, plan: &str, planned: &Planned) -> Hand<'_> {
        Hand {
            people: &self.people,
            at: planned.at,
            key: format!("demo {plan} {:?} {}", planned.step, planned.at.0),
        }
    }

    fn id(&self, plan: &str) -> Result<String> {
        self.ids
            .get(plan)
            .cloned()
            .with_context(|| format!("{plan} has not been begun"))
    }

    async fn project(&mut self, plan: &'static ProjectPlan, planned: &Planned) -> Result<()> {
        let registry = self.registry;
        let hand = self.hand(plan.key, planned);
        let owner = hand.of(plan.owner);
        if planned.step == Step::Create {
            let typed = fields::project(plan, &self.people.organisation(VALIDATOR));
            let receipt = registry.project_create(&owner, &typed).await?;
            if let Some(file) = fields::boundary(plan) {
                let key = format!("{} boundary", hand.key);
                let owner = self.people.by(plan.owner, planned.at, key);
                let project = ProjectId::from(receipt.id.clone());
                registry
                    .project_boundary_set(&owner, &project, file)
                    .await?;
            }
            self.ids.insert(plan.key, receipt.id);
            return Ok(());
        }
        let project = ProjectId::from(self.id(plan.key)?);
        let (body, operator) = (hand.of(VALIDATOR), hand.of(OPERATOR));
        match planned.step {
            Step::RequestMandate => {
                let validator = self.people.organisation(VALIDATOR);
                registry
                    .project_request_mandate(
                        &owner,
                        &project,
                        &fields::one("validator", validator.as_str()),
                    )
                    .await?
            }
            Step::DeclineMandate => {
                registry
                    .project_decline_mandate(&body, &project, &fields::one("reason", DECLINED))
                    .await?
            }
            Step::ConfirmMandate => {
                registry
                    .project_confirm_mandate(&body, &project, &contract(plan.key))
                    .await?
            }
            Step::RequestPublicity => {
                registry
                    .project_request_publicity(&owner, &project, &statement())
                    .await?
            }
            Step::Return => {
                registry
                    .project_return(&operator, &project, &fields::one("reason", RETURNED))
                    .await?
            }
            Step::ApprovePublicity => {
                registry
                    .project_approve_publicity(&operator, &project, &Fields::new())
                    .await?
            }
            Step::ByDate if plan.until == Until::PublicityEnded => {
                registry.clock_tick(planned.at).await?;
                let view = registry.project_get(&body, &project).await?;
                if view.row.state == "publicity_ended" {
                    let (kind, id) = (RecordKind::Project, project.as_str());
                    let form = fields::finding("request", "field:water_depth_m", REQUEST_DEPTH);
                    registry.finding_raise(&body, kind, id, &form).await?;
                }
                return Ok(());
            }
            Step::RequestRecall => {
                registry
                    .project_request_recall(&owner, &project, &fields::one("reason", RECALLED))
                    .await?
            }
            Step::ApproveRecall => {
                registry
                    .project_approve_recall(&operator, &project, &Fields::new())
                    .await?
            }
            Step::Assess => {
                self.desk(
                    RecordKind::Project,
                    VALIDATOR,
                    plan.key,
                    plan.owner,
                    planned,
                )
                .await?;
                let view = registry.project_get(&body, &project).await?;
                let typed = fields::assessment(
                    &amounts(&view.calculations)?,
                    &self.published_opinions(plan.key),
                    true,
                );
                registry.project_validate(&body, &project, &typed).await?
            }
            Step::Reject => {
                registry
                    .project_reject(&body, &project, &fields::assessment(&[], &[], false))
                    .await?
            }
            Step::ApplyRegistration => {
                registry
                    .project_apply_registration(&owner, &project, &statement())
                    .await?
            }
            Step::ReturnRegistration => {
                registry
                    .project_return_registration(
                        &operator,
                        &project,
                        &fields::one("reason", INCOMPLETE),
                    )
                    .await?
            }
            Step::Pause => {
                registry
                    .project_pause(&operator, &project, &fields::one("reason", QUESTIONS))
                    .await?
            }
            Step::Register => {
                registry
                    .project_register(&hand.of(SECOND_OPERATOR), &project, &Fields::new())
                    .await?
            }
            Step::RequestDeregistration => {
                registry
                    .project_request_deregistration(&owner, &project, &typed(GIVEN_BACK))
                    .await?
            }
            Step::Deregister => {
                registry
                    .project_deregister(&operator, &project, &typed(CANCELLED))
                    .await?
            }
            Step::Revoke => {
                registry
                    .project_revoke(&operator, &project, &typed(NOTICE))
                    .await?
            }
            other => {
                return self
                    .opinion(RecordKind::Project, plan.key, plan.owner, planned, other)
                    .await;
            }
        };
        Ok(())
    }

    async fn report(
        &mut self,
        project: &'static ProjectPlan,
        plan: &'static ReportPlan,
        planned: &Planned,
    ) -> Result<()> {
        let registry = self.registry;
        let hand = self.hand(plan.key, planned);
        let owner = hand.of(project.owner);
        if planned.step == Step::Create {
            let typed = fields::report(project, plan, &self.people.organisation(VERIFIER));
            let of = ProjectId::from(self.id(project.key)?);
            let receipt = registry.report_create(&owner, &of, &typed).await?;
            self.ids.insert(plan.key, receipt.id);
            return Ok(());
        }
        let report = ReportId::from(self.id(plan.key)?);
        let (body, operator) = (hand.of(VERIFIER), hand.of(OPERATOR));
        match planned.step {
            Step::RequestMandate => {
                let verifier = self.people.organisation(VERIFIER);
                registry
                    .report_request_mandate(
                        &owner,
                        &report,
                        &fields::one("verifier", verifier.as_str()),
                    )
                    .await?
            }
            Step::DeclineMandate => {
                registry
                    .report_decline_mandate(&body, &report, &fields::one("reason", DECLINED))
                    .await?
            }
            Step::ConfirmMandate => {
                registry
                    .report_confirm_mandate(&body, &report, &contract(plan.key))
                    .await?
            }
            Step::RequestPublicity => {
                registry
                    .report_request_publicity(&owner, &report, &statement())
                    .await?
            }
            Step::Return => {
                registry
                    .report_return(&operator, &report, &fields::one("reason", RETURNED))
                    .await?
            }
            Step::ApprovePublicity => {
                registry
                    .report_approve_publicity(&operator, &report, &Fields::new())
                    .await?
            }
            Step::RequestRecall => {
                registry
                    .report_request_recall(&owner, &report, &fields::one("reason", RECALLED))
                    .await?
            }
            Step::ApproveRecall => {
                registry
                    .report_approve_recall(&operator, &report, &Fields::new())
                    .await?
            }
            Step::Assess => {
                self.desk(
                    RecordKind::Report,
                    VERIFIER,
                    plan.key,
                    project.owner,
                    planned,
                )
                .await?;
                let view = registry.report_get(&body, &report).await?;
                let typed = fields::assessment(
                    &amounts(&view.calculations)?,
                    &self.published_opinions(plan.key),
                    true,
                );
                registry.report_verify(&body, &report, &typed).await?
            }
            Step::Reject => {
                registry
                    .report_reject(&body, &report, &fields::assessment(&[], &[], false))
                    .await?
            }
            Step::ApplyRegistration => {
                registry
                    .report_apply_registration(&owner, &report, &statement())
                    .await?
            }
            Step::ReturnRegistration => {
                registry
                    .report_return_registration(
                        &operator,
                        &report,
                        &fields::one("reason", INCOMPLETE),
                    )
                    .await?
            }
            Step::Pause => {
                registry
                    .report_pause(&operator, &report, &fields::one("reason", QUESTIONS))
                    .await?
            }
            Step::Register => {
                registry
                    .report_register(&hand.of(SECOND_OPERATOR), &report, &Fields::new())
                    .await?
            }
            Step::Issue => {
                registry
                    .report_issue(&operator, &report, &Fields::new())
                    .await?
            }
            other => {
                return self
                    .opinion(RecordKind::Report, plan.key, project.owner, planned, other)
                    .await;
            }
        };
        Ok(())
    }

    /// The steps that are the same for both kinds of record.
    async fn opinion(
        &mut self,
        kind: RecordKind,
        plan: &'static str,
        owner: &str,
        planned: &Planned,
        step: Step,
    ) -> Result<()> {
        let registry = self.registry;
        let hand = self.hand(plan, planned);
        let known = |number: usize| -> Result<String> {
            let opinion = self
                .opinions
                .get(plan)
                .and_then(|opinions| opinions.get(number));
            opinion
                .cloned()
                .with_context(|| format!("{plan} has no opinion {number}"))
        };
        match step {
            Step::ByDate => {
                registry.clock_tick(planned.at).await?;
            }
            Step::SubmitOpinion(number) => {
                let visitor = Visitor {
                    at: planned.at,
                    key: hand.key.clone(),
                };
                let receipt = registry
                    .opinion_submit(&visitor, kind, &self.id(plan)?, &fields::opinion(number))
                    .await?;
                self.opinions.entry(plan).or_default().push(receipt.id);
            }
            Step::PublishOpinion(number) => {
                registry
                    .opinion_publish(&hand.of(OPERATOR), &known(number)?)
                    .await?;
            }
            Step::RefuseOpinion(number) => {
                registry
                    .opinion_refuse(
                        &hand.of(OPERATOR),
                        &known(number)?,
                        &fields::one("reason", OFF_TOPIC),
                    )
                    .await?;
            }
            Step::ReplyToOpinion(number) => {
                registry
                    .opinion_reply(
                        &hand.of(owner),
                        &known(number)?,
                        &fields::one("reply", REPLY),
                    )
                    .await?;
            }
            other => anyhow::bail!("{other:?} is not a step of a {}", kind.code()),
        }
        Ok(())
    }

    /// What a body does before its report: the team, the document review, the visit, a request that is settled and an observation.
    async fn desk(
        &self,
        kind: RecordKind,
        body: &str,
        plan: &str,
        owner: &str,
        planned: &Planned,
    ) -> Result<()> {
        let (registry, id) = (self.registry, self.id(plan)?);
        let by = |name: &str, what: &str| {
            let key = format!("demo {plan} desk {what}");
            self.people.by(name, planned.at, key)
        };
        let visited = planned.at.beijing_date() - time::Duration::days(7);
        let reviewed = visited - time::Duration::days(7);
        let form = fields::desk_plan(body, reviewed);
        registry
            .engagement_save(&by(body, "plan"), kind, &id, &form)
            .await?;
        let mut visit = fields::desk_visit(visited);
        for (number, member) in fields::desk_team(body).into_iter().enumerate() {
            let by = by(body, &format!("member {number}"));
            let receipt = registry
                .engagement_member_add(&by, kind, &id, &member)
                .await?;
            visit.insert(format!("persons.{}", receipt.id), "yes".to_owned());
        }
        registry
            .engagement_visit_add(&by(body, "visit"), kind, &id, &visit)
            .await?;
        let form = fields::finding("request", "", REQUEST_METERS);
        let request = registry
            .finding_raise(&by(body, "request"), kind, &id, &form)
            .await?;
        let mut answer = fields::one("answer", ANSWER_METERS);
        answer.insert(
            "evidence".to_owned(),
            "演示：校准证书 JZ-2024-017".to_owned(),
        );
        registry
            .finding_answer(&by(owner, "answer"), &request.id, &answer)
            .await?;
        let remark = fields::one("remark", "演示：已核对校准证书原件。");
        registry
            .finding_close(&by(body, "close"), &request.id, &remark)
            .await?;
        if kind == RecordKind::Project {
            let form = fields::finding("observation", "", OBSERVATION);
            registry
                .finding_raise(&by(body, "observation"), kind, &id, &form)
                .await?;
        }
        Ok(())
    }

    /// The first opinion of a plan is the one that is published.
    fn published_opinions(&self, plan: &str) -> Vec<String> {
        self.opinions
            .get(plan)
            .into_iter()
            .flatten()
            .take(1)
            .cloned()
            .collect()
    }

    async fn credits(&mut self, step: &'static CreditStep, planned: &Planned) -> Result<()> {
        let mut typed = Fields::new();
        let mut set = |name: &str, value: &str| typed.insert(name.to_owned(), value.to_owned());
        match step {
            CreditStep::Transfer {
                from,
                to,
                project,
                tonnes,
            } => {
                set("to", &self.people.account_number(to));
                set("project", &self.id(project)?);
                set("quantity", tonnes);
                self.registry
                    .credits_transfer(&self.hand(from, planned).of(from), &typed)
                    .await?;
            }
            CreditStep::Retire {
                by,
                project,
                tonnes,
                purpose,
                text,
                beneficiary,
            } => {
                set("project", &self.id(project)?);
                set("quantity", tonnes);
                set("purpose", purpose);
                set("purpose_text", text);
                set("beneficiary", beneficiary);
                set("beneficiary_kind", "organisation");
                self.registry
                    .credits_retire(&self.hand(by, planned).of(by), &typed)
                    .await?;
            }
        }
        Ok(())
    }
}

/// The tonnes of each year that the calculator gives: what a body confirms.
fn amounts(calculations: &[CalculationView]) -> Result<Vec<(i32, i64)>> {
    let latest = calculations.last().ok_or(Error::NotFound)?;
    let outcome: methodologies::Outcome = serde_json::from_value(latest.outcome.clone())?;
    Ok(outcome
        .year_lines
        .iter()
        .map(|line| (line.year, line.er_t))
        .collect())
}

fn contract(plan: &str) -> Fields {
    let mut typed = fields::one("contract", &format!("演示合同 {plan}"));
    typed.insert("impartiality".to_owned(), "yes".to_owned());
    typed
}

fn statement() -> Fields {
    fields::one("statement", "yes")
}

fn typed(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

const GIVEN_BACK: &[(&str, &str)] = &[
    ("reason", "演示：风机提前退役，项目不再实施。"),
    (
        "outstanding",
        "演示：没有正在办理的减排量申请，尚未申请的减排量不再申请。",
    ),
];
const CANCELLED: &[(&str, &str)] = &[
    ("ground", "owner_request"),
    (
        "reason",
        "演示：材料齐全，没有未完结的减排量申请，同意注销。",
    ),
];
const NOTICE: &[(&str, &str)] = &[
    ("ground", "falsified_data"),
    (
        "reason",
        "演示：上网电量数据与结算单不一致，存在虚假记载；未签发减排量。",
    ),
    ("authority", "演示省生态环境厅"),
    ("document_number", "演环罚〔2025〕8号"),
    ("document_date", "2025-08-28"),
];
const DECLINED: &str = "演示：本机构近期人员已排满，无法按期开展工作。";
const RETURNED: &str = "演示：请补充并网协议和环评批复的编号，并说明计量点位置。";
const RECALLED: &str = "演示：设计文件中的计入期起始日需要更正，申请撤回后重新公示。";
const INCOMPLETE: &str = "演示：缺少项目唯一性承诺书的签章页，请补正后重新提交。";
const QUESTIONS: &str = "演示：请审定机构说明排放因子版本的选择依据。";
const REQUEST_DEPTH: &str = "演示：设计文件写明的水深与海洋环评批复不一致，请说明并更正。";
const REQUEST_METERS: &str = "演示：关口电能表的校准证书缺少 2024 年度，请补充。";
const ANSWER_METERS: &str = "演示：已补充 2024 年度校准证书，准确度等级 0.2S，误差在允许范围内。";
const OBSERVATION: &str = "演示：监测数据的保存介质尚未异地备份，请在下一核算期前完善。";
const OFF_TOPIC: &str = "演示：与公示项目无关。";
const REPLY: &str = "感谢关注。海洋环评和跟踪监测报告已公开；电能表每年由具备CNAS资质的机构校准，校准报告随核算报告提交。";
