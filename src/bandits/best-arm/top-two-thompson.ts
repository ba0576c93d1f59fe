/**
 * Top-two Thompson sampling: Thompson sampling that gives every second pull, or so, to a challenger.
 *
 * D. Russo, "Simple Bayesian Algorithms for Best Arm Identification", COLT 2016, arXiv:1602.08448, Algorithm 3 (TTTS); the
 * stop by the likelihood ratio as in X. Shang, R. de Heide, E. Kaufmann, P. Ménard, M. Valko, AISTATS 2020, arXiv:1910.10945.
 *
 *   paper      here      meaning
 *   I          leader    best arm of one draw from the posterior
 *   J          second    best arm of the first later draw in which I is not best
 *   β          beta      probability of the leader
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { type ArmSums, initArmSums, meansOf, updateArmSums } from '../arm-sums.js';
import { rewardScale } from '../reward-scale.js';
import { posteriorDraw, type ThompsonBetaOptions } from '../stochastic/thompson-beta.js';
import type { BestArmIdentifier } from './best-arm.js';
import { glrStatistic, trackAndStopThreshold } from './track-and-stop.js';

export interface TopTwoThompsonOptions extends Omit<ThompsonBetaOptions, 'binarize'> {
  /** β, in (0, 1]. Default 1/2, the paper's; 1 is Thompson sampling. */
  beta?: number;
  /** Probability of a wrong answer: stop when `glrStatistic` passes the practical threshold. Default: never stop. */
  delta?: number;
}

/** Draws of the challenger before the second-largest posterior mean takes its place. */
const MAX_RESAMPLES = 1000;

/**
 * Top-two Thompson sampling with Beta posteriors, for rewards in [0, 1]. The recommendation is the largest posterior mean.
 *
 * `select` draws a gamma pair an arm for the leader, one uniform, u < β for the leader, and otherwise a gamma pair an arm again for
 * each draw of the challenger; after 1000 draws the second-largest posterior mean is taken.
 *
 * @throws RangeError if `arms` is not a positive integer, a prior parameter is not positive, beta is outside (0, 1] or delta outside (0, 1)
 *
 * @example
 * const policy = topTwoThompson({ arms: 2 });
 * policy.recommend(policy.update(policy.init(), 1, 1)); //=> 1
 */
export function topTwoThompson(options: TopTwoThompsonOptions): BestArmIdentifier<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const a0 = checkPositive('priorA', options.priorA ?? 1);
  const b0 = checkPositive('priorB', options.priorB ?? 1);
  const beta = checkNumber('beta', options.beta ?? 0.5, Number.MIN_VALUE, 1);
  const delta = options.delta === undefined ? undefined : checkDelta(options.delta);
  const scale = rewardScale(options, true);
  const means = new Float64Array(K);
  const posteriorMean = ({ counts, sums }: ArmSums, i: number): number => (a0 + sums[i]) / (a0 + b0 + counts[i]);
  const bestOfDraw = ({ counts, sums }: ArmSums, rng: Rng): number => {
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
  };
  const bestPosterior = (state: ArmSums, excluded: number): number => {
    let best = -1;
    for (let i = 0; i < K; i++) {
      if (i !== excluded && (best < 0 || posteriorMean(state, i) > posteriorMean(state, best))) best = i;
    }
    return best;
  };
  return {
    name: 'topTwoThompson',
    arms: K,
    init: () => initArmSums(K),
    select(state, rng) {
      const leader = bestOfDraw(state, rng);
      if (K === 1 || rng() < beta) return leader;
      for (let draw = 0; draw < MAX_RESAMPLES; draw++) {
        const second = bestOfDraw(state, rng);
        if (second !== leader) return second;
      }
      return bestPosterior(state, leader);
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores(state, out = new Float64Array(K)) {
      for (let i = 0; i < K; i++) out[i] = posteriorMean(state, i);
      return out;
    },
    shouldStop(state) {
      if (K === 1) return true;
      if (delta === undefined || state.counts.includes(0)) return false;
      return glrStatistic(meansOf(state, means), state.counts) > trackAndStopThreshold(state.t, { arms: K, delta });
    },
    recommend: (state) => bestPosterior(state, -1),
  };
}
