import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitBradleyTerry,
  fitRewardModel,
  normalizedEditDistance,
  pairInterference,
  preferenceQueryValue,
  refinementPair,
  regularizedRelevanceReward,
  rlspReward,
  sampleRewardPosterior,
} from '../../../src/preference/index.js';
import { createRng } from '../../../src/random/index.js';
import { refinementTreeSearch } from '../../../src/search/index.js';
import { normalTolerance } from '../../support/statistics.js';

describe('fitRewardModel', () => {
  it('with one feature an item is the penalized Bradley-Terry model, by either link', () => {
    const pairs = [
      [0, 1],
      [1, 2],
      [2, 0],
      [0, 1],
      [0, 2],
      [2, 3],
    ] as const;
    const features = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)));
    for (const link of ['logit', 'probit'] as const) {
      const linear = fitRewardModel(features, pairs, { l2: 0.3, link });
      const items = fitBradleyTerry(pairs, { items: 4, l2: 0.3, link });
      expect(linear.converged).toBe(true);
      linear.weights.forEach((w, i) => expect(w).toBeCloseTo(items.scores[i], 10));
      expect(linear.negLogLik).toBeCloseTo(items.negLogLik, 10);
    }
  });

  it('has gradient 0 at its optimum, and the covariance is the inverse Hessian', () => {
    const rng = createRng('features');
    const features = Array.from({ length: 20 }, () => [rng() - 0.5, rng() - 0.5, rng()]);
    const pairs = Array.from({ length: 60 }, () => [Math.floor(20 * rng()), Math.floor(20 * rng())] as const);
    const l2 = 0.05;
    const { weights, covariance } = fitRewardModel(features, pairs, { l2 });
    const gaps = pairs.map(([w, l]) => features[w].map((x, j) => x - features[l][j]));
    const score = (gap: number[]) => gap.reduce((sum, x, j) => sum + x * weights[j], 0);
    const hessian = [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) =>
        gaps.reduce(
          (sum, gap) => {
            const s = 1 / (1 + Math.exp(-score(gap)));
            return sum + s * (1 - s) * gap[i] * gap[j];
          },
          i === j ? l2 : 0,
        ),
      ),
    );
    for (let i = 0; i < 3; i++) {
      const slope = gaps.reduce((sum, gap) => sum - gap[i] / (1 + Math.exp(score(gap))), l2 * weights[i]);
      expect(Math.abs(slope)).toBeLessThan(1e-10);
      for (let j = 0; j < 3; j++) {
        const product = hessian[i].reduce((sum, h, k) => sum + h * covariance[k * 3 + j], 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
  });

  it('separable pairs without a penalty have no estimate, and it says so', () => {
    expect(fitRewardModel([[1], [0]], [[0, 1]], { l2: 0 }).status).not.toBe('converged');
    expect(fitRewardModel([[1], [0]], [[0, 1]]).converged).toBe(true);
    expect(
      fitRewardModel(
        [
          [1, 1],
          [0, 0],
        ],
        [
          [0, 1],
          [1, 0],
        ],
        { l2: 0 },
      ).status,
    ).toBe('breakdown');
    expect(() => fitRewardModel([[1]], [])).toThrow(/^pairs/);
    expect(() => fitRewardModel([[1]], [[0, 1]])).toThrow(/^pairs\[0\]\[1\]/);
    expect(() => fitRewardModel([[NaN]], [[0, 0]])).toThrow(/^features/);
  });
});

describe('queries', () => {
  const precision = [
    [3, 1],
    [1, 2],
  ];
  it('the value of a query is the mean disagreement of two posterior draws', () => {
    const rng = createRng('posterior');
    const [a, b] = [
      [1, -0.5],
      [-0.3, 0.7],
    ];
    const sigma = 0.8;
    const { expectedDisagreement, mahalanobis } = preferenceQueryValue(precision, a, b, { sigma });
    const N = 20_000;
    let total = 0;
    for (let i = 0; i < N; i++) {
      const t0 = sampleRewardPosterior([4, -2], precision, rng, { sigma });
      const t1 = sampleRewardPosterior([4, -2], precision, rng, { sigma });
      total += Math.abs((t0[0] - t1[0]) * (a[0] - b[0]) + (t0[1] - t1[1]) * (a[1] - b[1]));
    }
    // a half-normal of scale s has mean s √(2/π) and variance s² (1 - 2/π); here s = √2 σ |Δφ|
    const deviation = Math.SQRT2 * sigma * mahalanobis * Math.sqrt(1 - 2 / Math.PI);
    expect(Math.abs(total / N - expectedDisagreement)).toBeLessThan((normalTolerance() * deviation) / Math.sqrt(N));
  });
  it('the norm is that of the inverse precision, by hand', () => {
    // S⁻¹ = [[2, -1], [-1, 3]]/5
    const { mahalanobis, query } = preferenceQueryValue(precision, [1, 1], [0, 0], { threshold: 0.5 });
    expect(mahalanobis).toBeCloseTo(Math.sqrt(3 / 5), 15);
    expect(query).toBe(true);
    expect(preferenceQueryValue(precision, [1, 1], [1, 1]).query).toBe(false);
    expect(preferenceQueryValue(precision, [1, 1], [0, 0], { threshold: 0.88 }).query).toBe(false);
  });
  it('refuses a matrix that is no precision', () => {
    expect(() =>
      preferenceQueryValue(
        [
          [1, 2],
          [2, 1],
        ],
        [0, 0],
        [0, 0],
      ),
    ).toThrow(/^precision must be positive definite/);
    expect(() => preferenceQueryValue([[1]], [0, 0], [0, 0])).toThrow(/^precision must be 2 x 2/);
    expect(() => sampleRewardPosterior([0], [[-1]], createRng(1))).toThrow(/^precision/);
    expect(() => preferenceQueryValue([[1]], [0], [0, 1])).toThrow(/^featuresB/);
  });
});

describe('composed rewards', () => {
  it('relevance: open questions pay length × relevance, closed ones relevance on the scale of the longest response', () => {
    const words = 'one two three four five six seven eight nine ten'.split(' ');
    const open = regularizedRelevanceReward({ tokens: words, relevance: 1.5, questionType: 'open' });
    expect(open).toEqual({ reward: 0.15000000000000002, lengthIncentive: 0.1, repetitionPenalty: 1 });
    const closed = regularizedRelevanceReward({ tokens: words, relevance: 3.5, questionType: 'closed' });
    expect(closed.reward).toBe(5.12);
    expect(regularizedRelevanceReward({ tokens: words, relevance: 7, questionType: 'closed' }).reward).toBe(10.24);
  });
  it('repetition pays less: n repeats of one word have one trigram in n - 2', () => {
    for (const n of [3, 10, 50]) {
      const tokens = Array.from({ length: n }, () => 7);
      const { repetitionPenalty } = regularizedRelevanceReward({ tokens, relevance: 1, questionType: 'open' });
      expect(repetitionPenalty).toBeCloseTo(1 / (n - 2), 15);
    }
    expect(regularizedRelevanceReward({ tokens: [1, 1], relevance: 1, questionType: 'open' }).repetitionPenalty).toBe(
      1,
    );
    expect(() => regularizedRelevanceReward({ tokens: [], relevance: 1, questionType: 'open' })).toThrow(/^tokens/);
    expect(() => regularizedRelevanceReward({ tokens: [1], relevance: NaN, questionType: 'open' })).toThrow(
      /^relevance/,
    );
    expect(() => regularizedRelevanceReward({ tokens: [1], relevance: 1, questionType: 'both' as never })).toThrow(
      /^questionType/,
    );
  });
  it('reasoning: exploration is paid for apart from correctness', () => {
    const at = (correct: boolean, exploration: number) =>
      rlspReward({ correct, hasFinalAnswer: true, exploration, reasoningLength: 10 }).reward;
    expect(at(true, 1) - at(true, 0)).toBeCloseTo(at(false, 1) - at(false, 0), 15);
    expect(at(true, 0) - at(false, 0)).toBeCloseTo(0.8, 15);
    expect(rlspReward({ correct: false, hasFinalAnswer: false, reasoningLength: 5 }).reward).toBe(-0.5);
    // with a length penalty longer reasoning pays more
    const long = (reasoningLength: number) =>
      rlspReward({ correct: true, hasFinalAnswer: true, reasoningLength }, { lengthPenalty: 10 }).reward;
    expect(long(1000)).toBeGreaterThan(long(10));
    expect(() => at(true, 1.1)).toThrow(/^exploration/);
    expect(() => long(0)).toThrow(/^reasoningLength/);
  });
});

describe('edit distance', () => {
  const slow = (a: number[], b: number[]): number => {
    if (a.length === 0 || b.length === 0) return a.length + b.length;
    const [x, y] = [a.slice(1), b.slice(1)];
    return a[0] === b[0] ? slow(x, y) : 1 + Math.min(slow(x, b), slow(a, y), slow(x, y));
  };
  const words = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 });
  it('is the recursive definition, a metric, and 1 for nothing in common', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        const { edits, distance } = normalizedEditDistance(a, b);
        expect(edits).toBe(slow(a, b));
        expect(distance).toBe(edits === 0 ? 0 : edits / Math.max(a.length, b.length));
        expect(normalizedEditDistance(b, a).edits).toBe(edits);
        expect(edits).toBeLessThanOrEqual(normalizedEditDistance(a, c).edits + normalizedEditDistance(c, b).edits);
      }),
    );
    expect(normalizedEditDistance('', 'ab')).toEqual({ distance: 1, edits: 2 });
    expect(normalizedEditDistance('', '')).toEqual({ distance: 0, edits: 0 });
    expect(normalizedEditDistance('a😀', 'a').edits).toBe(1);
  });
  it('a pair from a refinement search interferes less than one from independent responses', () => {
    const target = 'the cat sat on the mat'.split(' ');
    const rng = createRng('refine');
    const tree = refinementTreeSearch<string[]>(
      {
        root: 'the cat sat in the hat'.split(' '),
        expand: ({ response }, r) => response.map((word, i) => (r() < 0.6 ? target[i] : word)),
        judge: ({ response }) => response.filter((word, i) => word === target[i]).length / target.length,
      },
      rng,
      { endGate: 0.99 },
    );
    const pair = refinementPair('say it', tree);
    expect(pair.chosen).toEqual(target);
    expect(pairInterference(pair)).toBeCloseTo(2 / 6, 15);
    expect(() => refinementPair('x', { found: false, pair: { chosen: 1, rejected: 2 } })).toThrow(/^tree/);
  });
});
