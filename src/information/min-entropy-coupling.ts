/**
 * Minimum-entropy coupling: given marginals, a joint distribution of least entropy that has them.
 *
 * The greedy algorithm: M. Kocaoglu, A. Dimakis, S. Vishwanath, B. Hassibi, "Entropic causal inference", AAAI 2017,
 * arXiv:1611.04035, Algorithm 1. Within one bit of the optimum for two marginals: M. Rossi, "Greedy additive
 * approximation algorithms for minimum-entropy coupling problem", ISIT 2019. The lower bound by majorization:
 * F. Cicalese, L. Gargano, U. Vaccaro, "Minimum-entropy couplings and their applications", IEEE Transactions on
 * Information Theory 65 (2019), arXiv:1901.07530, Theorem 3.
 */
import { checkProbabilities } from '../internal/check.js';
import { totalEntropyBits } from './entropy-bits.js';

export interface CouplingAtom {
  /** The cell of the joint distribution: one index for each marginal. */
  index: number[];
  mass: number;
}

export interface Coupling {
  /** The cells that carry mass, at most Σ n_i - m + 1 of them for m marginals of sizes n_i. */
  atoms: CouplingAtom[];
  /** Entropy of the joint distribution, bits. */
  entropyBits: number;
  /** No coupling of these marginals has less: `couplingLowerBound`. */
  lowerBoundBits: number;
}

/** Mass left when the greedy algorithm stops; it goes to the last atom. */
const RESIDUE = 1e-14;

/**
 * The greedy coupling: again and again take the largest remaining atom of every marginal (ties: lowest index), give
 * their cell the smallest of these masses, and subtract it.
 *
 * Its entropy is at most one bit above the optimum for two marginals. O(n log n) for n atoms in all, by heaps.
 * Deterministic. The marginals are reproduced to 1e-12.
 *
 * @param marginals at least one distribution, each adding up to 1 within 1e-9
 * @throws RangeError if there is no marginal or one is not a distribution
 *
 * @example
 * greedyMinEntropyCoupling([[0.5, 0.5], [0.5, 0.25, 0.25]]).atoms.length; //=> 3
 */
export function greedyMinEntropyCoupling(marginals: ArrayLike<number>[]): Coupling {
  if (marginals.length === 0) throw new RangeError('marginals must not be empty');
  marginals.forEach((p, i) => checkProbabilities(`marginals[${i}]`, p));
  const heaps = marginals.map((p) => new MassHeap(p));
  const atoms: CouplingAtom[] = [];
  let left = 1;
  while (left > RESIDUE) {
    let mass = Infinity;
    for (const heap of heaps) mass = Math.min(mass, heap.topMass());
    if (!(mass > 0)) break; // a marginal whose sum rounds below 1 is spent
    atoms.push({ index: heaps.map((heap) => heap.takeFromTop(mass)), mass });
    left -= mass;
  }
  const last = atoms[atoms.length - 1];
  last.mass = Math.max(0, last.mass + left);
  return {
    atoms,
    entropyBits: totalEntropyBits(atoms.map(({ mass }) => mass)),
    lowerBoundBits: couplingLowerBound(marginals),
  };
}

/**
 * A lower bound on the entropy of every coupling, in bits: max_i H(p_i); for two marginals the larger entropy of
 * their greatest lower bound in the order of majorization, whose k largest atoms add up to the smaller of the two
 * sums of the k largest atoms.
 *
 * @example
 * couplingLowerBound([[0.5, 0.5], [0.5, 0.25, 0.25]]); //=> 1.5
 */
export function couplingLowerBound(marginals: ArrayLike<number>[]): number {
  if (marginals.length !== 2) return Math.max(...marginals.map((p) => totalEntropyBits(p)));
  const [p, q] = marginals.map((marginal) => Float64Array.from(marginal).sort().reverse());
  const meet = new Float64Array(Math.max(p.length, q.length));
  let sumP = 0;
  let sumQ = 0;
  let previous = 0;
  for (let k = 0; k < meet.length; k++) {
    sumP += p[k] ?? 0;
    sumQ += q[k] ?? 0;
    const sum = Math.min(sumP, sumQ);
    meet[k] = Math.max(0, sum - previous);
    previous = sum;
  }
  return totalEntropyBits(meet);
}

/**
 * The coupling of two marginals as a dense matrix, flat row-major, `rows` x `columns`.
 *
 * @example
 * Array.from(couplingMatrix(greedyMinEntropyCoupling([[0.5, 0.5], [1]]), 2, 1)); //=> [0.5, 0.5]
 */
export function couplingMatrix({ atoms }: Coupling, rows: number, columns: number): Float64Array {
  const joint = new Float64Array(rows * columns);
  for (const { index, mass } of atoms) {
    if (index.length !== 2) throw new RangeError(`coupling must have two marginals, got ${index.length}`);
    if (index[0] >= rows || index[1] >= columns) throw new RangeError(`rows, columns must hold the atom at ${index}`);
    joint[index[0] * columns + index[1]] += mass;
  }
  return joint;
}

/** A max-heap of indices by remaining mass, the lowest index first among equals. */
class MassHeap {
  private readonly mass: Float64Array;
  private readonly heap: Int32Array;

  constructor(p: ArrayLike<number>) {
    this.mass = Float64Array.from(p);
    this.heap = Int32Array.from(p, (_, i) => i);
    for (let at = (this.heap.length >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  topMass(): number {
    return this.mass[this.heap[0]];
  }

  /** Takes `mass` from the largest atom and returns its index. */
  takeFromTop(mass: number): number {
    const index = this.heap[0];
    this.mass[index] -= mass;
    this.sink(0);
    return index;
  }

  private sink(at: number): void {
    const { heap } = this;
    for (;;) {
      let first = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; child++) {
        if (this.before(heap[child], heap[first])) first = child;
      }
      if (first === at) return;
      [heap[at], heap[first]] = [heap[first], heap[at]];
      at = first;
    }
  }

  private before(i: number, j: number): boolean {
    return this.mass[i] > this.mass[j] || (this.mass[i] === this.mass[j] && i < j);
  }
}
