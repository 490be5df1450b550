// An event begins with a template, and a flight becomes a line of its inventory by airport: with and without a script.
import { expectAccessible } from '../accessible';
import { expect, test } from '../fixtures';

const mark = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1000)}`;

test('a marathon begins with a template: its quantities follow the people and are all estimates', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  await organiser.open('/desk/events/new');
  await organiser.follow('/desk/events/new?template=marathon');
  await expectAccessible(organiser.page);
  await expect(organiser.field('kind')).toHaveValue('sports');
  await expect(organiser.field('people')).toHaveValue('20000');
  await organiser.expectText('奖牌', '柴油发电机');
  const name = `测试半程马拉松 ${mark()}`;
  const profile = { name, starts_on: '2026-02-08', ends_on: '2026-02-08', province: '湖北省', city: '武汉' };
  await organiser.submit('event_create', { ...profile, people: '12000', rail_people: '12001' });
  await organiser.expectRefusedAt('rail_people');
  await expect(organiser.field('people'), 'what was typed is still there').toHaveValue('12000');
  await organiser.submit('event_create', { rail_people: '' });
  await organiser.expectDone();
  const event = new URL(organiser.page.url()).pathname;
  await organiser.open(`${event}/inventory`);
  // 12,000 medals of 0.1 kg; 3,000 runners by rail over 400 km and back
  await organiser.expectText('1,200 kg', '2,400,000 pkm');
  const qualities = organiser.main.locator('table').first().locator('tbody tr td:nth-child(5)');
  expect(new Set(await qualities.allInnerTexts())).toEqual(new Set(['估计']));
});

test('a flight becomes a line by its airports, and what no airport is called is said at its field', async ({ visitors }) => {
  const organiser = await visitors.demo('events');
  await organiser.open('/desk/events/new?deep=yes');
  await organiser.submit('event_create', {
    name: `测试外场 ${mark()}`,
    kind: 'forum',
    starts_on: '2026-02-08',
    ends_on: '2026-02-08',
    province: '湖北省',
    city: '武汉',
    people: '100',
    'stages.hold': true,
  });
  await organiser.expectDone();
  const event = new URL(organiser.page.url()).pathname;
  await organiser.open(`${event}/inventory`);
  const flight = organiser.main.locator('#flight form');
  const ask = async (from: string, to: string, people: string) => {
    await flight.locator('[name="flight_from"]').fill(from);
    await flight.locator('[name="flight_to"]').fill(to);
    await flight.locator('[name="flight_people"]').fill(people);
    await organiser.press(flight.locator('button[type="submit"]'));
  };
  await ask('QQQ', '武汉', '12');
  await expect(flight.locator('[data-error-for="flight_from"]')).toContainText('QQQ');
  await expect(flight.locator('[name="flight_people"]'), 'what was typed is still there').toHaveValue('12');
  await expectAccessible(organiser.page);
  await ask('Yulin', '武汉', '12');
  await expect(flight.locator('[data-error-for="flight_from"]')).toContainText('UYN');
  await ask('pek', '上海虹桥', '12');
  await organiser.expectText('1,075', '25,800');
  await expect(organiser.field('line.quantity')).toHaveValue('25800');
  await expect(organiser.field('line.factor')).toHaveValue('air_china_full');
  await organiser.submit('event_inventory_save', {});
  await organiser.expectDone();
  await organiser.expectText('航班 PEK–SHA', '25,800 pkm');
});
