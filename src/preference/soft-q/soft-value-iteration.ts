// Soft value iteration on a finite Markov decision process, and the reward that a soft Q-function stands for.
//
// T. Haarnoja et al., arXiv:1702.08165; D. Garg et al., "IQ-Learn", arXiv:2106.12142 (inverse
// soft Bellman operator); M. Wulfmeier et al., "Imitating Language via Scalable Inverse Reinforcement Learning",
// arXiv:2409.01369.
//
//   paper       here          meaning
//   P(s'|s,a)   transitions   S A × S, row s A + a; a row that adds up to less than 1 ends the episode with the rest
//   r(s, a)     rewards       S × A
//   γ           gamma         discount
//   β           beta          temperature

import { checkInteger, checkMatrix, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logSumExp } from '../../special/log-sum-exp.js';

export interface SoftMdp {
  /** S A × S probabilities, row s A + a. */
  transitions: MatrixLike;
  /** S × A. */
  rewards: MatrixLike;
  /** S × A, the policy to stay near. Default uniform weights 1, so that the entropy is rewarded. */
  ref?: MatrixLike;
}

export interface SoftValueOptions {
  beta: number;
  /** In [0, 1]; 1 needs a process that ends. */
  gamma: number;
  /** Converged when no value moves by more. Default 1e-12. */
  tolerance?: number;
  /** Default 100000. */
  maxIterations?: number;
}

export interface SoftValues {
  values: Float64Array;
  /** S × A. */
  q: Float64Array;
  policy: Float64Array;
  iterations: number;
  status: 'converged' | 'max-iterations';
  converged: boolean;
}

/**
 * The fixed point of Q(s,a) = r(s,a) + β log ref(a|s) + γ Σ_{s'} P(s'|s,a) V(s'), V(s) = β log Σ_a e^{Q(s,a)/β}.
 *
 * The iteration contracts by γ; O(S² A) a step. With γ = 1 it converges when every policy ends. Without `ref` the term
 * β log ref is left out (maximum-entropy control).
 *
 * @throws RangeError if a shape is wrong, a row of transitions is negative or adds up to more than 1, a reward is not
 *   finite, or an option is out of range
 *
 * @example
 * const chain = { transitions: [[0], [0]], rewards: [[1, 1]] };
 * softValueIteration(chain, { beta: 1, gamma: 0.9 }).values; //=> Float64Array.of(1 + Math.LN2)
 */
export function softValueIteration(mdp: SoftMdp, options: SoftValueOptions): SoftValues {
  const { data: r, rows: S, columns: A } = checkMatrix('rewards', toRowMajor(mdp.rewards, 'rewards'));
  if (S === 0 || A === 0) throw new RangeError(`rewards must not be empty, got ${S} × ${A}`);
  const transitions = toRowMajor(mdp.transitions, 'transitions');
  if (transitions.rows !== S * A || transitions.columns !== S) {
    throw new RangeError(`transitions must be ${S * A} × ${S}, got ${transitions.rows} × ${transitions.columns}`);
  }
  const P = transitions.data;
  for (let i = 0; i < S * A; i++) {
    let total = 0;
    for (let s = 0; s < S; s++) total += checkNumber(`transitions[${i}][${s}]`, P[i * S + s], 0, 1);
    if (!(total <= 1 + 1e-9)) throw new RangeError(`transitions[${i}] must add up to at most 1, got ${total}`);
  }
  const beta = checkPositive('beta', options.beta);
  const gamma = checkNumber('gamma', options.gamma, 0, 1);
  const tolerance = checkNumber('tolerance', options.tolerance ?? 1e-12, 0);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 100_000, 1);
  const base = r.slice();
  if (mdp.ref !== undefined) {
    const ref = toRowMajor(mdp.ref, 'ref');
    if (ref.rows !== S || ref.columns !== A) {
      throw new RangeError(`ref must be ${S} × ${A}, got ${ref.rows} × ${ref.columns}`);
    }
    for (let i = 0; i < S * A; i++)
      base[i] += beta * log(checkNumber(`ref[${Math.floor(i / A)}][${i % A}]`, ref.data[i], 0, 1));
  }
  const values = new Float64Array(S);
  const next = new Float64Array(S);
  const q = new Float64Array(S * A);
  const scaled = new Float64Array(A);
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations && !converged) {
    let change = 0;
    for (let s = 0; s < S; s++) {
      for (let a = 0; a < A; a++) {
        const i = s * A + a;
        let ahead = 0;
        for (let t = 0; t < S; t++) ahead += P[i * S + t] * values[t];
        q[i] = base[i] + gamma * ahead;
        scaled[a] = q[i] / beta;
      }
      next[s] = beta * logSumExp(scaled);
      if (next[s] === -Infinity) throw new RangeError(`ref must allow an action in state ${s}`);
      change = Math.max(change, Math.abs(next[s] - values[s]));
    }
    values.set(next);
    iterations += 1;
    converged = change <= tolerance;
  }
  const policy = q.map((x, i) => exp((x - values[Math.floor(i / A)]) / beta));
  return { values, q, policy, iterations, status: converged ? 'converged' : 'max-iterations', converged };
}

/**
 * Inverse soft Bellman operator on a trajectory: the reward that makes Q and V consistent there,
 *
 *   r_t = Q(s_t, a_t) - β log ref(a_t|s_t) - γ V(s_{t+1}).
 *
 * Without `ref` its term is left out. The value after the last step is `terminalValue`.
 *
 * @param q Q(s_t, a_t) of the actions taken, length T
 * @param v V(s_t), length T
 * @throws RangeError if lengths differ or an entry is not finite
 *
 * @example
 * inverseSoftBellman([3, 2], [1, 0.5], { beta: 1 }); //=> Float64Array.of(2.5, 2)
 */
export function inverseSoftBellman(
  q: ArrayLike<number>,
  v: ArrayLike<number>,
  options: { beta: number; ref?: ArrayLike<number>; gamma?: number; terminalValue?: number },
): Float64Array {
  checkVector('q', q);
  checkVector('v', v, q.length);
  const beta = checkPositive('beta', options.beta);
  const gamma = checkNumber('gamma', options.gamma ?? 1, 0, 1);
  const terminal = checkNumber('terminalValue', options.terminalValue ?? 0);
  const { ref } = options;
  if (ref !== undefined) checkVector('ref', ref, q.length);
  const T = q.length;
  const rewards = new Float64Array(T);
  for (let t = 0; t < T; t++) {
    const prior = ref === undefined ? 0 : beta * log(checkNumber(`ref[${t}]`, ref[t], Number.MIN_VALUE, 1));
    rewards[t] = q[t] - prior - gamma * (t + 1 < T ? v[t + 1] : terminal);
  }
  return rewards;
}
