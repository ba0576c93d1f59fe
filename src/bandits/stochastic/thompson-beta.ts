/**
 * Thompson sampling with Beta posteriors: play the arm that is best in one draw from the posterior.
 *
 * W. R. Thompson, Biometrika 25 (1933) 285-294; S. Agrawal, N. Goyal, "Further Optimal Regret Bounds for Thompson
 * Sampling", arXiv:1209.3353, Algorithm 1 and Theorems 1 and 2; rewards between 0 and 1 by their earlier arXiv:1111.1797,
 * Algorithm 2 (option `binarize`).
 *
 *   paper        here                                    meaning
 *   S_i, F_i     sums[i], counts[i] - sums[i]            successes and failures of arm i
 *   θ_i          theta                                   draw from Beta(S_i + priorA, F_i + priorB)
 */
import { checkInteger, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleBeta } from '../../random/gamma.js';
import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log1p } from '../../special/log1p.js';
import { type ArmSums, checkArm, copyArmSums, initArmSums } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';

export interface ThompsonBetaOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** First parameter of every prior, positive. Default 1: uniform, as in the papers. */
  priorA?: number;
  /** Second parameter of every prior, positive. Default 1. */
  priorB?: number;
  /**
   * How a reward r strictly between 0 and 1 is counted. false (default): r of a success and 1 - r of a failure. true: as
   * a success with probability r, by one uniform of the `rng` given to `update` as feedback, which the theorems cover.
   */
  binarize?: boolean;
}

/**
 * Thompson sampling for rewards in [0, 1]: the largest of K draws from the posteriors, drawn in order of the arms.
 *
 * Regret O(Σ_i Δ_i ln T / kl(μ_i, μ*)) (Theorem 1) and O(sqrt(K T ln T)) (Theorem 2). `select` takes two gamma numbers
 * an arm, about 7 uniforms, or one uniform where a parameter is 1 (`posteriorDraw`); O(K).
 *
 * @throws RangeError if `arms` is not a positive integer or a prior parameter is not positive
 * @throws TypeError from `update` if `binarize` is set, 0 < reward < 1 and no `rng` is given
 *
 * @example
 * const policy = thompsonBeta({ arms: 2 });
 * const state = policy.update(policy.init(), 1, 1);
 * policy.scores(state); //=> new Float64Array([1 / 2, 2 / 3])
 */
export function thompsonBeta(options: ThompsonBetaOptions): BanditPolicy<ArmSums> & {
  /** Posterior means (S_i + priorA) / (n_i + priorA + priorB). */
  scores(state: ArmSums, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const a0 = checkPositive('priorA', options.priorA ?? 1);
  const b0 = checkPositive('priorB', options.priorB ?? 1);
  const binarize = options.binarize ?? false;
  const scale = rewardScale(options, true);
  return {
    name: 'thompsonBeta',
    arms: K,
    init: () => initArmSums(K),
    select({ counts, sums }, rng) {
      let best = 0;
      let largest = -1;
      for (let i = 0; i < K; i++) {
        const theta = posteriorDraw(a0 + sums[i], b0 + (counts[i] - sums[i]), rng);
        if (theta > largest) {
          largest = theta;
          best = i;
        }
      }
      return best;
    },
    update(state, arm, reward, out, feedback) {
      checkArm(arm, K);
      let r = scaledReward(scale, reward);
      if (binarize && r > 0 && r < 1) {
        if (feedback?.rng === undefined) throw new TypeError('rng must be given to update when rewards are binarized');
        r = feedback.rng() < r ? 1 : 0;
      }
      const next = copyArmSums(state, out);
      next.t += 1;
      next.counts[arm] += 1;
      next.sums[arm] += r;
      return next;
    },
    scores({ counts, sums }, out = new Float64Array(K)) {
      for (let i = 0; i < K; i++) out[i] = (a0 + sums[i]) / (a0 + b0 + counts[i]);
      return out;
    },
  };
}

/**
 * One number from Beta(a, b): by inversion where a parameter is 1, with one uniform; else `sampleBeta`. Arms that never won or
 * never lost have such laws under the uniform prior, and with many arms most of them are.
 */
export function posteriorDraw(a: number, b: number, rng: Rng): number {
  if (a === 1) {
    const u = rng();
    return b === 1 ? u : -expm1(log1p(-u) / b); // 1 - (1 - u)^(1/b)
  }
  return b === 1 ? exp(log1p(-rng()) / a) : sampleBeta(a, b, rng);
}
