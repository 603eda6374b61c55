// @ts-check
/** Definitions to start from: those that this collector serves. */

/** In this order, and with names of their own. */
const KNOWN = new Set(['ebook-rgpd', 'webinar-b2b', 'newsletter', 'callback', 'all-fields']);

/** @param {string} path */
async function json(path) {
  const response = await fetch(path, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** Ids of the forms that are served here; none where the page stands alone. */
export async function presets() {
  const served = await json('/.well-known/candor.json').then((it) => Object.keys(it.forms ?? {}), () => []);
  const ids = [...KNOWN].filter((id) => served.includes(id));
  ids.push(...served.filter((id) => !KNOWN.has(id)).sort());
  return { ids, known: KNOWN };
}

/** The order in which people write a definition, and the specification explains it. */
const ORDER = [
  '$schema', 'format', 'id', 'languages', 'jurisdiction', 'audience', 'title', 'intro', 'service', 'fields', 'purposes', 'parties',
  'policy', 'submit', 'gate', 'confirmation', 'renewal', 'proof', 'withdrawal', 'automatedDecisions', 'theme',
];
const INSIDE = ['id', 'type', 'role', 'basis', 'kind', 'name', 'label', 'statement', 'details'];

/** A definition as text, with the schema of this collector. @param {string} id */
export async function load(id) {
  const definition = await json(`/v1/forms/${id}/definition`);
  definition.$schema = new URL('/schema/candor-form-1.json', location.href).href;
  return `${print(ordered(definition, ORDER), '')}\n`;
}

/** @param {any} value @param {string[]} order @returns {any} */
function ordered(value, order) {
  if (Array.isArray(value)) return value.map((entry) => ordered(entry, INSIDE));
  if (value === null || typeof value !== 'object') return value;
  const rank = (/** @type {string} */ name) => (order.indexOf(name) + 1 || order.length + 1);
  const names = Object.keys(value).sort((a, b) => rank(a) - rank(b));
  return Object.fromEntries(names.map((name) => [name, ordered(value[name], INSIDE)]));
}

/** JSON with short lists and objects on one line, as people write it. @param {any} value @param {string} indent @returns {string} */
function print(value, indent) {
  const flat = JSON.stringify(value);
  if (value === null || typeof value !== 'object' || flat === '[]' || flat === '{}') return flat;
  const entries = Object.values(value);
  const isFlat = entries.every((entry) => entry === null || typeof entry !== 'object');
  const line = flatly(value);
  if (isFlat && indent && line.length + indent.length < 72) return line;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((entry) => inner + print(entry, inner))
    : Object.entries(value).map(([name, entry]) => `${inner}${JSON.stringify(name)}: ${print(entry, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** One line, with spaces where people put them. @param {any} value */
function flatly(value) {
  if (Array.isArray(value)) return `[${value.map((entry) => JSON.stringify(entry)).join(', ')}]`;
  const members = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`);
  return `{ ${members.join(', ')} }`;
}
