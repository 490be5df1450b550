// Every spec imports `test` and `expect` from here, not from Playwright. What is added:
// - a test fails on any console error or warning of a page, an exception in it, a broken request, or an answer of 500
//   and above. A test that provokes a refusal lists what it expects: `test.use({ expectedProblems: [/404/] })`;
// - `expectAccessible(page)`: no violation of WCAG 2.2 AA that axe can find, and nothing wider than the window.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';

interface Fixtures {
  /** Patterns of problems that this test provokes on purpose. */
  expectedProblems: RegExp[];
  /** What went wrong in any page of the test so far; checked when it ends. */
  problems: string[];
}

/** Writes down what goes wrong in all pages of a context, those opened later included. */
export function watch(context: BrowserContext, problems: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      problems.push(`console ${message.type()} at ${message.page()?.url() ?? ''}: ${message.text()}`);
    }
  });
  context.on('weberror', (error) => problems.push(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // the browser itself gives up a request when one leaves the page
    if (reason !== 'net::ERR_ABORTED') {
      problems.push(`request failed: ${request.url()}: ${reason}`);
    }
  });
  context.on('response', (response) => {
    if (response.status() >= 500) {
      problems.push(`status ${response.status()}: ${response.url()}`);
    }
  });
}

export const test = base.extend<Fixtures>({
  expectedProblems: [[], { option: true }],
  problems: async ({}, use) => {
    await use([]);
  },
  context: async ({ context, problems, expectedProblems }, use) => {
    watch(context, problems);
    await use(context);
    const unexpected = problems.filter((problem) => !expectedProblems.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'nothing goes wrong in the browser that the test does not expect').toEqual([]);
  },
});

export { expect };

/** No violation of WCAG 2.2 AA that axe can find, and no sideways scrolling. */
export async function expectAccessible(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${page.url()} is no wider than the window (pixels)`).toBeLessThanOrEqual(0);
  const twin = base.info().project.use.javaScriptEnabled === false ? await twinForAxe(page) : undefined;
  const results = await new AxeBuilder({ page: twin ?? page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  await twin?.context().close();
  const violations = results.violations.map(
    (violation) => `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(violations, `axe on ${page.url()}`).toEqual([]);
}

/** axe is itself a script: the same page of the same visitor where axe may run, but none of the page's own scripts. */
async function twinForAxe(page: Page): Promise<Page> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error('the page has no browser');
  }
  const context = await browser.newContext({ storageState: await page.context().storageState(), javaScriptEnabled: true });
  await context.route(/\.js(\?|$)/, (route) => route.fulfill({ status: 200, contentType: 'text/javascript', body: '' }));
  const twin = await context.newPage();
  await twin.goto(page.url());
  return twin;
}
