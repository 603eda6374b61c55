// A form comes, moves, goes and comes back: nothing is left behind, and nothing that was typed is lost.
import type { CDPSession, FrameLocator, Page } from '@playwright/test';
import { page as hostPage } from '../fixtures/host';
import { submitAndVerify } from '../fixtures/record';
import { address, email, expect, listen, newsletter, receiptOf, send, sent, statuses, test } from '../fixtures/test';

const standing = (page: Page) => page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');

/** What the page holds after everything that can go has gone. */
async function held(page: Page, devtools: CDPSession): Promise<Record<string, number>> {
  // The second round takes what the finalizers of the first let go.
  for (let round = 0; round < 2; round += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const counts = Object.fromEntries(metrics.filter(({ name }) => ['JSEventListeners', 'Nodes', 'Documents'].includes(name)).map(({ name, value }) => [name, value]));
  return { ...counts, wasm: await page.evaluate(() => (window as any).memory.buffer.byteLength) };
}

for (const render of ['shadow', 'light']) {
  test(`mounted and unmounted a hundred times: listeners, nodes, documents and wasm memory stay flat: render="${render}"`, async ({ page, site, collector }) => {
    test.setTimeout(180_000);
    await page.addInitScript(() => {
      // However the loader makes the instance, the glue asks for its exports.
      const { get } = Object.getOwnPropertyDescriptor(WebAssembly.Instance.prototype, 'exports')!;
      Object.defineProperty(WebAssembly.Instance.prototype, 'exports', {
        get() {
          const exports = get!.call(this);
          (window as any).memory ??= Object.values(exports).find((kept) => kept instanceof WebAssembly.Memory);
          return exports;
        },
      });
    });
    await listen(page);
    await page.goto(site.put(`/spa-${render}`, { html: hostPage(collector.url, '<div id="view"></div>') }));
    const rounds = (count: number) => page.evaluate(async ([count, render, src]) => {
      const view = document.querySelector('#view')!;
      for (let round = 0; round < (count as number); round += 1) {
        const form: any = document.createElement('candor-form');
        for (const [name, value] of Object.entries({ render, src, loading: 'eager', lang: 'fr' })) form.setAttribute(name, value as string);
        const ready = new Promise((settle) => form.addEventListener('candor-ready', settle, { once: true }));
        view.replaceChildren(form);
        await ready;
        const root = form.shadowRoot ?? form;
        root.querySelector('[type=email]').value = `round-${round}@example.org`;
        root.querySelector('[name="purpose.newsletter"]').click();
        if (round % 3 === 0) form.validate();
        await new Promise((settle) => requestAnimationFrame(settle));
        view.replaceChildren();
        await new Promise((settle) => setTimeout(settle));
      }
      (window as any).heard.length = 0;
    }, [count, render, `${collector.url}/v1/forms/ebook-rgpd`] as const);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await rounds(10);
    const before = await held(page, devtools);
    await rounds(100);
    const after = await held(page, devtools);
    expect(after.wasm, 'wasm memory').toBe(before.wasm);
    expect(after.Documents).toBe(before.Documents);
    // A hundred forms have more than 6000 nodes and 800 listeners; a handful belongs to the test and the browser.
    expect(after.Nodes! - before.Nodes!, JSON.stringify([before, after])).toBeLessThan(50);
    expect(after.JSEventListeners! - before.JSEventListeners!).toBeLessThan(5);
    expect(await page.evaluate(() => (window as any).faults)).toEqual([]);

    // The control: a leak would be seen.
    await page.evaluate(() => ((window as any).leak = Array.from({ length: 100 }, () => {
      const node = document.createElement('p');
      node.addEventListener('click', () => undefined);
      return node;
    })));
    const leaked = await held(page, devtools);
    expect(leaked.Nodes! - after.Nodes!).toBeGreaterThanOrEqual(100);
    expect(leaked.JSEventListeners! - after.JSEventListeners!).toBeGreaterThanOrEqual(100);
  });
}

test('back from the back/forward cache: what was typed and ticked is there, and the form works', async ({ page, site, collector, heard }) => {
  await listen(page);
  await page.addInitScript(() => addEventListener('pageshow', (event) => ((window as any).cached = event.persisted)));
  const form = `<candor-form loading="eager" lang="fr" src="${collector.url}/v1/forms/ebook-rgpd"></candor-form>`;
  await page.goto(site.put('/cached', { html: hostPage(collector.url, form) }));
  await standing(page);
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await page.goto(site.put('/elsewhere', { html: hostPage(collector.url, '<p>Elsewhere</p>') }));
  await page.evaluate(() => history.back());
  await page.waitForFunction(() => location.pathname === '/cached' && (window as any).cached === true);
  await expect(email(page)).toHaveValue(visitor);
  await expect(newsletter(page)).toBeChecked();
  await send(page).click();
  const { receipt, held } = await receiptOf(heard);
  expect([statuses(receipt).newsletter, held]).toEqual(['given', []]);

  await page.goto(`${site.origin}/elsewhere`);
  await page.evaluate(() => history.back());
  await page.waitForFunction(() => location.pathname === '/cached');
  await expect(sent(page), 'the receipt is still there').toBeVisible();
});

test('moved in the page, within a task and later: what was typed stays, no consent comes back by itself', async ({ page, embed, collector, heard }) => {
  await embed();
  await email(page).fill('ada@example.org');
  await newsletter(page).click();
  await page.evaluate(() => {
    const aside = document.body.appendChild(document.createElement('aside'));
    aside.append(document.querySelector('candor-form')!);
  });
  await expect(email(page)).toHaveValue('ada@example.org');
  await expect(newsletter(page)).toBeChecked();
  await page.evaluate(async () => {
    const form = document.querySelector('candor-form')!;
    form.remove();
    await new Promise((settle) => setTimeout(settle));
    document.querySelector('main')!.append(form);
  });
  await standing(page);
  await expect(email(page)).toHaveValue('ada@example.org');
  await expect(newsletter(page)).not.toBeChecked();
  await submitAndVerify(page, collector, heard);
});

for (const render of ['shadow', 'light']) {
  test(`cloned with everything in it: a form of its own, without a tick: render="${render}"`, async ({ page, embed, heard, collector }) => {
    await embed({ attributes: `render="${render}"` });
    await email(page).fill('ada@example.org');
    await newsletter(page).click();
    await page.evaluate(() => {
      const form = document.querySelector('candor-form')!;
      form.after(form.cloneNode(true));
      (window as any).first = form;
    });
    await page.waitForFunction(() => [...document.querySelectorAll('candor-form')].every((form: any) => form.state === 'editing'));
    const copy = page.locator('candor-form').nth(1);
    await expect(copy.getByRole('checkbox', { name: /chaque mois/i })).not.toBeChecked();
    await expect(copy.getByRole('textbox')).toHaveCount(1);
    await page.evaluate(() => (window as any).first.remove());
    await submitAndVerify(page, collector, heard);
  });

  test(`taken into another root and back: it keeps its looks, and no root keeps them after it: render="${render}"`, async ({ page, embed }) => {
    await embed({ attributes: `render="${render}"` });
    const before = await ground(page);
    await page.evaluate(() => document.body.appendChild(document.createElement('x-card')).attachShadow({ mode: 'open' }).append(document.querySelector('candor-form')!));
    expect(await ground(page)).toBe(before);
    expect(await adopted(page)).toEqual([0, render === 'light' ? 1 : 0]);
    await page.evaluate(() => document.querySelector('main')!.append(document.querySelector('x-card')!.shadowRoot!.querySelector('candor-form')!));
    expect(await ground(page)).toBe(before);
    expect(await adopted(page)).toEqual([render === 'light' ? 1 : 0, 0]);
    await page.evaluate(async () => {
      document.querySelector('candor-form')!.remove();
      await new Promise((settle) => setTimeout(settle));
    });
    expect(await adopted(page)).toEqual([0, 0]);
  });

  test(`taken into the document of a frame: it works and keeps its looks: render="${render}"`, async ({ page, embed, collector }) => {
    await embed({ attributes: `render="${render}"`, policy: null });
    const before = await ground(page);
    await page.evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.width = frame.height = '800';
      frame.contentDocument!.body.append(document.querySelector('candor-form')!);
    });
    const frame = page.frameLocator('iframe');
    expect(await ground(frame)).toBe(before);
    const visitor = address();
    await frame.getByRole('textbox', { name: /adresse e.mail/i }).fill(visitor);
    await frame.getByRole('button', { name: /recevoir le guide/i }).click();
    await expect(frame.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
    expect((await collector.mail(visitor)).to).toBe(visitor);
  });

  for (const attribute of ['lang', 'src'] as const) {
    test(`${attribute} changes while somebody types: the new form has the focus and the words: render="${render}"`, async ({ page, embed, collector }) => {
      await embed({ attributes: `render="${render}"` });
      await email(page).focus();
      await page.keyboard.type('ada@exam');
      await page.evaluate(([attribute, value]) => {
        const form = document.querySelector('candor-form')!;
        addEventListener('candor-ready', () => ((window as any).again = true), { once: true });
        form.setAttribute(attribute!, value!);
      }, attribute === 'lang' ? ['lang', 'en'] : ['src', `${collector.url}/v1/forms/newsletter`]);
      await page.waitForFunction(() => (window as any).again);
      const box = page.getByRole('textbox').first();
      await expect(box).toBeFocused();
      await page.keyboard.type('ple.org');
      await expect(box).toHaveValue('ada@example.org');
    });
  }

  test(`src changes and the visitor goes elsewhere meanwhile: the focus stays there: render="${render}"`, async ({ page, embed, collector }) => {
    await embed({ attributes: `render="${render}"` });
    await email(page).focus();
    await page.evaluate((src) => {
      const button = document.body.appendChild(document.createElement('button'));
      addEventListener('candor-ready', () => ((window as any).again = true), { once: true });
      document.querySelector('candor-form')!.setAttribute('src', src);
      button.focus();
    }, `${collector.url}/v1/forms/newsletter`);
    await page.waitForFunction(() => (window as any).again);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
  });
}

const ground = (place: Page | FrameLocator) => place.getByRole('button', { name: /recevoir le guide/i })
  .evaluate((button) => getComputedStyle(button).backgroundColor);

/** How many style sheets of ours the document and the other root have. */
const adopted = (page: Page) => page.evaluate(() => [document, document.querySelector('x-card')!.shadowRoot!].map((tree) => tree.adoptedStyleSheets.length));
