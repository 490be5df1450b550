// A registry account: applied for, refused, applied for again, opened; then a second person joins and confirms.
import { expect, test } from '../fixtures';
import { NEW_PASSWORD, accountApplication } from '../people';

test('an account is applied for, refused with reasons, applied for again and opened', async ({ visitors }) => {
  const owner = await visitors.signedUp('测试·开户有限公司');
  const operator = await visitors.demo('operator');
  await test.step('the state says what is possible, and the application says what is wrong with it', async () => {
    await owner.open('/account');
    await owner.expectText('未申请');
    await owner.follow('/account/apply');
    await owner.submit('account_apply', { ...accountApplication(), confirmer: '测试·王芳', statement: false });
    await owner.expectRefusedAt('confirmer');
    await owner.expectRefusedAt('statement');
    await owner.submit('account_apply', { confirmer: '测试·赵强', statement: true });
    await owner.expectDone();
    await owner.expectAt('/account');
    await owner.expectText('审核中');
  });

  await test.step('the registry refuses with reasons', async () => {
    await operator.open('/desk/accounts');
    await operator.press(operator.main.locator('#waiting').getByRole('link', { name: '测试·开户有限公司' }).first());
    await operator.expectText('测试·赵强');
    await operator.main.locator('#decision summary').first().click();
    await operator.submit('account_refuse', { reason: '测试：请补充法定代表人身份证明。' });
    await operator.expectDone();
    await owner.open('/account');
    await owner.expectText('审核不通过', '测试：请补充法定代表人身份证明。');
  });

  await test.step('handed in again with what was typed before, and opened', async () => {
    await owner.follow('/account/apply');
    await expect(owner.field('address')).toHaveValue('测试路 1 号');
    await owner.submit('account_apply', { statement: true });
    await owner.expectDone();
    await operator.page.reload();
    await operator.submit('account_approve');
    await operator.expectDone();
    await operator.expectText('开户成功');
    await owner.open('/account');
    await owner.expectText('开户成功', '测试·赵强');
  });
});

test('a second person joins by a link that works once, and is out when removed', async ({ visitors }) => {
  const owner = await visitors.signedUp('测试·双人有限公司');
  await owner.open('/account/members');
  await owner.expectText('转让和注销直接生效');
  const email = `second-${owner.email}`;
  await owner.submit('member_invite', { email, member_role: 'confirmer' });
  const link = new URL(await owner.main.locator('code').first().innerText());
  const second = await visitors.stranger();
  await second.open(`${link.pathname}${link.search}`);
  await second.expectText('测试·双人有限公司', '确认代表', email);
  await second.submit('member_accept', { name: '测试·赵强', password: 'short', password_again: 'short' });
  await second.expectRefusedAt('password');
  await second.submit('member_accept', { password: NEW_PASSWORD, password_again: NEW_PASSWORD });
  await second.expectAt('/inbox');
  const third = await visitors.stranger();
  await third.open(`${link.pathname}${link.search}`);
  await third.expectText('邀请链接无效');

  await owner.open('/account/members');
  await owner.expectText('转让和注销须由另一人确认', '测试·赵强');
  await owner.press(owner.main.locator('tr', { hasText: email }).getByRole('link'));
  await owner.submit('member_remove');
  await owner.expectText('至少要保留一名确认代表');
  await owner.open('/account/members');
  await owner.submit('member_invite', { email: `other-${email}`, member_role: 'confirmer' });
  const another = new URL(await owner.main.locator('code').first().innerText());
  await third.open(`${another.pathname}${another.search}`);
  await third.submit('member_accept', { name: '测试·钱进', password: NEW_PASSWORD, password_again: NEW_PASSWORD });
  await third.expectAt('/inbox');
  await owner.open('/account/members');
  await owner.press(owner.main.locator('tr', { hasText: '测试·赵强' }).getByRole('link'));
  await owner.submit('member_remove');
  await owner.expectDone();
  await second.open('/account');
  await second.expectAt('/sign-in');
});
