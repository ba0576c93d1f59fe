/**
 * Phased elimination with G-optimal designs, which stands a misspecified model: the price of ε is O(ε sqrt d) a round.
 *
 * T. Lattimore, C. Szepesvári, G. Weisz, "Learning with Good Feature Representations in Bandits and in RL with a Generative Model",
 * ICML 2020, arXiv:1911.07676, Algorithm 1 and Proposition 5.1; T. Lattimore, C. Szepesvári, "Bandit Algorithms" (2020), Algorithm 12.
 *
 *   phase l = 1, 2, ...   ε_l = 2^-l, π = gOptimalDesign(active)
 *   pulls                 n(a) = ceil((2 d π(a) / ε_l²) ln(K l (l+1) / δ)), d the rank of the active actions
 *   estimate              least squares on the rewards of this phase
 *   elimination           a goes if max_b <b - a, θ̂> > 2 ε_l
 */
import { checkNumber, checkVector } from '../../internal/check.js';
import { cholesky, choleskySolve, type MatrixLike, toRowMajor } from '../../linalg/index.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { checkArm } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { gOptimalDesign } from '../linear/g-optimal-design.js';
import { checkReward } from '../linear/ridge-model.js';
import { spanBasis } from '../linear/span-basis.js';

export interface PhasedEliminationState {
  /** Phase l, from 1. */
  phase: number;
  /** Whether each action is still in. */
  active: Uint8Array;
  /** Pulls of the phase that each action is still to get. */
  due: Float64Array;
  /** Pulls and rewards of the phase. */
  counts: Float64Array;
  sums: Float64Array;
}

/**
 * The policy for a fixed set of actions; needs no horizon. Rewards are 1-subgaussian about their means, which differ from xᵀθ by ε at most
 * (known to nobody). `select` plays the lowest action that is due, O(K). A single active action is played for ever.
 *
 * @param options.actions K × d features
 * @param options.delta δ in (0, 1)
 * @throws RangeError if the actions are none, all 0 or not finite, or delta is out of range
 *
 * @example
 * const policy = phasedElimination({ actions: [[1, 0], [0, 1]], delta: 0.1 });
 * policy.init().due; //=> Float64Array.of(30, 30)
 */
export function phasedElimination(options: {
  actions: MatrixLike;
  delta: number;
}): BanditPolicy<PhasedEliminationState> {
  const { data, rows: K, columns } = toRowMajor(options.actions, 'actions');
  checkVector('actions', data);
  const delta = checkNumber('delta', options.delta, 0, 1);
  if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  const { rank: d, coordinates: X } = spanBasis(data, K, columns);
  if (d === 0) throw new RangeError('actions must hold one that is not 0');

  /** The active actions' rows of X, and their indices. */
  const rowsOf = (active: Uint8Array) => {
    const indices: number[] = [];
    for (let i = 0; i < K; i++) if (active[i] === 1) indices.push(i);
    const rows = new Float64Array(indices.length * d);
    indices.forEach((i, row) => rows.set(X.subarray(i * d, (i + 1) * d), row * d));
    return { indices, rows };
  };
  const plan = (state: PhasedEliminationState): PhasedEliminationState => {
    const { phase, active, due, counts, sums } = state;
    due.fill(0);
    counts.fill(0);
    sums.fill(0);
    const { indices, rows } = rowsOf(active);
    if (indices.length === 1) {
      due[indices[0]] = Infinity;
      return state;
    }
    const scale = phasedEliminationPulls({ arms: K, phase, delta });
    if (rows.every((x) => x === 0)) {
      for (const i of indices) due[i] = Infinity; // nothing can tell them apart
      return state;
    }
    const { weights, rank } = gOptimalDesign({ data: rows, rows: indices.length, columns: d });
    indices.forEach((i, row) => (due[i] = Math.ceil(rank * weights[row] * scale)));
    return state;
  };
  const eliminate = (state: PhasedEliminationState): void => {
    const { indices, rows } = rowsOf(state.active);
    const span = spanBasis(rows, indices.length, d);
    const r = span.rank;
    const V = new Float64Array(r * r);
    const b = new Float64Array(r);
    indices.forEach((i, row) => {
      for (let p = 0; p < r; p++) {
        const x = span.coordinates[row * r + p];
        b[p] += state.sums[i] * x;
        for (let q = 0; q < r; q++) V[p * r + q] += state.counts[i] * x * span.coordinates[row * r + q];
      }
    });
    if (cholesky(V, r, V) !== -1) return; // singular by rounding: nobody goes
    choleskySolve(V, b, r, b);
    const predicted = indices.map((_, row) => {
      let total = 0;
      for (let p = 0; p < r; p++) total += b[p] * span.coordinates[row * r + p];
      return total;
    });
    const best = predicted.reduce((x, y) => Math.max(x, y), -Infinity);
    indices.forEach((i, row) => {
      if (best - predicted[row] > 2 * pow(2, -state.phase)) state.active[i] = 0;
    });
  };
  return {
    name: 'phasedElimination',
    arms: K,
    init: () =>
      plan({
        phase: 1,
        active: new Uint8Array(K).fill(1),
        due: new Float64Array(K),
        counts: new Float64Array(K),
        sums: new Float64Array(K),
      }),
    select({ due }) {
      for (let i = 0; i < K; i++) if (due[i] > 0) return i;
      return 0;
    },
    update(state, arm, reward, out) {
      checkArm(arm, K);
      checkReward(reward);
      const next = copyPhase(state, out);
      if (next.active[arm] === 0) return next; // not this phase's data
      next.counts[arm] += 1;
      next.sums[arm] += reward;
      if (next.due[arm] > 0) next.due[arm] -= 1;
      for (let i = 0; i < K; i++) if (next.due[i] > 0) return next;
      eliminate(next);
      next.phase += 1;
      return plan(next);
    },
  };
}

/**
 * (2 / ε_l²) ln(K l (l+1) / δ), ε_l = 2^-l: pulls of a phase per unit of the design and dimension.
 *
 * With probability 1 - 2δ then in all phases |<a, θ̂ - θ>| <= ε_l + ε sqrt(N aᵀV^-1a) for all active a, N the pulls and V the Gram matrix of
 * the phase, ε the misspecification: about ε_l + ε sqrt(d).
 *
 * @example
 * phasedEliminationPulls({ arms: 1, phase: 1, delta: 2 / Math.E }).toFixed(9); //=> '8.000000000'
 */
export function phasedEliminationPulls(options: { arms: number; phase: number; delta: number }): number {
  const { arms, phase, delta } = options;
  return 2 * pow(4, phase) * log((arms * phase * (phase + 1)) / delta);
}

/**
 * Order of the regret: C (sqrt(d T ln(K T)) + ε sqrt(d) T ln T) with C = 1 (Proposition 5.1 of the paper leaves the constant open).
 *
 * @throws RangeError if an option is out of range
 */
export function phasedEliminationRegretOrder(options: {
  horizon: number;
  arms: number;
  dimension: number;
  epsilon: number;
}): number {
  const T = checkNumber('horizon', options.horizon, 1);
  const K = checkNumber('arms', options.arms, 1);
  const d = checkNumber('dimension', options.dimension, 1);
  const epsilon = checkNumber('epsilon', options.epsilon, 0);
  return Math.sqrt(d * T * log(K * T)) + epsilon * Math.sqrt(d) * T * log(T);
}

function copyPhase(state: PhasedEliminationState, out: PhasedEliminationState | undefined): PhasedEliminationState {
  if (out === state) return state;
  const { phase, active, due, counts, sums } = state;
  if (out === undefined) {
    return { phase, active: active.slice(), due: due.slice(), counts: counts.slice(), sums: sums.slice() };
  }
  out.phase = phase;
  out.active.set(active);
  out.due.set(due);
  out.counts.set(counts);
  out.sums.set(sums);
  return out;
}
