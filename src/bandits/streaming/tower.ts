/**
 * Towers of levels that hold one arm each: arms duel at level 0, whoever holds a level when enough arms have come moves up one, where
 * arms are pulled more often.
 *
 * S. Assadi, C. Wang, arXiv:2004.04666 (aggressive selective promotion, log* K levels; simpler versions with log K and log log K levels),
 * and the experiments of C. Wang, arXiv:2306.02208, Section 5, whose presets these are.
 *
 *   level l   holds one arm, its mean over sizes[l] pulls, and the number of arms that came since it was emptied
 *   arrival   empty level: moves in; else the larger mean stays
 *   move      when capacities[l] arms have come, the one that holds level l comes to level l + 1 (not from the last level)
 *   end       all stored arms are pulled max(sizes[0], ln K / ε²) times more; the best commits
 */
import { checkOption, checkPositive, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { type ArmMemory, commit, type StreamingRun } from './arm-memory.js';
import { ceilSamples, epsilonOf, logStar } from './sample-sizes.js';

/** 'log': ln K levels; 'loglog': ln ln K + 1 levels; 'logstar': log* K + 1 levels. */
export type TowerPreset = 'log' | 'loglog' | 'logstar';

export interface TowerLevels {
  /** Pulls of an arm that comes to level l. */
  sizes: Float64Array;
  /** Arms that come to level l before the best of them moves up; Infinity is allowed. */
  capacities: Float64Array;
}

export interface TowerOptions {
  /** The levels, by name (default 'logstar') or as arrays of equal length. */
  levels?: TowerPreset | { sizes: ArrayLike<number>; capacities: ArrayLike<number> };
  /** Accuracy ε. Default (K/T)^(1/3). */
  epsilon?: number;
  /** Pull the stored arm again in every duel, and let the newcomer win ties; default false: its mean is kept, half the cost. */
  resampleIncumbent?: boolean;
}

/**
 * Sizes and capacities of the presets:
 *
 *   'log'      max(1, floor(ln K)) levels, 1.2^l / ε², capacity 4
 *   'loglog'   max(1, floor(ln ln K) + 1) levels, 1.2^l / ε² and ln K / ε² at the last (if there are two or more), capacity 10
 *   'logstar'  levels 0 .. log* K with r_0 = 2, r_{l+1} = 2^{r_l}: min(r_l / 2, ln K) / ε², capacity 2^min(r_{l+1}, 50) / 2^l
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * towerLevels('logstar', 500, 0.1).capacities[0]; //=> 16
 */
export function towerLevels(preset: TowerPreset, arms: number, epsilon: number): TowerLevels {
  checkOption('levels', preset, ['log', 'loglog', 'logstar']);
  const inverse = 1 / (checkPositive('epsilon', epsilon) * epsilon);
  const logK = log(checkPositive('arms', arms));
  if (preset === 'logstar') {
    const L = logStar(arms) + 1;
    const sizes = new Float64Array(L);
    const capacities = new Float64Array(L);
    for (let l = 0, r = 2; l < L; l++) {
      const next = Math.min(1e9, pow(2, r));
      sizes[l] = ceilSamples(Math.min(r / 2, logK) * inverse);
      capacities[l] = pow(2, Math.min(next, 50) - l);
      r = next;
    }
    return { sizes, capacities };
  }
  const L = Math.max(1, preset === 'log' ? Math.floor(logK) : Math.floor(log(Math.max(1, logK))) + 1);
  const sizes = Float64Array.from({ length: L }, (_, l) => ceilSamples(pow(1.2, l) * inverse));
  if (preset === 'loglog' && L > 1) sizes[L - 1] = ceilSamples(logK * inverse);
  return { sizes, capacities: new Float64Array(L).fill(preset === 'log' ? 4 : 10) };
}

/**
 * Runs a tower over the stream, then commits. Stores one arm a level.
 *
 * If the trials end before the stream, the arm of the highest level that holds one takes those that are left.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const memory = armMemory(armStream([0.1, 0.9, 0.2]), createRng(1), { horizon: 1e6 });
 * streamingTower(memory, { levels: 'loglog' }).arm; //=> 1
 */
export function streamingTower(memory: ArmMemory, options: TowerOptions = {}): StreamingRun {
  const K = memory.arms;
  const epsilon = epsilonOf(K, memory.horizon, options);
  const levels = options.levels ?? 'logstar';
  const { sizes, capacities } =
    typeof levels === 'string' ? towerLevels(levels, K, epsilon) : checkLevels(levels.sizes, levels.capacities);
  const final = Math.max(sizes[0], ceilSamples(log(K) / (epsilon * epsilon)));
  return climb(memory, { sizes, capacities }, final, options.resampleIncumbent ?? false);
}

/** The loop, for `streamingAssadiWang` too. */
export function climb(memory: ArmMemory, levels: TowerLevels, final: number, resample: boolean): StreamingRun {
  const { sizes, capacities } = levels;
  const L = sizes.length;
  const held = new Int32Array(L).fill(-1);
  const means = new Float64Array(L);
  const come = new Float64Array(L);

  for (let next = memory.read(); next !== undefined; next = memory.read()) {
    let arm = next;
    for (let l = 0; l < L; l++) {
      const alone = held[l] < 0;
      const cost = alone ? (resample ? 0 : sizes[l]) : resample ? 2 * sizes[l] : sizes[l];
      if (cost > memory.remaining()) return commit(memory, highest(held) ?? arm, true);
      const mean = alone && resample ? 0 : memory.pull(arm, sizes[l]);
      if (alone) {
        held[l] = arm;
        means[l] = mean;
      } else if (resample ? mean >= memory.pull(held[l], sizes[l]) : mean > means[l]) {
        memory.discard(held[l]);
        held[l] = arm;
        means[l] = mean;
      } else memory.discard(arm);
      come[l] += 1;
      if (come[l] < capacities[l] || l === L - 1) break;
      arm = held[l];
      held[l] = -1;
      come[l] = 0;
    }
  }

  let best = -1;
  let bestMean = -1;
  for (let l = 0; l < L; l++) {
    if (held[l] < 0) continue;
    if (final > memory.remaining()) return commit(memory, highest(held) as number, true);
    const mean = memory.pull(held[l], final);
    if (mean > bestMean) {
      bestMean = mean;
      best = held[l];
    }
  }
  return commit(memory, best, false);
}

function highest(held: Int32Array): number | undefined {
  for (let l = held.length - 1; l >= 0; l--) if (held[l] >= 0) return held[l];
  return undefined;
}

function checkLevels(sizes: ArrayLike<number>, capacities: ArrayLike<number>): TowerLevels {
  checkVector('levels.sizes', sizes);
  if (sizes.length === 0) throw new RangeError('levels.sizes must not be empty');
  if (capacities.length !== sizes.length) {
    throw new RangeError(`levels.capacities must have length ${sizes.length}, got ${capacities.length}`);
  }
  for (let l = 0; l < sizes.length; l++) {
    checkPositive(`levels.sizes[${l}]`, sizes[l]);
    if (!(capacities[l] >= 1)) throw new RangeError(`levels.capacities[${l}] must be at least 1, got ${capacities[l]}`);
  }
  return { sizes: Float64Array.from(sizes, ceilSamples), capacities: Float64Array.from(capacities) };
}
