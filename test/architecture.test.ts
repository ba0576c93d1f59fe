// The design rules that a machine can check: which folder may import which, and what no file may say.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../src');

const FOUNDATIONS = ['internal', 'special', 'state', 'random', 'linalg', 'stats', 'optimize'];

/** A folder may import from itself and from the folders listed. The order of the keys is the order of the layers. */
const MAY_IMPORT: Record<string, string[]> = {
  internal: [],
  special: ['internal'],
  state: ['internal'],
  random: ['internal', 'special'],
  linalg: ['internal', 'special'],
  stats: ['internal', 'special', 'random', 'linalg'],
  optimize: ['internal', 'special', 'random', 'linalg'],
  'online-learning': FOUNDATIONS,
  inference: FOUNDATIONS,
  'policy-gradient': FOUNDATIONS,
  games: [...FOUNDATIONS, 'online-learning'],
  bandits: [...FOUNDATIONS, 'online-learning', 'games'],
  bo: [...FOUNDATIONS, 'inference', 'policy-gradient'],
  'linear-solvers': [...FOUNDATIONS, 'bandits'],
  decoding: FOUNDATIONS,
  preference: [...FOUNDATIONS, 'games', 'policy-gradient'],
  search: FOUNDATIONS,
  information: FOUNDATIONS,
  'learning-theory': FOUNDATIONS,
};

/** [pattern, reason, the only file where it is allowed]. */
const FORBIDDEN: [RegExp, string, RegExp?][] = [
  [
    /\bMath\.(?!(abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|PI|E|LN2|LN10|LOG2E|LOG10E|SQRT2|SQRT1_2)\b)\w+/,
    'not the same bits in every engine; use src/special',
  ],
  [/\*\*/, 'exponentiation is not the same bits in every engine; multiply, or use pow of src/special'],
  [
    /\b(Date|performance|console|globalThis|crypto)\b|\bprocess\.(env|argv|exit|std|hrtime|cwd|nextTick|memory|version|platform|pid|on)\b/,
    'hidden input or output',
  ],
  [/export default/, 'named exports only'],
  [/from ['"]node:/, 'no Node built-ins in src'],
  [/from ['"]seedrandom/, 'one door to the generator', /random\/create-rng\.ts$/],
];

const files = existsSync(root)
  ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  : [];

it('every folder of src is a layer', () => {
  const folders = new Set(
    files
      .map((file) => file.replaceAll('\\', '/').split('/'))
      .filter((parts) => parts.length > 1)
      .map(([folder]) => folder),
  );
  for (const folder of folders) expect(Object.keys(MAY_IMPORT)).toContain(folder);
});

it.each(files)('%s keeps the rules', (file) => {
  const path = file.replaceAll('\\', '/');
  const source = readFileSync(join(root, file), 'utf8');
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  for (const [pattern, reason, exception] of FORBIDDEN) {
    if (!exception?.test(path)) expect(code.match(pattern)?.[0], `${path}: ${reason}`).toBeUndefined();
  }
  const layer = path.split('/')[0];
  if (layer === 'index.ts') return;
  for (const [, target] of code.matchAll(/from ['"](\.[^'"]+)['"]/g)) {
    const other = posix.join(dirname(path), target).split('/')[0];
    if (other !== layer) expect(MAY_IMPORT[layer], `${path} imports ${target}`).toContain(other);
  }
});
