// Every letter, page and report of a person's life, in French and in English: axe finds nothing, at 1280 px in light and
// at 320 px in dark; nothing sticks out; and each letter says in plain text all that it says in HTML. Pictures of all of
// them lie beside the results of the test.
import { mkdirSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { Collector, link, type Mail } from '../fixtures/collector';
import { address, email, expect, newsletter, partners, send, test as base } from '../fixtures/test';

const VIEWS = [{ width: 1280, colorScheme: 'light' }, { width: 320, colorScheme: 'dark' }] as const;
const RENEWAL_IS_ASKED = 'P17M5D';
const DATA_END_SOON = 'P35M5D';

/** The collector of one test, on its own data; `later` begins it again at another time. */
class Reader {
  private constructor(private collector: Collector, readonly lang: string, private readonly page: Page, private readonly info: TestInfo) {}

  static async begin(lang: string, page: Page, info: TestInfo): Promise<Reader> {
    // As a browser without script shows them: the form printed by the collector is what is looked at.
    await page.route('**/candor.js', (route) => route.abort());
    return new Reader(await Collector.start(), lang, page, info);
  }

  get url(): string {
    return this.collector.url;
  }

  end(): Promise<void> {
    return this.collector.stop();
  }

  async later(ahead: string): Promise<void> {
    await this.collector.pause();
    this.collector = await Collector.start({ data: this.collector.data, arguments: ['--clock-ahead', ahead] });
  }

  /** The address of a link that was mailed before the port changed. */
  now(address: string): string {
    return new URL(new URL(address).pathname, this.url).href;
  }

  report(...line: string[]): string {
    return this.collector.run(...line);
  }

  mails(to: string): Promise<Mail[]> {
    return this.collector.mails(to);
  }

  /** The letter after those that were there, judged in both of its parts. */
  async letter(name: string, to: string, before: number): Promise<Mail> {
    await expect.poll(async () => (await this.mails(to)).length, { timeout: 20_000 }).toBe(before + 1);
    const mail = (await this.mails(to)).at(-1)!;
    writeFileSync(this.path(`letter-${name}.txt`), `${mail.subject}\n\n${mail.text}`);
    await this.page.goto('about:blank');
    await this.page.setContent(mail.html);
    await this.look(`letter-${name}`);
    await expect(this.page.locator('html')).toHaveAttribute('lang', this.lang);
    await this.reads(mail);
    return mail;
  }

  /** What the HTML says stands in the plain text too, each link on a line of its own. */
  private async reads(mail: Mail): Promise<void> {
    const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
    const said = await this.page.locator('p,h1,h2,li').allInnerTexts();
    const text = flat(mail.text);
    for (const sentence of said.flatMap((part) => part.split('\n')).map(flat).filter(Boolean)) expect(text, sentence).toContain(sentence);
    for (const address of await this.page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')!)))
      expect(mail.text.split(/\r?\n/), address).toContain(address);
    expect(mail.text).not.toMatch(/[<>{}]|&\w+;|undefined|\n{4}/);
    expect(mail.subject).not.toBe('');
  }

  async visit(name: string, address: string): Promise<void> {
    await this.page.goto(address);
    await this.look(name);
  }

  /** What lies before the reader, in each view. */
  async look(name: string): Promise<void> {
    for (const { width, colorScheme } of VIEWS) {
      await this.page.setViewportSize({ width, height: 800 });
      // A colour on its way from one scheme to the other is nobody's contrast.
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await this.page.screenshot({ path: this.path(`${name}-${width}.png`), fullPage: true });
      expect.soft(await this.page.evaluate(() => document.documentElement.scrollWidth), `${name}: no sideways scrolling`).toBeLessThanOrEqual(width);
      const { violations } = await new AxeBuilder({ page: this.page }).analyze();
      expect.soft(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), `${name}, ${width} px`).toEqual([]);
    }
    // Words that no catalog has, and what nobody filled in.
    expect.soft(await this.page.locator('body').innerText(), name).not.toMatch(/[{}]|undefined|\b[a-z]+_[a-z]+\b/);
  }

  async press(name: string): Promise<void> {
    await this.page.locator(`button[name=${name}]`).first().click();
  }

  path(name: string): string {
    mkdirSync(this.info.outputPath(), { recursive: true });
    return this.info.outputPath(name);
  }
}

for (const lang of ['fr', 'en']) {
  const test = base.extend<{ reader: Reader }>({
    locale: lang,
    bypassCSP: true,
    reader: async ({ page }, use, info) => {
      const reader = await Reader.begin(lang, page, info);
      await use(reader);
      await reader.end();
    },
  });

  test(`from the form to the erasure: ${lang}`, async ({ page, reader }) => {
    test.setTimeout(900_000);
    const person = address();
    await test.step('the form, its errors, and what follows it', async () => {
      await reader.visit('form', `${reader.url}/f/ebook-rgpd?lang=${lang}`);
      await page.locator('form').evaluate((form: HTMLFormElement) => (form.noValidate = true));
      await send(page).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await reader.look('form-errors');
      await email(page).fill(person);
      await newsletter(page).check();
      await send(page).click();
      await expect(page.locator('.seal')).toBeVisible();
      await reader.look('thanks');
    });
    const first = await test.step('the letter, and the same request once more', async () => {
      const thanks = page.url();
      const first = await reader.letter('submission', person, 0);
      await page.goto(thanks);
      await reader.press('fresh');
      await reader.look('sent-again');
      await reader.letter('confirmation', person, 1);
      return first;
    });
    await test.step('confirmed, twice', async () => {
      await reader.visit('confirm', link(first, 'c')!);
      await page.locator('main button').click();
      await reader.look('confirmed');
      await reader.visit('confirmed-before', link(first, 'c')!);
    });
    await test.step('one submission, withdrawable', async () => {
      await reader.visit('submission', link(first, 'm')!);
      await page.locator('a[href*="/r/"]').click();
      await reader.look('receipt');
    });
    const own = await test.step('everything, by a mailed link', async () => {
      await page.goto(`${reader.url}/f/webinar-b2b?lang=${lang}`);
      await page.locator('input[name=name]').fill('Ada Lovelace');
      await page.locator('input[type=email]').fill(person);
      await page.locator('form button').last().click();
      await expect(page.locator('.seal')).toBeVisible();
      const before = (await reader.mails(person)).length;
      await reader.visit('ask', `${reader.url}/m`);
      await page.locator('main button').click();
      await expect(page.locator('[aria-invalid=true]')).toBeVisible();
      await reader.look('ask-error');
      await page.getByRole('textbox').fill(person);
      await page.locator('main button').click();
      await expect(page.getByRole('textbox')).toHaveCount(0);
      await reader.look('asked');
      return link(await reader.letter('person', person, before), 'm')!;
    });
    await test.step('the person’s page, an act, its receipt, a mistake', async () => {
      await reader.visit('person', own);
      await reader.press('object');
      await expect(page.getByRole('status')).toBeVisible();
      await reader.look('person-done');
      await page.getByRole('status').getByRole('link').click();
      await reader.look('receipt-of-an-act');
      await page.goto(own);
      await reader.press('give');
      await expect(page.getByRole('alert')).toBeVisible();
      await reader.look('person-unticked');
      await page.goto(own);
      await page.locator('[name="value.name"]').fill('x'.repeat(400));
      await page.locator('form:has([name="value.name"]) button[name=correct]').click();
      await expect(page.locator('[aria-invalid=true]')).toBeVisible();
      await reader.look('person-mistake');
    });
    await test.step('reports', async () => {
      for (const [name, line] of Object.entries({
        'report-register': ['export', 'register', '--lang', lang, '--format', 'html'],
        'report-register-changes': ['export', 'register', '--lang', lang, '--format', 'html', '--against', '2020-01-01'],
        'report-person': ['export', 'person', '--email', person, '--reason', lang === 'fr' ? 'courrier du 20 novembre' : 'letter of 20 November', '--format', 'html'],
      })) {
        const html = reader.report(...line);
        writeFileSync(reader.path(`${name}.html`), html);
        await reader.visit(name, `file://${reader.path(`${name}.html`)}`);
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
      }
    });
    await test.step('data, who read them, and how to erase them', async () => {
      await reader.visit('data', `${own}/data`);
      await expect(page.getByText(lang === 'fr' ? /Copie de tout\s: courrier/ : /Copy of everything: letter/)).toBeVisible();
      await reader.visit('erase', `${own}/erase`);
    });
    await test.step('a year and a half later: the renewal, its page, one click', async () => {
      const before = (await reader.mails(person)).length;
      await reader.later(RENEWAL_IS_ASKED);
      const asked = await reader.letter('renewal', person, before);
      await reader.visit('renew', link(asked, 'm')!);
      await reader.press('renew');
      await expect(page.getByRole('alert')).toBeVisible();
      await reader.look('renew-unticked');
      await page.getByRole('checkbox').check();
      await reader.press('renew');
      await expect(page.getByRole('status')).toBeVisible();
      await reader.look('renewed');
      await reader.visit('unsubscribe', asked.unsubscribe!);
      await reader.press('end');
      await expect(page.getByRole('status')).toBeVisible();
      await reader.look('unsubscribed');
    });
    await test.step('links that have ended, and fresh ones', async () => {
      for (const kind of ['c', 'd'] as const) {
        await reader.visit(`gone-${kind}`, reader.now(link(first, kind)!));
        const before = (await reader.mails(person)).length;
        await reader.press('fresh');
        await reader.look(`fresh-${kind}`);
        if (kind === 'd') await reader.letter('download', person, before);
      }
      await reader.visit('nowhere', `${reader.url}/nowhere`);
    });
    await test.step('erased', async () => {
      const before = (await reader.mails(person)).length;
      await page.goto(`${reader.url}/m`);
      await page.getByRole('textbox').fill(person);
      await page.locator('main button').click();
      await expect.poll(async () => (await reader.mails(person)).length).toBe(before + 1);
      await page.goto(`${link((await reader.mails(person)).at(-1)!, 'm')!}/erase`);
      await reader.press('erase');
      await expect(page.getByRole('status')).toBeVisible();
      await reader.look('erased');
    });
  });

  test(`a held consent, and data that end: ${lang}`, async ({ page, reader }) => {
    test.setTimeout(300_000);
    const person = address();
    await test.step('ticked by a script, it is offered unticked', async () => {
      await page.unroute('**/candor.js');
      await page.goto(`${reader.url}/f/ebook-rgpd?lang=${lang}`);
      await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
      await email(page).fill(person);
      await newsletter(page).click();
      await partners(page).evaluate((box: HTMLInputElement) => box.click());
      await send(page).click();
      const mail = await reader.letter('held', person, 0);
      await reader.visit('confirm-held', link(mail, 'c')!);
      await expect(page.getByRole('checkbox')).not.toBeChecked();
    });
    await test.step('asked before the data end, they stay by a press', async () => {
      const other = address();
      await page.goto(`${reader.url}/f/webinar-b2b?lang=${lang}`);
      await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
      await page.getByRole('textbox', { name: /^(nom|name)/i }).fill('Ada Lovelace');
      await page.getByRole('textbox', { name: /mail/i }).fill(other);
      await page.locator('candor-form').getByRole('button').last().click();
      await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'done');
      await reader.later(DATA_END_SOON);
      const mail = await reader.letter('retention', other, 0);
      await reader.visit('keep', link(mail, 'm')!);
      await expect(page.getByRole('heading')).toHaveText(lang === 'fr' ? ['Garder mes données'] : ['Keep my data']);
      await reader.press('keep');
      await expect(page.getByRole('status')).toBeVisible();
      await reader.look('kept');
    });
  });
}
