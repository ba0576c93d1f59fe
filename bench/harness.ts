// Times two or more programs in the same process, turn by turn, and reports each against the first.
// Turns cancel what drifts (heat, other load, the collector), so the ratio is steadier than any time.

export interface Contender {
  name: string;
  /** Runs the workload once and returns a number that depends on all of it, so that none is optimised away. */
  run(): number;
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

export function race(contenders: Contender[], { rounds = 25, warmup = 5 } = {}): Score[] {
  const times = contenders.map(() => new Float64Array(rounds));
  let sink = 0;
  for (let round = -warmup; round < rounds; round++) {
    contenders.forEach(({ run }, i) => {
      const start = performance.now();
      sink += run();
      if (round >= 0) times[i][round] = performance.now() - start;
    });
  }
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
    console.log(`  ${name.padEnd(34)} ${median.toFixed(2).padStart(9)} ms   ${ratio}`);
  }
}
