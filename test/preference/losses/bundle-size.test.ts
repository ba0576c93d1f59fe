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

it.each(LOSSES)(
  '%s alone is small, dpoLoss below 3 kB minified, beside special and the argument checks that all modules share',
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
    expect(size).toBeLessThan(name === 'dpoLoss' ? 3000 : 5000);
  },
);
