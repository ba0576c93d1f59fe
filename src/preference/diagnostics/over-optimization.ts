// Early signs of over-optimization: the entropy over the most likely tokens turns down, their total mass falls.
//
// Z. Shi et al., "Understanding Likelihood Over-optimisation in Direct Alignment Algorithms", arXiv:2410.11677
// (k = 10; whether their k probabilities were renormalized is not said, hence the option).

import { checkInteger, checkMask, checkNumber } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logSumExp } from '../../special/log-sum-exp.js';
import { arraySize } from '../losses/pair-batch.js';

export interface TopKDiagnosticsOptions {
  /** How many of the most likely tokens. More than the vocabulary means all of it. Default 10. */
  k?: number;
  /** Base of the logarithm of the entropy. Default 2, bits. */
  base?: number;
  /** Divide the k probabilities by their mass before the entropy. Default true. */
  renormalize?: boolean;
}

export interface TopKDiagnostics {
  /** Entropy over the k most likely tokens. */
  entropy: number;
  /** Their total probability. */
  mass: number;
}

/**
 * Entropy and mass of the k most likely tokens of softmax(logits); ties by lower index. O(V) for small k.
 *
 * @param logits length V >= 1, -Infinity allowed for tokens that cannot come
 * @throws RangeError on NaN or +Infinity, no finite logit, or an option out of range
 *
 * @example
 * topKDiagnostics([0, 0, 0, 0], { k: 2 }); //=> { entropy: 1, mass: 0.5 }
 */
export function topKDiagnostics(logits: ArrayLike<number>, options: TopKDiagnosticsOptions = {}): TopKDiagnostics {
  const { k, perNat, renormalize } = checkTopK(options);
  return topK(logits, 'logits', k, perNat, renormalize);
}

/**
 * `topKDiagnostics` of every row of a T × V matrix of logits, and their means.
 *
 * @param options.mask T entries; a row with mask 0 is left out of the means, and its own entries are 0
 * @throws RangeError as `topKDiagnostics`, or if the mask leaves no row
 *
 * @example
 * topKDiagnosticsRows([[0, 0], [5, 1]], { mask: [1, 0] }).meanEntropy; //=> 1
 */
export function topKDiagnosticsRows(
  logits: MatrixLike,
  options: TopKDiagnosticsOptions & { mask?: ArrayLike<number | boolean> } = {},
): { entropies: Float64Array; masses: Float64Array; meanEntropy: number; meanMass: number } {
  const { k, perNat, renormalize } = checkTopK(options);
  const { data, rows, columns } = toRowMajor(logits, 'logits');
  const { mask } = options;
  if (mask !== undefined) checkMask('mask', mask, rows);
  const entropies = new Float64Array(rows);
  const masses = new Float64Array(rows);
  let meanEntropy = 0;
  let meanMass = 0;
  let count = 0;
  for (let t = 0; t < rows; t++) {
    if (mask !== undefined && !mask[t]) continue;
    const row = data.subarray(t * columns, (t + 1) * columns);
    const { entropy, mass } = topK(row, `logits[${t}]`, k, perNat, renormalize);
    entropies[t] = entropy;
    masses[t] = mass;
    meanEntropy += entropy;
    meanMass += mass;
    count += 1;
  }
  if (count === 0) throw new RangeError('mask must leave at least one row');
  return { entropies, masses, meanEntropy: meanEntropy / count, meanMass: meanMass / count };
}

export interface OverOptimizationState {
  /** Records so far. */
  records: number;
  /** Running maxima and the records, from 0, at which they were reached. */
  maxEntropy: number;
  maxEntropyAt: number;
  maxMass: number;
  maxMassAt: number;
  /** Records in a row that lay below the maximum by more than minDelta. */
  entropyFalls: number;
  massFalls: number;
  /** The two signals; they stay up until the curve comes back to its maximum. */
  entropyTurned: boolean;
  massFalling: boolean;
}

export interface OverOptimizationMonitor {
  init(): OverOptimizationState;
  /** With `out = state` in place. @throws RangeError if a figure is not finite */
  update(state: OverOptimizationState, record: TopKDiagnostics, out?: OverOptimizationState): OverOptimizationState;
}

/**
 * Watches entropy and mass along a training run: a signal goes up when the figure has lain more than `minDelta` below its
 * running maximum for `patience` records in a row.
 *
 * The two early-stopping signals of the paper; the rule with patience is this library's. Constant memory.
 *
 * @param options.patience at least 1. Default 3
 * @param options.minDelta at least 0. Default 0
 *
 * @example
 * const monitor = overOptimizationMonitor({ patience: 2 });
 * let state = monitor.init();
 * for (const entropy of [3, 3.2, 3.1, 3]) state = monitor.update(state, { entropy, mass: 1 });
 * [state.entropyTurned, state.massFalling, state.maxEntropyAt]; //=> [true, false, 1]
 */
export function overOptimizationMonitor(
  options: { patience?: number; minDelta?: number } = {},
): OverOptimizationMonitor {
  const patience = checkInteger('patience', options.patience ?? 3, 1);
  const minDelta = checkNumber('minDelta', options.minDelta ?? 0, 0);
  return {
    init: () => ({
      records: 0,
      maxEntropy: -Infinity,
      maxEntropyAt: -1,
      maxMass: -Infinity,
      maxMassAt: -1,
      entropyFalls: 0,
      massFalls: 0,
      entropyTurned: false,
      massFalling: false,
    }),
    update(state, record, out) {
      checkNumber('entropy', record.entropy);
      checkNumber('mass', record.mass);
      const next = out === state ? state : Object.assign(out ?? {}, state);
      if (record.entropy > next.maxEntropy) {
        next.maxEntropy = record.entropy;
        next.maxEntropyAt = next.records;
      }
      if (record.mass > next.maxMass) {
        next.maxMass = record.mass;
        next.maxMassAt = next.records;
      }
      next.entropyFalls = record.entropy < next.maxEntropy - minDelta ? next.entropyFalls + 1 : 0;
      next.massFalls = record.mass < next.maxMass - minDelta ? next.massFalls + 1 : 0;
      next.entropyTurned = next.entropyFalls >= patience;
      next.massFalling = next.massFalls >= patience;
      next.records += 1;
      return next;
    },
  };
}

function checkTopK(options: TopKDiagnosticsOptions): { k: number; perNat: number; renormalize: boolean } {
  const k = checkInteger('k', options.k ?? 10, 1);
  const base = checkNumber('base', options.base ?? 2);
  if (!(base > 1)) throw new RangeError(`base must be above 1, got ${base}`);
  return { k, perNat: 1 / log(base), renormalize: options.renormalize !== false };
}

function topK(
  logits: ArrayLike<number>,
  name: string,
  k: number,
  perNat: number,
  renormalize: boolean,
): TopKDiagnostics {
  const V = arraySize(name, logits);
  if (V === 0) throw new RangeError(`${name} must not be empty`);
  for (let i = 0; i < V; i++) {
    if (!(logits[i] < Infinity))
      throw new RangeError(`${name}[${i}] must be a number below Infinity, got ${logits[i]}`);
  }
  const logTotal = logSumExp(logits);
  if (logTotal === -Infinity) throw new RangeError(`${name} must not all be -Infinity`);
  const top = largest(logits, Math.min(k, V));
  let mass = 0;
  let entropy = 0;
  for (let i = 0; i < top.length; i++) {
    const logP = top[i] - logTotal;
    const p = exp(logP);
    if (p === 0) continue;
    mass += p;
    entropy -= p * logP;
  }
  // -Σ (p/M) log(p/M) = (-Σ p log p)/M + log M
  if (renormalize) entropy = Math.max(0, entropy / mass + log(mass));
  return { entropy: entropy * perNat, mass: Math.min(1, mass) };
}

/** The k largest values, descending, by insertion: almost every value fails the first comparison. */
function largest(values: ArrayLike<number>, k: number): Float64Array {
  const top = new Float64Array(k).fill(-Infinity);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value > top[k - 1])) continue;
    let place = k - 1;
    while (place > 0 && top[place - 1] < value) {
      top[place] = top[place - 1];
      place -= 1;
    }
    top[place] = value;
  }
  return top;
}
