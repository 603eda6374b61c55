// A held consent is offered on the confirmation page in its published words, unticked.
import { address, email, expect, newsletter, partners, receiptOf, send, test } from '../fixtures/test';
import { link } from '../fixtures/collector';

test('held by a scripted tick: offered unticked, beside what is confirmed at once', async ({ page, embed, heard, collector }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await partners(page).evaluate((box: HTMLInputElement) => box.click());
  await send(page).click();
  expect((await receiptOf(heard)).held).toEqual(['partners']);

  await page.goto(link(await collector.mail(visitor), 'c')!);
  await expect(page.getByText('J’accepte qu’Acme Conseil m’envoie chaque mois')).toBeVisible();
  const held = page.getByRole('checkbox', { name: /transmette/i });
  await expect(held).not.toBeChecked();
  await held.check();
  await page.getByRole('button', { name: /^confirmer/i }).click();
  await expect(page.getByRole('button', { name: /^confirmer/i })).toHaveCount(0);
});
