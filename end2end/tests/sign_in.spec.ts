// Signing in and out, and the password.
import { expect, test } from '../fixtures';
import { NEW_PASSWORD, newEmail, submitButton } from '../people';

const GENERIC = '邮箱或密码不对。请再试一次。';

test('an unknown address and a wrong password get the same words', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/sign-in');
  for (const [email, password] of [
    ['owner@demo.huitan', 'not-the-password'],
    [newEmail(), 'not-the-password'],
  ]) {
    await stranger.submit('user_sign_in', { email, password });
    await expect(stranger.page.locator('#errors')).toContainText(GENERIC);
    await expect(stranger.field('email')).toHaveValue(email);
    await expect(stranger.field('password'), 'a password is never written back').toHaveValue('');
  }
});

test('after many failures the account rests, and says for how long', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  const email = newEmail();
  await stranger.open('/sign-in');
  let said = '';
  for (let attempt = 0; attempt < 12 && !said.includes('尝试次数过多'); attempt += 1) {
    await stranger.submit('user_sign_in', { email, password: `wrong-password-${attempt}` });
    said = await stranger.page.locator('#errors').innerText();
  }
  expect(said).toMatch(/尝试次数过多。请在 \d+ 分钟后再试。/);
});

test('one lands where one wanted to go, and never on another site', async ({ visitors }) => {
  const somebody = await visitors.signedUp('测试·来去有限公司');
  await somebody.signOut();
  await somebody.open('/desk/holdings');
  await somebody.expectAt('/sign-in');
  await somebody.signIn(somebody.email, NEW_PASSWORD);
  await somebody.expectAt('/desk/holdings');
  await somebody.signOut();
  await somebody.open('/sign-in?next=https%3A%2F%2Fevil.example%2F');
  await somebody.signIn(somebody.email, NEW_PASSWORD);
  await somebody.expectAt('/inbox');
});

test('signing up tells what is wrong at each field and keeps what was typed', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/sign-up');
  await stranger.submit('user_sign_up', {
    organisation_name: '测试·打错字有限公司',
    uscc: '914403001234567890',
    name: '测试·李雷',
    email: 'not-an-address',
    password: 'short',
    password_again: 'other',
  });
  await stranger.expectRefusedAt('password');
  await expect(stranger.field('organisation_name')).toHaveValue('测试·打错字有限公司');
  await expect(stranger.field('password')).toHaveValue('');
  await stranger.submit('user_sign_up', { password: NEW_PASSWORD, password_again: NEW_PASSWORD });
  for (const name of ['uscc', 'role', 'email']) {
    await stranger.expectRefusedAt(name);
  }
  await expect(stranger.field('email')).toHaveValue('not-an-address');
});

test('signing out everywhere ends the sessions in all browsers', async ({ visitors }) => {
  const here = await visitors.signedUp('测试·多处登录有限公司');
  const there = await visitors.stranger();
  await there.open('/sign-in');
  await there.signIn(here.email, NEW_PASSWORD);
  await there.expectAt('/inbox');
  await here.open('/account');
  await here.submit('user_sign_out_everywhere');
  await here.expectAt('/sign-in');
  await there.open('/inbox');
  await there.expectAt('/sign-in');
});

test('a changed password ends the other sessions and replaces the old one', async ({ visitors }) => {
  const here = await visitors.signedUp('测试·换密码有限公司');
  const there = await visitors.stranger();
  await there.open('/sign-in');
  await there.signIn(here.email, NEW_PASSWORD);
  const next = 'copper-meadow-2026';

  await here.open('/account');
  await here.submit('user_change_password', { current_password: 'not-this-one-at-all', password: next, password_again: next });
  await here.expectRefusedAt('current_password');
  await here.submit('user_change_password', { current_password: NEW_PASSWORD, password: next, password_again: 'something-else-2026' });
  await here.expectRefusedAt('password_again');
  await here.submit('user_change_password', { current_password: NEW_PASSWORD, password: next, password_again: next });
  await here.expectDone();
  await expect(here.page.locator('.notice--flash')).toBeVisible();
  await here.open('/inbox');
  await here.expectAt('/inbox');

  await there.open('/inbox');
  await there.expectAt('/sign-in');
  await there.signIn(here.email, NEW_PASSWORD);
  await expect(there.page.locator('#errors')).toContainText(GENERIC);
  await there.signIn(here.email, next);
  await there.expectAt('/inbox');
});

test.describe('a form of another session', () => {
  test('does nothing', async ({ visitors }) => {
    const somebody = await visitors.signedUp('测试·跨站有限公司');
    await somebody.open('/account');
    const form = somebody.form('user_sign_out_everywhere');
    const answer = await somebody.page.request.post('/acts/user_sign_out_everywhere', {
      form: { csrf: 'guessed', key: await form.locator('input[name="key"]').inputValue(), back: '/account' },
      headers: { accept: 'application/json' },
    });
    expect(answer.status()).toBe(403);
    await somebody.open('/inbox');
    await somebody.expectAt('/inbox');
    await expect(submitButton(somebody.page.locator('header form[action="/acts/user_sign_out"]'))).toBeVisible();
  });
});
