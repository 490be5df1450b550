// The browser tests. `cargo xtask test --only e2e` starts, for each project below, a server with a fresh demo world on a
// free port and says where it is in HUITAN_BASE_URL; `cargo xtask screens` does the same for the tour.
//
// A test runs in every project unless its title says otherwise: `@js` only where JavaScript is on, `@nojs` only where
// it is off. No test is skipped while running: a skipped test counts as failed.
import { defineConfig, type PlaywrightTestOptions } from '@playwright/test';

const address = process.env.HUITAN_BASE_URL;
if (!address) {
  throw new Error('HUITAN_BASE_URL is not set: run `cargo xtask test --only e2e` or `cargo xtask screens`');
}

const desktop: Partial<PlaywrightTestOptions> = { viewport: { width: 1280, height: 900 } };
const phone: Partial<PlaywrightTestOptions> & { deviceScaleFactor: number } = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
};

export default defineConfig({
  testDir: './tests',
  // the tests of one project share a demo world with one clock: one after the other
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 300_000,
  // two browsers and two servers share two cores: a wait ends late rather than wrongly; no test judges by time
  expect: { timeout: 20_000 },
  use: {
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 45_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    // costs a third of the time; `--trace on` for one test that fails
    launchOptions: {
      executablePath: process.env.HUITAN_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'js-on', grepInvert: /@nojs\b/, use: { ...desktop } },
    { name: 'js-off', grepInvert: /@js\b/, use: { ...desktop, javaScriptEnabled: false } },
    {
      name: 'phone',
      grepInvert: /@nojs\b/,
      // long documents and tables are written at a desk; what is read, answered and decided also happens on a phone
      testIgnore: /(afforestation_thread|mangrove_thread|solar_thermal_project|bad_input|compare|replace_parameter|return_project|withdraw_project)\.spec\.ts/,
      use: { ...phone },
    },
    { name: 'screens', testDir: './screens', timeout: 1_800_000, use: { ...desktop, trace: 'off', screenshot: 'off' } },
  ],
});
