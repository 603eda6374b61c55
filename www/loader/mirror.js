// @ts-check
/** Properties that say what the attributes say, for pages that set properties: React, Vue, scripts. */

const MIRRORED = ['src', 'endpoint', 'render', 'theme', 'loading', 'prefill', 'headingLevel', 'datalayer'];
const PROPERTIES = [...MIRRORED, 'definition'];

/** @param {typeof HTMLElement} Element */
export function mirror({ prototype }) {
  for (const name of MIRRORED) {
    const attribute = name.replace('L', '-l');
    const isFlag = name === 'datalayer';
    Object.defineProperty(prototype, name, {
      get() {
        return isFlag ? this.hasAttribute(attribute) : this.getAttribute(attribute);
      },
      set(value) {
        if (value == null || value === false) this.removeAttribute(attribute);
        else this.setAttribute(attribute, isFlag ? '' : value);
      },
    });
  }
}

/** What the page set before the class was there would hide the accessors. @param {any} element */
export function takeEarly(element) {
  for (const name of PROPERTIES) {
    if (!Object.hasOwn(element, name)) continue;
    const early = element[name];
    delete element[name];
    element[name] = early;
  }
}
