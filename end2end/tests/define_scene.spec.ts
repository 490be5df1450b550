// One operator defines a scene, another one approves it; then it is offered, and it ends without losing its late records.
import { expect, test } from '../fixtures';

const DOCUMENT = { document: '测试公告：餐盘归还', document_number: '测试2026年第2号', reason: '测试：新增情景。' };

test('a scene is defined by two operators, and offered from its first day', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const second = await visitors.demo('operator2');
  const code = `tray_${Date.now().toString(36)}`;
  const name = `餐盘归还 ${code}`;
  const address = await test.step('a scene without a limit is refused, and what was typed stays', async () => {
    await operator.open('/desk/scenes');
    await operator.follow('/desk/scenes/new');
    await operator.submit('parameters_propose', {
      ...DOCUMENT,
      effective_from: '2026-01-02',
      'scenes.0.code': code,
      'scenes.0.open': 'yes',
      'scenes.0.family': 'food',
      'scenes.0.name_zh': name,
      'scenes.0.name_en': 'Tray returned',
      'scenes.0.formula': 'per_act',
      'scenes.0.measure': 'acts',
      'scenes.0.unit': 'tray',
      'scenes.0.credit': 'certifiable',
      'scenes.0.evidence_zh': '食堂记录',
      'scenes.0.evidence_en': 'Record of the canteen',
      'scenes.0.factors.0.region': 'CN',
      'scenes.0.factors.0.role': 'reduction',
      'scenes.0.factors.0.value': '50',
      'scenes.0.factors.0.tier': 'D',
    });
    await operator.expectRefusedAt('scenes.0.limits.0.value');
    await expect(operator.field('scenes.0.name_zh')).toHaveValue(name);
    await operator.submit('parameters_propose', {
      'scenes.0.limits.0.period': 'day',
      'scenes.0.limits.0.counts': 'acts',
      'scenes.0.limits.0.value': '2',
    });
    await operator.expectDone();
    await operator.expectText(name, '食堂记录');
    await expect(operator.form('parameters_approve')).toHaveCount(0);
    return new URL(operator.page.url()).pathname;
  });

  await test.step('another operator approves', async () => {
    await second.open(address);
    await second.submit('parameters_approve');
    await second.expectDone();
  });

  await test.step('anyone sees it, and a person can record it', async () => {
    const stranger = await visitors.stranger();
    await stranger.open('/parameters');
    await stranger.expectText(name, DOCUMENT.document);
    const person = await visitors.demo('commuter');
    await person.open(`/me/record?scene=${code}`);
    await person.expectText(name, '食堂记录');
  });

  await test.step('the form of another definition is filled in with the one in force', async () => {
    await operator.open(`/desk/scenes/new?scene=${code}`);
    await expect(operator.field('scenes.0.code')).toHaveValue(code);
    await expect(operator.field('scenes.0.limits.0.value')).toHaveValue('2');
    await expect(operator.field('scenes.0.factors.0.value')).toHaveValue('50');
  });
});
