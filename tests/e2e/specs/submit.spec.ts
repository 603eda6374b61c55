// The main job: a visitor of another site gets the ebook, the owner a lead, both a receipt that anybody can verify.
import { compactVerify, importJWK } from 'jose';
import { createHash } from 'node:crypto';
import { address, calls, email, expect, newsletter, partners, payload, receiptOf, send, sent, statuses, test } from '../fixtures/test';
import { link } from '../fixtures/collector';

test('zero ticks: the link is mailed, works, and no consent is on record', async ({ page, embed, heard, collector }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await send(page).click();
  await expect(sent(page)).toBeVisible();
  await expect(sent(page)).toBeFocused();

  const receipt = await receiptOf(heard);
  expect(receipt.state).toBe('recorded');
  expect(receipt.held).toEqual([]);
  expect(statuses(receipt.receipt)).toEqual({ ebook: 'informed', newsletter: 'not-given', call: 'not-given', partners: 'not-given' });

  const mail = await collector.mail(visitor);
  expect(link(mail, 'c'), 'nothing is pending, nothing is to be confirmed').toBeUndefined();
  const file = await fetch(link(mail, 'd')!);
  expect(file.status).toBe(200);
  expect(file.headers.get('content-type')).toBe('application/pdf');
  expect(Buffer.from(await file.arrayBuffer()).subarray(0, 5).toString()).toBe('%PDF-');
  const part = await fetch(link(mail, 'd')!, { headers: { Range: 'bytes=0-4' } });
  expect(part.status).toBe(206);
  expect(await part.text()).toBe('%PDF-');
});

test('one tick: pending, and every signature verifies with its own key by another library', async ({ page, embed, heard, collector }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await page.getByRole('textbox', { name: /prénom/i }).fill('Ada');
  await send(page).click();
  const { receipt, state } = await receiptOf(heard);
  expect(state).toBe('pending');
  expect(statuses(receipt)).toMatchObject({ newsletter: 'given', call: 'not-given', partners: 'not-given' });

  const [device, controller] = receipt.signatures;
  const header = (signature: { protected: string }) => JSON.parse(Buffer.from(signature.protected, 'base64url').toString());
  const compact = (signature: { protected: string; signature: string }) => `${signature.protected}.${receipt.payload}.${signature.signature}`;
  expect(header(device).typ).toBe('candor-record+jws');
  await compactVerify(compact(device), await importJWK(header(device).jwk, 'ES256'));
  const { keys } = await collector.keys();
  const key = keys.find((key) => key.kid === header(controller).kid)!;
  await compactVerify(compact(controller), await importJWK(key, 'ES256'));
  expect(header(controller).dsig).toBe(createHash('sha256').update(compact(device)).digest('base64url'));

  const record = payload(receipt);
  expect(JSON.stringify(record)).not.toContain(visitor);
  expect(record.capture).toMatchObject({ method: 'widget', observed: true, origin: new URL(page.url()).origin });
  expect(record.shown.map((text: any) => text.ref)).toEqual([
    'title', 'intro', 'field.email', 'purpose.ebook', 'choices', 'choices.note', 'purpose.newsletter', 'field.given_name',
    'purpose.call', 'purpose.call.details', 'purpose.partners', 'controller', 'recipients', 'retention', 'rights',
    'complaint', 'withdrawal', 'policy', 'submit',
  ]);
});

test('the phone field stands under its box, is required while shown, and its value goes when it goes', async ({ page, embed, heard }) => {
  await embed();
  const phone = page.getByRole('textbox', { name: /téléphone/i });
  await expect(phone).toHaveCount(0);
  await email(page).fill(address());
  await calls(page).click();
  await expect(phone).toBeVisible();
  await send(page).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(phone).toHaveAttribute('aria-invalid', 'true');

  await phone.fill('+33 1 99 00 12 34');
  await calls(page).click();
  await expect(phone).toHaveCount(0);
  await calls(page).click();
  await expect(phone).toHaveValue('');
  await calls(page).click();
  await send(page).click();
  await receiptOf(heard);
  const submitted = (await heard()).find((event) => event.name === 'submit')!.detail;
  expect(Object.keys(submitted.fields.all)).toEqual(['email']);
  expect(submitted.disclosures).toHaveLength(1);
});

test('fields are split by purpose, and none goes to a purpose that was left out', async ({ page, embed, heard }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await partners(page).click();
  await send(page).click();
  await receiptOf(heard);
  const { fields } = (await heard()).find((event) => event.name === 'submit')!.detail;
  expect(fields.all).toEqual({ email: visitor });
  expect(fields.byPurpose.ebook).toEqual({ email: visitor });
  expect(fields.byPurpose.partners).toEqual({ email: visitor });
  expect(fields.byPurpose.newsletter ?? {}).toEqual({});
});

test('a wrong address: one message at the field, a summary that takes the focus, what was typed stays', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill('ada@');
  await newsletter(page).click();
  await send(page).click();
  const summary = page.getByRole('alert');
  await expect(summary).toBeVisible();
  expect(await page.evaluate(() => {
    const root = document.querySelector('candor-form')!.shadowRoot!;
    return root.activeElement?.querySelector('[role=alert]') !== null;
  })).toBe(true);
  await summary.getByRole('link').click();
  await expect(email(page)).toBeFocused();
  await expect(email(page)).toHaveValue('ada@');
  await expect(email(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(newsletter(page)).toBeChecked();
  expect((await heard()).map((event) => event.name)).toContain('invalid');
});

test('the receipt view: each choice in its own words, verified in the page, downloaded', async ({ page, embed, collector }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await send(page).click();
  await expect(sent(page)).toBeVisible();
  await expect(page.getByText('J’accepte qu’Acme Conseil m’envoie chaque mois')).toBeVisible();
  await expect(page.getByText(/en attente/i).first()).toBeVisible();
  await expect(page.getByText(/non choisi/i)).toHaveCount(2);

  const download = page.waitForEvent('download');
  await page.getByText(/télécharger le reçu/i).click();
  const file = await (await download).path();
  const { readFileSync } = await import('node:fs');
  const envelope = JSON.parse(readFileSync(file, 'utf8'));
  expect(statuses(envelope).newsletter).toBe('given');

  await page.getByText(/vérifier ce reçu/i).click();
  await expect(page.getByText(/signature/i).first()).toBeVisible();

  const manage = await page.getByRole('link', { name: /gérer mes choix/i }).getAttribute('href');
  expect(manage!.startsWith(collector.url)).toBe(true);
  expect((await fetch(manage!)).status).toBe(200);
});

test('double submission sends once', async ({ page, embed, heard }) => {
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await embed();
  await email(page).fill(address());
  await page.evaluate(() => {
    const button = document.querySelector('candor-form')!.shadowRoot!.querySelector<HTMLButtonElement>('[type=submit]')!;
    button.click();
    button.click();
    (document.querySelector('candor-form') as any).submit();
  });
  await receiptOf(heard);
  expect(posts).toHaveLength(1);
  expect((await heard()).filter((event) => event.name === 'submit')).toHaveLength(1);
});

test('a lost network is retried under the same id, and nothing typed is lost', async ({ page, embed, heard, collector }) => {
  const visitor = address();
  await embed();
  let lost = 0;
  const bodies: string[] = [];
  await page.route(`${collector.url}/v1/submissions`, async (route) => {
    if (route.request().method() === 'POST') bodies.push(route.request().postData()!);
    if (lost++ < 2) await route.abort('internetdisconnected');
    else await route.continue();
  });
  await email(page).fill(visitor);
  await send(page).click();
  await expect(sent(page)).toBeVisible({ timeout: 20_000 });
  expect(new Set(bodies).size, 'every attempt carries the same bytes').toBe(1);
  const { receipt } = await receiptOf(heard);
  expect(payload(receipt).id).toBe(payload(JSON.parse(bodies[0]!).record).id);
});

test('a wrong clock is corrected: made anew under the same id and sent once more', async ({ page, embed, heard }) => {
  await page.addInitScript(() => {
    const offset = 3 * 24 * 3600 * 1000;
    const now = Date.now.bind(Date);
    const Original = Date;
    (globalThis as any).Date = class extends Original {
      constructor(...all: any[]) {
        if (all.length) super(...(all as [any]));
        else super(now() - offset);
      }
      static override now() {
        return now() - offset;
      }
    };
  });
  const bodies: any[] = [];
  page.on('request', (request) => request.method() === 'POST' && bodies.push(JSON.parse(request.postData()!)));
  await embed();
  await email(page).fill(address());
  await send(page).click();
  const { receipt } = await receiptOf(heard);
  expect(bodies).toHaveLength(2);
  const [first, second] = bodies.map((body) => payload(body.record));
  expect(second.id).toBe(first.id);
  expect(Math.abs(Date.parse(payload(receipt).created) - Date.now())).toBeLessThan(120_000);
  expect(Date.parse(second.shownAt)).toBeLessThanOrEqual(Date.parse(second.created));
});

test('English visitors read and sign the English words', async ({ page, embed, heard }) => {
  await embed({ attributes: 'lang="en"', lang: 'en' });
  await expect(page.getByText('Get the GDPR guide')).toBeVisible();
  await email(page).fill(address());
  await send(page).click();
  const { receipt } = await receiptOf(heard);
  expect(payload(receipt).language).toBe('en');
  expect(payload(receipt).shown[0].text).toBe('Get the GDPR guide');
});
