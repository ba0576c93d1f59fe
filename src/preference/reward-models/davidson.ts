// Bradley-Terry with ties, and with an advantage of the side that is named first: at home, with the white pieces, or
// shown first to a judge.
//
//   paper       here            meaning
//   ln π_i      scores[i]       log-strength
//   ln θ        advantage       log-odds that the first side gains by being first
//   ln ν        tie             log-weight of a tie: P(tie)² = ν² P(first wins) P(second wins)

import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { rankingFit, type RankingFit } from './bradley-terry.js';
import { newtonFit } from './newton-fit.js';
import { checkStronglyConnected } from './win-graph.js';

/** One match or judgment. */
export interface Match {
  first: number;
  second: number;
  /** 1 the first side won, 0 the second, 0.5 a tie. */
  outcome: number;
  /** Neither side had the advantage. Default false. */
  neutral?: boolean;
  /** Default 1. */
  weight?: number;
}

export interface DavidsonOptions {
  /** Number of items. */
  items: number;
  /** Fit the advantage of the first side. Default true. */
  advantage?: boolean;
  /** Penalty l2/2 Σ score². Default 0. */
  l2?: number;
  /** Converged when the last step is below tolerance (1 + max |parameter|). Default 1e-12. */
  tolerance?: number;
  /** Default 100. */
  maxIterations?: number;
}

export interface DavidsonFit extends RankingFit {
  /** Log-odds that the first side gains; 0 when it was not asked for. */
  advantage: number;
  advantageError: number;
  /** ln ν; -Infinity, with error 0, when no match was tied: then ties have probability 0. */
  tie: number;
  tieError: number;
}

/**
 * Maximizes Σ log P(outcome) - l2/2 Σ score², where with a = score_first + advantage and b = score_second
 * P(first) : P(tie) : P(second) = e^a : ν e^{(a+b)/2} : e^b.
 *
 * R. R. Davidson, J. Amer. Statist. Assoc. 65 (1970); the order effect: R. R. Davidson, R. J. Beaver,
 * Biometrics 33 (1977), up to √θ in ν, which is the same model when every match has a first side. Newton's method on a
 * concave likelihood, O(matches + n³) an iteration.
 *
 * @throws RangeError if an outcome is not 0, 0.5 or 1; without l2, if the graph of wins and ties is not strongly connected
 *
 * @example
 * const { advantage } = fitDavidson([{ first: 0, second: 1, outcome: 1 }, { first: 1, second: 0, outcome: 1 },
 *   { first: 1, second: 0, outcome: 0 }, { first: 0, second: 1, outcome: 0 }], { items: 2 });
 * Math.abs(advantage) < 1e-12; //=> true
 */
export function fitDavidson(matches: readonly Match[], options: DavidsonOptions): DavidsonFit {
  const n = checkInteger('items', options.items, 1);
  const l2 = checkNumber('l2', options.l2 ?? 0, 0);
  const tolerance = checkPositive('tolerance', options.tolerance ?? 1e-12);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 100, 1);
  let ties = 0;
  let wins = 0;
  const beats: number[][] = Array.from({ length: n }, () => []);
  matches.forEach(({ first, second, outcome, weight = 1 }, k) => {
    checkInteger(`matches[${k}].first`, first, 0, n - 1);
    checkInteger(`matches[${k}].second`, second, 0, n - 1);
    if (first === second) throw new RangeError(`matches[${k}].second must differ from first, got ${second}`);
    if (outcome !== 0 && outcome !== 0.5 && outcome !== 1) {
      throw new RangeError(`matches[${k}].outcome must be 0, 0.5 or 1, got ${outcome}`);
    }
    checkNumber(`matches[${k}].weight`, weight, 0);
    if (weight === 0) return;
    if (outcome === 0.5) ties += 1;
    else wins += 1;
    if (outcome > 0) beats[first].push(second);
    if (outcome < 1) beats[second].push(first);
  });
  if (wins === 0) throw new RangeError('matches must not all be ties: their weight would be infinite');
  if (l2 === 0) checkStronglyConnected('matches', beats);
  const hasAdvantage = (options.advantage ?? true) && matches.some(({ neutral }) => neutral !== true);
  const hasTies = ties > 0;
  const d = n + (hasAdvantage ? 1 : 0) + (hasTies ? 1 : 0);
  const gamma = hasAdvantage ? n : -1;
  const tau = hasTies ? d - 1 : -1;

  const derivatives = (x: Float64Array, g: Float64Array, H: Float64Array): number => {
    let total = 0;
    for (const { first, second, outcome, neutral, weight = 1 } of matches) {
      if (weight === 0) continue;
      const at = gamma >= 0 && neutral !== true ? gamma : -1;
      // the three logits, less their mean (a + b)/2
      const half = (x[first] - x[second] + (at >= 0 ? x[at] : 0)) / 2;
      const t = hasTies ? x[tau] : -Infinity;
      const most = Math.max(Math.abs(half), t);
      const e1 = exp(half - most);
      const e0 = exp(-half - most);
      const et = hasTies ? exp(t - most) : 0;
      const sum = e1 + e0 + et;
      total += weight * (most + log(sum) - (outcome === 1 ? half : outcome === 0 ? -half : t));
      // derivatives in half and in the tie's logit
      const p1 = e1 / sum;
      const p0 = e0 / sum;
      const pt = et / sum;
      const slope = weight * (p1 - p0 - (2 * outcome - 1));
      const curvature = weight * (p1 + p0 - (p1 - p0) * (p1 - p0));
      const cross = -weight * (p1 - p0) * pt;
      g[first] += slope / 2;
      g[second] -= slope / 2;
      const quarter = curvature / 4;
      H[first * d + first] += quarter;
      H[second * d + second] += quarter;
      H[first * d + second] -= quarter;
      H[second * d + first] -= quarter;
      if (at >= 0) {
        g[at] += slope / 2;
        H[at * d + at] += quarter;
        symmetric(H, d, first, at, quarter);
        symmetric(H, d, second, at, -quarter);
      }
      if (hasTies) {
        g[tau] += weight * (pt - (outcome === 0.5 ? 1 : 0));
        H[tau * d + tau] += weight * pt * (1 - pt);
        symmetric(H, d, first, tau, cross / 2);
        symmetric(H, d, second, tau, -cross / 2);
        if (at >= 0) symmetric(H, d, at, tau, cross / 2);
      }
    }
    return total;
  };
  const settings = { size: d, gauge: n, penalized: l2 > 0 ? n : 0, l2, tolerance, maxIterations, bound: 300 };
  const fit = newtonFit(derivatives, settings);
  const error = (k: number) => (k < 0 ? 0 : Math.sqrt(fit.covariance[k * d + k]));
  return {
    ...rankingFit(fit, n),
    advantage: hasAdvantage ? fit.x[gamma] : 0,
    advantageError: error(gamma),
    tie: hasTies ? fit.x[tau] : -Infinity,
    tieError: error(tau),
  };
}

/**
 * Probabilities of the outcomes of a match under a fit.
 *
 * @throws RangeError if an item is out of range, or a score or the advantage is not finite, or tie is NaN or Infinity
 *
 * @example
 * matchProbabilities({ scores: [0, 0], advantage: 0, tie: -Infinity }, 0, 1); //=> { first: 0.5, tie: 0, second: 0.5 }
 */
export function matchProbabilities(
  fit: { scores: ArrayLike<number>; advantage: number; tie: number },
  first: number,
  second: number,
  options: { neutral?: boolean } = {},
): { first: number; tie: number; second: number } {
  checkVector('scores', fit.scores);
  checkInteger('first', first, 0, fit.scores.length - 1);
  checkInteger('second', second, 0, fit.scores.length - 1);
  checkNumber('advantage', fit.advantage);
  if (fit.tie !== -Infinity) checkNumber('tie', fit.tie);
  const half = (fit.scores[first] - fit.scores[second] + (options.neutral === true ? 0 : fit.advantage)) / 2;
  const most = Math.max(Math.abs(half), fit.tie);
  const e1 = exp(half - most);
  const e0 = exp(-half - most);
  const et = fit.tie === -Infinity ? 0 : exp(fit.tie - most);
  const sum = e1 + e0 + et;
  return { first: e1 / sum, tie: et / sum, second: e0 / sum };
}

function symmetric(H: Float64Array, d: number, i: number, j: number, value: number): void {
  H[i * d + j] += value;
  H[j * d + i] += value;
}
