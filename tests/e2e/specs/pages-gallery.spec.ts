// The gallery keeps its word: external CSS alone, shown as it is, and at least AA in every look, light and dark.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../fixtures/collector';
import { expect, test } from '../fixtures/demo';

const LOOKS = ['ink', 'lagoon', 'poster', 'clay', 'terminal', 'plum'];

/** Runs in the page: every text and every outline of one form whose contrast is too low. */
function tooFaint(form: Element): string[] {
  type Colour = [number, number, number, number];
  const parse = (text: string): Colour => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g)!.map(Number);
    if (!/^rgba?\(/.test(text)) throw new Error(`a colour that this test cannot read: ${text}`);
    return [red!, green!, blue!, alpha];
  };
  const over = ([r, g, b, a]: Colour, [R, G, B]: Colour): Colour => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const up = (element: Element) => element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null;
  const ground = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(up(element)));
  };
  const light = (colour: Colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (one: Colour, other: Colour) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high! + 0.05) / (low! + 0.05);
  };
  const found: string[] = [];
  const judge = (what: string, colour: string, on: Element, least: number) => {
    const below = ground(on);
    const ratio = contrast(over(parse(colour), below), below);
    if (ratio < least) found.push(`${what}: ${ratio.toFixed(2)}`);
  };
  let texts = 0;
  for (const element of form.shadowRoot!.querySelectorAll<HTMLElement>('.candor, .candor *')) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim());
    if (own || element.matches('input:not([type=checkbox]), select')) {
      texts++;
      judge(`${element.className} "${element.textContent!.slice(0, 24)}"`, style.color, element, 4.5);
    }
    if (element.matches('input, select, textarea')) judge(`outline of ${(element as HTMLInputElement).name}`, style.borderTopColor, up(element)!, 3);
    if (element.matches('input:checked')) judge(`tick of ${(element as HTMLInputElement).name}`, getComputedStyle(element, '::before').borderBottomColor, element, 3);
    if (element.matches('input:focus')) judge(`focus on ${(element as HTMLInputElement).name}`, style.outlineColor, up(element)!, 3);
  }
  if (texts < 12) found.push(`only ${texts} texts were seen`);
  return found;
}

for (const path of ['/galerie.html', '/gallery.html']) {
  test(`${path}: each look is at least AA, at rest, with errors, ticked and focused`, async ({ page, open }) => {
    test.slow();
    await open(path);
    for (const look of LOOKS)
      for (const theme of ['light', 'dark']) {
        const form = page.locator(`candor-form.${look}[theme=${theme}]`);
        expect(await form.evaluate(tooFaint), `${look} ${theme}`).toEqual([]);
        await form.getByRole('button').last().click();
        await expect(form.getByRole('alert')).toBeVisible();
        await form.getByRole('checkbox').check();
        await form.getByRole('textbox').first().focus();
        await page.waitForFunction((element) => element!.getAnimations({ subtree: true }).length === 0 && element!.shadowRoot!.getAnimations().length === 0, await form.elementHandle());
        expect(await form.evaluate(tooFaint), `${look} ${theme}, with errors and a tick`).toEqual([]);
      }
  });

  test(`${path}: the CSS that is shown is the CSS that is used, by properties and parts alone`, async ({ page, demo, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(demo.url + path);
    for (const look of LOOKS) {
      const file = readFileSync(join(root, `dist/site/site/theme-${look}.css`), 'utf8');
      expect(await page.locator(`#${look}-css`).textContent()).toBe(file);
      for (const [, selector] of file.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/([^{}]+)\{/g))
        for (const one of selector!.split(',')) expect(one.trim()).toMatch(new RegExp(`^candor-form\\.${look}(::part\\(\\w+\\)(:not\\(:checked\\))?)?$`));
      const button = page.getByRole('button', { name: /Copy the CSS|Copier le CSS/ }).nth(LOOKS.indexOf(look));
      await button.click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(file);
    }
  });
}

test('the six looks differ: no two share card, accent and corners', async ({ page, open }) => {
  await open('/gallery.html');
  const seen = new Set<string>();
  for (const form of await page.locator('candor-form').all())
    seen.add(await form.evaluate((element) => {
      const of = (selector: string) => getComputedStyle(element.shadowRoot!.querySelector(selector)!);
      return [of('.candor').backgroundColor, of('.candor-submit').backgroundColor, of('.candor').borderTopLeftRadius].join(' ');
    }));
  expect(seen.size).toBe(LOOKS.length * 2);
});
