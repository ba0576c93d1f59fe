// Importing one loss must not pull in the others.
import { build } from 'esbuild';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../src/preference');

const LOSSES = [
  ...[
    'dpoLoss',
    'robustDpoLoss',
    'lengthNormalizedDpoLoss',
    'rdpoLoss',
    'dpopLoss',
    'simpoLoss',
    'alphaPoLoss',
    'cpoLoss',
  ],
  ...[
    'rpoLoss',
    'fdpoLoss',
    'calDpoLoss',
    'ipoLoss',
    'hingeLoss',
    'slicLoss',
    'exoPairLoss',
    'ncaPairLoss',
    'bcoPairLoss',
  ],
  ...['apoZeroLoss', 'apoDownLoss', 'sppoLoss', 'discopopLoss', 'orpoLoss', 'aotLoss', 'convexPairLoss', 'tdpoLoss'],
  ...['ktoLoss', 'bcoLoss', 'apoZeroUnpairedLoss'],
];

/**
 * 2.2 kB of every bundle are what all losses share: the batch and its checks, weights, reduction. What is above 3 kB with
 * that, and why.
 */
const LIMITS: Record<string, number> = {
  calDpoLoss: 3100, // the logistic kernel and the two squares
  discopopLoss: 3100, // a second form in logarithms
  ipoLoss: 3400, // lengths and the words of their errors, 0.4 kB, here and below
  rdpoLoss: 3400,
  lengthNormalizedDpoLoss: 3500,
  simpoLoss: 3500,
  rpoLoss: 3500,
  cpoLoss: 3600,
  slicLoss: 3600,
  tdpoLoss: 3700, // two more arrays and their gradients
  orpoLoss: 4100, // a second form at the edges of probability, and lengths
  aotLoss: 4100, // a radix sort
  alphaPoLoss: 4700, // a second form in logarithms, and lengths
  fdpoLoss: 5200, // three losses in one, one of them in two forms
};

it.each(LOSSES)(
  '%s alone is below 3 kB minified or its own limit, beside special and the checks that all modules share',
  async (name) => {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${name} } from './index.ts';`, resolveDir: root, loader: 'ts' },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      // what package.json says of the built files
      plugins: [
        {
          name: 'no side effects',
          setup(pluginBuild) {
            pluginBuild.onResolve({ filter: /^\.\.?\// }, async (args) => {
              if (args.pluginData === true) return undefined;
              if (/\/(special|internal)\//.test(args.path))
                return { path: args.path, external: true, sideEffects: false };
              const { kind, importer, resolveDir } = args;
              const resolved = await pluginBuild.resolve(args.path, { kind, importer, resolveDir, pluginData: true });
              return { ...resolved, sideEffects: false };
            });
          },
        },
      ],
    });
    const size = outputFiles[0].text.replace(/import\{[^}]*\}from"[^"]*";/g, '').length;
    expect(size).toBeGreaterThan(300);
    expect(size).toBeLessThan(LIMITS[name] ?? 3000);
  },
);
