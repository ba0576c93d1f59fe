/**
 * Good-Turing estimation: how much probability belongs to what a sample has not shown.
 *
 * I. J. Good, "The population frequencies of species and the estimation of population parameters", Biometrika 40
 * (1953) 237-264, equations (9) and (2). A. Chao, "Nonparametric estimation of the number of classes in a population",
 * Scandinavian Journal of Statistics 11 (1984), in the bias-corrected form. The interval is the one that A. T. Kalai,
 * S. S. Vempala, arXiv:2311.14648, Lemma 6 take from D. McAllester, R. Schapire (COLT 2000).
 *
 *   n_r   number of kinds seen exactly r times
 *   n     Σ_r r n_r, the size of the sample
 */
import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import { log } from '../special/index.js';

export interface GoodTuring {
  /** Size of the sample, n. */
  n: number;
  /** Kinds seen at least once. */
  observed: number;
  /** n_1, kinds seen exactly once. */
  singletons: number;
  /** n_2, kinds seen exactly twice. */
  doubletons: number;
  /** n_1 / n, the estimate of the probability that the next draw is of a kind not seen yet. */
  missingMass: number;
  /** Chao's estimate of the number of kinds, observed + n_1 (n_1 - 1) / (2 (n_2 + 1)). */
  chao1: number;
  /** For every count r that occurs, ascending: n_r and Good's adjusted count r* = (r + 1) n_{r+1} / n_r. */
  frequencies: { count: number; kinds: number; adjusted: number }[];
}

/**
 * The Good-Turing estimates of a sample. E[n_1 / n] exceeds the expected missing mass by at most 1/n.
 *
 * @param counts how often each kind was seen; kinds never seen may be listed with 0 or left out
 * @throws RangeError if a count is not a nonnegative integer, or all are zero
 *
 * @example
 * goodTuring([1, 1, 2, 3, 1]).missingMass; //=> 0.375
 */
export function goodTuring(counts: ArrayLike<number>): GoodTuring {
  checkVector('counts', counts);
  const kinds = new Map<number, number>();
  let n = 0;
  let observed = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = checkInteger(`counts[${i}]`, counts[i], 0);
    if (count === 0) continue;
    kinds.set(count, (kinds.get(count) ?? 0) + 1);
    n += count;
    observed += 1;
  }
  if (n === 0) throw new RangeError('counts must not all be zero');
  const kindsOf = (r: number) => kinds.get(r) ?? 0;
  const [singletons, doubletons] = [kindsOf(1), kindsOf(2)];
  return {
    n,
    observed,
    singletons,
    doubletons,
    missingMass: singletons / n,
    chao1: observed + (singletons * (singletons - 1)) / (2 * (doubletons + 1)),
    frequencies: [...kinds.keys()]
      .sort((a, b) => a - b)
      .map((r) => ({ count: r, kinds: kindsOf(r), adjusted: ((r + 1) * kindsOf(r + 1)) / kindsOf(r) })),
  };
}

/**
 * An interval for the missing mass: n_1 / n ± sqrt(6 ln(6/δ) / n), clipped to [0, 1], which holds with probability
 * 1 - δ at least, whatever the law.
 *
 * @throws RangeError as `goodTuring`, or if delta is not in (0, 1)
 */
export function missingMassInterval(
  counts: ArrayLike<number>,
  { delta }: { delta: number },
): { estimate: number; low: number; high: number; halfWidth: number } {
  const { missingMass: estimate, n } = goodTuring(counts);
  const halfWidth = missingMassHalfWidth(n, delta);
  return { estimate, low: Math.max(0, estimate - halfWidth), high: Math.min(1, estimate + halfWidth), halfWidth };
}

/** sqrt(6 ln(6/δ) / n). */
export function missingMassHalfWidth(n: number, delta: number): number {
  checkNumber('n', n, 1);
  checkNumber('delta', delta, Number.MIN_VALUE, 1 - 2e-16);
  return Math.sqrt((6 * log(6 / delta)) / n);
}
