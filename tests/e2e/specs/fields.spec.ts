// Every kind of field, both kinds of choice without a consent box, the gate on the screen, and the one-purpose form.
import AxeBuilder from '@axe-core/playwright';
import { address, expect, payload, receiptOf, statuses, test } from '../fixtures/test';

test.use({ bypassCSP: true, locale: 'en-GB' });

test('every kind of field, sent as typed, and the file on the screen', async ({ page, embed, heard, collector }) => {
  await embed({ attributes: `src="${collector.url}/v1/forms/all-fields" lang="en" prefill="fragment"`, lang: 'en' });
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  await expect(page.getByRole('alert').getByRole('link')).toHaveCount(3);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole('textbox', { name: /^Name/ }).fill('  Zoë Example ');
  await page.getByRole('textbox', { name: /^Website/ }).fill('not an address');
  await page.getByRole('textbox', { name: /^Your question/ }).fill('One\nTwo');
  await page.getByRole('combobox', { name: /^Team size/ }).selectOption('large');
  await page.getByRole('radio', { name: 'Technology' }).check();
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  await expect(page.getByRole('textbox', { name: /^Website/ })).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('textbox', { name: /^Website/ }).fill('https://zoe.example');
  await page.getByRole('button', { name: 'Show the sheet' }).click();

  const { receipt, download, state } = await receiptOf(heard);
  expect(state).toBe('recorded');
  expect(statuses(receipt)).toEqual({ sheet: 'informed', similar: 'informed' });
  const { fields } = (await heard()).find((event) => event.name === 'submit')!.detail;
  expect(fields.all).toMatchObject({ full_name: 'Zoë Example', note: 'One\nTwo', size: 'large', topic: 'tech', site: 'https://zoe.example' });
  expect((await fetch(download.url)).status).toBe(200);
  await expect(page.locator(`a[href="${download.url}"]`)).toBeVisible();
});

test('an objection at the form is on record, and its field does not leave', async ({ page, embed, heard, collector }) => {
  await embed({ attributes: `src="${collector.url}/v1/forms/all-fields" lang="en"`, lang: 'en' });
  await page.getByRole('textbox', { name: /^Name/ }).fill('Zoë');
  await page.getByRole('textbox', { name: /^E.mail/ }).fill(address());
  await page.getByRole('combobox', { name: /^Team size/ }).selectOption('small');
  await page.getByRole('radio', { name: 'Law' }).check();
  await page.getByRole('checkbox', { name: 'Do not write to me about this.' }).click();
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  const { receipt } = await receiptOf(heard);
  expect(statuses(receipt)).toEqual({ sheet: 'informed', similar: 'objected' });
  const { fields } = (await heard()).find((event) => event.name === 'submit')!.detail;
  expect(fields.all.mail).toBeUndefined();
  expect(payload(receipt).shown.map((text: any) => text.ref)).toEqual(expect.arrayContaining(['purpose.similar', 'purpose.similar.interest', 'purpose.similar.objection']));
});

test('a newsletter form: no box, the statement right above the button, submitting is the act', async ({ page, embed, heard, collector }) => {
  await embed({ attributes: `src="${collector.url}/v1/forms/newsletter" lang="en"`, lang: 'en' });
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  const button = page.getByRole('button', { name: 'Subscribe to the letter' });
  const statement = (await page.getByText(/^By subscribing you agree/).boundingBox())!;
  const gap = (await button.boundingBox())!.y - (statement.y + statement.height);
  expect(gap, 'nothing stands between statement and button').toBeLessThan(40);
  await page.getByRole('textbox', { name: /e.mail address/i }).fill(address());
  await button.click();
  const { receipt, state } = await receiptOf(heard);
  expect(state).toBe('pending');
  const [letter] = payload(receipt).processes;
  expect(letter).toMatchObject({ status: 'given', indication: { control: 'submit', initial: false, trusted: true } });
});

test('without script, every kind of field is posted too', async ({ browser, collector }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${collector.url}/f/all-fields?lang=en`);
  await page.getByRole('textbox', { name: /^Name/ }).fill('Zoë');
  await page.getByRole('combobox', { name: /^Team size/ }).selectOption('small');
  await page.getByRole('radio', { name: 'Law' }).check();
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  await expect(page.getByRole('heading', { name: 'Your sheet is ready.' })).toBeVisible();
  await expect(page.locator('a[href*="/d/"]')).toBeVisible();
  await context.close();
});
