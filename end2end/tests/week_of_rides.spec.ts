// A commuter's week on the phone: metro, bus, bicycle and charging come in signed by their operators, one ride is recorded by hand with a
// photo; the days pass, the acts settle, one is declared void and objected to, points are spent in the shop and given to an event.
import { createHmac } from 'node:crypto';
import type { Locator } from '@playwright/test';
import { expect, test } from '../fixtures';
import { submitButton, type Person, type Visitors } from '../people';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;
/** A picture of one dot. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface Row {
  order: string;
  reference: string;
  scene: string;
  day: string;
  started_at: number | null;
  ended_at: number | null;
  region: string;
  amounts: Record<string, string>;
}

interface Answer {
  accepted: number;
  known: number;
  refused: number;
  rows: { accepted: { activity: string; status: string; mg: number } | null; refused: { code: string }[] }[];
}

/** An operator of rides: its id, the key it signs with, the name under which it knows the person. */
class Provider {
  constructor(
    readonly id: string,
    private readonly key: string,
    public reference = '',
  ) {}

  /** A signed call, `off` seconds beside the true time. */
  async call(nonce: string, rows: Row[], off = 0): Promise<{ status: number; answer: Answer }> {
    const body = JSON.stringify(rows);
    const at = String(Math.floor(Date.now() / 1000) + off);
    const signature = createHmac('sha256', this.key).update(`${at}\n${nonce}\n${body}`).digest('hex');
    const response = await fetch(`${process.env.HUITAN_BASE_URL}/api/v1/provider-calls`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-huitan-provider': this.id,
        'x-huitan-timestamp': at,
        'x-huitan-nonce': nonce,
        'x-huitan-signature': signature,
      },
      body,
    });
    return { status: response.status, answer: (await response.json()) as Answer };
  }

  /** A record of a day; with `at`, minutes after midnight in Beijing and how long it took, that of a trip. */
  row(scene: string, day: string, order: string, amounts: Record<string, string>, at?: [number, number]): Row {
    const midnight = Date.parse(`${day}T00:00:00+08:00`) / 1000;
    const from = at ? midnight + at[0] * 60 : null;
    const to = at ? midnight + (at[0] + at[1]) * 60 : null;
    return { order, reference: this.reference, scene, day, started_at: from, ended_at: to, region: 'CN-GD-SZ', amounts };
  }
}

/** The first large number of the page. */
async function figure(person: Person): Promise<number> {
  const text = await person.main.locator('.hero-number__value').first().innerText();
  return Number(text.replace(/[^0-9]/g, ''));
}

/** The key on the page that answers to making one: it is shown nowhere else. */
async function keyShown(operator: Person, name: string): Promise<string> {
  const key = /[0-9a-f]{64}/.exec(await operator.main.innerText())?.[0] ?? '';
  expect(key.length, `the key of ${name}`).toBe(64);
  return key;
}

/** The form for a new key of a provider, on the page of keys. */
async function rekeyForm(operator: Person, name: string): Promise<Locator> {
  await operator.open('/desk/inclusion/keys');
  return operator.main.locator('section', { hasText: name }).locator('form[action="/acts/provider_rekey"]').first();
}

/** A new key of a provider that is there; those of before count for some days more. */
async function rekeyed(operator: Person, name: string): Promise<Provider> {
  const form = await rekeyForm(operator, name);
  const id = await form.locator('input[name="provider"]').inputValue();
  await form.locator('select[name="reason"]').selectOption('planned');
  await operator.press(submitButton(form));
  return new Provider(id, await keyShown(operator, name));
}

/** Agrees to a source and scene; answers with the name under which the source knows the person. */
async function connect(person: Person, provider: Provider, scene: string): Promise<void> {
  await person.open('/me/consents');
  const form = person.main
    .locator('form[action="/acts/consent_give"]')
    .filter({ has: person.page.locator(`input[name="provider"][value="${provider.id}"]`) })
    .filter({ has: person.page.locator(`input[name="scene"][value="${scene}"]`) });
  await form.locator('xpath=ancestor::details/summary').click();
  await form.locator('input[name="agrees"]:not([type="hidden"])').check();
  await person.press(submitButton(form));
  await person.expectDone();
  await person.open('/me/consents');
  const consents = person.main.locator('section').filter({ has: person.page.locator('form[action="/acts/consent_revoke"]') });
  const texts = await consents.allInnerTexts();
  const shown = texts.flatMap((text) => text.match(/\b[0-9a-f]{32}\b/g) ?? []);
  provider.reference = shown.find((one) => !seen.has(one)) ?? provider.reference;
  shown.forEach((one) => seen.add(one));
  expect(provider.reference, 'the name under which the source knows the person').not.toBe('');
}
const seen = new Set<string>();

/** A charging operator, admitted by one operator. */
async function charging(visitors: Visitors): Promise<Record<'rail' | 'bikes' | 'charging', Provider>> {
  const operator = await visitors.demo('operator');
  const name = `测试·充电 ${mark()}`;
  await operator.open('/desk/inclusion');
  await operator.submit('provider_add', { name, precedence: '3', evidence: 'T1', 'scenes.own_ev': 'yes', agreement: 'TEST-DATA-1' });
  await operator.expectDone();
  const key = await keyShown(operator, name);
  const id = await (await rekeyForm(operator, name)).locator('input[name="provider"]').inputValue();
  const providers = {
    rail: await rekeyed(operator, '演示·深圳轨道与公交'),
    bikes: await rekeyed(operator, '单车'),
    charging: new Provider(id, key),
  };
  await operator.page.context().close();
  return providers;
}

test('a commuter’s week counts once, whoever sends it, and can be spent, given and objected to', async ({ visitors }) => {
  const { rail, bikes, charging: posts } = await charging(visitors);
  const person = await visitors.stranger();
  await test.step('the account is opened and its sources connected, one by one', async () => {
    await person.open('/sign-up/person');
    const password = 'a-long-enough-password';
    await person.submit('person_sign_up', {
      name: '测试周通勤',
      email: `week-${mark()}@demo.example`,
      region: 'CN-GD-SZ',
      password,
      password_again: password,
      age: 'adult',
      agrees: true,
    });
    await person.expectDone();
    // grams may be given to an event only by whoever agreed to their assignment
    await person.open('/me/consents');
    await person.submit('consent_give', { agrees: true });
    await person.expectDone();
    await connect(person, rail, 'metro');
    await connect(person, rail, 'bus');
    await connect(person, bikes, 'shared_bike');
    await connect(person, posts, 'own_ev');
  });

  // nothing from before the consent counts, so the week is lived day by day: each evening’s records are sent on the next morning
  const today = async () => {
    const [, year, month, date] = /(\d{4})\D+(\d{1,2})\D+(\d{1,2})/.exec(await person.today()) ?? [];
    return `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`;
  };
  const days: string[] = [];
  const week = mark();
  let waiting = '';
  await test.step('the operators send the week: once, again, and with a clock that is wrong', async () => {
    let counted = 0;
    for (let number = 0; number < 7; number += 1) {
      const day = await today();
      days.push(day);
      await person.moveClock(1);
      const rides = [
        rail.row('metro', day, `${week}-m1-${number}`, { distance_km: '12.4' }, [10, 30]),
        rail.row('metro', day, `${week}-m2-${number}`, { distance_km: '12.4' }, [50, 30]),
        rail.row('bus', day, `${week}-b-${number}`, { distance_km: '3.2' }, [90, 15]),
      ];
      const sent = await rail.call(`${week}-${number}`, rides);
      expect(sent.status, JSON.stringify(sent.answer)).toBe(200);
      expect(sent.answer.accepted, JSON.stringify(sent.answer)).toBe(3);
      waiting = sent.answer.rows.find((row) => row.accepted?.status === 'review')?.accepted?.activity ?? waiting;
      counted += sent.answer.accepted;
      const again = await rail.call(`${week}-${number}`, rides);
      expect(again.answer).toEqual(sent.answer);
      const anew = await rail.call(`${week}-anew-${number}`, rides);
      expect([anew.answer.accepted, anew.answer.known]).toEqual([0, 3]);
    }
    // without times nobody would see that two operators report one ride; and nothing counts from before the consent
    const before = new Date(Date.parse(`${days[0]}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    const refused = await rail.call(`${week}-refused`, [
      rail.row('metro', days[6]!, `${week}-untimed`, { distance_km: '12.4' }),
      rail.row('metro', before, `${week}-before`, { distance_km: '12.4' }, [10, 30]),
    ]);
    expect(refused.answer.rows.map((row) => row.refused[0]?.code)).toEqual(['trip_times_required', 'activity_before_consent']);
    expect(counted).toBe(21);
    const skewed = await rail.call(`${week}-skewed`, [], 900);
    expect(skewed.status).toBe(401);
    const bike = await bikes.call(`${week}-bike`, [bikes.row('shared_bike', days[5]!, `${week}-bike`, { distance_km: '2.1' }, [120, 20])]);
    expect(bike.answer.accepted, JSON.stringify(bike.answer)).toBe(1);
    const charged = await posts.call(`${week}-ev`, [posts.row('own_ev', days[4]!, `${week}-ev`, { distance_km: '18.5', kwh_per_100km: '14.5' })]);
    expect(charged.answer.accepted, JSON.stringify(charged.answer)).toBe(1);
    expect(waiting, 'a new account is looked at beyond its limit').not.toBe('');
  });

  await test.step('one ride is recorded by hand, with a photo', async () => {
    await person.open('/me/record?scene=shared_bike');
    await person.main.locator('input[name="photo"]').setInputFiles({ name: 'ride.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') });
    await person.submit('activity_record', { distance_km: '1.8' });
    await person.expectRefusedAt('started');
    await person.main.locator('input[name="photo"]').setInputFiles({ name: 'ride.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') });
    await person.submit('activity_record', { distance_km: '1.8', day: days[5]!, started: '02:30', ended: '02:45' });
    await person.expectDone();
    await person.expectText('照片或小票');
  });

  await test.step('what waits says in plain words why, and what can be done', async () => {
    await person.open(`/me/acts/${waiting}`);
    await expect(person.main.getByRole('heading', { name: '为什么这样，您可以怎么做' })).toBeVisible();
    await person.expectText('新账户', '30 天');
  });

  await test.step('an operator declares it void; the person objects once', async () => {
    const operator = await visitors.demo('operator');
    await operator.open('/desk/inclusion');
    const form = operator.main.locator('form[action="/acts/activity_void"]').filter({ has: operator.page.locator(`input[name="about"][value$=".${waiting}"]`) });
    await form.locator('xpath=ancestor::details/summary').click();
    await form.locator('select[name="code"]').selectOption('recorded_twice');
    await operator.press(submitButton(form));
    await operator.expectDone();
    await person.open(`/me/acts/${waiting}`);
    await person.expectText('重复记录', '申诉一次');
    await person.submit('activity_appeal', { text: '' });
    await person.expectRefusedAt('text');
    await person.submit('activity_appeal', { text: '这是两次不同的乘车，订单号不同。' });
    await person.expectDone();
    await person.open(`/me/acts/${waiting}`);
    await person.expectText('申诉已收到');
    await expect(person.form('activity_appeal')).toHaveCount(0);
    await operator.open('/desk/inclusion?queue=appeals');
    const restore = operator.main.locator('form[action="/acts/activity_restore"]').filter({ has: operator.page.locator(`input[name="about"][value$=".${waiting}"]`) });
    await restore.locator('xpath=ancestor::details/summary').click();
    await restore.locator('select[name="code"]').selectOption('decided_wrongly');
    await operator.press(submitButton(restore));
    await operator.expectDone();
    await person.open(`/me/acts/${waiting}`);
    await person.expectText('申诉成立');
    await person.follow(/^\/me\/acts\/[^/]+$/);
    await person.expectText('重新计入');
  });

  await test.step('two days later the acts are settled and points are there', async () => {
    await person.moveClock(1);
    await person.moveClock(1);
    await person.moveClock(1);
    await expect(async () => {
      await person.open('/me/give');
      expect(await figure(person)).toBeGreaterThan(1000);
    }).toPass({ timeout: 60_000 });
    await person.open('/me');
    await person.open('/me/month');
  });

  await test.step('an order in the shop, and a gift', async () => {
    await person.open('/me/give');
    const before = await figure(person);
    await person.submit('gift_give', { campaign: '演示·滨海马拉松碳中和 · 演示·滨海马拉松组委会', points: '100' });
    await person.expectDone();
    await person.open('/me/shop');
    expect(await figure(person)).toBe(before - 100);
    await person.submit('goods_order');
    await person.expectDone();
    await person.open('/me/shop');
    expect(await figure(person)).toBeLessThan(before - 100);
  });
});
