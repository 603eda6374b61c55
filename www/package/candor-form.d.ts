/**
 * The public surface of `candor-form`: the element `<candor-form>`, its events, and the values that they carry.
 * Written by hand; tests hold it against the element that runs in a browser.
 */

/** Signatures over one payload: a JWS in General JSON Serialization (RFC 7515 §7.2.1). */
export interface Envelope {
  /** The consent record: canonical JSON (RFC 8785), base64url. */
  readonly payload: string;
  readonly signatures: readonly Signature[];
}

export interface Signature {
  /** The protected header, base64url. `typ` tells whose signature it is. */
  readonly protected: string;
  readonly signature: string;
}

/** Where the form stands. */
export type CandorState = 'loading' | 'editing' | 'sending' | 'pending' | 'done' | 'failed';

/** What the visitor typed, by field id. */
export type CandorValues = Readonly<Record<string, string>>;

/** The detail of `candor-change`: which field or purpose changed, never its value. */
export type CandorChange = { readonly field: string } | { readonly purpose: string };

/** The detail of `candor-invalid`. */
export interface CandorInvalid {
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

/** The detail of `candor-submit`. */
export interface CandorSubmission {
  /** The consent record with the device's signature. */
  readonly record: Envelope;
  /** The values behind the record's commitments (SD-JWT disclosures, RFC 9901), base64url. */
  readonly disclosures: readonly string[];
  readonly fields: {
    /** Every value that some purpose still asks for. */
    readonly all: CandorValues;
    /** Only what the visitor's choices allow for that purpose. */
    readonly byPurpose: Readonly<Record<string, CandorValues>>;
  };
}

/** The detail of `candor-receipt`: the collector's answer. */
export interface CandorReceipt {
  /** The record with both signatures. */
  readonly receipt: Envelope;
  readonly state: 'recorded' | 'pending';
  /** Purposes whose consent is held until the person confirms its published words. */
  readonly held: readonly string[];
  /** The page on which this submission is seen and withdrawn. */
  readonly manage: string;
  /** What was asked for, where the form delivers on the screen. */
  readonly download?: { readonly url: string; readonly expires: string };
}

/** The detail of `candor-error`. */
export interface CandorFailure {
  /** Stable: `form`, `definition`, `wasm`, `crypto`, `trap`, `load`, `slow`, `outdated`, `network`, `limit`, `clock`, or the collector's own. */
  readonly code: string;
  /** A sentence for developers; what the visitor reads stands in the form. */
  readonly message: string;
  readonly retryable: boolean;
}

/** The events of the element. All bubble and are composed; only `candor-submit` can be cancelled. */
export interface CandorEventMap {
  'candor-ready': CustomEvent<Record<string, never>>;
  'candor-change': CustomEvent<CandorChange>;
  'candor-invalid': CustomEvent<CandorInvalid>;
  /** Before anything is sent. `preventDefault()`: nothing is sent. */
  'candor-submit': CustomEvent<CandorSubmission>;
  'candor-receipt': CustomEvent<CandorReceipt>;
  'candor-error': CustomEvent<CandorFailure>;
}

/** The attributes of the element, as a template writes them. */
export interface CandorAttributes {
  /** Address of a form: `https://forms.example/v1/forms/{id}`. */
  src?: string | undefined;
  /** BCP 47. Without it: the closest `[lang]`, the document's, the browser's, the definition's first. */
  lang?: string | undefined;
  /** Overrides the definition's; empty: nothing is sent, the events alone carry record and fields. */
  endpoint?: string | undefined;
  render?: 'shadow' | 'light' | undefined;
  theme?: 'auto' | 'light' | 'dark' | undefined;
  loading?: 'lazy' | 'eager' | undefined;
  /** Takes declared fields from `#candor:field=value` and cleans the address. Never a consent. */
  prefill?: 'fragment' | undefined;
  'heading-level'?: 1 | 2 | 3 | 4 | 5 | 6 | '1' | '2' | '3' | '4' | '5' | '6' | undefined;
  /** Pushes event names and the form's id to `window.dataLayer`. */
  datalayer?: boolean | '' | undefined;
}

/** The element `<candor-form>`. */
export interface CandorFormElement extends HTMLElement {
  src: string | null;
  endpoint: string | null;
  render: string | null;
  theme: string | null;
  loading: string | null;
  prefill: string | null;
  /** What the attribute `heading-level` says. */
  headingLevel: string | null;
  datalayer: boolean;
  /** A form definition or a compiled form, as an object or as JSON text; in the place of `src`. */
  definition: unknown;
  readonly state: CandorState;
  /** Empties the form. */
  reset(): void;
  /** Sends the form as if its button had been pressed by a script: a one-purpose consent is then held. */
  submit(): void;
  /** Shows what is wrong; whether nothing is. */
  validate(): boolean;

  addEventListener<K extends keyof CandorEventMap>(
    type: K,
    listener: (this: CandorFormElement, event: CandorEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: CandorFormElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof CandorEventMap>(
    type: K,
    listener: (this: CandorFormElement, event: CandorEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: CandorFormElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'candor-form': CandorFormElement;
  }
}
