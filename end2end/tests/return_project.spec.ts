// A request for publicity comes back with reasons; the owner reads them, mends the document and sends it again.
import { act, sendFromCheck } from '../documents';
import { expect, test } from '../fixtures';
import { ownerOf, recordIn } from '../records';

test.use({ expectedProblems: [/status of (404|409)/] });

test('what is incomplete goes back with its reason and comes again', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const project = await recordIn(operator, 'projects', 'publicity_review');
  const owner = await ownerOf(visitors, project);
  const reason = '请补充并网协议的编号，并说明计量点的位置。';

  await operator.open(`${project}/do/return`);
  await operator.submit('project_return', { reason: '   ' });
  await operator.expectRefusedAt('reason');
  await operator.submit('project_return', { reason });
  await operator.expectDone();
  await operator.expectAt(project);
  const again = await operator.open(`${project}/do/return`);
  expect(again?.status(), 'it is no longer the registry’s turn').toBe(409);

  await owner.open('/inbox');
  await owner.follow(new RegExp(`^${project}/`));
  await owner.expectText(reason);
  await owner.open(`${project}/edit/basics`);
  const summary = await owner.field('summary').inputValue();
  await owner.submit('project_save', { summary: `${summary}并网协议编号：演示-2026-08。` });
  await owner.expectDone();
  await sendFromCheck(owner, project, 'project_request_publicity', { statement: true });
  await act(operator, project, 'project_approve_publicity');
});
