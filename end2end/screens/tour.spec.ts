// A picture of every page as each role sees it: desktop and phone, light and dark, Chinese and English. Fails on any console
// error, on anything wider than a phone, on a text without translation, on an empty page, and on a route that nobody visits.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures';
import { submitButton, type Person, type Visitors } from '../people';
import { catalogueAreas, pageRoutes } from './routes';
import { STOPS, type Stop, type Viewer } from './stops';

const FOLDER = process.env.HUITAN_SCREENS_DIR ?? join(__dirname, '../../screens');
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['zh', 'en'] as const;

test('every route of the source is on the tour', () => {
  const visited = new Set(Object.values(STOPS).flatMap((stops) => stops.map((stop) => stop.route)));
  expect(pageRoutes().length).toBeGreaterThan(30);
  expect(pageRoutes().filter((route) => !visited.has(route)), 'pages that nobody visits').toEqual([]);
});

for (const [viewer, stops] of Object.entries(STOPS) as [Viewer, Stop[]][]) {
  test.describe(viewer, () => {
    test.use({ expectedProblems: [/status of (403|404)/] });

    test(`${viewer} visits ${stops.length} pages`, async ({ visitors }) => {
      const person = viewer === 'public' ? await visitors.stranger() : await visitors.demo(viewer);
      const places = new Places(person, viewer, visitors);
      mkdirSync(join(FOLDER, viewer), { recursive: true });
      for (const stop of stops) {
        const address = await places.find(stop);
        await test.step(address, () => photograph(person, viewer, stop, address));
      }
    });
  });
}

/** All pictures of one page. A size or a theme needs no new page, a language does. */
async function photograph(person: Person, viewer: Viewer, stop: Stop, address: string): Promise<void> {
  const { page } = person;
  for (const lang of LANGUAGES) {
    const response = await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${lang}`);
    expect(response?.status(), address).toBe(stop.status ?? 200);
    await expectWords(person, address);
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${address} is no wider than a ${size} (pixels)`).toBeLessThanOrEqual(0);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        const file = `${nameOf(stop)}-${size}-${colorScheme}-${lang}.png`;
        await page.screenshot({ path: join(FOLDER, viewer, file), fullPage: true, animations: 'disabled' });
      }
    }
  }
}

/** The page says something, and every word of it is translated. */
async function expectWords(person: Person, address: string): Promise<void> {
  // codes are shown as they are
  const text = await person.page.locator('body').evaluate((body) => {
    const codes = [...body.querySelectorAll<HTMLElement>('code')];
    codes.forEach((code) => (code.hidden = true));
    const shown = body.innerText;
    codes.forEach((code) => (code.hidden = false));
    return shown;
  });
  const main = await person.main.innerText();
  expect(main.trim().length, `${address} is not empty`).toBeGreaterThan(20);
  await expect(person.main.locator('h1'), `${address} has one title`).toHaveCount(1);
  const key = new RegExp(`(?<![\\w/.-])(?:${catalogueAreas().join('|')})\\.[a-z][a-z0-9]*_?[a-z0-9_]*(?![\\w/-])`, 'g');
  expect(text.match(key) ?? [], `texts without translation on ${address}`).toEqual([]);
  expect(text.match(/%\{\w+\}/g) ?? [], `texts with a hole on ${address}`).toEqual([]);
}

function nameOf(stop: Stop): string {
  const route = stop.route.replace(/\{[^}]+\}/g, '').split('/').filter(Boolean);
  return stop.name ?? (route.join('-').replace(/^desk-/, '') || 'home');
}

/** Finds an address for each stop among the links that this role can follow. */
class Places {
  private readonly links = new Map<string, string[]>();

  constructor(
    private readonly person: Person,
    private readonly viewer: Viewer,
    private readonly visitors: Visitors,
  ) {}

  async find(stop: Stop): Promise<string> {
    if (stop.route === '/desk/transfers/check') {
      return this.check('/desk/transfers', { to: await this.otherAccount(), source: 'oldest', quantity: '120' });
    }
    if (stop.route === '/desk/retirements/check') {
      return this.check('/desk/retirements', {
        source: 'oldest',
        quantity: '85',
        purpose: 'event',
        purpose_text: '抵销赛事交通与住宿的排放',
        beneficiary_kind: 'organisation',
        beneficiary: '演示·滨海马拉松全体参赛者',
      });
    }
    if (stop.route === '/desk/parameters/{id}') {
      return this.proposal();
    }
    if (stop.route === '/desk/neutrality/{id}/edit') {
      return this.draftClaim();
    }
    if (stop.route === '/desk/rules/new/{area}') {
      return `/desk/rules/new/${stop.last}`;
    }
    if (stop.route === '/desk/rules/{id}') {
      return this.ruleProposal();
    }
    const query = stop.query?.includes('{class}') ? await this.firstLink('/desk/holdings', /^\/desk\/holdings(\?blocks=[^#]+)/) : (stop.query ?? '');
    if (!stop.route.includes('{')) {
      return stop.route + query;
    }
    return (await this.record(stop)) + query;
  }

  /** An address that fits the route and its last part. */
  private async record(stop: Stop): Promise<string> {
    const { route } = stop;
    if (route === '/{nowhere}' || route === '/attend/{token}' || route === '/supply/{token}' || stop.status === 404) {
      return route.replace(/\{[^}]+\}$/, stop.last ?? '');
    }
    if (route.endsWith('/opinions/new')) {
      return this.openToOpinions(route.startsWith('/projects') ? 'project' : 'report');
    }
    const id = '(?!new\\b|check\\b)[^/?#]+';
    const pattern = route.replace(/\{[^}]+\}$/, stop.last ?? id).replace(/\{[^}]+\}/g, id);
    const wanted = new RegExp(`^(${pattern})(?:[?#]|$)`);
    for (const list of this.lists(stop)) {
      const found = (await this.linksOf(list)).map((link) => link.match(wanted)?.[1]).find(Boolean);
      if (found) {
        return found;
      }
    }
    throw new Error(`${this.viewer} finds no address for ${JSON.stringify(stop)}`);
  }

  /** Where links are looked for: a list, then the pages of the records in it. */
  private lists(stop: Stop): string[] {
    if (this.viewer === 'public') {
      const lists = stop.state ? [`/projects?tab=${stop.state}`] : ['/retirements', '/events', '/neutrality', '/calculators', '/methodologies', '/precheck', '/projects?tab=registered'];
      return stop.state ? lists : [...lists, 'records of /methodologies', 'records of /projects?tab=registered', 'records of /retirements', 'records of /events'];
    }
    if (stop.route.startsWith('/me/')) {
      return ['/me', '/me/boards'];
    }
    if (stop.route.startsWith('/desk/neutrality')) {
      return ['/desk/neutrality', 'records of /desk/neutrality'];
    }
    if (stop.route.startsWith('/desk/events')) {
      return ['/desk/events', 'records of /desk/events'];
    }
    if (stop.route === '/desk/retirements/{number}/correct') {
      return ['records of /retirements'];
    }
    const own = stop.route.match(/^(\/desk\/(?:accounts|certificates|changes|complaints)|\/account\/members)\/\{id\}$/);
    if (own) {
      return [own[1]];
    }
    const list = `/desk/${stop.route.startsWith('/desk/reports') ? 'reports' : 'projects'}${stop.state ? `?state=${stop.state}` : ''}`;
    return [list, `records of ${list}`];
  }

  private async linksOf(list: string): Promise<string[]> {
    const links = this.links.get(list) ?? (await this.lookFor(list));
    this.links.set(list, links);
    return links;
  }

  private async lookFor(list: string): Promise<string[]> {
    const above = list.replace(/^records of /, '');
    if (above === list) {
      return this.everyPage(list);
    }
    const folder = above.replace(/\?.*$/, '');
    const isRecord = (link: string) => link.startsWith(`${folder}/`) && /^(?!new$|check$)[^/?#]+$/.test(link.slice(folder.length + 1));
    const links: string[] = [];
    for (const record of new Set((await this.linksOf(above)).filter(isRecord))) {
      const own = await this.read(record);
      links.push(...own);
      if (own.includes(`${record}/edit`)) {
        links.push(`${record}/check`, ...(await this.read(`${record}/edit`)));
      }
    }
    return links;
  }

  /** The links of a list, its next pages included. */
  private async everyPage(list: string): Promise<string[]> {
    const links: string[] = [];
    for (let next: string | undefined = list; next; ) {
      const found: string[] = await this.read(next);
      links.push(...found);
      const page: string = next;
      next = found.find((link) => link.includes('after=') && !page.includes(link));
    }
    return links;
  }

  private async read(address: string): Promise<string[]> {
    const answer = await this.person.page.request.get(address);
    const html = await answer.text();
    return [...html.matchAll(/href="([^"]+)"/g)].map((found) => found[1].replace(/&amp;/g, '&'));
  }

  private async firstLink(page: string, pattern: RegExp): Promise<string> {
    const found = (await this.read(page)).map((link) => link.match(pattern)?.[1]).find(Boolean);
    if (!found) {
      throw new Error(`${page} has no link like ${pattern}`);
    }
    return found;
  }

  /** The address of the form for an opinion on something that is in publicity. */
  private async openToOpinions(kind: 'project' | 'report'): Promise<string> {
    if (kind === 'project') {
      return `${await this.firstLink('/projects?tab=in_publicity', /^(\/projects\/[^/?#]+)$/)}/opinions/new`;
    }
    for (const project of await this.linksOf('/projects?tab=registered')) {
      for (const report of /^\/projects\/[^/?#.]+$/.test(project) ? await this.read(project) : []) {
        if (/^\/reports\/[^/?#]+$/.test(report)) {
          const answer = await this.person.page.request.get(`${report}/opinions/new`);
          if (answer.url().endsWith('/opinions/new')) {
            return `${report}/opinions/new`;
          }
        }
      }
    }
    throw new Error('no report is in publicity');
  }

  /** The account number of the event organiser. */
  private async otherAccount(): Promise<string> {
    const organiser = await this.visitors.demo('events');
    await organiser.open('/account');
    return organiser.main.locator('.copyable__text').nth(1).innerText();
  }

  /** A claim of neutrality that is not published: the demo world has none. */
  private async draftClaim(): Promise<string> {
    await this.person.open('/desk/neutrality/new');
    await this.person.submit('neutral_create', {
      kind: 'product',
      name: '测试·帆布袋',
      functional_unit: '1 个帆布袋，从摇篮到坟墓',
      covered_output: '2025 年制作的 300 个',
      starts_on: '2025-01-01',
      ends_on: '2025-12-31',
      footprint: '0.45',
      standard: 'gbt24067',
      verified: 'self',
      boundary: '原料、纺织、印制、运输、使用和废弃。',
      measures: '改用再生棉。',
    });
    return `${new URL(this.person.page.url()).pathname}/edit`;
  }

  /** A proposal to replace a number: the demo world has none. */
  private async proposal(): Promise<string> {
    await this.person.open('/desk/parameters/new?id=meter_mpe_0_5s');
    await this.person.submit('parameters_propose', {
      'values.0.value': '0.6',
      document: '测试公告：电能表最大允许误差',
      document_number: '测试2026年第1号',
      effective_from: '2026-01-02',
      basis: 'published',
      reason: '测试：以正式文件替换推定值。',
    });
    await this.person.expectDone();
    return new URL(this.person.page.url()).pathname;
  }

  /** A proposal to change a rule: the demo world has none. */
  private async ruleProposal(): Promise<string> {
    await this.person.open('/desk/rules/new/time_limit');
    await this.person.submit('rule_propose', {
      limit: 'publicity',
      value: '30',
      document: '测试公告：公示期',
      document_number: '测试2026年第2号',
      effective_from: '2027-01-01',
      basis: 'official_text',
      reason: '测试：以正式文件替换。',
    });
    await this.person.expectDone();
    return new URL(this.person.page.url()).pathname;
  }

  /** Fills in a form up to its check page. */
  private async check(form: string, values: Record<string, string>): Promise<string> {
    await this.person.open(`${form}/new`);
    const there = this.person.main.locator(`form[action="${form}/check"]`);
    await this.person.fill(values, there);
    await this.person.press(submitButton(there));
    await this.person.expectDone();
    return new URL(this.person.page.url()).pathname + new URL(this.person.page.url()).search;
  }
}
