// On every page: pasted into WordPress, written by a script, framed, moved about, twenty at once, two versions.
import type { Page } from '@playwright/test';
import type { Collector } from '../fixtures/collector';
import { page as hostPage } from '../fixtures/host';
import { submitAndVerify } from '../fixtures/record';
import { address, email, expect, listen, newsletter, send, sent, test } from '../fixtures/test';

const element = (collector: Collector, more = '') =>
  `<candor-form loading="eager" lang="fr" ${more} src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
const standing = (page: Page) => page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
const faults = (page: Page) => page.evaluate(() => (window as any).faults);

/** What a theme does to every page: a reset, and looks for all inputs, buttons and labels. */
const THEME = `
  *, *::before, *::after { box-sizing: border-box; margin: 0; padding: 0; border: 0; font-size: 100%; vertical-align: baseline }
  input, textarea, select { width: 42%; float: left; background: #ff0 !important; border-radius: 30px; height: 20px }
  button, input[type=submit] { position: absolute; left: -50px; text-transform: uppercase; background: red }
  label { display: inline-block; width: 90px; float: left; clear: both; color: #eee }
  form, fieldset, section { margin-left: 80px; display: inline }
  a { pointer-events: none } h2 { display: none }`;

test('pasted into WordPress: paragraphs and breaks around the tags, an emoji script, a theme for all inputs', async ({ page, site, collector, heard }, testInfo) => {
  await listen(page);
  // What `wpautop` makes of the two lines that the site owner pasted.
  const pasted = `<p><script type="module" async src="${collector.url}/candor.js"></script><br />\n${element(collector)}</p>\n<p>&nbsp;</p>`;
  // As wp-emoji-release.js: whatever the page shows from now on has its emoji replaced by pictures.
  const emoji = `new MutationObserver((changes) => { for (const { addedNodes } of changes) for (const node of addedNodes)
    if (node.nodeType === 3 && /\\p{Extended_Pictographic}/u.test(node.data)) node.replaceWith(Object.assign(new Image(), { alt: node.data, src: 'data:,' }));
  }).observe(document.documentElement, { childList: true, subtree: true });`;
  const html = (theme: string) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Blog</title><link rel="icon" href="data:,">
<style>.entry-content { width: 600px } ${theme}</style><script>${emoji}</script></head><body class="wp"><div class="entry-content">${pasted}</div></body></html>`;
  await page.goto(site.put('/wordpress-plain', { html: html('') }));
  await standing(page);
  const layout = () => page.evaluate(() => [...document.querySelector('candor-form')!.shadowRoot!.querySelectorAll('input,button,label,h2,a')]
    .map((one) => { const { width, height } = one.getBoundingClientRect(); return [one.className, width, height, getComputedStyle(one).backgroundColor]; }));
  const plain = await layout();
  await page.goto(site.put('/wordpress', { html: html(THEME) }));
  await standing(page);
  expect(await layout(), 'the theme does not reach into the form').toEqual(plain);
  await page.screenshot({ path: testInfo.outputPath('wordpress.png'), fullPage: true });
  await submitAndVerify(page, collector, heard);
  expect(await faults(page)).toEqual([]);
});

test('written by document.write, while the page is read', async ({ page, site, collector, heard }) => {
  await listen(page);
  const write = `document.write(${JSON.stringify(`<script type="module" src="${collector.url}/candor.js"></script>${element(collector)}`).replace(/<\//g, '<\\/')})`;
  await page.goto(site.put('/written', { html: `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Written</title><link rel="icon" href="data:,"><body><script>${write}</script><p>After</p></body></html>` }));
  await submitAndVerify(page, collector, heard);
});

test('a sandboxed frame: it works where the frame has an origin, and says that it cannot where it has none', async ({ page, site, collector }) => {
  const inner = site.put('/framed', { html: hostPage(collector.url, element(collector)) });
  const framed = async (sandbox: string) => {
    await page.goto(site.put('/frames', { html: `<!doctype html><html lang="fr"><title>Frames</title><link rel="icon" href="data:,"><iframe sandbox="${sandbox}" src="${inner}" width="700" height="900" title="Form"></iframe></html>` }));
    const frame = page.frameLocator('iframe');
    const visitor = address();
    await frame.getByRole('textbox', { name: /adresse e.mail/i }).fill(visitor);
    await frame.getByRole('button', { name: /recevoir le guide/i }).click();
    return { frame, visitor };
  };
  const own = await framed('allow-scripts allow-same-origin');
  await expect(own.frame.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect((await collector.mail(own.visitor)).to).toBe(own.visitor);

  const nobody = await framed('allow-scripts');
  await expect(nobody.frame.getByRole('status').filter({ hasText: 'Ce que vous avez saisi est toujours là' })).toBeVisible();
  await expect(nobody.frame.getByRole('textbox', { name: /adresse e.mail/i })).toHaveValue(nobody.visitor);
  expect(await collector.mails(nobody.visitor)).toEqual([]);
});

test('twenty forms on one page: one module, one style sheet, no id twice, and each of them works', async ({ page, site, collector, heard }) => {
  test.setTimeout(120_000);
  await listen(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url().replace(/.*\//, '')));
  const forms = Array.from({ length: 20 }, (_, at) => element(collector, at % 2 ? 'render="light"' : '')).join('');
  await page.goto(site.put('/twenty', { html: hostPage(collector.url, forms) }));
  await page.waitForFunction(() => [...document.querySelectorAll('candor-form')].every((form: any) => form.state === 'editing'));
  for (const name of ['candor_form_bg.wasm', 'candor_form.js', 'candor.css', 'candor.js']) {
    expect(asked.filter((file) => file === name), name).toHaveLength(1);
  }
  const ids = await page.evaluate(() => [document, ...[...document.querySelectorAll('candor-form')].flatMap((form) => form.shadowRoot ?? [])]
    .flatMap((root) => [...root.querySelectorAll('[id]')].map((element) => element.id)));
  expect(ids.length).toBeGreaterThan(100);
  expect(new Set(ids).size).toBe(ids.length);
  const visitors: string[] = [];
  for (let at = 0; at < 20; at += 1) {
    const form = page.locator('candor-form').nth(at);
    visitors.push(address());
    await form.getByRole('textbox', { name: /adresse e.mail/i }).fill(visitors[at]!);
    await form.getByRole('button', { name: /recevoir le guide/i }).click();
    await expect(form.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  }
  for (const visitor of visitors) expect((await collector.mail(visitor)).to).toBe(visitor);
  expect((await heard()).filter((event) => event.name === 'receipt')).toHaveLength(20);
  expect(await faults(page)).toEqual([]);
});

test('two versions on a page: the first serves every form, the second loads nothing but itself', async ({ page, site, collector, heard }) => {
  const loader = await (await fetch(`${collector.url}/candor.js`)).text();
  const [folder, version] = /(\d+\.\d+\.\d+)-[0-9a-f]{12}/.exec(loader)!;
  // The same build under another number, on the site itself.
  site.put('/other/candor.js', { html: loader.replaceAll(folder, '9.9.9-other').replaceAll(version!, '9.9.9') });
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await listen(page);
  const html = hostPage(collector.url, element(collector) + element(collector)).replace('</head>', `<script type="module" src="/other/candor.js"></script></head>`).replace(' async', '');
  await page.goto(site.put('/versions', { html }));
  await page.waitForFunction(() => [...document.querySelectorAll('candor-form')].every((form: any) => form.state === 'editing'));
  await expect.poll(() => warnings).toEqual([expect.stringMatching(new RegExp(`9\\.9\\.9.*${version!.replaceAll('.', '\\.')}`))]);
  expect(asked.filter((path) => path.includes('9.9.9'))).toEqual([]);
  const second = page.locator('candor-form').nth(1);
  await second.getByRole('textbox', { name: /adresse e.mail/i }).fill(address());
  await second.getByRole('button', { name: /recevoir le guide/i }).click();
  await expect(second.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect((await heard()).filter((event) => event.name === 'receipt')).toHaveLength(1);
});

test('in a dialog, in closed details, in nothing that shows yet, and in another shadow root', async ({ page, site, collector }) => {
  test.setTimeout(90_000);
  const lazy = element(collector).replace('loading="eager"', '');
  const places: [string, string, string, string][] = [
    ['dialog', `<dialog>${lazy}</dialog>`, 'dialog', 'showModal'],
    ['details', `<details><summary>More</summary>${lazy}</details>`, 'summary', 'click'],
    ['hidden', `<div id="later" hidden>${lazy}</div>`, '#later', 'removeAttribute'],
    ['component', `<x-card></x-card><template>${lazy}</template>`, 'x-card', 'attachShadow'],
  ];
  for (const [name, inner, selector, method] of places) {
    const asked: string[] = [];
    const note = (request: { url(): string }) => asked.push(request.url());
    page.on('request', note);
    await page.goto(site.put(`/place-${name}`, { html: hostPage(collector.url, inner) }));
    await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
    await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))));
    expect(asked.filter((url) => url.endsWith('.wasm')), `${name}: nobody can see it, nothing is loaded`).toEqual([]);
    await page.evaluate(([selector, method]) => {
      const place = document.querySelector(selector!) as any;
      if (method === 'attachShadow') place.attachShadow({ mode: 'open' }).append(document.querySelector('template')!.content.cloneNode(true));
      else place[method!]('hidden');
    }, [selector, method]);
    const visitor = address();
    await email(page).fill(visitor);
    await newsletter(page).click();
    await send(page).click();
    await expect(sent(page), name).toBeVisible();
    expect((await collector.mail(visitor)).to).toBe(visitor);
    page.off('request', note);
  }
});
