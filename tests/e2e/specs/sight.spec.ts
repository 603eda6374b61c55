// However somebody looks at it: 320 px, 400 %, large text, wide spacing, forced colours, no motion, right to left.
import type { Page } from '@playwright/test';
import { page as hostPage } from '../fixtures/host';
import { walk } from '../fixtures/states';
import { email, expect, newsletter, send, test } from '../fixtures/test';

/** Elements that stick out of the window, with how far. */
const outside = (page: Page) => page.evaluate(() => {
  const form = document.querySelector('candor-form')!;
  const wide = [...(form.shadowRoot ?? form).querySelectorAll('*')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5);
  });
  const page = document.documentElement.scrollWidth > innerWidth ? ['the page itself'] : [];
  return [...page, ...wide.map((element) => `${element.localName}.${element.className}`)];
});

/** Texts that their own box cuts off. */
const clipped = (page: Page) => page.evaluate(() => {
  const form = document.querySelector('candor-form')!;
  return [...(form.shadowRoot ?? form).querySelectorAll('p,label,legend,button,a,li,h2,span')]
    .filter((element) => getComputedStyle(element).overflow !== 'visible' && element.scrollHeight > element.clientHeight + 1)
    .map((element) => element.textContent);
});

const VIEWS = {
  'a small phone': { viewport: { width: 320, height: 640 } },
  '1280 px at 400 %': { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
};

for (const [name, view] of Object.entries(VIEWS)) {
  test.describe(name, () => {
    test.use(view);
    test('nothing sticks out in any state, and every target has 24 px', async ({ page, embed }, testInfo) => {
      test.setTimeout(120_000);
      await walk(page, () => embed({ wait: false }), async (state) => {
        if (state === 'loading') return;
        expect.soft(await outside(page), state).toEqual([]);
        const small = await page.evaluate(() => [...document.querySelector('candor-form')!.shadowRoot!
          .querySelectorAll<HTMLElement>('a,button,input:not([type=hidden]),select,textarea')]
          // A link within a sentence is as high as its line (WCAG 2.5.8, "inline").
          .filter((target) => target.closest('.candor-notice,.candor-closing') === null)
          .map((target) => [target.getAttribute('name') ?? target.textContent, target.getBoundingClientRect()] as const)
          .filter(([, box]) => Math.min(box.width, box.height) < 24)
          .map(([words, box]) => `${words}: ${box.width} × ${box.height}`));
        expect.soft(small, state).toEqual([]);
        if (['editing', 'errors', 'pending'].includes(state)) await page.screenshot({ path: testInfo.outputPath(`${state}.png`), fullPage: true });
      });
    });
  });
}

test('every kind of field, and an objection, at 320 px', async ({ page, site, collector }, testInfo) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const form of ['all-fields', 'webinar-b2b', 'newsletter']) {
    await page.goto(site.put(`/narrow-${form}`, { html: hostPage(collector.url, `<candor-form loading="eager" lang="fr" src="${collector.url}/v1/forms/${form}"></candor-form>`) }));
    await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
    await page.evaluate(() => (document.querySelector('candor-form') as any).validate());
    await expect(page.getByRole('alert')).toBeVisible();
    expect(await outside(page), form).toEqual([]);
    const long = await page.evaluate(() => [...document.querySelector('candor-form')!.shadowRoot!.querySelectorAll('.candor-label span, .candor-option label, .candor-words label')]
      .map((words) => (words.textContent = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz')).length);
    expect([form, long > 0, await outside(page)]).toEqual([form, true, []]);
    await page.screenshot({ path: testInfo.outputPath(`${form}.png`), fullPage: true });
  }
});

test('text twice as large, and the spacing of WCAG 1.4.12: nothing is cut off, nothing sticks out', async ({ page, embed }, testInfo) => {
  await page.setViewportSize({ width: 480, height: 900 });
  await embed();
  await send(page).click();
  await page.evaluate(() => {
    const spacing = new CSSStyleSheet();
    spacing.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
    document.querySelector('candor-form')!.shadowRoot!.adoptedStyleSheets.push(spacing);
  });
  const gap = () => email(page).evaluate((field) => getComputedStyle(field).letterSpacing);
  expect(await gap(), 'the control: the spacing is there').toBe('1.92px');
  expect(await outside(page)).toEqual([]);
  expect(await clipped(page)).toEqual([]);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  expect(await email(page).evaluate((field) => getComputedStyle(field).fontSize)).toBe('32px');
  expect(await outside(page)).toEqual([]);
  expect(await clipped(page)).toEqual([]);
  await page.screenshot({ path: testInfo.outputPath('spaced.png'), fullPage: true });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`forced colours, ${colorScheme}: fields, boxes, ticks, focus and errors are seen`, async ({ page, embed }, testInfo) => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    await embed();
    await newsletter(page).click();
    await send(page).click();
    await expect(page.getByRole('alert')).toBeVisible();
    const style = (name: string, ...names: string[]) => page.locator(name).first().evaluate((element, names) => {
      const style = getComputedStyle(element);
      return names.map((name) => style.getPropertyValue(name));
    }, names);
    expect(await style('.candor-box', 'appearance'), 'the system draws the box and its tick').toEqual(['auto']);
    expect(await style('.candor-input', 'border-top-width', 'border-top-style'), 'a field with an error is marked by width').toEqual(['2px', 'solid']);
    expect(await style('[name="given_name"]', 'border-top-width', 'border-top-style')).toEqual(['1px', 'solid']);
    for (const framed of ['.candor-summary', '.candor-submit']) {
      const [width, line, colour, ground] = await style(framed, 'border-top-width', 'border-top-style', 'border-top-color', 'background-color');
      expect([parseFloat(width!) >= 1, line], framed).toEqual([true, 'solid']);
      expect(colour, framed).not.toBe(ground);
    }
    await email(page).focus();
    const [width, line, colour] = await style('.candor-input', 'outline-width', 'outline-style', 'outline-color');
    expect([width, line]).toEqual(['3px', 'solid']);
    expect(colour).not.toBe(colorScheme === 'dark' ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)');
    await page.screenshot({ path: testInfo.outputPath('forced.png'), fullPage: true });
  });
}

test('no motion where none is wanted', async ({ page, embed }) => {
  const moving = () => page.evaluate(() => [...document.querySelector('candor-form')!.shadowRoot!.querySelectorAll('*')]
    .map((element) => getComputedStyle(element))
    .filter((style) => parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none' || style.scrollBehavior !== 'auto').length);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await embed();
  expect(await moving(), 'the control: there is some motion').toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toBe(0);
});

test('a page from right to left: nothing sticks out, boxes stand before their words', async ({ page, embed, site, collector }, testInfo) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await embed();
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  await send(page).click();
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await outside(page)).toEqual([]);
  const [box, words, direction] = await newsletter(page).evaluate((box: HTMLInputElement) =>
    [box.getBoundingClientRect().x, box.labels![0]!.getBoundingClientRect().x, getComputedStyle(box.form!).direction] as const);
  expect(box < words, direction).toBe(direction === 'ltr');
  await page.screenshot({ path: testInfo.outputPath('rtl.png'), fullPage: true });
});

test('what a page passes down does not bend the form: nowrap, capitals, indents, letters in white', async ({ page, embed }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await embed();
  const look = () => email(page).evaluate((field) => {
    const { whiteSpace, textTransform, textIndent, visibility, color, fontStyle } = getComputedStyle(field.closest('form')!);
    return { whiteSpace, textTransform, textIndent, visibility, color, fontStyle };
  });
  const before = await look();
  await page.evaluate(() => {
    const theme = new CSSStyleSheet();
    theme.replaceSync('main { white-space: nowrap; text-transform: uppercase; text-indent: 3em; color: #fff; font-style: italic; line-height: 0.8; text-align: center }');
    document.adoptedStyleSheets.push(theme);
  });
  expect(await look()).toEqual(before);
  expect(await outside(page)).toEqual([]);
});
