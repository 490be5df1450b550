// Anyone reports wrongdoing about a project at any time; the registry answers in public, and the author stays private.
import { expect, test } from '../fixtures';
import { recordIn } from '../records';

test('a complaint is answered in public and its author stays private', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const project = await recordIn(operator, 'projects', 'registered');
  const publicPage = project.replace('/desk', '');
  const mark = `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;
  const text = `同一风电场在另一机制中也有项目，编号 ${mark}。`;

  const stranger = await visitors.stranger();
  await stranger.open(publicPage);
  await stranger.follow(/\/complaints\/new$/);
  await stranger.submit('complaint_submit', { text });
  await stranger.expectRefusedAt('contact');
  await expect(stranger.field('text')).toHaveValue(text);
  await stranger.submit('complaint_submit', { kind: 'double_claim', author: `测试·举报人${mark}`, contact: `${mark}@example.com` });
  await stranger.expectDone();
  await stranger.expectAt(publicPage);
  for (const secret of [text, `举报人${mark}`, `${mark}@example.com`]) {
    await expect(stranger.main, 'who said what stays with the registry').not.toContainText(secret);
  }

  await operator.open('/desk/complaints');
  const links = operator.main.locator('a[href^="/desk/complaints/"]');
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  let found = '';
  for (const address of addresses) {
    await operator.open(address);
    if ((await operator.main.innerText()).includes(mark)) {
      found = address;
      break;
    }
  }
  expect(found, 'the complaint is on the list').not.toBe('');
  await operator.submit('complaint_investigate', { note: '请省厅核实。' });
  await operator.expectDone();
  const answer = `经查，另一机制中的项目已注销（${mark}）。`;
  await operator.submit('complaint_answer', { reply: answer });
  await operator.expectDone();
  await operator.expectText(answer);
  await expect(operator.form('complaint_answer')).toHaveCount(0);

  await stranger.open(publicPage);
  await stranger.expectText(answer);
  await expect(stranger.main).not.toContainText('请省厅核实。');
});

test('what other mechanisms claim is for everybody to read', async ({ visitors }) => {
  const operator = await visitors.demo('operator');
  const key = `PWS${Date.now()}${Math.floor(Math.random() * 9)}`;
  await operator.open('/desk/claims');
  await operator.submit('claim_enter', { mechanism: 'vcs', key_kind: 'plant', activity_key: key });
  await operator.expectRefusedAt('source');
  await operator.submit('claim_enter', { family: '并网发电', from: '2024-01-01', reference: 'VCS 1234', source: '公开登记簿 2026-03-01' });
  await operator.expectDone();
  const stranger = await visitors.stranger();
  await stranger.open('/uniqueness');
  await stranger.expectText(key, 'VCS 1234', '公开登记簿 2026-03-01', '国能综通新能〔2024〕124号');
});
