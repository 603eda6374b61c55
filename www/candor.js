// @ts-check
/**
 * The loader and the element `<candor-form>` (see the package's README).
 *
 * JavaScript, because Rust cannot subclass HTMLElement. It holds only what must survive a failed wasm: which form in
 * which language, what the visitor did before the widget was there, and the plain form that stands in. It stores
 * nothing, and loads nothing but the form's own files.
 */

const VERSION = '__CANDOR_VERSION__';
/** Version and digest of the files beside this one: their addresses are immutable. */
const FOLDER = '__CANDOR_FOLDER__';
const TAG = 'candor-form';

/** @typedef {'loading'|'editing'|'sending'|'pending'|'done'|'failed'} State */

/** Sentences for when not even the words of the form could be loaded. @type {Record<string, string>} */
const UNAVAILABLE = {
  fr: 'Ce formulaire n’est pas disponible pour le moment.',
  en: 'This form is not available at the moment.',
};

/** @param {string} name */
const part = (name) => new URL(`./candor/${FOLDER}/${name}`, import.meta.url).href;

/** A failure with the code that `candor-error` carries. */
class Failure extends Error {
  /** @param {string} code @param {string} message @param {boolean} [retryable] */
  constructor(code, message, retryable = false) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

/** Forms on the page: a trap ends them all, for they share one instance. @type {Set<CandorForm>} */
const live = new Set();

/** @type {Promise<any> | undefined} */
let engine;
/** @type {Promise<CSSStyleSheet> | undefined} */
let style;
/** What `#candor:…` said, read once: the address is cleaned at once. @type {Record<string, string> | undefined} */
let fragment;

/** Loads the widget once for all forms. */
function loadEngine() {
  if (!globalThis.crypto?.subtle) throw new Failure('crypto', 'WebCrypto needs a secure page (https)');
  if (typeof WebAssembly !== 'object') throw new Failure('wasm', 'this browser has no WebAssembly');
  engine ??= (async () => {
    const glue = await import(part('candor_form.js'));
    glue.whenTrapped((/** @type {unknown} */ error) => {
      for (const form of live) form.trapped(error);
    });
    await glue.default({ module_or_path: part('candor_form_bg.wasm') });
    return glue;
  })();
  return engine;
}

function loadStyle() {
  style ??= fetch(part('candor.css'), { credentials: 'omit' })
    .then((response) => response.text())
    .then((text) => new CSSStyleSheet().replace(text));
  return style;
}

function takeFragment() {
  if (!fragment && location.hash.startsWith('#candor:')) {
    fragment = Object.fromEntries(new URLSearchParams(location.hash.slice(8)));
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return fragment ?? {};
}

/** What stands in a form that is about to be replaced. Ticks are told apart from values: they need their history.
 * @param {ParentNode | null | undefined} root */
function typed(root) {
  /** @type {Record<string, string>} */
  const values = {};
  /** @type {string[]} */
  const ticks = [];
  for (const control of root?.querySelectorAll('input,select,textarea') ?? []) {
    const { name, value, type, checked } = /** @type {HTMLInputElement} */ (control);
    if (type === 'checkbox') {
      if (checked) ticks.push(name);
    } else if (value && !name.startsWith('candor-') && (type !== 'radio' || checked)) {
      values[name] = value;
    }
  }
  return { values, ticks };
}

class CandorForm extends HTMLElement {
  static version = VERSION;
  static observedAttributes = ['src', 'lang', 'endpoint', 'render', 'heading-level'];

  /** Ends everything that this connection started. @type {AbortController | undefined} */
  #life;
  /** @type {any} */
  #mounted;
  /** @type {HTMLElement | undefined} */
  #container;
  /** @type {any} */
  #compiled;
  /** Where the plain form posts. */
  #action = '';
  #failed = false;
  #sent = false;
  /** A submit that came before the widget: whether it was the visitor's own. @type {boolean | undefined} */
  #held;
  /** Boxes that were clicked, with whether by the visitor alone. @type {Map<string, boolean>} */
  #clicked = new Map();
  /** @type {Record<string, string>} */
  #values = {};
  /** What stood in the element before, and comes back after. @type {Node[]} */
  #children = [];
  /** @type {unknown} */
  #definition;

  constructor() {
    super();
    if (Object.hasOwn(this, 'definition')) {
      const early = /** @type {any} */ (this).definition;
      delete (/** @type {any} */ (this).definition);
      this.#definition = early;
    }
  }

  /** The definition or the compiled form itself, as an object or as JSON text. */
  get definition() {
    return this.#definition;
  }

  set definition(value) {
    this.#definition = value;
    this.#restart();
  }

  /** @returns {State} */
  get state() {
    if (this.#failed) return 'failed';
    return this.#ask((mounted) => mounted.state) ?? 'loading';
  }

  reset() {
    this.#ask((mounted) => mounted.reset());
  }

  submit() {
    if (this.#mounted) this.#ask((mounted) => mounted.submit(false));
    else this.#held = false;
  }

  /** @returns {boolean} */
  validate() {
    return this.#ask((mounted) => mounted.validate()) ?? false;
  }

  connectedCallback() {
    if (!this.#life) this.#start();
  }

  disconnectedCallback() {
    // A node that is only moved comes back within the same task, and keeps what was typed.
    queueMicrotask(() => this.isConnected || this.#stop());
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (before !== after) this.#restart();
  }

  /** The wasm died: the plain form takes over with what was typed. @param {unknown} error */
  trapped(error) {
    this.#mounted = undefined;
    // A receipt on the screen stays on the screen.
    if (!this.#sent) this.#fail(new Failure('trap', String(error)));
  }

  #start() {
    const life = (this.#life = new AbortController());
    const { signal } = life;
    live.add(this);
    this.#failed = this.#sent = false;
    this.#held = undefined;
    this.#clicked.clear();
    if (this.getAttribute('prefill') === 'fragment') this.#values = { ...takeFragment(), ...this.#values };
    if (this.getAttribute('render') !== 'light' && !this.shadowRoot) {
      // What stands between the tags is seen until the form is there.
      this.attachShadow({ mode: 'open' }).append(document.createElement('slot'));
    }
    for (const root of new Set([this, this.#root])) {
      root.addEventListener('submit', (event) => this.#onSubmit(event), { capture: true, signal });
      root.addEventListener('click', (event) => this.#onClick(event), { capture: true, signal });
    }
    for (const name of ['candor-ready', 'candor-submit', 'candor-receipt']) {
      this.addEventListener(name, () => this.#tellDataLayer(name), { signal });
    }
    this.addEventListener('candor-receipt', () => (this.#sent = true), { signal });
    if (this.getAttribute('loading') === 'eager') {
      this.#load(signal);
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        this.#load(signal);
      },
      { rootMargin: '600px' },
    );
    observer.observe(this);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  #stop() {
    if (!this.#life) return;
    this.#life.abort();
    this.#life = undefined;
    live.delete(this);
    this.#ask((mounted) => mounted.destroy());
    this.#mounted = undefined;
    if (!this.#container) return;
    this.#container.remove();
    this.#container = undefined;
    if (this.#root !== this) this.#root.replaceChildren(document.createElement('slot'));
    this.append(...this.#children);
  }

  #restart() {
    if (!this.#life) return;
    Object.assign(this.#values, typed(this.#container).values);
    this.#stop();
    queueMicrotask(() => this.isConnected && this.connectedCallback());
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    const form = this.#loadForm(signal);
    try {
      const [compiled, glue, sheet] = await Promise.all([form, loadEngine(), loadStyle()]);
      if (this.#held === undefined) await this.#untilNobodyTypes(signal);
      if (!signal.aborted) this.#mount(compiled, glue, sheet);
    } catch (error) {
      if (signal.aborted) return;
      // The form itself may still be on its way, and the plain form needs it.
      await form.catch(() => {});
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** @param {any} compiled @param {any} glue @param {CSSStyleSheet} sheet */
  #mount(compiled, glue, sheet) {
    const { values, ticks } = typed(this.#printed());
    const container = this.#replace(sheet);
    this.#mounted = glue.mount(container, this, {
      compiled,
      endpoint: this.#endpoint(compiled),
      action: this.#action,
      headingLevel: this.#headingLevel,
      values: { ...this.#values, ...values },
      ticks: Object.fromEntries(ticks.map((name) => [name.slice(name.indexOf('.') + 1), this.#clicked.get(name) === true])),
    });
    this.#values = {};
    if (this.#held !== undefined) {
      const own = this.#held;
      queueMicrotask(() => this.#ask((mounted) => mounted.submit(own)));
    }
  }

  /** Puts an empty container where the form belongs. @param {CSSStyleSheet | undefined} sheet */
  #replace(sheet) {
    const root = this.#root;
    const container = document.createElement('div');
    if (!this.#container) {
      // One form is enough: what was printed leaves the page until this one does.
      const printed = this.querySelector('form.candor');
      this.#children = root === this ? [...this.childNodes] : printed ? [printed] : [];
      printed?.remove();
    }
    const tree = root === this ? /** @type {Document | ShadowRoot} */ (this.getRootNode()) : /** @type {ShadowRoot} */ (root);
    if (sheet && !tree.adoptedStyleSheets.includes(sheet)) tree.adoptedStyleSheets.push(sheet);
    root.replaceChildren(container);
    this.#container = container;
    return container;
  }

  /** @param {any} error */
  async #fail(error) {
    const code = error instanceof Failure ? error.code : error instanceof WebAssembly.CompileError ? 'wasm' : 'load';
    const { values } = typed(this.#container);
    this.#failed = true;
    const detail = { code, message: String(error?.message ?? error), retryable: error?.retryable ?? code === 'load' };
    this.dispatchEvent(new CustomEvent('candor-error', { bubbles: true, composed: true, detail }));
    const printed = !this.#container && this.#printed();
    if (printed) {
      // The printed form works by itself: what was held goes its own way.
      if (this.#held !== undefined) printed.requestSubmit();
      return;
    }
    const sheet = await loadStyle().catch(() => undefined);
    if (!this.#life) return;
    const container = this.#replace(sheet);
    try {
      if (!this.#compiled || !this.#action) throw error;
      const { plain } = await import(part('plain.js'));
      plain(container, this.#compiled, { action: this.#action, values: { ...this.#values, ...values }, headingLevel: this.#headingLevel });
    } catch {
      const sentence = document.createElement('p');
      sentence.className = 'candor candor-sentence';
      sentence.setAttribute('role', 'status');
      sentence.textContent = this.#compiled?.messages?.unavailable ?? UNAVAILABLE[this.#language.slice(0, 2)] ?? UNAVAILABLE.en;
      container.replaceChildren(sentence);
    }
  }

  /** @param {AbortSignal} signal */
  async #loadForm(signal) {
    const inline = this.#definition ?? this.querySelector(':scope > script[type="application/json"]')?.textContent;
    const compiled = inline ? await this.#compileInline(inline) : await this.#fetchForm(signal);
    if (compiled?.format !== 'candor-compiled/1') throw new Failure('form', 'this is no compiled form');
    const endpoint = this.#endpoint(compiled);
    this.#action = endpoint ? new URL(`/f/${compiled.record.form.id}?lang=${compiled.record.language}`, endpoint).href : '';
    return (this.#compiled = compiled);
  }

  /** @param {AbortSignal} signal */
  async #fetchForm(signal) {
    const src = this.getAttribute('src');
    if (!src) throw new Failure('form', 'the element has neither src nor a definition');
    const url = new URL(src, document.baseURI);
    if (this.#language) url.searchParams.set('lang', this.#language);
    const response = await fetch(url, { signal, credentials: 'omit', referrerPolicy: 'no-referrer' }).catch((error) => {
      throw new Failure('form', `the form could not be loaded: ${error.message}`, true);
    });
    if (!response.ok) throw new Failure('form', `the form could not be loaded: ${response.status}`, response.status >= 500);
    return response.json().catch(() => {
      throw new Failure('form', 'the form is no JSON');
    });
  }

  /** @param {unknown} source */
  async #compileInline(source) {
    const text = typeof source === 'string' ? source : JSON.stringify(source);
    const form = JSON.parse(text);
    if (form?.format === 'candor-compiled/1') return form;
    const { default: start, compile } = await import(part('candor_compiler.js'));
    await start({ module_or_path: part('candor_compiler_bg.wasm') });
    const endpoint = this.#endpoint(form);
    try {
      return JSON.parse(compile(text, this.#language, endpoint && new URL(endpoint).origin));
    } catch (error) {
      throw new Failure('definition', String(/** @type {any} */ (error)?.message ?? error));
    }
  }

  /** @param {any} form */
  #endpoint(form) {
    const own = this.getAttribute('endpoint');
    if (own === '') return undefined;
    if (own) return new URL(own, document.baseURI).href;
    const inline = this.#definition ?? this.querySelector(':scope > script[type="application/json"]');
    const base = new URL((!inline && this.getAttribute('src')) || '', document.baseURI);
    return form.submit?.endpoint && new URL(form.submit.endpoint, base).href;
  }

  /** Legal text never falls back silently: a language that the form lacks shows the whole form in its default one. */
  get #language() {
    const closest = /** @type {HTMLElement | null} */ (this.closest('[lang]:not([lang=""])'));
    return closest?.lang || navigator.languages?.[0] || '';
  }

  get #headingLevel() {
    const level = Number(this.getAttribute('heading-level'));
    // 1 is for a page that is nothing but the form, such as the collector's own.
    return level >= 1 && level <= 6 ? Math.trunc(level) : 2;
  }

  /** @returns {HTMLElement | ShadowRoot} */
  get #root() {
    return this.getAttribute('render') === 'light' ? this : (this.shadowRoot ?? this);
  }

  /** The form that the page carries in HTML. @returns {HTMLFormElement | null} */
  #printed() {
    return this.#root.querySelector('form') ?? this.querySelector('form');
  }

  /** A node dies with its selection, its undo history and its input method: nobody's field is replaced while they type.
   * @param {AbortSignal} signal */
  #untilNobodyTypes(signal) {
    const root = /** @type {Node} */ (this.#printed()?.getRootNode());
    const focused = () => {
      const active = /** @type {Document | ShadowRoot | undefined} */ (root)?.activeElement;
      return active && this.#printed()?.contains(active);
    };
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      if (!focused()) return resolve();
      const look = () => setTimeout(() => (this.#held !== undefined || !focused() || signal.aborted) && resolve());
      for (const name of ['focusout', 'submit']) root.addEventListener(name, look, { signal });
    });
  }

  /** @param {Event} event */
  #onSubmit(event) {
    // If the wasm should die in its own handler, the page must not be navigated with what was typed.
    if (this.#mounted) event.preventDefault();
    if (this.#mounted || this.#failed) return;
    event.preventDefault();
    this.#held ??= this.#clicked.get('submit') ?? false;
  }

  /** @param {Event} event */
  #onClick(event) {
    if (this.#mounted) return;
    const control = /** @type {HTMLInputElement} */ (event.composedPath()[0]);
    if (control.type === 'checkbox') {
      this.#clicked.set(control.name, event.isTrusted && this.#clicked.get(control.name) !== false);
    } else if (control.type === 'submit') {
      this.#clicked.set('submit', event.isTrusted);
    }
  }

  /** @param {string} event */
  #tellDataLayer(event) {
    if (!this.hasAttribute('datalayer')) return;
    const page = /** @type {any} */ (window);
    (page.dataLayer ??= []).push({ event, form_id: this.#compiled?.record.form.id });
  }

  /** A call that cannot harm the page. @template T @param {(mounted: any) => T} call @returns {T | undefined} */
  #ask(call) {
    try {
      return this.#mounted && call(this.#mounted);
    } catch {
      return undefined;
    }
  }
}

for (const name of ['src', 'endpoint', 'render', 'theme', 'loading', 'prefill']) {
  Object.defineProperty(CandorForm.prototype, name, {
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    configurable: true,
    enumerable: true,
  });
}

const defined = /** @type {any} */ (customElements.get(TAG));
if (!defined) customElements.define(TAG, CandorForm);
else if (!defined.warned) {
  defined.warned = true;
  console.warn(`${TAG} ${VERSION} stays out: version ${defined.version} is already on this page`);
}
