// Peers in other processes: C++ compiled on the spot, and Python with its numerical libraries.
//
// Such a peer sets its inputs up, then answers every line on its standard input by one run of the workload and a line
// "milliseconds checksum": it keeps its own clock, and takes its turn in the race like any other contender.
// bench/native/serve.hpp and bench/native/serve.py hold the loop.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absent, type Contender } from './harness.js';

const native = join(import.meta.dirname, 'native');

/**
 * Compiles bench/native/<program>.cpp with `g++ -O3 -march=native` and makes it a contender; undefined, and reported
 * as absent, where there is no compiler.
 */
export function cppContender(
  name: string,
  program: string,
  args: (string | number)[] = [],
  flags: string[] = [],
): Contender | undefined {
  const build = join(native, 'build');
  mkdirSync(build, { recursive: true });
  const binary = join(build, [program, ...flags].join('').replace(/[^\w-]/g, ''));
  const compiled = spawnSync(
    'g++',
    ['-O3', '-march=native', '-std=c++17', ...flags, '-o', binary, join(native, `${program}.cpp`)],
    {
      encoding: 'utf8',
    },
  );
  if (compiled.error !== undefined) return missing(name, 'no g++');
  if (compiled.status !== 0) throw new Error(`${program}.cpp does not compile:\n${compiled.stderr}`);
  return contender(name, binary, args);
}

/** Makes bench/native/<script>.py a contender when python3 can import the modules; undefined, and reported, otherwise. */
export function pythonContender(
  name: string,
  script: string,
  modules: string[],
  args: (string | number)[] = [],
): Contender | undefined {
  const probe = spawnSync('python3', ['-c', `import ${modules.join(', ')}`], { encoding: 'utf8' });
  if (probe.error !== undefined) return missing(name, 'no python3');
  if (probe.status !== 0) return missing(name, `python3 cannot import ${modules.join(', ')}`);
  return contender(name, 'python3', [join(native, `${script}.py`), ...args]);
}

/** Imports a library of bench/peers; undefined, and reported as absent, when it is not installed. */
export async function importPeer<Module = Record<string, unknown>>(name: string): Promise<Module | undefined> {
  const folder = join(import.meta.dirname, 'peers', 'node_modules', name);
  if (!existsSync(folder)) return missing(name, 'not installed in bench/peers');
  const { createRequire } = await import('node:module');
  const require = createRequire(join(import.meta.dirname, 'peers', 'package.json'));
  try {
    return require(name) as Module;
  } catch {
    try {
      return (await import(require.resolve(name))) as Module;
    } catch (error) {
      return missing(name, `cannot be loaded (${(error as Error).message.split('\n')[0]})`);
    }
  }
}

/** Writes numbers as little-endian doubles to a temporary file for a peer to read; returns the path. */
export function doublesFile(name: string, values: Float64Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return path;
}

function contender(name: string, command: string, args: (string | number)[]): Contender | undefined {
  // Two named pipes make the conversation synchronous, as the race is.
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const [toPeer, fromPeer] = [join(folder, 'in'), join(folder, 'out')];
  if (spawnSync('mkfifo', [toPeer, fromPeer]).status !== 0) return missing(name, 'no named pipes');
  const quoted = [command, ...args.map(String)].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('sh', ['-c', `exec ${quoted} < '${toPeer}' > '${fromPeer}'`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  const input = openSync(toPeer, 'w');
  const output = openSync(fromPeer, 'r');
  const buffer = Buffer.alloc(256);
  let milliseconds = NaN;
  return {
    name,
    run() {
      writeSync(input, 'run\n');
      let answer = '';
      while (!answer.endsWith('\n')) {
        const length = readSync(output, buffer);
        if (length === 0) throw new Error(`${name} ended early`);
        answer += buffer.toString('utf8', 0, length);
      }
      const [time, checksum] = answer.split(' ').map(Number);
      milliseconds = time;
      return checksum;
    },
    elapsed: () => milliseconds,
    close() {
      closeSync(input);
      closeSync(output);
      child.unref();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function missing(name: string, reason: string): undefined {
  absent(name, reason);
  return undefined;
}
