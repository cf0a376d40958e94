import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,bundle,test}/**/*.test.ts', 'e2e/{harness,oracle}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
