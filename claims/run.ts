// npm run reproduce                  the headline claims at quick scale
// npm run reproduce -- --all         the whole ledger
// npm run reproduce -- <id> [<id>]   these claims
//   --full         at the size of the paper          --seed 7       another seed for every stream
//   --jobs 1       processes at once (default 2)     --list         names the claims and stops
//
// Prints a table, writes reports/claims.json and reports/index.html, and exits with 1 when a claim that the ledger
// lists as reproduced is not.
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Claim, ClaimResult, Scale } from './claim.js';
import { loadClaims } from './ledger.js';
import { renderReport, type Entry } from './report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});
const scale: Scale = values.full ? 'full' : 'quick';
const seed = Number(values.seed);
const ledger = await loadClaims();

if (values.list) {
  for (const { claim } of ledger)
    console.log(`${claim.headline ? '*' : ' '} ${claim.id.padEnd(44)} ${claim.statement}`);
  console.log('\n* headline: runs without arguments');
  process.exit(0);
}

const unknown = positionals.filter((id) => !ledger.some(({ claim }) => claim.id === id));
if (unknown.length > 0) {
  console.error(`no claim named ${unknown.join(', ')}; npm run reproduce -- --list names them all`);
  process.exit(2);
}
const chosen = ledger.filter(({ claim }) =>
  positionals.length > 0 ? positionals.includes(claim.id) : values.all || claim.headline === true,
);

const started = performance.now();
const fractions = new Map<string, number>();
const entries: Entry[] = [];
const queue = chosen.slice();
const terminal = process.stdout.isTTY === true;
console.log(`${chosen.length} claims at ${scale} scale, seed ${seed}`);
await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));
if (terminal) process.stdout.write('\r\x1b[K');

entries.sort(
  (a, b) => chosen.findIndex((c) => c.claim.id === a.claim.id) - chosen.findIndex((c) => c.claim.id === b.claim.id),
);
printTable(entries);
const reports = join(import.meta.dirname, '..', 'reports');
mkdirSync(reports, { recursive: true });
const record = {
  scale,
  seed,
  node: process.version,
  claims: entries.map(({ claim: { run: _, ...claim }, ...rest }) => ({ ...claim, ...rest })),
};
writeFileSync(join(reports, 'claims.json'), JSON.stringify(record, null, 2));
writeFileSync(join(reports, 'index.html'), renderReport(entries, { scale, seed }));
console.log(`\nwritten: reports/index.html, reports/claims.json (${seconds(performance.now() - started)})`);

const broken = entries.filter(({ claim, result }) => result.verdict !== (claim.listed ?? 'reproduced'));
for (const { claim, result } of broken) {
  console.log(`the ledger lists ${claim.id} as ${claim.listed ?? 'reproduced'}; here it is ${result.verdict}`);
}
process.exit(broken.some(({ claim }) => (claim.listed ?? 'reproduced') === 'reproduced') ? 1 : 0);

async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { claim, file } = next;
    const start = performance.now();
    const result = await runInProcess(claim, file);
    entries.push({ claim, result, milliseconds: performance.now() - start });
    fractions.set(claim.id, 1);
    if (!terminal)
      console.log(
        `[${entries.length}/${chosen.length}] ${claim.id}: ${result.verdict} (${seconds(performance.now() - start)})`,
      );
    showProgress();
  }
}

/** A claim runs in a process of its own, so that two run at once and none inherits the memory of another. */
function runInProcess(claim: Claim, file: string): Promise<ClaimResult> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [file, scale, String(seed)], {
      execArgv: ['--import', 'tsx'],
    });
    let result: ClaimResult | undefined;
    child.on('message', (message: { fraction: number } | { result: ClaimResult }) => {
      if ('result' in message) result = message.result;
      else {
        fractions.set(claim.id, message.fraction);
        showProgress();
      }
    });
    child.on('exit', (code) =>
      resolve(result ?? { measured: 'no result', verdict: 'not reproduced', note: `the run ended with code ${code}` }),
    );
  });
}

function showProgress(): void {
  if (!terminal) return;
  const done = [...fractions.values()].reduce((a, b) => a + b, 0) / chosen.length;
  const width = 40;
  const filled = Math.round(done * width);
  const running = chosen.filter(({ claim }) => (fractions.get(claim.id) ?? 1) < 1).map(({ claim }) => claim.id);
  const line = `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${String(Math.round(100 * done)).padStart(3)} %  ${running.join(', ')}`;
  process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`);
}

function printTable(rows: Entry[]): void {
  const width = Math.max(...rows.map(({ claim }) => claim.id.length), 5);
  console.log(`\n${'claim'.padEnd(width)}  verdict         paper | here`);
  for (const { claim, result } of rows) {
    console.log(`${claim.id.padEnd(width)}  ${result.verdict.padEnd(14)}  ${claim.expected}`);
    console.log(`${''.padEnd(width + 18)}here: ${result.measured}`);
    if (result.note !== undefined) console.log(`${''.padEnd(width + 18)}note: ${result.note}`);
  }
  const reproduced = rows.filter(({ result }) => result.verdict === 'reproduced').length;
  console.log(`\n${reproduced} of ${rows.length} claims reproduced`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
