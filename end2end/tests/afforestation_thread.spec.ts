// Planted land: from a blank form to the request for publicity, and a monitoring report whose trees come from a file with mistakes in it.
import { act, createProject, fillSection, sendFromCheck } from '../documents';
import { expect, test } from '../fixtures';
import { sendTable, square } from '../land';
import { type Values } from '../people';

/** The design document of an afforestation project of 120 ha, section by section. */
const FOREST: Record<string, Values> = {
  basics: {
    name: '测试·白云岭造林碳汇项目',
    methodology: 'CCER-14-001-V01',
    summary: '在宜林荒山造林120公顷，树种为杉木，造林前多年不符合森林定义。',
    technology: '穴状整地，两年生容器苗，每公顷1667株，连续三年抚育。',
  },
  place: { province: '340000', location: '测试县白云岭林场', longitude: '117.510001', latitude: '30.610001' },
  dates: {
    construction_start: '2016-02-20',
    project_end: '2056-02-19',
    crediting_from: '2021-01-01',
    crediting_to: '2040-12-31',
  },
  estimate: {
    climate: 'temperate',
    include_dead_wood: 'yes',
    include_litter: 'yes',
    include_soc_project: 'no',
    'strata.0.name': 'PROJ-1',
    'strata.0.area_ha': '120',
    'strata.0.species': 'chinese_fir',
    'strata.0.planting_year': '2016',
    'strata.0.density_per_ha': '1667',
    'strata.0.curve': 'built_in',
  },
  applicability: {
    forest_kind: 'timber',
    years_without_forest: '10',
    planned_afforestation_land: 'yes',
    tenure_clear: 'yes',
    tenure_until: '2060-12-31',
    tenure_renewal_statement: 'no',
    smallest_plot_m2: '12000',
    on_wetland: 'no',
    trees_removed: 'no',
    removed_vegetation_percent: '10',
    repeated_soil_disturbance: 'no',
    burning: 'no',
    displacement: 'no',
    additionality: 'general_demonstration',
    additionality_documented: 'yes',
    lawful: 'yes',
    legally_obliged: 'no',
    in_emissions_trading: 'no',
    in_other_mechanism: 'no',
  },
  plan: {
    sampling: '按树种划分碳层，每层四块固定样地，五年复测一次。',
    monitoring_plan: '卫星影像核定边界和面积，每木检尺，数据保存十年以上。',
    sustainability: '为周边居民提供管护岗位，改善生态。',
    environmental_impact: '不需要环境影响评价；整地不破坏原有植被。',
  },
  validator: { validator: 'label:东海' },
};

test('a planting is described, bounded and handed in', async ({ visitors }) => {
  test.setTimeout(300_000);
  const owner = await visitors.newcomer('测试·白云岭国有林场');
  const validator = await visitors.demo('vvb1');
  const project = await createProject(owner, 'CCER-14-001-V01');
  for (const [section, values] of Object.entries(FOREST)) {
    await fillSection(owner, project, section, values);
  }
  await owner.open(`${project}/check`);
  await owner.expectText('120', '杉木', '2056年2月19日');
  const total = await owner.main.locator('#calculation .hero-number__value').first().innerText();
  expect(total).toMatch(/^[\d,]+$/);
  await sendFromCheck(owner, project, 'project_request_mandate');
  await act(validator, project, 'project_confirm_mandate', { contract: '合同 2026-030', impartiality: true });

  await test.step('without a boundary it is not handed in', async () => {
    await owner.open(`${project}/check`);
    await owner.submit('project_request_publicity', { statement: true });
    await expect(owner.page.locator('#errors')).toContainText('边界');
  });
  await test.step('with one it is', async () => {
    await owner.open(`${project}/boundary`);
    await owner.submit('project_boundary_set', { text: square(100.1, 27.1) });
    await owner.expectDone();
    await sendFromCheck(owner, project, 'project_request_publicity', { statement: true });
  });
});

test('trees with mistakes are reported line by line, and kept once corrected', async ({ visitors }) => {
  test.setTimeout(300_000);
  const owner = await visitors.demo('owner2');
  await owner.open('/desk/projects');
  await owner.press(owner.main.getByRole('link', { name: '剪刀岭' }).first());
  const project = new URL(owner.page.url()).pathname;
  await owner.open(`${project}/reports/new`);
  await owner.submit('report_create', { period_from: '2025-01-01', period_to: '2025-12-31' });
  await owner.expectAt(/^\/desk\/reports\/[^/]+\/edit$/);
  const report = new URL(owner.page.url()).pathname.replace(/\/edit$/, '');

  await test.step('the strata of the design document and the stock of the last report are there', async () => {
    await owner.open(`${report}/edit/strata`);
    await expect(owner.field('strata.0.name')).toHaveValue('PROJ-1');
    await owner.expectText('2024年12月31日');
    await expect(owner.field('previous_tree_stock_t')).toHaveCount(0);
    await owner.submit('report_save', { measured_on: '2025-12-31' });
  });

  const plots = ['plot,stratum,area_m2'];
  const trees = ['样地号,胸径（cm）,树高（m）'];
  for (let plot = 1; plot <= 8; plot += 1) {
    plots.push(`P${plot},${plot <= 4 ? 'PROJ-1' : 'PROJ-2'},100`);
    for (let tree = 1; tree <= 11; tree += 1) {
      trees.push(`P${plot},${(8.5 + ((plot * 7 + tree * 5) % 24) / 10).toFixed(1)},${(5.4 + ((plot + tree * 3) % 14) / 10).toFixed(1)}`);
    }
  }

  await test.step('plots are typed', async () => {
    await owner.open(`${report}/edit/plots`);
    await owner.submit('report_save', { plots: plots.join('\n') });
    await owner.expectDone();
  });
  await test.step('a file with two wrong rows is reported and not kept', async () => {
    const wrong = [...trees];
    wrong[4] = 'P1,十二,6.1';
    wrong[9] = ',9.4,6.0';
    await sendTable(owner, report, 'trees', wrong);
    await owner.expectAt(`${report}/edit/trees`);
    const rows = owner.main.locator('#table-problems tbody tr');
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(0)).toContainText('5');
    await expect(rows.nth(0)).toContainText('胸径');
    await expect(rows.nth(1)).toContainText('10');
    await expect(rows.nth(1)).toContainText('样地号');
    await owner.open(`${report}/edit/trees`);
    await expect(owner.main.locator('#kept-trees'), 'nothing was kept').toHaveCount(0);
  });
  await test.step('the corrected file is kept', async () => {
    await sendTable(owner, report, 'trees', trees);
    await owner.expectDone();
    await owner.open(`${report}/edit/trees`);
    await expect(owner.main.locator('#kept-trees')).toContainText('88');
  });
  await test.step('the report is complete and goes to the verifier', async () => {
    await fillSection(owner, report, 'description', {
      implementation: '按设计抚育，未发生火灾和采伐。',
      monitoring: '八块固定样地，每木检尺。',
    });
    await fillSection(owner, report, 'declarations', { in_other_mechanism: 'no' });
    await fillSection(owner, report, 'verifier', { verifier: 'label:南岭' });
    await owner.open(`${report}/check`);
    await expect(owner.main.locator('#calculation')).toBeVisible();
    await sendFromCheck(owner, report, 'report_request_mandate');
  });
});
