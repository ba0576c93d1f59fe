// npm run bench [-- <filter>]: runs the bench files whose path contains the filter, each in a process of its own (so
// that none is timed on code that another has warmed), prints one table and writes reports/bench.json.
//
// Each file is bundled and run by plain Node, as users run the library. A loader that compiles on the fly and has parsed a
// large CommonJS dependency leaves V8 without its proof that no ArrayBuffer was ever detached: every access to a typed array
// then looks at the buffer first, and kernels take up to half as long again.
import { build, type Plugin } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Score } from './harness.js';

interface Race {
  file: string;
  title: string;
  scores: Score[];
}

const here = import.meta.dirname;
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.bench.ts') && !file.includes('node_modules'))
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort();
if (files.length === 0) {
  console.error(`no bench file matches ${filters.join(', ')}`);
  process.exit(1);
}

installPeers();

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const races: Race[] = [];
const missing = new Map<string, string>();
const failed: string[] = [];
for (const file of files) {
  console.log(`\n== ${file}`);
  const record = join(folder, 'record.jsonl');
  rmSync(record, { force: true });
  const { status } = spawnSync(process.execPath, [await bundle(file)], {
    stdio: 'inherit',
    env: { ...process.env, BENCH_RECORD: record },
  });
  if (status !== 0) failed.push(file);
  if (!existsSync(record)) continue;
  for (const line of readFileSync(record, 'utf8').trim().split('\n')) {
    const entry = JSON.parse(line) as { title: string; scores: Score[] } | { absent: string; reason: string };
    if ('absent' in entry) missing.set(entry.absent, entry.reason);
    else races.push({ file, ...entry });
  }
}
rmSync(folder, { recursive: true, force: true });

console.log('\nSummary: every contender against the first of its race (above 1: faster than it)\n');
for (const { title, scores } of races) {
  const [peer, ...others] = scores;
  console.log(`${title}\n  ${'peer'.padEnd(8)} ${peer.name}: ${peer.median.toFixed(3)} ms`);
  for (const { name, speedup, quartiles } of others) {
    const range = quartiles.map((q) => q.toFixed(2)).join(', ');
    console.log(`  ${`${speedup.toFixed(2)}x`.padEnd(8)} ${name} [${range}]`);
  }
}
for (const [peer, reason] of missing) console.log(`absent: ${peer} (${reason})`);
for (const file of failed) console.log(`failed: ${file}`);

const reports = join(here, '..', 'reports');
mkdirSync(reports, { recursive: true });
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
writeFileSync(
  join(reports, 'bench.json'),
  JSON.stringify({ machine, races, absent: Object.fromEntries(missing), failed }, null, 2),
);
console.log('\nwritten: reports/bench.json');
process.exit(failed.length > 0 ? 1 : 0);

/** Compiles a bench with the files that it imports, packages aside; returns the path. */
async function bundle(file: string): Promise<string> {
  const outfile = join(here, 'native', 'build', `${file.replace(/\W+/g, '-')}.mjs`);
  const withDirname: Plugin = {
    name: 'keeps the folder of every file',
    setup: ({ onLoad }) =>
      onLoad({ filter: /bench.*\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
        loader: 'ts',
      })),
  };
  await build({
    entryPoints: [join(here, file)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    // The built package, or the sources when run without the tsconfig of `npm run bench`.
    tsconfig: process.env.TSX_TSCONFIG_PATH ?? join(here, '..', 'tsconfig.json'),
    plugins: [withDirname],
  });
  return outfile;
}

/** The JavaScript peers have a lock file of their own; without a registry in reach they are reported as absent. */
function installPeers(): void {
  const peers = join(here, 'peers');
  if (existsSync(join(peers, 'node_modules'))) return;
  console.log('installing the peers of bench/peers ...');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peers,
    stdio: 'ignore',
  });
  if (status !== 0) console.log('(not possible here: JavaScript peers will be reported as absent)');
}
