// Where the browser or the network refuses: the visitor always has a way, the page gets its event, nothing typed is lost.
import { strictPolicy } from '../fixtures/host';
import { address, email, expect, listen, newsletter, send, test } from '../fixtures/test';
import { link } from '../fixtures/collector';

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
  const { page: hostPage } = await import('../fixtures/host');
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
