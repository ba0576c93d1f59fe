/**
 * Aggressive selective promotion: an ε-best arm of a stream with log* K + 1 stored arms.
 *
 * S. Assadi, C. Wang, "Exploration with Limited Memory: Streaming Algorithms for Coin Tossing, Noisy Comparisons, and Multi-Armed
 * Bandits", STOC 2020, arXiv:2004.04666, Section 4.
 *
 *   paper   here                       meaning
 *   r_l     -                          r_1 = 4, r_{l+1} = 2^{r_l}
 *   ε_l     levels[l-1].epsilon        ε / (10 · 2^(l-1))
 *   s_l     levels[l-1].samples        (4 / ε_l²) (ln(1/δ) + 3 r_l)
 *   c_l     levels[l-1].capacity       2^{r_l} / 2^(l-1)
 */
import { checkInteger, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { type ArmMemory, type StreamingRun } from './arm-memory.js';
import { ceilSamples, epsilonOf, logStar } from './sample-sizes.js';
import { checkDelta, constantsScale } from './single-memory.js';
import { climb } from './tower.js';

export interface AssadiWangLevel {
  /** Accuracy ε_l. */
  epsilon: number;
  /** Pulls of each arm in a duel, ceil(s_l). */
  samples: number;
  /** Arms that come before the best of them moves up, c_l; Infinity where 2^{r_l} overflows. */
  capacity: number;
}

/**
 * The log* K + 1 levels.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * assadiWangLevels(2, 0.1, 0.1).map((level) => level.capacity); //=> [16, 32768]
 */
export function assadiWangLevels(arms: number, epsilon: number, delta: number): AssadiWangLevel[] {
  checkInteger('arms', arms, 1);
  checkPositive('epsilon', epsilon);
  checkDelta(delta);
  const levels: AssadiWangLevel[] = [];
  const L = logStar(arms) + 1;
  for (let l = 0, r = 4; l < L; l++) {
    const halvings = pow(2, l);
    const accuracy = epsilon / (10 * halvings);
    const samples = ceilSamples((4 / (accuracy * accuracy)) * (log(1 / delta) + 3 * r));
    const power = pow(2, r);
    levels.push({ epsilon: accuracy, samples, capacity: power / halvings });
    r = Math.min(power, Number.MAX_VALUE);
  }
  return levels;
}

/**
 * Pulls that the levels need for K arms: 2 Σ_l floor(K / (c_1 ... c_{l-1})) s_l over the levels that an arm can reach. At the default
 * ε = (K/T)^(1/3) it exceeds T unless ε is below about 1/20000.
 *
 * @throws RangeError if an argument is out of range
 */
export function assadiWangRequiredPulls(arms: number, epsilon: number, delta: number): number {
  let total = 0;
  let reach = arms;
  for (const { samples, capacity } of assadiWangLevels(arms, epsilon, delta)) {
    if (reach < 1) break;
    total += 2 * Math.floor(reach) * samples;
    reach /= capacity;
  }
  return total;
}

export interface AssadiWangOptions {
  /** Accuracy ε. Default (K/T)^(1/3). */
  epsilon?: number;
  /** Failure probability δ in (0, 1). Default 0.1. */
  delta?: number;
  /** Sizes as in the proof (default), or a tenth of them, which no proof covers. */
  constants?: 'proof' | 'practical';
}

/**
 * An ε-best arm with probability 1 - δ after O(K ln(1/δ) / ε²) pulls, log* K + 1 arms stored; both arms are pulled in every duel and the
 * newcomer wins ties. At the end all stored arms are pulled s_1 times and the best commits.
 *
 * The constants are large (`assadiWangRequiredPulls`): where T does not cover them the run ends early with `budgetExhausted`.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const memory = armMemory(armStream([0.1, 0.9, 0.2]), createRng(1), { horizon: 1e9 });
 * streamingAssadiWang(memory, { epsilon: 0.3 }).arm; //=> 1
 */
export function streamingAssadiWang(memory: ArmMemory, options: AssadiWangOptions = {}): StreamingRun {
  const epsilon = epsilonOf(memory.arms, memory.horizon, options);
  const scale = constantsScale(options.constants);
  const levels = assadiWangLevels(memory.arms, epsilon, options.delta ?? 0.1);
  const sizes = Float64Array.from(levels, ({ samples }) => ceilSamples(scale * samples));
  return climb(memory, { sizes, capacities: Float64Array.from(levels, ({ capacity }) => capacity) }, sizes[0], true);
}
