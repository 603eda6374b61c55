// What a server does with both frameworks; `import 'candor-form'` must do it no harm.
import 'candor-form';
import { renderToString } from 'react-dom/server';
import { createSSRApp } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { App } from './app.js';
import VueApp from './App.vue';

export const react = (src: string, prerendered?: string): string =>
  renderToString(<App src={src} prerendered={prerendered} />);
export const vue = (src: string, prerendered?: string): Promise<string> => renderVue(createSSRApp(VueApp, { src, prerendered }));
