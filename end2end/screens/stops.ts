// Every stop of the tour, role by role. A route with a place for an id is visited with the first address of that kind that
// the role can see; `at` narrows it down (`{verb}`, `{section}`, or what the page must say).
import { type DemoName } from '../people';

/** Whose eyes the tour looks with. */
export type Viewer = 'public' | DemoName;

/** One page, as one role sees it. */
export interface Stop {
  /** The route, as it is written in the source. */
  route: string;
  /** The name of its pictures, if the route's own is taken. */
  name?: string;
  /** Replaces the last `{…}` of the route. */
  last?: string;
  /** A state of the lists at the desk, or a tab of the public list: the record is taken from there. */
  state?: string;
  /** The query of the address. */
  query?: string;
  /** The answer's status, if it is not 200. */
  status?: number;
}

const edit = (kind: string, sections: string[]): Stop[] =>
  sections.map((last) => ({ route: `/desk/${kind}s/{id}/edit/{section}`, last, name: `${kind}-edit-${last}` }));
const acts = (kind: string, verbs: string[]): Stop[] =>
  verbs.map((last) => ({ route: `/desk/${kind}s/{id}/do/{verb}`, last, name: `${kind}-do-${last}` }));

export const STOPS: Record<Viewer, Stop[]> = {
  public: [
    { route: '/', name: 'home' },
    { route: '/projects' },
    { route: '/projects', query: '?tab=registered&methodology=CCER-01-002-V01', name: 'projects-filtered' },
    { route: '/projects', query: '?q=zzzz', name: 'projects-nothing-found' },
    { route: '/projects/{id}', state: 'registered', name: 'project-registered' },
    { route: '/projects/{id}', state: 'in_publicity', name: 'project-in-publicity' },
    { route: '/projects/{id}', state: 'publicity_ended', name: 'project-publicity-ended' },
    { route: '/projects/{id}/opinions/new' },
    { route: '/projects/{id}/complaints/new' },
    { route: '/uniqueness' },
    { route: '/reports/{id}' },
    { route: '/reports/{id}/opinions/new' },
    { route: '/classes/{class}' },
    { route: '/serials' },
    { route: '/serials/{serial}' },
    { route: '/serials/{serial}', last: 'HT-NONE', name: 'serial-unknown', status: 404 },
    { route: '/retirements' },
    { route: '/retirements/{number}', name: 'certificate' },
    { route: '/events', name: 'events' },
    { route: '/events/{number}', name: 'event' },
    { route: '/events/{number}/certificate', name: 'event-certificate' },
    { route: '/attend/{token}', last: 'demo-attendees', name: 'event-attend' },
    { route: '/statistics' },
    { route: '/statistics/steps', name: 'step-lengths' },
    { route: '/methodologies' },
    { route: '/methodologies/{code}', last: 'CCER-14-001-V01', name: 'methodology' },
    { route: '/methodologies/{code}', last: 'CCER-10-001-V01', name: 'methodology-estimator' },
    { route: '/methodologies/{code}/formulas/{id}', last: 'fire-emissions', name: 'formula' },
    { route: '/methodologies/{code}/formulas/{id}', last: 'fire-emissions', query: '?example=1', name: 'formula-example' },
    { route: '/precheck' },
    { route: '/precheck/{code}', last: 'CCER-14-001-V01', query: '?smallest_plot_m2=500&construction_start=2019-12-31', name: 'precheck' },
    { route: '/parameters' },
    { route: '/rules', name: 'rule-book' },
    { route: '/calculators' },
    { route: '/calculators/{methodology}/{stage}', name: 'calculator' },
    { route: '/calculators/{methodology}/{stage}', query: '?example=1', name: 'calculator-example' },
    { route: '/compare' },
    { route: '/compare', query: '?calculator=CCER-01-002-V01/ex-ante&example=1&second.factor_set=2022', name: 'compare-result' },
    { route: '/compare', query: '?calculator=CCER-14-001-V01/ex-ante', name: 'compare-planted' },
    { route: '/help' },
    { route: '/design' },
    { route: '/api/docs' },
    { route: '/sign-in' },
    { route: '/sign-up' },
    { route: '/join', name: 'invitation-invalid' },
    { route: '/{nowhere}', last: 'nowhere', name: 'not-found', status: 404 },
  ],
  owner: [
    { route: '/inbox' },
    { route: '/account' },
    { route: '/account/notifications', name: 'mail-choice' },
    { route: '/account/apply', name: 'account-apply' },
    { route: '/account/change', name: 'account-change' },
    { route: '/account/closing', name: 'account-closing' },
    { route: '/account/restore', name: 'account-restore' },
    { route: '/account/members', name: 'members' },
    { route: '/account/members/{id}', name: 'member' },
    { route: '/desk/orders' },
    { route: '/desk/orders/{id}', last: 'nothing', name: 'order-not-found', status: 404 },
    { route: '/desk/projects' },
    { route: '/desk/projects/new' },
    { route: '/desk/projects/{id}', state: 'registered', name: 'desk-project-registered' },
    { route: '/desk/projects/{id}', state: 'draft', name: 'desk-project-draft' },
    { route: '/desk/projects/{id}/edit' },
    ...edit('project', ['basics', 'place', 'dates', 'estimate', 'applicability', 'plan', 'validator']),
    { route: '/desk/projects/{id}/check' },
    { route: '/desk/projects/{id}/boundary', state: 'draft', name: 'desk-boundary-upload' },
    { route: '/desk/projects/{id}/files', state: 'draft', name: 'desk-project-files' },
    ...acts('project', ['withdraw', 'request_recall', 'apply_registration']),
    { route: '/desk/projects/{id}/changes/new', state: 'registered', name: 'change-kinds' },
    { route: '/desk/projects/{id}/changes/new', state: 'registered', query: '?kind=capacity', name: 'change-capacity' },
    { route: '/desk/changes' },
    { route: '/desk/projects/{id}/reports/new' },
    { route: '/desk/reports' },
    { route: '/desk/reports/{id}' },
    { route: '/desk/reports/{id}/edit' },
    ...edit('report', ['period', 'lines', 'factors', 'certificates', 'description', 'declarations', 'verifier']),
    { route: '/desk/reports/{id}/check' },
    { route: '/desk/reports/{id}/files', name: 'desk-report-files' },
    ...acts('report', ['withdraw', 'request_recall', 'apply_registration']),
    { route: '/desk/holdings' },
    { route: '/desk/holdings', query: '?blocks={class}', name: 'holdings-numbers' },
    { route: '/desk/holdings/transfers' },
    { route: '/desk/transfers/new' },
    { route: '/desk/transfers/check' },
    { route: '/desk/retirements' },
    { route: '/desk/retirements/new' },
    { route: '/desk/retirements/check' },
  ],
  owner2: [
    { route: '/inbox' },
    { route: '/desk/projects' },
    { route: '/desk/projects/{id}/boundary', state: 'registered', name: 'desk-boundary' },
    { route: '/desk/holdings' },
  ],
  vvb1: [
    { route: '/inbox' },
    { route: '/account' },
    { route: '/desk/projects' },
    { route: '/desk/projects/{id}', state: 'publicity_ended' },
    { route: '/desk/projects/{id}/engagement', state: 'publicity_ended', name: 'desk-project-engagement' },
    { route: '/desk/ties' },
    ...acts('project', ['confirm_mandate', 'decline_mandate', 'validate', 'reject']),
    { route: '/desk/projects/new', name: 'forbidden', status: 403 },
  ],
  vvb2: [{ route: '/inbox' }, { route: '/desk/reports' }, { route: '/desk/reports/{id}' }, { route: '/desk/reports/{id}/engagement', name: 'desk-report-engagement' }, ...acts('report', ['confirm_mandate', 'decline_mandate', 'verify', 'reject'])],
  operator: [
    { route: '/inbox' },
    { route: '/account' },
    { route: '/desk/projects' },
    { route: '/desk/projects', query: '?state=registered', name: 'desk-projects-filtered' },
    { route: '/desk/projects/{id}', state: 'in_publicity', name: 'desk-project-in-publicity' },
    { route: '/desk/projects/{id}', state: 'registered', name: 'desk-project-registered' },
    ...acts('project', ['approve_publicity', 'return', 'approve_recall', 'refuse_recall', 'register', 'return_registration', 'pause', 'resume']),
    { route: '/desk/accounts' },
    { route: '/desk/accounts/{id}', name: 'account-of-a-holder' },
    { route: '/desk/experts' },
    { route: '/desk/mail', name: 'outbox' },
    { route: '/desk/certificates' },
    { route: '/desk/certificates/{id}' },
    { route: '/desk/claims' },
    { route: '/desk/changes/{id}', name: 'change' },
    { route: '/desk/complaints' },
    { route: '/desk/complaints/{id}' },
    { route: '/desk/parameters' },
    { route: '/desk/parameters/new' },
    { route: '/desk/parameters/{id}' },
    { route: '/desk/rules', name: 'desk-rules' },
    { route: '/desk/rules/new/{area}', last: 'calendar', name: 'desk-rules-new' },
    { route: '/desk/rules/{id}', name: 'desk-rule' },
    { route: '/desk/reports' },
    { route: '/desk/reports/{id}' },
    ...acts('report', ['approve_publicity', 'return', 'register', 'return_registration', 'pause', 'resume', 'issue']),
  ],
  operator2: [{ route: '/inbox' }],
  events: [
    { route: '/inbox' },
    { route: '/account' },
    { route: '/desk/holdings' },
    { route: '/desk/holdings/transfers' },
    { route: '/desk/transfers/new' },
    { route: '/desk/retirements' },
    { route: '/desk/retirements/new' },
    { route: '/desk/events', name: 'desk-events' },
    { route: '/desk/events/new', name: 'desk-event-new' },
    { route: '/desk/events/{id}', name: 'desk-event' },
    { route: '/desk/events/{id}/plan', name: 'desk-event-plan' },
    { route: '/desk/events/{id}/inventory', name: 'desk-event-inventory' },
    { route: '/desk/events/{id}/attendees', name: 'desk-event-attendees' },
    { route: '/desk/events/{id}/cover', name: 'desk-event-cover' },
  ],
};
