// npm run test:engines: the same seeded runs in every JavaScript engine found on the machine give the same hashes.
//
// Every test/bits/*-digest.ts exports one function that runs a module and returns a hash. They are bundled into one
// script for engines without modules, which is then run in each engine. An engine that is not there is named as absent.
// `npm install` in test/engines brings Bun and newer versions of Node and Deno.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';

type Digests = Record<string, string>;

const here = import.meta.dirname;
const bits = join(here, '..', 'bits');
const folder = mkdtempSync(join(tmpdir(), 'engines-'));

const files = readdirSync(bits)
  .filter((file) => file.endsWith('-digest.ts'))
  .sort();
const entry = files
  .map((file, i) => `import * as module${i} from ${JSON.stringify(join(bits, file))};\nmodules.push(module${i});`)
  .join('\n');
const { outputFiles } = await build({
  stdin: {
    contents: `const modules = [];\n${entry}
globalThis.digests = () => {
  const found = {};
  for (const module of modules) for (const name in module) if (/Digest$/.test(name)) found[name] = module[name]();
  return JSON.stringify(found);
};`,
    resolveDir: here,
    loader: 'ts',
  },
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  write: false,
});
const script = outputFiles[0].text;

// Shells print; the line is marked so that warnings around it do no harm.
const shellScript = join(folder, 'shell.js');
writeFileSync(shellScript, `${script}\nprint('DIGESTS ' + digests());\n`);
const consoleScript = join(folder, 'console.cjs');
writeFileSync(consoleScript, `${script}\nconsole.log('DIGESTS ' + digests());\n`);

const engines: { name: string; family: string; run(): Promise<Digests | undefined> }[] = [
  { name: 'node', family: 'V8', run: async () => runShell(process.execPath, [consoleScript]) },
  { name: 'deno', family: 'V8', run: async () => shell('deno', ['run', '-A', consoleScript]) },
  {
    name: 'chromium',
    family: 'V8',
    run: async () => browser(['chromium', 'chromium-browser', 'google-chrome'], chromiumArguments),
  },
  { name: 'bun', family: 'JavaScriptCore', run: async () => shell('bun', ['run', consoleScript]) },
  { name: 'jsc', family: 'JavaScriptCore', run: async () => shell('jsc', [shellScript]) },
  { name: 'firefox', family: 'SpiderMonkey', run: async () => browser(['firefox-esr', 'firefox'], firefoxArguments) },
  { name: 'gjs', family: 'SpiderMonkey', run: async () => shell('gjs', [shellScript]) },
];

let failed = 0;
let passed = 0;
const families = new Set<string>();
let reference: Digests | undefined;
for (const { name, family, run } of engines) {
  let digests: Digests | undefined;
  try {
    digests = await run();
  } catch (error) {
    console.log(`${name.padEnd(10)} ${family.padEnd(15)} failed: ${(error as Error).message}`);
    failed += 1;
    continue;
  }
  if (digests === undefined) {
    console.log(`${name.padEnd(10)} ${family.padEnd(15)} absent`);
    continue;
  }
  reference ??= digests;
  const different = Object.keys(reference).filter((key) => digests[key] !== reference?.[key]);
  families.add(family);
  if (different.length === 0) passed += 1;
  else failed += 1;
  const verdict = different.length === 0 ? 'same bits' : `differs in ${different.join(', ')}`;
  console.log(`${name.padEnd(10)} ${family.padEnd(15)} ${verdict}`);
}
for (const [key, value] of Object.entries(reference ?? {})) console.log(`  ${key.padEnd(24)} ${value}`);
rmSync(folder, { recursive: true, force: true });
console.log(`${families.size} engine families: ${[...families].join(', ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function find(command: string): string | undefined {
  const folders = [join(here, 'node_modules', '.bin'), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((path) => join(path, command)).find((path) => existsSync(path));
}

function shell(command: string, args: string[]): Digests | undefined {
  const path = find(command);
  return path === undefined ? undefined : runShell(path, args);
}

function runShell(path: string, args: string[]): Digests {
  const { stdout, stderr, error } = spawnSync(path, args, { encoding: 'utf8', timeout: 300_000, cwd: folder });
  const line = stdout?.match(/^DIGESTS (.*)$/m)?.[1];
  if (line === undefined) throw new Error(error?.message ?? stderr.split('\n').slice(0, 3).join(' '));
  return JSON.parse(line) as Digests;
}

function chromiumArguments(profile: string, url: string): string[] {
  return [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync', '--disable-quic'],
    ...['--disable-background-networking', '--disable-component-update', `--user-data-dir=${profile}`, url],
  ];
}

function firefoxArguments(profile: string, url: string): string[] {
  return ['--headless', '--no-remote', '--profile', profile, url];
}

/** Opens a page of a server on the loopback address; the page runs the script and posts the hashes back. */
async function browser(
  names: string[],
  commandLine: (profile: string, url: string) => string[],
): Promise<Digests | undefined> {
  const path = names.map(find).find((found) => found !== undefined);
  if (path === undefined) return undefined;
  const page = `<!doctype html><meta charset="utf-8"><script src="/script.js"></script>
<script>fetch('/digests', { method: 'POST', body: digests() });</script>`;
  let answer: (text: string) => void = () => undefined;
  const answered = new Promise<string>((resolve) => (answer = resolve));
  const server = createServer((request, response) => {
    if (request.url === '/digests') {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.end();
        answer(body);
      });
      return;
    }
    const isScript = request.url === '/script.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    response.end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const profile = mkdtempSync(join(tmpdir(), 'engine-profile-'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const child = spawn(path, commandLine(profile, url), { stdio: 'ignore', env: { ...process.env, HOME: profile } });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within two minutes')), 120_000);
  });
  try {
    return JSON.parse(await Promise.race([answered, timeout])) as Digests;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    server.close();
    server.closeAllConnections();
    await new Promise((resolve) => setTimeout(resolve, 300));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
