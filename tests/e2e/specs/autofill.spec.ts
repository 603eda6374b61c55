// What browsers and password managers are told of each kind of field, in both trees and in the printed form.
import { page as hostPage } from '../fixtures/host';
import { expect, test } from '../fixtures/test';

const text = { type: 'text', autocomplete: 'off', inputmode: 'text', enterkeyhint: 'next', autocapitalize: null, spellcheck: null };
const code = { autocapitalize: 'none', spellcheck: 'false' };
const EXPECTED: Record<string, Record<string, string | null>> = {
  full_name: { ...text, autocomplete: 'name' },
  family: { ...text, autocomplete: 'family-name' },
  mail: { ...text, ...code, type: 'email', autocomplete: 'email', inputmode: 'email' },
  company: { ...text, autocomplete: 'organization' },
  job: { ...text, autocomplete: 'organization-title' },
  land: { type: 'select-one', autocomplete: 'country', inputmode: null, enterkeyhint: null, autocapitalize: null, spellcheck: null },
  zip: { ...text, ...code, autocomplete: 'postal-code' },
  site: { ...text, ...code, type: 'url', autocomplete: 'url', inputmode: 'url' },
  note: { ...text, type: 'textarea', inputmode: null, enterkeyhint: null },
  short: text,
};

for (const mode of ['shadow', 'light', 'printed'] as const) {
  test(`tokens, keyboards and Enter keys of every kind of field: ${mode}`, async ({ page, site, collector }) => {
    if (mode === 'printed') await page.route('**/candor.js', (route) => route.abort());
    await page.goto(mode === 'printed'
      ? `${collector.url}/f/all-fields?lang=en`
      : site.put(`/autofill-${mode}`, { html: hostPage(collector.url, `<candor-form render="${mode}" lang="en" loading="eager" src="${collector.url}/v1/forms/all-fields"></candor-form>`, 'en') }));
    await expect(page.locator('[name="full_name"]')).toBeVisible();
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const told = await page.locator(`[name="${name}"]`).evaluate((control: HTMLInputElement, names) =>
        Object.fromEntries(names.map((name) => [name, name === 'type' ? control.type : control.getAttribute(name)])), Object.keys(expected));
      expect(told, name).toEqual(expected);
    }
    const form = page.locator('form.candor');
    await expect(form, 'no browser restores a tick').toHaveAttribute('autocomplete', 'off');
    await expect(form.locator('input[type=checkbox][autocomplete], input[type=radio][autocomplete]')).toHaveCount(0);
    await expect(form.getByRole('radiogroup', { name: 'Topic' })).toHaveCount(1);
  });
}
