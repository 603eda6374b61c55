// Where the browser or the network refuses: the visitor always has a way, the page gets its event, nothing typed is lost.
import { page as hostPage, strictPolicy } from '../fixtures/host';
import { printed, takenOver } from '../fixtures/prerender';
import { address, email, expect, listen, newsletter, send, test } from '../fixtures/test';
import { link } from '../fixtures/collector';
import { submitBroken } from '../fixtures/tamper';

test('no WebAssembly: the plain form stands in, and works as a plain POST', async ({ page, embed, heard, collector }) => {
  await embed({ policy: strictPolicy(collector.origin, ''), wait: false });
  await expect(email(page)).toBeVisible();
  const error = (await heard()).find((event) => event.name === 'error')!.detail;
  expect(error).toMatchObject({ retryable: false });
  expect((await page.evaluate(() => (window as any).faults)).filter((fault: string) => !fault.startsWith('CSP'))).toEqual([]);

  const visitor = address();
  await email(page).fill(visitor);
  await expect(newsletter(page)).not.toBeChecked();
  await send(page).click();
  await page.waitForURL((url) => url.origin === collector.origin);
  await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
});

test('no WebCrypto, on a page that is not secure: the plain form stands in', async ({ page, site, collector, heard }) => {
  const forms = collector.url.replace('127.0.0.1', 'plain.test');
  const url = site.put('/insecure', { html: hostPage(forms, `<candor-form loading="eager" src="${forms}/v1/forms/ebook-rgpd"></candor-form>`) });
  await listen(page);
  await page.goto(url.replace('127.0.0.1', 'plain.test'));
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await expect(email(page)).toBeVisible();
  expect((await heard()).map((event) => event.name)).toContain('error');
});

test('a form that does not load: a plain sentence and an event', async ({ page, embed, heard, collector }) => {
  await embed({ attributes: `src="${collector.url}/v1/forms/no-such-form"`, wait: false });
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('error');
  await expect(page.locator('candor-form')).toContainText(/./);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
});

test('a trap inside the wasm never reaches the page: the plain form stands in with what was typed', async ({ page, embed, heard }) => {
  await page.addInitScript(() => {
    // A host page that tampers with what the widget calls: the panic that follows is a trap.
    (window as any).breakNow = () => {
      crypto.getRandomValues = () => {
        throw new Error('broken by the test');
      };
      SubtleCrypto.prototype.generateKey = () => {
        throw new Error('broken by the test');
      };
      JSON.stringify = () => {
        throw new Error('broken by the test');
      };
    };
  });
  await embed();
  const visitor = address();
  await email(page).fill(visitor);
  await page.evaluate(() => (window as any).breakNow());
  await send(page).click();
  await expect(email(page)).toHaveValue(visitor);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  expect((await heard()).filter((event) => event.name === 'error')).not.toEqual([]);
});

test('the collector refuses: a sentence, the values stay, the event says whether to try again', async ({ page, embed, heard, collector }) => {
  await embed();
  await page.route(`${collector.url}/v1/submissions`, (route) => route.request().method() === 'POST'
    ? route.fulfill({ status: 403, contentType: 'application/problem+json', headers: { 'Access-Control-Allow-Origin': '*' }, body: '{"type":"/problems/origin","title":"no","status":403,"detail":"no"}' })
    : route.continue());
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await send(page).click();
  await expect.poll(async () => (await heard()).find((event) => event.name === 'error')?.detail.retryable).toBe(false);
  await expect(email(page)).toHaveValue(visitor);
  await expect(newsletter(page)).toBeChecked();
});

test('a trap: the widget is gone, the page knows, and the plain form goes its own way with what was typed', async ({ page, embed, heard, collector }) => {
  await embed();
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await email(page).focus();
  await page.evaluate(submitBroken);
  await expect.poll(async () => (await heard()).find((event) => event.name === 'error')?.detail.code).toBe('trap');
  expect(await page.evaluate(() => (document.querySelector('candor-form') as any).state)).toBe('failed');
  await expect(email(page)).toHaveValue(visitor);
  await expect(email(page), 'who was in it goes on in the plain form').toBeFocused();
  await expect(newsletter(page), 'a tick without a witness is not carried over').not.toBeChecked();
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  await send(page).click();
  await page.waitForURL((url) => url.origin === collector.origin);
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
});

test('after a trap a form that comes later gets an instance of its own', async ({ page, embed, heard, collector }) => {
  await embed();
  await page.evaluate(submitBroken);
  await expect.poll(async () => (await heard()).find((event) => event.name === 'error')?.detail.code).toBe('trap');
  await page.evaluate((source) => {
    const form = document.createElement('candor-form') as any;
    form.src = source;
    form.loading = 'eager';
    form.id = 'later';
    document.querySelector('main')!.append(form);
  }, `${collector.url}/v1/forms/ebook-rgpd`);
  await page.waitForFunction(() => (document.querySelector('#later') as any).state === 'editing');
});

test('the browser has no WebAssembly at all: the plain form stands in', async ({ page, embed, heard }) => {
  await page.addInitScript(() => delete (globalThis as any).WebAssembly);
  await embed({ wait: false });
  await expect(email(page)).toBeVisible();
  expect((await heard()).find((event) => event.name === 'error')!.detail).toMatchObject({ code: 'wasm', retryable: false });
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
});

test('a definition that is no JSON: a sentence, the page’s own way beside it, and the event', async ({ page, embed, heard }) => {
  await embed({ inner: '<script type="application/json">{"format":</script><a href="/contact">Écrivez-nous</a>', attributes: 'lang="fr"', wait: false });
  await expect(page.getByText('Ce formulaire n’est pas disponible pour le moment.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Écrivez-nous' })).toBeVisible();
  expect((await heard()).map((event) => [event.name, event.detail.code])).toEqual([['error', 'definition']]);
});

for (const [what, code, break_] of [
  ['no WebAssembly', 'wasm', { policy: '' }],
  ['a module that does not arrive', 'load', { pattern: '**/candor_form_bg.wasm' }],
  ['glue that does not arrive', 'load', { pattern: '**/candor_form.js*' }],
  ['a style sheet that is not found', 'load', { pattern: '**/candor.css', status: 404 }],
  ['a collector that does not answer', 'form', { pattern: '**/v1/forms/ebook-rgpd?*' }],
] as const) {
  test(`printed, and ${what}: the printed form stays, the page knows, and it posts with what was typed`, async ({ page, site, collector, heard }) => {
    const { snippet, policy } = await printed(collector);
    await listen(page);
    if ('status' in break_) await page.route(break_.pattern, (route) => route.fulfill({ status: break_.status, contentType: 'text/html', headers: { 'Access-Control-Allow-Origin': '*' }, body: '<p>Not here' }));
    else if ('pattern' in break_) await page.route(break_.pattern, (route) => route.abort('connectionfailed'));
    const headers = { 'Content-Security-Policy': 'policy' in break_ ? policy.replace(" 'wasm-unsafe-eval'", '') : policy };
    await page.goto(site.put(`/printed-without-${code}-${what.length}`, { html: hostPage(collector.url, snippet), headers }));
    const visitor = address();
    await email(page).fill(visitor);
    await newsletter(page).click();
    await expect.poll(async () => (await heard()).find((event) => event.name === 'error')?.detail.code).toBe(code);
    await expect(email(page)).toHaveValue(visitor);
    await send(page).click();
    await page.waitForURL((url) => url.origin === collector.origin);
    expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
  });
}

test('printed, and the network is gone: a sentence instead of the browser’s page; with the network the widget comes', async ({ page, site, collector, heard, context }) => {
  const { snippet } = await printed(collector);
  await listen(page);
  await page.goto(site.put('/printed-offline', { html: hostPage(collector.url, `<p>${'A long way down. '.repeat(4000)}</p>${snippet}`) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await context.setOffline(true);
  await email(page).fill('ada@example.org');
  await expect.poll(async () => (await heard()).map((event) => event.name)).toContain('error');
  const url = page.url();
  await send(page).click();
  await expect(page.getByRole('status')).toHaveText('Ce formulaire n’est pas disponible pour le moment.');
  expect(page.url()).toBe(url);
  await expect(email(page)).toHaveValue('ada@example.org');
  await send(page).blur();
  await context.setOffline(false);
  await takenOver(page);
  await expect(email(page)).toHaveValue('ada@example.org');
  await expect(page.getByText('n’est pas disponible')).toHaveCount(0);
});

test('held, and the wasm fails: the printed form goes by itself', async ({ page, site, collector, heard }) => {
  const { snippet } = await printed(collector);
  await listen(page);
  let refuse = () => {};
  const late = new Promise<void>((settle) => (refuse = settle));
  await page.route('**/candor_form_bg.wasm', async (route) => {
    await late;
    await route.abort('connectionreset');
  });
  await page.goto(site.put('/printed-held', { html: hostPage(collector.url, snippet) }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  const visitor = address();
  await email(page).fill(visitor);
  await send(page).click();
  await expect(send(page)).toHaveAttribute('aria-disabled', 'true');
  refuse();
  await page.waitForURL((url) => url.origin === collector.origin);
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the printed form on a strict page: fields show with their boxes, and it posts', async ({ page, site, collector }) => {
    const { snippet, policy } = await printed(collector);
    await page.goto(site.put('/printed-no-script', { html: hostPage(collector.url, snippet), headers: { 'Content-Security-Policy': policy } }));
    const phone = page.getByRole('textbox', { name: /téléphone/i });
    await expect(phone).toBeHidden();
    await page.getByRole('checkbox', { name: /m’appelle/i }).check();
    await expect(phone).toBeVisible();
    await page.getByRole('checkbox', { name: /m’appelle/i }).uncheck();
    const visitor = address();
    await email(page).fill(visitor);
    await send(page).click();
    await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
    expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
  });
});
