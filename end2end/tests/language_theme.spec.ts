// Chinese and English at the same address, light and dark; both are remembered.
import { expect, test } from '../fixtures';

const PAGES = ['/', '/projects?tab=registered', '/statistics', '/sign-in'];

test('the language changes at the same address and is remembered', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  for (const address of PAGES) {
    await stranger.open(`${address}${address.includes('?') ? '&' : '?'}lang=zh`);
    await expect(stranger.page.locator('html')).toHaveAttribute('lang', /^zh/);
    const chinese = await stranger.main.locator('h1').innerText();
    await stranger.press(stranger.page.locator('.header__language'));
    await expect(stranger.page.locator('html')).toHaveAttribute('lang', /^en/);
    const url = new URL(stranger.page.url());
    expect(url.pathname).toBe(new URL(address, url).pathname);
    expect(url.searchParams.get('tab')).toBe(new URL(address, url).searchParams.get('tab'));
    const english = await stranger.main.locator('h1').innerText();
    expect(english).not.toBe(chinese);
    expect(english).toMatch(/[a-z]/);
  }
  await stranger.open('/methodologies');
  await expect(stranger.page.locator('html'), 'the choice was kept').toHaveAttribute('lang', /^en/);
  await stranger.press(stranger.page.locator('.footer__choices button[name="lang"][value="zh"]'));
  await expect(stranger.page.locator('html')).toHaveAttribute('lang', /^zh/);
  expect(new URL(stranger.page.url()).pathname).toBe('/methodologies');
});

test('what was typed and refused is said in the language that is chosen then', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/sign-in?lang=zh');
  await stranger.submit('user_sign_in', { email: '', password: '' });
  await stranger.expectRefusedAt('email', '请填写此项。');
  await stranger.open('/sign-in?lang=en');
  await stranger.submit('user_sign_in', { email: '', password: '' });
  await stranger.expectRefusedAt('email', 'Fill this in.');
});

test('the theme changes at the same address, is remembered, and follows the system otherwise', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/projects?tab=registered');
  const background = () => stranger.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const colours: Record<string, string> = {};
  for (const theme of ['light', 'dark']) {
    await stranger.press(stranger.page.locator(`.footer__choices button[name="theme"][value="${theme}"]`));
    await expect(stranger.page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(new URL(stranger.page.url()).searchParams.get('tab'), 'the filter stays').toBe('registered');
    colours[theme] = await background();
  }
  expect(colours.dark).not.toBe(colours.light);
  await stranger.open('/statistics');
  await expect(stranger.page.locator('html'), 'the choice was kept').toHaveAttribute('data-theme', 'dark');
  await stranger.press(stranger.page.locator('.footer__choices button[name="theme"][value="auto"]'));
  await expect(stranger.page.locator('html')).not.toHaveAttribute('data-theme', /./);
  for (const scheme of ['light', 'dark'] as const) {
    await stranger.page.emulateMedia({ colorScheme: scheme });
    expect(await background()).toBe(colours[scheme]);
  }
});
