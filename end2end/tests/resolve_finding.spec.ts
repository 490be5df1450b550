// A verifier raises a finding, the owner answers, the verifier closes it: only then is the positive report accepted.
import { act, deskWork, VERIFICATION } from '../documents';
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';
import { type Values } from '../people';
import { ownerOf, recordIn } from '../records';

const REQUEST = '请补充 2025 年第四季度的结算单，并说明与电表读数的差异。';
const ANSWER = '结算单已补充；差异来自线损，已在核算中扣除。';
const REASON = '线损的计算方法没有说明，请补充。';
const EVIDENCE = '内部档案 JS-2025-Q4，第 12 页';

test('a finding is closed by both sides before the report is accepted', async ({ visitors }) => {
  const verifier = await visitors.demo('vvb2');
  const report = await recordIn(verifier, 'reports', 'publicity_ended');
  const owner = await ownerOf(visitors, report);
  const desk = `${report}/engagement`;
  let positive: Values = VERIFICATION;

  await test.step('without a team, a visit and a reviewer a positive report is refused, and says what is missing', async () => {
    await verifier.open(`${report}/do/verify`);
    // how many opinions the public sent depends on which report the clock of the demo world has brought here
    for (const opinion of await verifier.main.locator('textarea[name^="opinions."]').all()) {
      positive = { ...positive, [(await opinion.getAttribute('name')) ?? '']: '业主的答复属实。' };
    }
    await verifier.submit('report_verify', positive);
    await expect(verifier.page.locator('#errors li')).toHaveCount(7);
    await verifier.expectText('至少需要 2 名', '没有指定复核人员');
  });

  await test.step('the verifier does its work and raises a request at a field of the report', async () => {
    await deskWork(verifier, report);
    await verifier.open(desk);
    await expectAccessible(verifier.page);
    await verifier.submit('finding_raise', { kind: 'request', place: 'field:monitoring', text: ' ' });
    await verifier.expectRefusedAt('text');
    await verifier.submit('finding_raise', { text: REQUEST });
    await verifier.expectDone();
    await verifier.expectText(REQUEST, '等待业主答复');
    await verifier.open(`${report}/do/verify`);
    await verifier.submit('report_verify', positive);
    await expect(verifier.page.locator('#errors li')).toHaveCount(1);
  });

  await test.step('the owner finds it and answers; the verifier sends it back once', async () => {
    await owner.open(report);
    await owner.follow(desk);
    await owner.expectText(REQUEST);
    await expectAccessible(owner.page);
    await answer(ANSWER);
    await verifier.open(desk);
    await verifier.expectText(ANSWER);
    await verifier.submit('finding_return', { reason: REASON });
    await verifier.expectDone();
    await owner.open(desk);
    await owner.expectText(REASON);
    await answer(`${ANSWER}线损按月平均值计算。`);
  });

  async function answer(text: string): Promise<void> {
    const item = owner.main.locator('li.opinion', { hasText: REQUEST });
    if ((await item.locator('form[action="/acts/finding_answer"]').count()) === 0) {
      await owner.press(item.locator('a.button'));
    }
    await owner.submit('finding_answer', { answer: text, evidence: EVIDENCE });
    await owner.expectDone();
  }

  await test.step('both agree: closed, and the report is accepted', async () => {
    const stranger = await visitors.stranger();
    await verifier.open(desk);
    await verifier.submit('finding_close', { remark: '已核对结算单。' });
    await verifier.expectDone();
    await stranger.open(report.replace('/desk', ''));
    await expect(stranger.main, 'nothing of the desk is public before the report').not.toContainText(REQUEST);
    await act(verifier, report, 'report_verify', positive);
    await stranger.open(report.replace('/desk', ''));
    await stranger.expectText(REQUEST, ANSWER, '测试·许岚', '已核对结算单。');
    await expect(stranger.main, 'where the evidence is stays with the parties').not.toContainText(EVIDENCE);
    await expectAccessible(stranger.page);
  });
});
