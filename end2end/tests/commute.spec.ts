// A person’s carbon account on the phone: opening it, agreeing, recording, giving, redeeming, taking everything along, closing it.
import { expect, test } from '../fixtures';
import { type Person } from '../people';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

/** The first large number of the page. */
async function figure(person: Person): Promise<number> {
  const text = await person.main.locator('.hero-number__value').first().innerText();
  return Number(text.replace(/[^0-9]/g, ''));
}

test('somebody opens an account, records a ride, agrees and withdraws, takes the data along and closes the account', async ({ visitors }) => {
  const person = await visitors.stranger();
  const email = `commuter-${mark()}@demo.example`;
  const account = { name: '测试通勤者', email, region: 'CN-GD-SZ', password: 'a-long-enough-password', password_again: 'a-long-enough-password', age: 'adult' };
  await test.step('the account is opened by those who agree', async () => {
    await person.open('/sign-up/person');
    await person.submit('person_sign_up', account);
    await person.expectRefusedAt('agrees');
    await expect(person.field('name')).toHaveValue(account.name);
    await person.submit('person_sign_up', { password: account.password, password_again: account.password_again, agrees: true });
    await person.expectDone();
    await person.expectAt('/me');
    expect(await figure(person)).toBe(0);
  });

  await test.step('a ride without proof is kept as what it is', async () => {
    await person.open('/me/record?scene=shared_bike');
    await person.submit('activity_record', { distance_km: '' });
    await person.expectRefusedAt('distance_km');
    await person.submit('activity_record', { distance_km: '2.5' });
    await person.expectDone();
    await person.open('/me/month');
    await person.follow(/^\/me\/acts\/[^/]+$/);
    await person.expectText('2.5', 'km');
  });

  await test.step('a consent is given and withdrawn', async () => {
    await person.open('/me/consents');
    const revocable = person.main.locator('form[action="/acts/consent_revoke"]');
    const before = await revocable.count();
    await person.submit('consent_give', { agrees: true });
    await person.expectDone();
    await person.open('/me/consents');
    await expect(revocable).toHaveCount(before + 1);
    await person.submit('consent_revoke');
    await person.expectDone();
    await person.open('/me/consents');
    await expect(revocable).toHaveCount(before);
  });

  await test.step('everything can be taken along', async () => {
    const file = await (await person.page.request.get('/me/export.json')).text();
    expect(JSON.parse(file)).toBeTruthy();
    expect(file).toContain(account.name);
    expect(file).toContain('shared_bike');
    const table = await (await person.page.request.get('/me/export.csv')).text();
    expect(table).toContain('shared_bike');
  });

  await test.step('the account is closed', async () => {
    await person.open('/me/consents');
    await person.submit('person_close', {});
    await person.expectRefusedAt('statement');
    await person.submit('person_close', { statement: true });
    await person.expectDone();
  });
});

test('points are given to an event and redeemed, and the balance says so', async ({ visitors }) => {
  const commuter = await visitors.demo('commuter');
  await commuter.open('/me/give');
  const before = await figure(commuter);
  expect(before).toBeGreaterThan(1000);
  await commuter.submit('gift_give', { campaign: '演示·滨海马拉松碳中和 · 演示·滨海马拉松组委会', points: String(before + 1) });
  await commuter.expectRefusedAt('points');
  await commuter.submit('gift_give', { points: '7' });
  await commuter.expectDone();
  await commuter.open('/me/give');
  expect(await figure(commuter)).toBe(before - 7);

  await commuter.open('/me/shop');
  await commuter.submit('goods_order');
  await commuter.expectDone();
  await commuter.open('/me/shop');
  expect(await figure(commuter)).toBeLessThan(before - 7);
  await commuter.submit('goods_cancel');
  await commuter.expectDone();
  await commuter.open('/me/shop');
  expect(await figure(commuter)).toBe(before - 7);
});

test('an account is not an organisation’s: its pages are its own', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  for (const address of ['/me', '/me/record', '/me/month', '/me/consents', '/me/give', '/me/shop']) {
    await stranger.open(address);
    await stranger.expectAt('/sign-in');
  }
});
