// People at their browsers: the demo world's, new ones, and strangers; and what a person does on any page.
// Forms and fields are found by their names, never by their texts: the same steps work in both languages.
import { expect, test, type Browser, type BrowserContext, type Locator, type Page, type Response } from '@playwright/test';
import { expectAccessibleOnce } from './accessible';

/** The password of every account of the demo world. */
export const DEMO_PASSWORD = 'demo-huitan-2026';

/** Who is in the demo world. The name is the part of the e-mail address before the @. */
export type DemoName = 'operator' | 'operator2' | 'vvb1' | 'vvb2' | 'owner' | 'owner2' | 'owner3' | 'events' | 'commuter';

/** What is typed into fields, by their names; `true` ticks a box. A choice may be named by its label: `label:东海`. */
export type Values = Record<string, string | boolean>;

/** Cookies of those who signed in earlier in this run, so that they need not do it in every test. */
const signedIn = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

/** Opens a browser for each person of a test, and closes them all. */
export class Visitors {
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly watch: (context: BrowserContext) => void,
  ) {}

  /** Somebody without a session. */
  async stranger(): Promise<Person> {
    return this.open();
  }

  /** Somebody of the demo world, signed in. */
  async demo(name: DemoName): Promise<Person> {
    const key = `${test.info().project.name} ${name}`;
    const person = await this.open(signedIn.get(key));
    await person.open('/inbox');
    if (new URL(person.page.url()).pathname === '/sign-in') {
      await person.signIn(`${name}@demo.huitan`, DEMO_PASSWORD);
      signedIn.set(key, await person.page.context().storageState());
    }
    return person;
  }

  /** A new organisation with its first person, signed up and signed in, its registry account opened by an operator. */
  async newcomer(organisation: string, role: 'project_owner' | 'event_organiser' = 'project_owner'): Promise<Person> {
    const person = await this.signedUp(organisation, role);
    await person.open('/account/apply');
    await person.submit('account_apply', accountApplication(role));
    await person.expectDone();
    const operator = await this.demo('operator');
    await operator.open('/desk/accounts');
    await operator.press(operator.main.locator('#waiting').getByRole('link', { name: organisation }).first());
    await operator.submit('account_approve');
    await operator.expectDone();
    await operator.page.context().close();
    await person.open('/inbox');
    return person;
  }

  /** A new organisation with its first person, signed up and signed in; its account is not applied for. */
  async signedUp(organisation: string, role: 'project_owner' | 'event_organiser' = 'project_owner'): Promise<Person> {
    const person = await this.open();
    await person.open('/sign-up');
    person.email = newEmail();
    await person.submit('user_sign_up', {
      organisation_name: organisation,
      uscc: newCreditCode(),
      role,
      name: '测试·王芳',
      email: person.email,
      password: NEW_PASSWORD,
      password_again: NEW_PASSWORD,
    });
    await person.expectAt('/inbox');
    return person;
  }

  /** Everybody goes home. */
  async leave(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
  }

  private async open(storageState?: Awaited<ReturnType<BrowserContext['storageState']>>): Promise<Person> {
    const context = await this.browser.newContext({ storageState });
    this.watch(context);
    this.contexts.push(context);
    return new Person(await context.newPage());
  }
}

/** A complete application for opening a registry account. */
export function accountApplication(role: 'project_owner' | 'event_organiser' = 'project_owner'): Values {
  return {
    holder_type: role === 'project_owner' ? 'project_owner' : 'other_trader',
    address: '测试路 1 号',
    legal_representative: '测试·法人',
    contact: '测试·王芳',
    contact_phone: '0660-1234567',
    initiator: '测试·王芳',
    initiator_phone: '13800000001',
    confirmer: '测试·赵强',
    confirmer_phone: '13800000002',
    statement: true,
  };
}

/** The password that new people choose. */
export const NEW_PASSWORD = 'harbour-lantern-2026';

/** One person at a browser. */
export class Person {
  /** The e-mail address of somebody new. */
  email = '';

  constructor(readonly page: Page) {}

  /** What the page is about, without header and footer. */
  get main(): Locator {
    return this.page.locator('main');
  }

  /** Opens an address. */
  async open(address: string): Promise<Response | null> {
    const response = await this.page.goto(address);
    await this.look();
    return response;
  }

  /** Presses a link or button that leads to another page. */
  async press(target: Locator): Promise<void> {
    await Promise.all([
      this.page.waitForEvent('framenavigated', { predicate: (frame) => frame === this.page.mainFrame(), timeout: 90_000 }),
      target.click(),
    ]);
    await this.page.waitForLoadState('load');
    await this.look();
  }

  /** Follows a link of the page, by the address it leads to. */
  async follow(address: string | RegExp): Promise<void> {
    const links = this.main.locator('a[href]');
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    const at = hrefs.findIndex((href) => (typeof address === 'string' ? href === address : address.test(href)));
    expect(at, `a link to ${address} among ${hrefs.join(' ')}`).toBeGreaterThanOrEqual(0);
    await this.press(links.nth(at));
  }

  /** The form of an act. */
  form(act: string): Locator {
    return this.main.locator(`form[action="/acts/${act}"]`).first();
  }

  /** Fills in the form of an act and sends it. */
  async submit(act: string, values: Values = {}): Promise<void> {
    const form = this.form(act);
    const fold = form.locator('xpath=ancestor::details[not(@open)]/summary');
    if ((await fold.count()) > 0) {
      await fold.first().click();
    }
    await this.fill(values, form);
    await this.press(submitButton(form));
  }

  /** Fills in fields. */
  async fill(values: Values, where: Locator = this.main): Promise<void> {
    const names = Object.keys(values);
    if (names.length === 0) {
      return;
    }
    await expect(fieldIn(where, names[0]!).first(), `a field ${names[0]}`).toBeAttached();
    // one look at the whole form: what each field is, and which folds hide one
    const { kinds, folds } = await where.first().evaluate((root, names) => {
      const fields = new Map<string, Element>();
      for (const field of root.querySelectorAll('[name]:not([type="hidden"])')) {
        const name = field.getAttribute('name') ?? '';
        fields.set(name, fields.get(name) ?? field);
      }
      const hiding = new Set<Element>();
      const kinds = names.map((name) => {
        for (let fold = fields.get(name)?.closest('details'); fold; fold = fold.parentElement?.closest('details')) {
          hiding.add(fold);
        }
        return fields.get(name)?.getAttribute('type') ?? fields.get(name)?.tagName.toLowerCase();
      });
      const folds = [...root.querySelectorAll('details')].flatMap((fold, at) => (hiding.has(fold) && !fold.open ? [at] : []));
      return { kinds, folds };
    }, names);
    for (const at of folds) {
      await where.first().locator('details').nth(at).locator('summary').first().click();
    }
    for (const [at, name] of names.entries()) {
      expect(kinds[at], `a field ${name}`).toBeDefined();
      await fillField(where, name, values[name]!, kinds[at]!);
    }
  }

  /** What is typed in a field. */
  field(name: string): Locator {
    return this.main.locator(`[name="${name}"]`);
  }

  /** Sees this text on the page. */
  async expectText(...texts: (string | RegExp)[]): Promise<void> {
    for (const text of texts) {
      await expect(this.main, `the page ${this.page.url()} says ${text}`).toContainText(text);
    }
  }

  /** Is on the page with this address (the query aside). */
  async expectAt(address: string | RegExp): Promise<void> {
    const path = new URL(this.page.url()).pathname;
    const shown = `${path}; the page says: ${(await this.main.innerText()).slice(0, 600)}`;
    if (typeof address === 'string') {
      expect(path, shown).toBe(address);
    } else {
      expect(path, shown).toMatch(address);
    }
  }

  /** The form came back: a summary at the top, a sentence at the field, in the language of the page. */
  async expectRefusedAt(name: string, text?: string | RegExp): Promise<void> {
    await expect(this.page.locator('#errors')).toBeVisible();
    const error = this.main.locator(`[data-error-for="${name}"]`);
    await expect(error, `a sentence at ${name}`).toBeVisible();
    await expect(error).toHaveText(/\S{4}/);
    if (text !== undefined) {
      await expect(error).toContainText(text);
    }
  }

  /** Nothing was refused. */
  async expectDone(): Promise<void> {
    const errors = this.page.locator('#errors');
    if ((await errors.count()) > 0) {
      throw new Error(`refused: ${await errors.innerText()}`);
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.submit('user_sign_in', { email, password });
  }

  async signOut(): Promise<void> {
    await this.press(submitButton(this.page.locator('header form[action="/acts/user_sign_out"]')));
  }

  /** Moves the date of the demo world forward by one of the steps that the banner offers. */
  async moveClock(days: 1 | 7 | 28 | 100 | 365): Promise<void> {
    const form = this.page.locator('form[action="/acts/clock_advance"]');
    await form.locator('select[name="days"]').selectOption(String(days));
    await this.press(submitButton(form));
  }

  /** The date of the demo world, as the banner shows it. */
  async today(): Promise<string> {
    return this.page.locator('.demo__today').innerText();
  }

  private async look(): Promise<void> {
    await expectAccessibleOnce(this.page);
  }
}

/** The main button of a form: the last one, since others add lines or save and stay. */
export function submitButton(form: Locator): Locator {
  return form.locator('.act-form__buttons button[type="submit"]');
}

function fieldIn(where: Locator, name: string): Locator {
  return where.locator(`[name="${name}"]:not([type="hidden"])`);
}

async function fillField(where: Locator, name: string, value: string | boolean, kind: string): Promise<void> {
  const field = fieldIn(where, name);
  if (kind === 'radio') {
    const label = typeof value === 'string' && value.startsWith('label:') ? value.slice('label:'.length) : undefined;
    const choice =
      label === undefined
        ? where.locator(`input[name="${name}"][value="${String(value)}"]`)
        : where.locator('.choice', { hasText: label }).locator(`input[name="${name}"]`);
    await choice.check();
  } else if (kind === 'checkbox') {
    await field.setChecked(Boolean(value));
  } else if (kind === 'select') {
    await field.selectOption(String(value));
  } else {
    await field.fill(String(value));
  }
}

let made = 0;

/** An address that nobody has yet. */
export function newEmail(): string {
  made += 1;
  return `person-${Date.now().toString(36)}-${made}@example.com`;
}

const CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A valid unified social credit code (GB 32100-2015) that nobody has yet. */
export function newCreditCode(): string {
  made += 1;
  const body = `91440300${String(Date.now() * 100 + (made % 100)).slice(-9)}`;
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    sum += CODE_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return body + CODE_ALPHABET[(31 - (sum % 31)) % 31];
}
