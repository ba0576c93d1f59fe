// Exact gradients of a softmax policy on a finite set: of its regularized expected reward, and of a pair's margin.
//
// R. J. Williams, Machine Learning 8 (1992) 229-256, in expectation instead of by samples.
//
//   symbol   here       meaning
//   p        policy     softmax(logits)
//   q_i      -          r_i - klCoef log(p_i/ref_i)

import { checkInteger, checkNumber, checkProbabilities, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logSoftmax } from '../../special/softmax.js';

/**
 * J = E_p[r] - klCoef KL(p || ref) and its gradient p_i (q_i - E_p q), q = r - klCoef log(p/ref).
 *
 * With klCoef 0 the reference does not matter; otherwise it must be positive wherever the policy is. O(K).
 *
 * @throws RangeError if a length differs, an entry is not finite, ref is no probability vector, or ref is 0 with klCoef > 0
 *
 * @example
 * expectedPolicyGradient([0, 0], [1, 0], [0.5, 0.5], { klCoef: 0 }).grad; //=> Float64Array.of(0.25, -0.25)
 */
export function expectedPolicyGradient(
  logits: ArrayLike<number>,
  rewards: ArrayLike<number>,
  ref: ArrayLike<number>,
  options: { klCoef?: number } = {},
): { objective: number; grad: Float64Array } {
  checkVector('logits', logits);
  const n = logits.length;
  checkVector('rewards', rewards, n);
  checkProbabilities('ref', ref);
  if (ref.length !== n) throw new RangeError(`ref must have length ${n}, got ${ref.length}`);
  const klCoef = checkNumber('klCoef', options.klCoef ?? 0, 0);
  const logP = logSoftmax(logits);
  const grad = new Float64Array(n);
  let objective = 0;
  for (let i = 0; i < n; i++) {
    if (klCoef > 0 && ref[i] === 0) throw new RangeError(`ref[${i}] must be positive with klCoef > 0`);
    grad[i] = klCoef > 0 ? rewards[i] - klCoef * (logP[i] - log(ref[i])) : rewards[i];
    objective += exp(logP[i]) * grad[i];
  }
  for (let i = 0; i < n; i++) grad[i] = exp(logP[i]) * (grad[i] - objective);
  return { objective, grad };
}

/**
 * Gradient in the logits of log p_w - log p_l: e_w - e_l exactly, since the normalizer cancels.
 *
 * So a step of DPO, or of any loss of that difference alone, on a tabular policy moves two logits only. Losses that look
 * at one side by itself (NLL, KTO, SPPO, ...) move all of them.
 *
 * @throws RangeError if an index is not in 0..actions-1
 *
 * @example
 * pairLogitGradient(3, 0, 2); //=> Float64Array.of(1, 0, -1)
 */
export function pairLogitGradient(actions: number, winner: number, loser: number): Float64Array {
  checkInteger('actions', actions, 1);
  checkInteger('winner', winner, 0, actions - 1);
  checkInteger('loser', loser, 0, actions - 1);
  const grad = new Float64Array(actions);
  grad[winner] += 1;
  grad[loser] -= 1;
  return grad;
}
