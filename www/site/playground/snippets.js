// @ts-check
/**
 * The code that embeds a form, for each platform: strings from choices, no page needed.
 *
 * Every value comes from the visitor's own definition or field, and is escaped for where it stands.
 */

/**
 * @typedef {object} Chosen
 * @property {string} collector origin, without a slash at the end
 * @property {string} id
 * @property {string} lang
 * @property {string} theme
 * @property {string} render
 * @property {string} title the form's heading in that language
 * @typedef {{ label: string, kind: 'html' | 'jsx' | 'js' | 'vue' | 'php' | 'shell' | 'text', code: string }} Block
 */

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
/** @param {string} text */
const quoted = (text) => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Attributes that say more than the default. @param {Chosen} chosen */
function attributes({ lang, theme, render }) {
  const all = { lang, theme: theme === 'auto' ? '' : theme, render: render === 'shadow' ? '' : render };
  return Object.entries(all).filter(([, value]) => value);
}

/** @param {Chosen} chosen */
const source = ({ collector, id }) => `${collector}/v1/forms/${id}`;

/** @param {Chosen} chosen */
const opened = (chosen) => [['src', source(chosen)], ...attributes(chosen)].map(([name, value]) => `${name}="${escaped(value ?? '')}"`).join(' ');

/** @param {Chosen} chosen */
const script = ({ collector }) => `<script type="module" async src="${escaped(collector)}/candor.js"></script>`;

/** The element, with a way for visitors without JavaScript. @param {Chosen} chosen */
const element = (chosen) => `<candor-form ${opened(chosen)}>
  <noscript><a href="${escaped(`${chosen.collector}/f/${chosen.id}?lang=${encodeURIComponent(chosen.lang)}`)}">${escaped(chosen.title)}</a></noscript>
</candor-form>`;

/** `ebook-rgpd` as a component is called. @param {string} id */
function component(id) {
  const name = id.split('-').filter(Boolean).map((part) => part[0]?.toUpperCase() + part.slice(1)).join('');
  return /^[A-Z]/.test(name) ? name : `Form${name}`;
}

/** @type {Record<string, (chosen: Chosen) => Block[]>} */
const PLATFORMS = {
  html: (chosen) => [{ label: 'html.page', kind: 'html', code: `${script(chosen)}\n${element(chosen)}` }],
  react: (chosen) => [
    { label: 'react.install', kind: 'shell', code: 'npm install candor-form' },
    {
      label: 'react.component',
      kind: 'jsx',
      code: `import { CandorForm } from 'candor-form/react';

export function ${component(chosen.id)}() {
  return <CandorForm ${opened(chosen)} />;
}`,
    },
  ],
  vue: (chosen) => [
    { label: 'react.install', kind: 'shell', code: 'npm install candor-form' },
    {
      label: 'vue.config',
      kind: 'js',
      code: `import vue from '@vitejs/plugin-vue';

export default {
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'candor-form' } } })],
  optimizeDeps: { exclude: ['candor-form'] },
};`,
    },
    {
      label: 'vue.component',
      kind: 'vue',
      code: `<script setup>
import 'candor-form';
</script>

<template>
  <candor-form ${opened(chosen)} />
</template>`,
    },
  ],
  wordpress: (chosen) => [
    {
      label: 'wordpress.functions',
      kind: 'php',
      code: `add_shortcode( 'candor_form', function ( $attributes ) {
	$form = shortcode_atts( array( 'id' => ${quoted(chosen.id)}, 'lang' => ${quoted(chosen.lang)} ), $attributes );
	return sprintf(
		'<script type="module" async src="%s"></script><candor-form src="%s" lang="%s"${attributes(chosen).slice(1).map(([name, value]) => ` ${name}="${escaped(value)}"`).join('')}></candor-form>',
		esc_url( ${quoted(`${chosen.collector}/candor.js`)} ),
		esc_url( ${quoted(`${chosen.collector}/v1/forms/`)} . rawurlencode( $form['id'] ) ),
		esc_attr( $form['lang'] )
	);
} );`,
    },
    { label: 'wordpress.block', kind: 'text', code: `[candor_form id="${chosen.id}" lang="${chosen.lang}"]` },
  ],
  hubspot: (chosen) => [
    { label: 'hubspot.head', kind: 'html', code: script(chosen) },
    { label: 'hubspot.body', kind: 'html', code: element(chosen) },
  ],
  webflow: (chosen) => [
    { label: 'webflow.head', kind: 'html', code: script(chosen) },
    { label: 'webflow.body', kind: 'html', code: element(chosen) },
  ],
};

/** @param {string} platform @param {Chosen} chosen @returns {Block[]} */
export const blocks = (platform, chosen) => PLATFORMS[platform]?.(chosen) ?? [];

/** What a content security policy must allow. @param {string} platform @param {string} collector @param {boolean} isSameSite */
export function policy(platform, collector, isSameSite) {
  const bundled = platform === 'react' || platform === 'vue';
  const managed = platform === 'wordpress' || platform === 'hubspot' || platform === 'webflow';
  const forms = isSameSite ? '' : ` ${collector}`;
  const script = bundled ? "'self'" : `'self'${forms}`;
  const parts = [`script-src ${script} 'wasm-unsafe-eval'`, `style-src ${script}`, `connect-src 'self'${forms}`, `form-action 'self'${forms}`];
  const text = parts.join('; ');
  return {
    hint: managed ? 'policyManaged' : isSameSite ? 'policySame' : 'policyOther',
    code: managed ? text : `Content-Security-Policy: default-src 'none'; ${text}; img-src 'self'; base-uri 'none'; require-trusted-types-for 'script'`,
  };
}
