/**
 * AdaHedge: Hedge whose learning rate follows the losses, with no horizon and no range to be told.
 *
 * S. de Rooij, T. van Erven, P. D. Grünwald, W. M. Koolen, "Follow the Leader If You Can, Hedge If You Must", JMLR 15
 * (2014) 1281-1316, arXiv:1301.0534, Section 2.
 *
 *   paper      here              meaning
 *   Δ_t        state.gap         cumulative mixability gap Σ (h_t - m_t)
 *   η_t        ln K / Δ_{t-1}    learning rate, infinite while the gap is 0
 *   h_t        <p_t, l_t>        loss of the learner
 *   m_t        -ln(Σ p e^(-η l)) / η   mix loss
 *   V_T        state.variance    Σ_t variance of l_t(i) for i ~ p_t
 *   S          range             max_t (max_i l_t(i) - min_i l_t(i))
 */
import { checkInteger, checkNumber } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { expm1 } from '../special/expm1.js';
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import { weights } from './hedge.js';
import { checkGradient, type OnlineLearner, writable } from './learner.js';

export interface AdaHedgeState {
  /** Rounds seen. */
  t: number;
  /** Cumulative mixability gap Δ. */
  gap: number;
  /** Cumulative variance V of the losses under the weights: what the bound needs. */
  variance: number;
  /** Largest spread S of the losses of one round. */
  range: number;
  /** Cumulative losses. */
  losses: Float64Array;
}

/**
 * The learner AdaHedge for K experts and finite losses of any range.
 *
 * Deterministic; O(K) a round. Weights do not change when all losses of a round move by a constant, nor when all losses
 * are scaled (both up to rounding).
 *
 * @throws RangeError if `experts` is not an integer >= 1
 *
 * @example
 * const learner = adaHedge({ experts: 2 });
 * const state = learner.update(learner.init(), [0, 1]); // η was infinite: gap 1/2 - 0
 * learner.predict(state)[0].toFixed(12); //=> '0.800000000000'
 */
export function adaHedge(options: { experts: number }): OnlineLearner<AdaHedgeState> {
  const K = checkInteger('experts', options.experts, 1);
  const scratch = new Float64Array(K);
  return {
    dimension: K,
    init() {
      return { t: 0, gap: 0, variance: 0, range: 0, losses: new Float64Array(K) };
    },
    predict({ losses, gap }, out) {
      return predict(losses, gap, out ?? new Float64Array(K));
    },
    update(state, losses, out) {
      checkGradient('losses', losses, K);
      const p = predict(state.losses, state.gap, scratch);
      const next = writable(state, out);
      let low = Infinity;
      let high = -Infinity;
      let h = 0;
      for (let i = 0; i < K; i++) {
        if (losses[i] < low) low = losses[i];
        if (losses[i] > high) high = losses[i];
        h += p[i] * (losses[i] - losses[0]);
      }
      h += losses[0];
      let variance = 0;
      for (let i = 0; i < K; i++) variance += p[i] * (losses[i] - h) * (losses[i] - h);
      next.gap += Math.max(0, mixabilityGap(p, next.losses, losses, h, high - low, adaHedgeRate(K, next.gap)));
      next.variance += variance;
      if (high - low > next.range) next.range = high - low;
      for (let i = 0; i < K; i++) next.losses[i] += losses[i];
      next.t += 1;
      return next;
    },
  };
}

/** η = ln K / Δ, Infinity while the gap is 0 (or so small that the quotient overflows). */
export function adaHedgeRate(experts: number, gap: number): number {
  return gap > 0 ? log(experts) / gap : Infinity;
}

/**
 * The bound by variances: regret <= 2 sqrt(V ln K) + S (4/3 ln K + 2), for all losses. In the worst case V <= T S² / 4. Always also
 * regret <= 2 Δ, by the choice of η.
 *
 * @param options.variance V, as in the state; or T S²/4 before the game
 * @param options.range S
 *
 * @example
 * adaHedgeRegretBound(1, { variance: 0, range: 1 }); //=> 2
 */
export function adaHedgeRegretBound(experts: number, options: { variance: number; range: number }): number {
  checkInteger('experts', experts, 1);
  const V = checkNumber('variance', options.variance, 0);
  const S = checkNumber('range', options.range, 0);
  const logK = log(experts);
  return 2 * Math.sqrt(V * logK) + S * ((4 / 3) * logK + 2);
}

/** The part of the bound that is known during the game: regret <= 2 Δ, ibid. */
export function adaHedgeGapBound(state: AdaHedgeState): number {
  return 2 * state.gap;
}

function predict(losses: Float64Array, gap: number, out: Float64Array): Float64Array {
  const eta = adaHedgeRate(losses.length, gap);
  if (eta < Infinity) return weights(losses, eta, out);
  let least = Infinity;
  for (let i = 0; i < losses.length; i++) if (losses[i] < least) least = losses[i];
  let leaders = 0;
  for (let i = 0; i < losses.length; i++) if (losses[i] === least) leaders += 1;
  for (let i = 0; i < losses.length; i++) out[i] = losses[i] === least ? 1 / leaders : 0;
  return out;
}

/**
 * h - m >= 0 with m = -ln(Σ p e^(-η l)) / η, p = softmax(-η L).
 *
 * For large η the weight of an expert far behind is 0 in floating point while its term p e^(-η l) need not be: it may take the lead in this
 * very round. So m is then a difference of potentials, min(L + l) - min L for η = Infinity.
 */
function mixabilityGap(
  p: Float64Array,
  L: Float64Array,
  losses: ArrayLike<number>,
  h: number,
  spread: number,
  eta: number,
): number {
  const K = p.length;
  if (eta * spread <= 1) {
    // ln Σ p e^(-η(l-h)) = log1p(Σ p expm1(-η(l-h))): no digit is lost as η falls.
    let total = 0;
    for (let i = 0; i < K; i++) total += p[i] * expm1(-eta * (losses[i] - h));
    return eta === 0 ? 0 : log1p(total) / eta;
  }
  let before = Infinity;
  for (let i = 0; i < K; i++) if (L[i] < before) before = L[i];
  let after = Infinity;
  for (let i = 0; i < K; i++) if (L[i] - before + losses[i] < after) after = L[i] - before + losses[i];
  if (eta === Infinity) return h - after;
  let total = 0;
  let start = 0;
  for (let i = 0; i < K; i++) {
    total += exp(-eta * (L[i] - before + losses[i] - after));
    start += exp(-eta * (L[i] - before));
  }
  return h - after + (log(total) - log(start)) / eta;
}
