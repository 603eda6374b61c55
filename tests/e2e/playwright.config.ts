// Browser tests of the whole: a real Chromium, a real collector on SQLite, pages on another origin.
import { defineConfig } from '@playwright/test';
import { execFileSync } from 'node:child_process';

function chromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'google-chrome', 'chromium-browser']) {
    try {
      return execFileSync('which', [name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
    } catch {
      // Not this one. With none on PATH Playwright uses the browser that it installed itself.
    }
  }
  return undefined;
}

export default defineConfig({
  fullyParallel: false,
  workers: 2,
  retries: 0,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [['list']],
  outputDir: 'test-results',
  // One machine writes what all compare with.
  snapshotPathTemplate: '{testDir}/{testFileName}-snapshots/{arg}{ext}',
  // Firefox has its own driver (fixtures/firefox.ts); Playwright is then no more than the runner.
  // The demo's playground is built for one bundle, the stable one, and loads its compiler by name.
  testIgnore: process.env.CANDOR_BUNDLE === 'min' ? '**/playground*.spec.ts' : [],
  projects: [{ name: 'chromium', testDir: 'specs' }, { name: 'firefox', testDir: 'firefox' }],
  use: {
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium(),
      // Playwright switches the back/forward cache off; one spec tests it.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
        // A host name that is not a secure context, for the tests without WebCrypto; it stays on loopback.
        '--host-resolver-rules=MAP plain.test 127.0.0.1',
      ],
    },
  },
});
