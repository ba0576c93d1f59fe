// Trust regions against the plain optimizer and random search in many dimensions: median and worst of the best value found over
// seeds after so many calls, noise-free. The problems are of the kind of TuRBO's paper (arXiv:1910.01739, section 3): Ackley
// d = 20 and Levy d = 10 on [-5, 10]^d, and a rover problem, d = 60, with obstacles of our own. Its budgets are thousands of
// calls; these are hundreds, and few seeds, so guidance. TuRBO proposes five points at a time, the plain optimizer one, which
// is to its advantage call for call.
//
//   npx tsx bench/bo/turbo.bench.ts [share of the calls, default 1] [seeds, default 3]
import {
  ackley,
  levy,
  minimizeBayesian,
  real,
  rover,
  searchSpace,
  simpleRegret,
  turbo,
  type TestFunction,
} from 'lemmata/bo';
import { createRng } from 'lemmata/random';

const BATCH = 5;
const share = Number(process.argv[2] ?? 1);
const seeds = Number(process.argv[3] ?? 3);

interface Row {
  problem: TestFunction;
  bounds: TestFunction['bounds'];
  calls: number;
}

const ROWS: Row[] = [
  { problem: ackley(20), bounds: Array.from({ length: 20 }, () => [-5, 10] as const), calls: 300 },
  { problem: levy(10), bounds: Array.from({ length: 10 }, () => [-5, 10] as const), calls: 200 },
  { problem: rover(), bounds: rover().bounds, calls: 300 },
];

type Method = (row: Row, calls: number, seed: number) => ArrayLike<number>;

const METHODS: Record<string, Method> = {
  TuRBO({ problem, bounds }, calls, seed) {
    const rng = createRng('turbo', problem.name, seed);
    const method = turbo({ bounds, batch: BATCH });
    const trace: number[] = [];
    let state = method.init();
    while (trace.length < calls) {
      const [points, asked] = method.ask(state, rng);
      const values = points.map((x) => problem.evaluate(x));
      state = method.tell(asked, values);
      trace.push(...values);
    }
    return trace.slice(0, calls);
  },
  plain({ problem, bounds }, calls, seed) {
    const space = searchSpace(Object.fromEntries(bounds.map(([low, high], k) => [`x${k + 1}`, real(low, high)])));
    return minimizeBayesian((config) => problem.evaluate(Object.values(config) as number[]), space, {
      evaluations: calls,
      rng: createRng('plain', problem.name, seed),
      model: { deterministic: true },
    }).trace;
  },
  random({ problem, bounds }, calls, seed) {
    const rng = createRng('random', problem.name, seed);
    return Array.from({ length: calls }, () =>
      problem.evaluate(bounds.map(([low, high]) => low + rng() * (high - low))),
    );
  },
};

for (const row of ROWS) {
  const calls = Math.max(BATCH, Math.round(row.calls * share));
  console.log(`\n${row.problem.name}, d = ${row.problem.dim}, ${calls} calls, ${seeds} seeds: median (worst)`);
  for (const [name, method] of Object.entries(METHODS)) {
    const started = performance.now();
    // The regret against 0 is the best value so far.
    const ends = Array.from({ length: seeds }, (_, s) => simpleRegret(method(row, calls, s), 0)[calls - 1]);
    const seconds = (performance.now() - started) / 1000 / seeds;
    ends.sort((a, b) => a - b);
    const median = (ends[(seeds - 1) >> 1] + ends[seeds >> 1]) / 2;
    const figures = `${median.toPrecision(3)} (${ends[seeds - 1].toPrecision(3)})`;
    console.log(`  ${name.padEnd(8)} ${figures.padEnd(20)} ${seconds.toFixed(1)} s a run`);
  }
}
