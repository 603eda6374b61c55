// @ts-check
/**
 * Hosted forms in iframes: each tells its height, and its frame takes it. A file of its own: the loader fetches it on
 * pages with such a frame only.
 *
 * Refuses messages that do not come from a frame of the loader's own origin, and sets an attribute, never a style.
 */

/** Higher than any form; a frame cannot push the rest of the page out of reach. */
const MAX_HEIGHT_PX = 20_000;

const { origin } = new URL(import.meta.url);
const frames = () => [...document.querySelectorAll('iframe')].filter((frame) => frame.src.startsWith(`${origin}/`));

addEventListener('message', (event) => {
  const height = event.data?.candorHeight;
  if (event.origin !== origin || !Number.isInteger(height) || height < 1 || height > MAX_HEIGHT_PX) return;
  for (const frame of frames()) {
    if (frame.contentWindow === event.source) frame.height = height;
  }
});
// Those that were there first spoke to nobody. The question tells nothing, so any page may stand in the frame.
for (const frame of frames()) frame.contentWindow?.postMessage({ candorHeight: 0 }, '*');
