// The second layer of the notice: one key press from the form, a page without script, printable, and the same for ever.
import AxeBuilder from '@axe-core/playwright';
import { createHash } from 'node:crypto';
import { expect, test } from '../fixtures/test';

const ITEMS = ['who', 'dpo', 'purposes', 'interests', 'recipients', 'transfers', 'retention', 'rights', 'withdrawal', 'complaint', 'required', 'automated'];

test('the form leads to it by the keyboard, and what was typed stays', async ({ page, embed, context }) => {
  await embed();
  await page.getByRole('textbox', { name: /adresse e‑mail/i }).fill('ada@example.org');
  const more = page.getByRole('link', { name: 'Informations complètes' });
  await more.focus();
  const [notice] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')]);
  await expect(notice.getByRole('heading', { level: 1 })).toHaveText('Informations sur vos données personnelles');
  expect(new URL(notice.url()).pathname).toMatch(/^\/f\/ebook-rgpd\/notice\/sha256-/);
  await expect(page.getByRole('textbox', { name: /adresse e‑mail/i })).toHaveValue('ada@example.org');
  expect(await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/notice')).length)).toBe(0);
});

for (const [language, scheme] of [['fr', 'light'], ['en', 'dark']] as const) {
  test.describe(`without script, ${language}, ${scheme}`, () => {
    test.use({ javaScriptEnabled: false, colorScheme: scheme, locale: language });
    test('all twelve items, no barrier, no sideways scrolling', async ({ page, collector }) => {
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(`${collector.url}/f/ebook-rgpd/notice`);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      for (const item of [...ITEMS, 'objection', 'own', 'version']) await expect(page.locator(`section#${item}`)).toHaveCount(1);
      for (const width of [320, 1100]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
        expect(overflow, `${width} px`).toBeLessThanOrEqual(0);
      }
      expect(requests.filter((url) => !url.startsWith('data:'))).toHaveLength(1);
    });
  });
}

test('axe finds nothing, on screen, narrow, dark and on paper', async ({ page, collector }) => {
  for (const [width, colorScheme, media] of [[1100, 'light', 'screen'], [320, 'dark', 'screen'], [800, 'light', 'print']] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, media });
    await page.goto(`${collector.url}/f/webinar-b2b/notice?lang=en`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), `${width} ${colorScheme} ${media}`).toEqual([]);
  }
});

test('languages are links, and each rendering has the address of its bytes', async ({ page, collector, request }) => {
  await page.goto(`${collector.url}/f/ebook-rgpd/notice?lang=fr`);
  await page.getByRole('navigation').getByRole('link', { name: 'en' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Information on your personal data');
  const answer = await request.get(page.url());
  const [, address] = /<([^>]+)>; rel="canonical"/.exec(answer.headers()['link']!)!;
  const kept = await request.get(`${collector.url}${address}`);
  expect(`sha256-${createHash('sha256').update(await kept.body()).digest('base64url')}`).toBe(address!.split('/').at(-1));
  expect(kept.headers()['cache-control']).toContain('immutable');
});
