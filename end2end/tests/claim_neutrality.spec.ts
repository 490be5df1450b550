// A claim of neutrality of a product: its figure, its cover, its statement in public; and what is refused on the way.
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

test('a product is claimed neutral once retirements cover its figure', async ({ visitors }) => {
  const claimant = await visitors.demo('events');
  const name = `测试·帆布袋 ${mark()}`;
  await claimant.open('/desk/neutrality/new');
  await expectAccessible(claimant.page);
  const claim = {
    kind: 'product',
    name,
    functional_unit: '1 个帆布袋，从摇篮到坟墓',
    covered_output: '2025 年制作的 300 个',
    starts_on: '2025-01-01',
    ends_on: '2025-12-31',
    footprint: '0.45',
    standard: 'iso14064',
    verified: 'self',
    boundary: '原料、纺织、印制、运输、使用和废弃。',
    measures: '改用再生棉。',
  };
  await claimant.submit('neutral_create', claim);
  await claimant.expectRefusedAt('standard');
  await expect(claimant.field('name'), 'what was typed is still there').toHaveValue(name);
  await claimant.submit('neutral_create', { standard: 'gbt24067' });
  await claimant.expectDone();
  const desk = new URL(claimant.page.url()).pathname;
  await expect(claimant.form('neutral_publish'), 'nothing is published that is not covered').toHaveCount(0);
  await claimant.submit('neutral_retire');
  await claimant.expectRefusedAt('confirm');
  await claimant.submit('neutral_retire', { confirm: true });
  await claimant.expectDone();
  await claimant.open(desk);
  await claimant.submit('neutral_publish', { confirm: true });
  await claimant.expectDone();
  await claimant.follow(/^\/neutrality\/N/);
  const address = new URL(claimant.page.url()).pathname;

  const stranger = await visitors.stranger();
  await stranger.open('/neutrality');
  await expectAccessible(stranger.page);
  await stranger.follow(address);
  await expectAccessible(stranger.page);
  await stranger.expectText(name, '碳中和', '0.45');
  const json = await (await stranger.page.request.get(`/api/v1${address}`)).json();
  expect(json.neutral).toBe(true);
  expect(json.versions[0].tonnes).toBe(1);
  // withdrawn, it stays in sight and claims nothing
  await claimant.open(desk);
  await claimant.submit('neutral_withdraw', { reason: '测试撤回' });
  await claimant.expectDone();
  await stranger.open(address);
  await stranger.expectText('已由声明人撤回', '测试撤回');
});
