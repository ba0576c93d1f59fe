// Runs every TypeScript block of the README and of the pages in docs. Where a block of plain text follows, it is what
// the block must print.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith('.md'),
);
const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  // A block marked `ts no-run` shows a fragment: names of the reader's own program stand in it.
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)];
  it.each(blocks.map(([, code, output], i) => [i + 1, code, output] as const))(
    'block %d runs',
    async (_, code, output) => {
      const printed: string[] = [];
      const { code: plain } = await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' });
      const body = plain.replace(
        /import \{([^}]*)\} from ["']lemmata(?:\/([\w-]+))?["'];/g,
        (_match, names: string, module?: string) =>
          `const {${names.replaceAll(' as ', ': ')}} = await load('${module ?? ''}');`,
      );
      const log = { log: (...values: unknown[]) => printed.push(values.map(String).join(' ')) };
      const load = (module: string) =>
        import(/* @vite-ignore */ `../src/${module === '' ? '' : `${module}/`}index.ts`) as Promise<object>;
      await new AsyncFunction('console', 'load', body)(log, load);
      if (output !== undefined) expect(printed.join('\n')).toBe(output.trimEnd());
    },
  );
  if (blocks.length === 0) it('has no block to run', () => expect(blocks).toHaveLength(0));
});
