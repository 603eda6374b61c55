// `cargo xtask bench`: the browser's part. Timing lives here, never in the tests.
import base from './playwright.config';

export default {
  ...base,
  testDir: 'bench',
  projects: undefined,
  workers: 1,
  reporter: [['line']],
  // A trace takes snapshots of the page while the clock runs.
  use: { ...base.use, trace: 'off' as const },
};
