// An organiser proves a line by files, names a body of the platform, and the body confirms what it has read. What is not public is named by its
// hash; the page says that the body confirmed only once it has.
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';
import { submitButton, type Person } from '../people';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

const CONTRACT = Buffer.from('%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n');
const METER = Buffer.from('meter,kWh\nvenue,1234\n');

/** A meeting of fifty people that is over. */
const meeting = (name: string) => ({
  name,
  kind: 'meeting',
  starts_on: '2026-02-10',
  ends_on: '2026-02-10',
  province: '湖北省',
  city: '武汉',
  people: '50',
  rail_people: '20',
  rail_km: '500',
  nights: '25',
});

/** Attaches a file to the first line of the inventory. */
async function attach(person: Person, title: string, name: string, buffer: Buffer, open = false): Promise<void> {
  const form = person.form('event_file_add');
  await form.locator('select[name="line"]').selectOption({ index: 1 });
  await form.locator('input[name="title"]').fill(title);
  await form.locator('input[name="is_public"]').setChecked(open);
  await form.locator('input[name="file"]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await person.press(submitButton(form));
}

test('files prove a line, and a body of the platform confirms the statement', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  const name = `测试评价会议 ${mark()}`;
  await organiser.open('/desk/events/new');
  await organiser.submit('event_create', meeting(name));
  await organiser.expectDone();
  const event = new URL(organiser.page.url()).pathname;

  await organiser.follow(`${event}/files`);
  await expectAccessible(organiser.page);
  await attach(organiser, '网页', 'page.pdf', Buffer.from('<html><script>alert(1)</script></html>'));
  await organiser.expectRefusedAt('file');
  await attach(organiser, '场地合同', 'contract.pdf', CONTRACT);
  await organiser.expectDone();
  await attach(organiser, '电表读数', 'meter.csv', METER, true);
  await organiser.expectDone();
  await attach(organiser, '误传', 'wrong.csv', Buffer.from('a,b\n1,2\n'));
  await organiser.expectDone();
  await organiser.expectText('场地合同', '电表读数', '误传');
  const wrong = organiser.main.locator('tbody tr', { hasText: '误传' });
  await organiser.press(submitButton(wrong.locator('form[action="/acts/event_file_remove"]')));
  await organiser.expectDone();
  await expect(organiser.main.locator('tbody tr')).toHaveCount(2);

  await organiser.open(event);
  await organiser.submit('event_account');
  await organiser.expectDone();
  await organiser.open(`${event}/cover`);
  await organiser.submit('event_retire', { confirm: true });
  await organiser.expectDone();
  await organiser.open(event);
  await organiser.submit('event_evaluate', { evaluation: 'body', statement: true });
  await organiser.expectRefusedAt('evaluator');
  await organiser.submit('event_evaluate', { evaluation: 'body', evaluator_body: '演示·东海审定与核查中心', statement: true });
  await organiser.expectDone();
  await organiser.expectText('演示·东海审定与核查中心', '待答复');

  // the body: among its tasks, with everything that the statement rests on
  const body = await visitors.demo('vvb1');
  await body.open('/inbox');
  const reading = event.replace('/desk/events/', '/desk/evaluations/');
  await body.follow(reading);
  await expectAccessible(body.page);
  await body.expectText(name, '场地合同', '电表读数');
  const pack = await body.page.request.get(`${reading}/evidence.zip`);
  expect(pack.status()).toBe(200);
  expect((await pack.body()).includes(CONTRACT), 'every file is in its archive').toBe(true);
  await body.submit('event_evaluation_confirm', { opinion: '凭证齐全，同意。' });
  await body.expectRefusedAt('statement');
  await expect(body.form('event_evaluation_confirm').locator('[name="opinion"]')).toHaveValue('凭证齐全，同意。');
  await body.submit('event_evaluation_confirm', { statement: true });
  await body.expectDone();
  await body.expectText('已确认');
  await expect(body.form('event_evaluation_confirm'), 'once').toHaveCount(0);

  await organiser.open(event);
  await organiser.expectText('凭证齐全，同意。');
  await organiser.submit('event_publish', { confirm: true });
  await organiser.expectDone();
  await organiser.follow(/^\/events\/E/);
  const address = new URL(organiser.page.url()).pathname;

  const stranger = await visitors.stranger();
  await stranger.open(address);
  await expectAccessible(stranger.page);
  await stranger.expectText('在本平台确认', '凭证齐全，同意。', '场地合同', '电表读数');
  const links = stranger.main.locator('#evidence a[href^="/attachments/"]');
  await expect(links, 'only what the organiser opened may be had').toHaveCount(1);
  const given = await stranger.page.request.get((await links.first().getAttribute('href'))!);
  expect((await given.body()).equals(METER)).toBe(true);
  const archive = await (await stranger.page.request.get(`${address}/evidence.zip`)).body();
  expect([archive.includes(METER), archive.includes(CONTRACT)]).toEqual([true, false]);
  await organiser.open(`${event}/files`);
  await expect(organiser.form('event_file_remove'), 'what is published stays').toHaveCount(0);
});
