/**
 * Ranking by a preference: winners and scores of social choice, and how far the preference is from any ranking.
 *
 * M. de Condorcet (1785); J.-C. de Borda (1784); A. H. Copeland (1951). Stochastic transitivity: P. C. Fishburn, Journal of
 * Mathematical Psychology 10 (1973) 327-352.
 */
import { checkNumber, checkOption } from '../internal/check.js';
import type { MatrixLike } from '../linalg/index.js';
import { sigmoid } from '../special/logistic.js';
import { bernoulliKl } from '../stats/divergence.js';
import { logisticRegression } from '../stats/logistic-regression.js';
import { checkPreference } from './preference-matrix.js';

/**
 * The item that beats every other with probability above 1/2, or null.
 *
 * @throws RangeError if `preference` is no preference matrix
 *
 * @example
 * condorcetWinner([[0.5, 0.4], [0.6, 0.5]]); //=> 1
 */
export function condorcetWinner(preference: MatrixLike): number | null {
  const { data: P, n } = checkPreference(preference);
  for (let i = 0; i < n; i++) {
    let wins = 0;
    for (let j = 0; j < n; j++) if (j !== i && P[i * n + j] > 0.5) wins += 1;
    if (wins === n - 1) return i;
  }
  return null;
}

/**
 * Number of items that each item beats, a tie counting one half; with `normalized` divided by n - 1.
 *
 * @throws RangeError if `preference` is no preference matrix
 *
 * @example
 * copelandScores([[0.5, 0.4], [0.6, 0.5]]); //=> Float64Array.of(0, 1)
 */
export function copelandScores(preference: MatrixLike, options: { normalized?: boolean } = {}): Float64Array {
  const { data: P, n } = checkPreference(preference);
  const scores = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const p = P[i * n + j];
      scores[i] += p > 0.5 ? 1 : p === 0.5 ? 0.5 : 0;
    }
    if (options.normalized && n > 1) scores[i] /= n - 1;
  }
  return scores;
}

/**
 * Mean of P_ij over j != i; 1/2 for a single item.
 *
 * @throws RangeError if `preference` is no preference matrix
 *
 * @example
 * bordaScores([[0.5, 0.4], [0.6, 0.5]]); //=> Float64Array.of(0.4, 0.6)
 */
export function bordaScores(preference: MatrixLike): Float64Array {
  const { data: P, n } = checkPreference(preference);
  const scores = new Float64Array(n).fill(n === 1 ? 0.5 : 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (j !== i) scores[i] += P[i * n + j];
    if (n > 1) scores[i] /= n - 1;
  }
  return scores;
}

export interface PreferenceAggregation {
  condorcetWinner: number | null;
  copeland: Float64Array;
  borda: Float64Array;
}

/** `condorcetWinner`, `copelandScores` and `bordaScores` at once. @throws RangeError as they do */
export function preferenceAggregation(preference: MatrixLike): PreferenceAggregation {
  return {
    condorcetWinner: condorcetWinner(preference),
    copeland: copelandScores(preference),
    borda: bordaScores(preference),
  };
}

/**
 * All cycles of three: (i, j, l) with P_ij, P_jl and P_li above 1/2, i the smallest index, in lexicographic order. Each
 * cycle is listed once. O(n³).
 *
 * @throws RangeError if `preference` is no preference matrix
 *
 * @example
 * intransitivityTriples(cyclicMatrix(1, 1, 1)); //=> { triples: [[0, 1, 2]], count: 1 }
 */
export function intransitivityTriples(preference: MatrixLike): { triples: [number, number, number][]; count: number } {
  const { data: P, n } = checkPreference(preference);
  const triples: [number, number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      if (!(P[i * n + j] > 0.5)) continue;
      for (let l = i + 1; l < n; l++) if (P[j * n + l] > 0.5 && P[l * n + i] > 0.5) triples.push([i, j, l]);
    }
  }
  return { triples, count: triples.length };
}

/**
 * Whether P_ij >= 1/2 and P_jl >= 1/2 imply P_il >= 1/2 ('weak', the default), >= min(P_ij, P_jl) ('moderate'), or
 * >= max(P_ij, P_jl) ('strong'). Bradley-Terry preferences are strongly transitive. O(n³).
 *
 * @param options.tolerance slack in the conclusion, for rounding. Default 0
 * @throws RangeError if `preference` is no preference matrix
 *
 * @example
 * isStochasticallyTransitive(bradleyTerryMatrix([2, 1, 0]), { kind: 'strong' }); //=> true
 */
export function isStochasticallyTransitive(
  preference: MatrixLike,
  options: { kind?: 'weak' | 'moderate' | 'strong'; tolerance?: number } = {},
): boolean {
  const { data: P, n } = checkPreference(preference);
  const kind = checkOption('kind', options.kind ?? 'weak', ['weak', 'moderate', 'strong']);
  const tolerance = checkNumber('tolerance', options.tolerance ?? 0, 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const first = P[i * n + j];
      if (j === i || !(first >= 0.5)) continue;
      for (let l = 0; l < n; l++) {
        const second = P[j * n + l];
        if (l === i || l === j || !(second >= 0.5)) continue;
        const least = kind === 'weak' ? 0.5 : kind === 'moderate' ? Math.min(first, second) : Math.max(first, second);
        if (P[i * n + l] < least - tolerance) return false;
      }
    }
  }
  return true;
}

/**
 * Distance from the Bradley-Terry model: the mean over i < j of KL(Bernoulli(P_ij) || Bernoulli(σ(b_i - b_j))) at the b of
 * greatest likelihood, which is where this mean is least. 0 exactly when P is a Bradley-Terry matrix.
 *
 * Where sure wins send the best b to infinity the fit stops far out, with the misfit of the limit up to 1e-12.
 *
 * @returns the misfit in nats and the utilities b, Σ b = 0
 * @throws RangeError if `preference` is no preference matrix or has fewer than two items
 *
 * @example
 * bradleyTerryMisfit([[0.5, 0.9], [0.1, 0.5]]).misfit < 1e-15; //=> true
 */
export function bradleyTerryMisfit(preference: MatrixLike): { misfit: number; utilities: Float64Array } {
  const { data: P, n } = checkPreference(preference);
  if (n < 2) throw new RangeError(`preference must have two items or more, got ${n}`);
  const pairs = (n * (n - 1)) / 2;
  // b_0 = 0 removes the constant that the data cannot tell.
  const features = new Float64Array(pairs * (n - 1));
  const labels = new Float64Array(pairs);
  let row = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, row++) {
      if (i > 0) features[row * (n - 1) + i - 1] = 1;
      features[row * (n - 1) + j - 1] = -1;
      labels[row] = P[i * n + j];
    }
  }
  const { coefficients } = logisticRegression({ data: features, rows: pairs, columns: n - 1 }, labels);
  const utilities = new Float64Array(n);
  utilities.set(coefficients, 1);
  let center = 0;
  for (let i = 0; i < n; i++) center += utilities[i] / n;
  for (let i = 0; i < n; i++) utilities[i] -= center;
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) total += bernoulliKl(P[i * n + j], sigmoid(utilities[i] - utilities[j]));
  }
  return { misfit: total / pairs, utilities };
}
