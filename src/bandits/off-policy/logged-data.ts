/** Rounds that another policy played: what off-policy estimators read. */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';

/** n rounds, their actions out of A, and the policy to evaluate. */
export interface LoggedData {
  /** Action a_i of each round, 0 .. A-1. */
  actions: ArrayLike<number>;
  /** Its reward r_i, finite. */
  rewards: ArrayLike<number>;
  /** Probability in (0, 1] with which the logging policy took it. */
  propensities: ArrayLike<number>;
  /** Probabilities of all actions under the policy to evaluate, n × A; rows sum to 1. */
  target: MatrixLike;
  /** Predicted rewards q(x_i, a) of all actions, n × A; needed by the estimators that use a model. */
  model?: MatrixLike;
  /** Probabilities of all actions under the logging policy, n × A; needed by `opeSwitch`. */
  logging?: MatrixLike;
}

/** Checked data, with importance weights and what the model says. */
export interface WeightedLog {
  n: number;
  actions: number;
  /** w_i = target(a_i | x_i) / propensity_i. */
  weights: Float64Array;
  rewards: Float64Array;
  /** q(x_i, a_i); zeros without a model. */
  logged: Float64Array;
  /** Σ_a target(a | x_i) q(x_i, a); zeros without a model. */
  expected: Float64Array;
  target: Float64Array;
  model: Float64Array | undefined;
}

/**
 * @param needsModel whether the estimator uses `data.model`
 * @throws RangeError or TypeError that names the field
 */
export function weighLog(data: LoggedData, needsModel: boolean): WeightedLog {
  const n = data.actions.length;
  if (!(n >= 1)) throw new RangeError('actions must not be empty');
  checkVector('rewards', data.rewards, n);
  checkVector('propensities', data.propensities, n);
  const { data: target, columns: A } = checkPolicyRows('target', data.target, n);
  if (needsModel && data.model === undefined) throw new TypeError('model must be given');
  const model = needsModel ? checkMatrix('model', data.model as MatrixLike, n, A) : undefined;
  const weights = new Float64Array(n);
  const logged = new Float64Array(n);
  const expected = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const a = data.actions[i];
    if (!(a >= 0 && a < A && Number.isInteger(a))) checkInteger(`actions[${i}]`, a, 0, A - 1); // says what is wrong
    const p = data.propensities[i];
    if (!(p > 0 && p <= 1)) throw new RangeError(`propensities[${i}] must be in (0, 1], got ${p}`);
    weights[i] = target[i * A + a] / p;
    if (model === undefined) continue;
    logged[i] = model[i * A + a];
    let total = 0;
    for (let b = 0; b < A; b++) total += target[i * A + b] * model[i * A + b];
    expected[i] = total;
  }
  return { n, actions: A, weights, rewards: new Float64Array(data.rewards), logged, expected, target, model };
}

/** A matrix whose n rows are probability vectors. */
export function checkPolicyRows(name: string, matrix: MatrixLike, n: number): { data: Float64Array; columns: number } {
  const { data, rows, columns } = toRowMajor(matrix, name);
  if (rows !== n) throw new RangeError(`${name} must have ${n} rows, got ${rows}`);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let a = 0; a < columns; a++) {
      const p = data[i * columns + a];
      if (!(p >= 0 && p < Infinity)) checkNumber(`${name}[${i}][${a}]`, p, 0); // says what is wrong
      total += p;
    }
    if (!(Math.abs(total - 1) <= 1e-9)) throw new RangeError(`${name}[${i}] must sum to 1, got ${total}`);
  }
  return { data, columns };
}

function checkMatrix(name: string, matrix: MatrixLike, rows: number, columns: number): Float64Array {
  const m = toRowMajor(matrix, name);
  if (m.rows !== rows || m.columns !== columns) {
    throw new RangeError(`${name} must be ${rows} × ${columns}, got ${m.rows} × ${m.columns}`);
  }
  checkVector(name, m.data);
  return m.data;
}
