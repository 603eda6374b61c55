// How the widget sends a submission. `cargo xtask dist` appends this file to the widget's glue, where the module calls it.
//
// What is said against robots stands beside the record and is no part of it: what somebody wrote where nobody can, and the
// work that a collector asks for. That is done by a file of its own, which most visitors never load.

/**
 * @param {HTMLElement} container where the form stands
 * @param {string} url
 * @param {any} request
 * @returns {Promise<Response>}
 */
async function candorPost(container, url, request) {
  // The first try is kept alive and arrives, whatever the page does with the form; a later one would be nobody's.
  if (!request.keepalive && !container.isConnected) throw new Error('the form has left the page');
  const trap = /** @type {HTMLInputElement | null} */ (container.querySelector('[name=candor-website]'))?.value;
  if (trap) request.body = `${request.body.slice(0, -1)},"honeypot":${JSON.stringify(trap)}}`;
  const response = await fetch(url, request);
  if (response.status !== 422) return response;
  const { answer } = await import('./work.js');
  return answer(response, url, request, () => container.isConnected);
}
