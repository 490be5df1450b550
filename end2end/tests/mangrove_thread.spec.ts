// A mangrove: from a blank form to the request for publicity, and a monitoring report whose plots and trees come from files.
import { act, createProject, fillSection, sendFromCheck } from '../documents';
import { expect, test } from '../fixtures';
import { sendTable, square } from '../land';
import { type Values } from '../people';

/** The design document of a mangrove of 30 ha in former ponds, section by section. */
const MANGROVE: Record<string, Values> = {
  basics: {
    name: '测试·蓝湾红树林营造项目',
    methodology: 'CCER-14-002-V01',
    summary: '在退塘滩涂营造红树林30公顷，树种为秋茄。',
    technology: '恢复潮汐水文后种植胚轴苗，每公顷一万株，不施肥。',
  },
  place: { province: '350000', location: '测试市蓝湾潮间带', longitude: '117.930001', latitude: '24.430001' },
  dates: {
    construction_start: '2022-04-10',
    project_end: '2062-12-31',
    crediting_from: '2023-12-01',
    crediting_to: '2043-11-30',
  },
  estimate: {
    r_soc: 'ar_am0014',
    salinity: 'over_20',
    'strata.0.name': 'MZ-1',
    'strata.0.area_ha': '30',
    'strata.0.species': 'kandelia_obovata',
    'strata.0.planting_year': '2022',
    'strata.0.density_per_ha': '10000',
    'strata.0.curve': 'generic',
  },
  applicability: {
    site_kind: 'retired_pond',
    suits_mangroves: 'yes',
    artificial_planting: 'yes',
    tenure_clear: 'yes',
    tenure_until: '2070-12-31',
    tenure_renewal_statement: 'no',
    smallest_plot_m2: '12600',
    largest_gap_m2: '180',
    cover_before_percent: '0',
    intertidal_kept: 'yes',
    fertilised: 'no',
    alien_invasive_species: 'no',
    hydrology_years: '6',
    site_described: 'yes',
    lawful: 'yes',
    legally_obliged: 'no',
    in_emissions_trading: 'no',
    in_other_mechanism: 'no',
  },
  plan: {
    sampling: '一个碳层，八块固定样地，随机布设。',
    monitoring_plan: '卫星影像核定边界和面积，每木检尺，数据保存十年以上。',
    sustainability: '为周边居民提供管护岗位，改善生态。',
    environmental_impact: '不需要环境影响评价；整地不破坏原有植被。',
  },
  validator: { validator: 'label:东海' },
};

test('a mangrove is described, bounded and handed in', async ({ visitors }) => {
  test.setTimeout(300_000);
  const owner = await visitors.newcomer('测试·蓝湾湿地保护中心');
  const validator = await visitors.demo('vvb1');
  const project = await createProject(owner, 'CCER-14-002-V01');
  for (const [section, values] of Object.entries(MANGROVE)) {
    await fillSection(owner, project, section, values);
  }
  await owner.open(`${project}/check`);
  await owner.expectText('秋茄', '30 ha');
  await expect(owner.main.locator('#calculation .hero-number__value').first()).toHaveText(/^[\d,]+$/);
  await sendFromCheck(owner, project, 'project_request_mandate');
  await act(validator, project, 'project_confirm_mandate', { contract: '合同 2026-031', impartiality: true });
  await owner.open(`${project}/boundary`);
  await owner.submit('project_boundary_set', { text: square(80.1, 30.1) });
  await owner.expectDone();
  await sendFromCheck(owner, project, 'project_request_publicity', { statement: true });
});

test('a mangrove is monitored by plots and trees from files', async ({ visitors }) => {
  test.setTimeout(300_000);
  const owner = await visitors.demo('owner');
  await owner.open('/desk/projects');
  await owner.press(owner.main.getByRole('link', { name: '碧螺湾' }).first());
  const project = new URL(owner.page.url()).pathname;
  await owner.open(`${project}/reports/new`);
  await owner.submit('report_create', { period_from: '2025-06-01', period_to: '2025-12-31' });
  await owner.expectAt(/^\/desk\/reports\/[^/]+\/edit$/);
  const report = new URL(owner.page.url()).pathname.replace(/\/edit$/, '');
  await owner.open(`${report}/edit/strata`);
  await expect(owner.field('strata.0.name')).toHaveValue('BL-1');
  await owner.submit('report_save', { measured_on: '2025-12-31' });

  const plots = ['样地号,碳层,样地面积 m2'];
  const trees = ['plot,species,dbh_cm,height_m'];
  for (let plot = 1; plot <= 8; plot += 1) {
    plots.push(`Y${plot},${plot <= 4 ? 'BL-1' : 'BL-2'},100`);
    for (let tree = 1; tree <= 11; tree += 1) {
      trees.push(`Y${plot},秋茄,${(3.6 + ((plot * 7 + tree * 5) % 24) / 10).toFixed(1)},${(1.9 + ((plot + tree * 3) % 14) / 10).toFixed(1)}`);
    }
  }
  await sendTable(owner, report, 'plots', plots);
  await owner.expectDone();
  await sendTable(owner, report, 'trees', [...trees, 'Y9,秋茄,4.0,2.0']);
  const wrong = owner.main.locator('#table-problems tbody tr');
  await expect(wrong, 'a tree outside every plot').toHaveCount(1);
  await expect(wrong.first()).toContainText('90');
  await sendTable(owner, report, 'trees', trees);
  await owner.expectDone();
  await fillSection(owner, report, 'description', {
    implementation: '按设计管护，未发生风暴潮损失。',
    monitoring: '八块固定样地，每木检尺；卫星影像核定各碳层面积。',
  });
  await fillSection(owner, report, 'declarations', { in_other_mechanism: 'no' });
  await fillSection(owner, report, 'verifier', { verifier: 'label:南岭' });
  await owner.open(`${report}/check`);
  await expect(owner.main.locator('#calculation .hero-number__value').first()).toHaveText(/^[\d,]+$/);
  await sendFromCheck(owner, report, 'report_request_mandate');
});
