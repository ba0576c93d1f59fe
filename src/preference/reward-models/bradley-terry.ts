// Strengths from pairwise results: Bradley-Terry and Thurstone models by maximum likelihood.
//
//   paper    here             meaning
//   β_i      scores[i]        log-strength; P(i beats j) = F(β_i - β_j), F logistic or normal
//   w_ij     wins[i][j]       times i beat j; a tie counts half a win for each

import { checkInteger, checkNumber, checkOption, checkPositive, checkVector } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { sigmoid, softplus } from '../../special/logistic.js';
import { logNormalCdf, normalLogPdf } from '../../special/normal.js';
import { center, gaugedInverse, newtonFit, standardErrorsOf, type FitStatus } from './newton-fit.js';
import { checkStronglyConnected } from './win-graph.js';

/** 'logit' is Bradley-Terry, 'probit' Thurstone's case V. */
export type ComparisonLink = 'logit' | 'probit';

/** [winner, loser] or [winner, loser, weight]. */
export type Comparison = readonly [number, number] | readonly [number, number, number];

export interface BradleyTerryOptions {
  /** Number of items; needed with a list of comparisons. */
  items?: number;
  link?: ComparisonLink;
  /** 'newton' (default), or 'mm', the minorization of Hunter: slower, monotone; without l2 and for 'logit' only. */
  method?: 'newton' | 'mm';
  /** Penalty l2/2 Σ β². Default 0; above 0 the estimate always exists. */
  l2?: number;
  /** Converged when the last step is below tolerance (1 + max |β|) in every score. Default 1e-12. */
  tolerance?: number;
  /** Default 100 for 'newton', 100,000 for 'mm'. */
  maxIterations?: number;
}

export interface RankingFit {
  /** Scores of sum 0; larger is stronger. */
  scores: Float64Array;
  /** Minus the log-likelihood, without the penalty. */
  negLogLik: number;
  /** √ of the diagonal of the pseudo-inverse of the Hessian: the errors of the scores under the gauge Σ β = 0. */
  standardErrors: Float64Array;
  /** That pseudo-inverse, n × n; the variance of β_i - β_j is c_ii + c_jj - 2 c_ij. */
  covariance: Float64Array;
  iterations: number;
  converged: boolean;
  status: FitStatus;
}

/**
 * Maximizes Σ w_ij log F(β_i - β_j) - l2/2 Σ β² over scores of sum 0.
 *
 * R. A. Bradley, M. E. Terry, Biometrika 39 (1952); L. L. Thurstone, Psychol. Rev. 34 (1927); D. R. Hunter, Ann. Statist.
 * 32 (2004), for 'mm'. A tie is half a win for each side; `fitDavidson` models ties and the advantage of the
 * first side instead. Newton costs O(n³) an iteration, minorization O(n²).
 *
 * @param wins n × n counts (the diagonal is ignored), or a list of [winner, loser, weight?] with `items`
 * @throws RangeError if a weight is negative or not finite; without l2, if some items never beat the others (they are
 *   named): then no maximum exists
 *
 * @example
 * fitBradleyTerry([[0, 3], [1, 0]]).scores.map((b) => Math.round(1e9 * Math.exp(2 * b))); //=> Float64Array.of(3e9, 333333333)
 */
export function fitBradleyTerry(
  wins: MatrixLike | readonly Comparison[],
  options: BradleyTerryOptions = {},
): RankingFit {
  const link = checkOption('link', options.link ?? 'logit', ['logit', 'probit']);
  const method = checkOption('method', options.method ?? 'newton', ['newton', 'mm']);
  const l2 = checkNumber('l2', options.l2 ?? 0, 0);
  const tolerance = checkPositive('tolerance', options.tolerance ?? 1e-12);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? (method === 'mm' ? 100_000 : 100), 1);
  if (method === 'mm' && (l2 > 0 || link !== 'logit')) throw new RangeError("method 'mm' is for l2 = 0 and 'logit'");
  const { W, n } =
    options.items === undefined
      ? countsOf(wins as MatrixLike)
      : tally(wins as readonly Comparison[], checkInteger('items', options.items, 1));
  if (l2 === 0) {
    const beats = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => j).filter((j) => W[i * n + j] > 0),
    );
    checkStronglyConnected('wins', beats);
  }
  const derivatives = comparisonLoss(W, n, link);
  const settings = { size: n, gauge: n, penalized: l2 > 0 ? n : 0, l2, tolerance, bound: 700 };
  if (method === 'newton') return rankingFit(newtonFit(derivatives, { ...settings, maxIterations }), n);
  const { scores, iterations, converged } = minorize(W, n, tolerance, maxIterations);
  const hessian = new Float64Array(n * n);
  const negLogLik = derivatives(scores, new Float64Array(n), hessian);
  const covariance = gaugedInverse(hessian, n, n, 0);
  return {
    scores,
    negLogLik,
    standardErrors: standardErrorsOf(covariance, n, n),
    covariance,
    iterations,
    converged,
    status: converged ? 'converged' : 'max-iterations',
  };
}

/** The fit of n scores from the fit of all parameters, of which they are the first. */
export function rankingFit(fit: ReturnType<typeof newtonFit>, n: number): RankingFit {
  const d = fit.x.length;
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance.set(fit.covariance.subarray(i * d, i * d + n), i * n);
  return {
    scores: fit.x.slice(0, n),
    negLogLik: fit.loss,
    standardErrors: standardErrorsOf(fit.covariance, d, n),
    covariance,
    iterations: fit.iterations,
    converged: fit.status === 'converged',
    status: fit.status,
  };
}

/**
 * P(i beats j) = F(β_i - β_j).
 *
 * @example
 * winProbability(1, 1); //=> 0.5
 */
export function winProbability(scoreI: number, scoreJ: number, options: { link?: ComparisonLink } = {}): number {
  const link = checkOption('link', options.link ?? 'logit', ['logit', 'probit']);
  const gap = checkNumber('scoreI', scoreI) - checkNumber('scoreJ', scoreJ);
  return link === 'logit' ? sigmoid(gap) : exp(logNormalCdf(gap));
}

/**
 * Items from the strongest to the weakest; equal scores by index.
 *
 * @example
 * rankingFromScores([0.1, 2, 0.1]); //=> Int32Array.of(1, 0, 2)
 */
export function rankingFromScores(scores: ArrayLike<number>): Int32Array {
  checkVector('scores', scores);
  return Int32Array.from(Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b));
}

/**
 * Ratings on Elo's scale: 1500 + 400/ln 10 · β, where 400 points are odds of 10 to 1.
 *
 * @example
 * eloFromBradleyTerry([0]); //=> Float64Array.of(1500)
 */
export function eloFromBradleyTerry(scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(checkVector('scores', scores), (b) => 1500 + (400 / Math.LN10) * b);
}

/** -log F(z) with its first two derivatives, into `at`. */
export function linkLoss(
  link: ComparisonLink,
  z: number,
  at: { loss: number; slope: number; curvature: number },
): void {
  if (link === 'logit') {
    const s = sigmoid(-z);
    at.loss = softplus(-z);
    at.slope = -s;
    at.curvature = s * sigmoid(z);
    return;
  }
  // the inverse Mills ratio φ/Φ through logarithms, as both vanish in the far tail
  const logP = logNormalCdf(z);
  const mills = exp(normalLogPdf(z) - logP);
  at.loss = -logP;
  at.slope = -mills;
  // m (m + z) cancels far out, where it tends to 1 - 2/z² ... from below
  at.curvature = z < -1e4 ? 1 : mills * (mills + z);
}

function comparisonLoss(W: Float64Array, n: number, link: ComparisonLink) {
  const at = { loss: 0, slope: 0, curvature: 0 };
  return (b: Float64Array, g: Float64Array, H: Float64Array): number => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const w = W[i * n + j];
        if (w === 0) continue;
        linkLoss(link, b[i] - b[j], at);
        total += w * at.loss;
        const slope = w * at.slope;
        const curvature = w * at.curvature;
        g[i] += slope;
        g[j] -= slope;
        H[i * n + i] += curvature;
        H[j * n + j] += curvature;
        H[i * n + j] -= curvature;
        H[j * n + i] -= curvature;
      }
    }
    return total;
  };
}

/** p_i ← W_i / Σ_j n_ij/(p_i + p_j), p scaled to geometric mean 1 after each sweep. */
function minorize(W: Float64Array, n: number, tolerance: number, maxIterations: number) {
  let scores = new Float64Array(n);
  let next = new Float64Array(n);
  const p = new Float64Array(n).fill(1);
  for (let iterations = 1; ; iterations++) {
    let change = 0;
    let most = 0;
    for (let i = 0; i < n; i++) {
      let won = 0;
      let rate = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        won += W[i * n + j];
        rate += (W[i * n + j] + W[j * n + i]) / (p[i] + p[j]);
      }
      next[i] = n === 1 ? 0 : log(won / rate);
    }
    center(next, n);
    for (let i = 0; i < n; i++) {
      change = Math.max(change, Math.abs(next[i] - scores[i]));
      most = Math.max(most, Math.abs(next[i]));
      p[i] = exp(next[i]);
    }
    [scores, next] = [next, scores];
    const converged = change <= tolerance * (1 + most);
    if (converged || iterations === maxIterations) return { scores, iterations, converged };
  }
}

function countsOf(wins: MatrixLike): { W: Float64Array; n: number } {
  const { data, rows: n, columns } = toRowMajor(wins, 'wins');
  if (columns !== n || n === 0) throw new RangeError(`wins must be a square matrix, got ${n} x ${columns}`);
  const W = data.slice();
  for (let i = 0; i < n; i++) {
    W[i * n + i] = 0;
    for (let j = 0; j < n; j++) checkNumber(`wins[${i}][${j}]`, W[i * n + j], 0);
  }
  return { W, n };
}

function tally(comparisons: readonly Comparison[], n: number): { W: Float64Array; n: number } {
  const W = new Float64Array(n * n);
  comparisons.forEach(([winner, loser, weight = 1], k) => {
    checkInteger(`wins[${k}][0]`, winner, 0, n - 1);
    checkInteger(`wins[${k}][1]`, loser, 0, n - 1);
    if (winner === loser) throw new RangeError(`wins[${k}] compares item ${winner} with itself`);
    W[winner * n + loser] += checkNumber(`wins[${k}][2]`, weight, 0);
  });
  return { W, n };
}
