// Times two or more programs in the same process, turn by turn, and reports each against the first.
// Turns cancel what drifts (heat, other load, the collector), so the ratio is steadier than any time.
import { appendFileSync } from 'node:fs';

export interface Contender {
  name: string;
  /** Runs the workload once and returns a number that depends on all of it, so that none is optimised away. */
  run(): number;
  /** Milliseconds of the last run, for a contender in another process that keeps its own clock. */
  elapsed?(): number;
  /** Called after the last round. */
  close?(): void;
}

export interface Score {
  name: string;
  /** Median over rounds, in milliseconds. */
  median: number;
  /** Median over rounds of (time of the first contender) / (time of this one): above 1 is faster than it. */
  speedup: number;
  /** The lower and upper quartile of that ratio. */
  quartiles: [number, number];
}

/**
 * Runs the contenders in turns. The first is the peer that the others are measured against; `undefined` entries
 * (peers that this machine does not have) are left out.
 */
export function race(entries: (Contender | undefined)[], { rounds = 25, warmup = 5 } = {}): Score[] {
  const contenders = entries.filter((entry) => entry !== undefined);
  const times = contenders.map(() => new Float64Array(rounds));
  let sink = 0;
  for (let round = -warmup; round < rounds; round++) {
    contenders.forEach((contender, i) => {
      const start = performance.now();
      sink += contender.run();
      const elapsed = contender.elapsed?.() ?? performance.now() - start;
      if (round >= 0) times[i][round] = elapsed;
    });
  }
  for (const { close } of contenders) close?.();
  if (Number.isNaN(sink)) throw new Error('a contender returned NaN');
  return contenders.map(({ name }, i) => {
    const ratios = times[i].map((time, round) => times[0][round] / time).sort();
    const quantile = (p: number) => ratios[Math.round(p * (rounds - 1))];
    return {
      name,
      median: times[i].slice().sort()[rounds >> 1],
      speedup: quantile(0.5),
      quartiles: [quantile(0.25), quantile(0.75)],
    };
  });
}

export function report(title: string, scores: Score[]): void {
  console.log(`\n${title}`);
  for (const { name, median, speedup, quartiles } of scores) {
    const ratio = `${speedup.toFixed(2)}x [${quartiles.map((q) => q.toFixed(2)).join(', ')}]`;
    console.log(`  ${name.padEnd(38)} ${median.toFixed(3).padStart(10)} ms   ${ratio}`);
  }
  record({ title, scores });
}

/** Says that a peer is not on this machine, so that nobody reads its silence as a win. */
export function absent(peer: string, reason: string): void {
  console.log(`  (absent: ${peer}: ${reason})`);
  record({ absent: peer, reason });
}

function record(entry: object): void {
  if (process.env.BENCH_RECORD !== undefined) appendFileSync(process.env.BENCH_RECORD, `${JSON.stringify(entry)}\n`);
}
