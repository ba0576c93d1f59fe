// Divergences between a softmax policy and a target, with gradients in the logits, and when each of the two
// Kullback-Leibler divergences separates modes faster.
//
// F. Tajwar et al., "Preference Fine-Tuning of LLMs Should Leverage Suboptimal, On-Policy Data", arXiv:2404.14367
// (mode-seeking against mode-covering objectives).
//
//   paper    here      meaning
//   π_θ      p         softmax(logits)
//   q        target    what p is fitted to

import { checkNumber, checkOption, checkProbabilities, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { pow } from '../../special/pow.js';
import { logSoftmax } from '../../special/softmax.js';

export type CategoricalDivergenceKind = 'forward' | 'reverse' | 'js' | 'alpha';

export interface CategoricalDivergenceOptions {
  /** 'forward' KL(target || p), 'reverse' KL(p || target), 'js' Jensen-Shannon, 'alpha' Amari's. Default 'forward'. */
  kind?: CategoricalDivergenceKind;
  /** Order a of 'alpha', in (0, 1). Default 0.5. */
  alpha?: number;
}

/**
 * A divergence of p = softmax(logits) from a target, and its gradient in the logits.
 *
 *   forward   Σ t log(t/p)                          gradient p - t
 *   reverse   Σ p log(p/t)                          p_i (log(p_i/t_i) - KL)
 *   js        (KL(p || m) + KL(t || m))/2           p_i (q_i - E_p q), q = log(p/m)/2, m = (p+t)/2
 *   alpha     (1 - Σ t^a p^{1-a}) / (a(1-a))        -(t_i^a p_i^{1-a} - p_i Σ_j t_j^a p_j^{1-a})/a
 *
 * Natural logarithms. O(K).
 *
 * @throws RangeError if a logit is not finite, target is no probability vector of the same length, alpha is outside
 *   (0, 1), or 'reverse' meets a target of 0, where it is infinite
 *
 * @example
 * categoricalDivergence([0, 0], [1, 0]).value; //=> Math.LN2
 */
export function categoricalDivergence(
  logits: ArrayLike<number>,
  target: ArrayLike<number>,
  options: CategoricalDivergenceOptions = {},
): { value: number; grad: Float64Array } {
  checkVector('logits', logits);
  checkProbabilities('target', target);
  const n = logits.length;
  if (target.length !== n) throw new RangeError(`target must have length ${n}, got ${target.length}`);
  const kind = checkOption('kind', options.kind ?? 'forward', ['forward', 'reverse', 'js', 'alpha']);
  const a = checkNumber('alpha', options.alpha ?? 0.5, 0, 1);
  if (a === 0 || a === 1) throw new RangeError(`alpha must be inside (0, 1), got ${a}`);
  const logP = logSoftmax(logits);
  const p = logP.map(exp);
  const grad = new Float64Array(n);
  let value = 0;
  if (kind === 'forward') {
    for (let i = 0; i < n; i++) {
      if (target[i] > 0) value += target[i] * (log(target[i]) - logP[i]);
      grad[i] = p[i] - target[i];
    }
  } else if (kind === 'reverse') {
    for (let i = 0; i < n; i++) {
      if (target[i] === 0) throw new RangeError(`target[${i}] must be positive, or the reverse divergence is infinite`);
      grad[i] = logP[i] - log(target[i]);
      value += p[i] * grad[i];
    }
    for (let i = 0; i < n; i++) grad[i] = p[i] * (grad[i] - value);
  } else if (kind === 'js') {
    let meanQ = 0;
    for (let i = 0; i < n; i++) {
      const logM = log(0.5 * (p[i] + target[i]));
      if (target[i] > 0) value += 0.5 * target[i] * (log(target[i]) - logM);
      if (p[i] > 0) {
        grad[i] = 0.5 * (logP[i] - logM);
        value += p[i] * grad[i];
        meanQ += p[i] * grad[i];
      }
    }
    for (let i = 0; i < n; i++) grad[i] = p[i] * (grad[i] - meanQ);
  } else {
    let overlap = 0;
    for (let i = 0; i < n; i++) {
      grad[i] = target[i] > 0 ? pow(target[i], a) * exp((1 - a) * logP[i]) : 0;
      overlap += grad[i];
    }
    value = (1 - overlap) / (a * (1 - a));
    for (let i = 0; i < n; i++) grad[i] = -(grad[i] - p[i] * overlap) / a;
  }
  return { value, grad };
}

/**
 * The probability above which a mode-seeking step separates two bins faster: the logarithmic mean
 * (q₁ - q₂)/(log q₁ - log q₂).
 *
 * For two bins of equal probability p and targets q₁ > q₂, a gradient step of size η in the logits moves log(p₁/p₂) by
 * η (q₁ - q₂) for the forward divergence and by η p log(q₁/q₂) for the reverse one. The second is larger exactly when p
 * exceeds this value; bins that hold less mass than that are told apart faster by the forward divergence.
 *
 * @throws RangeError if a probability is not in (0, 1]
 *
 * @example
 * modeSeekingThreshold(0.25, 0.25); //=> 0.25
 */
export function modeSeekingThreshold(q1: number, q2: number): number {
  checkNumber('q1', q1, Number.MIN_VALUE, 1);
  checkNumber('q2', q2, Number.MIN_VALUE, 1);
  const high = Math.max(q1, q2);
  const low = Math.min(q1, q2);
  if (high === low) return high;
  // log(high/low) = log1p((high - low)/low) keeps its digits where the two are close.
  const gap = high - low;
  return gap / (gap < low ? log1p(gap / low) : log(high) - log(low));
}
