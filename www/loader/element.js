// @ts-check
/**
 * The element `<candor-form>`: connects and disconnects, holds what comes too early, and lets the widget or what stands
 * in for it take the place. It decides nothing about the form itself.
 */
import { dress, loadStyle, undress } from './dress.js';
import { detailOf, failure, sentence } from './failure.js';
import { mirror, takeEarly } from './mirror.js';
import { loadEngine, part, VERSION } from './parts.js';
import { adoptTemplate, fetchStray, release, typed, whenIdle, whenParsed } from './printed.js';
import { endpointOf, inlineOf, languageOf, loadForm, takeFragment } from './source.js';
import { Witness } from './witness.js';

/** @typedef {'loading'|'editing'|'sending'|'pending'|'done'|'failed'} State */

/** How long a submit waits for the widget before the printed form goes by itself. */
const HOLD_MS = 10_000;

/** Forms on the page: a trap ends them all, for they share one instance. @type {Set<CandorForm>} */
const live = new Set();

/** The sentence in every language. @returns {Promise<any>} */
const words = () => import(part('words.js')).catch(() => {});

export class CandorForm extends HTMLElement {
  static version = VERSION;
  static observedAttributes = ['src', 'lang', 'endpoint', 'render', 'heading-level'];

  /** Ends everything that this connection started. @type {AbortController | undefined} */
  #life;
  /** Ends the waiting for somebody to come near, and for a moment when nobody types. @type {AbortController | undefined} */
  #patience;
  #begun = false;
  /** @type {any} */
  #mounted;
  /** @type {HTMLElement | undefined} */
  #container;
  /** The control that had the focus in a form that went. */
  #focused = '';
  /** @type {any} */
  #compiled;
  /** Where the plain form posts. */
  #action = '';
  #failed = false;
  #sent = false;
  /** A submit that came before the widget: whether it was the visitor's own. @type {boolean | undefined} */
  #held;
  #witness = new Witness();
  /** @type {Record<string, string>} */
  #values = {};
  /** What was prefilled already, so that it does not come back over what was typed since. @type {object | undefined} */
  #prefill;
  /** Puts back what stood in the place of the form. @type {(() => void) | undefined} */
  #restore;
  /** @type {HTMLElement | undefined} */
  #sentence;
  /** @type {unknown} */
  #definition;

  constructor() {
    super();
    takeEarly(this);
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
    return this.#failed ? 'failed' : (this.#mounted?.state ?? 'loading');
  }

  reset() {
    this.#ask('reset');
  }

  submit() {
    if (this.#mounted) this.#ask('submit', false);
    else this.#hold(false);
  }

  /** @returns {boolean} */
  validate() {
    return this.#ask('validate') ?? false;
  }

  connectedCallback() {
    whenParsed(this, () => (this.#life ? this.#dress() : this.isConnected && this.#start()));
  }

  disconnectedCallback() {
    // A node that is only moved comes back within the same task, and keeps what was typed.
    queueMicrotask(() => this.isConnected || this.#stop());
  }

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (before !== after) this.#restart();
  }

  #start() {
    const { signal } = (this.#life = new AbortController());
    live.add(this);
    this.#failed = this.#sent = this.#begun = false;
    this.#held = undefined;
    this.#witness = new Witness();
    if (this.getAttribute('prefill') === 'fragment' && this.#prefill !== takeFragment()) {
      Object.assign(this.#values, (this.#prefill = takeFragment()));
    }
    if (this.#isLight) fetchStray(this);
    else if (!this.shadowRoot) adoptTemplate(this);
    for (const root of new Set([this, this.#root])) {
      root.addEventListener('submit', (event) => this.#onSubmit(event), { capture: true, signal });
    }
    this.addEventListener('click', (event) => this.#mounted || this.#witness.see(event), { capture: true, signal });
    for (const name of ['candor-ready', 'candor-submit', 'candor-receipt']) {
      this.addEventListener(name, () => this.#tell(name), { signal });
    }
    // A form that is far away may be asked for when the network has gone, and they could not be had any more.
    whenIdle(signal).then(() => this.#begun || words());
    if (this.getAttribute('loading') === 'eager') this.#begin();
    else this.#beginWhenNear();
  }

  #stop() {
    if (!this.#life) return;
    this.#life.abort();
    this.#patience?.abort();
    this.#life = undefined;
    live.delete(this);
    // A page that takes the element out and puts it back later loses nothing that was typed.
    this.#keep();
    this.#ask('destroy');
    this.#mounted = undefined;
    this.#sentence?.remove();
    this.#restore?.();
    undress(this);
    this.#restore = this.#container = undefined;
  }

  /** What has to come along when the form goes. */
  #keep() {
    const container = this.#container;
    if (!container) return;
    Object.assign(this.#values, typed(container).values);
    const { activeElement } = /** @type {any} */ (container.getRootNode());
    this.#focused = container.contains(activeElement) ? `[name="${activeElement.name}"],[type="${activeElement.type}"]` : '';
  }

  /** Who was in a form that went goes on in the one that came, unless they have gone elsewhere. */
  #refocus() {
    const { activeElement, body } = this.ownerDocument;
    const focused = this.#focused;
    this.#focused = '';
    if (focused && activeElement === body) /** @type {any} */ (this.#container?.querySelector(focused))?.focus();
  }

  #restart() {
    if (!this.#life) return;
    this.#stop();
    queueMicrotask(() => this.connectedCallback());
  }

  /** A signal that ends with the connection, or before by `#patience`. */
  #waiting() {
    return (this.#patience = new AbortController()).signal;
  }

  #beginWhenNear() {
    const signal = this.#waiting();
    const observer = new IntersectionObserver(
      async (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        // A printed form works already: the rest of the page comes first.
        if (this.#printed()) await whenIdle(signal);
        if (!signal.aborted) this.#begin();
      },
      { rootMargin: '600px' },
    );
    observer.observe(this);
    signal.addEventListener('abort', () => observer.disconnect());
    for (const touch of ['pointerover', 'focusin', 'keydown']) {
      this.addEventListener(touch, () => this.#begin(), { signal });
    }
  }

  /** Loads the widget, unless that has begun. */
  #begin() {
    this.#patience?.abort();
    if (this.#begun || !this.#life) return;
    this.#begun = true;
    this.#load(this.#life.signal);
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    const inline = inlineOf(this, this.#definition);
    const form = loadForm(this, inline, signal).then((compiled) => {
      const endpoint = endpointOf(this, compiled, inline);
      this.#action = endpoint ? new URL(`/f/${compiled.record.form.id}?lang=${compiled.record.language}`, endpoint).href : '';
      return (this.#compiled = { compiled, endpoint });
    });
    const trapped = (/** @type {unknown} */ error) => {
      for (const form of live) form.#trapped(error);
    };
    try {
      const [, glue] = await Promise.all([form, loadEngine(trapped), loadStyle()]);
      const printed = this.#printed();
      if (printed && this.#held === undefined) await glue.untilUnused(printed, this.#waiting());
      if (!signal.aborted && !this.#failed) this.#mount(glue);
    } catch (error) {
      // The form itself may still be on its way, and the plain form needs it.
      await form.catch(() => {});
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** @param {any} glue */
  #mount(glue) {
    const { compiled, endpoint } = this.#compiled;
    const printed = this.#printed();
    const isSame = !printed || glue.saysTheSame(printed, compiled);
    // Whoever pressed the button agreed to the printed words, which the collector still knows.
    if (!isSame && this.#held !== undefined) throw failure('outdated', 'an older page');
    const { values, ticks } = typed(printed);
    const container = document.createElement('div');
    this.#mounted = glue.mount(container, this, {
      compiled,
      endpoint,
      action: this.#action,
      headingLevel: this.#headingLevel,
      values: { ...this.#values, ...values },
      ticks: Object.fromEntries((isSame ? ticks : []).map((name) => [name.split('.')[1], this.#witness.saw(name)])),
    });
    this.#replace(container);
    this.#values = {};
    const own = this.#held;
    if (own !== undefined) queueMicrotask(() => this.#ask('submit', own));
  }

  /** Puts the container where the form belongs. @param {HTMLElement} container */
  #replace(container) {
    const root = this.#root;
    if (!this.#container) {
      const before = [...root.childNodes];
      // A page that morphs its HTML, or writes into the element, takes the form away.
      const stands = () => this.#container?.parentNode === root;
      const observer = new MutationObserver(() => stands() || this.#restart());
      observer.observe(root, { childList: true });
      this.#restore = () => {
        observer.disconnect();
        if (stands()) root.replaceChildren(...before);
      };
      const printed = this.#printed();
      // What comes back some day comes back empty, and above all unticked.
      if (printed) {
        release(printed);
        HTMLFormElement.prototype.reset.call(printed);
      }
    }
    this.#container = container;
    this.#dress();
    root.replaceChildren(container);
  }

  #dress() {
    const root = this.#root;
    if (this.#container) dress(this, root === this ? this.getRootNode() : root);
  }

  /** The wasm died, or the browser would not sign: the plain form takes over with what was typed. @param {unknown} error */
  #trapped(error) {
    this.#mounted = undefined;
    // A receipt on the screen stays on the screen.
    if (!this.#sent) this.#fail(error);
  }

  /** @param {unknown} error */
  async #fail(error) {
    if (this.#failed || !this.#life) return;
    this.#failed = true;
    const { signal } = this.#life;
    const detail = detailOf(error);
    this.dispatchEvent(new CustomEvent('candor-error', { bubbles: true, composed: true, detail }));
    // Read now: what the page does meanwhile can take it away.
    this.#keep();
    if (detail.retryable) addEventListener('online', () => this.#restart(), { signal });
    const printed = !this.#container && this.#printed();
    if (printed) {
      // The printed form works by itself: what was held goes its own way.
      release(printed);
      if (this.#held !== undefined) printed.requestSubmit();
      return;
    }
    await loadStyle().catch(() => {});
    if (signal.aborted) return;
    const container = document.createElement('div');
    this.#replace(container);
    try {
      if (!this.#action) throw error;
      const { plain } = await import(part('plain.js'));
      const { compiled } = this.#compiled;
      plain(container, compiled, { action: this.#action, values: this.#values, headingLevel: this.#headingLevel });
      this.#refocus();
    } catch {
      container.replaceChildren(this.#regret(await words()));
      // A way that the page itself offers between the tags.
      if (this.#root !== this) container.append(document.createElement('slot'));
    }
  }

  /** @param {any} [known] the sentence in every language */
  #regret(known) {
    const language = languageOf(this);
    return sentence(language, this.#compiled?.compiled.messages.unavailable ?? known?.unavailable(language));
  }

  /** The form that the page carries in HTML. @returns {HTMLFormElement | null} */
  #printed() {
    return this.#root.querySelector('form') ?? this.querySelector('form');
  }

  /** @param {Event} event */
  #onSubmit(event) {
    if (this.#failed && navigator.onLine) return;
    // If the wasm should die in its own handler, the page must not be navigated with what was typed.
    event.preventDefault();
    if (this.#mounted) return;
    if (this.#failed) {
      // The browser's page of a lost connection would take what was typed with it.
      this.#sentence ??= this.#regret();
      /** @type {HTMLFormElement} */ (event.target).append(this.#sentence);
    } else {
      // What a page has for all its forms would send it elsewhere.
      event.stopPropagation();
      this.#hold(this.#witness.pressed);
    }
  }

  /** Keeps a submit for the widget. @param {boolean} own */
  #hold(own) {
    if (this.#held !== undefined || !this.#life) return;
    this.#held = own;
    this.#printed()?.querySelector('[type=submit]')?.setAttribute('aria-disabled', 'true');
    const { signal } = this.#life;
    setTimeout(() => this.#mounted || signal.aborted || this.#fail(failure('slow', 'too late', true)), HOLD_MS);
    this.#begin();
  }

  /** @param {string} event */
  #tell(event) {
    this.#sent ||= event === 'candor-receipt';
    this.#refocus();
    if (!this.hasAttribute('datalayer')) return;
    const page = /** @type {any} */ (window);
    (page.dataLayer ??= []).push({ event, form_id: this.#compiled?.compiled.record.form.id });
  }

  /** A call that cannot harm the page. @param {string} method @param {boolean[]} values @returns {any} */
  #ask(method, ...values) {
    try {
      return this.#mounted?.[method](...values);
    } catch {
      return undefined;
    }
  }

  get #isLight() {
    return this.getAttribute('render') === 'light';
  }

  /** @returns {HTMLElement | ShadowRoot} */
  get #root() {
    return this.#isLight ? this : (this.shadowRoot ?? this);
  }

  get #headingLevel() {
    // 1 is for a page that is nothing but the form, such as the collector's own.
    return Number(/^[1-6]$/.exec(this.getAttribute('heading-level') ?? '') ?? 2);
  }
}

mirror(CandorForm);
