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
  await page.getByRole('combobox', { name: /^Country/ }).selectOption({ label: 'Germany' });
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  await expect(page.getByRole('textbox', { name: /^Website/ })).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('textbox', { name: /^Website/ }).fill('https://zoe.example');
  await page.getByRole('button', { name: 'Show the sheet' }).click();

  const { receipt, download, state } = await receiptOf(heard);
  expect(state).toBe('recorded');
  expect(statuses(receipt)).toEqual({ sheet: 'informed', similar: 'informed' });
  const { fields } = (await heard()).find((event) => event.name === 'submit')!.detail;
  expect(fields.all).toMatchObject({ full_name: 'Zoë Example', note: 'One\nTwo', size: 'large', topic: 'tech', site: 'https://zoe.example', land: 'DE' });
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
  await page.getByRole('combobox', { name: /^Country/ }).selectOption({ label: 'Côte d’Ivoire' });
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  await expect(page.getByRole('heading', { name: 'Your sheet is ready.' })).toBeVisible();
  await expect(page.locator('a[href*="/d/"]')).toBeVisible();
  await context.close();
});

const GOOD = { full_name: 'Zoë', size: 'small', topic: 'law' };
/** Values that somebody might type or paste, by field. */
const TYPED: Record<string, string[]> = {
  full_name: ['', 'Zoë', 'Ada\tLovelace', 'Ada\u0000', '\u0007', '\u00a0', 'שמש\u200f!', 'n'.repeat(301), '😀'.repeat(150), '😀'.repeat(151)],
  mail: ['ada@example.org', '\u200fada@example.org\u200b', 'ada@', 'a..b@example.org', 'ada@example.123', 'ada@example.c', 'ada@example。org',
    `${'a'.repeat(65)}@example.org`, `ada@${'e'.repeat(64)}.org`, 'élodie@exemple.fr', 'ada@bücher.example'],
  land: ['', 'FR', 'ZZ'],
  zip: ['75001', 'SW1A 1AA', '75001!', '1234567890123', '75001\u200e'],
  site: ['https://example.org', 'example.org', 'https://localhost', 'https://.org', 'https://[::1]/', 'javascript:alert(1)'],
  note: ['One\nTwo', 'x\n'.repeat(99) + 'xx', 'x\n'.repeat(100) + 'x', 'a\u000bb', 'y'.repeat(10_000)],
  short: ['007', '1,5', 'a\tb', '😀'.repeat(10), '😀'.repeat(11), '👩‍👩‍👧‍👦'],
};

test('the form and the collector judge what is typed alike, in the same words', async ({ page, embed, collector }) => {
  await embed({ attributes: `src="${collector.url}/v1/forms/all-fields" lang="en"`, lang: 'en', policy: null });
  const { record } = await (await fetch(`${collector.url}/v1/forms/all-fields?lang=en`)).json();
  const known = { 'candor-version': record.form.version, 'candor-texts': record.form.texts, 'candor-language': 'en' };
  let refused = 0;
  for (const [name, values] of Object.entries(TYPED)) for (const value of values) {
    const members: Record<string, string> = { ...GOOD, [name]: value };
    const told = await page.evaluate(async (members) => {
      const form = document.querySelector('candor-form') as any;
      form.reset();
      await new Promise((settle) => requestAnimationFrame(settle));
      for (const [name, value] of Object.entries(members)) {
        const controls = [...form.shadowRoot.querySelectorAll(`[name="${name}"]`)] as HTMLInputElement[];
        const control = controls.find((control) => control.type === 'radio' && control.value === value) ?? controls[0]!;
        if (control.type === 'radio') control.checked = true;
        // A list that lacks a value takes none; the page may add one.
        else if (control.localName === 'select') control.append(new Option(value, value, true, true));
        else control.value = value;
      }
      const told: string[] = [];
      form.addEventListener('candor-invalid', (event: CustomEvent) => told.push(...event.detail.errors.map((error: any) => error.message)), { once: true });
      form.validate();
      return told;
    }, members);
    // A browser sends every line with both of its ends.
    const body = new URLSearchParams({ ...known, ...members, [name]: value.replaceAll('\n', '\r\n') });
    const answer = await fetch(`${collector.url}/f/all-fields?lang=en`, { method: 'POST', body, headers: { Origin: collector.url }, redirect: 'manual' });
    const printed = [...(await answer.text()).matchAll(/<p class="candor-error"[^>]*>([^<]*)</g)].map((match) => match[1]!.replaceAll('\u00a0', ' '));
    expect.soft(printed, `${name}: ${JSON.stringify(value.slice(0, 30))} ${value.length}`).toEqual(told);
    expect.soft(answer.status, `${name}: ${JSON.stringify(value.slice(0, 30))} ${value.length}`).toBe(told.length ? 422 : 303);
    refused += told.length;
  }
  expect(refused, 'the control: some are refused').toBeGreaterThan(15);
});

test('what the collector alone refuses is marked at its field', async ({ page, embed, heard, collector }) => {
  await embed({ attributes: `src="${collector.url}/v1/forms/all-fields" lang="en"`, lang: 'en' });
  await page.getByRole('textbox', { name: /^Name/ }).fill('Zoë');
  await page.getByRole('combobox', { name: /^Team size/ }).selectOption('small');
  await page.getByRole('radio', { name: 'Law' }).check();
  // No letter and no sign that mail knows: the browser has no tables to tell.
  await page.getByRole('textbox', { name: /^E.mail/ }).fill('😀@example.org');
  await page.getByRole('button', { name: 'Show the sheet' }).click();
  await expect(page.getByRole('alert').getByRole('link', { name: /complete e.mail address/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^E.mail/ })).toHaveAttribute('aria-invalid', 'true');
  expect((await heard()).some((event) => event.name === 'error'), 'the collector said so').toBe(true);
});
