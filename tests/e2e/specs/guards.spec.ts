// Global Privacy Control and the declaration of age, in a real browser: what is offered, what is said, what leaves.
import { address, email, expect, newsletter, partners, payload, receiptOf, send, statuses, test } from '../fixtures/test';

const signal = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => VALUE })";

test.describe('Global Privacy Control', () => {
  test('is honoured in the page: sharing is not offered, the rest is, and the record says both', async ({ page, embed, heard }) => {
    await page.addInitScript(signal.replace('VALUE', 'true'));
    await embed();
    await expect(partners(page)).toHaveCount(0);
    await expect(page.getByText('Global Privacy Control')).toBeVisible();
    await email(page).fill(address());
    await newsletter(page).check();
    await send(page).click();
    const { receipt, held } = await receiptOf(heard);
    expect(payload(receipt).signals).toEqual({ gpc: true });
    expect(statuses(receipt)).toEqual({ ebook: 'informed', newsletter: 'given', call: 'not-given', partners: 'not-shown' });
    expect(payload(receipt).shown.some(({ ref }: any) => ref.startsWith('purpose.partners'))).toBe(false);
    expect(held).toEqual([]);
  });

  for (const value of ['false', 'undefined', '"1"']) {
    test(`is nothing but true: ${value}`, async ({ page, embed }) => {
      await page.addInitScript(signal.replace('VALUE', value));
      await embed();
      await expect(partners(page)).toHaveCount(1);
      await expect(page.getByText('Global Privacy Control')).toHaveCount(0);
    });
  }

  test.describe('by header', () => {
    test.use({ javaScriptEnabled: false, extraHTTPHeaders: { 'Sec-GPC': '1' } });
    test('is honoured without script', async ({ page, collector }) => {
      await page.goto(`${collector.url}/f/ebook-rgpd?lang=fr`);
      await expect(partners(page)).toHaveCount(0);
      await expect(page.getByText('Global Privacy Control')).toBeVisible();
      await expect(newsletter(page)).toHaveCount(1);
      await email(page).fill(address());
      await send(page).click();
      await expect(page.getByRole('heading', { name: /c’est envoyé/i })).toBeVisible();
    });
  });
});

test.describe('the declaration of age', () => {
  const answer = (page: any, name: RegExp) => page.getByRole('radio', { name });

  test('a child is told, and nothing leaves the page', async ({ page, embed, collector }) => {
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await embed({ attributes: `src="${collector.url}/v1/forms/club"` });
    await page.getByRole('textbox', { name: /e-mail/i }).fill('kid@example.org');
    await page.getByRole('button', { name: 'M’inscrire' }).click();
    await expect(page.getByRole('radiogroup', { name: /vous avez/i })).toHaveAttribute('aria-invalid', 'true');
    await answer(page, /moins de 15 ans/i).check();
    await page.getByRole('button', { name: 'M’inscrire' }).click();
    await expect(page.getByText('titulaire de l’autorité parentale').first()).toBeVisible();
    expect(posts).toEqual([]);
  });

  test('who is old enough goes on', async ({ page, embed, collector, heard }) => {
    await embed({ attributes: `src="${collector.url}/v1/forms/club"` });
    await answer(page, /15 ans ou plus/i).check();
    await page.getByRole('textbox', { name: /e-mail/i }).fill(address());
    await page.getByRole('button', { name: 'M’inscrire' }).click();
    expect(payload((await receiptOf(heard)).receipt).form.id).toBe('club');
  });

  test.describe('without script', () => {
    test.use({ javaScriptEnabled: false });
    test('the page comes back with the words, and keeps nothing', async ({ page, collector }) => {
      await page.goto(`${collector.url}/f/club?lang=en`);
      await answer(page, /under 15/i).check();
      await page.getByRole('textbox', { name: /e-mail/i }).fill('kid@example.org');
      await page.getByRole('button', { name: 'Join' }).click();
      await expect(page.getByText('a holder of parental responsibility').first()).toBeVisible();
    });
  });
});
