// An operator imports a year of the calendar: wrong rows are named, the proposer cannot approve, another operator does, and anyone sees it.
// The year is made up and far from any window of the demo world, which ends in 2026 unless a test moves it.
import { expect, test } from '../fixtures';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TABLE = readFileSync(join(__dirname, '../../domain/tests/data/made_up_2027.csv'), 'utf8');
const SOURCE = {
  document: '测试：2027年部分节假日安排（虚构）',
  document_number: '测试第1号',
  effective_from: '2026-11-21',
  basis: 'official_text',
  reason: '测试：导入一年。',
};

test('a year of the calendar is imported by two operators, and wrong rows are named', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const second = await visitors.demo('operator2');
  const stranger = await visitors.stranger();
  await stranger.open('/rules');
  // the world is shared by the runs with and without JavaScript: the second run corrects what the first one imported
  const published = (await stranger.main.locator('#calendar tbody tr').first().innerText()).startsWith('2027');

  const address = await test.step('wrong rows are refused with their line, and what was typed stays', async () => {
    await operator.open('/desk/rules');
    await operator.follow('/desk/rules/new/calendar');
    const wrong = `${TABLE}2027-03-06,holiday,x,s\n2027-03-08,makeup_workday,x,s\n`;
    await operator.submit('rule_propose', { ...SOURCE, year: '2027', table: wrong, ...(published ? { correction: true } : {}) });
    await operator.expectRefusedAt('table');
    await operator.expectText('2027-03-06', '2027-03-08');
    await expect(operator.field('document')).toHaveValue(SOURCE.document);
    await operator.submit('rule_propose', { table: TABLE });
    await operator.expectDone();
    await operator.expectAt(/^\/desk\/rules\/[0-9a-f-]{36}$/);
    return new URL(operator.page.url()).pathname;
  });

  await test.step('the proposer sees the days and which windows would move, and no button to approve', async () => {
    await operator.expectText(SOURCE.document, SOURCE.document_number);
    await expect(operator.main.locator('#days tbody tr')).not.toHaveCount(0);
    await expect(operator.main.locator('#windows')).toHaveCount(1);
    await expect(operator.form('rule_approve')).toHaveCount(0);
    await expect(operator.form('rule_withdraw')).toHaveCount(1);
  });

  await test.step('another operator approves', async () => {
    await second.open('/desk/rules');
    await second.follow(address);
    await second.submit('rule_approve');
    await second.expectDone();
    await expect(second.form('rule_approve')).toHaveCount(0);
  });

  await test.step('anyone sees the year, its version and its source', async () => {
    await stranger.open('/rules');
    await stranger.expectText('2027', 'cn-2027-', SOURCE.document, SOURCE.reason);
  });
});

test('a change of a rule is rejected with a reason, or withdrawn by its proposer', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const second = await visitors.demo('operator2');
  for (const [who, act] of [[second, 'rule_reject'], [operator, 'rule_withdraw']] as const) {
    await operator.open('/desk/rules/new/time_limit');
    await operator.submit('rule_propose', { ...SOURCE, limit: 'publicity', value: '30' });
    await operator.expectDone();
    const address = new URL(operator.page.url()).pathname;
    await who.open(address);
    await who.main.locator('#decision summary').click();
    await who.submit(act, { reason: '测试：文件有误。' });
    await who.expectDone();
    await who.expectText('测试：文件有误。');
  }
});
