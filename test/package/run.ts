// npm run test:package: packs the tarball and treats it as a stranger would. Installs it in an empty folder, imports
// every subpath, requires one, asks publint and are-the-types-wrong, compiles a user's file against the declarations,
// and bundles one function of each module to see what it costs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLES } from './bundles.js';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, unknown> };
const subpaths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
let passed = 0;
let failed = 0;

const tarball = check('npm pack', () => {
  const { stdout } = execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [{ filename, size, entryCount }] = JSON.parse(stdout) as {
    filename: string;
    size: number;
    entryCount: number;
  }[];
  console.log(`     ${entryCount} files, ${Math.round(size / 1024)} kB packed`);
  return join(folder, filename);
});

const user = join(folder, 'user');
mkdirSync(user);
writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
if (tarball !== undefined) {
  check('installs in an empty folder', () =>
    execute('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', '--prefer-offline', tarball], user),
  );
  check('publint --strict', () => execute(join(root, 'node_modules/.bin/publint'), ['run', tarball, '--strict'], root));
  check('are the types wrong, profile esm-only', () =>
    execute(join(root, 'node_modules/.bin/attw'), [tarball, '--profile', 'esm-only'], root),
  );
}

check('every subpath is imported by Node and exports something', () => {
  const names = subpaths.map((path) => path.replace('.', 'lemmata'));
  const code = `for (const name of ${JSON.stringify(names)}) {
    const module = await import(name);
    if (Object.keys(module).length === 0) throw new Error(name + ' exports nothing');
  }`;
  execute(process.execPath, ['--input-type=module', '-e', code], user);
});

check('require loads a subpath', () => {
  const code = `const { ucb1 } = require('lemmata/bandits'); if (typeof ucb1 !== 'function') throw new Error('no ucb1');`;
  execute(
    process.execPath,
    ['--experimental-require-module', '--no-warnings', '--input-type=commonjs', '-e', code],
    user,
  );
});

check('a user compiles against the declarations', () => {
  const lines = subpaths.map((path, i) => `import * as module${i} from '${path.replace('.', 'lemmata')}';`);
  const uses = subpaths.map((_, i) => `module${i}`).join(', ');
  writeFileSync(join(user, 'user.ts'), `${lines.join('\n')}\nexport const modules = [${uses}];\n`);
  const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', types: [] };
  writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
  execute(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], user);
});

for (const { module, name, limit } of BUNDLES) {
  await checkAsync(`{ ${name} } of lemmata/${module} bundles below ${limit} B`, async () => {
    const sizes: number[] = [];
    for (const source of ['lemmata', `lemmata/${module}`]) {
      const { outputFiles } = await build({
        stdin: { contents: `export { ${name} } from '${source}';`, resolveDir: user },
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        write: false,
      });
      sizes.push(outputFiles[0].contents.length);
    }
    console.log(`     ${sizes[0]} B from the root, ${sizes[1]} B from the subpath`);
    if (Math.max(...sizes) > limit) throw new Error(`${Math.max(...sizes)} B`);
  });
}

rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function check<Result>(title: string, run: () => Result): Result | undefined {
  try {
    const result = run();
    passed += 1;
    console.log(`ok   ${title}`);
    return result;
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${title}\n     ${(error as Error).message}`);
    return undefined;
  }
}

async function checkAsync(title: string, run: () => Promise<void>): Promise<void> {
  const error = await run().catch((reason: unknown) => reason as Error);
  check(title, () => {
    if (error instanceof Error) throw error;
  });
}

function execute(command: string, args: string[], cwd: string): { stdout: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${stdout}${stderr}`.trim().slice(-2000));
  return { stdout };
}
