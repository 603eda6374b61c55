// The same page by two bundlers that are no Vite. Webpack follows every file that the package names, also past a rule for
// style sheets; esbuild leaves `new URL` alone, and the modules are copied beside what it built, as the README says.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import webpack from 'webpack';

const page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,"><div id="app"></div>';
const entry = './src/bundled.js';

function write(name) {
  mkdirSync(`dist/${name}`, { recursive: true });
  writeFileSync(`dist/${name}.html`, `${page}<script type="module" src="/${name}/main.js"></script></html>\n`);
}

const stats = await new Promise((settle, fail) => {
  webpack({
    mode: 'production',
    entry,
    output: { path: resolve('dist/webpack'), filename: 'main.js', publicPath: '/webpack/', trustedTypes: true },
    // The compiler's module is large, and fetched by pages alone that carry their definition.
    performance: { hints: false },
    module: { rules: [{ test: /\.css$/, type: 'javascript/auto', loader: resolve('no-such-loader') }] },
  }, (error, result) => (error ? fail(error) : settle(result)));
});
if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString({ all: false, errors: true, warnings: true }));
write('webpack');

await build({ entryPoints: [entry], bundle: true, minify: true, format: 'esm', outfile: 'dist/esbuild/main.js', logLevel: 'warning' });
cpSync('node_modules/candor-form/candor', 'dist/esbuild/candor', { recursive: true });
write('esbuild');

// The README's first example for React, as it is printed there.
const readme = readFileSync('node_modules/candor-form/README.md', 'utf8');
const [, example] = /```jsx\n([^]*?)```/.exec(readme);
writeFileSync('src/readme.jsx', `import { createRoot } from 'react-dom/client';\n${example}\ncreateRoot(document.querySelector('#app')).render(<Guide />);\n`);
await build({ entryPoints: ['src/readme.jsx'], bundle: true, minify: true, jsx: 'automatic', format: 'esm', outfile: 'dist/readme/main.js', logLevel: 'warning', logOverride: { 'ignored-bare-import': 'silent' } });
cpSync('node_modules/candor-form/candor', 'dist/readme/candor', { recursive: true });
write('readme');
