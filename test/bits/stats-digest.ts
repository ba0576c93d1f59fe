import { createRng } from '../../src/random/index.js';
import * as stats from '../../src/stats/index.js';
import { bitsOf } from './bits-of.js';

/** Every statistic of seeded samples. */
export function statsDigest(): string {
  const values: number[] = [];
  const rng = createRng('bits', 'stats');
  for (let run = 0; run < 20; run++) {
    const n = 10 + run;
    const x = Float64Array.from({ length: n }, () => Math.floor(12 * rng()) + rng());
    const y = x.map((v) => Math.floor(v) + 2 * rng());
    const labels = x.map((_, i) => (i < 2 ? i : Math.round(rng())));
    values.push(stats.mean(x), stats.variance(x), stats.median(x), ...stats.quantile(x, [0.1, 0.77]));
    values.push(...Object.values(stats.correlations(x, y)), stats.rocAuc(y, labels), stats.expectedMaxOfK(x, 3));
    values.push(
      ...Object.values(
        stats.bootstrapInterval(n, (rows) => x[rows[0]] + y[rows[1]], rng, { method: 'bca', resamples: 50 }),
      ),
    );
    values.push(...Object.values(stats.wilsonInterval(run, n)), ...Object.values(stats.clopperPearsonInterval(run, n)));
    values.push(...Object.values(stats.normalInterval(run, n, { confidence: rng() })), stats.passAtK(n, 3, 4));
    const p = rng();
    const q = rng();
    for (const family of ['bernoulli', 'gaussian', 'exponential', 'poisson'] as const) {
      values.push(stats.klDivergence(p, q, { family }));
      values.push(stats.klInverseUpper(p, q, { family }), stats.klInverseLower(p, q * q * q, { family }));
    }
    const total = x.reduce((s, v) => s + v, 0);
    const probs = x.map((v) => v / total);
    const best = stats.bestOfNDistribution(probs, y, 5);
    values.push(...best.distribution, best.kl, stats.categoricalKl(best.distribution, probs));
    values.push(stats.entropy(probs), stats.totalVariation(probs, best.distribution));
    values.push(
      stats.chiSquareTest(
        labels.map((v) => 5 * v + 1),
        probs,
      ).pValue,
    );
    values.push(stats.hoeffdingRadius(n, p), stats.chernoffTail(n, p, q), stats.azumaRadius(n, q));
    values.push(stats.bernsteinRadius(n, p, { variance: q }), stats.empiricalBernsteinRadius(n, p, { variance: q }));
    values.push(stats.mcDiarmidTail(x, 20), stats.serflingRadius(n, p, { population: 2 * n }));
    const features = Array.from(x, (v, i) => [1, v / 10, y[i] / 10]);
    values.push(...stats.logisticRegression(features, labels, { ridge: 0.1 }).coefficients);
  }
  return bitsOf(values);
}
