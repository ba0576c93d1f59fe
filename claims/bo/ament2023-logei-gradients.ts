import {
  ackley,
  expectedImprovement,
  fitGp,
  hartmann6,
  logExpectedImprovement,
  minimizeBayesian,
  real,
  searchSpace,
  standardize,
} from 'lemmata/bo';
import { minimizeLbfgsb } from 'lemmata/optimize';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'ament2023-logei-gradients',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:2310.20708',
  statement:
    'The gradient of expected improvement vanishes over most of the domain once there are many observations, that of its logarithm nowhere; ascent from the same random starts finds larger values by the logarithm.',
  source: 'Figure 1; the tutorial’s section 4.1 for the function',
  expected:
    'Ackley in 2, 4 and 8 dimensions, 150 random observations: gradient of EI below 1e-10 at more than half of random points on average, of LogEI at none; Hartmann-6 after 50 evaluations: EI reached from random starts at least 2 standard errors higher by LogEI',
  run({ scale, seed, onProgress }) {
    const runs = scale === 'full' ? 10 : 3;
    const starts = scale === 'full' ? 100 : 60;
    const space = searchSpace(
      Object.fromEntries(hartmann6.bounds.map(([low, high], k) => [`x${k + 1}`, real(low, high)])),
    );
    const dimensions = [2, 4, 8];
    const flat = dimensions.map((d) => flatness(d, seed));
    const gains: number[] = [];
    for (let r = 0; r < runs; r++) {
      const { state } = minimizeBayesian((config) => hartmann6.evaluate(Object.values(config) as number[]), space, {
        evaluations: 50,
        rng: createRng(seed, 'run', r),
        model: { deterministic: true },
      });
      const X = state.trials.map(({ x }) => [...x]);
      const { y } = standardize(state.trials.map(({ values }) => -values[0]));
      const { gp } = fitGp(X, y, { deterministic: true, restarts: 0 });
      const best = Math.max(...y);
      const rng = createRng(seed, 'starts', r);
      const bounds = { lower: new Array<number>(6).fill(0), upper: new Array<number>(6).fill(1), maxIterations: 50 };
      for (let s = 0; s < starts; s++) {
        const x = Float64Array.from({ length: 6 }, rng);
        const climb = (acquisition: typeof expectedImprovement) =>
          minimizeLbfgsb(
            (point, slope) => {
              const { value, gradient } = acquisition(gp, point, { best });
              for (let k = 0; k < 6; k++) slope[k] = -gradient[k];
              return -value;
            },
            x,
            bounds,
          ).x;
        const reached = (end: Float64Array) => expectedImprovement(gp, end, { best }).value;
        gains.push(reached(climb(logExpectedImprovement)) - reached(climb(expectedImprovement)));
      }
      onProgress((r + 1) / runs);
    }
    const mean = gains.reduce((a, b) => a + b, 0) / gains.length;
    const variance = gains.reduce((a, b) => a + (b - mean) ** 2, 0) / (gains.length - 1);
    const standardError = Math.sqrt(variance / gains.length);
    const share = flat.reduce((total, { ofValue }) => total + ofValue / flat.length, 0);
    const none = flat.every(({ ofLog }) => ofLog === 0);
    const percent = flat.map(({ ofValue }) => `${(100 * ofValue).toFixed(0)}%`).join(', ');
    return {
      measured: `flat for EI at ${percent} of points, for LogEI at ${none ? 'none' : 'some'}; EI reached is higher by ${mean.toExponential(2)} ± ${standardError.toExponential(1)} with LogEI`,
      standardError,
      verdict: share > 0.5 && none && mean > 2 * standardError ? 'reproduced' : 'not reproduced',
      note: `500 points for each Ackley function; ${runs} runs on Hartmann-6, ${starts} uniform starts each`,
    };
  },
};

/** Fractions of 500 uniform points at which the largest slope of EI, and of LogEI, is below 1e-10. */
function flatness(d: number, seed: number): { ofValue: number; ofLog: number } {
  const rng = createRng(seed, 'flat', d);
  const problem = ackley(d);
  const X = Array.from({ length: 150 }, () => Array.from({ length: d }, rng));
  const { y } = standardize(X.map((x) => -problem.evaluate(x.map((u) => -32.768 + 65.536 * u))));
  const { gp } = fitGp(X, y, { deterministic: true, restarts: 0 });
  const best = Math.max(...y);
  const counts = { ofValue: 0, ofLog: 0 };
  for (let s = 0; s < 500; s++) {
    const x = Array.from({ length: d }, rng);
    const steepest = (acquisition: typeof expectedImprovement) =>
      Math.max(...acquisition(gp, x, { best }).gradient.map(Math.abs));
    if (steepest(expectedImprovement) < 1e-10) counts.ofValue += 1 / 500;
    if (steepest(logExpectedImprovement) < 1e-10) counts.ofLog += 1 / 500;
  }
  return counts;
}
