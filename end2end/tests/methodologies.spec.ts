// Methodologies without an account: the catalogue, one methodology with its formulas, one formula tried alone, and the
// pre-check whose answers are in the address.
import { expect, test } from '../fixtures';

const COMPLETE = ['CCER-01-001-V01', 'CCER-01-002-V01', 'CCER-14-001-V01', 'CCER-14-002-V01'];

test('every complete methodology shows its formulas typeset, with clause, symbols and a way to try each', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  for (const code of COMPLETE) {
    await stranger.open('/methodologies?lang=zh');
    await stranger.follow(`/methodologies/${code}`);
    const formulas = stranger.main.locator('.formula-card');
    expect(await formulas.count()).toBeGreaterThan(5);
    expect(await stranger.main.locator('.formula-card .formula > math').count()).toBe(await formulas.count());
    expect(await stranger.main.locator('.formula-card a[href*="/formulas/"]').count()).toBe(await formulas.count());
    await stranger.expectText('适用条件', '公式', '监测', code);
    // a formula that is too wide scrolls in its own box, not the page
    const wider = await stranger.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider).toBe(0);
  }
});

test('a formula tried alone shows its step, and what is wrong at its field', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/methodologies/CCER-01-002-V01/formulas/baseline-emissions?lang=zh');
  const form = stranger.main.locator('#try form');
  await stranger.fill({ eg: '1,655,202', ef_cm: '很多' }, form);
  await stranger.press(form.locator('button[type="submit"]'));
  await expect(stranger.page.locator('#field-ef_cm-error')).toBeVisible();
  await expect(stranger.field('eg').first()).toHaveValue('1,655,202');
  await stranger.fill({ ef_cm: '0.48595' }, stranger.main.locator('#try form'));
  await stranger.press(stranger.main.locator('#try form button[type="submit"]'));
  await expect(stranger.main.locator('#result .hero-number__value')).toHaveText('804,345.4119');
  await expect(stranger.main.locator('#result')).toContainText('CCER-01-002-V01 (1)');

  const friend = await visitors.stranger();
  await friend.open(stranger.page.url());
  await expect(friend.main.locator('#result .hero-number__value')).toHaveText('804,345.4119');
});

test('a pre-check says what is not met, why, and what would change it; its address can be shared', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/precheck/CCER-14-001-V01?lang=zh');
  await stranger.expectText('请', '证据', '假定');
  const form = stranger.main.locator('form.beside__form');
  await stranger.fill({ smallest_plot_m2: '500', construction_start: '2019-12-31', crediting_from: '2020-09-22' }, form);
  await stranger.press(form.locator('.act-form__buttons button[type="submit"]'));
  const result = stranger.main.locator('#result');
  await expect(result).toContainText('最小地块 500 m²，应不小于 667 m²');
  await expect(result).toContainText('把计入期首日改为 2020-09-23 或以后');
  await expect(result).toContainText('怎样改变');
  await expect(result).toContainText('还需要');

  const friend = await visitors.stranger();
  await friend.open(`${stranger.page.url().split('#')[0]}&lang=en`);
  await expect(friend.main.locator('#result')).toContainText('What would change it');
  await expect(friend.field('smallest_plot_m2').first()).toHaveValue('500');

  await stranger.fill({ smallest_plot_m2: '半公顷' }, stranger.main.locator('form.beside__form'));
  await stranger.press(stranger.main.locator('form.beside__form .act-form__buttons button[type="submit"]'));
  await expect(stranger.page.locator('#field-smallest_plot_m2-error')).toBeVisible();
});

test('the number of plots is planned before anybody measures', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/calculators?lang=zh');
  await stranger.follow('/calculators/CCER-14-001-V01/sample-size');
  await stranger.follow('/calculators/CCER-14-001-V01/sample-size?example=1');
  const number = stranger.main.locator('#result .hero-number__value');
  await expect(number).toHaveText('32');
  await expect(stranger.main.locator('#result')).toContainText('30.0669');
  const form = stranger.main.locator('#sample-size');
  const submit = form.locator('.act-form__buttons button[type="submit"]');
  await stranger.fill({ error_percent: '15' }, form);
  await stranger.press(submit);
  await expect(number).toHaveText('14');
  await stranger.fill({ 'strata.0.deviation': '很大' }, form);
  await stranger.press(submit);
  await expect(stranger.main.locator('[data-error-for="strata.0.deviation"]')).toBeVisible();
  await expect(number).toHaveCount(0);
});

test.describe('an address that does not exist', () => {
  test.use({ expectedProblems: [/status of 404/] });

  test('what is not there says so', async ({ visitors }) => {
    const stranger = await visitors.stranger();
    for (const address of ['/methodologies/CCER-99-001-V01', '/methodologies/CCER-01-002-V01/formulas/none', '/precheck/none']) {
      const response = await stranger.open(address);
      expect(response?.status(), address).toBe(404);
    }
    await stranger.open('/methodologies/CCER-10-003-V01?lang=zh');
    await stranger.expectText('不能用于申报');
  });
});
