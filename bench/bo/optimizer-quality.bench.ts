// How far the default optimizer gets: median and worst simple regret over seeds after so many calls, noise-free models. Beside
// it what an independent prototype of the same method reached (Matern 5/2, 512 raw points, 6 starts); few seeds, so guidance.
import {
  branin,
  hartmann3,
  hartmann6,
  minimizeBayesian,
  real,
  searchSpace,
  simpleRegret,
  type TestFunction,
} from 'lemmata/bo';
import { createRng } from 'lemmata/random';

const ROWS: [TestFunction, boolean, number, [calls: number, prototype: string][]][] = [
  [
    branin,
    false,
    6,
    [
      [20, '0.16 (0.80)'],
      [25, '0.0064 (0.020)'],
      [30, '0.0038 (0.0080)'],
      [40, '0.00045 (0.0041)'],
    ],
  ],
  [
    branin,
    true,
    6,
    [
      [20, '0.097 (1.5)'],
      [25, '0.013 (1.5)'],
      [30, '0.0059 (0.31)'],
      [40, '0.00058 (0.00095)'],
    ],
  ],
  [
    hartmann3,
    false,
    4,
    [
      [15, '0.039 (0.056)'],
      [20, '0.0086 (0.011)'],
      [30, '7e-5 (0.0081)'],
      [40, '5.5e-5 (1.4e-4)'],
    ],
  ],
  [
    hartmann6,
    false,
    4,
    [
      [25, '0.74 (1.4)'],
      [40, '0.16 (0.27)'],
      [50, '0.063 (0.19)'],
      [70, '0.060 (0.12)'],
    ],
  ],
  [
    hartmann6,
    true,
    4,
    [
      [25, '1.3 (2.8)'],
      [40, '0.35 (0.60)'],
      [50, '0.064 (0.12)'],
      [70, '0.060 (0.12)'],
    ],
  ],
];

for (const [problem, outputScale, seeds, marks] of ROWS) {
  const space = searchSpace(Object.fromEntries(problem.bounds.map(([low, high], k) => [`x${k + 1}`, real(low, high)])));
  const evaluations = marks[marks.length - 1][0];
  const started = performance.now();
  const regrets = Array.from({ length: seeds }, (_, s) => {
    const { trace } = minimizeBayesian((config) => problem.evaluate(Object.values(config) as number[]), space, {
      evaluations,
      rng: createRng('quality', problem.name, s),
      model: { deterministic: true, outputScale },
    });
    return simpleRegret(trace, problem.optimum!.value);
  });
  const seconds = (performance.now() - started) / 1000 / seeds;
  console.log(
    `\n${problem.name}, ${outputScale ? 'fitted' : 'fixed'} output scale, ${seeds} seeds, ${seconds.toFixed(1)} s a run`,
  );
  for (const [calls, prototype] of marks) {
    const sorted = regrets.map((trace) => trace[calls - 1]).sort((a, b) => a - b);
    const median = (sorted[(seeds - 1) >> 1] + sorted[seeds >> 1]) / 2;
    const figures = `${median.toPrecision(2)} (${sorted[seeds - 1].toPrecision(2)})`;
    console.log(`  ${String(calls).padStart(3)} calls  ${figures.padEnd(20)} prototype ${prototype}`);
  }
}
