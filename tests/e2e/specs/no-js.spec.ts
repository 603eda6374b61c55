// Without JavaScript: the same form as a plain POST, recorded as such and signed by the controller alone.
import AxeBuilder from '@axe-core/playwright';
import { address, calls, email, expect, newsletter, send, test } from '../fixtures/test';
import { link } from '../fixtures/collector';

test.use({ javaScriptEnabled: false });

test('the hosted page works: errors keep what was typed, then the guide is mailed', async ({ page, collector }) => {
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  await expect(newsletter(page)).not.toBeChecked();
  const phone = page.getByRole('textbox', { name: /téléphone/i });
  await expect(phone).toBeHidden();
  await calls(page).check();
  await expect(phone).toBeVisible();
  await calls(page).uncheck();
  await expect(phone).toBeHidden();

  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).check();
  await send(page).click();
  await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  await expect(page.getByRole('link', { name: /gérer mes choix/i })).toBeVisible();

  const mail = await collector.mail(visitor);
  expect((await fetch(link(mail, 'd')!)).status).toBe(200);
  expect(link(mail, 'c')).toBeTruthy();
});

test('the confirmation page: a GET confirms nothing, the button does', async ({ page, collector }) => {
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).check();
  await send(page).click();
  const confirm = link(await collector.mail(visitor), 'c')!;
  for (let visit = 0; visit < 2; visit += 1) {
    await page.goto(confirm);
    await expect(page.getByRole('button', { name: /^confirmer/i })).toHaveCount(1);
  }
  await page.getByRole('button', { name: /^confirmer/i }).click();
  await expect(page.getByRole('button', { name: /^confirmer/i })).toHaveCount(0);
  await page.goto(confirm);
  await expect(page.getByRole('button', { name: /^confirmer/i })).toHaveCount(0);
});

test('the manage page withdraws in one click', async ({ page, collector }) => {
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  const visitor = address();
  await email(page).fill(visitor);
  await newsletter(page).check();
  await send(page).click();
  await page.getByRole('link', { name: /gérer mes choix/i }).click();
  await page.getByRole('button', { name: /^retirer/i }).first().click();
  await expect(page.getByText(/retiré/i).first()).toBeVisible();
});

test('no script: axe finds nothing on any page of the way', async ({ browser, collector }) => {
  // axe is a script itself: it looks at the very bytes that a browser without JavaScript gets.
  const context = await browser.newContext({ javaScriptEnabled: true, bypassCSP: true, locale: 'fr-FR' });
  const page = await context.newPage();
  await page.route('**/candor.js', (route) => route.abort());
  await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await email(page).fill(address());
  await send(page).click();
  await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await context.close();
});
