// Two calculations side by side, with and without scripts; and long calculations, which run away from the page.
import { writeFileSync } from 'node:fs';
import { type Page } from '@playwright/test';
import { expect, scriptsRun, test } from '../fixtures';

const WIND = 'CCER-01-002-V01/ex-ante';
const PLANTED = 'CCER-14-001-V01/ex-ante';
const MEASURED = 'CCER-14-001-V01/ex-post';

test('one input under another factor set shows the steps that depend on it and nothing else', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open(`/calculators/${WIND}?example=1`);
  await stranger.press(stranger.main.locator('button[formaction="/compare"]'));
  await expect(stranger.main.locator('.notice')).toBeVisible();
  expect(await stranger.main.locator('#result').count(), 'the same input twice has no differences').toBe(0);

  await stranger.press(stranger.main.locator('button[name="second.factor_set"]').last());
  const result = stranger.main.locator('#result');
  await expect(result.locator('.hero-number__value')).toHaveCount(3);
  await expect(result.locator('.hero-number__value').nth(2)).toHaveText(/^[+−][\d,]+$/);
  const symbols = await result.locator('tbody th i').allInnerTexts();
  expect(symbols).toContain('BE_y');
  expect(symbols.filter((symbol) => symbol.startsWith('EG_')), 'electricity does not depend on the factor').toEqual([]);
  await expect(result.locator('table').last()).toContainText('grid.');
});

test('what is wrong is said on its own side', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open(`/compare?calculator=${WIND}&example=1`);
  const form = stranger.main.locator('#compare');
  await stranger.fill({ 'second.capacity_mw': 'many' }, form);
  await stranger.press(form.locator('.act-form__buttons button[type="submit"]'));
  await expect(stranger.main.locator('[data-error-for="second.capacity_mw"]')).toBeVisible();
  await expect(stranger.main.locator('[data-error-for="first.capacity_mw"]')).toBeHidden();
  await expect(stranger.main.locator('#errors')).toBeVisible();
});

test('a comparison begins with a choice of calculators', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/compare');
  await stranger.follow(`/compare?calculator=${PLANTED}`);
  await expect(stranger.main.locator('#compare')).toBeVisible();
});

/** A file on disk: given as a buffer it would pass through the page's own main thread, which these tests watch. */
function written(name: string, input: unknown): string {
  const path = test.info().outputPath(name);
  writeFileSync(path, JSON.stringify(input));
  return path;
}

/** A thousand strata over forty years, as the file that the command line and REST take. */
function strataFile(count: number): string {
  const strata = Array.from({ length: count }, (_, number) => ({
    name: `S${number}`,
    area_ha: `${5 + (number % 90)}.25`,
    species: 'chinese_pine',
    planting_year: String(2012 + (number % 9)),
    density_per_ha: '1650',
    curve: 'built_in',
  }));
  const input = {
    as_of: '2026-06-30',
    climate: 'temperate',
    crediting_from: '2021-01-01',
    crediting_to: '2060-12-31',
    project_start: '2012-03-10',
    include_dead_wood: 'no',
    include_litter: 'no',
    include_soc_project: 'no',
    strata,
  };
  return written(`strata-${count}.json`, input);
}

/** A hundred thousand measured trees, as the same kind of file. */
function treesFile(count: number): string {
  const trees = ['plot,species,dbh_cm,height_m'];
  const plots = ['plot,stratum,area_m2'];
  for (let number = 0; number < count; number += 1) {
    const plot = Math.floor(number / 500);
    if (number % 500 === 0) {
      plots.push(`P${plot},S1,10000`);
    }
    const [diameter, height] = [50 + ((number * 7) % 251), 30 + ((number * 13) % 171)];
    trees.push(`P${plot},masson_pine,${diameter / 10},${height / 10}`);
  }
  const input = {
    as_of: '2026-06-30',
    climate: 'temperate',
    equations: [
      { species: 'masson_pine', kind: 'volume', source: 'DB52/T 703-2011', a_millionths: '62.341803', b: '1.8551497', c: '0.95682492' },
    ],
    include_dead_wood: 'no',
    include_litter: 'no',
    include_soc_project: 'no',
    period_from: '2021-06-08',
    period_to: '2026-03-24',
    measured_on: '2026-03-24',
    project_start: '2015-02-20',
    strata: [{ name: 'S1', area_ha: '5000', species: 'masson_pine', planting_year: '2015', density_per_ha: '1667' }],
    plots: plots.join('\n'),
    trees: trees.join('\n'),
  };
  return written(`trees-${count}.json`, input);
}

/** Begins to write down every task of the page's main thread that lasts longer than 50 ms. */
async function watchLongTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { longTasks: seen });
    new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({
      entryTypes: ['longtask'],
    });
  });
  return () => page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
}

for (const [code, file, what] of [
  [PLANTED, () => strataFile(1_000), 'a thousand strata over forty years'],
  [MEASURED, () => treesFile(100_000), 'a hundred thousand trees'],
] as const) {
  test(`${what} are calculated away from the page @js`, async ({ visitors }) => {
    const stranger = await visitors.stranger();
    await stranger.open(`/calculators/${code}`);
    const { page } = stranger;
    await expect(page.locator('.live__note[data-hydrated="true"]')).toBeVisible();
    await page.locator('#calculator > details > summary').first().click();
    const longTasks = await watchLongTasks(page);
    await page.locator('[name="file.input_file"]').setInputFiles(file());
    const value = page.locator('#calculator-result .hero-number__value');
    await expect(value).toHaveText(/^[\d,]+$/, { timeout: 60_000 });
    await expect(page.locator('#calculator[data-computing]')).toHaveCount(0);
    await expect(page.locator('#calculator-result details')).toBeAttached();
    expect(page.workers(), 'the calculation has a worker of its own').toHaveLength(1);
    // a timing is measured, not tested: it would judge the machine. The aim is an empty list
    console.log(`    tasks of the page longer than 50 ms: [${(await longTasks()).join(', ')}] ms`);
  });
}

test('a long calculation shows how far it is and can be stopped @js', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open(`/calculators/${MEASURED}`);
  const { page } = stranger;
  await expect(page.locator('.live__note[data-hydrated="true"]')).toBeVisible();
  await page.locator('#calculator > details > summary').first().click();
  await page.locator('[name="file.input_file"]').setInputFiles(treesFile(100_000));
  const running = page.locator('#calculator-result-running');
  await expect(running).toBeVisible();
  await running.locator('button').click();
  await expect(running).toBeHidden();
  await expect(page.locator('#calculator-result .hero-number__value')).toHaveCount(0);
  // a smaller file is calculated afterwards: the worker was begun anew
  await page.locator('[name="file.input_file"]').setInputFiles(treesFile(3_000));
  await expect(page.locator('#calculator-result .hero-number__value')).toHaveText(/^[\d,]+$/, { timeout: 60_000 });
});

test('without scripts the server calculates a file when the form is sent @nojs', async ({ visitors }) => {
  expect(scriptsRun()).toBe(false);
  const stranger = await visitors.stranger();
  await stranger.open(`/calculators/${MEASURED}`);
  await stranger.page.locator('#calculator > details > summary').first().click();
  await stranger.page.locator('[name="file.input_file"]').setInputFiles(treesFile(3_000));
  await stranger.press(stranger.main.locator('#calculator .act-form__buttons button').first());
  await expect(stranger.page.locator('#calculator-result .hero-number__value')).toHaveText(/^[\d,]+$/);
});

test('a table with mistakes is reported line by line', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open(`/calculators/${MEASURED}?example=1`);
  const form = stranger.main.locator('#calculator');
  if (scriptsRun()) {
    await expect(stranger.page.locator('.live__note[data-hydrated="true"]')).toBeVisible();
  }
  await stranger.fill({ trees: 'plot,species,dbh_cm,height_m\nP01,chinese_fir,ten,8\n' }, form);
  if (scriptsRun()) {
    await expect(stranger.page.locator('#calculator-result .live__errors li').first()).toContainText('2');
  } else {
    await stranger.press(form.locator('.act-form__buttons button').first());
    await expect(stranger.main.locator('[data-error-for="trees"]')).toContainText('2');
  }
});
