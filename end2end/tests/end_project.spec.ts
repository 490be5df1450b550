// How lives end: what the public reads of cancelled and revoked projects, the register of experts, and an application begun again.
import { createProject, DESIGN, fillSection } from '../documents';
import { expect, test } from '../fixtures';

test('the public reads when and why a registration ended', async ({ visitors }) => {
  const stranger = await visitors.stranger();
  await stranger.open('/projects?tab=deregistered');
  await stranger.expectText('旧港一期', '旧港二期');
  const second = stranger.main.locator('a', { hasText: '旧港二期' }).first();
  await stranger.press(second);
  await stranger.expectText('演示省生态环境厅', '演环罚〔2025〕8号');
});

test('the owner of a revoked project sees how long it is barred', async ({ visitors }) => {
  const owner = await visitors.demo('owner3');
  await owner.open('/desk/projects?state=revoked');
  await owner.follow(/^\/desk\/projects\/[0-9a-f-]{36}$/);
  await owner.expectText('演环罚〔2025〕8号', '2028');
});

test('the registry keeps a register of experts', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  await operator.open('/desk/experts');
  await operator.submit('expert_add', { name: '测试·专家' });
  await operator.expectRefusedAt('employer');
  await expect(operator.field('name')).toHaveValue('测试·专家');
  await operator.submit('expert_add', { employer: '测试研究院', 'sector.energy': true });
  await operator.expectDone();
  await operator.expectText('测试研究院');
});

test('an application that was given up is begun again with its content', async ({ visitors }) => {
  const owner = await visitors.newcomer('测试·重来有限公司');
  const project = await createProject(owner);
  await fillSection(owner, project, 'basics', DESIGN.basics);
  await owner.open(`${project}/do/withdraw`);
  await owner.submit('project_withdraw', { reason: '选址改变。', confirm: true });
  await owner.expectDone();
  await owner.submit('project_create');
  await owner.expectDone();
  await owner.expectAt(/^\/desk\/projects\/[0-9a-f-]{36}\/edit$/);
  const again = new URL(owner.page.url()).pathname.replace('/edit', '');
  expect(again).not.toBe(project);
  await owner.open(`${again}/edit/basics`);
  await expect(owner.field('name')).toHaveValue(String(DESIGN.basics.name));
  await owner.open(again);
  await owner.follow(project);
});
