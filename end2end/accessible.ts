// What must hold on every page that anyone opens: no violation of WCAG 2.2 AA that axe can find, and no sideways scrolling.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Pages that axe has seen in this run, by address without ids, role and what they show: one look at each is enough. */
const looked = new Set<string>();

/**
 * Checks the page; the slower part only if no page like it was checked before, and only where scripts run: the other
 * visitors get the same HTML, and axe needs a copy of it. What only they see is checked where a test asks for it.
 */
export async function expectAccessibleOnce(page: Page): Promise<void> {
  await expectNoOverflow(page);
  if (test.info().project.use.javaScriptEnabled === false) {
    return;
  }
  const shows = await page.evaluate(() => {
    const has = (selector: string) => (document.querySelector(selector) ? selector : '');
    return [has('.nav--own'), has('#errors'), has('.notice--flash'), has('.empty'), has('.table'), has('.status'), has('.opinion')].join();
  });
  const like = `${test.info().project.name} ${withoutIds(page.url())} ${shows}`;
  if (!looked.has(like)) {
    await expectAccessible(page);
    looked.add(like);
  }
}

/** Nothing is wider than the window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${page.url()} is no wider than the window (pixels)`).toBeLessThanOrEqual(0);
}

/** No violation of WCAG 2.2 AA that axe can find, and no sideways scrolling. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectNoOverflow(page);
  const twin = test.info().project.use.javaScriptEnabled === false ? await twinForAxe(page) : undefined;
  const results = await new AxeBuilder({ page: twin ?? page })
    .options({ resultTypes: ['violations'] })
    .withTags(LEVELS)
    // one document without frames: no second page to put results of frames together, which costs as much as the look
    .setLegacyMode(true)
    .analyze();
  await twin?.context().close();
  const violations = results.violations.map(
    (violation) => `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(violations, `axe on ${page.url()}`).toEqual([]);
}

/** axe is itself a script: a copy of what the visitor sees where axe may run, but none of the page's own scripts. */
async function twinForAxe(page: Page): Promise<Page> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error('the page has no browser');
  }
  const context = await browser.newContext({ javaScriptEnabled: true });
  const html = await page.content();
  const address = page.url().replace(/#.*$/, '');
  await context.route(/\.js(\?|$)/, (route) => route.fulfill({ status: 200, contentType: 'text/javascript', body: '' }));
  // the copy comes from here and not from the server, where asking twice would use up a message that is shown once
  await context.route(
    (url) => url.href === address,
    (route) => route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: html }),
  );
  const twin = await context.newPage();
  await twin.goto(address);
  return twin;
}

function withoutIds(address: string): string {
  const url = new URL(address);
  return url.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}').replace(/\d{3,}/g, '{n}');
}
