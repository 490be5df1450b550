// The desk of carbon inclusion: places of providers and numbers of scenes by two operators, a question for the real-name level, a batch from
// freezing to its end, and the figures everybody may see.
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';
import { submitButton } from '../people';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

test('the place of a provider and a number of the rules take two operators', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const second = await visitors.demo('operator2');
  const name = `测试·骑行 ${mark()}`;
  await test.step('a new provider stands last until another operator agrees', async () => {
    await operator.open('/desk/inclusion');
    await operator.submit('provider_add', { name, precedence: '2', evidence: 'T1', agreement: 'TEST-DATA-2' });
    await operator.expectRefusedAt('scenes');
    await expect(operator.field('agreement')).toHaveValue('TEST-DATA-2');
    await operator.submit('provider_add', { 'scenes.shared_bike': 'yes' });
    await operator.expectDone();
    await operator.open('/desk/inclusion/precedence');
    await operator.expectText(name, '待另一名经办人决定');
  });
  await test.step('the proposer has no button to agree', async () => {
    const own = operator.main.locator('details', { hasText: name });
    await expect(own.locator('form[action="/acts/precedence_approve"]')).toHaveCount(0);
    await expect(own.locator('form[action="/acts/precedence_withdraw"]')).toHaveCount(1);
  });
  await test.step('another operator agrees', async () => {
    await second.open('/desk/inclusion/precedence');
    const form = second.main.locator('details', { hasText: name }).locator('form[action="/acts/precedence_approve"]');
    await second.press(submitButton(form));
    await second.expectDone();
    await expect(second.main.locator('details', { hasText: name }).locator('form')).toHaveCount(0);
  });
  await test.step('a version of the rules: proposed by one, put in force by the other', async () => {
    await operator.open('/desk/parameters/new?id=inclusion.group.members_max');
    await operator.submit('parameters_propose', {
      document: '测试：团体规模',
      document_number: mark(),
      effective_from: '2026-01-02',
      basis: 'published',
      reason: '测试',
      'values.0.value': '600',
    });
    await operator.expectDone();
    const address = new URL(operator.page.url()).pathname;
    await expect(operator.form('parameters_approve')).toHaveCount(0);
    await second.open(address);
    await second.submit('parameters_approve');
    await second.expectDone();
  });
});

test('a key of a provider is shown once, taken over and ended', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const name = `测试·密钥 ${mark()}`;
  const shown = async () => /[0-9a-f]{64}/.exec(await operator.main.innerText())?.[0] ?? '';
  const rows = () => operator.main.locator('section', { hasText: name }).locator('tbody tr');
  await operator.open('/desk/inclusion');
  await operator.submit('provider_add', { name, precedence: '5', evidence: 'T1', 'scenes.shared_bike': 'yes', agreement: 'TEST-DATA-3' });
  const first = await shown();
  expect(first.length, 'the first key').toBe(64);
  await expectAccessible(operator.page);
  await test.step('nobody can see it again', async () => {
    for (const address of ['/desk/inclusion', '/desk/inclusion/keys']) {
      await operator.open(address);
      expect(await operator.page.content()).not.toContain(first);
    }
    await expectAccessible(operator.page);
    await expect(rows()).toHaveCount(1);
  });
  const rekey = async (reason: string) => {
    const form = operator.main.locator('section', { hasText: name }).locator('form[action="/acts/provider_rekey"]');
    await form.locator('select[name="reason"]').selectOption(reason);
    await operator.press(submitButton(form));
    const key = await shown();
    await operator.open('/desk/inclusion/keys');
    return key;
  };
  await test.step('a planned one takes over in seven days, one after a leak at once', async () => {
    const second = await rekey('planned');
    await expect(rows().nth(1)).toContainText('由新密钥接替');
    await expect(rows().locator('form[action="/acts/provider_key_end"]')).toHaveCount(2);
    const third = await rekey('leaked');
    expect(new Set([first, second, third]).size).toBe(3);
    await expect(rows()).toHaveCount(3);
    await expect(rows().nth(2)).toContainText('泄露');
    await expect(rows().locator('form[action="/acts/provider_key_end"]')).toHaveCount(1);
  });
  await test.step('the last one is ended by itself', async () => {
    await operator.press(submitButton(rows().first().locator('form[action="/acts/provider_key_end"]')));
    await operator.expectDone();
    await expect(rows().locator('form')).toHaveCount(0);
  });
});

test('the real-name level is asked for, decided and given up', async ({ visitors }) => {
  const person = await visitors.stranger();
  const operator = await visitors.demo('operator');
  const password = 'a-long-enough-password';
  await person.open('/sign-up/person');
  await person.submit('person_sign_up', {
    name: '测试实名',
    email: `identity-${mark()}@demo.example`,
    region: 'CN-GD-SZ',
    password,
    password_again: password,
    age: 'adult',
    agrees: true,
  });
  await person.expectDone();
  await person.open('/me/identity');
  await person.expectText('没有接入任何真实的身份核验服务');
  await person.submit('identity_ask', { identity_kind: 'resident_id', identity_name: '测试实名', identity_number: '990000199003070031' });
  await person.expectRefusedAt('identity_number');
  await expect(person.field('identity_number'), 'a number is not kept, not even for a moment').toHaveValue('');
  const number = `E${String(Date.now()).slice(-8)}`;
  await person.submit('identity_ask', { identity_kind: 'passport', identity_name: '测试实名', identity_number: number });
  await person.expectDone();
  await person.expectText('等待决定');
  await operator.open('/desk/inclusion/identities');
  await operator.expectText('未连接真实身份服务', number.slice(-2));
  await operator.submit('identity_grant');
  await operator.expectDone();
  await person.open('/me/identity');
  await person.expectText('当前：实名等级');
  await person.submit('identity_withdraw');
  await person.expectDone();
  await person.expectText('当前：联系方式等级', '已删除');
});

test('a batch is frozen, looked at by its body, and given back', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const events = await visitors.demo('events');
  const body = await visitors.demo('vvb1');
  await events.open('/account');
  const account = /HT-\d{4}-\d{4}-\d/.exec(await events.main.innerText())?.[0] ?? '';
  expect(account, 'the number of the account').not.toBe('');
  await operator.open('/desk/batches');
  const form = {
    region: 'CN-GD-SZ',
    period_start: '2026-02-01',
    period_end: '2026-12-31',
    holder: account,
    vvb: '',
    recognition: 'none',
    statement: '测试：未在其他机制主张。',
  };
  const choice = operator.field('vvb').locator('option', { hasText: '东海' });
  form.vvb = (await choice.getAttribute('value')) ?? '';
  await operator.submit('batch_freeze', form);
  await operator.expectRefusedAt('exclusive');
  await operator.submit('batch_freeze', { exclusive: true });
  await operator.expectDone();
  await operator.follow(/^\/desk\/batches\/[^/]+$/);
  const address = new URL(operator.page.url()).pathname;
  await body.open(address);
  await body.submit('batch_assess', { findings: '第一笔不对', checked: true, independent: true, opinion: '抽样复算一致。' });
  await body.expectRefusedAt('findings');
  await body.submit('batch_assess', { findings: '' });
  await body.expectDone();
  await operator.open(address);
  await expect(operator.form('batch_issue')).toHaveCount(0);
  await operator.expectText('另一位经办人');
  const second = await visitors.demo('operator2');
  await second.open(address);
  await second.submit('batch_issue');
  await expect(second.main).toContainText(/公示/);
  await operator.open(address);
  await operator.submit('batch_reject', { reason: '不足一吨，退回。' });
  await operator.expectDone();
});

test('everybody may read the figures of a whole month, and no figure of few', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/statistics');
  await stranger.follow('/statistics/carbon-inclusion');
  await stranger.expectText('碳普惠月度统计');
});
