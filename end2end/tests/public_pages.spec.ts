// What anyone may read: light pages, lists whose filters are in the address, pages of lists, the same data as CSV and JSON.
import { expect, scriptsRun, test } from '../fixtures';
import { type Person } from '../people';

/** Addresses of WebAssembly that a person's pages ask for from now on. */
function wasmAskedBy(person: Person): string[] {
  const asked: string[] = [];
  person.page.on('request', (request) => {
    if (/\.wasm(\?|$)|\/pkg\//.test(request.url())) {
      asked.push(request.url());
    }
  });
  return asked;
}

test('pages for reading bring no WebAssembly until something on them asks for it', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  const asked = wasmAskedBy(stranger);
  for (const address of ['/', '/projects', '/statistics', '/methodologies', '/retirements', '/serials', '/calculators', '/help', '/sign-in', '/sign-up']) {
    await stranger.open(address);
  }
  await stranger.open('/projects?tab=registered');
  await stranger.follow(/^\/projects\/[A-Z]\d{6}$/);
  await stranger.follow(/^\/reports\//);
  await stranger.open('/retirements');
  await stranger.follow(/^\/retirements\/[^/?]+$/);
  expect(asked, 'nothing asked for WebAssembly').toEqual([]);
  if (scriptsRun()) {
    await stranger.page.locator('#check a[data-check-file]').click();
    await expect(stranger.page.locator('#check .check__passed')).toBeVisible();
    expect(asked.filter((url) => /\.wasm/.test(url))).toHaveLength(1);
  }
});

test('a calculator answers while one types with scripts, and when sent without', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/calculators/CCER-01-002-V01/ex-ante?example=1');
  const result = stranger.page.locator('#calculator-result');
  await expect(result.locator('.hero-number__value')).toHaveText(/^[\d,]+$/);
  const before = await result.locator('.hero-number__value').innerText();
  const form = stranger.main.locator('#calculator');
  if (scriptsRun()) {
    await expect(stranger.page.locator('.live__note[data-hydrated="true"]')).toBeVisible();
    await stranger.fill({ export_mwh_per_year: '1,000,000' }, form);
  } else {
    await stranger.fill({ export_mwh_per_year: '1,000,000' }, form);
    await stranger.press(form.locator('.act-form__buttons button[type="submit"]:not([name])'));
    expect(new URL(stranger.page.url()).searchParams.get('export_mwh_per_year')).toBe('1,000,000');
  }
  await expect(result.locator('.hero-number__value')).not.toHaveText(before);
  await expect(result.locator('.hero-number__value')).toHaveText(/^[\d,]+$/);
});

test('filters are in the address: the list can be shared as it is shown', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/projects');
  const all = await stranger.main.locator('tbody tr').count();
  expect(all).toBeGreaterThan(3);
  const form = stranger.main.locator('form.filters');
  await stranger.fill({ methodology: 'CCER-01-001-V01' }, form);
  await stranger.press(form.locator('button[type="submit"]'));
  expect(new URL(stranger.page.url()).searchParams.get('methodology')).toBe('CCER-01-001-V01');
  const solar = await stranger.main.locator('tbody tr').count();
  expect(solar).toBeGreaterThan(0);
  expect(solar).toBeLessThan(all);

  const friend = await visitors.stranger();
  await friend.open(stranger.page.url());
  await expect(friend.main.locator('tbody tr')).toHaveCount(solar);
  await expect(friend.field('methodology').first()).toHaveValue('CCER-01-001-V01');

  await stranger.fill({ q: '没有这样的项目' }, form);
  await stranger.press(form.locator('button[type="submit"]'));
  await expect(stranger.main.locator('tbody tr')).toHaveCount(0);
  await stranger.expectText('没有符合条件的记录');
});

test('the same rows are there as CSV and as JSON', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/projects?tab=registered');
  const rows = await stranger.main.locator('tbody tr').count();
  const csv = await stranger.page.request.get((await stranger.main.locator('a[href^="/projects.csv"]').getAttribute('href')) ?? '');
  expect(csv.headers()['content-type']).toContain('text/csv');
  const lines = (await csv.text()).trim().split(/\r?\n/);
  expect(lines[0].replace(/^\uFEFF/, '')).toContain('id,code,name,owner');
  expect(lines.length - 1).toBe(rows);
  const json = await stranger.page.request.get((await stranger.main.locator('a[href^="/api/v1/projects"]').getAttribute('href')) ?? '');
  expect(json.status()).toBe(200);
  const answer = (await json.json()) as { items?: unknown[] };
  expect(answer.items?.length).toBe(rows);
  await stranger.open('/retirements');
  const list = await stranger.page.request.get((await stranger.main.locator('a[href^="/retirements.csv"]').getAttribute('href')) ?? '');
  expect(list.status()).toBe(200);
});

test('a long list has pages that begin after a key, and a way back to the first', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  await operator.open('/desk/projects');
  const next = operator.main.locator('.table__pages a[rel="next"]');
  if ((await next.count()) > 0) {
    const first = await operator.main.locator('tbody tr').first().innerText();
    await operator.press(next);
    expect(await operator.main.locator('tbody tr').first().innerText()).not.toBe(first);
  }
  const stranger = await visitors.stranger();
  // beyond the end there is nothing, and a way back
  await stranger.open('/retirements?after=0');
  await stranger.expectText(/\S/);
  await stranger.follow(/^\/retirements(\?lang=\w+)?$/);
  await expect(stranger.main.locator('tbody tr').first()).toBeVisible();
});

test.describe('what is not there', () => {
  test.use({ expectedProblems: [/status of 404/] });

  test('is said so in both languages', async ({ visitors }) => {
    const stranger = await visitors.stranger();
    for (const address of ['/nowhere', '/projects/A219999', '/classes/none', '/reports/none']) {
      const response = await stranger.open(`${address}?lang=zh`);
      expect(response?.status(), address).toBe(404);
      await stranger.expectText('没有找到');
      await stranger.open(`${address}?lang=en`);
      await stranger.expectText('There is no such page');
    }
    // who has a paper in hand learns whether its number was copied wrongly or never given
    for (const [number, why] of [
      ['HTR-1999-000001-1', '格式或校验位不对'],
      ['HTR-1999-000001-2', '没有开出过这个编号'],
    ]) {
      const response = await stranger.open(`/retirements/${number}?lang=zh`);
      expect(response?.status(), number).toBe(404);
      await stranger.expectText('没有这份凭证');
      await stranger.expectText(why);
    }
    const response = await stranger.open('/serials/HT-X-1?lang=zh');
    expect(response?.status()).toBe(404);
    await stranger.expectRefusedAt('q');
    await expect(stranger.field('q')).toHaveValue('HT-X-1');
  });
});
