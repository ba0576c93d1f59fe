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

const DIMENSIONS = [2, 4, 8];
const SIZES = [20, 50, 100, 150];

export const claim: Claim = {
  id: 'ament2023-logei-gradients',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:2310.20708',
  statement:
    'The gradient of expected improvement vanishes over more and more of the domain as observations come in, that of its logarithm nowhere; ascent from the same random starts finds larger values by the logarithm.',
  source: 'Figure 1; the tutorial’s section 4.1 for the function',
  expected:
    'Ackley at 150 random observations: gradient of EI below 1e-10 at more than half of random points in 2 and 4 dimensions, by 2 standard errors over data sets, and at more of them than at 20 observations; of LogEI at none, nor in 8 dimensions. Hartmann-6 after 50 evaluations: EI reached from random starts higher by LogEI in every run, by 2 standard errors over all starts',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const sets = full ? 10 : 3;
    const runs = full ? 10 : 3;
    const starts = full ? 100 : 60;
    // Shares by dimension and size, one for each data set.
    const ofValue = DIMENSIONS.map(() => SIZES.map(() => [] as number[]));
    let ofLog = 0;
    for (let r = 0; r < sets; r++) {
      DIMENSIONS.forEach((d, i) => {
        flatness(d, createRng(seed, 'flat', d, r)).forEach((flat, j) => {
          ofValue[i][j].push(flat.ofValue);
          ofLog = Math.max(ofLog, flat.ofLog);
        });
      });
      onProgress((0.5 * (r + 1)) / sets);
    }
    const last = SIZES.length - 1;
    const share = summary(ofValue[0][last].map((value, r) => (value + ofValue[1][last][r]) / 2));
    const growth = summary(
      ofValue[0][last].map((value, r) => (value + ofValue[1][last][r] - ofValue[0][0][r] - ofValue[1][0][r]) / 2),
    );

    const gains: number[] = [];
    const byRun: number[] = [];
    const zeros = { ofValue: 0, ofLog: 0 };
    for (let r = 0; r < runs; r++) {
      const found = climbs(seed, r, starts);
      gains.push(...found.gains);
      byRun.push(summary(found.gains).mean);
      zeros.ofValue += found.ofValue / runs;
      zeros.ofLog += found.ofLog / runs;
      onProgress(0.5 + (0.5 * (r + 1)) / runs);
    }
    const gain = summary(gains);
    const percent = (value: number) => `${(100 * value).toFixed(0)}%`;
    const shares = ofValue.map((bySize) => percent(summary(bySize[last]).mean)).join(', ');
    const holds =
      share.mean - 2 * share.standardError > 0.5 &&
      growth.mean > 2 * growth.standardError &&
      ofLog === 0 &&
      zeros.ofLog === 0 &&
      gain.mean > 2 * gain.standardError &&
      byRun.every((mean) => mean > 0);
    return {
      measured: `flat for EI at ${shares} of points in ${DIMENSIONS.join(', ')} dimensions, for LogEI at ${ofLog === 0 ? 'none' : percent(ofLog)}; EI reached on Hartmann-6 is higher by ${gain.mean.toExponential(2)} ± ${gain.standardError.toExponential(1)} with LogEI, in ${byRun.filter((mean) => mean > 0).length} of ${runs} runs`,
      standardError: gain.standardError,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${sets} data sets and 500 points for each Ackley function; in 8 dimensions a fit may find long length-scales, under which EI is not flat. ${runs} runs on Hartmann-6, ${starts} uniform starts each, at which the gradient is exactly 0 for EI at ${percent(zeros.ofValue)}, for LogEI at ${percent(zeros.ofLog)}`,
      figure: {
        title: 'Points at which the gradient of EI vanishes',
        x: { label: 'observations' },
        y: { label: 'share below 1e-10' },
        marks: [
          {
            kind: 'line',
            points: DIMENSIONS.flatMap((d, i) =>
              SIZES.map((x, j) => ({ x, y: summary(ofValue[i][j]).mean, series: `EI, Ackley in ${d} dimensions` })),
            ),
          },
        ],
      },
    };
  },
};

/** For the first 20 to 150 of random observations: fractions of 500 uniform points where the largest slope is below 1e-10. */
function flatness(d: number, rng: () => number): { ofValue: number; ofLog: number }[] {
  const problem = ackley(d);
  const all = Array.from({ length: SIZES[SIZES.length - 1] }, () => Array.from({ length: d }, rng));
  const points = Array.from({ length: 500 }, () => Array.from({ length: d }, rng));
  return SIZES.map((n) => {
    const X = all.slice(0, n);
    const { y } = standardize(X.map((x) => -problem.evaluate(x.map((u) => -32.768 + 65.536 * u))));
    const { gp } = fitGp(X, y, { deterministic: true, restarts: 0 });
    const best = Math.max(...y);
    return {
      ofValue: shareOf(points, (x) => steepest(expectedImprovement(gp, x, { best }).gradient) < 1e-10),
      ofLog: shareOf(points, (x) => steepest(logExpectedImprovement(gp, x, { best }).gradient) < 1e-10),
    };
  });
}

/** A run on Hartmann-6, then the same random starts climbed by EI and by LogEI: what LogEI gains in EI at the end. */
function climbs(seed: number, r: number, starts: number): { gains: number[]; ofValue: number; ofLog: number } {
  const space = searchSpace(
    Object.fromEntries(hartmann6.bounds.map(([low, high], k) => [`x${k + 1}`, real(low, high)])),
  );
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
  const points = Array.from({ length: starts }, () => Float64Array.from({ length: 6 }, rng));
  const bounds = { lower: new Array<number>(6).fill(0), upper: new Array<number>(6).fill(1), maxIterations: 50 };
  const reached = (acquisition: typeof expectedImprovement, start: Float64Array) => {
    const { x } = minimizeLbfgsb(
      (point, slope) => {
        const { value, gradient } = acquisition(gp, point, { best });
        for (let k = 0; k < 6; k++) slope[k] = -gradient[k];
        return -value;
      },
      start,
      bounds,
    );
    return expectedImprovement(gp, x, { best }).value;
  };
  return {
    gains: points.map((x) => reached(logExpectedImprovement, x) - reached(expectedImprovement, x)),
    ofValue: shareOf(points, (x) => steepest(expectedImprovement(gp, x, { best }).gradient) === 0),
    ofLog: shareOf(points, (x) => steepest(logExpectedImprovement(gp, x, { best }).gradient) === 0),
  };
}

function steepest(gradient: Float64Array): number {
  return Math.max(...gradient.map(Math.abs));
}

function shareOf<Point>(points: readonly Point[], holds: (point: Point) => boolean): number {
  return points.filter(holds).length / points.length;
}

function summary(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
