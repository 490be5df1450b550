// One operator proposes to replace a number, cannot approve it, another one does; then every calculation uses it and says so.
import { expect, test } from '../fixtures';

const NUMBER = 'meter_mpe_0_5s';
const PROPOSAL = {
  document: '测试公告：电能表最大允许误差',
  document_number: '测试2026年第1号',
  effective_from: '2026-01-02',
  basis: 'published',
  reason: '测试：以正式文件替换推定值。',
};

test('a number is replaced by two operators, and calculations say which set they use', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const second = await visitors.demo('operator2');
  const address = await test.step('what makes no sense is refused at its field, and what was typed stays', async () => {
    await operator.open(`/desk/parameters/new?id=${NUMBER}`);
    await expect(operator.field('values.0.id')).toHaveValue(NUMBER);
    await operator.submit('parameters_propose', { ...PROPOSAL, 'values.0.value': '600' });
    await operator.expectRefusedAt('values.0.value');
    await expect(operator.field('document')).toHaveValue(PROPOSAL.document);
    await operator.submit('parameters_propose', { 'values.0.value': '0.6' });
    await operator.expectDone();
    await operator.expectAt(/^\/desk\/parameters\/[0-9a-f-]{36}$/);
    return new URL(operator.page.url()).pathname;
  });

  await test.step('the proposer sees before and after, and no button to approve', async () => {
    await operator.expectText(NUMBER, '0.5', '0.6', PROPOSAL.document_number);
    await expect(operator.form('parameters_approve')).toHaveCount(0);
    await expect(operator.form('parameters_withdraw')).toHaveCount(1);
  });

  await test.step('another operator approves', async () => {
    await second.open('/desk/parameters');
    await second.follow(address);
    await expect(second.form('parameters_withdraw')).toHaveCount(0);
    await second.submit('parameters_approve');
    await second.expectDone();
    await expect(second.form('parameters_approve')).toHaveCount(0);
  });

  const stranger = await visitors.stranger();
  await test.step('anyone sees what was replaced by which document', async () => {
    await stranger.open('/parameters');
    await stranger.expectText(PROPOSAL.document, PROPOSAL.document_number, NUMBER, PROPOSAL.reason);
  });

  await test.step('a calculation uses the new set and says so', async () => {
    const sets = await (await stranger.page.request.get('/api/v1/parameters')).json();
    const set = sets.items[0].number;
    const schema = await (await stranger.page.request.get('/api/v1/calculators/CCER-01-002-V01/ex-post')).json();
    const answer = await stranger.page.request.post('/api/v1/calculators/CCER-01-002-V01/ex-post', { data: schema.example });
    expect((await answer.json()).parameter_set).toBe(set);
    const whole = await (await stranger.page.request.get(`/api/v1/parameters/${set}`)).json();
    const number = whole.in_force.find((one: { id: string }) => one.id === NUMBER);
    expect([number.value, number.replaced, number.assumed]).toEqual(['0.6', true, false]);
  });
});

test('a proposal is rejected with a reason, or withdrawn by its proposer', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const second = await visitors.demo('operator2');
  const table = 'grid,label,om,bm\nSouth,2026,0.71,0.11\n华东,2026,0.76,0.21';
  for (const [who, act] of [[second, 'parameters_reject'], [operator, 'parameters_withdraw']] as const) {
    await operator.open('/desk/parameters/new');
    await operator.submit('parameters_propose', { ...PROPOSAL, effective_from: '2027-01-15', table });
    await operator.expectDone();
    const address = new URL(operator.page.url()).pathname;
    await operator.expectText('grid.South.2026.om', 'grid.East.2026.bm');
    await who.open(address);
    await who.main.locator('#decision summary').click();
    await who.submit(act, { reason: '测试：文件有误。' });
    await who.expectDone();
    await who.expectText('测试：文件有误。');
  }
});
