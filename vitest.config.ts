import { defineConfig } from 'vitest/config';

const long = process.env.ROLLCALL_LONG === '1';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: long ? [] : ['test/long/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores run three files at once, most of which wait: what is waited for may be slow, and is not thereby wrong.
    expect: { poll: { timeout: 25_000 } },
    pool: 'forks',
    maxWorkers: 3,
    reporters: ['default'],
  },
});
