// The five-minute path of an event: a few numbers, an account, units from the holdings, a declaration, a certificate on the wall.
// Page, certificate, spreadsheet and REST say the same tonnes.
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

/** A meeting of fifty people. */
const meeting = (name: string, day: string) => ({
  name,
  kind: 'meeting',
  starts_on: day,
  ends_on: day,
  province: '湖北省',
  city: '武汉',
  people: '50',
  rail_people: '20',
  rail_km: '500',
  air_people: '5',
  air_km: '1200',
  nights: '25',
});

test('a meeting that is over gets its certificate in five minutes', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const name = `测试会议 ${mark()}`;
  await organiser.open('/desk/events/new');
  await organiser.submit('event_create', { ...meeting(name, '2026-02-10'), name: '' });
  await organiser.expectRefusedAt('name');
  await expect(organiser.field('rail_km')).toHaveValue('500');
  await organiser.submit('event_create', { name });
  await organiser.expectDone();
  await organiser.expectAt(/^\/desk\/events\/[^/]+$/);
  await organiser.expectText('活动前没有公布实施计划');
  const event = new URL(organiser.page.url()).pathname;
  const needed = (await organiser.main.locator('.hero-number__value').first().innerText()).trim();
  expect(Number(needed)).toBeGreaterThan(3);

  await organiser.submit('event_account');
  await organiser.expectDone();
  await organiser.expectText('已核算');
  await organiser.open(`${event}/cover`);
  await expect(organiser.main.locator('.hero-number__value').first()).toHaveText(needed);
  await organiser.submit('event_retire');
  await organiser.expectRefusedAt('confirm');
  await organiser.submit('event_retire', { confirm: true });
  await organiser.expectDone();
  await organiser.expectAt(event);
  await organiser.submit('event_evaluate', { statement: true });
  await organiser.expectDone();
  await organiser.submit('event_publish', { confirm: true });
  await organiser.expectDone();

  await organiser.follow(/^\/events\/E/);
  const address = new URL(organiser.page.url()).pathname;
  const stranger = await visitors.stranger();
  await stranger.open(address);
  await stranger.expectText(name, '实现碳中和', needed);
  await stranger.follow(`${address}/certificate`);
  await expect(stranger.main.locator('.certificate__quantity')).toHaveText(needed);
  await expect(stranger.main.locator('svg.qr')).toBeVisible();

  const request = stranger.page.request;
  const json = await (await request.get(`/api/v1${address}`)).json();
  expect(json.neutral).toBe(true);
  expect(String(json.versions[0].tonnes)).toBe(needed);
  expect(json.versions[0].counted_tonnes).toBe(json.versions[0].tonnes);
  const retirement = await (await request.get(`/api/v1/retirements/${json.versions[0].units[0].reference}`)).json();
  expect(retirement.quantity).toBe(json.versions[0].tonnes);
  const badge = await (await request.get(`${address}/badge.svg`)).text();
  expect(badge).toContain(needed);
  for (const [file, begins] of [
    ['report.pdf', '%PDF'],
    ['report.xlsx', 'PK'],
    ['evidence.zip', 'PK'],
  ]) {
    const answer = await request.get(`${address}/${file}`);
    expect(answer.status(), file).toBe(200);
    expect((await answer.body()).subarray(0, begins.length).toString(), file).toBe(begins);
  }
});

test('a plan is published before the event, and an attendee answers by link', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const name = `测试论坛 ${mark()}`;
  await organiser.open('/desk/events/new');
  await organiser.submit('event_create', meeting(name, '2027-06-10'));
  await organiser.expectDone();
  const event = new URL(organiser.page.url()).pathname;
  await expect(organiser.form('event_account')).toHaveCount(0);
  await organiser.submit('event_plan_publish', { confirm: true });
  await organiser.expectDone();
  await organiser.expectText('计划已公布');

  await organiser.open(`${event}/attendees`);
  await organiser.submit('event_form_set');
  await organiser.expectDone();
  const link = await organiser.main.locator('.copyable__text').first().innerText();
  const stranger = await visitors.stranger();
  await stranger.open(new URL(link).pathname);
  await stranger.submit('event_attend', {});
  await stranger.expectRefusedAt('mode');
  await stranger.submit('event_attend', { mode: 'rail', origin: '北京', nights: '1' });
  await stranger.expectDone();
  await stranger.expectText('已收到');
  await expect(stranger.field('nights')).toHaveValue('1');
  await stranger.submit('event_attend', { nights: '2' });
  await stranger.expectDone();
  await organiser.open(`${event}/attendees`);
  const row = organiser.main.locator('tbody tr').first();
  await expect(row.locator('td').nth(1), 'one answer, changed and not doubled').toHaveText('1');
  await expect(row.locator('td').nth(3)).toHaveText('2');
});

test('a supplier answers by link, and the organiser takes the line into the inventory once', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  await organiser.open('/desk/events/new');
  await organiser.submit('event_create', meeting(`测试年会 ${mark()}`, '2027-06-10'));
  await organiser.expectDone();
  const event = new URL(organiser.page.url()).pathname;
  await organiser.open(`${event}/suppliers`);
  await expectAccessible(organiser.page);
  await organiser.submit('event_supplier_add', { name: '测试会展中心' });
  await organiser.expectRefusedAt('classes.fossil_fixed');
  await organiser.submit('event_supplier_add', { name: '测试会展中心', 'classes.electricity': true });
  await organiser.expectDone();
  const link = await organiser.main.locator('.copyable__text').first().innerText();

  const supplier = await visitors.stranger();
  await supplier.open(new URL(link).pathname);
  await expectAccessible(supplier.page);
  await supplier.submit('event_supply', { 'line.activity': '主会场用电', 'line.quantity': '-1', 'line.unit': 'kWh' });
  await supplier.expectRefusedAt('line.quantity');
  await supplier.submit('event_supply', { 'line.quantity': '1200' });
  await supplier.expectDone();
  await supplier.expectText('待处理');

  await organiser.open(`${event}/suppliers`);
  await organiser.submit('event_supply_decide', { factor: 'grid_province' });
  await organiser.expectDone();
  await organiser.expectText('已采纳');
  await organiser.open(`${event}/inventory`);
  await organiser.expectText('主会场用电');
  await supplier.page.reload();
  await supplier.expectText('已采纳');
});
