// One page for each peer; the bare one carries its form in HTML.
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  esbuild: { jsx: 'automatic' },
  build: {
    outDir: 'dist',
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['bare', 'react-hook-form', 'rjsf', 'surveyjs', 'formio', 'formkit'].map((name) => `${import.meta.dirname}/${name}.html`) },
  },
});
