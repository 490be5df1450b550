// Every spec imports `test` and `expect` from here, not from Playwright. What is added:
// - a test fails on any console error or warning of a page, an exception in it, a broken request, or an answer of 500
//   and above. A test that provokes a refusal lists what it expects: `test.use({ expectedProblems: [/404/] })`;
// - `visitors`: people, each with a browser of their own. Every page that they open is checked by axe.
import { expect, test as base, type BrowserContext } from '@playwright/test';
import { Visitors } from './people';

interface Fixtures {
  /** Patterns of problems that this test provokes on purpose. */
  expectedProblems: RegExp[];
  /** What went wrong in any page of the test so far; checked when it ends. */
  problems: string[];
  /** The people of the test. */
  visitors: Visitors;
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
    // the browser itself gives up a request when one leaves the page, and a script when it runs none
    const givenUp = reason === 'net::ERR_ABORTED' || (reason === 'csp' && !scriptsRun());
    if (!givenUp) {
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
  problems: async ({ expectedProblems }, use) => {
    const problems: string[] = [];
    await use(problems);
    const unexpected = problems.filter((problem) => !expectedProblems.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'nothing goes wrong in the browser that the test does not expect').toEqual([]);
  },
  context: async ({ context, problems }, use) => {
    watch(context, problems);
    await use(context);
  },
  visitors: async ({ browser, problems }, use) => {
    const visitors = new Visitors(browser, (context) => watch(context, problems));
    await use(visitors);
    await visitors.leave();
  },
});

export { expect };

/** Whether the pages of this project run scripts. */
export function scriptsRun(): boolean {
  return base.info().project.use.javaScriptEnabled !== false;
}
