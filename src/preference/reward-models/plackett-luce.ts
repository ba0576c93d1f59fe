// Strengths from rankings and from choices: the models of Luce and of Plackett by maximum likelihood.
//
//   paper      here              meaning
//   ln γ_i     scores[i]         log-strength; P(i chosen from S) = e^{s_i} / Σ_{j in S} e^{s_j}
//   π          ranking           items best first; a ranking is a choice of its best item, then of the next, ...

import { checkInteger, checkNumber, checkOption, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { arraySize } from '../losses/pair-batch.js';
import { rankingFit, type RankingFit } from './bradley-terry.js';
import { center, gaugedInverse, newtonFit, standardErrorsOf } from './newton-fit.js';
import { checkStronglyConnected } from './win-graph.js';

/** One item taken from a set that holds it. */
export interface LuceChoice {
  winner: number;
  set: ArrayLike<number>;
  /** Default 1. */
  weight?: number;
}

export interface LuceOptions {
  /** Number of items. */
  items: number;
  /** 'newton' (default), or 'mm' (Hunter's minorization; without l2 only). */
  method?: 'newton' | 'mm';
  /** Penalty l2/2 Σ s². Default 0. */
  l2?: number;
  /** Converged when the last step is below tolerance (1 + max |s|). Default 1e-12. */
  tolerance?: number;
  /** Default 100 for 'newton', 100,000 for 'mm'. */
  maxIterations?: number;
}

/**
 * Minus the log-likelihood of rankings, Σ over positions but the last of log Σ_{rest} e^s - s_{taken}, and its gradient.
 *
 * R. L. Plackett, J. R. Statist. Soc. C 24 (1975). Rankings may leave items out: they are then not compared. O(total
 * length): the sums of the rests run from the last item up.
 *
 * @param rankings items best first, each at most once
 * @throws RangeError if a score is not finite, an item is out of range or twice in a ranking
 *
 * @example
 * plackettLuceNegLogLik([0, 0, 0], [[0, 1, 2]]).loss.toFixed(12); //=> Math.log(6).toFixed(12)
 */
export function plackettLuceNegLogLik(
  scores: ArrayLike<number>,
  rankings: readonly ArrayLike<number>[],
): { loss: number; grad: Float64Array } {
  const n = checkVector('scores', scores).length;
  checkRankings(rankings, n);
  const grad = new Float64Array(n);
  let loss = 0;
  for (const ranking of rankings) {
    const m = ranking.length;
    if (m < 2) continue;
    let top = -Infinity;
    for (let k = 0; k < m; k++) top = Math.max(top, scores[ranking[k]]);
    const rest = new Float64Array(m);
    // log-sum-exp of the tail, so that scores 1000 apart do no harm
    let tail = scores[ranking[m - 1]];
    rest[m - 1] = tail;
    for (let k = m - 2; k >= 0; k--) {
      const s = scores[ranking[k]];
      const high = s > tail ? s : tail;
      tail = high + log(exp(s - high) + exp(tail - high));
      rest[k] = tail;
    }
    // ∂/∂s_i = Σ_{k <= place of i, k < m-1} e^{s_i - rest_k} - [i was taken]
    for (let k = 0; k < m - 1; k++) {
      const taken = ranking[k];
      loss += rest[k] - scores[taken];
      grad[taken] -= 1;
      for (let r = k; r < m; r++) grad[ranking[r]] += exp(scores[ranking[r]] - rest[k]);
    }
  }
  return { loss, grad };
}

/**
 * Maximum likelihood scores of rankings, sum 0.
 *
 * D. R. Hunter, Ann. Statist. 32 (2004): it exists iff in every split of the items some item of each part is
 * ranked above one of the other.
 *
 * @throws RangeError as `plackettLuceNegLogLik`; without l2 also if some items are never above the others (named)
 *
 * @example
 * fitPlackettLuce([[0, 1], [0, 1], [1, 0]], { items: 2 }).scores[0].toFixed(9); //=> (Math.log(2) / 2).toFixed(9)
 */
export function fitPlackettLuce(rankings: readonly ArrayLike<number>[], options: LuceOptions): RankingFit {
  const n = checkInteger('items', options.items, 1);
  checkRankings(rankings, n);
  const choices: LuceChoice[] = [];
  for (const ranking of rankings) {
    const items = Array.from(ranking);
    for (let k = 0; k < items.length - 1; k++) choices.push({ winner: items[k], set: items.slice(k) });
  }
  return fitChoices('rankings', choices, n, options);
}

/**
 * Maximum likelihood scores of choices from sets, sum 0.
 *
 * R. D. Luce, "Individual Choice Behavior" (1959). Top-1 labels among several responses, as click data and best-of-N
 * judgments give them.
 *
 * @throws RangeError if a winner is not in its set or an item is twice in it; without l2 also as `fitPlackettLuce`
 *
 * @example
 * fitLuceChoice([{ winner: 0, set: [0, 1] }, { winner: 1, set: [0, 1] }], { items: 2 }).scores; //=> Float64Array.of(0, 0)
 */
export function fitLuceChoice(choices: readonly LuceChoice[], options: LuceOptions): RankingFit {
  const n = checkInteger('items', options.items, 1);
  checkRankings(
    choices.map(({ set }) => set),
    n,
    (k) => `choices[${k}].set`,
  );
  choices.forEach(({ winner, set, weight = 1 }, k) => {
    if (!Array.prototype.includes.call(set, winner))
      throw new RangeError(`choices[${k}].winner must be in its set, got ${winner}`);
    checkNumber(`choices[${k}].weight`, weight, 0);
  });
  return fitChoices('choices', choices, n, options);
}

function fitChoices(name: string, choices: readonly LuceChoice[], n: number, options: LuceOptions): RankingFit {
  const method = checkOption('method', options.method ?? 'newton', ['newton', 'mm']);
  const l2 = checkNumber('l2', options.l2 ?? 0, 0);
  const tolerance = checkPositive('tolerance', options.tolerance ?? 1e-12);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? (method === 'mm' ? 100_000 : 100), 1);
  if (method === 'mm' && l2 > 0) throw new RangeError("method 'mm' is for l2 = 0");
  if (l2 === 0) {
    const beats = Array.from({ length: n }, () => new Set<number>());
    for (const { winner, set, weight = 1 } of choices) {
      for (let k = 0; k < set.length && weight > 0; k++) if (set[k] !== winner) beats[winner].add(set[k]);
    }
    checkStronglyConnected(
      name,
      beats.map((items) => Array.from(items)),
    );
  }
  const derivatives = (s: Float64Array, g: Float64Array, H: Float64Array) => choiceLoss(choices, s, g, H);
  const settings = { size: n, gauge: n, penalized: l2 > 0 ? n : 0, l2, tolerance, bound: 700 };
  if (method === 'newton') return rankingFit(newtonFit(derivatives, { ...settings, maxIterations }), n);
  const { scores, iterations, converged } = minorize(choices, n, tolerance, maxIterations);
  const hessian = new Float64Array(n * n);
  const negLogLik = derivatives(scores, new Float64Array(n), hessian);
  const covariance = gaugedInverse(hessian, n, n, 0);
  return {
    scores,
    negLogLik,
    standardErrors: standardErrorsOf(covariance, n, n),
    covariance,
    iterations,
    converged,
    status: converged ? 'converged' : 'max-iterations',
  };
}

/** Σ w (log Σ_S e^s - s_winner), its gradient, and its Hessian Σ w (diag p - p pᵀ). */
function choiceLoss(choices: readonly LuceChoice[], s: Float64Array, g: Float64Array, H: Float64Array): number {
  const n = s.length;
  const p = new Float64Array(n);
  let total = 0;
  for (const { winner, set, weight = 1 } of choices) {
    const m = set.length;
    if (m < 2 || weight === 0) continue;
    let top = -Infinity;
    for (let k = 0; k < m; k++) top = Math.max(top, s[set[k]]);
    let sum = 0;
    for (let k = 0; k < m; k++) sum += p[k] = exp(s[set[k]] - top);
    total += weight * (top + log(sum) - s[winner]);
    g[winner] -= weight;
    for (let k = 0; k < m; k++) {
      const pk = p[k] / sum;
      const row = set[k] * n;
      g[set[k]] += weight * pk;
      H[row + set[k]] += weight * pk;
      for (let r = 0; r < m; r++) H[row + set[r]] -= weight * pk * (p[r] / sum);
    }
  }
  return total;
}

/** γ_i ← W_i / Σ_{sets with i} w / Σ_{j in set} γ_j (Hunter), scaled to geometric mean 1. */
function minorize(choices: readonly LuceChoice[], n: number, tolerance: number, maxIterations: number) {
  let scores = new Float64Array(n);
  let next = new Float64Array(n);
  const strength = new Float64Array(n).fill(1);
  const won = new Float64Array(n);
  const rate = new Float64Array(n);
  for (const { winner, set, weight = 1 } of choices) if (set.length > 1) won[winner] += weight;
  for (let iterations = 1; ; iterations++) {
    rate.fill(0);
    for (const { set, weight = 1 } of choices) {
      if (set.length < 2) continue;
      let sum = 0;
      for (let k = 0; k < set.length; k++) sum += strength[set[k]];
      for (let k = 0; k < set.length; k++) rate[set[k]] += weight / sum;
    }
    for (let i = 0; i < n; i++) next[i] = n === 1 ? 0 : log(won[i] / rate[i]);
    center(next, n);
    let change = 0;
    let most = 0;
    for (let i = 0; i < n; i++) {
      change = Math.max(change, Math.abs(next[i] - scores[i]));
      most = Math.max(most, Math.abs(next[i]));
      strength[i] = exp(next[i]);
    }
    [scores, next] = [next, scores];
    const converged = change <= tolerance * (1 + most);
    if (converged || iterations === maxIterations) return { scores, iterations, converged };
  }
}

function checkRankings(
  rankings: readonly ArrayLike<number>[],
  n: number,
  nameOf = (k: number) => `rankings[${k}]`,
): void {
  const seen = new Int32Array(n).fill(-1);
  rankings.forEach((ranking, k) => {
    const name = nameOf(k);
    const length = arraySize(name, ranking);
    for (let r = 0; r < length; r++) {
      const item = checkInteger(`${name}[${r}]`, ranking[r], 0, n - 1);
      if (seen[item] === k) throw new RangeError(`${name} holds item ${item} twice`);
      seen[item] = k;
    }
  });
}
