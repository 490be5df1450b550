// The one thread of the platform: a project from a form in the browser to a certificate that anyone can check.
import { act, DESIGN, createProject, deskWork, fillSection, REPORT, sendFromCheck, VALIDATION, VERIFICATION } from '../documents';
import { expect, scriptsRun, test } from '../fixtures';
import { submitButton, type Person } from '../people';

const OPINION = '请说明施工期对附近渔业的影响，以及电能表的校准安排。';
const REPLY = '跟踪监测报告已公开；电能表每年由有资质的机构校准。';
const BENEFICIARY = '测试·滨海半程马拉松全体参赛者';

test('from a form to a certificate that anyone can check', async ({ visitors }) => {
  test.setTimeout(600_000);
  const owner = await visitors.newcomer('测试·甲子海上风电有限公司');
  const validator = await visitors.demo('vvb1');
  const verifier = await visitors.demo('vvb2');
  const operator = await visitors.demo('operator');
  const secondOperator = await visitors.demo('operator2');
  const organiser = await visitors.demo('events');
  const stranger = await visitors.stranger();

  const project = await test.step('the owner writes the design document', async () => {
    const address = await createProject(owner);
    for (const section of ['basics', 'place', 'dates']) {
      await fillSection(owner, address, section, DESIGN[section]);
    }
    await estimate(owner, address);
    for (const section of ['applicability', 'plan', 'validator']) {
      await fillSection(owner, address, section, DESIGN[section]);
    }
    return address;
  });

  await test.step('the owner checks the answers and asks the validator', async () => {
    await owner.open(`${project}/check`);
    await owner.expectText('804,345', '8,043,450', String(DESIGN.basics.name), String(DESIGN.place.location));
    await owner.submit('project_request_mandate');
    await owner.expectDone();
    await owner.expectAt(project);
  });

  await test.step('the validator finds the request in the inbox and takes it on', async () => {
    await validator.open('/inbox');
    await validator.follow(`${project}/do/confirm_mandate`);
    await validator.submit('project_confirm_mandate', { contract: '合同 2026-017', impartiality: true });
    await validator.expectDone();
  });

  await test.step('the owner asks for publicity', async () => {
    await sendFromCheck(owner, project, 'project_request_publicity', { statement: true });
  });

  await test.step('the registry approves it and sees the window before', async () => {
    await operator.open(`${project}/do/approve_publicity`);
    await operator.expectText('8,043,450', '2026年3月10日', '2026年4月7日');
    await operator.submit('project_approve_publicity');
    await operator.expectDone();
    await operator.expectText(/2026年3月10日.*2026年4月7日/);
  });

  const publicPage = project.replace('/desk', '');
  await test.step('in publicity anyone may speak; the registry publishes, the owner answers', async () => {
    await owner.open('/inbox');
    await owner.moveClock(1);
    await stranger.open(publicPage);
    await stranger.expectText('804,345', '8,043,450', String(DESIGN.basics.name));
    await stranger.submit('opinion_submit', { author: '测试·渔民王先生', contact: 'wang@example.com', text: OPINION });
    await stranger.expectDone();
    await expect(stranger.main, 'no opinion is public before the registry has read it').not.toContainText(OPINION);

    await operator.open(project);
    await operator.expectText(OPINION);
    await operator.submit('opinion_publish');
    await operator.expectDone();

    await owner.open(project);
    await owner.submit('opinion_reply', { reply: REPLY });
    await owner.expectDone();

    await stranger.open(publicPage);
    await stranger.expectText(OPINION, REPLY);
    await expect(stranger.main, 'how to reach somebody stays with the registry').not.toContainText('wang@example.com');
  });

  await test.step('publicity ends by itself; the validator reports', async () => {
    await owner.open('/inbox');
    await owner.moveClock(28);
    await owner.moveClock(7);
    await deskWork(validator, project);
    await validator.open(`${project}/do/validate`);
    await validator.expectText('8,043,450', OPINION, REPLY);
    const opinion = await validator.main.locator('textarea[name^="opinions."]').getAttribute('name');
    await validator.submit('project_validate', { ...VALIDATION, [opinion ?? '']: '业主的答复属实，已在报告中说明。' });
    await validator.expectDone();
  });

  const code = await test.step('the owner applies, the registry registers', async () => {
    await act(owner, project, 'project_apply_registration', { statement: true });
    await secondOperator.open(`${project}/do/register`);
    await secondOperator.expectText('8,043,450');
    await secondOperator.submit('project_register');
    await secondOperator.expectDone();
    await owner.open(project);
    const shown = (await owner.main.innerText()).match(/\b[A-Z]\d1\d{4}\b/)?.[0];
    expect(shown, 'the project has a code').toMatch(/^A21\d{4}$/);
    return shown as string;
  });

  const { report, tonnes } = await test.step('the owner accounts for the year 2024', async () => {
    await owner.follow(`${project}/reports/new`);
    await owner.submit('report_create', { period_from: '2024-01-01', period_to: '2024-12-31' });
    await owner.expectDone();
    await owner.expectAt(/^\/desk\/reports\/[^/]+\/edit$/);
    const address = new URL(owner.page.url()).pathname.replace(/\/edit$/, '');
    await owner.open(`${address}/edit/factors`);
    await owner.submit('report_save', REPORT.factors);
    await fillSection(owner, address, 'lines', REPORT.lines);
    for (const section of ['factors', 'certificates', 'description', 'declarations', 'verifier']) {
      await fillSection(owner, address, section, REPORT[section]);
    }
    await owner.open(`${address}/check`);
    const total = await owner.main.locator('#calculation .hero-number__value').innerText();
    expect(total).toMatch(/^\d{3},\d{3}$/);
    await owner.submit('report_request_mandate');
    await owner.expectDone();
    return { report: address, tonnes: total };
  });

  await test.step('another body verifies it after its own publicity', async () => {
    await act(verifier, report, 'report_confirm_mandate', { contract: '合同 2026-052', impartiality: true });
    await sendFromCheck(owner, report, 'report_request_publicity', { statement: true });
    await act(operator, report, 'report_approve_publicity');
    await owner.open('/inbox');
    await owner.moveClock(1);
    await stranger.open(report.replace('/desk', ''));
    await stranger.expectText(tonnes);
    await owner.moveClock(28);
    await owner.moveClock(7);
    await deskWork(verifier, report);
    await act(verifier, report, 'report_verify', VERIFICATION);
  });

  await test.step('the registry registers the reductions and issues the credits', async () => {
    await act(owner, report, 'report_apply_registration', { statement: true });
    await act(secondOperator, report, 'report_register');
    await operator.open(`${report}/do/issue`);
    await operator.expectText(tonnes, `${code}-2024`);
    await operator.submit('report_issue', { confirm: true });
    await operator.expectDone();
    await owner.open('/desk/holdings');
    await owner.expectText(code, tonnes);
  });

  await test.step('the owner transfers some to the event organiser', async () => {
    await organiser.open('/desk/holdings');
    const account = await organiser.main.locator('.copyable__text').first().innerText();
    await owner.open('/desk/transfers/new');
    const form = owner.main.locator('form[action="/desk/transfers/check"]');
    await owner.fill({ to: account, source: 'label:2024', quantity: '12,000' }, form);
    await owner.press(submitButton(form));
    await owner.expectDone();
    await owner.expectText('12,000', '滨海马拉松组委会', `HT-${code}-2024-`);
    await owner.submit('credits_transfer');
    await owner.expectDone();
    await owner.expectAt(/^\/desk\/holds\/[^/]+$/);
    await owner.expectText('12,000', '滨海马拉松组委会');
  });

  await test.step('the organiser accepts what was sent', async () => {
    await organiser.open(new URL(owner.page.url()).pathname);
    await organiser.expectText('12,000', `HT-${code}-2024-`);
    await organiser.submit('credits_accept');
    await organiser.expectDone();
    await organiser.expectAt('/desk/holdings');
  });

  const { certificate, serial } = await test.step('the organiser retires some for an event', async () => {
    await organiser.open('/desk/holdings');
    await organiser.expectText(code);
    await organiser.open('/desk/retirements/new');
    const form = organiser.main.locator('form[action="/desk/retirements/check"]');
    const purpose = await form.locator('input[name="purpose"]').evaluateAll((all) => all.map((input) => (input as HTMLInputElement).value));
    expect(purpose).toContain('event');
    await organiser.fill(
      { source: `label:甲子一期500兆瓦`, quantity: '3456', purpose: 'event', purpose_text: '抵销赛事交通与住宿的排放', beneficiary_kind: 'organisation', beneficiary: BENEFICIARY },
      form,
    );
    await organiser.press(submitButton(form));
    await organiser.expectDone();
    await organiser.expectText('3,456', BENEFICIARY);
    await organiser.submit('credits_retire', { confirm: true });
    await organiser.expectDone();
    await organiser.expectAt(/^\/retirements\/[^/]+$/);
    const number = await organiser.main.locator('.certificate__number').innerText();
    const shown = await organiser.main.locator('#blocks code').first().innerText();
    return { certificate: `/retirements/${encodeURIComponent(number)}`, serial: shown };
  });

  await test.step('a stranger opens the certificate and checks it', async () => {
    await stranger.open(certificate);
    await stranger.expectText('3,456', BENEFICIARY, '抵销赛事交通与住宿的排放', code, '2024');
    expect(serial).toMatch(new RegExp(`^HT-${code}-2024-\\d+-\\d+$`));
    await stranger.page.locator('#check a[data-check-file]').click();
    const answer = stranger.page.locator('[data-check-answer]');
    await expect(answer).toHaveAttribute('data-checked', scriptsRun() ? 'browser' : 'server');
    await expect(answer.locator('.check__passed')).toBeVisible();
    const checks = answer.locator('.check__lines li');
    await expect(checks).toHaveCount(9);
    await expect(checks.filter({ hasText: '✓' })).toHaveCount(9);
  });

  await test.step('the stranger finds the serial by search and sees the totals of the project', async () => {
    await stranger.open('/serials');
    await stranger.fill({ q: serial });
    await stranger.press(stranger.main.locator('form[action="/serials"] button[type="submit"]'));
    await stranger.expectText(serial, '3,456');
    await stranger.follow(certificate);
    await stranger.open(`/projects/${code}`);
    await stranger.expectText('804,345', tonnes, '3,456', OPINION, REPLY);
    const total = Number(tonnes.replace(/,/g, ''));
    await stranger.expectText((total - 3456).toLocaleString('en-US'));
    await stranger.open('/retirements');
    await stranger.expectText(BENEFICIARY);
  });
});

/** The estimate: with scripts its result is there before anything is sent, without them after the first saving. */
async function estimate(owner: Person, project: string): Promise<void> {
  await owner.open(`${project}/edit/estimate`);
  const result = owner.page.locator('#result');
  if (scriptsRun()) {
    await expect(owner.page.locator('.live__note[data-hydrated="true"]')).toBeVisible();
    const sent: string[] = [];
    owner.page.on('request', (request) => {
      if (request.isNavigationRequest()) {
        sent.push(request.url());
      }
    });
    await owner.fill(DESIGN.estimate, owner.form('project_save'));
    await expect(result).toContainText('8,043,450');
    await expect(result).toContainText('804,345');
    expect(sent, 'nothing was submitted so far').toEqual([]);
    await owner.submit('project_save');
  } else {
    await owner.fill(DESIGN.estimate, owner.form('project_save'));
    await owner.press(owner.form('project_save').locator('button[name="then"]'));
    await expect(result).toContainText('8,043,450');
    await expect(result).toContainText('804,345');
    await owner.submit('project_save');
  }
  await owner.expectDone();
  await owner.expectAt(`${project}/edit`);
}
