/**
 * Linear bandits on the logarithm of the cost: one Bayesian regression on Chebyshev polynomials of the context for each value.
 *
 * L. Li, W. Chu, J. Langford, R. E. Schapire, "A Contextual-Bandit Approach to Personalized News Article Recommendation", WWW 2010
 * (disjoint LinUCB); S. Agrawal, N. Goyal, "Thompson Sampling for Contextual Bandits with Linear Payoffs", ICML 2013. The targets and
 * priors are the library's own: iteration counts span two orders of magnitude, and high degrees are expected to matter less.
 *
 *   model   log(cost) - 4 = θᵀ f + noise of variance σ²,   θ_j normal with precision (1 + j²)/4 before the first cost
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { choleskyRankOne } from '../../linalg/cholesky-update.js';
import { sampleNormal } from '../../random/normal.js';
import { chebyshevFeatures } from '../../special/chebyshev-features.js';
import { log } from '../../special/log.js';
import { checkContext, checkCost, type OmegaLearner } from './learner.js';

export interface LogCostState {
  /** Updates so far. */
  t: number;
  /** Cholesky factor of the posterior precision of each value, values x features x features. */
  factor: Float64Array;
  /** Σ f (log(cost) - 4)/σ² of each value, values x features. */
  moments: Float64Array;
}

export interface LogCostOptions {
  /** Ends of the interval of contexts. */
  low: number;
  high: number;
  /** 'ucb': least mean - width · sd, deterministic. 'thompson': least draw from the posterior of the mean. */
  policy: 'ucb' | 'thompson';
  /** Number of Chebyshev polynomials. Default 6. */
  features?: number;
  /** Width of 'ucb'. Default 1. */
  width?: number;
  /** Variance σ² of log costs about their mean. Default 0.02. */
  noiseVariance?: number;
}

/**
 * Plays the value whose predicted log cost at the context is least, with a bonus for what is not known.
 *
 * About as good as ChebCB where the logarithm of the cost is a smooth function of the context, as for shifted systems; much worse with
 * these defaults on a heat simulation, whose coefficient jumps between two scales. 'thompson' draws one normal for each value.
 * O(values · features²) a step.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const learner = logCostLearner([1, 1.5], { low: 0, high: 1, policy: 'ucb' });
 * let state = learner.init();
 * state = learner.update(state, learner.select(state, createRng(1), 0.3), 500);
 * learner.select(state, createRng(1), 0.3).value; //=> 1.5
 */
export function logCostLearner<Value = number>(
  values: ArrayLike<Value>,
  { low, high, policy, features: m = 6, width = 1, noiseVariance = 0.02 }: LogCostOptions,
): OmegaLearner<LogCostState, Value> {
  const d = checkInteger('values.length', values.length, 1);
  checkInteger('features', m, 1);
  checkNumber('low', low);
  checkNumber('high', high);
  if (!(low < high)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  const thompson = checkOption('policy', policy, ['ucb', 'thompson']) === 'thompson';
  checkNumber('width', width, 0);
  checkPositive('noiseVariance', noiseVariance);
  const range = { low, high, count: m };
  const noise = Math.sqrt(noiseVariance);

  // Work vectors, overwritten by every call.
  const f = new Float64Array(m);
  const solved = new Float64Array(m);
  const own = new Float64Array(m * m);

  return {
    name: 'logCostLearner',
    init() {
      const factor = new Float64Array(d * m * m);
      for (let i = 0; i < d; i++)
        for (let j = 0; j < m; j++) factor[i * m * m + j * (m + 1)] = Math.sqrt(1 + j * j) / 2;
      return { t: 0, factor, moments: new Float64Array(d * m) };
    },
    select({ factor, moments }, rng, given) {
      const context = checkContext(given);
      chebyshevFeatures(context, range, f);
      let index = 0;
      let least = Infinity;
      for (let i = 0; i < d; i++) {
        // With P = L Lᵀ: mean = (L⁻¹f)ᵀ(L⁻¹h) and variance = |L⁻¹f|².
        forward(factor, i * m * m, f, 0, m, solved);
        let variance = 0;
        for (let j = 0; j < m; j++) variance += solved[j] * solved[j];
        backward(factor, i * m * m, m, solved);
        let mean = 0;
        for (let j = 0; j < m; j++) mean += solved[j] * moments[i * m + j];
        const sd = Math.sqrt(variance);
        const score = thompson ? mean + sd * sampleNormal(rng) : mean - width * sd;
        if (score < least) {
          least = score;
          index = i;
        }
      }
      return { index, value: values[index], probability: 1, context };
    },
    update(state, { index, context }, cost, out) {
      const y = log(checkCost(cost)) - 4;
      chebyshevFeatures(checkContext(context), range, f);
      const next = copyState(state, out);
      next.t += 1;
      for (let j = 0; j < m; j++) next.moments[index * m + j] += (f[j] * y) / noiseVariance;
      own.set(next.factor.subarray(index * m * m, (index + 1) * m * m));
      for (let j = 0; j < m; j++) f[j] /= noise;
      choleskyRankOne(own, f, m, 1);
      next.factor.set(own, index * m * m);
      return next;
    },
  };
}

/** x <- L⁻¹ f, L being m x m at `at`. */
function forward(L: Float64Array, at: number, f: Float64Array, from: number, m: number, x: Float64Array): void {
  for (let j = 0; j < m; j++) {
    let sum = f[from + j];
    for (let k = 0; k < j; k++) sum -= L[at + j * m + k] * x[k];
    x[j] = sum / L[at + j * m + j];
  }
}

/** x <- L⁻ᵀ x. */
function backward(L: Float64Array, at: number, m: number, x: Float64Array): void {
  for (let j = m - 1; j >= 0; j--) {
    let sum = x[j];
    for (let k = j + 1; k < m; k++) sum -= L[at + k * m + j] * x[k];
    x[j] = sum / L[at + j * m + j];
  }
}

function copyState(state: LogCostState, out: LogCostState | undefined): LogCostState {
  if (out === state) return state;
  if (out === undefined) return { t: state.t, factor: state.factor.slice(), moments: state.moments.slice() };
  out.t = state.t;
  out.factor.set(state.factor);
  out.moments.set(state.moments);
  return out;
}
