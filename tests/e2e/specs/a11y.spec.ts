// axe finds nothing in any state, in both languages, light and dark, at 320 pixels; and the keyboard alone suffices.
import AxeBuilder from '@axe-core/playwright';
import { join } from 'node:path';
import { Collector, link, root } from '../fixtures/collector';
import { address, email, expect, newsletter, payload, receiptOf, send, test } from '../fixtures/test';

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

test('confirmation, manage, receipt, mailbox, dead link and hosted pages', async ({ page, embed, heard, collector }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  const visitor = address();
  await embed();
  await email(page).fill(visitor);
  await newsletter(page).click();
  await send(page).click();
  const { manage, receipt } = await receiptOf(heard);
  const mail = await collector.mail(visitor);
  const ours = ['/mailbox', `/mailbox/recorded/${payload(receipt).id}`, '/d/nowhere', '/m', '/f/ebook-rgpd', '/f/webinar-b2b?lang=en'];
  for (const url of [link(mail, 'c')!, manage, ...ours.map((path) => collector.url + path)]) {
    await page.goto(url);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'no sideways scrolling').toBeLessThanOrEqual(320);
    expect((await new AxeBuilder({ page }).analyze()).violations, url.replace(/[A-Za-z0-9_-]{20,}/, '…')).toEqual([]);
  }
});

test('the landing pages of the demo', async ({ page }) => {
  const demo = await Collector.start({ site: join(root, 'dist/site') });
  for (const path of ['/', '/en.html', '/webinar.html']) {
    await page.goto(demo.url + path);
    await page.waitForFunction(() => (document.querySelector('candor-form') as any)?.state === 'editing');
    expect((await new AxeBuilder({ page }).analyze()).violations, path).toEqual([]);
  }
  await demo.stop();
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
