/**
 * Generalized functional UCB: several bandits with linear heads on one unknown representation out of a finite class.
 *
 * R. Lu, A. Zhao, S. S. Du, G. Huang, "Provable General Function Class Representation Learning in Multitask Bandits and MDPs", NeurIPS
 * 2022, arXiv:2205.15701, Algorithm 1 (GFUCB): regret of order sqrt(M T (M k + ln|Φ|)) up to eluder factors, against
 * M sqrt(T d) and more for tasks that are learned alone. The constants of the confidence set are ours.
 *
 *   paper    here               meaning
 *   M, k     tasks, dimension   tasks; dimension of φ(x)
 *   Φ        representations    class of representations
 *   w_m      -                  head of task m, ||w_m|| <= S = normBound
 *   β        gfucbRadius        8 R² (M k ln(1 + T/(λ k)) + ln(|Φ|/δ)) + 4 λ M S², R = noise
 *   Fit(φ)   gfucbFits          Σ over tasks of the least penalized sum of squares on φ
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import {
  copyRidge,
  initRidge,
  innerProduct,
  observe,
  ridgeOf,
  type RidgeState,
  squaredWidth,
} from '../linear/ridge-model.js';
import type { MultiTaskPolicy, Representation } from './multi-task-bandit.js';

export interface GfucbState {
  /** Rounds. */
  t: number;
  /** Σ r² of every task. */
  squares: Float64Array;
  /** Ridge regressions, representation by representation, task by task. */
  models: RidgeState[];
}

export interface GfucbOptions {
  /** Number of tasks M. */
  tasks: number;
  /** The class Φ, one representation or more; each gives `dimension` numbers. */
  representations: Representation[];
  /** k. */
  dimension: number;
  /** T, for β. */
  horizon: number;
  /** Ridge λ > 0. Default 1. */
  lambda?: number;
  /** R > 0. Default 1/2. */
  noise?: number;
  /** S >= 0. Default 1. */
  normBound?: number;
  /** δ in (0, 1). Default 0.05. */
  delta?: number;
  /** Factor of β. Default 1, which is conservative. */
  betaScale?: number;
  /** Width sqrt(β/M) for each task in place of sqrt(β), which holds for the sum of the tasks only. Default false. */
  split?: boolean;
  /**
   * 'decoupled' (default): every task has its own optimism, Σ_m max_a [ŵᵀφ + sqrt(β) ||φ||_{V^-1}], a valid upper bound. 'joint': the
   * exact one, max over all tuples of actions of Σ ŵᵀφ + sqrt(β Σ ||φ||²_{V^-1}), for 4096 tuples at most.
   */
  mode?: 'decoupled' | 'joint';
}

/**
 * The policy. A round costs |Φ| M A k² for A actions a task ('joint': |Φ| A^M beside it). Deterministic.
 *
 * @throws RangeError if an option is out of range; by `select` if tasks, actions or representations do not fit
 */
export function gfucb(options: GfucbOptions): MultiTaskPolicy<GfucbState> {
  const M = checkInteger('tasks', options.tasks, 1);
  const { representations } = options;
  const F = representations.length;
  if (F === 0) throw new RangeError('representations must not be empty');
  const ridge = ridgeOf({ dimension: options.dimension, lambda: options.lambda ?? 1 });
  const k = ridge.d;
  const beta = gfucbRadius({ ...options, representations: F });
  const width = Math.sqrt((options.split ?? false) ? beta / M : beta);
  const joint = checkOption('mode', options.mode ?? 'decoupled', ['decoupled', 'joint']) === 'joint';

  const featuresOf = (phi: Representation, action: ArrayLike<number>): ArrayLike<number> => {
    const x = phi(action);
    if (x.length !== k) throw new RangeError(`representations must give ${k} numbers, got ${x.length}`);
    return x;
  };
  return {
    name: 'gfucb',
    tasks: M,
    init: () => ({
      t: 0,
      squares: new Float64Array(M),
      models: Array.from({ length: F * M }, () => initRidge(ridge)),
    }),
    select(state, actions) {
      checkTasks(actions, M);
      const fits = gfucbFits(state, F);
      const least = fits.reduce((a, b) => Math.min(a, b), Infinity);
      let bestValue = -Infinity;
      let best = new Int32Array(M);
      for (let f = 0; f < F; f++) {
        if (!(fits[f] <= least + beta)) continue;
        const means: Float64Array[] = [];
        const widths2: Float64Array[] = [];
        for (let m = 0; m < M; m++) {
          const model = state.models[f * M + m];
          means.push(new Float64Array(actions[m].length));
          widths2.push(new Float64Array(actions[m].length));
          actions[m].forEach((action, a) => {
            const x = featuresOf(representations[f], action);
            means[m][a] = innerProduct(model.theta, x, 0);
            widths2[m][a] = squaredWidth(ridge, model, x, 0);
          });
        }
        const { value, chosen } = joint ? jointOptimism(means, widths2, width) : optimism(means, widths2, width);
        if (value > bestValue) {
          bestValue = value;
          best = chosen;
        }
      }
      return best;
    },
    update(state, actions, chosen, rewards, out) {
      checkTasks(actions, M);
      for (let m = 0; m < M; m++) {
        checkInteger(`chosen[${m}]`, chosen[m], 0, actions[m].length - 1);
        checkNumber(`rewards[${m}]`, rewards[m]);
      }
      const next = copyGfucb(state, out);
      for (let m = 0; m < M; m++) {
        next.squares[m] += rewards[m] * rewards[m];
        for (let f = 0; f < F; f++) {
          const x = featuresOf(representations[f], actions[m][chosen[m]]);
          observe(ridge, next.models[f * M + m], x, 0, rewards[m]);
        }
      }
      next.t += 1;
      return next;
    },
  };
}

/**
 * Fit(φ) of every representation: Σ_m min_w [Σ (r - wᵀφ)² + λ |w|²] = Σ_m (Σ r² - bᵀŵ). The penalty, at most λ S² a task at the truth, is
 * covered by the last term of β. The truth stays within β of the least with probability 1 - δ.
 *
 * @param representations |Φ|
 */
export function gfucbFits(state: GfucbState, representations: number): Float64Array {
  const M = state.squares.length;
  const fits = new Float64Array(representations);
  for (let f = 0; f < representations; f++) {
    for (let m = 0; m < M; m++) {
      const { b, theta } = state.models[f * M + m];
      fits[f] += state.squares[m] - innerProduct(b, theta, 0);
    }
  }
  return fits;
}

/**
 * β = betaScale (8 R² (M k ln(1 + T/(λ k)) + ln(|Φ|/δ)) + 4 λ M S²).
 *
 * @throws RangeError if an option is out of range
 */
export function gfucbRadius(options: Omit<GfucbOptions, 'representations'> & { representations: number }): number {
  const M = checkInteger('tasks', options.tasks, 1);
  const k = checkInteger('dimension', options.dimension, 1);
  const T = checkInteger('horizon', options.horizon, 1);
  const F = checkInteger('representations', options.representations, 1);
  const lambda = checkPositive('lambda', options.lambda ?? 1);
  const R = checkPositive('noise', options.noise ?? 0.5);
  const S = checkNumber('normBound', options.normBound ?? 1, 0);
  const delta = checkNumber('delta', options.delta ?? 0.05, 0, 1);
  if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  const scale = checkPositive('betaScale', options.betaScale ?? 1);
  return scale * (8 * R * R * (M * k * log1p(T / (lambda * k)) + log(F / delta)) + 4 * lambda * M * S * S);
}

function optimism(means: Float64Array[], widths2: Float64Array[], width: number) {
  const chosen = new Int32Array(means.length);
  let value = 0;
  for (let m = 0; m < means.length; m++) {
    let best = -Infinity;
    for (let a = 0; a < means[m].length; a++) {
      const score = means[m][a] + width * Math.sqrt(widths2[m][a]);
      if (score > best) {
        best = score;
        chosen[m] = a;
      }
    }
    value += best;
  }
  return { value, chosen };
}

function jointOptimism(means: Float64Array[], widths2: Float64Array[], width: number) {
  const tuples = means.reduce((n, { length }) => n * length, 1);
  if (!(tuples <= 4096)) throw new RangeError(`actions must have 4096 tuples at most for mode 'joint', got ${tuples}`);
  let best = -Infinity;
  let chosen = new Int32Array(means.length);
  const tuple = new Int32Array(means.length);
  for (let n = 0; n < tuples; n++) {
    let mean = 0;
    let squares = 0;
    for (let m = 0; m < means.length; m++) {
      mean += means[m][tuple[m]];
      squares += widths2[m][tuple[m]];
    }
    const score = mean + width * Math.sqrt(squares);
    if (score > best) {
      best = score;
      chosen = tuple.slice();
    }
    for (let m = means.length - 1; m >= 0 && ++tuple[m] === means[m].length; m--) tuple[m] = 0;
  }
  return { value: best, chosen };
}

function checkTasks(actions: ArrayLike<number>[][], M: number): void {
  if (actions.length !== M) throw new RangeError(`actions must have ${M} tasks, got ${actions.length}`);
  actions.forEach((list, m) => {
    if (list.length === 0) throw new RangeError(`actions[${m}] must not be empty`);
  });
}

function copyGfucb(state: GfucbState, out: GfucbState | undefined): GfucbState {
  if (out === state) return state;
  if (out === undefined) {
    return {
      t: state.t,
      squares: state.squares.slice(),
      models: state.models.map((model) => copyRidge(model, undefined)),
    };
  }
  out.t = state.t;
  out.squares.set(state.squares);
  for (let i = 0; i < state.models.length; i++) copyRidge(state.models[i], out.models[i]);
  return out;
}
