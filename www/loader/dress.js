// @ts-check
/**
 * The style sheet: fetched once, and adopted by each tree that a form stands in for as long as one does. No global style,
 * no `<style>`: a strict policy refuses those.
 */
import { fetched, part } from './parts.js';

/** @type {Promise<string> | undefined} */
let loading;
let text = '';
/** A sheet belongs to the document that it was made in. @type {WeakMap<Document, CSSStyleSheet>} */
const sheets = new WeakMap();
/** Where each form has it. @type {Map<Element, any>} */
const trees = new Map();

/** Loads it, whole: a page that carries its form printed has only what shows at first. */
export function loadStyle() {
  if (!loading) {
    loading = fetched(part('candor.css')).then(async (response) => (text = await response.text()));
    loading.catch(() => (loading = undefined));
  }
  return loading;
}

/** @param {any} tree */
function sheetFor(tree) {
  const document = tree.ownerDocument ?? tree;
  let sheet = /** @type {any} */ (sheets.get(document));
  if (!sheet) {
    sheets.set(document, (sheet = new document.defaultView.CSSStyleSheet()));
    sheet.replaceSync(text);
  }
  return sheet;
}

/** Puts it where the form stands, and takes it from where that stood before.
 * @param {Element} form @param {any} tree a document or a shadow root */
export function dress(form, tree) {
  if (!text) return;
  if (trees.get(form) !== tree) undress(form);
  trees.set(form, tree);
  const sheet = sheetFor(tree);
  if (!tree.adoptedStyleSheets.includes(sheet)) tree.adoptedStyleSheets.push(sheet);
}

/** A tree is left as it was with the last form that stood in it. @param {Element} form */
export function undress(form) {
  const tree = trees.get(form);
  trees.delete(form);
  if (!tree || [...trees.values()].includes(tree)) return;
  const sheet = sheetFor(tree);
  tree.adoptedStyleSheets = tree.adoptedStyleSheets.filter((/** @type {CSSStyleSheet} */ other) => other !== sheet);
}
