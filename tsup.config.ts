import { defineConfig } from 'tsup';

// One output file per source file: an importer of one function pays for that function and what it calls.
export default defineConfig({
  entry: ['src/**/*.ts'],
  format: 'esm',
  bundle: false,
  target: 'es2022',
  sourcemap: true,
  clean: true,
  silent: true,
});
