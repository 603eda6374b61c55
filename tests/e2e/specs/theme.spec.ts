// Theme tokens paint what they say: from the definition, from the page's style sheet, and live from a script under a strict policy.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from '../fixtures/collector';
import { email, expect, newsletter, test } from '../fixtures/test';

const definition = JSON.parse(readFileSync(join(root, 'tests/e2e/forms/ebook-rgpd.json'), 'utf8'));
const THEME = { density: '0.75', ground: 'rgb(1, 2, 3)', paper: 'rgb(250, 240, 230)', accent: 'rgb(90, 20, 60)' };

/** What is painted: the field, the box, the edge around the form, the button; and how high field and form are. */
const painted = (page: Page) => page.evaluate(() => {
  const element = document.querySelector('candor-form')!;
  const find = (selector: string) => (element.shadowRoot ?? element).querySelector(selector)!;
  const style = (selector: string) => getComputedStyle(find(selector));
  return {
    field: style('.candor-input').backgroundColor, box: style('.candor-box').backgroundColor, edge: style('.candor').boxShadow,
    button: style('.candor-submit').backgroundColor,
    height: find('.candor-input').getBoundingClientRect().height, form: find('.candor').getBoundingClientRect().height,
  };
});

for (const render of ['shadow', 'light']) {
  test(`density, ground and paper of a definition: render="${render}"`, async ({ page, embed }) => {
    const attributes = `lang="fr" endpoint="" render="${render}"`;
    const inner = (theme?: object) => `<script type="application/json">${JSON.stringify({ ...definition, theme }).replaceAll('<', '\\u003c')}</script>`;
    await embed({ inner: inner(), attributes });
    const plain = await painted(page);
    await embed({ inner: inner(THEME), attributes });
    const themed = await painted(page);
    expect(themed).toMatchObject({ field: THEME.paper, box: THEME.paper, button: THEME.accent });
    expect(themed.edge).toContain(THEME.ground);
    expect(plain.edge).not.toContain(THEME.ground);
    expect(plain.height, 'as before there was a density').toBe(48);
    expect(themed.height).toBeLessThan(44);
    expect(themed.form).toBeLessThan(plain.form - 40);
    const box = (await newsletter(page).boundingBox())!;
    expect(Math.min(box.width, box.height), 'a target for a finger, however dense').toBeGreaterThanOrEqual(24);
  });

  test(`a script changes the looks of a form that stands, under a strict policy: render="${render}"`, async ({ page, embed }) => {
    await embed({ attributes: `render="${render}"` });
    await email(page).fill('ada@example.org');
    await page.evaluate((theme) => {
      const { style } = document.querySelector('candor-form') as HTMLElement;
      for (const [token, value] of Object.entries(theme)) style.setProperty(`--candor-${token}`, value);
    }, THEME);
    await expect.poll(() => painted(page)).toMatchObject({ field: THEME.paper, button: THEME.accent });
    expect((await painted(page)).edge).toContain(THEME.ground);
    await page.evaluate(() => (document.querySelector('candor-form') as HTMLElement).removeAttribute('style'));
    expect(await painted(page)).not.toMatchObject({ button: THEME.accent });
    await expect(email(page), 'nothing was drawn anew').toHaveValue('ada@example.org');
    expect(await page.evaluate(() => (window as any).faults)).toEqual([]);
  });
}
