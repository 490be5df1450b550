// A stranger checks a certificate: on its page, and from its file; with scripts in the browser, without them on the server. What was
// altered says so.
import { expect, scriptsRun, test } from '../fixtures';
import { type Person } from '../people';

const CHECKS = 9;

/** Opens the newest certificate of the demo world; its address. */
async function newest(stranger: Person): Promise<string> {
  await stranger.open('/retirements');
  await stranger.follow(/^\/retirements\/[^/?]+$/);
  return new URL(stranger.page.url()).pathname;
}

/** Hands a certificate file to the page of checks. */
async function hand(stranger: Person, text: string): Promise<void> {
  await stranger.open('/check');
  await stranger.page.locator('#certificate-file').setInputFiles({ name: 'certificate.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  if (!scriptsRun()) {
    await stranger.press(stranger.main.locator('.check__form button[type="submit"]'));
  }
  await expect(stranger.page.locator('[data-check-answer]')).toHaveAttribute('data-checked', scriptsRun() ? 'browser' : 'server');
}

/** The questions that failed. */
async function failed(stranger: Person): Promise<string[]> {
  const lines = stranger.page.locator('[data-check-answer] .check__line--failed');
  return lines.evaluateAll((all) => all.map((line) => line.getAttribute('data-finding') ?? ''));
}

test('a certificate is checked on its page', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await newest(stranger);
  await expect(stranger.main.locator('.certificate__code svg')).toBeVisible();
  await stranger.page.locator('#check a[data-check-file]').click();
  const answer = stranger.page.locator('[data-check-answer]');
  await expect(answer).toHaveAttribute('data-checked', scriptsRun() ? 'browser' : 'server');
  await expect(answer.locator('.check__lines li').filter({ hasText: '✓' })).toHaveCount(CHECKS);
});

test('a file is checked, and each alteration of it is found', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  const certificate = await newest(stranger);
  const file = await (await stranger.page.request.get(`${certificate}/certificate.json`)).text();
  await hand(stranger, file);
  expect(await failed(stranger)).toEqual([]);
  await expect(stranger.page.locator('.check__passed')).toBeVisible();

  const altered = (change: (parts: Record<string, string>) => void): string => {
    const parts = JSON.parse(file) as Record<string, string>;
    change(parts);
    return JSON.stringify(parts);
  };
  // another holder
  await hand(stranger, altered((parts) => (parts.statement = parts.statement.replace('"holder":"', '"holder":"某'))));
  expect(await failed(stranger)).toEqual(['entry', 'ledger']);
  // another entry of the log
  await hand(stranger, altered((parts) => (parts.entry = parts.entry.replace(/"hash":"./, '"hash":"x'))));
  expect(await failed(stranger)).toEqual(['inclusion']);
  // another head
  await hand(stranger, altered((parts) => (parts.head = parts.head.replace('time ', 'time 1'))));
  expect(await failed(stranger)).toEqual(['signature']);
  // something else
  await hand(stranger, '{"format":"other"}');
  expect(await failed(stranger)).toEqual(['form']);
  await expect(stranger.page.locator('.check__failed')).toBeVisible();
});

test.describe('without a connection', () => {
  test.use({ expectedProblems: [/evidence|certificate\.json|ERR_FAILED|status of (404|429|503)/] });

  test('a file is checked as far as it can be @js', async ({ visitors }) => {
    const stranger = await visitors.stranger();
    const certificate = await newest(stranger);
    const file = await (await stranger.page.request.get(`${certificate}/certificate.json`)).text();
    await stranger.page.route('**/evidence?*', (route) => route.abort());
    await hand(stranger, file);
    const lines = stranger.page.locator('[data-check-answer] li');
    // the page knows the keys of the log
    await expect(lines.filter({ hasText: '✓' })).toHaveCount(6);
    await expect(lines.filter({ hasText: '–' })).toHaveCount(3);
    await expect(stranger.page.locator('.check__passed')).toBeVisible();
    await expect(stranger.page.locator('.check__unanswered')).toContainText('没有连上');
    // what the file states is shown, to be compared with the paper
    const number = certificate.split('/').at(-1) ?? '';
    await expect(stranger.page.locator('[data-fact="number"]')).toHaveText(number);
  });

  test('what happened is said where the registry does not answer @js', async ({ visitors }) => {
    const stranger = await visitors.stranger();
    const certificate = await newest(stranger);
    const file = await (await stranger.page.request.get(`${certificate}/certificate.json`)).text();
    for (const [status, said] of [
      [429, '次数太多'],
      [503, '没有回答'],
    ] as const) {
      await stranger.page.route('**/evidence?*', (route) => route.fulfill({ status, body: 'busy' }));
      await hand(stranger, file);
      await expect(stranger.page.locator('.check__unanswered')).toContainText(said);
      await stranger.page.unroute('**/evidence?*');
      // an answer that is no file is not called an altered certificate
      await stranger.open(certificate);
      await stranger.page.route('**/certificate.json', (route) => route.fulfill({ status, body: 'busy' }));
      await stranger.page.locator('#check a[data-check-file]').click();
      await expect(stranger.page.locator('[data-check-answer]')).toContainText(said);
      await expect(stranger.page.locator('.check__failed')).toHaveCount(0);
      await stranger.page.unroute('**/certificate.json');
    }
  });

  test('a file that the registry does not know is wrong @js', async ({ visitors }) => {
    const stranger = await visitors.stranger();
    const file = await (await stranger.page.request.get(`${await newest(stranger)}/certificate.json`)).text();
    await stranger.page.route('**/evidence?*', (route) => route.fulfill({ status: 404, body: '{}' }));
    await hand(stranger, file);
    expect(await failed(stranger)).toEqual(['ledger']);
    await expect(stranger.page.locator('.check__failed')).toBeVisible();
  });
});

test('the PDF is named as one and says where the file is', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await hand(stranger, '%PDF-1.7\n');
  await expect(stranger.page.locator('.check__undecided')).toContainText('PDF');
  expect(await failed(stranger)).toEqual([]);
  await expect(stranger.page.locator('[data-finding="form"]')).toContainText('附件');
  await expect(stranger.page.locator('#certificate-file')).toHaveAttribute('accept', /\.pdf/);
});

test('the public log is shown, and the script to follow it can be taken along', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/log');
  await expect(stranger.main.locator('#entries tbody tr').first()).toBeVisible();
  const script = await stranger.page.request.get('/log/follow-log.mjs');
  expect(script.status()).toBe(200);
  expect(await script.text()).toContain('c2sp.org/tlog-checkpoint');
});

test('an operator sees that every tonne is somewhere', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  await operator.open('/desk/audit');
  const rows = operator.main.locator('#conservation tbody tr');
  expect(await rows.count()).toBeGreaterThan(3);
  await expect(rows.filter({ hasText: '守恒' })).toHaveCount(await rows.count());
});
