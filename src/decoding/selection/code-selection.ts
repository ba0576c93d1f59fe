// Which of many generated programs to trust when the tests are generated too.
//
// M. Chen, Z. Liu, H. Tao, Y. Hong, D. Lo, X. Xia, J. Sun, "B4: Towards Optimal Assessment of Plausible Code Solutions with
// Plausible Tests", arXiv:2409.08692: the posterior score and the heuristics it is compared with.
//
//   E      N × M pass matrix: solution i passes test j
//   x, y   indicators of the correct solutions and of the correct tests
//   θ1     probability that a wrong solution passes a correct test; θ0, an incorrect one

import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { logBeta } from '../../special/beta.js';

/** Solutions that pass exactly the same tests, in increasing order. */
export interface ConsensusSet {
  solutions: number[];
}

/** Consensus sets from the best to the worst; ties by the smallest member. */
export type RankedSets<Score> = (ConsensusSet & Score)[];

export interface B4Options {
  /** Prior parameter α of the shares of correct solutions and tests, above 0. 10^3 for real code, 10 in simulations. Default 1e3. */
  alphaXY?: number;
  /** Prior parameter β of θ0, above 0. 10^4 to 10^6 for real code, 10 in simulations. Default 1e5. */
  beta0?: number;
}

/**
 * B4: consensus sets by the posterior of "these solutions and the tests that they pass are the correct ones",
 *
 *   ln B(Σy + α, M - Σy + 1) + ln B(Σx + α, N - Σx + 1) + ln B(s₁ + 1, n₁ - s₁ + 1) + ln B(s₀ + 1, n₀ - s₀ + β),
 *
 * where n₁ (s₁) counts the entries (passes) of the other solutions on the tests that the set passes and n₀ (s₀) those on the
 * other tests. O(sets · N M).
 *
 * @param passMatrix N rows of M entries 0 or 1 (or booleans)
 * @throws RangeError if the matrix is empty or ragged, an entry is neither 0 nor 1, or a parameter is not positive
 *
 * @example
 * b4Select([[1, 1, 0], [1, 1, 0], [0, 1, 1]], { alphaXY: 10, beta0: 10 })[0].solutions; //=> [0, 1]
 */
export function b4Select(
  passMatrix: readonly ArrayLike<number | boolean>[],
  options: B4Options = {},
): RankedSets<{ logScore: number }> {
  const alpha = checkPositive('alphaXY', options.alphaXY ?? 1e3);
  const beta0 = checkPositive('beta0', options.beta0 ?? 1e5);
  const { sets, N, M } = consensusSets(passMatrix);
  const scored = sets.map(({ solutions, passes }) => {
    const inside = new Set(solutions);
    const y = passes.reduce((a, b) => a + b, 0);
    let [s1, s0] = [0, 0];
    for (let i = 0; i < N; i++) {
      if (inside.has(i)) continue;
      for (let j = 0; j < M; j++) {
        if (passes[j] === 1) s1 += Number(passMatrix[i][j]);
        else s0 += Number(passMatrix[i][j]);
      }
    }
    const x = solutions.length;
    const n1 = (N - x) * y;
    const n0 = (N - x) * (M - y);
    const logScore =
      logBeta(y + alpha, M - y + 1) +
      logBeta(x + alpha, N - x + 1) +
      logBeta(s1 + 1, n1 - s1 + 1) +
      logBeta(s0 + 1, n0 - s0 + beta0);
    return { solutions, logScore };
  });
  return scored.sort((a, b) => b.logScore - a.logScore || a.solutions[0] - b.solutions[0]);
}

/**
 * CodeT: consensus sets by (tests passed) · √(solutions in the set).
 *
 * B. Chen et al., "CodeT: Code Generation with Generated Tests", arXiv:2207.10397, as scored in arXiv:2409.08692.
 *
 * @example
 * codeTSelect([[1, 1, 0], [1, 1, 0], [0, 1, 1]])[0].solutions; //=> [0, 1]
 */
export function codeTSelect(passMatrix: readonly ArrayLike<number | boolean>[]): RankedSets<{ score: number }> {
  return rank(passMatrix, (size, passed) => passed * Math.sqrt(size));
}

/**
 * MaxPass: consensus sets by the tests passed.
 *
 * @example
 * maxPassSelect([[1, 0], [1, 1]])[0].solutions; //=> [1]
 */
export function maxPassSelect(passMatrix: readonly ArrayLike<number | boolean>[]): RankedSets<{ score: number }> {
  return rank(passMatrix, (_size, passed) => passed);
}

/**
 * MBR-exec: consensus sets by the solutions that agree.
 *
 * F. Shi et al., "Natural Language to Code Translation with Execution", arXiv:2204.11454.
 *
 * @example
 * mbrExecSelect([[1, 1], [1, 0], [1, 0]])[0].solutions; //=> [1, 2]
 */
export function mbrExecSelect(passMatrix: readonly ArrayLike<number | boolean>[]): RankedSets<{ score: number }> {
  return rank(passMatrix, (size) => size);
}

export interface CodeSelectionModel {
  /** N, solutions. */
  solutions: number;
  /** M, tests. */
  tests: number;
  /** θx: probability that a solution is correct. */
  thetaX: number;
  /** θy: probability that a test is correct. */
  thetaY: number;
  /** Probability that a wrong solution passes an incorrect test. */
  theta0: number;
  /** Probability that a wrong solution passes a correct test. */
  theta1: number;
}

export interface SimulatedCodeSelection {
  passMatrix: Uint8Array[];
  correctSolutions: Uint8Array;
  correctTests: Uint8Array;
}

/**
 * A pass matrix of the model of the paper: a correct solution passes exactly the correct tests; a wrong one passes a correct test
 * with probability θ1 and an incorrect one with θ0, independently.
 *
 * Uniforms: N for the solutions, M for the tests, then one for each entry of a wrong solution, row by row.
 *
 * @throws RangeError if a probability is outside [0, 1] or a size is not an integer >= 1
 *
 * @example
 * const model = { solutions: 2, tests: 3, thetaX: 1, thetaY: 1, theta0: 0, theta1: 0 };
 * simulateCodeSelection(model, createRng('demo')).passMatrix[0]; //=> Uint8Array.of(1, 1, 1)
 */
export function simulateCodeSelection(model: CodeSelectionModel, rng: Rng): SimulatedCodeSelection {
  const N = checkInteger('solutions', model.solutions, 1);
  const M = checkInteger('tests', model.tests, 1);
  const [thetaX, thetaY, theta0, theta1] = (['thetaX', 'thetaY', 'theta0', 'theta1'] as const).map((name) =>
    checkNumber(name, model[name], 0, 1),
  );
  const correctSolutions = Uint8Array.from({ length: N }, () => Number(rng() < thetaX));
  const correctTests = Uint8Array.from({ length: M }, () => Number(rng() < thetaY));
  const passMatrix = Array.from(correctSolutions, (correct) =>
    Uint8Array.from(correctTests, (test) => (correct === 1 ? test : Number(rng() < (test === 1 ? theta1 : theta0)))),
  );
  return { passMatrix, correctSolutions, correctTests };
}

function rank(
  passMatrix: readonly ArrayLike<number | boolean>[],
  score: (size: number, passed: number) => number,
): RankedSets<{ score: number }> {
  return consensusSets(passMatrix)
    .sets.map(({ solutions, passes }) => ({
      solutions,
      score: score(
        solutions.length,
        passes.reduce((a, b) => a + b, 0),
      ),
    }))
    .sort((a, b) => b.score - a.score || a.solutions[0] - b.solutions[0]);
}

/** Groups of equal rows, in the order of their first members. */
function consensusSets(passMatrix: readonly ArrayLike<number | boolean>[]): {
  sets: { solutions: number[]; passes: number[] }[];
  N: number;
  M: number;
} {
  const N = passMatrix.length;
  if (N === 0) throw new RangeError('passMatrix must not be empty');
  const M = passMatrix[0].length;
  const byRow = new Map<string, { solutions: number[]; passes: number[] }>();
  passMatrix.forEach((row, i) => {
    if (row.length !== M) throw new RangeError(`passMatrix[${i}] must have length ${M}, got ${row.length}`);
    const passes = Array.from(row, Number);
    passes.forEach((pass, j) => {
      if (pass !== 0 && pass !== 1)
        throw new RangeError(`passMatrix[${i}][${j}] must be 0 or 1, got ${String(row[j])}`);
    });
    const key = passes.join('');
    const set = byRow.get(key);
    if (set === undefined) byRow.set(key, { solutions: [i], passes });
    else set.solutions.push(i);
  });
  return { sets: [...byRow.values()], N, M };
}
