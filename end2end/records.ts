// Records of the demo world that are in a certain state.
import { expect } from '@playwright/test';
import { type Person, type Visitors } from './people';

/** The address at the desk of a record of the demo world in this state, as this person's list shows it; other tests' own records are left to them. */
export async function recordIn(person: Person, kind: 'projects' | 'reports', state: string): Promise<string> {
  await person.open(`/desk/${kind}?state=${state}`);
  const links = await person.main.locator('tbody tr', { hasNotText: '测试' }).locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  const found = links.find((link) => new RegExp(`^/desk/${kind}/[^/?]+$`).test(link));
  expect(found, `a record of the demo world in the state ${state}`).toBeDefined();
  return String(found);
}

/** The owner of a record: whoever of the demo world it opens for. */
export async function ownerOf(visitors: Visitors, record: string): Promise<Person> {
  for (const name of ['owner', 'owner2'] as const) {
    const person = await visitors.demo(name);
    const response = await person.open(record);
    if (response?.status() === 200) {
      return person;
    }
  }
  throw new Error(`nobody of the demo world owns ${record}`);
}
