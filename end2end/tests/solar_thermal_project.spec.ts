// Concentrated solar power: a design document from a blank form to the mandate of its validator.
import { createProject, DESIGN, fillSection, sendFromCheck } from '../documents';
import { expect, test } from '../fixtures';
import { type Values } from '../people';

/** A tower plant of 100 MW in the north-west, section by section. */
const SOLAR: Record<string, Values> = {
  basics: {
    name: '测试·德令哈100MW光热发电项目',
    methodology: 'CCER-01-001-V01',
    archive_code: DESIGN.basics.archive_code,
    summary: '独立的塔式熔盐光热电站，装机100MW，储热12小时，上网电量替代西北区域电网的火电。',
    technology: '定日镜场、熔盐吸热塔、双罐储热和一台汽轮发电机组；上网和下网电量分别计量。',
  },
  place: { province: '630000', location: '测试市光热园区', grid: 'Northwest', longitude: '97.250001', latitude: '37.360001' },
  dates: {
    construction_start: '2020-04-20',
    grid_connection_date: '2022-03-31',
    retirement_date: '2047-03-30',
    crediting_from: '2022-04-01',
    crediting_to: '2032-03-31',
  },
  estimate: { ...DESIGN.estimate, capacity_mw: '100', export_mwh_per_year: '397,500', import_mwh_per_year: '5,300' },
  applicability: {
    solar_kind: 'stand_alone',
    metered_separately: 'yes',
    lawful: 'yes',
    legally_obliged: 'no',
    in_emissions_trading: 'no',
    in_other_mechanism: 'no',
    green_certificate_choice: 'reductions',
  },
  plan: DESIGN.plan,
  validator: DESIGN.validator,
};

test('a solar thermal plant is described and goes to its validator', async ({ visitors }) => {
  test.setTimeout(180_000);
  const owner = await visitors.newcomer('测试·德令哈光热有限公司');
  const project = await createProject(owner, 'CCER-01-001-V01');
  for (const [section, values] of Object.entries(SOLAR)) {
    await fillSection(owner, project, section, values);
  }
  await owner.open(`${project}/check`);
  await owner.expectText('100 MW', '西北');
  await expect(owner.main.locator('#calculation .hero-number__value').first()).toHaveText(/^[\d,]+$/);
  await sendFromCheck(owner, project, 'project_request_mandate');
});
