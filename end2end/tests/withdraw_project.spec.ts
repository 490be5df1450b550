// An owner gives an application up: with a reason and a box to tick, and nothing more can be done with it.
import { createProject, DESIGN, fillSection } from '../documents';
import { expect, test } from '../fixtures';

test.use({ expectedProblems: [/status of 409/] });

test('a withdrawn application is closed for good', async ({ visitors }) => {
  const owner = await visitors.newcomer('测试·撤回有限公司');
  const project = await createProject(owner);
  await fillSection(owner, project, 'basics', DESIGN.basics);
  await owner.open(`${project}/do/withdraw`);
  await owner.submit('project_withdraw', { reason: '选址改变。' });
  await owner.expectRefusedAt('confirm');
  await expect(owner.field('reason')).toHaveValue('选址改变。');
  await owner.submit('project_withdraw', { confirm: true });
  await owner.expectDone();
  await owner.expectAt(project);
  await owner.expectText('选址改变。');
  await owner.open(`${project}/edit/basics`);
  await expect(owner.form('project_save')).toHaveCount(0);
  const again = await owner.open(`${project}/do/withdraw`);
  expect(again?.status()).toBe(409);
  await expect(owner.form('project_withdraw')).toHaveCount(0);
});
