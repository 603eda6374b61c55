// Invariant 1: no consent takes effect without a click or key press of the visitor, whatever the page or the URL does.
import { address, calls, email, expect, newsletter, partners, payload, receiptOf, send, statuses, test } from '../fixtures/test';

const untouched = { newsletter: 'not-given', call: 'not-given', partners: 'not-given' };

test('query strings and fragments tick nothing', async ({ page, embed, heard }) => {
  await embed({ attributes: 'prefill="fragment"' });
  await page.goto(`${page.url()}?newsletter=yes&purpose.newsletter=yes&consent=all#candor:email=${address()}&newsletter=yes&purpose.newsletter=yes&call=on`);
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await expect(newsletter(page)).not.toBeChecked();
  await expect(email(page)).toHaveValue(/@example\.org$/);
  expect(page.url(), 'what was prefilled leaves the address').not.toContain('example.org');
  await send(page).click();
  expect(statuses((await receiptOf(heard)).receipt)).toMatchObject(untouched);
});

for (const [how, attack] of Object.entries({
  'the checked property': (box: HTMLInputElement) => {
    box.checked = true;
  },
  'the checked attribute': (box: HTMLInputElement) => {
    box.setAttribute('checked', '');
  },
  'the property and forged change and input events': (box: HTMLInputElement) => {
    box.checked = true;
    box.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    box.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
  },
})) {
  test(`set from outside by ${how}: not given, and unticked again`, async ({ page, embed, heard }) => {
    await embed();
    await email(page).fill(address());
    for (const box of [newsletter(page), calls(page), partners(page)]) await box.evaluate(attack);
    await send(page).click();
    expect(statuses((await receiptOf(heard)).receipt)).toMatchObject(untouched);
  });
}

test('a scripted click is recorded as such, and the consent is held', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill(address());
  await newsletter(page).evaluate((box: HTMLInputElement) => box.click());
  await send(page).click();
  const { receipt, held, state } = await receiptOf(heard);
  const process = payload(receipt).processes.find((process: any) => process.purpose === 'newsletter');
  expect(process.status).toBe('given');
  expect(process.indication.trusted).toBe(false);
  expect(held).toEqual(['newsletter']);
  expect(state).toBe('pending');
});

test('a label clicked by a script is no click of the visitor', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill(address());
  await newsletter(page).evaluate((box: HTMLInputElement) => box.labels![0]!.click());
  await partners(page).click();
  await send(page).click();
  const { receipt, held } = await receiptOf(heard);
  expect(statuses(receipt)).toMatchObject({ newsletter: 'given', partners: 'given' });
  expect(held).toEqual(['newsletter']);
});

test('a click of the visitor and the space bar are trusted; tick and untick is not given', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill(address());
  await newsletter(page).focus();
  await page.keyboard.press('Space');
  await partners(page).click();
  await partners(page).click();
  await send(page).click();
  const { receipt, held } = await receiptOf(heard);
  expect(statuses(receipt)).toMatchObject({ newsletter: 'given', partners: 'not-given' });
  expect(payload(receipt).processes.every((process: any) => process.indication.trusted && process.indication.initial === false)).toBe(true);
  expect(held).toEqual([]);
});

test('a page translated in the browser: served, and the consent is held', async ({ page, embed, heard, collector }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await page.evaluate(() => {
    const root = document.querySelector('candor-form')!.shadowRoot!;
    root.querySelector('[data-candor-ref="purpose.newsletter"]')!.firstChild!.textContent = 'Ich stimme zu, dass Acme Conseil mir schreibt.';
  });
  await send(page).click();
  const { receipt, held } = await receiptOf(heard);
  expect(held).toEqual(['newsletter']);
  expect(payload(receipt).shown.find((text: any) => text.ref === 'purpose.newsletter').text).toBe('Ich stimme zu, dass Acme Conseil mir schreibt.');
  expect((await collector.mail(visitor)).text).toContain('/d/');
});

test('a statement or the notice hidden by the page: nobody consents uninformed', async ({ page, embed, heard }) => {
  await embed();
  await email(page).fill(address());
  await newsletter(page).click();
  await partners(page).click();
  await page.evaluate(() => {
    const root = document.querySelector('candor-form')!.shadowRoot!;
    (root.querySelector('[data-candor-ref="purpose.partners"]') as HTMLElement).style.display = 'none';
    (root.querySelector('[data-candor-ref="controller"]') as HTMLElement).style.opacity = '0';
  });
  await send(page).click();
  const { receipt } = await receiptOf(heard);
  expect(statuses(receipt)).toMatchObject({ newsletter: 'not-given', partners: 'not-shown' });
  expect(payload(receipt).shown.map((text: any) => text.ref)).not.toContain('controller');
});

test('back and forward, and reload, bring no tick back', async ({ page, embed, site }) => {
  const other = site.put('/elsewhere', { html: '<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1>' });
  await embed();
  const address = page.url();
  await newsletter(page).click();
  await page.goto(other);
  await page.evaluate(() => history.back());
  await page.waitForURL(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await expect(newsletter(page), 'the cached page is as the visitor left it').toBeChecked();
  await page.reload();
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await expect(newsletter(page)).not.toBeChecked();
});

test('the link to the partner’s policy does not toggle the box', async ({ page, embed }) => {
  await embed();
  const policy = page.getByRole('link', { name: /partenaire exemple/i });
  await policy.evaluate((link) => link.addEventListener('click', (event) => event.preventDefault()));
  await policy.click();
  await expect(partners(page)).not.toBeChecked();
});

test('nothing is asked of the network, no cookie and no storage before submit, and nothing on the device after', async ({ page, context, embed, heard }) => {
  await page.addInitScript(() => {
    const touched: string[] = ((window as any).touched = []);
    const watch = (target: any, name: string) => {
      const original = target[name];
      target[name] = function (...all: unknown[]) {
        touched.push(name);
        return original.apply(this, all);
      };
    };
    watch(Storage.prototype, 'setItem');
    watch(IDBFactory.prototype, 'open');
    watch(CacheStorage.prototype, 'open');
    watch(Navigator.prototype, 'sendBeacon');
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    Object.defineProperty(Document.prototype, 'cookie', { ...cookie, set(value) { touched.push('cookie'); cookie.set!.call(this, value); } });
  });
  await embed();
  const later: string[] = [];
  page.on('request', (request) => later.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await email(page).fill(address());
  await newsletter(page).click();
  await calls(page).click();
  await calls(page).click();
  expect(later).toEqual([]);
  await send(page).click();
  await receiptOf(heard);
  expect(later.filter((request) => !request.startsWith('OPTIONS'))).toEqual(['POST /v1/submissions']);
  expect(await page.evaluate(() => (window as any).touched)).toEqual([]);
  expect(await context.cookies()).toEqual([]);
});

test('the device key cannot be exported', async ({ page, embed, heard }) => {
  await page.addInitScript(() => {
    const made: boolean[] = ((window as any).extractable = []);
    const original = SubtleCrypto.prototype.generateKey;
    SubtleCrypto.prototype.generateKey = async function (...all: any[]) {
      const pair: any = await original.apply(this, all as any);
      made.push(pair.privateKey.extractable);
      return pair;
    } as any;
  });
  await embed();
  await email(page).fill(address());
  await send(page).click();
  await receiptOf(heard);
  expect(await page.evaluate(() => (window as any).extractable)).toEqual([false]);
});
