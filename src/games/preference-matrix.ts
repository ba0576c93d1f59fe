/**
 * Preference matrices: P_ij is the probability that i beats j, so P_ij + P_ji = 1 and P_ii = 1/2.
 *
 * A preference is a symmetric zero-sum game with payoff P_ij - 1/2 (skew-symmetric) and value 1/2 in the scale of P.
 */
import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import { type MatrixLike, toRowMajor } from '../linalg/index.js';
import { sigmoid } from '../special/logistic.js';

/** A square matrix in row-major order, as the builders give it and every function here accepts it. */
export interface PreferenceMatrix {
  data: Float64Array;
  rows: number;
  columns: number;
}

/**
 * The matrix in row-major order, once it is known to be a preference.
 *
 * @throws RangeError if it is empty or not square, if an entry is outside [0, 1], or if P_ij + P_ji differs from 1 by more
 *   than `tolerance` (default 1e-9)
 *
 * @example
 * checkPreference([[0.5, 0.7], [0.3, 0.5]]).n; //=> 2
 */
export function checkPreference(preference: MatrixLike, tolerance = 1e-9): { data: Float64Array; n: number } {
  const { data, rows: n, columns } = toRowMajor(preference, 'preference');
  if (n !== columns || n === 0) throw new RangeError(`preference must be square and not empty, got ${n} × ${columns}`);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const p = data[i * n + j];
      const q = data[j * n + i];
      if (!(p >= 0 && p <= 1)) throw new RangeError(`preference[${i}][${j}] must be in [0, 1], got ${p}`);
      if (!(Math.abs(p + q - 1) <= tolerance)) {
        throw new RangeError(`preference[${i}][${j}] + preference[${j}][${i}] must be 1, got ${p + q}`);
      }
    }
  }
  return { data, n };
}

/**
 * Bradley-Terry: P_ij = 1 / (1 + e^(u_j - u_i)). R. A. Bradley, M. E. Terry, Biometrika 39 (1952) 324-345.
 *
 * @param utilities u, finite
 *
 * @example
 * bradleyTerryMatrix([Math.log(3), 0]).data[1].toFixed(12); //=> '0.750000000000'
 */
export function bradleyTerryMatrix(utilities: ArrayLike<number>): PreferenceMatrix {
  checkVector('utilities', utilities);
  return fromPairs(utilities.length, (i, j) => sigmoid(utilities[i] - utilities[j]));
}

/**
 * Item 0 beats every other with probability 1/2 + margin; the others tie.
 *
 * @param margin in [0, 1/2]
 *
 * @example
 * condorcetMatrix(2, 0.25).data; //=> Float64Array.of(0.5, 0.75, 0.25, 0.5)
 */
export function condorcetMatrix(n: number, margin: number): PreferenceMatrix {
  checkInteger('n', n, 1);
  checkNumber('margin', margin, 0, 0.5);
  return fromPairs(n, (i) => (i === 0 ? 0.5 + margin : 0.5));
}

/**
 * Three items in a cycle: 0 beats 1 by margin x, 1 beats 2 by y, 2 beats 0 by z, where a margin is 2P - 1 in [-1, 1].
 *
 * For positive margins the minimax winner is (y, z, x) / (x + y + z).
 *
 * @example
 * Array.from(minimaxWinner(cyclicMatrix(1, 1, 0.5)).policy, (p) => Number(p.toFixed(12))); //=> [0.4, 0.2, 0.4]
 */
export function cyclicMatrix(x: number, y: number, z: number): PreferenceMatrix {
  checkNumber('x', x, -1, 1);
  checkNumber('y', y, -1, 1);
  checkNumber('z', z, -1, 1);
  return fromPairs(3, (i, j) => (i === 0 && j === 1 ? (1 + x) / 2 : i === 1 ? (1 + y) / 2 : (1 - z) / 2));
}

/** P from its upper triangle. */
function fromPairs(n: number, probability: (i: number, j: number) => number): PreferenceMatrix {
  const data = new Float64Array(n * n).fill(0.5);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      data[i * n + j] = probability(i, j);
      data[j * n + i] = 1 - data[i * n + j];
    }
  }
  return { data, rows: n, columns: n };
}
