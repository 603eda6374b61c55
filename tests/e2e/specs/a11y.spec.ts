// axe finds nothing in any state, in both languages, light and dark, at 320 pixels; and the keyboard alone suffices.
import AxeBuilder from '@axe-core/playwright';
import { address, email, expect, newsletter, receiptOf, send, test } from '../fixtures/test';
import { link } from '../fixtures/collector';

test.use({ bypassCSP: true });

for (const scheme of ['light', 'dark'] as const) {
  for (const lang of ['fr', 'en']) {
    test(`start, error and success: ${scheme}, ${lang}`, async ({ page, embed, heard }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 320, height: 800 });
      await embed({ attributes: `lang="${lang}"`, lang });
      const axe = async () => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await axe();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), 'no sideways scrolling').toBeLessThanOrEqual(320);
      await send(page).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await axe();
      await email(page).fill(address());
      await newsletter(page).click();
      await send(page).click();
      await receiptOf(heard);
      await axe();
    });
  }
}

test('confirmation, manage, receipt, mailbox and landing pages', async ({ page, embed, heard, collector }) => {
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await send(page).click();
  const { manage } = await receiptOf(heard);
  const mail = await collector.mail(visitor);
  for (const url of [link(mail, 'c')!, manage, `${collector.url}/mailbox`, `${collector.url}/f/ebook-rgpd`, `${collector.url}/f/webinar-b2b?lang=en`]) {
    await page.goto(url);
    expect((await new AxeBuilder({ page }).analyze()).violations, url.replace(/[A-Za-z0-9_-]{20,}/, '…')).toEqual([]);
  }
});

test('the keyboard alone: fill, tick, submit', async ({ page, embed, heard }) => {
  await embed();
  await email(page).focus();
  await page.keyboard.type(address());
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(newsletter(page)).toBeChecked();
  await email(page).focus();
  await page.keyboard.press('Enter');
  await receiptOf(heard);
});
