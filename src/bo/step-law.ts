/**
 * The Step Law: learning rate and batch size of a language model's pre-training, from its size and its data.
 *
 * H. Li et al., "Predictable Scale: Part I, Step Law: Optimal Hyperparameter Scaling Law in Large Language Model
 * Pretraining", arXiv:2503.04715, equation 1:
 *
 *   η(N, D) = 1.79 N^-0.713 D^0.307,   B(D) = 0.58 D^0.571 tokens
 *
 *   N non-embedding parameters, D tokens of training data; AdamW, final learning rate 1e-5, sequence length 2048
 *
 * Fitted to dense models with N in [6e7, 1.07e9] and D in [2e9, 1e11]; the authors report that it holds for sparse
 * (mixture-of-experts) models and other data recipes. For comparison also the laws of Kaplan et al. (arXiv:2001.08361) and
 * DeepSeek (arXiv:2401.02954), with the constants as the Step Law's paper prints them, which were not checked elsewhere.
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../internal/check.js';
import { leastSquares } from '../linalg/eigen.js';
import type { Rng } from '../random/create-rng.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { pow } from '../special/pow.js';

export interface StepLawInput {
  /** N > 0. */
  nonEmbeddingParams: number;
  /** D > 0. */
  tokens: number;
}

export interface StepLawOptions {
  /** 'published': the equation above. 'bootstrapMean': the mean of the authors' 1000 bootstrap fits. Default 'published'. */
  constants?: 'published' | 'bootstrapMean';
  /** Tokens in a sequence; 2048 in the paper. Default 2048. */
  sequenceLength?: number;
}

export interface StepLawResult {
  learningRate: number;
  batchSizeTokens: number;
  /** batchSizeTokens / sequenceLength, not rounded. */
  batchSizeSequences: number;
  /** Whether N or D lie outside the range of the fit. */
  extrapolated: boolean;
}

/** Coefficients [1, ln N, ln D] of ln η and [1, ln D] of ln B, and their deviations over the authors' bootstrap. */
const BOOTSTRAP = {
  logLearningRate: [0.5863079, -0.7129221, 0.3074907],
  logBatchTokens: [-0.5435418, 0.5709437],
  deviations: { logLearningRate: [0.62, 0.03, 0.019], logBatchTokens: [0.44, 0.019] },
} as const;

/**
 * The law's learning rate (the peak of the schedule) and batch size.
 *
 * @throws RangeError if N, D or sequenceLength is not positive
 *
 * @example
 * const { learningRate, batchSizeTokens, extrapolated } = stepLaw({ nonEmbeddingParams: 1e9, tokens: 2e10 });
 * [learningRate.toPrecision(4), Math.round(batchSizeTokens), extrapolated]; //=> ['0.0009960', 441892, false]
 */
export function stepLaw({ nonEmbeddingParams, tokens }: StepLawInput, options: StepLawOptions = {}): StepLawResult {
  const N = checkPositive('nonEmbeddingParams', nonEmbeddingParams);
  const D = checkPositive('tokens', tokens);
  const constants = checkOption('constants', options.constants ?? 'published', ['published', 'bootstrapMean']);
  const sequenceLength = checkPositive('sequenceLength', options.sequenceLength ?? 2048);
  let learningRate: number;
  let batchSizeTokens: number;
  if (constants === 'published') {
    learningRate = 1.79 * pow(N, -0.713) * pow(D, 0.307);
    batchSizeTokens = 0.58 * pow(D, 0.571);
  } else {
    const [a, b, c] = BOOTSTRAP.logLearningRate;
    learningRate = exp(a + b * log(N) + c * log(D));
    batchSizeTokens = exp(BOOTSTRAP.logBatchTokens[0] + BOOTSTRAP.logBatchTokens[1] * log(D));
  }
  const extrapolated = !(N >= 6e7 && N <= 1.08e9 && D >= 2e9 && D <= 1e11);
  return { learningRate, batchSizeTokens, batchSizeSequences: batchSizeTokens / sequenceLength, extrapolated };
}

export interface StepLawBand {
  /** Central value and limits of the band, from the bootstrap mean. */
  learningRate: { value: number; low: number; high: number };
  batchSizeTokens: { value: number; low: number; high: number };
}

/**
 * Bands of ±z deviations of ln η and ln B about the bootstrap's mean law, by the delta method.
 *
 * The authors publish no covariances. Coefficients of a regression far from its origin cancel in its predictions, so the
 * deviation of the constant, 0.44 for ln B, is that of the slope carried to the middle of the data, 0.019 ln 2e10 = 0.45, and
 * nothing is left for the middle itself. So the prediction is taken to be exact at (N₀, D₀) = (4.8e8, 2e10) and
 * var ln η = (σ_N ln N/N₀)² + (σ_D ln D/D₀)² elsewhere: right far away, too narrow in the middle.
 *
 * @param options.z half width in deviations. Default 1.96
 *
 * @example
 * const { low, high } = stepLawUncertainty({ nonEmbeddingParams: 1e12, tokens: 1e13 }).batchSizeTokens;
 * (high / low).toFixed(2); //=> '1.59'
 */
export function stepLawUncertainty(input: StepLawInput, options: { z?: number } = {}): StepLawBand {
  const z = checkNumber('z', options.z ?? 1.96, 0);
  const { learningRate, batchSizeTokens } = stepLaw(input, { constants: 'bootstrapMean' });
  const n = log(input.nonEmbeddingParams / 4.8e8);
  const d = log(input.tokens / 2e10);
  const [, sN, sD] = BOOTSTRAP.deviations.logLearningRate;
  const rate = Math.sqrt(sN * n * (sN * n) + sD * d * (sD * d));
  const batch = BOOTSTRAP.deviations.logBatchTokens[1] * Math.abs(d);
  const band = (value: number, deviation: number) => ({
    value,
    low: value * exp(-z * deviation),
    high: value * exp(z * deviation),
  });
  return { learningRate: band(learningRate, rate), batchSizeTokens: band(batchSizeTokens, batch) };
}

/** One finished training run. */
export interface TrainingRun {
  /** N. */
  parameters: number;
  /** D. */
  tokens: number;
  learningRate: number;
  batchTokens: number;
  /** Final loss, smoothed, positive. */
  loss: number;
}

export interface FitStepLawOptions {
  /** Runs of a group (N, D) are kept whose loss is less than 1 + threshold times the group's least. Default 0.0025. */
  threshold?: number;
  /** Bootstrap fits over the kept runs. Default 1000; they need `rng`. */
  bootstrap?: number;
  rng?: Rng;
}

export interface StepLawFit {
  /** Runs kept. */
  rows: number;
  /** Coefficients of ln η on (1, ln N, ln D). */
  logLearningRate: Float64Array;
  /** Coefficients of ln B on (1, ln D). */
  logBatchTokens: Float64Array;
  /** Means and deviations over the bootstrap; null without one. */
  bootstrap: {
    logLearningRate: { mean: Float64Array; std: Float64Array };
    logBatchTokens: { mean: Float64Array; std: Float64Array };
  } | null;
}

/**
 * Least squares of the logarithms over the near-optimal runs of every group.
 *
 * The authors' released dense runs with their published recipe do not give their published exponents (threshold 0.0025
 * gives 77.7 N^-0.766 D^0.197 and 0.209 D^0.613): the law predicts good runs, but this fit does not find it.
 *
 * O(n) a fit. A bootstrap fit draws as many uniforms as runs are kept; one whose regression is singular is drawn again.
 *
 * @throws RangeError if a value of a run is not positive, fewer than three runs are kept, their (N, D) do not determine the
 * coefficients, or a bootstrap is asked for without rng
 *
 * @example
 * const runs = [[1e8, 1e9], [1e8, 1e10], [1e9, 1e10]].map(([parameters, tokens]) => {
 *   const { learningRate, batchSizeTokens } = stepLaw({ nonEmbeddingParams: parameters, tokens });
 *   return { parameters, tokens, learningRate, batchTokens: batchSizeTokens, loss: 2 };
 * });
 * fitStepLaw(runs, { bootstrap: 0 }).logLearningRate[1].toFixed(9); //=> '-0.713000000'
 */
export function fitStepLaw(runs: readonly TrainingRun[], options: FitStepLawOptions = {}): StepLawFit {
  checkRuns(runs);
  const threshold = checkNumber('threshold', options.threshold ?? 0.0025, 0);
  const bootstrap = checkInteger('bootstrap', options.bootstrap ?? 1000, 0);
  const { rng } = options;
  if (bootstrap > 0 && rng === undefined) throw new RangeError('rng is required for a bootstrap');
  const kept = groupsOf(runs).flatMap((group) => {
    const least = Math.min(...group.map(({ loss }) => loss));
    return group.filter(({ loss }) => loss / least - 1 < threshold || loss === least);
  });
  // In the order in which the runs were given.
  const order = new Set(kept);
  const used = runs.filter((run) => order.has(run));
  if (!determined(used)) {
    throw new RangeError('runs must hold near-optimal runs of three groups at least whose N and D vary independently');
  }
  const { logLearningRate, logBatchTokens } = regress(used);
  if (bootstrap === 0) return { rows: used.length, logLearningRate, logBatchTokens, bootstrap: null };
  const rates: Float64Array[] = [];
  const batches: Float64Array[] = [];
  while (rates.length < bootstrap) {
    const sample = used.map(() => used[Math.floor(rng!() * used.length)]);
    if (!determined(sample)) continue;
    const fit = regress(sample);
    rates.push(fit.logLearningRate);
    batches.push(fit.logBatchTokens);
  }
  return {
    rows: used.length,
    logLearningRate,
    logBatchTokens,
    bootstrap: { logLearningRate: meanAndStd(rates), logBatchTokens: meanAndStd(batches) },
  };
}

export interface StepLawRegret {
  /** Over the groups. */
  mean: number;
  max: number;
  /** [N, D, regret], by N, then by D. */
  groups: [parameters: number, tokens: number, regret: number][];
}

/**
 * What following a law costs: in every group (N, D) the loss of the run nearest to the law's (ln η, ln B), over the least
 * loss, minus 1. Ties go to the earlier run. O(n).
 *
 * @param law default `stepLaw` with its published constants
 * @throws RangeError if there is no run or a value is not positive
 */
export function stepLawRegret(
  runs: readonly TrainingRun[],
  law: (input: StepLawInput) => { learningRate: number; batchSizeTokens: number } = (input) => stepLaw(input),
): StepLawRegret {
  checkRuns(runs);
  const groups = groupsOf(runs)
    .sort((a, b) => a[0].parameters - b[0].parameters || a[0].tokens - b[0].tokens)
    .map((group): [number, number, number] => {
      const { parameters, tokens } = group[0];
      const { learningRate, batchSizeTokens } = law({ nonEmbeddingParams: parameters, tokens });
      let nearest = Infinity;
      let loss = NaN;
      let least = Infinity;
      for (const run of group) {
        const rate = log(run.learningRate / learningRate);
        const batch = log(run.batchTokens / batchSizeTokens);
        const distance = rate * rate + batch * batch;
        if (distance < nearest) {
          nearest = distance;
          loss = run.loss;
        }
        least = Math.min(least, run.loss);
      }
      return [parameters, tokens, loss / least - 1];
    });
  const regrets = groups.map(([, , regret]) => regret);
  return { mean: regrets.reduce((a, b) => a + b, 0) / regrets.length, max: Math.max(...regrets), groups };
}

/**
 * DeepSeek's law as the Step Law's paper prints it: η = 0.3188 C^-0.1250, B = 0.2920 C^0.3271 tokens, with compute C = 6 N D
 * floating-point operations. The constants were not checked against another source.
 */
export function deepSeekLaw({ nonEmbeddingParams, tokens }: StepLawInput): {
  learningRate: number;
  batchSizeTokens: number;
} {
  const C = 6 * checkPositive('nonEmbeddingParams', nonEmbeddingParams) * checkPositive('tokens', tokens);
  return { learningRate: 0.3188 * pow(C, -0.125), batchSizeTokens: 0.292 * pow(C, 0.3271) };
}

/**
 * Kaplan et al.'s laws as the Step Law's paper prints them: η = 3.239e-3 - 1.395e-4 ln N and B = 2e18 L^-4.76190 tokens at
 * loss L. The constants were not checked against another source.
 *
 * @param loss L > 0, the loss that the training reaches
 */
export function kaplanLaw(
  { nonEmbeddingParams }: Pick<StepLawInput, 'nonEmbeddingParams'>,
  loss: number,
): { learningRate: number; batchSizeTokens: number } {
  const N = checkPositive('nonEmbeddingParams', nonEmbeddingParams);
  const L = checkPositive('loss', loss);
  return { learningRate: 3.239e-3 - 1.395e-4 * log(N), batchSizeTokens: 2e18 * pow(L, -4.7619) };
}

export interface LossSurface {
  /** Learning rates, increasing. */
  learningRates: ArrayLike<number>;
  /** Batch sizes, increasing. */
  batchSizes: ArrayLike<number>;
  /** losses[i][j] at learning rate i and batch size j; NaN where there is no run. */
  losses: ArrayLike<ArrayLike<number>>;
}

/**
 * How convex a loss surface is in (ln η, ln B): the share of second divided differences along either axis, over three
 * neighbouring runs, that are at least 0. 1 on a convex surface, on which the region of near-optimal settings is a plateau
 * without holes.
 *
 * @returns share and count of differences, `convexShare` 1 when there are none
 * @throws RangeError if an axis is not positive and increasing or the grid does not fit
 *
 * @example
 * const surface = { learningRates: [1, 2, 4], batchSizes: [8], losses: [[3], [2], [3]] };
 * optimalPlateau(surface); //=> { convexShare: 1, differences: 1 }
 */
export function optimalPlateau({ learningRates, batchSizes, losses }: LossSurface): {
  convexShare: number;
  differences: number;
} {
  const u = logAxis('learningRates', learningRates);
  const v = logAxis('batchSizes', batchSizes);
  if (losses.length !== u.length) throw new RangeError(`losses must have length ${u.length}, got ${losses.length}`);
  for (let i = 0; i < u.length; i++) {
    if (losses[i].length !== v.length) {
      throw new RangeError(`losses[${i}] must have length ${v.length}, got ${losses[i].length}`);
    }
    for (let j = 0; j < v.length; j++) {
      if (typeof losses[i][j] !== 'number') {
        throw new TypeError(`losses[${i}][${j}] must be a number, got ${typeof losses[i][j]}`);
      }
    }
  }
  let convex = 0;
  let differences = 0;
  const look = (axis: Float64Array, at: (k: number) => number) => {
    for (let k = 1; k + 1 < axis.length; k++) {
      const difference = (at(k + 1) - at(k)) / (axis[k + 1] - axis[k]) - (at(k) - at(k - 1)) / (axis[k] - axis[k - 1]);
      if (Number.isNaN(difference)) continue;
      differences += 1;
      if (difference >= 0) convex += 1;
    }
  };
  for (let j = 0; j < v.length; j++) look(u, (k) => losses[k][j]);
  for (let i = 0; i < u.length; i++) look(v, (k) => losses[i][k]);
  return { convexShare: differences === 0 ? 1 : convex / differences, differences };
}

function logAxis(name: string, values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    out[k] = log(checkPositive(`${name}[${k}]`, values[k]));
    if (k > 0 && !(out[k] > out[k - 1])) throw new RangeError(`${name} must be increasing, got ${values[k]} at ${k}`);
  }
  return out;
}

function checkRuns(runs: readonly TrainingRun[]): void {
  if (runs.length === 0) throw new RangeError('runs must not be empty');
  runs.forEach((run, i) => {
    for (const field of ['parameters', 'tokens', 'learningRate', 'batchTokens', 'loss'] as const) {
      checkPositive(`runs[${i}].${field}`, run[field]);
    }
  });
}

/** Runs of equal N and D, in the order of their first run. */
function groupsOf(runs: readonly TrainingRun[]): TrainingRun[][] {
  const groups = new Map<string, TrainingRun[]>();
  for (const run of runs) {
    const key = `${run.parameters} ${run.tokens}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()];
}

function regress(runs: readonly TrainingRun[]): Pick<StepLawFit, 'logLearningRate' | 'logBatchTokens'> {
  const n = runs.length;
  const byBoth = runs.flatMap(({ parameters, tokens }) => [1, log(parameters), log(tokens)]);
  const byTokens = runs.flatMap(({ tokens }) => [1, log(tokens)]);
  return {
    logLearningRate: leastSquares(
      byBoth,
      runs.map(({ learningRate }) => log(learningRate)),
      n,
      3,
    ),
    logBatchTokens: leastSquares(
      byTokens,
      runs.map(({ batchTokens }) => log(batchTokens)),
      n,
      2,
    ),
  };
}

/** Whether (1, ln N, ln D) has rank 3 over the runs: three of their points are not on one line. */
function determined(runs: readonly TrainingRun[]): boolean {
  if (runs.length < 3) return false;
  const point = ({ parameters, tokens }: TrainingRun) => [log(parameters), log(tokens)];
  const [a, b] = point(runs[0]);
  let [p, q] = [0, 0];
  for (const run of runs) {
    const [u, v] = [point(run)[0] - a, point(run)[1] - b];
    if (p === 0 && q === 0) [p, q] = [u, v];
    else if (Math.abs(p * v - q * u) > 1e-9) return true;
  }
  return false;
}

function meanAndStd(rows: Float64Array[]): { mean: Float64Array; std: Float64Array } {
  const mean = new Float64Array(rows[0].length);
  const std = new Float64Array(rows[0].length);
  for (let k = 0; k < mean.length; k++) {
    for (const row of rows) mean[k] += row[k] / rows.length;
    for (const row of rows) std[k] += (row[k] - mean[k]) * (row[k] - mean[k]);
    std[k] = Math.sqrt(std[k] / Math.max(1, rows.length - 1));
  }
  return { mean, std };
}
