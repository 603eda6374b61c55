// A life, by a moved clock: submit, confirm, renew, withdraw, submit again, expire, erase. At each step permission,
// export and the person's own page say the same, and every receipt verifies by `candor verify` and by jose.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { compactVerify, importJWK } from 'jose';
import { test as base, expect, address, email, newsletter, payload, send, sent } from '../fixtures/test';
import { Collector, link } from '../fixtures/collector';
import type { Page } from '@playwright/test';

const YEAR_AND_A_HALF_LATER = 'P17M5D';

/** The collector of one person, whose process ends and begins again at other times on the same data. */
class Life {
  private constructor(
    private collector: Collector,
    readonly person: string,
    private readonly viewer: string,
    private readonly admin: string,
    private readonly dpo: string,
  ) {}

  static async begin(): Promise<Life> {
    const collector = await Collector.start();
    const token = (role: string) => collector.run('token', 'create', '--role', role).trim();
    return new Life(collector, address(), token('viewer'), token('admin'), token('dpo'));
  }

  async later(ahead: string): Promise<void> {
    await this.collector.pause();
    this.collector = await Collector.start({ data: this.collector.data, arguments: ['--clock-ahead', ahead] });
  }

  get url(): string {
    return this.collector.url;
  }

  end(): Promise<void> {
    return this.collector.stop();
  }

  async submit(page: Page): Promise<void> {
    await page.goto(`${this.url}/f/ebook-rgpd`);
    await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
    await email(page).fill(this.person);
    await newsletter(page).check();
    await send(page).click();
    await expect(sent(page)).toBeVisible();
  }

  /** The link of that kind in the newest mail whose subject or text matches. */
  async mailed(kind: 'c' | 'm', pattern: RegExp, after = 0): Promise<string> {
    const found = async () => {
      const mails = (await this.collector.mails(this.person)).slice(after);
      const mail = mails.findLast((mail) => link(mail, kind) && (pattern.test(mail.subject) || pattern.test(mail.text)));
      return mail && link(mail, kind);
    };
    await expect.poll(found, { timeout: 20_000 }).toBeTruthy();
    // The port is another one with each beginning; the token stays.
    return new URL(new URL((await found())!).pathname, this.url).href;
  }

  async mails(): Promise<number> {
    return (await this.collector.mails(this.person)).length;
  }

  async confirm(page: Page, after: number): Promise<void> {
    await page.goto(await this.mailed('c', /choix|choices/i, after));
    await page.getByRole('button', { name: 'Confirmer' }).click();
    await expect(page.getByRole('heading', { name: /confirm/i })).toBeVisible();
  }

  async own(page: Page): Promise<void> {
    const before = await this.mails();
    await page.goto(`${this.url}/m`);
    await page.getByRole('textbox').fill(this.person);
    await page.getByRole('button', { name: /m’envoyer un lien/i }).click();
    await page.goto(await this.mailed('m', /./, before));
  }

  async permission(): Promise<any> {
    return this.ask(this.viewer, '/v1/permissions', { email: this.person, purpose: 'newsletter', channel: 'email' });
  }

  async exported(): Promise<boolean> {
    const response = await fetch(`${this.url}/v1/leads?purpose=newsletter&format=csv`, {
      headers: { authorization: `Bearer ${this.admin}` },
    });
    expect(response.status).toBe(200);
    return (await response.text()).includes(this.person);
  }

  private async ask(token: string, path: string, body: unknown): Promise<any> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json();
  }

  /** Permission and export agree with that status. */
  async stands(status: string, allowed: boolean): Promise<any> {
    const permission = await this.permission();
    expect(permission).toMatchObject({ status, allowed });
    expect(await this.exported()).toBe(allowed);
    return permission;
  }

  /** The person's own page and file say the same, and every record in the file verifies. */
  async reads(page: Page, status: string, words: string, events: string[]): Promise<void> {
    const own = page.url().split(/[?#]/)[0]!;
    await page.goto(own);
    const line = page.locator('.standings li', { has: page.locator('#p-newsletter') });
    await expect(line.locator('em')).toHaveText(words);
    const document: any = await (await page.request.get(`${own}/data.json`)).json();
    expect(document.purposes.find((purpose: any) => purpose.purpose === 'newsletter')).toMatchObject({ state: status });
    await this.verify(document.records.map((record: any) => record.receipt), events);
  }

  /** What an erasure left as evidence, by events in their order. */
  async sealed(events: string[]): Promise<void> {
    const response = await fetch(`${this.url}/v1/records?sealed=true`, { headers: { authorization: `Bearer ${this.dpo}` } });
    expect(response.status).toBe(200);
    const { records }: any = await response.json();
    await this.verify(records.map((record: any) => record.receipt), events);
  }

  /** By our own verifier and by somebody else's. */
  private async verify(receipts: any[], events: string[]): Promise<void> {
    expect(receipts.map((receipt) => payload(receipt).event)).toEqual(events);
    const keys = await this.collector.keys();
    const jwks = join(this.collector.data, 'jwks.json');
    writeFileSync(jwks, JSON.stringify(keys));
    for (const receipt of receipts) {
      const file = join(this.collector.data, 'receipt.json');
      writeFileSync(file, JSON.stringify(receipt));
      Collector.verify('--jwks', jwks, file);
      for (const { protected: header, signature } of receipt.signatures) {
        const { typ, kid, jwk } = JSON.parse(Buffer.from(header, 'base64url').toString());
        const key = typ === 'candor-receipt+jws' ? keys.keys.find((key) => key.kid === kid) : jwk;
        await compactVerify(`${header}.${receipt.payload}.${signature}`, await importJWK(key, 'ES256'), { algorithms: ['ES256'] });
      }
    }
  }

  /** Whether the address stands anywhere in the data folder, as text, hexadecimal or base64. */
  traces(): string[] {
    const needles = [this.person, Buffer.from(this.person).toString('hex'), Buffer.from(this.person).toString('base64url').slice(0, -2)];
    const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? walk(path) : [path];
    });
    return walk(this.collector.data).filter((path) => {
      const bytes = readFileSync(path);
      return needles.some((needle) => path.includes(needle) || bytes.includes(needle));
    });
  }
}

/** Ends with the test, whatever became of it. */
const test = base.extend<{ life: Life }>({
  life: async ({}, use) => {
    const life = await Life.begin();
    await use(life);
    await life.end();
  },
});

test('a consent lives, is renewed, withdrawn, given again, expires and is forgotten', async ({ page, life }) => {
  test.setTimeout(150_000);
  const axe = async () => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const events = ['submission'];
  await test.step('submitted, it permits nothing', async () => {
    await life.submit(page);
    await life.stands('pending', false);
    await life.own(page);
    await life.reads(page, 'pending', 'En attente de votre confirmation', events);
  });
  await test.step('confirmed, it permits', async () => {
    await life.confirm(page, 0);
    events.push('confirmation');
    await life.stands('given', true);
    expect(life.traces().filter((path) => !path.endsWith('.eml'))).toEqual([]);
    await life.own(page);
    await life.reads(page, 'given', 'Accepté', events);
  });
  await test.step('asked for in time, it is renewed by a tick and a press', async () => {
    const [before, first] = [await life.mails(), await life.permission()];
    await life.later(YEAR_AND_A_HALF_LATER);
    await page.goto(await life.mailed('m', /./, before));
    await axe();
    await expect(page.getByRole('checkbox')).not.toBeChecked();
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Renouveler' }).click();
    await expect(page.getByRole('status')).toBeVisible();
    events.push('renewal');
    const renewed = await life.stands('renewed', true);
    expect(Date.parse(renewed.until)).toBeGreaterThan(Date.parse(first.until));
  });
  await test.step('withdrawn by one press', async () => {
    await life.own(page);
    await axe();
    await life.reads(page, 'renewed', 'Renouvelé', events);
    await page.getByRole('button', { name: 'Retirer mon accord' }).click();
    await expect(page.getByRole('status')).toBeVisible();
    await axe();
    events.push('withdrawal');
    await life.stands('withdrawn', false);
    await life.reads(page, 'withdrawn', 'Retiré', events);
  });
  await test.step('submitted again, it stays withdrawn until confirmed', async () => {
    const [before, own] = [await life.mails(), page.url()];
    await life.submit(page);
    events.push('submission');
    await life.stands('withdrawn', false);
    await page.goto(own);
    await life.reads(page, 'withdrawn', 'Retiré', events);
    await life.confirm(page, before);
    events.push('confirmation');
    await life.stands('given', true);
    await life.own(page);
    await life.reads(page, 'given', 'Accepté', events);
  });
  await test.step('in silence it expires, and the data end with their last reason', async () => {
    await life.later('P37M');
    await expect.poll(() => life.traces(), { timeout: 20_000 }).toEqual([]);
    expect(await life.permission()).toMatchObject({ allowed: false });
    expect(await life.exported()).toBe(false);
    await life.sealed([...events, 'expiry', 'erasure', 'erasure']);
  });
});

test('erased by one press, nothing of the person is left but sealed evidence', async ({ page, life }) => {
  await life.submit(page);
  await life.confirm(page, 0);
  await life.own(page);
  await page.getByRole('link', { name: /effacer mes données/i }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Effacer' }).click();
  await expect(page.getByRole('status')).toBeVisible();
  await expect(page.getByText(/sous scellé jusqu’au/i).first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(life.traces()).toEqual([]);
  await life.stands('suppressed', false);
  await life.sealed(['submission', 'confirmation', 'erasure']);
});
