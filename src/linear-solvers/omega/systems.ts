/**
 * Sequences of related linear systems, one after another: what a learner of a solver parameter learns on.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax", arXiv:2310.02246, Sections 2.3 and 4.
 */
import { checkInteger, checkNumber, checkPositive, checkOptionNames } from '../../internal/check.js';
import { sampleBeta } from '../../random/gamma.js';
import { sampleNormalInBall } from '../../random/normal.js';
import type { Rng } from '../../random/create-rng.js';
import type { CsrMatrix } from '../sparse/csr.js';
import { csrShiftDiagonal } from '../sparse/csr-algebra.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';

/** A system A x = b with what is known of it before it is solved. */
export interface LinearSystem {
  A: CsrMatrix;
  b: Float64Array;
  /** A scalar that the matrix depends on, such as a shift or a coefficient. */
  context?: number;
  /** A first guess. */
  x0?: Float64Array;
}

export interface ShiftedSequenceOptions {
  /** The matrix to be shifted. */
  A: MatrixInput;
  /** c_t = low + width · Beta(betaA, betaB). Defaults -0.15 and 0.6; the paper writes (12 z - 3)/20. */
  low?: number;
  width?: number;
  /** Shape of the Beta distribution: (2, 6) varies little, (1/2, 3/2) much. */
  betaA: number;
  betaB: number;
  /** Number of systems T. */
  length: number;
  rng: Rng;
}

const NAMES = { A: true, low: true, width: true, betaA: true, betaB: true, length: true, rng: true } satisfies Record<
  keyof ShiftedSequenceOptions,
  true
>;

/**
 * T systems (A + c_t I) x = b_t with random shifts, the context, and b_t normal within the ball of radius √n.
 *
 * One pass: going through it again draws on from `rng`. All matrices share their pattern; each has its own values.
 *
 * @throws RangeError if a shape is not positive or the length is not a nonnegative integer
 *
 * @example
 * const systems = [...shiftedSequence({ A: poisson2d(3, 3), betaA: 2, betaB: 6, length: 4, rng: createRng(1) })];
 * systems.map(({ A, context }) => A.values[0] === 4 + (context ?? 0)); //=> [true, true, true, true]
 */
export function shiftedSequence(options: ShiftedSequenceOptions): Iterable<LinearSystem> {
  checkOptionNames('options', options, NAMES);
  const { A: matrix, low = -0.15, width = 0.6, betaA, betaB, length, rng } = options;
  checkNumber('low', low);
  checkNumber('width', width, 0);
  checkPositive('betaA', betaA);
  checkPositive('betaB', betaB);
  checkInteger('length', length, 0);
  // Shifted once without `out`, the matrix has its whole diagonal stored.
  const A = csrShiftDiagonal(toCsr(matrix), 0);
  const { rows, cols, rowPtr, colIdx } = A;
  function* systems(): Generator<LinearSystem> {
    for (let t = 0; t < length; t++) {
      const context = low + width * sampleBeta(betaA, betaB, rng);
      const shifted = { rows, cols, rowPtr, colIdx, values: new Float64Array(A.values.length) };
      yield { A: csrShiftDiagonal(A, context, shifted), b: sampleNormalInBall(rows, rng), context };
    }
  }
  return { [Symbol.iterator]: systems };
}
