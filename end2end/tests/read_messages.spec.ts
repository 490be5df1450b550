// Messages: a step of one party is told to the other, who reads it, marks it as read, and chooses about mail; anyone sees how long steps take.
import { expect, test } from '../fixtures';
import { expectAccessible } from '../accessible';

test('a request is told to the body, is read there, and mail can be switched off', async ({ visitors }) => {
  const body = await visitors.demo('vvb1');
  await test.step('the inbox holds the messages, the unread ones marked and counted', async () => {
    await body.open('/inbox');
    await body.expectText('消息');
    await expect(body.page.locator('#messages li').first()).toBeVisible();
    await expectAccessible(body.page);
  });

  await test.step('everything is marked as read', async () => {
    if ((await body.form('notification_read').locator('input[name="up_to"]').count()) > 0) {
      await body.submit('notification_read');
      await body.expectDone();
      await body.expectAt('/inbox');
    }
    await expect(body.page.locator('#messages input[name="up_to"]')).toHaveCount(0);
  });

  await test.step('mail is a choice of each person, and the choice stays', async () => {
    await body.follow('/account/notifications');
    await expectAccessible(body.page);
    await body.submit('user_set_mail', { wants_mail: 'no', language: 'en' });
    await body.expectDone();
    await body.open('/account/notifications');
    await expect(body.page.locator('input[name="wants_mail"][value="no"]')).toBeChecked();
    await expect(body.page.locator('input[name="language"][value="en"]')).toBeChecked();
    await body.submit('user_set_mail', { wants_mail: 'yes', language: 'zh' });
  });
});

test.describe('a page of another role', () => {
  test.use({ expectedProblems: [/status of 403/] });

  test('the operator sees the outbox, others do not', async ({ visitors }) => {
    const operator = await visitors.demo('operator');
    await operator.open('/desk/mail');
    await expectAccessible(operator.page);
    const owner = await visitors.demo('owner');
    expect((await owner.open('/desk/mail'))?.status()).toBe(403);
  });
});

test('anyone sees how long each step really takes, beside the limit', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/statistics');
  await stranger.follow('/statistics/steps');
  await stranger.expectText('公示', '20 个工作日', 'Measures art. 12, 19');
  await expectAccessible(stranger.page);
});
