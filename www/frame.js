// @ts-check
/**
 * The hosted page in somebody's iframe: tells the page around how high it is, so that no second scroll bar stands there, and leads links out.
 * Loaded by the collector's own pages alone. Says a number and nothing else; `www/frames.js` listens.
 */

/** The page around, as far as a browser says who it is: after a post in the frame, the referrer is this site itself. */
function embedder() {
  const [nearest] = location.ancestorOrigins ?? [];
  const referrer = document.referrer && new URL(document.referrer).origin;
  const known = nearest ?? (referrer === location.origin ? undefined : referrer);
  return known && known !== 'null' ? known : '*';
}

if (parent !== window) {
  let around = embedder();
  const tell = () => {
    const candorHeight = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ candorHeight }, around);
  };
  // The loader may come to the page around after this page: it asks, and says by that who it is.
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || data?.candorHeight !== 0) return;
    if (origin !== 'null') around = origin;
    tell();
  });
  new ResizeObserver(tell).observe(document.documentElement);
  // The other pages of the collector refuse to be framed: a link leads out.
  addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (link && !link.download && !link.getAttribute('href')?.startsWith('#')) link.target ||= '_blank';
  }, true);
}
