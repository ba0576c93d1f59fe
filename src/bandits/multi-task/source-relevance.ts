/**
 * Which source tasks a target task is made of, and how to share out samples among them.
 *
 * Y. Wang, Y. Chen, K. Jamieson, S. S. Du, "Improved Active Multi-Task Representation Learning via Lasso", ICML 2023, arXiv:2306.02556;
 * the L2 strategy: Y. Chen, K. Jamieson, S. S. Du, ICML 2022, arXiv:2202.00911.
 *
 *   paper    here           meaning
 *   W*       sourceHeads    heads of the T source tasks, k × T
 *   w*       targetHead     head of the target task
 *   ν        nu             relevance, W ν = w
 *   n_t      allocation     samples of source t; excess risk of the target ∝ k d Σ ν_t² / n_t
 *
 *   'l1'   n_t = max(nMin, N |ν_t| / ||ν||_1)       Σ ν²/n = ||ν||_1² / N
 *   'l2'   n_t = max(nMin, N ν_t² / ||ν||_2²)       Σ ν²/n = s ||ν||_2² / N, s the number of nonzeros
 *
 * By Cauchy-Schwarz ||ν||_1² <= s ||ν||_2² for the same ν, and the least L1 norm is below that of the least L2 norm.
 */
import { checkInteger, checkNumber, checkOption, checkPositive, checkVector } from '../../internal/check.js';
import { type MatrixLike, matVec, pseudoInverse, toRowMajor } from '../../linalg/index.js';
import { basisPursuit } from './basis-pursuit.js';

export interface SourceRelevance {
  /** ν, length T. */
  nu: Float64Array;
  l1Norm: number;
  l2Norm: number;
}

/**
 * ν with W ν = w of the least norm: 'l2' is pinv(W) w (least squares where w is out of reach), 'l1' the solution of a linear program, a
 * vertex with at most k nonzeros; where several have the least norm, one of them.
 *
 * @param sourceHeads W, k × T
 * @param targetHead w, length k
 * @throws RangeError if shapes do not fit, or for 'l1' if w is not in the span of the heads
 *
 * @example
 * sourceRelevance([[1, 0.5]], [1], { norm: 'l1' }).nu; //=> Float64Array.of(1, 0)
 */
export function sourceRelevance(
  sourceHeads: MatrixLike,
  targetHead: ArrayLike<number>,
  options: { norm: 'l1' | 'l2' },
): SourceRelevance {
  const { data: W, rows: k, columns: T } = toRowMajor(sourceHeads, 'sourceHeads');
  if (k === 0 || T === 0) throw new RangeError('sourceHeads must not be empty');
  checkVector('sourceHeads', W);
  checkVector('targetHead', targetHead, k);
  const norm = checkOption('norm', options.norm, ['l1', 'l2']);
  if (norm === 'l2') return withNorms(matVec(pseudoInverse(W, k, T), targetHead, T, k));
  const nu = basisPursuit(W, targetHead, k, T);
  if (nu === undefined) throw new RangeError('targetHead must be in the span of the source heads');
  return withNorms(nu);
}

function withNorms(nu: Float64Array): SourceRelevance {
  let l1Norm = 0;
  let squares = 0;
  for (let t = 0; t < nu.length; t++) {
    l1Norm += Math.abs(nu[t]);
    squares += nu[t] * nu[t];
  }
  return { nu, l1Norm, l2Norm: Math.sqrt(squares) };
}

/**
 * Σ ν_t² / n_t under a strategy that shares out N samples: ||ν||_1² / N for 'l1', s ||ν||_2² / N for 'l2' with s the number of nonzeros.
 *
 * @throws RangeError if nu is not finite or total is not positive
 *
 * @example
 * samplingFactor([3, -4, 0], { strategy: 'l1', total: 7 }); //=> 7
 * samplingFactor([3, -4, 0], { strategy: 'l2', total: 50 }); //=> 1
 */
export function samplingFactor(nu: ArrayLike<number>, options: { strategy: 'l1' | 'l2'; total: number }): number {
  checkVector('nu', nu);
  const strategy = checkOption('strategy', options.strategy, ['l1', 'l2']);
  const N = checkPositive('total', options.total);
  let l1 = 0;
  let squares = 0;
  let nonzeros = 0;
  for (let t = 0; t < nu.length; t++) {
    l1 += Math.abs(nu[t]);
    squares += nu[t] * nu[t];
    if (nu[t] !== 0) nonzeros += 1;
  }
  return strategy === 'l1' ? (l1 * l1) / N : (nonzeros * squares) / N;
}

export interface AllocationOptions {
  /** 'l1' (default), 'l2', or 'uniform'. */
  strategy?: 'l1' | 'l2' | 'uniform';
  /** N: samples in all before `minimum` is applied, or what they may cost where `costs` are given. */
  total: number;
  /** nMin, samples that every source gets at least. Default 0. */
  minimum?: number;
  /** Cost c_t > 0 of a sample of each source, for 'l1': n_t ∝ |ν_t| / sqrt(c_t) with Σ c_t n_t = N. */
  costs?: ArrayLike<number>;
}

/**
 * Samples of every source, real numbers (round them up to draw). With costs, the allocation of cost N that has the least Σ ν²/n; all
 * costs equal to 1 is 'l1'.
 *
 * @throws RangeError if an option is out of range, or all of ν is 0
 *
 * @example
 * sourceAllocation([3, -1], { total: 8 }); //=> Float64Array.of(6, 2)
 * sourceAllocation([2, 1], { total: 8, costs: [1, 4] }); //=> Float64Array.of(4, 1)
 */
export function sourceAllocation(nu: ArrayLike<number>, options: AllocationOptions): Float64Array {
  checkVector('nu', nu);
  const T = checkInteger('nu.length', nu.length, 1);
  const strategy = checkOption('strategy', options.strategy ?? 'l1', ['l1', 'l2', 'uniform']);
  const N = checkPositive('total', options.total);
  const least = checkNumber('minimum', options.minimum ?? 0, 0);
  const { costs } = options;
  if (costs !== undefined) {
    if (strategy !== 'l1') throw new RangeError(`costs must come with strategy 'l1', got '${strategy}'`);
    checkVector('costs', costs, T);
    for (let t = 0; t < T; t++) checkPositive(`costs[${t}]`, costs[t]);
  }
  const shares = new Float64Array(T);
  let total = 0;
  for (let t = 0; t < T; t++) {
    const c = costs === undefined ? 1 : costs[t];
    shares[t] = strategy === 'uniform' ? 1 : strategy === 'l2' ? nu[t] * nu[t] : Math.abs(nu[t]) / Math.sqrt(c);
    total += c * shares[t];
  }
  if (!(total > 0)) throw new RangeError('nu must not be all 0');
  for (let t = 0; t < T; t++) shares[t] = Math.max(least, (N * shares[t]) / total);
  return shares;
}

/**
 * Σ ν_t² / n_t, what the excess risk of the target is proportional to (k d Σ ν_t² / n_t). Infinity if a relevant source has no
 * samples.
 *
 * @example
 * transferRisk([1, 2, 0], [1, 4, 0]); //=> 2
 */
export function transferRisk(nu: ArrayLike<number>, samples: ArrayLike<number>): number {
  checkVector('nu', nu);
  checkVector('samples', samples, nu.length);
  let total = 0;
  for (let t = 0; t < nu.length; t++) if (nu[t] !== 0) total += (nu[t] * nu[t]) / Math.max(0, samples[t]);
  return total;
}
