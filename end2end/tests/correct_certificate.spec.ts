// The registry corrects the words of a certificate: the page shows both versions, and a file of the first one says that it is superseded.
import { expect, scriptsRun, test } from '../fixtures';

test('a corrected certificate shows its versions, and the earlier file is superseded', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  // one that covers no published event or claim: the words of those stay as they are
  await stranger.open(`/retirements?q=${encodeURIComponent('蓝湾社区')}`);
  await stranger.follow(/^\/retirements\/[^/?]+$/);
  const certificate = new URL(stranger.page.url()).pathname;
  const before = await stranger.main.locator('.certificate__quantity').textContent();
  const file = await (await stranger.page.request.get(`${certificate}/certificate.json`)).text();
  await expect(stranger.main.locator('a[href$="/correct"]')).toHaveCount(0);

  const operator = await visitors.demo('operator');
  await operator.open(certificate);
  await operator.follow(/^\/desk\/retirements\/[^/?]+\/correct$/);
  // without a reason nothing happens, and what was typed comes back
  await operator.submit('certificate_correct', { beneficiary_kind: 'organisation', beneficiary: '演示·更正后的受益方', request_number: '函〔2026〕1号', request_date: '2026-03-09', reason: '' });
  await expect(operator.main.locator('input[name="beneficiary"]')).toHaveValue('演示·更正后的受益方');
  await operator.submit('certificate_correct', { beneficiary_kind: 'organisation', reason: '受益方名称有误' });
  await operator.expectDone();
  await operator.expectAt(certificate);

  await stranger.open(certificate);
  await stranger.expectText('演示·更正后的受益方', '受益方名称有误');
  await expect(stranger.main.locator('.certificate__quantity')).toHaveText(before ?? '');
  await expect(stranger.main.locator('#versions tbody tr')).toHaveCount(2);
  const newest = await (await stranger.page.request.get(`${certificate}/certificate.json`)).text();
  expect(newest).not.toBe(file);
  for (const [text, failed, superseded] of [
    [newest, [], 0],
    [file, ['current'], 1],
  ] as const) {
    await stranger.open('/check');
    await stranger.page.locator('#certificate-file').setInputFiles({ name: 'certificate.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    if (!scriptsRun()) {
      await stranger.press(stranger.main.locator('.check__form button[type="submit"]'));
    }
    const answer = stranger.page.locator('[data-check-answer]');
    await expect(answer).toHaveAttribute('data-checked', scriptsRun() ? 'browser' : 'server');
    const lines = answer.locator('.check__line--failed');
    expect(await lines.evaluateAll((all) => all.map((line) => line.getAttribute('data-finding')))).toEqual(failed);
    await expect(answer.locator('.check__superseded')).toHaveCount(superseded);
  }
  // the earlier version is still there to be read
  await stranger.open(`${certificate}?version=1`);
  await expect(stranger.main.locator('.notice').first()).toBeVisible();
});
