// A project as its owner would write it: three pages, each with the form, by the tags of its framework.
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'candor-form' } } })],
  optimizeDeps: { exclude: ['candor-form'] },
  build: { rollupOptions: { input: ['index.html', 'react.html', 'vue.html'] }, target: 'es2022', modulePreload: { polyfill: false } },
});
