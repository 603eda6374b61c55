// @ts-check
/**
 * The plain form: stands in where WebAssembly or WebCrypto is refused, with what was typed.
 *
 * An ordinary POST to the collector with the names of the printed form; the record is then made and signed there, and
 * says that nobody observed what was shown. No box starts ticked, whatever was ticked before: that tick has no witness.
 */

const AUTOCOMPLETE = /** @type {Record<string, string>} */ ({
  email: 'email', name: 'name', 'given-name': 'given-name', 'family-name': 'family-name', phone: 'tel',
  organization: 'organization', 'job-title': 'organization-title', country: 'country',
  'postal-code': 'postal-code', url: 'url',
});
/** Of inputs, and of the keyboards for them. */
const INPUT_TYPE = /** @type {Record<string, string>} */ ({ email: 'email', phone: 'tel', url: 'url' });
const NOTICE = ['controller', 'recipients', 'retention', 'rights', 'complaint', 'withdrawal'];

let forms = 0;

/** As `src/direction.rs` has it. @param {string} language */
const direction = (language) => (/^(ar|dv|fa|he|ps|sd|ug|ur|yi)(?!-Latn)\b/.test(language) ? 'rtl' : 'ltr');

/**
 * Builds an element.
 * @param {string} tag @param {Record<string, string | boolean | undefined>} attributes @param {(Node | string)[]} children
 * @returns {HTMLElement}
 */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/**
 * Shows the plain form in `container`.
 * @param {HTMLElement} container
 * @param {any} compiled the compiled form
 * @param {{ action: string, values: Record<string, string>, headingLevel: number }} options
 */
export function plain(container, compiled, { action, values, headingLevel }) {
  const { record, fields, controls, messages } = compiled;
  const prefix = `candor-plain-${++forms}-`;
  /** @type {Map<string, string>} */
  const texts = new Map(compiled.texts.map((/** @type {any} */ text) => [text.ref, text.text]));

  /** An element with one text of the list, or nothing. @param {string} tag @param {string} ref @param {Record<string, string>} [attributes] */
  const said = (tag, ref, attributes = {}) => {
    const text = texts.get(ref);
    return text ? [make(tag, { 'data-candor-ref': ref, ...attributes }, text)] : [];
  };

  /** @param {any} field */
  const control = (field) => {
    const id = prefix + field.id;
    const hint = texts.has(`field.${field.id}.hint`) ? `${id}-hint` : undefined;
    const shared = {
      id, name: field.id, class: 'candor-input', part: 'input', 'aria-describedby': hint,
      required: field.required && !field.when, maxlength: field.maxLength && String(field.maxLength),
      autocomplete: AUTOCOMPLETE[field.type] ?? 'off',
    };
    const value = values[field.id] ?? '';
    if (field.type === 'hidden') return make('input', { type: 'hidden', name: field.id, value });
    if (field.type === 'long-text') return make('textarea', { ...shared, rows: '4' }, value);
    if (field.options?.length) {
      const options = [{ value: '', label: messages.choose ?? '' }, ...field.options];
      return make('select', shared, ...options.map((option) =>
        make('option', { value: option.value, selected: option.value === value }, option.label)));
    }
    const type = INPUT_TYPE[field.type] ?? 'text';
    const code = type !== 'text' || field.type === 'postal-code';
    return make('input', {
      ...shared, type, value, inputmode: type, enterkeyhint: 'next',
      autocapitalize: code && 'none', spellcheck: code && 'false',
    });
  };

  /** @param {any} field */
  const labelled = (field) => {
    if (field.type === 'hidden') return control(field);
    const ref = `field.${field.id}`;
    const mark = field.required ? [] : [make('span', { class: 'candor-mark' }, ` ${messages.optional}`)];
    return make('div', { class: 'candor-field', part: 'field' },
      make('label', { class: 'candor-label', part: 'label', for: prefix + field.id }, ...said('span', ref), ...mark),
      ...said('p', `${ref}.hint`, { class: 'candor-hint', id: `${prefix}${field.id}-hint` }),
      control(field));
  };

  /** @param {string} purpose */
  const dependents = (purpose) => {
    const own = fields.filter((/** @type {any} */ field) => field.when?.purpose === purpose);
    return own.length ? [make('div', { class: 'candor-dependents' }, ...own.map(labelled))] : [];
  };

  /** @param {string} purpose */
  const policies = (purpose) => {
    const process = record.processes.find((/** @type {any} */ process) => process.purpose === purpose);
    return record.parties
      .filter((/** @type {any} */ party) => party.policy && process.recipients.includes(party.id))
      .map((/** @type {any} */ party) => make('p', { class: 'candor-details' },
        make('a', { href: party.policy, target: '_blank', rel: 'noopener noreferrer' },
          (messages.partner_policy ?? '{name}').replace('{name}', party.name))));
  };

  /** @param {string} name */
  const box = (name) => make('input', {
    class: 'candor-box', part: 'input', type: 'checkbox', id: prefix + name, name, value: 'yes',
  });

  /** @param {any} choice */
  const purpose = ({ purpose, control }) => {
    const ref = `purpose.${purpose}`;
    const small = ['details', 'interest'].flatMap((word) => said('p', `${ref}.${word}`, { class: 'candor-details' }));
    if (control === 'checkbox') {
      return make('div', { class: 'candor-purpose', part: 'purpose' }, box(ref),
        make('div', { class: 'candor-words' }, ...said('label', ref, { for: prefix + ref }), ...small,
          ...policies(purpose), ...dependents(purpose)));
    }
    const objection = `objection.${purpose}`;
    return make('div', { class: 'candor-purpose candor-objection', part: 'purpose' },
      make('div', { class: 'candor-words' }, ...said('p', ref), ...small, ...policies(purpose)),
      box(objection),
      make('div', { class: 'candor-words' }, ...said('label', `${ref}.objection`, { for: prefix + objection }),
        ...dependents(purpose)));
  };

  /** @param {string} wanted */
  const statements = (wanted) => controls
    .filter((/** @type {any} */ { control }) => control === wanted)
    .map((/** @type {any} */ { purpose }) => make('div', { class: 'candor-service' },
      ...said('p', `purpose.${purpose}`), ...said('p', `purpose.${purpose}.details`, { class: 'candor-details' }),
      ...policies(purpose)));

  // A browser that asks not to share (Global Privacy Control) is not asked for it again.
  const gpc = /** @type {any} */ (navigator).globalPrivacyControl === true;
  /** @param {string} purpose */
  const shares = (purpose) => record.processes
    .some((/** @type {any} */ process) => process.purpose === purpose && process.operations.includes('Share'));
  const boxes = controls.filter((/** @type {any} */ { control }) => control.endsWith('checkbox'));
  const choices = boxes.filter((/** @type {any} */ { purpose }) => !(gpc && shares(purpose)));
  const withheld = choices.length < boxes.length ? [make('p', { class: 'candor-note' }, messages.gpc_note ?? '')] : [];
  const hidden = { version: record.form.version, texts: record.form.texts, language: record.language };
  const notice = NOTICE.flatMap((ref) => {
    const stop = texts.get(ref)?.endsWith('.') ? ' ' : '. ';
    return texts.has(ref) ? [...said('span', ref), stop] : [];
  });

  const more = compiled.notice
    ? ['. ', make('a', { href: compiled.notice, target: '_blank', rel: 'noopener noreferrer' }, messages.notice_link ?? '')]
    : [];

  container.replaceChildren(make('form', { class: 'candor', part: 'form', method: 'post', action, 'accept-charset': 'utf-8', autocomplete: 'off', lang: record.language, dir: direction(record.language) },
    ...said(`h${headingLevel}`, 'title', { class: 'candor-title' }),
    ...said('p', 'intro', { class: 'candor-intro' }),
    make('p', { class: 'candor-note', role: 'status' }, messages.plain_notice ?? ''),
    ...Object.entries(hidden).map(([name, value]) => make('input', { type: 'hidden', name: `candor-${name}`, value })),
    ...fields.filter((/** @type {any} */ field) => !field.when).map(labelled),
    make('div', { class: 'candor-more', 'aria-hidden': 'true' },
      make('input', { type: 'text', name: 'candor-website', autocomplete: 'off', tabindex: '-1' })),
    ...statements('none'),
    ...(boxes.length ? [make('fieldset', { class: 'candor-consents', part: 'consents' },
      ...said('legend', 'choices'), ...said('p', 'choices.note', { class: 'candor-note' }), ...choices.map(purpose), ...withheld)] : []),
    make('p', { class: 'candor-notice', part: 'notice' }, ...notice,
      ...said('a', 'policy', { href: record.policy.url, target: '_blank', rel: 'noopener noreferrer' }), ...more),
    ...statements('submit'),
    ...said('button', 'submit', { class: 'candor-submit', part: 'submit', type: 'submit' })));
}
