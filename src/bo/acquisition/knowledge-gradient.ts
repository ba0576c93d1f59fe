/**
 * The knowledge gradient: by how much one observation is expected to raise the maximum of the posterior mean.
 *
 * P. I. Frazier, "A Tutorial on Bayesian Optimization", arXiv:1807.02811, section 4.2; correlated beliefs: P. Frazier,
 * W. Powell, S. Dayanik (2009). After an observation at x, with Z standard normal,
 *
 *   μ_{n+1}(a) = μ_n(a) + σ̃(a, x) Z,     σ̃(a, x) = Cov_n(f(a), f(x))/√(Var_n f(x) + noise)
 *
 * so that over a finite domain A the value is `expectedMaxAffine(μ_n(A), σ̃(A, x))`, exactly.
 */
import { checkNumber } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { solveLowerMany, solveUpperTMany } from '../../linalg/triangular.js';
import { queryPoint, queryPoints, trainingPoints, type GpState } from '../gp/gp-state.js';
import { averageNoise, predict } from '../gp/predict.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import type { Acquisition, PointValue } from './acquisition.js';
import { expectedImprovementRule } from './expected-improvement.js';
import { expectedMaxAffineGradient, logExpectedMaxAffineGradient } from './expected-max-affine.js';
import { gpPosterior } from './posterior.js';

export interface KnowledgeGradientOptions {
  /** The points whose best mean counts, m x d. */
  domain: MatrixLike;
  /** Count x itself among them. Default true. */
  includeX?: boolean;
  /** Noise variance of the observation at x. Default: the model's. */
  noise?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/**
 * The knowledge gradient of an observation at x over a finite domain, and its gradient in x. At least 0, and 0 where σ̃ is the
 * same for the whole domain. O(m n² + m log m).
 *
 * @throws RangeError if the domain is empty without x, or points do not have the model's dimension
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 0.3 }), [[0.2], [0.8]], [1, 0], { noise: 0.1 });
 * knowledgeGradientDiscrete(gp, [0.5], { domain: [[0.2], [0.5], [0.8]] }).value > 0; //=> true
 */
export function knowledgeGradientDiscrete(
  gp: GpState,
  x: ArrayLike<number>,
  options: KnowledgeGradientOptions,
): PointValue {
  const point = queryPoint(gp, x);
  const gradient = new Float64Array(point.length);
  const { value } = linesAt(gp, options, false);
  return { value: value(point, gradient), gradient };
}

/** `knowledgeGradientDiscrete` as a function of x to be maximized, by default its logarithm, which has no flat regions. */
export function knowledgeGradientAcquisition(
  gp: GpState,
  options: KnowledgeGradientOptions & { log?: boolean },
): Acquisition {
  return linesAt(gp, options, options.log ?? true);
}

/**
 * The noisy expected improvement of decision theory: the knowledge gradient over the evaluated points and x, compared with
 * the best mean of the evaluated points,
 *
 *   E[max_{a ∈ {x_1..x_n, x}} μ_{n+1}(a)] - max_{i <= n} μ_n(x_i).
 *
 * Tutorial, section 4.1 and the end of 4.2: it is expected improvement when observations have no noise.
 */
export function noisyExpectedImprovement(
  gp: GpState,
  x: ArrayLike<number>,
  { noise, maximize = true }: { noise?: number; maximize?: boolean } = {},
): PointValue {
  if (gp.n === 0) throw new RangeError('gp must have observations');
  const point = queryPoint(gp, x);
  const gradient = new Float64Array(point.length);
  const acquisition = linesAt(
    gp,
    { domain: trainingPoints(gp), maximize, ...(noise === undefined ? {} : { noise }) },
    false,
    true,
  );
  return { value: acquisition.value(point, gradient), gradient };
}

/**
 * Augmented expected improvement: EI over the mean at the effective best point times 1 - √(noise/(std² + noise)), which
 * discounts what another noisy look at a known point would bring. D. Huang, T. T. Allen, W. I. Notz, N. Zeng, Journal of
 * Global Optimization 34 (2006) 441-466, equations 12 and 13; the effective best maximizes mean - std over the data.
 */
export function augmentedExpectedImprovement(
  gp: GpState,
  x: ArrayLike<number>,
  { maximize = true }: { maximize?: boolean } = {},
): PointValue {
  if (gp.n === 0) throw new RangeError('gp must have observations');
  const point = queryPoint(gp, x);
  const sign = maximize ? 1 : -1;
  const noise = averageNoise(gp);
  const { mean, variance } = predict(gp, trainingPoints(gp), {});
  let effective = 0;
  for (let i = 1; i < gp.n; i++) {
    const score = (j: number) => sign * mean[j] - Math.sqrt(variance[j]);
    if (score(i) > score(effective)) effective = i;
  }
  const gradient = new Float64Array(point.length);
  const at = gpPosterior(gp).at(point, true);
  const { value, dMean, dStd } = expectedImprovementRule({ best: mean[effective], maximize })(at.mean, at.std);
  const total = at.std * at.std + noise;
  const discount = 1 - Math.sqrt(noise / total);
  const discountByStd = (Math.sqrt(noise / total) * at.std) / total;
  at.pullback(dMean * discount, dStd * discount + value * discountByStd, gradient);
  return { value: value * discount, gradient };
}

export interface MultiFidelityOptions extends Omit<KnowledgeGradientOptions, 'includeX'> {
  /** Cost of the observation, positive. */
  cost: number;
}

/**
 * The knowledge gradient of an observation at (x, s) for the best mean at the target fidelity, per unit of cost.
 *
 * J. Wu, S. Toscano-Palmerin, P. I. Frazier, A. G. Wilson, arXiv:1903.04703, equation 3.
 *
 * @param x the point with its fidelity among the coordinates
 * @param options.domain points whose fidelity is 1
 */
export function multiFidelityKnowledgeGradient(
  gp: GpState,
  x: ArrayLike<number>,
  { cost, ...options }: MultiFidelityOptions,
): PointValue {
  if (!(checkNumber('cost', cost) > 0)) throw new RangeError(`cost must be positive, got ${cost}`);
  const { value, gradient } = knowledgeGradientDiscrete(gp, x, { ...options, includeX: false });
  return { value: value / cost, gradient: gradient.map((slope) => slope / cost) };
}

/** The lines a + b Z of a domain as functions of x. `overData` subtracts the best mean of the domain, not that of all lines. */
function linesAt(
  gp: GpState,
  { domain, includeX = true, noise = averageNoise(gp), maximize = true }: KnowledgeGradientOptions,
  logarithm: boolean,
  overData = false,
): Acquisition {
  checkNumber('noise', noise, 0);
  const A = queryPoints(gp, domain, 'domain');
  const m = A.rows;
  if (m === 0 && !includeX) throw new RangeError('domain must not be empty');
  const { kernel, n, L } = gp;
  const rules = kernelRules(kernel);
  const train = trainingPoints(gp);
  const sign = maximize ? 1 : -1;
  const mu = predict(gp, A, { variance: false }).mean;
  // K_y^-1 K(X, A), once for every x.
  const KxA = new Float64Array(n * m);
  if (n > 0) rules.fill(kernel, train, A, false, KxA);
  const B = n > 0 ? solveUpperTMany(L, solveLowerMany(L, KxA, n, m), n, m) : KxA;
  const posterior = gpPosterior(gp);
  const lines = m + (includeX ? 1 : 0);
  const a = new Float64Array(lines);
  const b = new Float64Array(lines);
  let bestMean = -Infinity;
  for (let j = 0; j < m; j++) {
    a[j] = sign * mu[j];
    bestMean = Math.max(bestMean, a[j]);
  }
  const kxA = new Float64Array(m);
  const kx = new Float64Array(n);
  const weights = new Float64Array(n);
  const ofDomain = new Float64Array(m);

  return {
    value(x, gradient) {
      const query: Points = { data: x, rows: 1, columns: x.length };
      const at = posterior.at(x, gradient !== undefined);
      const variance = at.std * at.std;
      const scale = Math.sqrt(variance + noise);
      if (n > 0) rules.fill(kernel, train, query, false, kx);
      if (m > 0) rules.fill(kernel, A, query, false, kxA);
      for (let j = 0; j < m; j++) b[j] = kxA[j];
      for (let i = 0; i < n; i++) for (let j = 0, p = i * m; j < m; j++, p++) b[j] -= kx[i] * B[p];
      for (let j = 0; j < m; j++) b[j] /= scale;
      if (includeX) {
        a[m] = sign * at.mean;
        b[m] = variance / scale;
      }
      const found = logarithm ? logExpectedMaxAffineGradient(a, b) : expectedMaxAffineGradient(a, b);
      const { byIntercept, bySlope } = found;
      // Over the data the value is E max - max μ(data): what `expectedMaxAffine` has taken off too much comes back.
      const lead = overData && a[m] > bestMean ? a[m] - bestMean : 0;
      if (gradient === undefined) return found.value + lead;
      gradient.fill(0);
      let shrink = 0;
      for (let j = 0; j < m; j++) {
        ofDomain[j] = bySlope[j] / scale;
        shrink += bySlope[j] * b[j];
      }
      if (m > 0) rules.inputContract(kernel, x, A, ofDomain, gradient);
      if (n > 0) {
        for (let i = 0; i < n; i++) {
          let weight = 0;
          for (let j = 0, p = i * m; j < m; j++, p++) weight -= ofDomain[j] * B[p];
          weights[i] = weight;
        }
        rules.inputContract(kernel, x, train, weights, gradient);
      }
      // ∂scale/∂x = std ∂std/∂x / scale, and b_j is inversely proportional to it.
      let byStd = (-shrink * at.std) / (scale * scale);
      let byMean = 0;
      if (includeX) {
        byMean = sign * (byIntercept[m] + (lead > 0 ? 1 : 0));
        byStd += bySlope[m] * (2 * at.std) * (1 / scale - variance / (2 * scale * scale * scale));
      }
      at.pullback(byMean, byStd, gradient);
      return found.value + lead;
    },
  };
}
