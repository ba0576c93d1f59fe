import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apoZeroUnpairedLoss,
  bcoInit,
  bcoLoss,
  ktoLoss,
  ktoMismatchedPairs,
  ktoWeightRange,
  udmWeights,
  type UnpairedBatch,
} from '../../../src/preference/index.js';
import { betas } from './losses-under-test.js';

const responses = (low: number, high: number, max = 8) =>
  fc
    .array(
      fc.tuple(
        fc.double({ min: low, max: high, noNaN: true }),
        fc.double({ min: low, max: high, noNaN: true }),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: max },
    )
    .map((rows) => ({
      policy: rows.map((row) => row[0]),
      ref: rows.map((row) => row[1]),
      desirable: rows.map((row) => row[2]),
    }));

const STEP = 1e-5;

describe('gradients are those of central differences, with the reference point held', () => {
  it('KTO and APO', () => {
    fc.assert(
      fc.property(responses(-20, -0.1), betas(0.01, 1), (batch, beta) => {
        const options = { beta, kl: 0.7, desirableWeight: 1.3, undesirableWeight: 0.6, reduction: 'sum' } as const;
        const kto = (b: UnpairedBatch) => ktoLoss(b, options);
        const apo = (b: UnpairedBatch) => apoZeroUnpairedLoss(b, options);
        for (const loss of [kto, apo]) {
          const { grad } = loss(batch);
          for (let i = 0; i < grad.length; i++) {
            const at = (step: number) =>
              loss({ ...batch, policy: batch.policy.map((x, j) => (i === j ? x + step : x)) }).losses[i];
            expect(Math.abs((at(STEP) - at(-STEP)) / (2 * STEP) - grad[i])).toBeLessThan(1e-6);
          }
        }
      }),
    );
  });

  it('BCO, at a state so long that one batch hardly moves its mean', () => {
    fc.assert(
      fc.property(responses(-20, -0.1), betas(0.01, 1), (batch, beta) => {
        const state = { mean: 0.4, count: 1e15 };
        const { grad } = bcoLoss(batch, state, { beta, reduction: 'sum' });
        for (let i = 0; i < grad.length; i++) {
          const at = (step: number) =>
            bcoLoss({ ...batch, policy: batch.policy.map((x, j) => (i === j ? x + step : x)) }, state, { beta }).losses[
              i
            ];
          expect(Math.abs((at(STEP) - at(-STEP)) / (2 * STEP) - grad[i])).toBeLessThan(1e-6);
        }
      }),
    );
  });
});

describe('KTO', () => {
  const one = (policy: number, desirable: boolean, options = {}) =>
    ktoLoss({ policy: [policy], ref: [0], desirable: [desirable] }, { beta: 1, ...options });

  it('at the reference with z_0 = 0 each response costs 1/2; the two labels of a response add up to 1', () => {
    expect(ktoLoss({ policy: [-3, -4], ref: [-3, -4], desirable: [true, false] }).losses).toEqual(
      Float64Array.of(0.5, 0.5),
    );
    for (const rho of [-700, -3, 0, 0.2, 40]) {
      expect((one(rho, true).loss as number) + (one(rho, false).loss as number)).toBeCloseTo(1, 15);
    }
  });
  it('is linear in its weights', () => {
    expect(one(-0.3, true, { desirableWeight: 3 }).loss).toBeCloseTo(3 * (one(-0.3, true).loss as number), 15);
    expect(one(-0.3, false, { undesirableWeight: 0.5 }).grad[0]).toBeCloseTo(one(-0.3, false).grad[0] / 2, 15);
  });
  it('takes the reference point from the mismatched responses, never below 0', () => {
    const batch = { policy: [-1], ref: [-1], desirable: [true] };
    expect(ktoLoss({ ...batch, klPolicy: [-1, -2], klRef: [-2, -4] }).kl).toBe(1.5);
    expect(ktoLoss({ ...batch, klPolicy: [-3], klRef: [-1] }, { kl: 5 }).kl).toBe(0);
    expect(ktoLoss(batch, { kl: -2 }).kl).toBe(0);
  });
  it('mismatched pairs never pair a response with itself, as reversing an odd batch does', () => {
    for (const n of [2, 3, 7]) {
      for (const shift of [1, -1, n + 1]) {
        const partner = Array.from(ktoMismatchedPairs(n, shift));
        expect(partner.some((j, i) => i === j)).toBe(false);
        expect(partner.slice().sort((a, b) => a - b)).toEqual(partner.map((_, i) => i));
      }
    }
    expect(() => ktoMismatchedPairs(1)).toThrow(/^n must/);
    expect(() => ktoMismatchedPairs(4, 8)).toThrow(/^shift must not be a multiple/);
  });
  it('the weight bands hold the ratio between 1 : 1 and 1.33 : 1', () => {
    const { desirableWeight, undesirableWeight } = ktoWeightRange(30, 90, { undesirableWeight: 0.5 });
    expect((desirableWeight[0] * 30) / (0.5 * 90)).toBeCloseTo(1, 15);
    expect((desirableWeight[1] * 30) / (0.5 * 90)).toBeCloseTo(1.33, 15);
    expect(30 / (undesirableWeight[1] * 90)).toBeCloseTo(1, 15);
    expect(30 / (undesirableWeight[0] * 90)).toBeCloseTo(1.33, 15);
  });
  it('APO zero is KTO with unit weights at reference point 0', () => {
    fc.assert(
      fc.property(responses(-200, 0), betas(1e-3, 10), (batch, beta) => {
        const { losses, grad } = ktoLoss(batch, { beta });
        expect(apoZeroUnpairedLoss(batch, { beta }).losses).toEqual(losses);
        const apo = apoZeroUnpairedLoss(batch, { beta }).grad;
        for (let i = 0; i < grad.length; i++) expect(Math.abs(apo[i] - grad[i])).toBeLessThanOrEqual(1e-15 * beta);
      }),
    );
  });
});

describe('BCO', () => {
  it('threshold and count are those of all rewards so far, however they were batched', () => {
    const rewards = [-1, 2, 0.5, -3, 4];
    const batch = (slice: number[]) => ({ policy: slice, desirable: slice.map((x) => x > 0) });
    const whole = bcoLoss(batch(rewards), bcoInit(), { beta: 1 });
    const first = bcoLoss(batch(rewards.slice(0, 2)), bcoInit(), { beta: 1 });
    const second = bcoLoss(batch(rewards.slice(2)), first.state, { beta: 1 });
    expect(second.state.mean).toBeCloseTo(0.5, 15);
    expect(whole.state).toEqual({ mean: 0.5, count: 5 });
    expect(second.state.count).toBe(5);
    expect(first.state).toEqual({ mean: 0.5, count: 2 });
  });
  it('weights of the unwanted side are odds, clamped', () => {
    expect(Array.from(udmWeights([0, 0.5, 0.75, 1]))).toEqual([0.5, 1, 3, 10]);
    expect(() => udmWeights([1.5])).toThrow(/^probs\[0\]/);
    expect(() => udmWeights([0.5], { min: 2, max: 1 })).toThrow(/^max/);
    const batch = { policy: [-1, -2], desirable: [true, false] };
    const weighed = bcoLoss({ ...batch, weights: [1, 0] }, bcoInit(), { reduction: 'sum' });
    expect(weighed.loss).toBe(weighed.losses[0]);
  });
});

describe('all of them', () => {
  const batch = { policy: [-1, -2, -3], ref: [-2, -2, -2], desirable: [true, false, true] };
  const all: [
    string,
    (b: UnpairedBatch, o?: object, out?: never) => { loss?: number; losses: Float64Array; grad: Float64Array },
  ][] = [
    ['kto', ktoLoss],
    ['apo', apoZeroUnpairedLoss],
    ['bco', (b, o, out) => bcoLoss(b, bcoInit(), o, out)],
  ];
  it.each(all)('%s: reductions, out, one -Infinity', (name, loss) => {
    const none = loss(batch, { reduction: 'none' });
    expect(none.loss).toBeUndefined();
    expect(loss(batch).loss).toBeCloseTo(none.losses.reduce((a, b) => a + b) / 3, 15);
    const out = loss({ ...batch, desirable: [false, false, false] });
    expect(loss(batch, {}, out as never)).toBe(out);
    expect(out).toEqual(loss(batch));
    if (name === 'bco') {
      expect(() => loss({ ...batch, policy: [-1, -Infinity, -2] })).toThrow(/^policy must give finite rewards/);
      return;
    }
    const { losses, grad } = loss({ ...batch, policy: [-Infinity, -Infinity, -1], ref: [-1, -1, -Infinity] });
    expect(Array.from(losses)).toEqual([1, 0, 0]);
    expect(Array.from(grad).map(Math.abs)).toEqual([0, 0, 0]);
    for (const size of [1e6, -1e6]) {
      expect(Array.from(loss({ policy: [size], desirable: [true] }, { beta: 10 }).losses)).toEqual([size > 0 ? 0 : 1]);
    }
  });
  it.each(all)('%s: any order of the responses, twice the batch, and weights', (name, loss) => {
    fc.assert(
      fc.property(responses(-20, -0.1), betas(0.01, 1), (drawn, beta) => {
        const close = (a: number, b: number, scale = 1) =>
          expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-14 * (Math.abs(b) + scale));
        const n = drawn.policy.length;
        const options = { beta };
        const none = loss(drawn, { beta, reduction: 'none' });
        const mean = loss(drawn, options);
        const turned = Object.fromEntries(
          Object.entries(drawn).map(([key, values]) => [key, values.slice().reverse()]),
        );
        const other = loss(turned as never, { beta, reduction: 'none' });
        // BCO's threshold is a mean of rewards up to 20 beta, whose sum is rounded in the order of the batch
        const scale = name === 'bco' ? 20 * n : 1;
        none.losses.forEach((x, i) => close(other.losses[n - 1 - i], x, scale));
        none.grad.forEach((x, i) => close(other.grad[n - 1 - i], x, scale));
        const twice = Object.fromEntries(Object.entries(drawn).map(([key, values]) => [key, [...values, ...values]]));
        close(loss(twice as never, options).loss as number, mean.loss as number, scale);
        mean.grad.forEach((x, i) => close(x * n, none.grad[i]));
        const weights = drawn.policy.map((_, i) => (i === 0 ? 0 : i));
        const weighed = loss({ ...drawn, weights }, { beta, reduction: 'sum' });
        expect([weighed.losses[0], weighed.grad[0]].map(Math.abs)).toEqual([0, 0]);
        weighed.losses.forEach((x, i) => close(x, weights[i] * none.losses[i]));
        weighed.grad.forEach((x, i) => close(x, weights[i] * none.grad[i]));
        close(loss({ ...drawn, weights }, options).loss as number, weighed.losses.reduce((a, b) => a + b, 0) / n);
      }),
      { numRuns: 40 },
    );
  });
  it.each<[string, unknown, new () => Error, RegExp]>([
    ['a label that is no boolean', { ...batch, desirable: [1, 0, 1] }, TypeError, /^desirable\[0\] must be a boolean/],
    ['lengths', { ...batch, ref: [-1] }, RangeError, /^ref must have length 3/],
    ['empty', { policy: [], desirable: [] }, RangeError, /^policy must not be empty/],
    ['NaN', { ...batch, policy: [-1, NaN, -1] }, RangeError, /^policy\[1\] is NaN/],
    [
      'both zero',
      { ...batch, policy: [-1, -1, -Infinity], ref: [-1, -1, -Infinity] },
      RangeError,
      /^response 2: policy and ref/,
    ],
    ['weights', { ...batch, weights: [1, NaN, 1] }, RangeError, /^weights\[1\]/],
    ['half of the mismatched', { ...batch, klPolicy: [-1] }, TypeError, /^klPolicy and klRef/],
  ])('refuse %s', (what, bad, kind, message) => {
    for (const [name, loss] of all) {
      if (what === 'half of the mismatched' && name !== 'kto') continue;
      expect(() => loss(bad as UnpairedBatch), name).toThrow(kind);
      expect(() => loss(bad as UnpairedBatch), name).toThrow(message);
    }
    expect(() => ktoLoss(batch, { beta: -1 })).toThrow(/^beta/);
    expect(() => ktoLoss(batch, { desirableWeight: -1 })).toThrow(/^desirableWeight/);
    expect(() => bcoLoss(batch, { mean: NaN, count: 0 })).toThrow(/^state.mean/);
  });
});
