// The forms of the demo's pages do what their pages say: gate, webinar, letter, call back, and the dialog.
import { expect, test } from '../fixtures/demo';
import { address, receiptOf, statuses } from '../fixtures/test';
import type { Page } from '@playwright/test';

const heard = (page: Page) => () => page.evaluate(() => (window as any).heard);
const submission = async (page: Page) => (await heard(page)()).find((event: any) => event.name === 'submit').detail;
const box = (page: Page) => page.getByRole('textbox', { name: /e.mail/i });

for (const [path, button] of [['/', 'Recevoir le guide'], ['/en.html', 'Get the guide']] as const) {
  test(`${path}: the guide comes with no box ticked, and the demo shows where`, async ({ page, open, problems, demo }) => {
    await open(path);
    const visitor = address();
    await box(page).fill(visitor);
    await page.getByRole('button', { name: button }).click();
    const { receipt } = await receiptOf(heard(page));
    expect(Object.values(statuses(receipt)).filter((status) => status === 'given')).toEqual([]);
    expect((await demo.mail(visitor)).text).toMatch(/\/d\//);
    await page.locator('.aftermath [data-recorded]').click();
    await expect(page.getByRole('main')).toContainText(visitor);
    expect(await problems()).toEqual([]);
  });
}

test('an address in the fragment is taken, and gone from the address bar', async ({ page, open }) => {
  await open('/#candor:email=ada%40exemple.org');
  await expect(box(page)).toHaveValue('ada@exemple.org');
  expect(new URL(page.url()).hash).toBe('');
});

for (const [path, words, button] of [
  ['/webinaire.html', ['Nom', 'E‑mail professionnel', /Votre fonction/, 'Ne m’envoyez pas ces e‑mails.'], 'M’inscrire'],
  ['/webinar.html', ['Name', 'Work e‑mail', /Your role/, 'Do not send me these e‑mails.'], 'Register'],
] as const) {
  test(`${path}: with the objection the role is not even sent, as the page says`, async ({ page, open }) => {
    await open(path);
    await page.getByLabel(words[0], { exact: true }).fill('Ada Lovelace');
    await page.getByLabel(words[1]).fill(address());
    await page.getByLabel(words[2]).fill('CTO');
    await page.getByRole('checkbox', { name: words[3] }).check();
    await page.getByRole('button', { name: button }).click();
    const { receipt } = await receiptOf(heard(page));
    expect(statuses(receipt)['offers']).toBe('objected');
    expect(Object.keys((await submission(page)).fields.all).sort()).toEqual(['email', 'name']);
  });
}

for (const [path, button] of [['/lettre.html', 'M’inscrire à la lettre'], ['/letter.html', 'Subscribe to the letter']] as const) {
  test(`${path}: the foot of the article asks one thing, and sending is the act`, async ({ page, open, demo }) => {
    await open(path);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    const visitor = address();
    await box(page).fill(visitor);
    await page.getByRole('button', { name: button }).click();
    const { receipt, state } = await receiptOf(heard(page));
    expect(state).toBe('pending');
    expect(statuses(receipt)['letter']).toBe('given');
    expect((await demo.mail(visitor)).text).toMatch(/\/c\//);
  });
}

for (const [path, phone, button] of [['/rappel.html', 'Téléphone', 'Me faire rappeler'], ['/callback.html', 'Phone', 'Call me back']] as const) {
  test(`${path}: a number and no box are enough`, async ({ page, open }) => {
    await open(path);
    await page.getByLabel(phone, { exact: true }).fill('+33 1 99 00 56 78');
    await page.getByRole('button', { name: button }).click();
    const { receipt } = await receiptOf(heard(page));
    expect(statuses(receipt)).toMatchObject({ call: 'not-given' });
  });
}

for (const [path, open_, close] of [['/extrait.html', 'Recevoir le guide', 'Fermer'], ['/excerpt.html', 'Get the guide', 'Close']] as const) {
  test(`${path}: the dialog opens by its button alone, and the keyboard suffices`, async ({ page, open, problems }) => {
    const loaded: string[] = [];
    page.on('request', (request) => /\.wasm|\/v1\//.test(request.url()) && loaded.push(request.url()));
    await open(path);
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, 20_000);
    await page.mouse.move(600, 0);
    await expect(page.locator('footer')).toBeInViewport();
    await expect(page.getByRole('dialog')).toBeHidden();
    expect(loaded, 'nothing is loaded before it opens').toEqual([]);

    const opener = page.getByRole('main').getByRole('button', { name: open_ });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await expect(dialog.getByRole('heading').first()).toBeFocused();
    const visitor = address();
    await box(page).fill(visitor);

    // Round and round with Tab: the page behind is never reached.
    for (let presses = 0; presses < 24; presses++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest('dialog')))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
    await page.keyboard.press('Space');
    await expect(box(page)).toHaveValue(visitor);
    await dialog.getByRole('button', { name: close }).click();
    await expect(opener).toBeFocused();
    await page.keyboard.press('Enter');
    await page.mouse.click(4, 4);
    await expect(dialog).toBeHidden();

    await opener.click();
    await dialog.getByRole('button', { name: open_ }).click();
    await receiptOf(heard(page));
    await expect(dialog.locator('.aftermath')).toBeVisible();
    expect(await problems()).toEqual([]);
  });
}

for (const path of ['/extrait.html', '/excerpt.html']) {
  for (const size of [{ width: 1280, height: 900 }, { width: 320, height: 640 }]) {
    test(`${path}: in the dialog, nothing that has the focus lies under its head: ${size.width} px`, async ({ page, open }) => {
      await page.setViewportSize(size);
      await open(path);
      await page.locator('button[data-opens]').click();
      const dialog = page.getByRole('dialog');
      const form = dialog.locator('candor-form');
      await expect.poll(() => form.evaluate((element: any) => element.state)).toBe('editing');
      const clear = () => page.evaluate(() => {
        let focused = document.activeElement;
        while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
        const head = document.querySelector('.popup-head')!.getBoundingClientRect();
        return focused!.getBoundingClientRect().top - head.bottom;
      });
      await form.locator('button[type=submit]').click();
      await expect(form.locator('.candor-summary')).toBeFocused();
      expect(await clear(), 'the summary of errors').toBeGreaterThanOrEqual(0);
      // Up from the button, where the browser scrolls backwards.
      await form.locator('button[type=submit]').focus();
      const email = form.locator('input[type=email]');
      while (!(await email.evaluate((input) => input.matches(':focus')))) {
        await page.keyboard.press('Shift+Tab');
        expect(await clear()).toBeGreaterThanOrEqual(0);
      }
    });
  }

  test(`${path}: the dialog keeps the room of its form, at every width`, async ({ page, open }) => {
    for (const width of [320, 361, 432, 480, 535, 600, 800, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await open(path);
      await page.locator('button[data-opens]').click();
      const form = page.locator('dialog candor-form');
      await expect.poll(() => form.evaluate((element: any) => element.state)).toBe('editing');
      const [kept, needed] = await form.evaluate((element) => [parseFloat(getComputedStyle(element).minHeight), element.shadowRoot!.querySelector('form')!.getBoundingClientRect().height]);
      expect(needed, `${width}: nothing is pushed down`).toBeLessThanOrEqual(kept!);
      expect(kept! - needed!, `${width}: no hole below it`).toBeLessThan(200);
    }
  });

  test(`${path}: where no script runs, one link leads to the form, and no button that does nothing`, async ({ browser, demo }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(demo.url + path);
    const call = page.locator('aside.call');
    await expect(call.locator('button:visible')).toHaveCount(0);
    await expect(call.locator('a:visible')).toHaveCount(1);
    await call.locator('a').click();
    await expect(page.locator('form[method=post]')).toBeVisible();
    await context.close();
  });
}
