'use client';
// @ts-check
/**
 * `<CandorForm>` for React 18 and 19: passes attributes, the definition and listeners to the element, and loads the
 * element in the browser alone. Whatever the element renders stays its own: React sees one tag, and the children that the
 * page gave it, which are seen until the form is there.
 */
import { createElement, forwardRef, useCallback, useEffect, useRef } from 'react';

const EVENTS = /** @type {const} */ ({
  'candor-ready': 'onReady',
  'candor-change': 'onChange',
  'candor-invalid': 'onInvalid',
  'candor-submit': 'onSubmit',
  'candor-receipt': 'onReceipt',
  'candor-error': 'onError',
});

/** The same definition keeps the form as it stands. @param {any} element @param {unknown} definition */
function define(element, definition) {
  if (element.definition !== definition) element.definition = definition;
}

/** @param {any} props @param {import('react').ForwardedRef<any>} ref */
function render(props, ref) {
  const { definition, headingLevel, datalayer, prerendered, className, ...rest } = props;
  const element = useRef(/** @type {any} */ (null));
  // Listeners read the newest props: the element is told once, whatever closures come.
  const newest = useRef(props);
  newest.current = props;

  const life = useRef(/** @type {AbortController | undefined} */ (undefined));

  // With the node, not in an effect: the element begins as soon as the page has it, and may fail before an effect runs.
  /** @type {(node: any) => void} */
  const attach = useCallback(
    (node) => {
      element.current = node;
      life.current?.abort();
      if (node) {
        const { signal } = (life.current = new AbortController());
        for (const [type, name] of Object.entries(EVENTS)) {
          node.addEventListener(type, (/** @type {Event} */ event) => event.target === node && newest.current[name]?.(event), { signal });
        }
        define(node, newest.current.definition);
      }
      if (typeof ref === 'function') ref(node);
      else if (ref) ref.current = node;
    },
    [ref],
  );

  useEffect(() => {
    import('candor-form').catch((cause) => console.error('candor-form could not be loaded', cause));
  }, []);

  useEffect(() => define(element.current, definition), [definition]);

  /** @type {Record<string, unknown>} */
  const attributes = { ref: attach };
  for (const [name, value] of Object.entries(rest)) {
    if (!Object.values(EVENTS).some((known) => known === name)) attributes[name] = value;
  }
  if (className) attributes.class = className;
  if (headingLevel) attributes['heading-level'] = String(headingLevel);
  if (datalayer) attributes.datalayer = '';
  if (prerendered) {
    // The parser turns the template into the shadow root, so that the browser's tree has one child less.
    attributes.dangerouslySetInnerHTML = { __html: prerendered };
    delete attributes.children;
    attributes.suppressHydrationWarning = true;
  }
  return createElement('candor-form', attributes);
}

export const CandorForm = forwardRef(render);
CandorForm.displayName = 'CandorForm';
