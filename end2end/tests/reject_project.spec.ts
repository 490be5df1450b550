// A validator's negative conclusion ends an application; its report is there for everybody to read.
import { VALIDATION } from '../documents';
import { expect, test } from '../fixtures';
import { recordIn } from '../records';

test.use({ expectedProblems: [/status of 409/] });

test('a negative conclusion ends the application and is public', async ({ visitors }) => {
  const validator = await visitors.demo('vvb1');
  const project = await recordIn(validator, 'projects', 'publicity_ended');
  await validator.open(`${project}/do/reject`);
  await validator.submit('project_reject', { ...VALIDATION, 'parts.process': ' ' });
  await validator.expectRefusedAt('parts.process');
  await expect(validator.field('parts.legality')).toHaveValue(String(VALIDATION['parts.legality']));
  const conclusion = '现场核查发现计量点与设计文件不一致，业主未能在期限内整改。';
  await validator.submit('project_reject', { 'parts.process': conclusion, commitment: true, confirm: true });
  await validator.expectDone();
  await validator.expectAt(project);

  const again = await validator.open(`${project}/do/validate`);
  expect(again?.status()).toBe(409);
  const stranger = await visitors.stranger();
  await stranger.open(project.replace('/desk', ''));
  await stranger.expectText(conclusion);
});
