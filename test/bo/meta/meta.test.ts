// Meta-learned optimizers: distributions made of bars, a neural process with exact symmetries, its losses, sparse rewards,
// and ensembles weighed by rankings.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  barBucket,
  barDistribution,
  barDistributionEi,
  barLogDensity,
  barMean,
  barQuantile,
  barVariance,
  expectedImprovementCount,
  fitGp,
  improvementCountDistribution,
  napEpisode,
  napLoss,
  type NapStep,
  neuralProcess,
  neuralProcessAcquisition,
  neuralProcessBackward,
  neuralProcessForward,
  neuralProcessInit,
  neuralProcessSurrogate,
  rgpe,
  rgpeWeights,
  taskSimilarity,
  trainNap,
} from '../../../src/bo/index.js';
import { createRng, sampleNormal, samplePermutation } from '../../../src/random/index.js';
import { hoeffdingTolerance } from '../../support/statistics.js';

const bars = fc
  .integer({ min: 1, max: 6 })
  .chain((B) =>
    fc.record({
      widths: fc.array(fc.double({ min: 0.05, max: 2, noNaN: true }), { minLength: B, maxLength: B }),
      logits: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: B, maxLength: B }),
      low: fc.double({ min: -3, max: 3, noNaN: true }),
    }),
  )
  .map(({ widths, logits, low }) => {
    const borders = [low];
    for (const w of widths) borders.push(borders[borders.length - 1] + w);
    return barDistribution(borders, logits);
  });

describe('distributions made of bars', () => {
  test('moments are those of the density, by the trapezoid rule bucket by bucket', () => {
    fc.assert(
      fc.property(bars, (bar) => {
        const B = bar.probabilities.length;
        let [mass, mean, square] = [0, 0, 0];
        for (let b = 0; b < B; b++) {
          const [lo, hi] = [bar.borders[b], bar.borders[b + 1]];
          const density = Math.exp(barLogDensity(bar, (lo + hi) / 2));
          mass += density * (hi - lo);
          mean += (density * (hi * hi - lo * lo)) / 2;
          square += (density * (hi ** 3 - lo ** 3)) / 3;
        }
        expect(mass).toBeCloseTo(1, 10);
        expect(barMean(bar)).toBeCloseTo(mean, 9);
        expect(barVariance(bar)).toBeCloseTo(square - mean * mean, 8);
      }),
    );
  });

  test('quantiles invert the distribution function', () => {
    fc.assert(
      fc.property(bars, fc.double({ min: 0, max: 1, noNaN: true }), (bar, p) => {
        const y = barQuantile(bar, p);
        let below = 0;
        for (let b = 0; b < bar.probabilities.length; b++) {
          const share = (y - bar.borders[b]) / (bar.borders[b + 1] - bar.borders[b]);
          below += bar.probabilities[b] * Math.min(1, Math.max(0, share));
        }
        expect(below).toBeCloseTo(p, 10);
      }),
    );
    const gap = { borders: Float64Array.of(0, 1, 2, 3), probabilities: Float64Array.of(0.5, 0, 0.5) };
    expect(barQuantile(gap, 0.5)).toBe(1);
    expect(barQuantile(gap, 1)).toBe(3);
    expect(barQuantile({ borders: Float64Array.of(0, 1, 2), probabilities: Float64Array.of(1, 0) }, 1)).toBe(1);
  });

  test('expected improvement is at least the improvement of the mean, falls with best, and mirrors', () => {
    fc.assert(
      fc.property(bars, fc.double({ min: -5, max: 8, noNaN: true }), (bar, best) => {
        const ei = barDistributionEi(bar, { best });
        const mean = barMean(bar);
        expect(ei).toBeGreaterThanOrEqual(Math.max(mean - best, 0) - 1e-12);
        expect(barDistributionEi(bar, { best: best + 0.1 })).toBeLessThanOrEqual(ei + 1e-12);
        // E max(Y - b, 0) - E max(b - Y, 0) = E Y - b
        expect(ei - barDistributionEi(bar, { best, maximize: false })).toBeCloseTo(mean - best, 10);
      }),
    );
  });

  test('the bucket of a border is the one above it, and outside the nearest', () => {
    const borders = [0, 1, 2, 4];
    expect([-1, 0, 0.5, 1, 3.9, 4, 9].map((y) => barBucket(borders, y))).toEqual([0, 0, 0, 1, 2, 2, 2]);
    expect(barLogDensity(barDistribution(borders, [0, 0, 0]), 5)).toBe(-Infinity);
    expect(barLogDensity(barDistribution(borders, [0, 0, 0]), 4)).toBeCloseTo(Math.log(1 / 6), 12);
  });
});

describe('improvements of a random policy', () => {
  test('the distribution has the mean and variance of independent events of probability 1/t', () => {
    for (const T of [1, 2, 5, 24, 100]) {
      const p = improvementCountDistribution(T);
      let [mass, mean, square, variance] = [0, 0, 0, 0];
      p.forEach((v, m) => {
        mass += v;
        mean += m * v;
        square += m * m * v;
      });
      for (let t = 1; t <= T; t++) variance += (1 / t) * (1 - 1 / t);
      expect(mass).toBeCloseTo(1, 12);
      expect(mean).toBeCloseTo(expectedImprovementCount(T), 12);
      expect(square - mean * mean).toBeCloseTo(variance, 10);
      expect(p[0]).toBe(0);
    }
    expect([...improvementCountDistribution(0)]).toEqual([1]);
    expect(expectedImprovementCount(0)).toBe(0);
    expect(expectedImprovementCount(1e6) - Math.log(1e6)).toBeCloseTo(0.5772156649015329 + 5e-7, 11);
  });

  test('is what permutations do', () => {
    const rng = createRng('records');
    const [T, runs] = [24, 20000];
    const counts = new Float64Array(T + 1);
    for (let s = 0; s < runs; s++) {
      let [best, count] = [-1, 0];
      for (const value of samplePermutation(T, rng))
        if (value > best) {
          best = value;
          count += 1;
        }
      counts[count] += 1 / runs;
    }
    const p = improvementCountDistribution(T);
    counts.forEach((share, m) => expect(Math.abs(share - p[m])).toBeLessThan(hoeffdingTolerance(runs, 1, 1e-9 / T)));
  });
});

const process = neuralProcess({
  inputs: 2,
  embed: 8,
  layers: 2,
  heads: 2,
  feedForward: 12,
  buckets: 9,
  temperature: 0.5,
});
const parameters = neuralProcessInit(process, createRng('process'));
const questions = fc.record({
  h: fc.integer({ min: 0, max: 5 }),
  c: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});
function question({ h, c, seed }: { h: number; c: number; seed: number }) {
  const rng = createRng('question', seed);
  const point = () => [rng(), rng()];
  return {
    historyX: Array.from({ length: h }, point),
    historyY: Array.from({ length: h }, () => rng()),
    candidates: Array.from({ length: c }, point),
    time: 0.25,
  };
}

describe('the neural process', () => {
  test('does not see the order of the history, and follows that of the candidates', () => {
    fc.assert(
      fc.property(questions, (shape) => {
        const asked = question(shape);
        const plain = neuralProcessForward(process, parameters, asked);
        const order = samplePermutation(shape.h, createRng('order', shape.seed));
        const shuffled = neuralProcessForward(process, parameters, {
          ...asked,
          historyX: Array.from(order, (i) => asked.historyX[i]),
          historyY: Array.from(order, (i) => asked.historyY[i]),
        });
        plain.bucketLogits.forEach((v, p) => expect(Math.abs(shuffled.bucketLogits[p] - v)).toBeLessThan(1e-12));
        plain.acquisitionLogits.forEach((v, p) =>
          expect(Math.abs(shuffled.acquisitionLogits[p] - v)).toBeLessThan(1e-12),
        );
        const backwards = neuralProcessForward(process, parameters, {
          ...asked,
          candidates: [...asked.candidates].reverse(),
        });
        plain.acquisitionLogits.forEach((v, j) => expect(backwards.acquisitionLogits[shape.c - 1 - j]).toBe(v));
      }),
    );
  });

  test('a candidate does not see the others', () => {
    fc.assert(
      fc.property(questions, (shape) => {
        const asked = question(shape);
        const all = neuralProcessForward(process, parameters, asked);
        const alone = neuralProcessForward(process, parameters, { ...asked, candidates: [asked.candidates[0]] });
        expect([...alone.bucketLogits]).toEqual([...all.bucketLogits.subarray(0, 9)]);
        expect(alone.acquisitionLogits[0]).toBe(all.acquisitionLogits[0]);
        expect(alone.value).toBe(all.value);
      }),
    );
  });

  test('but it sees the history, the best value and the time', () => {
    const asked = question({ h: 3, c: 1, seed: 1 });
    const logit = (change: object) =>
      neuralProcessForward(process, parameters, { ...asked, ...change }).acquisitionLogits[0];
    expect(logit({ historyY: [0, 0, 0], best: 0.9 })).not.toBe(logit({ best: 0.9 }));
    expect(logit({ best: 0.9 })).not.toBe(logit({ best: 0.2 }));
    expect(logit({ time: 0.9 })).not.toBe(logit({}));
    expect(logit({ best: Math.max(...asked.historyY) })).toBe(logit({}));
  });

  test('gradients agree with central differences for every kind of parameter', () => {
    const small = neuralProcess({
      inputs: 2,
      embed: 4,
      layers: 2,
      heads: 2,
      feedForward: 3,
      buckets: 4,
      temperature: 0.7,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 1e6 }), (h, seed) => {
        const asked = question({ h, c: 3, seed });
        const rng = createRng('weights', seed);
        const theta = neuralProcessInit(small, rng).map((v) => v + 0.1 * sampleNormal(rng));
        const by = {
          bucketLogits: Float64Array.from({ length: 12 }, () => sampleNormal(rng)),
          acquisitionLogits: Float64Array.from({ length: 3 }, () => sampleNormal(rng)),
          value: sampleNormal(rng),
        };
        const scalar = (t: Float64Array) => {
          const out = neuralProcessForward(small, t, asked);
          let total = by.value * out.value;
          out.bucketLogits.forEach((v, p) => (total += v * by.bucketLogits[p]));
          out.acquisitionLogits.forEach((v, p) => (total += v * by.acquisitionLogits[p]));
          return total;
        };
        const { gradient } = neuralProcessBackward(small, theta, asked, by);
        const step = 1 + Math.floor(theta.length / 60);
        for (let p = seed % step; p < theta.length; p += step) {
          const at = (d: number) => scalar(theta.map((v, q) => (q === p ? v + d : v)));
          const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
          expect(Math.abs(gradient[p] - difference)).toBeLessThan(2e-6 * Math.max(1, Math.abs(difference)));
        }
      }),
      { numRuns: 12 },
    );
  });

  test('without layers it is a linear model of the token', () => {
    const flat = neuralProcess({ inputs: 1, embed: 4, layers: 0, heads: 1, feedForward: 2, buckets: 3 });
    const theta = neuralProcessInit(flat, createRng('flat'));
    const logits = (x: number) =>
      neuralProcessForward(flat, theta, { historyX: [], historyY: [], candidates: [[x]] }).bucketLogits;
    const [a, b, c] = [logits(0), logits(1), logits(2)];
    a.forEach((v, k) => expect(c[k] - b[k]).toBeCloseTo(b[k] - v, 10));
  });
});

describe('the losses of NAP', () => {
  function someSteps(seed: number): NapStep[] {
    const rng = createRng('steps', seed);
    const point = () => Float64Array.of(rng(), rng());
    return Array.from({ length: 3 }, (_, t) => ({
      historyX: Array.from({ length: t }, point),
      historyY: Float64Array.from({ length: t }, rng),
      candidates: Array.from({ length: 3 }, point),
      action: t,
      oldLogp: -1.1 + 0.1 * t,
      advantage: sampleNormal(rng),
      return: rng(),
      best: 0.4,
      time: t / 3,
      heldOutX: Array.from({ length: t }, point),
      heldOutY: Float64Array.from({ length: t }, rng),
    }));
  }

  test('gradient agrees with central differences, and the parts add up', () => {
    const small = neuralProcess({
      inputs: 2,
      embed: 4,
      layers: 1,
      heads: 2,
      feedForward: 4,
      buckets: 5,
      temperature: 0.8,
    });
    for (let seed = 0; seed < 3; seed++) {
      const rng = createRng('nap', seed);
      const theta = neuralProcessInit(small, rng);
      const options = { epsilon: 0.15, valueCoefficient: 0.7, auxiliaryCoefficient: 1.3 };
      const steps = someSteps(seed);
      const { loss, policyLoss, valueLoss, auxiliaryLoss, gradient } = napLoss(small, theta, steps, options);
      expect(loss).toBeCloseTo(policyLoss + 0.7 * valueLoss + 1.3 * auxiliaryLoss, 12);
      for (let p = seed; p < theta.length; p += 5) {
        const at = (d: number) =>
          napLoss(
            small,
            theta.map((v, q) => (q === p ? v + d : v)),
            steps,
            options,
          ).loss;
        const [up, middle, down] = [at(1e-5), at(0), at(-1e-5)];
        const kink = Math.abs(up - 2 * middle + down) / 1e-5;
        expect(Math.abs(gradient[p] - (up - down) / 2e-5)).toBeLessThan(2e-6 + kink);
      }
    }
  });

  test('without held-out points there is no auxiliary loss, and the policy does not need it', () => {
    const steps = someSteps(1).map((step) => ({ ...step, heldOutX: [], heldOutY: new Float64Array(0) }));
    const full = napLoss(process, parameters, someSteps(1));
    const bare = napLoss(process, parameters, steps);
    expect(bare.auxiliaryLoss).toBe(0);
    expect(bare.policyLoss).toBe(full.policyLoss);
    expect(bare.valueLoss).toBe(full.valueLoss);
  });

  const pool = (rng: () => number) => {
    const center = rng();
    const X = Array.from({ length: 12 }, () => [rng()]);
    return { X, y: X.map(([x]) => Math.exp(-(((x - center) / 0.2) ** 2))) };
  };
  const tiny = neuralProcess({
    inputs: 1,
    embed: 8,
    layers: 1,
    heads: 2,
    feedForward: 16,
    buckets: 12,
    temperature: 0.5,
  });

  test('an episode chooses every point of its pool at most once, and its rewards add up to what was gained', () => {
    const rng = createRng('episode');
    const task = pool(rng);
    const theta = neuralProcessInit(tiny, rng);
    const { steps, rewards, trace } = napEpisode(tiny, theta, task, rng, { horizon: 12 });
    const chosen = steps.map(({ candidates, action }) => candidates[action][0]);
    expect(new Set(chosen).size).toBe(12);
    expect(rewards.reduce((a, b) => a + b, 0)).toBeCloseTo(Math.max(...task.y), 12);
    expect(trace[11]).toBe(Math.max(...task.y));
    steps.forEach((step, t) => {
      expect(step.candidates.length).toBe(12 - t);
      expect(step.historyX.length).toBe(t);
      // the stored probability is that of the policy at the parameters it was chosen with: the ratio is one
      const { policyLoss } = napLoss(tiny, theta, [step]);
      expect(policyLoss).toBeCloseTo(-step.advantage, 10);
    });
    expect(() => napEpisode(tiny, theta, task, rng, { horizon: 13 })).toThrow(/^horizon must/);
  });

  test('training raises the likelihood of held-out values and the best value found', () => {
    // Every task has its optimum near 0.75: what there is to learn is where to look first.
    const tasks = (rng: () => number) => {
      const center = 0.7 + 0.1 * rng();
      const X = Array.from({ length: 10 }, () => [rng()]);
      return { X, y: X.map(([x]) => Math.exp(-(((x - center) / 0.2) ** 2))) };
    };
    const start = neuralProcessInit(tiny, createRng('train'));
    const options = { iterations: 60, episodes: 4, epochs: 2, horizon: 3, learningRate: 3e-3 };
    const { parameters: trained, reports } = trainNap(tiny, start, tasks, createRng('train', 'rng'), options);
    const early = reports.slice(0, 10).reduce((s, r) => s + r.auxiliaryLoss / 10, 0);
    const late = reports.slice(-10).reduce((s, r) => s + r.auxiliaryLoss / 10, 0);
    expect(late).toBeLessThan(early - 0.3);
    const found = (theta: Float64Array) => {
      const rng = createRng('judge');
      return Array.from(
        { length: 200 },
        () => napEpisode(tiny, theta, tasks(rng), rng, { horizon: 3, heldOut: 0 }).trace[1],
      );
    };
    const [before, after] = [found(start), found(trained)];
    const gain = after.map((v, i) => v - before[i]);
    const mean = gain.reduce((a, b) => a + b, 0) / gain.length;
    const error = Math.sqrt(gain.reduce((a, b) => a + (b - mean) ** 2, 0)) / gain.length;
    expect(mean / error).toBeGreaterThan(4);
    const stopped = trainNap(tiny, start, tasks, createRng(1), { ...options, onIteration: (i) => i < 1 });
    expect(stopped.reports.length).toBe(2);
  });

  test('a process is a surrogate: it predicts from what it was told, the same alone and in company', () => {
    const model = neuralProcessSurrogate(tiny, neuralProcessInit(tiny, createRng('surrogate')));
    const state = model.fit([[0.1], [0.9]], [0.2, 0.8], createRng(1));
    const { mean, variance } = model.predict(state, [[0.3], [0.6]]);
    expect(model.predict(state, [[0.6]]).mean[0]).toBe(mean[1]);
    const draws = model.sample(state, [[0.3], [0.6]], 4000, createRng(2));
    for (let j = 0; j < 2; j++) {
      const average = draws.filter((_, p) => p % 2 === j).reduce((a, b) => a + b, 0) / 4000;
      expect(Math.abs(average - mean[j])).toBeLessThan(6.2 * Math.sqrt(variance[j] / 4000));
    }
  });
});

describe('a trained process at work', () => {
  const theta = neuralProcessInit(process, createRng('work'));
  const { historyX, historyY, candidates } = question({ h: 4, c: 4, seed: 9 });

  test('its acquisition is the logit of the policy, for one point, for many, and on another scale', () => {
    const asked = { historyX, historyY, candidates, time: 0.5 };
    const { acquisitionLogits } = neuralProcessForward(process, theta, asked);
    const policy = neuralProcessAcquisition(process, theta, historyX, historyY, { time: 0.5 });
    const scaled = neuralProcessAcquisition(
      process,
      theta,
      historyX,
      historyY.map((v) => 4 * v - 2),
      { time: 0.5, scale: [-2, 2] },
    );
    candidates.forEach((x, j) => {
      expect(policy.value(Float64Array.from(x))).toBe(acquisitionLogits[j]);
      expect(scaled.value(Float64Array.from(x))).toBeCloseTo(acquisitionLogits[j], 9);
    });
    expect(policy.values!(Float64Array.from(candidates.flat()), 4)).toEqual(acquisitionLogits);
    expect(() => policy.value(Float64Array.of(0, 0), new Float64Array(2))).toThrow(/^gradient is not available/);
    const first = neuralProcessAcquisition(process, theta, [], []); // before there is a history
    expect(Number.isFinite(first.value(Float64Array.of(0.5, 0.5)))).toBe(true);
  });

  test('its moments follow the scale of the targets', () => {
    const plain = neuralProcessSurrogate(process, theta);
    const scaled = neuralProcessSurrogate(process, theta, { scale: [-3, 3] });
    const a = plain.predict(plain.fit(historyX, historyY, createRng(1)), candidates);
    const state = scaled.fit(
      historyX,
      historyY.map((v) => 6 * v - 3),
      createRng(1),
    );
    const b = scaled.predict(state, candidates);
    candidates.forEach((_, j) => {
      expect(b.mean[j]).toBeCloseTo(6 * a.mean[j] - 3, 9);
      expect(b.variance[j]).toBeCloseTo(36 * a.variance[j], 9);
    });
    const draws = scaled.sample(state, [candidates[0]], 4000, createRng(2));
    const average = draws.reduce((s, v) => s + v / 4000, 0);
    expect(Math.abs(average - b.mean[0])).toBeLessThan(6.2 * Math.sqrt(b.variance[0] / 4000));
    expect(() => neuralProcessSurrogate(process, theta, { scale: [1, 1] })).toThrow(/^scale must increase/);
    expect(() => neuralProcessAcquisition(process, theta, [], [], { time: 2 })).toThrow(/^time must/);
    expect(() => neuralProcessAcquisition(process, theta, [], [1])).toThrow(/^y must have length 0/);
  });
});

describe('ranking-weighted ensembles', () => {
  const f = (x: number) => Math.sin(6 * x);
  const grid = Array.from({ length: 12 }, (_, i) => [i / 11]);
  const fitted = (g: (x: number) => number) =>
    fitGp(
      grid,
      grid.map(([x]) => g(x)),
      { deterministic: true, rng: createRng('gp') },
    ).gp;
  const same = fitted((x) => 3 * f(x) + 1);
  const opposite = fitted((x) => -f(x));
  const X = [[0.05], [0.2], [0.4], [0.55], [0.7], [0.95]];
  const y = X.map(([x]) => f(x));

  test('a task with the same ranking gets the weight, the opposite one none', () => {
    const target = fitGp(X, y, { rng: createRng('target') }).gp;
    const weights = rgpeWeights([opposite, same], target, createRng('weights'));
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(weights[1]).toBeGreaterThan(0.8);
    expect(weights[0]).toBe(0);
    expect(taskSimilarity(same, X, y)).toBeCloseTo(1, 12);
    expect(taskSimilarity(opposite, X, y)).toBeCloseTo(-1, 12);
    expect(
      taskSimilarity(
        same,
        X,
        X.map(() => 1),
      ),
    ).toBe(0);
  });

  test('one observation ranks nothing: all weights are equal', () => {
    const target = fitGp([[0.5]], [0], { rng: createRng(1) }).gp;
    expect([...rgpeWeights([same], target, createRng(2))]).toEqual([0.5, 0.5]);
  });

  test('the ensemble has the moments of the weighted sum, samples and gradients included', () => {
    const model = rgpe([same, opposite]);
    const state = model.fit(X, y, createRng('ensemble'));
    const { mean, variance } = model.predict(state, [[0.3]]);
    const draws = model.sample(state, [[0.3]], 4000, createRng('draws'));
    const average = draws.reduce((a, b) => a + b, 0) / 4000;
    expect(Math.abs(average - mean[0])).toBeLessThan(6.2 * Math.sqrt(variance[0] / 4000) + 1e-12);
    const { dMean, dVariance } = model.predictGradient!(state, [0.3]);
    const at = (x: number) => model.predict(state, [[x]]);
    expect(dMean[0]).toBeCloseTo((at(0.3 + 1e-5).mean[0] - at(0.3 - 1e-5).mean[0]) / 2e-5, 4);
    expect(dVariance[0]).toBeCloseTo((at(0.3 + 1e-5).variance[0] - at(0.3 - 1e-5).variance[0]) / 2e-5, 4);
  });
});

const one = { borders: [0, 1], probabilities: [1] };
it.each<[RegExp, () => unknown]>([
  [/^borders must have length 3/, () => barDistribution([0, 1], [0, 0])],
  [/^borders must increase/, () => barDistribution([0, 0], [0])],
  [/^borders must hold at least 2/, () => barDistribution([0], [])],
  [/^p must/, () => barQuantile(barDistribution([0, 1], [0]), 1.1)],
  [/^best must/, () => barDistributionEi(one, { best: Infinity })],
  [/^probabilities must sum to 1/, () => barDistributionEi({ borders: [0, 1], probabilities: [0.5] }, { best: 0 })],
  [/^steps must/, () => expectedImprovementCount(-1)],
  [/^steps must/, () => improvementCountDistribution(1.5)],
  [/^embed must be a multiple of heads/, () => neuralProcess({ inputs: 1, embed: 10, heads: 4 })],
  [/^inputs must/, () => neuralProcess({ inputs: 0 })],
  [/^temperature must be positive/, () => neuralProcess({ inputs: 1, temperature: 0 })],
  [/^range must increase/, () => neuralProcess({ inputs: 1, range: [1, 0] })],
  [/^parameters must have length/, () => neuralProcessForward(process, [1], question({ h: 1, c: 1, seed: 1 }))],
  [
    /^historyY must have length 1/,
    () => neuralProcessForward(process, parameters, { ...question({ h: 1, c: 1, seed: 1 }), historyY: [] }),
  ],
  [
    /^historyX must have 2 columns/,
    () => neuralProcessForward(process, parameters, { historyX: [[1]], historyY: [1], candidates: [[0, 0]] }),
  ],
  [
    /^candidates must have 2 columns/,
    () => neuralProcessForward(process, parameters, { historyX: [], historyY: [], candidates: [[0]] }),
  ],
  [/^time must/, () => neuralProcessForward(process, parameters, { ...question({ h: 1, c: 1, seed: 1 }), time: 2 })],
  [
    /^acquisitionLogits must have length 1/,
    () =>
      neuralProcessBackward(process, parameters, question({ h: 1, c: 1, seed: 1 }), {
        acquisitionLogits: new Float64Array(2),
      }),
  ],
  [/^steps must not be empty/, () => napLoss(process, parameters, [])],
  [/^start must have length/, () => trainNap(process, [], () => ({ X: [[0, 0]], y: [0] }), createRng(1))],
  [/^y must hold at least 2/, () => taskSimilarity(fitGp([[0], [1]], [0, 1], { rng: createRng(1) }).gp, [[0]], [1])],
  [
    /^base\[0\] must have dimension 2/,
    () =>
      rgpeWeights(
        [fitGp([[0], [1]], [0, 1], { rng: createRng(1) }).gp],
        fitGp(
          [
            [0, 0],
            [1, 1],
          ],
          [0, 1],
          { rng: createRng(1) },
        ).gp,
        createRng(1),
      ),
  ],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
