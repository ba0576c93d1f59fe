/**
 * Why a calibrated language model must hallucinate: on facts that training saw once, or never, calibration forces it
 * to put about as much probability on plausible falsehoods as the Good-Turing estimate says is missing.
 *
 * A. T. Kalai, S. S. Vempala, "Calibrated Language Models Must Hallucinate", STOC 2024, arXiv:2311.14648.
 *
 *   paper       here              meaning
 *   MF-hat      missingFacts      share of the training facts that appeared exactly once (monofact rate)
 *   Mis(g, p)   miscalibration    total variation between model and data after coarsening to the model's own levels
 *   s           sparsity          ln of (possible falsehoods per fact); the paper's |F| <= e^{-s} |H|
 *   n           n                 number of training facts
 */
import { checkInteger, checkNumber, checkPositive, checkProbabilities } from '../internal/check.js';
import { exp, log, pow } from '../special/index.js';
import { type Rng, sampleCategorical, samplePermutation } from '../random/index.js';
import { goodTuring, missingMassHalfWidth } from './good-turing.js';

export interface HallucinationLowerBoundOptions {
  /** Monofact rate in [0, 1]: share of the training sample that was seen exactly once. */
  missingFacts: number;
  /** Miscalibration of the model in [0, 1]. */
  miscalibration: number;
  /** Failure probability in (0, 1). */
  delta: number;
  /** s >= 0: there are at least e^s possible falsehoods for every fact. */
  sparsity: number;
  /** Number of training facts. */
  n: number;
}

/**
 * Corollary 1: with probability 1 - δ the model's rate of hallucination is at least
 *
 *   MF-hat - Mis(g, p) - 3 e^{-s} / δ - sqrt(6 ln(6/δ) / n),
 *
 * for facts spread over the falsehoods as regularly as the paper's conditions ask. Not clipped: a negative value says
 * nothing. At δ = 0.01 the last two terms are the paper's 300 e^{-s} and at most 7 / sqrt(n).
 *
 * @throws RangeError if an argument is out of its range
 *
 * @example
 * hallucinationLowerBound({ missingFacts: 0.2, miscalibration: 0.01, delta: 0.05, sparsity: 20, n: 1e6 }).toFixed(6); //=> '0.184640'
 */
export function hallucinationLowerBound(options: HallucinationLowerBoundOptions): number {
  const missingFacts = checkNumber('missingFacts', options.missingFacts, 0, 1);
  const miscalibrated = checkNumber('miscalibration', options.miscalibration, 0, 1);
  const sparsity = checkNumber('sparsity', options.sparsity, 0);
  const halfWidth = missingMassHalfWidth(options.n, options.delta);
  return missingFacts - miscalibrated - (3 * exp(-sparsity)) / options.delta - halfWidth;
}

export interface MiscalibrationOptions {
  /** Outcomes are coarsened to the level sets of the model ('level', the default), or to this many bins of about equal model mass. */
  bins?: 'level' | number;
}

/**
 * Mis(g, p) = 1/2 Σ_B |g(B) - p(B)| over bins B of outcomes to which the model g gives the same probability (or about
 * the same, with a number of bins). 0 for a calibrated model: among the outcomes it deems v likely, they are.
 *
 * Outcomes of equal model probability never part. O(N log N).
 *
 * @param model the model's probabilities g over all N outcomes
 * @param data the true probabilities p over the same outcomes
 * @throws RangeError if the lengths differ, one is not a distribution, or bins is not a positive integer
 *
 * @example
 * miscalibration([0.25, 0.25, 0.25, 0.25], [0.625, 0.125, 0.125, 0.125]); //=> 0
 * miscalibration([0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]); //=> 0.5
 */
export function miscalibration(
  model: ArrayLike<number>,
  data: ArrayLike<number>,
  { bins = 'level' }: MiscalibrationOptions = {},
): number {
  checkProbabilities('model', model);
  checkProbabilities('data', data);
  if (data.length !== model.length) throw new RangeError(`data must have length ${model.length}, got ${data.length}`);
  if (bins !== 'level') checkInteger('bins', bins, 1);
  const order = Int32Array.from(model, (_, i) => i).sort((i, j) => model[i] - model[j] || i - j);
  let total = 0;
  let massBefore = 0;
  let difference = 0;
  let bin = 0;
  order.forEach((outcome, k) => {
    const newLevel = k === 0 || model[outcome] !== model[order[k - 1]];
    if (newLevel) {
      const next = bins === 'level' ? k : Math.min(bins - 1, Math.floor(massBefore * bins));
      if (next !== bin) {
        total += Math.abs(difference);
        difference = 0;
        bin = next;
      }
    }
    massBefore += model[outcome];
    difference += model[outcome] - data[outcome];
  });
  return (total + Math.abs(difference)) / 2;
}

export interface MonofactOptions {
  /** Number of subjects; each has one true object, so this is the number of facts. */
  subjects: number;
  /** Objects that could be claimed of a subject: 1 true and objects - 1 falsehoods. At least 2. */
  objects: number;
  /** Training facts drawn. */
  n: number;
  /** Facts are drawn with probability proportional to rank^(-exponent). Default 1, Zipf's law. */
  exponent?: number;
  /** 'unigram' smooths over all claims alike; 'bigram' models the subject, then the object given the subject. Default 'unigram'. */
  model?: 'unigram' | 'bigram';
  /** Probability that smoothing moves from seen to all claims. Default: the Good-Turing estimate, which calibrates. */
  smoothing?: number;
  /** δ of the bound. Default 0.05. */
  delta?: number;
}

export interface MonofactSimulation {
  monofactRate: number;
  /** True probability of the facts that training did not show. */
  missingMass: number;
  miscalibration: number;
  /** Probability that the model's next claim is false. */
  hallucinationRate: number;
  lowerBound: number;
  /** Whether the measured rate falls below the bound: the paper's conditions on how facts spread are not checked here. */
  violated: boolean;
}

/**
 * A world of subject-object facts, a training sample from it, a smoothed model, and what it makes up.
 *
 * Draws: one permutation of the subjects, one uniform for the true object of each subject, one for each training fact.
 * O(subjects · objects).
 *
 * @throws RangeError if an option is out of its range
 */
export function simulateMonofacts(options: MonofactOptions, rng: Rng): MonofactSimulation {
  const S = checkInteger('subjects', options.subjects, 1);
  const O = checkInteger('objects', options.objects, 2);
  const n = checkInteger('n', options.n, 1);
  const exponent = checkNumber('exponent', options.exponent ?? 1, 0);
  const delta = checkPositive('delta', options.delta ?? 0.05);
  const bigram = (options.model ?? 'unigram') === 'bigram';

  const rank = samplePermutation(S, rng);
  const truth = Int32Array.from({ length: S }, () => Math.floor(O * rng()));
  const weights = Float64Array.from({ length: S }, (_, s) => pow(rank[s] + 1, -exponent));
  const weightSum = weights.reduce((a, b) => a + b, 0);
  const data = new Float64Array(S * O);
  for (let s = 0; s < S; s++) data[s * O + truth[s]] = weights[s] / weightSum;
  const counts = new Int32Array(S);
  for (let t = 0; t < n; t++) counts[sampleCategorical(weights, rng)] += 1;

  const { missingMass: monofactRate } = goodTuring(counts);
  const lambda = checkNumber('smoothing', options.smoothing ?? monofactRate, 0, 1);
  const model = new Float64Array(S * O);
  let missingMass = 0;
  let falsehood = 0;
  for (let s = 0; s < S; s++) {
    if (counts[s] === 0) missingMass += weights[s] / weightSum;
    const share = counts[s] / n;
    // A subject that training never showed has no object of its own: the bigram is uniform there.
    const subject = (1 - lambda) * share + lambda / S;
    const spread = counts[s] === 0 ? 1 : lambda;
    let falsehoodHere = 0; // subject by subject, so that the total stays accurate
    for (let o = 0; o < O; o++) {
      const seen = o === truth[s] ? 1 : 0;
      const g = bigram ? subject * ((1 - spread) * seen + spread / O) : (1 - lambda) * share * seen + lambda / (S * O);
      model[s * O + o] = g;
      if (seen === 0) falsehoodHere += g;
    }
    falsehood += falsehoodHere;
  }
  const missed = miscalibration(model, data);
  const lowerBound = hallucinationLowerBound({
    missingFacts: monofactRate,
    miscalibration: Math.min(1, missed),
    delta,
    sparsity: log(O - 1),
    n,
  });
  return {
    monofactRate,
    missingMass,
    miscalibration: missed,
    hallucinationRate: falsehood,
    lowerBound,
    violated: falsehood < lowerBound,
  };
}
