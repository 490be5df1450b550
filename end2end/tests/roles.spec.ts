// Each role sees its own doors, and only those open.
import { expect, test } from '../fixtures';
import { type DemoName } from '../people';

/** The links of the second line of the header. */
const MENUS: Partial<Record<DemoName, string[]>> = {
  owner: ['/inbox', '/desk/projects', '/desk/reports', '/desk/holdings', '/offers', '/desk/neutrality', '/desk/staff'],
  vvb1: ['/inbox', '/desk/projects', '/desk/reports', '/desk/evaluations', '/desk/ties', '/desk/batches'],
  operator: [
    '/inbox', '/desk/projects', '/desk/reports', '/desk/changes', '/desk/claims', '/desk/certificates', '/desk/complaints', '/desk/accounts',
    '/desk/experts', '/desk/ties', '/desk/parameters', '/desk/rules', '/desk/inclusion', '/desk/batches', '/desk/audit', '/desk/mail',
  ],
  events: ['/inbox', '/desk/events', '/desk/neutrality', '/desk/holdings', '/offers', '/desk/campaigns', '/desk/staff'],
  commuter: ['/me', '/me/record', '/me/month', '/me/give', '/me/shop', '/me/badges', '/me/boards', '/me/consents', '/inbox', '/me/help'],
};

/** Pages that a role may not open. */
const FORBIDDEN: Partial<Record<DemoName, string[]>> = {
  owner: [],
  vvb1: ['/desk/projects/new', '/desk/holdings', '/desk/holdings/transfers', '/desk/transfers/new', '/desk/retirements', '/desk/retirements/new'],
  operator: ['/desk/projects/new', '/desk/holdings', '/desk/holdings/transfers', '/desk/transfers/new', '/desk/retirements', '/desk/retirements/new'],
  events: ['/desk/projects', '/desk/projects/new', '/desk/reports'],
  commuter: ['/desk/projects', '/desk/holdings', '/desk/events', '/desk/batches'],
};

for (const [name, menu] of Object.entries(MENUS)) {
  test.describe(name, () => {
    test.use({ expectedProblems: [/status of 403/] });

    test('sees its menu, every link of it opens, and the other pages do not', async ({ visitors }) => {
      const person = await visitors.demo(name as DemoName);
      const links = person.page.locator('.nav--own a');
      expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual(menu);
      for (const address of menu) {
        const response = await person.open(address);
        expect(response?.status(), address).toBe(200);
        await expect(person.page.locator(`.nav--own a[href="${address}"]`)).toHaveAttribute('aria-current', 'page');
      }
      for (const address of FORBIDDEN[name as DemoName] ?? []) {
        const response = await person.open(address);
        expect(response?.status(), address).toBe(403);
        await person.expectText('您没有权限做这件事');
      }
    });
  });
}

test('without a session every page of one’s own leads to the sign-in', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  for (const address of ['/inbox', '/account', '/desk/projects', '/desk/projects/new', '/desk/reports', '/desk/holdings', '/desk/transfers/new', '/desk/retirements/new']) {
    await stranger.open(address);
    await stranger.expectAt('/sign-in');
    expect(new URL(stranger.page.url()).searchParams.get('next')).toBe(address);
  }
  await expect(stranger.page.locator('.nav--own')).toHaveCount(0);
  await expect(stranger.page.locator('form[action="/acts/clock_advance"]'), 'the demo date is not moved by passers-by').toHaveCount(0);
});

test('a registry operator sees the whole queue; a body only what it was given', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  await operator.open('/desk/projects');
  const all = await operator.main.locator('tbody tr').count();
  const body = await visitors.demo('vvb2');
  await body.open('/desk/projects');
  const given = await body.main.locator('tbody tr').count();
  expect(all).toBeGreaterThan(given);
});
