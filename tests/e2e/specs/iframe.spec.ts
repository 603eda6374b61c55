// The hosted page in an iframe: as high as its form, framed by whom the collector names alone, and usable without script.
import { HostSite } from '../fixtures/host';
import { geometry, hold, takenOver } from '../fixtures/prerender';
import { address, calls, email, expect, listen, newsletter, send, test } from '../fixtures/test';

let pages = 0;
const around = (forms: string, source: string, script = true) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
${script ? `<script type="module" async src="${forms}/candor.js"></script>` : ''}</head>
<body><main><h1>Host page</h1><iframe title="Formulaire" width="480" height="200" src="${source}"></iframe></main></body></html>`;

test('the frame is as high as its page, grows with it, and carries no style', async ({ page, site, collector }) => {
  await listen(page);
  await page.goto(site.put(`/frame-${pages++}`, { html: around(collector.url, `${collector.url}/f/ebook-rgpd?lang=fr`) }));
  const frame = page.frameLocator('iframe');
  await expect(email(frame as any)).toBeVisible();
  const height = () => page.locator('iframe').evaluate((frame: HTMLIFrameElement) => Number(frame.height));
  await expect.poll(height).toBeGreaterThan(600);
  const isWhole = () => page.frames()[1]!.evaluate(() => document.documentElement.scrollHeight <= innerHeight);
  await expect.poll(isWhole, 'no second scroll bar').toBe(true);
  const before = await height();
  await calls(frame as any).click();
  await expect(frame.getByRole('textbox', { name: /téléphone/i })).toBeVisible();
  await expect.poll(height).toBeGreaterThan(before);
  await calls(frame as any).click();
  await expect.poll(height).toBe(before);

  await email(frame as any).fill(address());
  await send(frame as any).click();
  await expect(frame.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  await expect.poll(height, 'the receipt has another height').not.toBe(before);
  await expect.poll(isWhole).toBe(true);
  expect(await page.locator('iframe').getAttribute('style')).toBeNull();
  expect(await page.evaluate(() => (window as any).faults)).toEqual([]);

  // The person's own pages refuse to be framed: their link leads out.
  const outside = page.context().waitForEvent('page');
  await frame.getByRole('link', { name: /gérer mes choix/i }).click();
  await expect((await outside).getByRole('heading').first()).toBeVisible();
});

test('a loader that comes after the frame asks it', async ({ page, site, collector }) => {
  const script = await hold(page, '**/candor.js?around');
  const html = around(collector.url, `${collector.url}/f/ebook-rgpd?lang=fr`).replace('candor.js', 'candor.js?around');
  await page.goto(site.put(`/frame-${pages++}`, { html }), { waitUntil: 'commit' });
  await expect(page.frameLocator('iframe').getByRole('heading').first()).toBeVisible();
  await page.frames()[1]!.waitForFunction(() => document.readyState === 'complete');
  expect(await page.locator('iframe').getAttribute('height')).toBe('200');
  script();
  await expect.poll(() => page.locator('iframe').evaluate((frame: HTMLIFrameElement) => Number(frame.height))).toBeGreaterThan(600);
});

test('other frames, other messages and absurd heights change nothing', async ({ page, site, collector }) => {
  const other = site.put(`/liar-${pages++}`, { html: '<!doctype html><html lang="en"><title>Liar</title><script>onmessage = () => {}; parent.postMessage({ candorHeight: 4000 }, "*")</script>' });
  const html = around(collector.url, `${collector.url}/f/ebook-rgpd?lang=fr`).replace('</main>', `<iframe id="liar" title="Liar" height="100" src="${other}"></iframe></main>`);
  await page.goto(site.put(`/frame-${pages++}`, { html }));
  const height = (selector: string) => page.locator(selector).evaluate((frame: HTMLIFrameElement) => Number(frame.height));
  await expect.poll(() => height('iframe >> nth=0')).toBeGreaterThan(600);
  expect(await height('#liar')).toBe(100);
  const before = await height('iframe >> nth=0');
  // Messages arrive in order: with the last one all have.
  const arrived = page.evaluate(() => new Promise<void>((settle) => addEventListener('message', (event) => event.data === 'done' && settle())));
  await page.frames().find((frame) => frame.url().startsWith(collector.url))!.evaluate(async () => {
    for (const candorHeight of [20_001, -1, 300.5, '300', null, Infinity, { valueOf: () => 0 }]) {
      try {
        parent.postMessage({ candorHeight }, '*');
      } catch {
        // What cannot be cloned does not arrive.
      }
    }
    parent.postMessage('done', '*');
  });
  await arrived;
  expect(await height('iframe >> nth=0')).toBe(before);
});

test('a site that the collector does not name cannot frame it', async ({ page, site, collector }) => {
  const stranger = await HostSite.start();
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  const source = `${collector.url}/f/ebook-rgpd?lang=fr`;
  await page.goto(stranger.put('/frame', { html: around(collector.url, source) }));
  await expect.poll(() => refused.some((text) => text.includes('frame-ancestors'))).toBe(true);
  await expect(email(page.frameLocator('iframe') as any)).toHaveCount(0);
  // The same page on a named site is the control.
  await page.goto(site.put(`/frame-${pages++}`, { html: around(collector.url, source) }));
  await expect(email(page.frameLocator('iframe') as any)).toBeVisible();
  await stranger.stop();
});

test('a frame says its height and nothing else; a page that is in no frame loads no script for it', async ({ page, site, collector }) => {
  await page.addInitScript(() => {
    const told: string[] = ((window as any).told = []);
    addEventListener('message', (event) => told.push(JSON.stringify(event.data)));
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  await takenOver(page);
  expect(asked.filter((path) => path.endsWith('frame.js'))).toEqual([]);
  await page.goto(site.put(`/frame-${pages++}`, { html: around(collector.url, `${collector.url}/f/ebook-rgpd?lang=fr`) }));
  await expect.poll(() => page.evaluate(() => (window as any).told.length)).toBeGreaterThan(0);
  await email(page.frameLocator('iframe') as any).fill(address());
  await calls(page.frameLocator('iframe') as any).click();
  const told: string[] = await page.evaluate(() => (window as any).told);
  for (const message of told) expect(JSON.parse(message)).toEqual({ candorHeight: expect.any(Number) });
});

for (const width of [1280, 320]) {
  test(`the hosted page is taken over at ${width} px without a shift`, async ({ page, collector }) => {
    await page.setViewportSize({ width, height: 2000 });
    const wasm = await hold(page, '**/candor_form_bg.wasm');
    await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
    await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
    await newsletter(page).click();
    await newsletter(page).blur();
    const before = await geometry(page);
    wasm();
    await takenOver(page);
    expect(await geometry(page)).toEqual(before);
    await expect(newsletter(page)).toBeChecked();
  });
}

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the form in the frame posts, and the thanks stand in the frame', async ({ page, site, collector }) => {
    await page.goto(site.put(`/frame-${pages++}`, { html: around(collector.url, `${collector.url}/f/ebook-rgpd?lang=fr`, false) }));
    const frame = page.frameLocator('iframe');
    const visitor = address();
    await email(frame as any).fill(visitor);
    await newsletter(frame as any).check();
    await send(frame as any).click();
    await expect(frame.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
    await expect(frame.getByRole('link', { name: /gérer mes choix/i })).toHaveAttribute('target', '_blank');
    expect((await collector.mail(visitor)).text).toContain('/d/');
  });
});
