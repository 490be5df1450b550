// The group of an organisation's staff: sums of whole months for the organisation, and nobody joins without agreeing.
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';

test('an organisation sees sums of its staff, and nobody joins without reading what it sees', async ({ visitors }) => {
  const events = await visitors.demo('events');
  const commuter = await visitors.demo('commuter');
  let code = '';
  await test.step('the page has months, sums and a table to download', async () => {
    await events.open('/desk/staff');
    await events.expectText('演示·会展公司员工', '2026-02', '有行为的成员');
    await expect(events.main.locator('a[href="/desk/staff.csv"]')).toHaveCount(1);
    await expectAccessible(events.page);
    code = await events.main.locator('.group-code').innerText();
  });
  await test.step('a code of staff asks for a consent first', async () => {
    await commuter.open('/me/boards');
    await commuter.submit('group_join', { code });
    await commuter.expectRefusedAt('agrees_to_sums');
    await expectAccessible(commuter.page);
  });
});
