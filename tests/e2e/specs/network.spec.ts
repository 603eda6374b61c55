// What goes over the wire and what stays on the device: the form's own files, one submission, nothing else, ever.
import type { BrowserContext, Page } from '@playwright/test';
import { page as hostPage, strictPolicy } from '../fixtures/host';
import { address, email, expect, listen, newsletter, payload, receiptOf, send, sent, test } from '../fixtures/test';
import { link } from '../fixtures/collector';

const OURS = [/^\/candor\.js$/, /^\/v1\/forms\/ebook-rgpd$/, /^\/candor\/[\w.-]+\/(candor_form\.js|candor_form_bg\.wasm|candor\.css|words\.js)$/];

/** Everything that a page can leave on a device. */
async function stored(context: BrowserContext, page: Page): Promise<unknown> {
  const inside = await page.evaluate(async () => ({
    cookie: document.cookie, local: { ...localStorage }, session: { ...sessionStorage },
    databases: await indexedDB.databases(), caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length, usage: (await navigator.storage.estimate()).usage,
  }));
  return { ...inside, cookies: await context.cookies(), origins: (await context.storageState({ indexedDB: true })).origins };
}
const NOTHING = { cookie: '', local: {}, session: {}, databases: [], caches: [], workers: 0, usage: 0, cookies: [], origins: [] };

test('nothing before the form is near, its own files then, one submission at the end, and nothing on the device', async ({ page, context, site, collector, heard }) => {
  const asked: { method: string; path: string; cookie?: string; referer?: string }[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === collector.origin) asked.push({ method: request.method(), path: url.pathname, cookie: request.headers().cookie, referer: request.headers().referer });
    else if (url.protocol !== 'data:' && url.protocol !== 'blob:') expect(url.origin + url.pathname).toBe(`${site.origin}/log`);
  });
  const setting: string[] = [];
  context.on('response', async (response) => { if ((await response.allHeaders())['set-cookie']) setting.push(response.url()); });
  await listen(page);
  const html = hostPage(collector.url, `<div>${'<p>A line of the article</p>'.repeat(300)}</div><candor-form lang="fr" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`);
  await page.goto(site.put('/log', { html, headers: { 'Content-Security-Policy': strictPolicy(collector.origin) } }));
  await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
  await page.mouse.wheel(0, 300);
  await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))));
  const early = () => asked.map(({ path }) => path.replace(/^\/candor\/[^/]+/, ''));
  // The sentence for a network that goes, once the page has nothing better to do: later it could not be had.
  await expect.poll(early).toEqual(['/candor.js', '/words.js']);

  await page.locator('candor-form').scrollIntoViewIfNeeded();
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await page.keyboard.press('Tab');
  expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  for (const { path } of asked) expect(OURS.some((own) => own.test(path)), path).toBe(true);
  expect(asked).toHaveLength(OURS.length + 3);
  expect(await stored(context, page)).toEqual(NOTHING);

  await send(page).click();
  await receiptOf(heard);
  expect(asked.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual(['/v1/submissions']);
  await page.getByRole('button', { name: /vérifier ce reçu/i }).click();
  await expect(page.locator('.candor-verdict li')).toHaveCount(4);
  const after = asked.slice(OURS.length + 3).filter(({ method, path }) => method !== 'OPTIONS' && path !== '/v1/submissions');
  expect(after.map(({ path }) => path.replace(/^\/candor\/[^/]+/, '')), 'what checks and the keys, because the visitor asked').toEqual(['/verify.js', '/.well-known/jwks.json']);
  expect(asked.flatMap(({ cookie }) => cookie ?? [])).toEqual([]);
  expect(asked.filter(({ path }) => path.startsWith('/v1/')).filter(({ referer }) => referer)).toEqual([]);
  expect(setting).toEqual([]);
  expect(await stored(context, page)).toEqual(NOTHING);
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);

  // The control: what this test looks at does see a trace.
  await page.evaluate(() => localStorage.setItem('trace', '1'));
  expect(await stored(context, page)).not.toEqual(NOTHING);
});

test('the hosted page leaves nothing on the device either', async ({ page, context, collector }) => {
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
  await email(page).fill(address());
  await send(page).click();
  await expect(sent(page)).toBeVisible();
  expect(await stored(context, page)).toEqual(NOTHING);
});

test('a tab that is closed as soon as it was sent: the submission arrives all the same', async ({ page, context, embed, collector }) => {
  await embed();
  // Closed in the next task after the last event before the request, so that its preflight is under way at most.
  const [child] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate(() => {
      const child = window.open(location.href)!;
      child.addEventListener('load', () => child.addEventListener('candor-submit', () => child.setTimeout(() => child.close())));
    }),
  ]);
  const visitor = address();
  await email(child).fill(visitor);
  const closed = child.waitForEvent('close');
  // The click's own answer is lost with the tab.
  send(child).click().catch(() => undefined);
  await closed;
  expect(link(await collector.mail(visitor), 'd')).toBeTruthy();
});

test('the network goes before the submit and comes back after: nothing typed is lost, one lead under one id', async ({ page, context, embed, heard, collector }) => {
  await embed();
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await context.setOffline(true);
  await send(page).click();
  await expect(page.getByText(/nouvel essai en cours|vérifiez votre connexion/i)).toBeVisible();
  await expect(email(page)).toHaveValue(visitor);
  await expect(newsletter(page)).toBeChecked();
  await expect.poll(async () => (await heard()).find((event) => event.name === 'error')?.detail).toMatchObject({ code: 'network', retryable: true });
  await expect(page.getByRole('button', { name: 'Réessayer' })).toBeVisible();
  const { record } = (await heard()).find((event) => event.name === 'submit')!.detail;
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Réessayer' }).click();
  const { receipt } = await receiptOf(heard);
  expect(payload(receipt).id).toBe(payload(record).id);
  expect((await heard()).filter((event) => event.name === 'submit')).toHaveLength(1);
  await collector.mail(visitor);
  const leads = collector.run('export', 'leads', '--purpose', 'ebook', '--format', 'csv');
  expect(leads.split(visitor).length - 1).toBe(1);
});

for (const [lang, sentence] of [
  ['fr', 'Ce formulaire n’est pas disponible pour le moment.'], ['en', 'This form is not available at the moment.'],
  ['fi', 'Tämä lomake ei ole juuri nyt käytettävissä.'], ['bg-BG', 'В момента този формуляр не е достъпен.'],
] as const) {
  test(`the network is gone when the form comes near: a sentence, and the form itself once it is back: ${lang}`, async ({ page, context, site, collector, heard }) => {
    await listen(page);
    const form = `<candor-form lang="${lang}" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
    const html = hostPage(collector.url, `<div>${'<p>A line of the article</p>'.repeat(300)}</div>${form}`);
    const words = page.waitForResponse(/\/words\.js$/);
    await page.goto(site.put(`/gone-${lang}`, { html }));
    await (await words).finished();
    await context.setOffline(true);
    await page.locator('candor-form').scrollIntoViewIfNeeded();
    await expect(page.getByText(sentence)).toBeVisible();
    expect((await heard()).at(-1)).toMatchObject({ name: 'error', detail: { retryable: true } });
    await context.setOffline(false);
    await email(page).fill(address());
    await send(page).click();
    await receiptOf(heard);
  });
}
