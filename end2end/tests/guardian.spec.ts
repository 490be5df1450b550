// Somebody younger than 14 opens an account: the guardian's fields are there when they are asked for, and the account waits.
import { expect, test } from '../fixtures';
import { newEmail } from '../people';

test('the account of a child waits for the guardian, on one page with the ways on', async ({ visitors }) => {
  const child = await visitors.stranger();
  const password = 'a-long-enough-password';
  await test.step('the fields about a guardian are for people under 14 only', async () => {
    await child.open('/sign-up/person');
    await expect(child.field('guardian_email')).toBeHidden();
    await child.fill({ age: 'minor' }, child.form('person_sign_up'));
    await expect(child.field('guardian_email')).toBeVisible();
    await child.fill({ age: 'adult' }, child.form('person_sign_up'));
    await expect(child.field('guardian_email')).toBeHidden();
  });

  await test.step('what is wrong about the guardian is said at its field', async () => {
    const email = newEmail();
    await child.submit('person_sign_up', {
      age: 'minor', name: '测试少年', email, region: 'CN-GD-SZ', password, password_again: password, guardian: '测试家长', guardian_email: email,
      agrees: true,
    });
    await child.expectRefusedAt('guardian_email');
    await child.submit('person_sign_up', { password, password_again: password, guardian_email: 'parent@example.com', agrees: true });
    await child.expectDone();
  });

  await test.step('the account waits, and says for whom', async () => {
    await child.expectAt('/me/guardian');
    await child.expectText('测试家长', 'parent@example.com');
    await child.open('/me/record');
    await child.expectAt('/me/guardian');
    await child.submit('guardian_ask', { guardian_email: 'not an address' });
    await child.expectRefusedAt('guardian_email');
    await child.submit('guardian_ask', { guardian_email: 'other-parent@example.com' });
    await child.expectDone();
    await child.expectText('other-parent@example.com');
  });

  await test.step('a link that never was one opens nothing', async () => {
    const guardian = await visitors.stranger();
    await guardian.open('/guardian?token=guessed');
    await expect(guardian.main.locator('form')).toHaveCount(0);
    await guardian.open('/guardian/account?token=guessed');
    await expect(guardian.main.locator('form')).toHaveCount(0);
  });

  await test.step('the child closes the account that waits', async () => {
    await child.open('/me/guardian');
    await child.submit('person_close', { statement: true });
    await child.open('/me');
    await child.expectAt('/sign-in');
  });
});
