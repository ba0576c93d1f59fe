/**
 * Active learning of a shared linear representation: sources are sampled as they matter to the target, which is estimated on the way.
 *
 * Y. Wang, Y. Chen, K. Jamieson, S. S. Du, arXiv:2306.02556, Algorithm 1 (L1-A-MTRL); Y. Chen, K. Jamieson, S. S. Du, arXiv:2202.00911 (the
 * L2 strategy).
 *
 *   paper     here            meaning
 *   B*        representation  d × k, orthonormal columns; y = xᵀ B* w_t + noise in source t
 *   W*, w*    heads           of the sources and of the target
 *   ν         nu              relevance, by the Lasso on the estimated heads
 *   N_i       budgets[i]      samples of epoch i
 *
 * An epoch: draw n_t samples of each source; fit B and the heads to all samples so far by alternating least squares, from the singular vectors
 * of the stacked regressions of each task; fit the target's head to its samples; ν; next n_t = max(nMin, N |ν_t| / ||ν||_1).
 */
import { checkInteger, checkNumber, checkOption, checkVector } from '../../internal/check.js';
import { choleskyJittered, choleskySolve, type MatrixLike, svd, toRowMajor } from '../../linalg/index.js';
import { lassoRelevance } from './lasso-relevance.js';
import { sourceAllocation, sourceRelevance } from './source-relevance.js';

/** Samples of one task: inputs n × d and outputs. */
export interface TaskSamples {
  inputs: MatrixLike;
  outputs: ArrayLike<number>;
}

export interface ActiveMultiTaskOptions {
  /** Number of sources T. */
  sources: number;
  /** d. */
  dimension: number;
  /** k. */
  rank: number;
  /** N_1, N_2, ...: samples of the sources, epoch by epoch. The first is shared out evenly. */
  budgets: ArrayLike<number>;
  /** Samples of the target, drawn once. */
  targetSamples: number;
  /** nMin, samples of every source in every epoch. Default 1. */
  minimum?: number;
  /** 'l1' (default): Lasso and n ∝ |ν|. 'l2': pseudoinverse and n ∝ ν². 'uniform'. */
  strategy?: 'l1' | 'l2' | 'uniform';
  /** λ of the Lasso, relative to its largest useful value ||Wᵀw||_∞. Default 0.01. */
  lambda?: number;
  /** Rounds of alternating least squares. Default 10. */
  alternations?: number;
}

export interface ActiveMultiTask {
  /** B̂, d × k row-major. */
  representation: Float64Array;
  /** Heads of the sources, k × T row-major. */
  heads: Float64Array;
  targetHead: Float64Array;
  /** B̂ ŵ: the target's coefficients, length d. */
  target: Float64Array;
  /** ν of the last epoch. */
  nu: Float64Array;
  /** Samples of every source, by epoch. */
  samples: Int32Array[];
}

/**
 * Runs the epochs.
 *
 * @param drawSource samples of a source task
 * @param drawTarget samples of the target
 * @throws RangeError if an option is out of range or samples have the wrong shape
 */
export function activeMultiTask(
  drawSource: (task: number, n: number) => TaskSamples,
  drawTarget: (n: number) => TaskSamples,
  options: ActiveMultiTaskOptions,
): ActiveMultiTask {
  const T = checkInteger('sources', options.sources, 1);
  const d = checkInteger('dimension', options.dimension, 1);
  const k = checkInteger('rank', options.rank, 1, Math.min(d, T));
  const strategy = checkOption('strategy', options.strategy ?? 'l1', ['l1', 'l2', 'uniform']);
  const minimum = checkInteger('minimum', options.minimum ?? 1, 1);
  const share = checkNumber('lambda', options.lambda ?? 0.01, 0);
  const alternations = checkInteger('alternations', options.alternations ?? 10, 0);
  const epochs = checkInteger('budgets.length', options.budgets.length, 1);
  for (let e = 0; e < epochs; e++) checkInteger(`budgets[${e}]`, options.budgets[e], 1);

  const sources = Array.from({ length: T }, () => emptyMoments(d));
  const targetData = emptyMoments(d);
  addSamples(targetData, drawTarget(checkInteger('targetSamples', options.targetSamples, 1)), d, 'target');

  let nu: Float64Array = new Float64Array(T).fill(1);
  const samples: Int32Array[] = [];
  let fit = { B: new Float64Array(0), heads: new Float64Array(0) };
  let targetHead: Float64Array = new Float64Array(k);
  for (let e = 0; e < epochs; e++) {
    const even = e === 0 || nu.every((x) => x === 0);
    const allocation = sourceAllocation(nu, {
      strategy: even ? 'uniform' : strategy,
      total: options.budgets[e],
      minimum,
    });
    samples.push(Int32Array.from(allocation, Math.ceil));
    for (let t = 0; t < T; t++) addSamples(sources[t], drawSource(t, samples[e][t]), d, `source ${t}`);
    fit = fitShared(sources, d, k, alternations);
    targetHead = headOf(targetData, fit.B, d, k);
    const W = { data: fit.heads, rows: k, columns: T };
    if (strategy === 'l2') nu = sourceRelevance(W, targetHead, { norm: 'l2' }).nu;
    else if (strategy === 'l1') {
      let largest = 0;
      for (let t = 0; t < T; t++) {
        let slope = 0;
        for (let i = 0; i < k; i++) slope += fit.heads[i * T + t] * targetHead[i];
        largest = Math.max(largest, Math.abs(slope));
      }
      nu = lassoRelevance(W, targetHead, share * largest, { tolerance: 1e-8 }).nu;
    }
  }
  const target = new Float64Array(d);
  for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) target[i] += fit.B[i * k + j] * targetHead[j];
  return { representation: fit.B, heads: fit.heads, targetHead, target, nu, samples };
}

/** XᵀX and Xᵀy: all that least squares needs. */
interface Moments {
  n: number;
  gram: Float64Array;
  cross: Float64Array;
}

function emptyMoments(d: number): Moments {
  return { n: 0, gram: new Float64Array(d * d), cross: new Float64Array(d) };
}

function addSamples(moments: Moments, { inputs, outputs }: TaskSamples, d: number, name: string): void {
  const { data: X, rows: n, columns } = toRowMajor(inputs, 'inputs');
  if (columns !== d) throw new RangeError(`inputs of ${name} must have ${d} columns, got ${columns}`);
  checkVector(`outputs of ${name}`, outputs, n);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < d; i++) {
      const x = X[r * d + i];
      moments.cross[i] += x * outputs[r];
      for (let j = 0; j < d; j++) moments.gram[i * d + j] += x * X[r * d + j];
    }
  }
  moments.n += n;
}

/** argmin over B, W of Σ_t ||y_t - X_t B w_t||². */
function fitShared(tasks: Moments[], d: number, k: number, alternations: number) {
  const T = tasks.length;
  const stacked = new Float64Array(d * T);
  tasks.forEach(({ n, gram, cross }, t) => {
    // A little ridge for tasks with fewer samples than d; tasks weigh as their data do.
    const A = gram.slice();
    for (let i = 0; i < d; i++) A[i * d + i] += 1;
    const theta = choleskySolve(choleskyJittered(A, d).L, cross, d);
    for (let i = 0; i < d; i++) stacked[i * T + t] = Math.sqrt(n) * theta[i];
  });
  const { u } = svd(stacked, d, T);
  const r = Math.min(d, T);
  let B = new Float64Array(d * k);
  for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) B[i * k + j] = u[i * r + j];
  let heads = new Float64Array(k * T);
  const solveHeads = () => {
    heads = new Float64Array(k * T);
    tasks.forEach((task, t) => {
      const w = headOf(task, B, d, k);
      for (let j = 0; j < k; j++) heads[j * T + t] = w[j];
    });
  };
  solveHeads();
  for (let round = 0; round < alternations; round++) {
    // vec(B) from Σ_t (G_t ⊗ w_t w_tᵀ) vec(B) = Σ_t c_t ⊗ w_t, row-major.
    const size = d * k;
    const A = new Float64Array(size * size);
    const b = new Float64Array(size);
    tasks.forEach(({ gram, cross }, t) => {
      for (let i = 0; i < d; i++) {
        for (let p = 0; p < k; p++) {
          const wp = heads[p * T + t];
          b[i * k + p] += cross[i] * wp;
          const row = (i * k + p) * size;
          for (let j = 0; j < d; j++) {
            const g = gram[i * d + j] * wp;
            for (let q = 0; q < k; q++) A[row + j * k + q] += g * heads[q * T + t];
          }
        }
      }
    });
    B = orthonormal(choleskySolve(choleskyJittered(A, size).L, b, size), d, k);
    solveHeads();
  }
  return { B, heads };
}

/** Least squares of a task on the features B. */
function headOf({ gram, cross }: Moments, B: Float64Array, d: number, k: number): Float64Array {
  const A = new Float64Array(k * k);
  const b = new Float64Array(k);
  for (let p = 0; p < k; p++) {
    for (let i = 0; i < d; i++) {
      const Bip = B[i * k + p];
      b[p] += Bip * cross[i];
      for (let j = 0; j < d; j++) {
        const g = Bip * gram[i * d + j];
        for (let q = 0; q < k; q++) A[p * k + q] += g * B[j * k + q];
      }
    }
  }
  return choleskySolve(choleskyJittered(A, k).L, b, k);
}

/** Columns made orthonormal by Gram-Schmidt. */
function orthonormal(B: Float64Array, d: number, k: number): Float64Array<ArrayBuffer> {
  const Q = Float64Array.from(B);
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < p; q++) {
      let overlap = 0;
      for (let i = 0; i < d; i++) overlap += Q[i * k + q] * Q[i * k + p];
      for (let i = 0; i < d; i++) Q[i * k + p] -= overlap * Q[i * k + q];
    }
    let norm = 0;
    for (let i = 0; i < d; i++) norm += Q[i * k + p] * Q[i * k + p];
    norm = Math.sqrt(norm);
    for (let i = 0; i < d; i++) Q[i * k + p] /= norm;
  }
  return Q;
}
