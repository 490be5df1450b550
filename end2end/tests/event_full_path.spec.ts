// The whole way of an event: the worked example of 200 people from its profile to the certificate, to the gram; a marathon of 26,000
// runners by a file, with its report of wrong rows; and what is refused on the way: too late, not covered, a form that is flooded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';
import { submitButton, type Person } from '../people';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

/** The inventory of the worked example, as the methodology has it. */
function workedExample(): string {
  const text = readFileSync(join(__dirname, '../../methodologies/cases/event/ev_1.toml'), 'utf8');
  return text.split('lines = """\n')[1]!.split('"""')[0]!;
}

/** A profile without an inventory. */
const profile = (name: string, from: string, to: string, people: string, kind = 'forum') => ({
  name,
  kind,
  starts_on: from,
  ends_on: to,
  province: '湖北省',
  city: '武汉',
  people,
  'stages.prepare': true,
  'stages.hold': true,
  'stages.close': true,
});

async function begin(organiser: Person, values: ReturnType<typeof profile>): Promise<string> {
  await organiser.open('/desk/events/new?deep=yes');
  await organiser.submit('event_create', values);
  await organiser.expectDone();
  await organiser.expectAt(/^\/desk\/events\/[^/]+$/);
  return new URL(organiser.page.url()).pathname;
}

/** Brings a table as a file. */
async function send(person: Person, act: string, field: string, text: string): Promise<void> {
  const form = person.form(act);
  await form.locator(`input[name="${field}"]`).setInputFiles({ name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await person.press(submitButton(form));
}

test('two hundred people for two days come to 66,713.203664 kg on page, certificate, files and REST', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const name = `测试江城论坛 ${mark()}`;
  const event = await begin(organiser, profile(name, '2025-10-18', '2025-10-19', '200'));
  await organiser.open(`${event}/inventory`);
  // the second form of the page takes tables
  const table = organiser.main.locator('#import form[action="/acts/event_inventory_save"]');
  await table.locator('input[name="lines_file"]').setInputFiles({
    name: 'ev_1.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(workedExample()),
  });
  await organiser.press(submitButton(table));
  await organiser.expectDone();
  await organiser.expectText('66,713.203664');
  await organiser.open(event);
  await organiser.submit('event_account');
  await organiser.expectDone();
  await organiser.expectText('66,713.203664');
  await expect(organiser.form('event_evaluate'), 'nothing is declared before it is covered').toHaveCount(0);

  // 66 t of 67 do not reach, and nothing is retired
  await organiser.open(`${event}/cover`);
  await expectAccessible(organiser.page);
  await expect(organiser.main.locator('.hero-number__value').first()).toHaveText('67');
  const fields = organiser.form('event_retire').locator('input[name^="class."]');
  const suggested = await fields.evaluateAll((all) => all.map((field) => [field.getAttribute('name') ?? '', (field as HTMLInputElement).value]));
  const [first, tonnes] = suggested.find(([, value]) => Number(value) > 0)!;
  await organiser.submit('event_retire', { [first!]: String(Number(tonnes) - 1), confirm: true });
  await expect(organiser.page.locator('#errors')).toContainText('67');
  await expect(organiser.field(first!), 'what was typed is still there').toHaveValue(String(Number(tonnes) - 1));
  await organiser.submit('event_retire', { [first!]: tonnes!, confirm: true });
  await organiser.expectDone();
  await organiser.submit('event_evaluate', { statement: true });
  await organiser.expectDone();
  await organiser.submit('event_publish', { confirm: true });
  await organiser.expectDone();

  await organiser.follow(/^\/events\/E/);
  const address = new URL(organiser.page.url()).pathname;
  const stranger = await visitors.stranger();
  await stranger.open(address);
  await stranger.expectText(name, '实现碳中和', '66,713.203664');
  await stranger.open(`${address}/certificate`);
  await expectAccessible(stranger.page);
  await expect(stranger.main.locator('.certificate__quantity')).toHaveText('67');
  await stranger.expectText('66,713.203664', '核证自愿减排量');
  const request = stranger.page.request;
  const json = await (await request.get(`/api/v1${address}`)).json();
  expect(json.versions[0].total_kg).toBe('66713.203664');
  expect([json.versions[0].tonnes, json.versions[0].counted_tonnes, json.neutral]).toEqual([67, 67, true]);
  const retired = await (await request.get(`/api/v1/retirements/${json.versions[0].units[0].reference}`)).json();
  expect(retired.quantity).toBe(67);
  const page = await request.get(`${address}/evidence.zip`);
  const rest = await request.get(`/api/v1${address}/evidence`);
  expect([page.status(), rest.status()]).toEqual([200, 200]);
  expect((await rest.body()).equals(await page.body()), 'REST and page give the same archive').toBe(true);
});

test('26,000 runners are brought by one file: wrong rows are told by line, the right file is counted', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const event = await begin(organiser, profile(`测试马拉松 ${mark()}`, '2026-02-08', '2026-02-08', '26000', 'sports'));
  const rows = Array.from({ length: 26_000 }, (_, at) => {
    const [mode, origin, km] = [
      ['rail', '北京', ''],
      ['metro', '', '12'],
      ['air', '', '1200'],
      ['walk', '', ''],
    ][at % 4]!;
    return `R${String(at).padStart(5, '0')},${mode},${origin},${km},${at % 4 === 2 ? 1 : 0},1`;
  });
  const header = 'reference,mode,origin,km,nights,meals';
  const wrong = rows.map((row, at) => (at === 7 ? row.replace('R00007', 'R00006') : at === 8 ? row.replace('北京', '某镇') : row));
  await organiser.open(`${event}/attendees`);
  await expectAccessible(organiser.page);
  await send(organiser, 'event_attendees_import', 'attendees_file', `${header}\n${wrong.join('\n')}\n`);
  const report = organiser.page.locator('#errors');
  await expect(report).toContainText('R00006');
  await expect(report).toContainText('某镇');
  await organiser.open(`${event}/attendees`);
  await organiser.expectText('还没有');
  await send(organiser, 'event_attendees_import', 'attendees_file', `${header}\n${rows.join('\n')}\n`);
  await organiser.expectDone();
  const counted = organiser.main.locator('tbody tr td:nth-child(3)');
  await expect(counted).toHaveText(['6,500', '6,500', '6,500', '6,500']);
  await organiser.open(event);
  await organiser.expectText('26,000');
  // 6,500 flights both ways over 1,200 km alone are 1,761.24 t
  const tonnes = Number((await organiser.main.locator('.hero-number__value').first().innerText()).replaceAll(',', ''));
  expect(tonnes).toBeGreaterThan(1_761);
});

test('with a script one sees how far a file has come, and lands on the same page as without @js', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const event = await begin(organiser, profile(`测试会议 ${mark()}`, '2026-02-08', '2026-02-08', '20', 'meeting'));
  await organiser.open(`${event}/attendees`);
  const form = organiser.form('event_attendees_import');
  const says = form.locator('[data-progress] [role="status"]');
  await organiser.page.route('**/acts/event_attendees_import', async (route) => {
    await expect(says).toContainText(/正在上传|逐行核对/);
    await expect(form.locator('progress')).toBeVisible();
    await route.continue();
  });
  await send(organiser, 'event_attendees_import', 'attendees_file', 'reference,mode,origin,km,nights,meals\nR1,metro,,12,0,1\nR2,fly,,1,0,1\n');
  await expect(organiser.page.locator('#errors')).toBeVisible();
  await send(organiser, 'event_attendees_import', 'attendees_file', 'reference,mode,origin,km,nights,meals\nR1,metro,,12,0,1\n');
  await organiser.expectDone();
});

test('an event that ended more than a year ago cannot be neutralised any more', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const event = await begin(organiser, profile(`测试往届年会 ${mark()}`, '2024-05-10', '2024-05-11', '50'));
  await organiser.open(event);
  await organiser.expectText('已逾期');
  await expect(organiser.form('event_account')).toHaveCount(0);
  await expect(organiser.form('event_retire')).toHaveCount(0);
});

test('the form for attendees takes no more than its limit within an hour', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const event = await begin(organiser, profile(`测试沙龙 ${mark()}`, '2027-06-10', '2027-06-10', '100'));
  await organiser.open(`${event}/attendees`);
  await organiser.submit('event_form_set');
  await organiser.expectDone();
  const link = new URL(await organiser.main.locator('.copyable__text').first().innerText()).pathname;
  // sixty people answer, each with a browser of their own: the same form without a picture of it
  const stranger = await visitors.stranger();
  for (let at = 0; at < 60; at += 1) {
    await stranger.page.context().clearCookies();
    const page = await (await stranger.page.request.get(link)).text();
    const form = page.slice(page.indexOf('action="/acts/event_attend"'));
    const hidden = [...form.slice(0, form.indexOf('</form>')).matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)![1]!,
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ]);
    const answer = await stranger.page.request.post('/acts/event_attend', {
      form: { ...Object.fromEntries(hidden), mode: 'metro', km: '12', nights: '0', meals: '1' },
    });
    expect(answer.status()).toBe(200);
  }
  await stranger.open(link);
  await stranger.submit('event_attend', { mode: 'metro', km: '12', nights: '0', meals: '1' });
  await expect(stranger.page.locator('#errors')).toContainText('一小时');
  await organiser.open(`${event}/attendees`);
  await expect(organiser.main.locator('tbody tr td:nth-child(3)').first()).toHaveText('60');
});

test('another organiser is asked, accepts, works on the inventory and is named with the plan', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const event = await begin(organiser, profile(`测试联合论坛 ${mark()}`, '2027-06-10', '2027-06-10', '80'));
  const partner = `测试·联合主办 ${mark()}`;
  const other = await visitors.newcomer(partner, 'event_organiser');
  await organiser.open(`${event}/organisers`);
  await expectAccessible(organiser.page);
  await organiser.submit('event_organiser_invite', { organisation: '没有这个单位' });
  await organiser.expectRefusedAt('organisation');
  await organiser.submit('event_organiser_invite', { organisation: partner });
  await organiser.expectDone();
  await organiser.expectText(partner, '待答复');
  await other.open('/desk/events');
  await other.follow(`${event}/organisers`);
  await other.submit('event_organiser_answer');
  await other.expectDone();
  await other.open(event);
  await expect(other.form('event_plan_publish'), 'what is answered for in public stays with the owner').toHaveCount(0);
  await other.open(`${event}/inventory`);
  await other.submit('event_inventory_save', {
    'line.stage': 'hold',
    'line.activity': '分会场用电',
    'line.quantity': '100',
    'line.unit': 'kWh',
    'line.factor': 'grid_province',
    'line.quality': 'invoiced',
  });
  await other.expectDone();
  await organiser.open(`${event}/inventory`);
  await organiser.expectText('分会场用电');
  await organiser.open(`${event}/organisers`);
  await organiser.submit('event_organiser_end');
  await organiser.expectDone();
  await organiser.expectText('已移除');
});
