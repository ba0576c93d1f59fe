import { defineConfig } from 'vitest/config';

// What needs minutes: statistical tables of the papers at full length. `npm run test:long`.
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 3_600_000,
    maxWorkers: 2,
    reporters: ['verbose'],
  },
});
