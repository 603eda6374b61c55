// Pages that mean no harm and do some: they morph their HTML, hide boxes, send no referrer, post in another encoding, never end.
import type { Page } from '@playwright/test';
import { page as hostPage } from '../fixtures/host';
import { printed } from '../fixtures/prerender';
import { submitAndVerify } from '../fixtures/record';
import { stream } from '../fixtures/stream';
import { address, email, expect, listen, newsletter, send, sent, test } from '../fixtures/test';

let pages = 0;
const fresh = () => `/hostile-${pages++}`;
const ready = (page: Page, times = 1) => page.waitForFunction((times) => (window as any).heard.filter((event: any) => event.name === 'ready').length >= times, times);
const element = (url: string, attributes = '') => `<candor-form loading="eager" lang="fr" ${attributes} src="${url}/v1/forms/ebook-rgpd"></candor-form>`;

for (const [what, change] of Object.entries({
  'is emptied': (form: Element) => form.replaceChildren(),
  'is filled with something else': (form: Element) => {
    form.innerHTML = '<p>Loading</p>';
  },
  'gets its printed form again, as a morph does': (form: Element) => {
    form.innerHTML = (window as any).snippet;
  },
})) {
  test(`render="light", and the element ${what}: the form comes back with what was typed, unticked, and is sent`, async ({ page, site, collector, heard }) => {
    await listen(page);
    const { snippet } = await printed(collector, 'lang=fr&render=light');
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet.replace('<candor-form ', '<candor-form loading="eager" ')) }));
    await ready(page);
    await page.evaluate((snippet) => ((window as any).snippet = snippet.replace(/^<candor-form[^>]*>|<\/candor-form>$/g, '')), snippet);
    const visitor = address();
    await email(page).fill(visitor);
    await newsletter(page).click();
    await page.locator('candor-form').evaluate(change);
    await ready(page, 2);
    await expect(email(page)).toHaveValue(visitor);
    await expect(newsletter(page)).not.toBeChecked();
    await expect(page.locator('candor-form form')).toHaveCount(1);
    await submitAndVerify(page, collector, heard);
  });
}

for (const method of ['generateKey', 'sign', 'digest']) {
  test(`a browser that refuses ${method} at submit: the plain form stands in with what was typed, and is sent`, async ({ page, site, collector, heard }) => {
    await listen(page);
    await page.addInitScript((method) => {
      (SubtleCrypto.prototype as any)[method] = () => Promise.reject(new DOMException('refused', 'OperationError'));
    }, method);
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, element(collector.url)) }));
    await ready(page);
    const visitor = address();
    await email(page).fill(visitor);
    await send(page).click();
    await expect(page.locator('candor-form form[action]')).toHaveAttribute('accept-charset', 'utf-8');
    await expect(email(page)).toHaveValue(visitor);
    expect((await heard()).filter((event) => event.name === 'error').map((event) => event.detail.code)).toEqual(['crypto']);
    await send(page).click();
    await expect(sent(page)).toBeVisible();
    expect((await collector.mail(visitor)).to).toBe(visitor);
  });
}

test('in a frame with srcdoc, which has no address of its own: recorded for the site around it', async ({ page, site, collector }) => {
  const inner = hostPage(collector.url, element(collector.url)).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  await page.goto(site.put(fresh(), { html: `<!doctype html><html lang="fr"><title>Host</title><link rel="icon" href="data:,"><iframe title="Form" width="700" height="1200" srcdoc="${inner}"></iframe></html>` }));
  const frame = page.frameLocator('iframe') as unknown as Page;
  const visitor = address();
  await email(frame).fill(visitor);
  await send(frame).click();
  await expect(sent(frame)).toBeVisible();
  expect((await collector.mail(visitor)).to).toBe(visitor);
});

for (const render of ['shadow', 'light']) {
  test(`what a page has for all its forms hears of no submit and posts nothing: render="${render}"`, async ({ page, site, collector, heard }) => {
    await listen(page);
    const posted: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posted.push(new URL(request.url()).pathname));
    const script = `<script>document.addEventListener('submit', (event) => { event.preventDefault(); fetch('/ajax', { method: 'POST', body: new FormData(event.target) }); });</script>`;
    const { snippet } = await printed(collector, `lang=fr&render=${render}`);
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, script + snippet) }));
    await page.waitForFunction(() => customElements.get('candor-form') !== undefined);
    await submitAndVerify(page, collector, heard);
    expect(posted).toEqual(['/v1/submissions']);
  });
}

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  for (const policy of ['no-referrer', 'same-origin']) {
    test(`the printed form on a page of Referrer-Policy: ${policy} is posted as from nowhere, and taken`, async ({ page, site, collector }) => {
      const { snippet } = await printed(collector);
      await page.goto(site.put(fresh(), { html: hostPage(collector.url, snippet), headers: { 'Referrer-Policy': policy } }));
      const visitor = address();
      await email(page).fill(visitor);
      const [request] = await Promise.all([page.waitForRequest((request) => request.method() === 'POST'), send(page).click()]);
      await expect(sent(page)).toBeVisible();
      expect((await request.allHeaders()).origin, 'the control: the browser says so').toBe('null');
      expect((await collector.mail(visitor)).to).toBe(visitor);
    });
  }

  test('the printed form on a page in another encoding is posted in UTF-8', async ({ page, site, collector }) => {
    const { snippet } = await printed(collector);
    const html = hostPage(collector.url, snippet).replace('<meta charset="utf-8">', '').replace(/[\u0080-\uffff]/g, (letter) => `&#${letter.charCodeAt(0)};`);
    await page.goto(site.put(fresh(), { html, headers: { 'Content-Type': 'text/html; charset=windows-1252' } }));
    await email(page).fill(address());
    await newsletter(page).click();
    await page.getByRole('textbox', { name: /prénom/i }).fill('Zoé 漢');
    const [request] = await Promise.all([page.waitForRequest((request) => request.method() === 'POST'), send(page).click()]);
    expect(new URLSearchParams(request.postData()!).get('given_name')).toBe('Zoé 漢');
    await expect(sent(page)).toBeVisible();
  });
});

test('a page that goes on long after the form: the element does not wait for its end', async ({ page, collector }) => {
  await listen(page);
  const html = hostPage(collector.url, `<section>${element(collector.url)}</section><p>The rest comes later.</p>`);
  const [first, rest] = [html.slice(0, html.indexOf('</main>')), '</main></body></html>'];
  const slow = await stream(first);
  await page.goto(slow.url, { waitUntil: 'commit' });
  await ready(page);
  expect(await page.evaluate(() => document.readyState)).toBe('loading');
  slow.end(rest);
  await slow.stop();
});

const BOXES = {
  'as Materialize hides them': '[type="checkbox"]:not(:checked), [type="checkbox"]:checked { position: absolute; opacity: 0; pointer-events: none }',
  'out of the page': 'input[type=checkbox] { position: absolute; left: -9999px; opacity: 0 }',
  'not displayed': 'input[type=checkbox], form { display: none }',
};
for (const [how, css] of Object.entries(BOXES)) {
  test(`render="light" under a theme that hides all boxes, ${how}: what is chosen is seen`, async ({ page, site, collector }) => {
    await listen(page);
    await page.goto(site.put(fresh(), { html: hostPage(collector.url, `<style>${css}</style>${element(collector.url, 'render="light"')}`) }));
    await ready(page);
    const box = await newsletter(page).evaluate((box) => {
      const { width, height, left } = box.getBoundingClientRect();
      return { width, height, inside: left > 0, seen: box.checkVisibility({ opacityProperty: true, visibilityProperty: true }) };
    });
    expect(box).toEqual({ width: 24, height: 24, inside: true, seen: true });
    await newsletter(page).click();
    await expect(newsletter(page)).toBeChecked();
  });
}

for (const render of ['shadow', 'light']) {
  test(`what a page hands down to all that stands in it stays outside: render="${render}"`, async ({ page, site, collector }) => {
    await listen(page);
    const looks = async (css: string) => {
      await page.goto(site.put(fresh(), { html: hostPage(collector.url, `<style>${css}</style>${element(collector.url, `render="${render}"`)}`) }));
      await ready(page);
      return page.locator('candor-form .candor-label').first().evaluate((label) => {
        const { fontSize, textShadow, webkitTextFillColor, fontVariantCaps, wordBreak } = getComputedStyle(label);
        return { fontSize, textShadow, webkitTextFillColor, fontVariantCaps, wordBreak };
      });
    };
    const own = await looks('');
    expect(own.fontSize).toBe('16px');
    expect(await looks(`html { font-size: 62.5% } main { text-shadow: 0 1px 3px #000; -webkit-text-fill-color: transparent;
      font-variant: small-caps; word-break: break-all }`)).toEqual(own);
    await page.addStyleTag({ content: 'main { visibility: hidden }' });
    await expect(send(page), 'what hides the form hides it').toBeHidden();
  });
}
