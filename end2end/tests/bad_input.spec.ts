// Whatever is typed: a sentence at the field or a clear refusal, nothing half-written, and what was typed stays.
// This spec begins with records of the demo world that are in publicity: it comes before those that move its clock.
import { createProject, DESIGN, fillSection } from '../documents';
import { expect, test } from '../fixtures';
import { submitButton, type Person, type Values } from '../people';

/** What is typed, and what the sentence at the field must say. */
type Cases = Record<string, [typed: string, says: string]>;

/** Sends values that are refused: each has its sentence at its field, and each is still there. */
async function expectRefused(person: Person, act: string, cases: Cases, others: Values = {}): Promise<void> {
  const typed = Object.fromEntries(Object.entries(cases).map(([name, [value]]) => [name, value]));
  await person.submit(act, { ...others, ...typed });
  for (const [name, [value, says]] of Object.entries(cases)) {
    await person.expectRefusedAt(name, says);
    await expect(person.field(name), `what was typed in ${name} is still there`).toHaveValue(value);
    await expect(person.field(name)).toHaveAttribute('aria-invalid', 'true');
  }
}

test('numbers, places and dates that cannot be are refused at their fields', async ({ visitors }) => {
  const owner = await visitors.demo('owner2');
  const project = await createProject(owner);
  await fillSection(owner, project, 'basics', DESIGN.basics);

  await test.step('empty, negative, another unit', async () => {
    await owner.open(`${project}/edit/place`);
    await owner.submit('project_save', DESIGN.place);
    await owner.expectDone();
    await owner.open(`${project}/edit/dates`);
    await owner.submit('project_save', DESIGN.dates);
    await owner.expectDone();
    await owner.open(`${project}/edit/estimate`);
    await expectRefused(
      owner,
      'project_save',
      { capacity_mw: ['', '请填写'], export_mwh_per_year: ['1655 GWh', '单位不符：此处应为 MWh'], import_mwh_per_year: ['-5', '之间'] },
      { factor_choice: 'named', factor_set: '2023', rounding: 'project_year_lines' },
    );
  });

  await test.step('huge, or two numbers in one', async () => {
    await expectRefused(owner, 'project_save', {
      capacity_mw: ['99999999999999999999', '小数点前最多'],
      export_mwh_per_year: ['1,65,52.02', '逗号、点或空格'],
      import_mwh_per_year: ['9'.repeat(300), '内容过长'],
    });
  });

  await test.step('thousands separators and full-width digits are understood', async () => {
    await owner.submit('project_save', { capacity_mw: '５００', export_mwh_per_year: '１，６５５，２０２', import_mwh_per_year: '0' });
    await owner.expectDone();
    await owner.expectAt(`${project}/edit`);
    await owner.open(`${project}/edit/estimate`);
    await expect(owner.page.locator('#result')).toContainText('8,043,450');
  });

  await test.step('longitude and latitude swapped', async () => {
    await owner.open(`${project}/edit/place`);
    await owner.submit('project_save', { longitude: '22.551237', latitude: '116.120347' });
    await expect(owner.page.locator('#errors')).toContainText('经度和纬度似乎填反了：经度应为 116.120347，纬度应为 22.551237');
    await expect(owner.field('longitude')).toHaveValue('22.551237');
    await expect(owner.field('latitude')).toHaveValue('116.120347');
  });

  await test.step('the end before the start', async () => {
    await owner.open(`${project}/edit/dates`);
    await expectRefused(owner, 'project_save', { retirement_date: ['2021-01-01', '早于开始日期'] });
  });

  await test.step('a text that is too long', async () => {
    await owner.open(`${project}/edit/basics`);
    await expectRefused(owner, 'project_save', { summary: ['长'.repeat(4001), '最多 4000 个字，现在有 4001 个'] });
  });

  await test.step('the same in English, at the same address', async () => {
    await owner.open(`${project}/edit/estimate?lang=en`);
    await owner.submit('project_save', { capacity_mw: '-500', export_mwh_per_year: '1655 GWh' });
    await owner.expectRefusedAt('capacity_mw', 'It must be between');
    await owner.expectRefusedAt('export_mwh_per_year', 'Wrong unit: this is entered in MWh');
    await owner.open('/inbox?lang=zh');
  });
});

test('an amount of credits is a whole number of tonnes that one has', async ({ visitors }) => {
  const owner = await visitors.demo('owner');
  await owner.open('/desk/transfers/new');
  const form = owner.main.locator('form[action="/desk/transfers/check"]');
  const cases: [string, string][] = [
    ['', '请填写'],
    ['-5', '数量至少为 1 吨'],
    ['0', '数量至少为 1 吨'],
    ['1.5', '减排量以整吨计'],
    ['12 MWh', '单位不符'],
    ['999999999', '吨'],
    ['1e6', '不用指数'],
  ];
  await owner.fill({ to: 'nobody', source: 'oldest' }, form);
  for (const [typed, says] of cases) {
    await owner.fill({ quantity: typed }, form);
    await owner.press(submitButton(form));
    await owner.expectRefusedAt('quantity', says);
    await expect(owner.field('quantity')).toHaveValue(typed);
    await owner.expectRefusedAt('to');
    await expect(owner.field('to')).toHaveValue('nobody');
    await expect(form.locator('input[name="source"]:checked')).toHaveValue('oldest');
  }
});

test('what a stranger writes about a project is kept until it is complete', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/projects?tab=in_publicity');
  await stranger.follow(/^\/projects\/[^/?]+$/);
  await expectRefused(
    stranger,
    'opinion_submit',
    { author: ['', '请填写'], text: ['  ', '请填写'] },
    { contact: 'someone@example.com' },
  );
  await expect(stranger.field('contact')).toHaveValue('someone@example.com');
});

test.describe('somebody else’s records', () => {
  test.use({ expectedProblems: [/status of 404/] });

  test('are not there, whatever id one types', async ({ visitors }) => {
    const owner = await visitors.demo('owner');
    const project = await createProject(owner);
    const other = await visitors.demo('owner2');
    for (const address of [project, `${project}/edit`, `${project}/edit/basics`, `${project}/check`, `${project}/do/withdraw`]) {
      const response = await other.open(address);
      expect(response?.status(), address).toBe(404);
      await other.expectText('没有找到这个页面');
    }
    // the form of another's own draft, with this record's id
    const own = await createProject(other);
    await other.open(`${own}/edit/basics`);
    const form = other.form('project_save');
    const hidden = async (name: string) => form.locator(`input[name="${name}"]`).inputValue();
    const answer = await other.page.request.post('/acts/project_save', {
      form: {
        csrf: await hidden('csrf'),
        key: await hidden('key'),
        back: await hidden('back'),
        revision: await hidden('revision'),
        record: project.replace('/desk/projects/', ''),
        name: '别人的名字',
      },
    });
    expect(answer.status()).toBe(404);
    await owner.open(`${project}/edit/basics`);
    await expect(owner.field('name')).toHaveValue('');
  });
});

test('a form that is older than the record is refused and shows both', async ({ visitors }) => {
  const owner = await visitors.demo('owner2');
  const project = await createProject(owner);
  await owner.open(`${project}/edit/validator`);
  const second = await owner.page.context().newPage();
  await second.goto(`${project}/edit/validator`);
  await second.locator('.choice', { hasText: '东海' }).locator('input[name="validator"]').check();
  await Promise.all([second.waitForURL(`**${project}/edit`), submitButton(second.locator('form[action="/acts/project_save"]')).click()]);
  await second.close();

  await owner.submit('project_save', { validator: 'label:南岭' });
  await expect(owner.page.locator('#errors')).toContainText('已被更改');
  await owner.expectText('东海');
  await expect(owner.main.locator('.choice', { hasText: '南岭' }).locator('input[name="validator"]')).toBeChecked();
  // having seen both, one may send it again
  await owner.submit('project_save');
  await owner.expectDone();
  await owner.open(`${project}/edit/validator`);
  await expect(owner.main.locator('.choice', { hasText: '南岭' }).locator('input[name="validator"]')).toBeChecked();
});

/** How often an amount stands in the list of one's movements. */
async function movementsOf(person: Person, amount: string): Promise<number> {
  await person.open('/desk/holdings/transfers');
  return person.main.locator('td', { hasText: new RegExp(`^−?${amount}$`) }).count();
}

/** Up to the page that shows what a transfer would do. */
async function prepareTransfer(owner: Person, account: string, quantity: string): Promise<void> {
  await owner.open('/desk/transfers/new');
  const form = owner.main.locator('form[action="/desk/transfers/check"]');
  await owner.fill({ to: account, source: 'oldest', quantity }, form);
  await owner.press(submitButton(form));
  await owner.expectDone();
}

test('pressed twice, or sent again after going back, it happens once', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  await organiser.open('/account');
  const account = await organiser.main.locator('.copyable__text').nth(1).innerText();
  const owner = await visitors.demo('owner');

  await test.step('a double click', async () => {
    const before = await movementsOf(owner, '1,237');
    await prepareTransfer(owner, account, '1237');
    await submitButton(owner.form('credits_transfer')).dblclick();
    await owner.page.waitForURL('**/desk/holds/*');
    expect(await movementsOf(owner, '1,237')).toBe(before + 1);
  });

  await test.step('back and once more', async () => {
    const before = await movementsOf(owner, '1,241');
    await prepareTransfer(owner, account, '1,241');
    const check = owner.page.url();
    await owner.submit('credits_transfer');
    await owner.expectAt(/^\/desk\/holds\/[^/]+$/);
    await owner.page.goBack({ waitUntil: 'load' });
    expect(owner.page.url()).toBe(check);
    await owner.submit('credits_transfer');
    expect(await movementsOf(owner, '1,241')).toBe(before + 1);
  });

  await test.step('the check page loaded again and sent', async () => {
    const before = await movementsOf(owner, '1,249');
    await prepareTransfer(owner, account, '1249');
    const check = owner.page.url();
    await owner.submit('credits_transfer');
    await owner.open(check);
    await owner.submit('credits_transfer');
    expect(await movementsOf(owner, '1,249')).toBe(before + 1);
  });
});

test.describe('ten megabytes in one field', () => {
  test.use({ expectedProblems: [/status of 413/] });

  test('are too much, and nothing is saved', async ({ visitors }) => {
    const owner = await visitors.demo('owner2');
    const project = await createProject(owner);
    await owner.open(`${project}/edit/basics`);
    await owner.fill({ name: '十兆字节' });
    await owner.field('summary').evaluate((field) => {
      (field as HTMLTextAreaElement).value = 'x'.repeat(10 * 1024 * 1024);
    });
    await owner.submit('project_save');
    await owner.expectText('413', '一次提交最多 1 MB。什么也没有保存');
    await owner.open(`${project}/edit/basics`);
    await expect(owner.field('summary')).toHaveValue('');
  });
});
