// What the people of the tests write into their documents, and the steps that many tests begin with.
import { expect } from '@playwright/test';
import { type Person, type Values } from './people';

/** The design document of a project like 汕尾甲子一期 (500 MW offshore wind; public figures), section by section. */
export const DESIGN: Record<string, Values> = {
  basics: {
    name: '测试·甲子一期500兆瓦海上风电项目',
    name_en: 'Test Jiazi offshore wind, phase 1',
    methodology: 'CCER-01-002-V01',
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
  validator: { validator: 'label:东海' },
};

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
  await act(validator, project, 'project_confirm_mandate', { contract: '合同 2026-017' });
  return project;
}

/** The parts of a validation report. */
export const VALIDATION: Values = {
  'parts.legality': '已核实项目的核准、环评和并网文件，合法合规。',
  'parts.methodology': '适用条件逐条满足，排放因子版本与设计文件一致。',
  'parts.uniqueness': '已查询其他机制的公开清单，未发现重复登记。',
  'parts.sustainability': '海洋环境影响评价已批复，符合可持续发展要求。',
  'parts.process': '文件评审、现场核查和公示意见处理均已完成。',
  commitment: true,
};

/** The parts of a verification report. */
export const VERIFICATION: Values = {
  'parts.conformity': '项目与登记的设计文件一致。',
  'parts.implementation': '现场核查确认机组全部运行，监测计划得到执行。',
  'parts.data': '电量数据与结算单逐月核对一致，电能表校准有效。',
  'parts.conservativeness': '数据取值保守，无缺失。',
  'parts.process': '文件评审、现场核查和公示意见处理均已完成。',
  commitment: true,
};
