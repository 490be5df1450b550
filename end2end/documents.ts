// What the people of the tests write into their documents, and the steps that many tests begin with.
import { expect } from '@playwright/test';
import { type Person, type Values } from './people';

/** The design document of a project like 汕尾甲子一期 (500 MW offshore wind; public figures), section by section. */
export const DESIGN: Record<string, Values> = {
  basics: {
    name: '测试·甲子一期500兆瓦海上风电项目',
    name_en: 'Test Jiazi offshore wind, phase 1',
    methodology: 'CCER-01-002-V01',
    get archive_code() {
      return newArchiveCode();
    },
    summary: '安装海上风电机组，总装机容量500MW，所发电量经海缆送出，替代南方区域电网中以化石燃料为主的电力。',
    technology: '单机容量6.45MW的海上风电机组，导管架基础；35kV集电海缆汇集至220kV海上升压站。',
  },
  place: {
    province: '440000',
    location: '测试市甲子镇以南海域',
    grid: 'South',
    longitude: '116.120347',
    latitude: '22.551237',
    distance_to_shore_km: '31.5',
    water_depth_m: '36',
  },
  dates: {
    construction_start: '2020-06-16',
    grid_connection_date: '2022-09-20',
    retirement_date: '2047-09-19',
    crediting_from: '2022-10-01',
    crediting_to: '2032-09-30',
  },
  estimate: {
    capacity_mw: '500',
    export_mwh_per_year: '1,655,202',
    import_mwh_per_year: '0',
    factor_choice: 'named',
    factor_set: '2023',
    rounding: 'project_year_lines',
  },
  applicability: {
    grid_connected: 'yes',
    seaward_of_high_water_line: 'yes',
    any_turbine_within_both_limits: 'no',
    lawful: 'yes',
    legally_obliged: 'no',
    in_emissions_trading: 'no',
    in_other_mechanism: 'no',
    green_certificate_choice: 'reductions',
  },
  plan: {
    monitoring_plan: '关口电能表主、副表各一，准确度等级0.2S，每年校准；逐月抄录并与结算单核对，数据保存十年以上。',
    sustainability: '增加当地就业和清洁电力供应，不占用耕地。',
    environmental_impact: '海洋环境影响报告书已批复，施工期避开鱼类产卵期。',
  },
  validator: { validator: 'label:东海' },
};

/** Each project has a plant of its own: a code that nobody has yet. */
export function newArchiveCode(): string {
  const number = String(Date.now() * 1000 + Math.floor(Math.random() * 1000)).slice(-13);
  return `PWS${number.padStart(13, '0')}L`;
}

/** The export of 2024 by month: equal parts, all of it claimed, no certificate sold. */
const MONTHS = ['month,settled_mwh,claimed_mwh,certificates_mwh']
  .concat(Array.from({ length: 12 }, (_, at) => `2024-${String(at + 1).padStart(2, '0')},126920.575,126920.575,0`))
  .join('\n');

/** The monitoring report of the year 2024. */
export const REPORT: Record<string, Values> = {
  lines: {
    'lines.0.export_mwh': '1523046.9',
    'lines.0.import_mwh': '1288.3',
    'lines.0.export_meter': 'in_order',
    'lines.0.import_meter': 'in_order',
  },
  factors: { factor_choice: 'named', factor_set: '2023' },
  description: {
    implementation: '核算期内机组全部并网运行，装机容量、技术和边界与项目设计文件一致。',
    monitoring: '关口电能表主、副表各一，准确度等级0.2S，每年校准；逐月记录并与结算单核对。',
  },
  certificates: { electricity_months: MONTHS },
  declarations: { certificates_traded: 'no' },
  verifier: { verifier: 'label:南岭' },
};

/** Begins a project, of offshore wind unless another methodology is named, and comes back with its address at the desk. */
export async function createProject(owner: Person, methodology = 'CCER-01-002-V01'): Promise<string> {
  await owner.open('/desk/projects/new');
  await owner.submit('project_create', { methodology });
  await owner.expectAt(/^\/desk\/projects\/[^/]+\/edit$/);
  return new URL(owner.page.url()).pathname.replace(/\/edit$/, '');
}

/** Fills in one section and saves it; it is complete afterwards. */
export async function fillSection(owner: Person, record: string, section: string, values: Values): Promise<void> {
  await owner.open(`${record}/edit/${section}`);
  await owner.submit(record.includes('/reports/') ? 'report_save' : 'project_save', values);
  await owner.expectDone();
  await owner.expectAt(`${record}/edit`);
}

/** Fills in every section of the design document. */
export async function fillDesign(owner: Person, project: string): Promise<void> {
  for (const [section, values] of Object.entries(DESIGN)) {
    await fillSection(owner, project, section, values);
  }
}

/** Answers from the check page: the mandate first, publicity after the body has taken it on. */
export async function sendFromCheck(owner: Person, record: string, act: string, values: Values = {}): Promise<void> {
  await owner.open(`${record}/check`);
  await owner.submit(act, values);
  await owner.expectDone();
  await owner.expectAt(record);
}

/** Does one act on its own page, which leads back to the record. */
export async function act(person: Person, record: string, name: string, values: Values = {}): Promise<void> {
  const verb = name.replace(/^[a-z]+_/, '');
  const response = await person.open(`${record}/do/${verb}`);
  expect(response?.status(), `${record}/do/${verb} can be done now`).toBe(200);
  await person.submit(name, values);
  await person.expectDone();
  await person.expectAt(record);
}

/** A project that its validator has taken on. */
export async function projectWithMandate(owner: Person, validator: Person): Promise<string> {
  const project = await createProject(owner);
  await fillDesign(owner, project);
  await sendFromCheck(owner, project, 'project_request_mandate');
  await act(validator, project, 'project_confirm_mandate', { contract: '合同 2026-017', impartiality: true });
  return project;
}

/** The parts of a validation report. */
export const VALIDATION: Values = {
  'parts.legality': '已核实项目的核准、环评和并网文件，合法合规。',
  'parts.domain': '项目属于海上风力发电，在方法学支持的领域内。',
  'parts.methodology': '适用条件逐条满足，排放因子版本与设计文件一致。',
  'parts.uniqueness': '已查询其他机制的公开清单，未发现重复登记。',
  'parts.plan': '监测计划合理、完整。',
  'parts.sustainability': '海洋环境影响评价已批复，符合可持续发展要求。',
  'parts.process': '文件评审、现场核查和公示意见处理均已完成。',
  'parts.evidence': '核准批复、环评批复、并网协议、结算单。',
  commitment: true,
};

/** The parts of a verification report. */
export const VERIFICATION: Values = {
  'parts.conformity': '项目与登记的设计文件一致。',
  'parts.implementation': '现场核查确认机组全部运行，监测计划得到执行。',
  'parts.monitoring': '监测设备和参数与监测计划一致。',
  'parts.cross_checks': '与购售电合同和财务记录核对一致。',
  'parts.arithmetic': '公式、取值和结果正确。',
  'parts.quality': '记录保存完整，内部检查已执行。',
  'parts.data': '电量数据与结算单逐月核对一致，电能表校准有效。',
  'parts.conservativeness': '数据取值保守，无缺失。',
  'parts.process': '文件评审、现场核查和公示意见处理均已完成。',
  'parts.evidence': '核准批复、环评批复、并网协议、结算单。',
  commitment: true,
};

/** The day so many days before the one the banner shows, as a form wants it: `2026-03-09`. */
async function daysAgo(person: Person, days: number): Promise<string> {
  const text = await person.today();
  const chinese = text.match(/(\d{4})\D+(\d{1,2})\D+(\d{1,2})/);
  const english = text.match(/\d{1,2} [A-Z][a-z]{2} \d{4}/);
  const today = chinese ? Date.UTC(Number(chinese[1]), Number(chinese[2]) - 1, Number(chinese[3])) : Date.parse(`${english?.[0]} UTC`);
  return new Date(today - days * 86_400_000).toISOString().slice(0, 10);
}

/** Everything a body does before its report: plan, team, document review and the visit of the one site. */
export async function deskWork(body: Person, record: string): Promise<void> {
  await body.open(`${record}/engagement`);
  await body.submit('engagement_save', {
    document_reviewed_on: await daysAgo(body, 2),
    sites_total: '1',
    reviewer: '测试·秦越',
    decision_maker: '测试·沈宁',
  });
  await body.expectDone();
  for (const [name, duty] of [
    ['测试·许岚', 'leader'],
    ['测试·高翔', 'member'],
  ]) {
    await body.submit('engagement_member_add', { name, duty, full_time: true, 'sectors.energy': true, 'sectors.forestry': true });
    await body.expectDone();
  }
  const person = await body.form('engagement_visit_add').locator('input[name^="persons."]').first().getAttribute('name');
  await body.submit('engagement_visit_add', { site: '测试·升压站', visited_on: await daysAgo(body, 1), [person ?? '']: true });
  await body.expectDone();
}
