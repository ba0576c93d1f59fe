import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dpoLoss,
  implicitPreference,
  implicitReward,
  ldDpoLogProbs,
  logSumExpInit,
  logSumExpMerge,
  logSumExpPush,
  logSumExpValue,
  sequenceLogProbs,
  sequenceLogProbsBackward,
  sequentialKL,
  tdpoLoss,
  tokenCredit,
  wpoWeights,
} from '../../../src/preference/index.js';

/** The definition, with exact-order sums replaced by plain ones. */
const logProb = (row: number[], label: number, temperature = 1): number => {
  const scaled = row.map((x) => x / temperature);
  const max = Math.max(...scaled);
  return scaled[label] - max - Math.log(scaled.reduce((sum, x) => sum + Math.exp(x - max), 0));
};

const inputs = (maxV = 9) =>
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: maxV }))
    .chain(([B, T, V]) =>
      fc.record({
        shape: fc.constant([B, T, V] as [number, number, number]),
        logits: fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: B * T * V, maxLength: B * T * V }),
        labels: fc.array(fc.oneof(fc.integer({ min: 0, max: V - 1 }), fc.constant(-100)), {
          minLength: B * T,
          maxLength: B * T,
        }),
        mask: fc.array(fc.boolean(), { minLength: B * T, maxLength: B * T }),
      }),
    );

describe('sequenceLogProbs', () => {
  it('is the definition, masked, with and without the shift', () => {
    fc.assert(
      fc.property(inputs(), fc.boolean(), fc.double({ min: 0.2, max: 4, noNaN: true }), (input, shift, temperature) => {
        const [B, T, V] = input.shape;
        const { sum, mean, count, perToken } = sequenceLogProbs(input, { shift, temperature });
        const columns = shift ? T - 1 : T;
        expect(perToken.length).toBe(B * columns);
        for (let b = 0; b < B; b++) {
          let total = 0;
          let counted = 0;
          for (let t = 0; t < columns; t++) {
            const at = b * T + t + (shift ? 1 : 0); // the label that the logits at t score
            const counts = input.labels[at] !== -100 && input.mask[at];
            const row = input.logits.slice((b * T + t) * V, (b * T + t + 1) * V);
            const expected = counts ? logProb(row, input.labels[at], temperature) : 0;
            expect(Math.abs(perToken[b * columns + t] - expected)).toBeLessThanOrEqual(
              1e-13 * (1 + Math.abs(expected)),
            );
            total += expected;
            counted += counts ? 1 : 0;
          }
          expect(sum[b]).toBeCloseTo(total, 10);
          expect(count[b]).toBe(counted);
          expect(mean[b]).toBeCloseTo(counted === 0 ? 0 : total / counted, 10);
        }
      }),
    );
  });

  it('the shift scores the next token: an off-by-one would show', () => {
    // the model is sure of token 1 after position 0 and of token 0 after position 1
    const logits = [0, 50, 50, 0, 0, 0];
    const input = { logits, labels: [0, 1, 0], shape: [1, 3, 2] } as const;
    expect(sequenceLogProbs({ ...input }).sum[0]).toBeCloseTo(0, 12);
    expect(sequenceLogProbs({ ...input }, { shift: false }).sum[0]).toBeLessThan(-99);
  });

  it('takes Float32 logits as they are and accumulates in Float64', () => {
    const V = 4099;
    const single = Float32Array.from({ length: V }, (_, i) => Math.fround(((i * 131) % 997) / 60));
    const double = Float64Array.from(single);
    const at = (logits: Float32Array | Float64Array) =>
      sequenceLogProbs({ logits, labels: [17], shape: [1, 1, V] }, { shift: false }).sum[0];
    expect(at(single)).toBe(at(double));
    expect(Math.abs(at(double) / logProb(Array.from(double), 17) - 1)).toBeLessThan(1e-12);
  });

  it('gives zeros for a sequence that is masked whole, and for one token under the shift', () => {
    const { sum, mean, count } = sequenceLogProbs(
      { logits: [NaN, NaN], labels: [-100], shape: [1, 1, 2] },
      { shift: false },
    );
    expect([sum[0], mean[0], count[0]]).toEqual([0, 0, 0]);
    expect(sequenceLogProbs({ logits: [1, 2], labels: [0], shape: [1, 1, 2] }).perToken.length).toBe(0);
  });

  it('logits of 1e300 apart, and vocabulary masked by -Infinity', () => {
    const far = sequenceLogProbs({ logits: [1e300, -1e300], labels: [1], shape: [1, 1, 2] }, { shift: false });
    expect(far.sum[0]).toBe(-2e300);
    const masked = { logits: [0, -Infinity, 0], labels: [0], shape: [1, 1, 3] } as const;
    expect(sequenceLogProbs(masked, { shift: false }).sum[0]).toBeCloseTo(-Math.LN2, 15);
    const zero = { ...masked, labels: [1] };
    expect(() => sequenceLogProbs(zero, { shift: false })).toThrow('labels[0] is a token of probability 0');
    expect(sequenceLogProbs(zero, { shift: false, allowZeroProb: true }).sum[0]).toBe(-Infinity);
  });

  it('writes into out', () => {
    const input = { logits: [1, 2, 3, 4], labels: [0, 1], shape: [1, 2, 2] } as const;
    const out = sequenceLogProbs({ ...input, labels: [1, 0] });
    expect(sequenceLogProbs(input, {}, out)).toBe(out);
    expect(out).toEqual(sequenceLogProbs(input));
    expect(sequenceLogProbs(input, { shift: false }, out)).not.toBe(out);
  });

  it.each<[string, object, object, RegExp]>([
    [
      'a label outside the vocabulary',
      { labels: [0, 2] },
      {},
      /^labels\[1\] must be an integer in \[0, 1\] or -100, got 2/,
    ],
    ['a negative label', { labels: [0, -1] }, {}, /^labels\[1\]/],
    ['logits of the wrong length', { logits: [0, 0, 0] }, {}, /^logits must have length 4, got 3/],
    ['mask of the wrong length', { mask: [1] }, {}, /^mask must have length 2/],
    ['NaN', { logits: [0, NaN, 0, 0] }, {}, /^logits\[1\] must be below Infinity, got NaN/],
    ['Infinity', { logits: [0, Infinity, 0, 0] }, {}, /^logits\[1\]/],
    ['a row of -Infinity', { logits: [-Infinity, -Infinity, 0, 0] }, {}, /^logits\[0\.\.1\] are all -Infinity/],
    ['temperature 0', {}, { temperature: 0 }, /^temperature/],
    ['a temperature whose inverse is infinite', {}, { temperature: 1e-320 }, /^temperature/],
    ['an empty shape', { shape: [1, 0, 2] }, {}, /^shape\[1\]/],
  ])('refuses %s', (_, change, options, message) => {
    const input = { logits: [0, 0, 0, 0], labels: [0, 1], shape: [1, 2, 2] as const, ...change };
    expect(() => sequenceLogProbs(input, options)).toThrow(message);
    expect(() => sequenceLogProbs(input, options)).toThrow(RangeError);
    expect(() => sequenceLogProbsBackward(input, [1], options)).toThrow(message);
  });
});

describe('sequenceLogProbsBackward', () => {
  it('is the gradient that central differences find; rows sum to 0', () => {
    fc.assert(
      fc.property(inputs(5), fc.boolean(), (input, shift) => {
        const [B, , V] = input.shape;
        const options = { shift, temperature: 0.8 };
        const upstream = Array.from({ length: B }, (_, b) => 0.3 - b);
        const gradient = sequenceLogProbsBackward(input, upstream, options);
        const h = 1e-5;
        const value = (logits: number[]) =>
          sequenceLogProbs({ ...input, logits }, options).sum.reduce((total, x, b) => total + upstream[b] * x, 0);
        for (let i = 0; i < Math.min(gradient.length, 12); i++) {
          const at = (step: number) => value(input.logits.map((x, j) => (i === j ? x + step : x)));
          expect(Math.abs((at(h) - at(-h)) / (2 * h) - gradient[i])).toBeLessThan(1e-7);
        }
        for (let row = 0; row < gradient.length; row += V) {
          expect(Math.abs(gradient.slice(row, row + V).reduce((a, b) => a + b))).toBeLessThan(1e-14);
        }
      }),
      { numRuns: 30 },
    );
  });
  it('chains with a loss over pairs', () => {
    const input = { logits: [0.2, -0.4, 0.5, 0.9, -1, 0.3], labels: [1, 2], shape: [2, 1, 3] } as const;
    const loss = (logits: readonly number[]) => {
      const { sum } = sequenceLogProbs({ ...input, logits }, { shift: false });
      return dpoLoss({ policyChosen: [sum[0]], policyRejected: [sum[1]] });
    };
    const { gradChosen, gradRejected } = loss(input.logits);
    const gradient = sequenceLogProbsBackward(input, [gradChosen[0], gradRejected[0]], { shift: false });
    const at = (step: number) => loss(input.logits.map((x, i) => (i === 4 ? x + step : x))).loss as number;
    expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(gradient[4], 9);
    const out = new Float32Array(6);
    expect(sequenceLogProbsBackward(input, [1, 1], { shift: false }, out)).toBe(out);
    expect(() => sequenceLogProbsBackward(input, [1], { shift: false })).toThrow(/^upstream must have length 2/);
    expect(() => sequenceLogProbsBackward(input, [1, NaN], { shift: false })).toThrow(/^upstream\[1\]/);
  });
});

describe('log-sum-exp in pieces', () => {
  it('does not depend on how the numbers were cut, up to rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -800, max: 800, noNaN: true }), fc.constant(-Infinity)), { maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
        (values, cuts) => {
          const edges = [0, ...cuts.map((c) => Math.min(c, values.length)).sort((a, b) => a - b), values.length];
          const chunks = edges.slice(1).map((end, i) => values.slice(edges[i], end));
          const whole = logSumExpValue(logSumExpPush(logSumExpInit(), values));
          let state = logSumExpInit();
          for (const chunk of chunks) state = logSumExpPush(state, chunk, state);
          const parts = chunks.map((chunk) => logSumExpPush(logSumExpInit(), chunk));
          const mergedValue = logSumExpValue(parts.reduce((a, b) => logSumExpMerge(a, b), logSumExpInit()));
          if (whole === -Infinity) expect([logSumExpValue(state), mergedValue]).toEqual([-Infinity, -Infinity]);
          else {
            expect(Math.abs(logSumExpValue(state) - whole)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(whole)));
            expect(Math.abs(mergedValue - whole)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(whole)));
          }
        },
      ),
    );
  });
  it('refuses what has no sum', () => {
    expect(() => logSumExpPush(logSumExpInit(), [0, NaN])).toThrow(/^chunk\[1\]/);
    expect(() => logSumExpPush(logSumExpInit(), [NaN])).toThrow(/^chunk\[0\]/);
    expect(() => logSumExpPush(logSumExpInit(), [Infinity])).toThrow(/^chunk\[0\]/);
  });
});

describe('sequentialKL', () => {
  it('is the definition at every position, 0 where masked and between equals, Infinity off the support', () => {
    fc.assert(
      fc.property(inputs(6), fc.integer({ min: 0, max: 99 }), (input, turn) => {
        const [B, T, V] = input.shape;
        const policyLogits = input.logits.map((x) => x / 6);
        const refLogits = policyLogits.map((_, i) => policyLogits[(i * 7 + turn) % policyLogits.length]);
        const mask = input.mask;
        const shape = [B * T, V] as const;
        const { forward, reverse, forwardSum, reverseSum } = sequentialKL({ policyLogits, refLogits, shape, mask });
        let total = 0;
        for (let t = 0; t < B * T; t++) {
          const p = policyLogits.slice(t * V, (t + 1) * V).map((_, v, row) => logProb(row, v));
          const r = refLogits.slice(t * V, (t + 1) * V).map((_, v, row) => logProb(row, v));
          const kl = (a: number[], b: number[]) => a.reduce((sum, x, v) => sum + Math.exp(x) * (x - b[v]), 0);
          expect(Math.abs(forward[t] - (mask[t] ? kl(r, p) : 0))).toBeLessThan(1e-12);
          expect(Math.abs(reverse[t] - (mask[t] ? kl(p, r) : 0))).toBeLessThan(1e-12);
          expect(forward[t]).toBeGreaterThanOrEqual(0);
          total += forward[t];
        }
        expect(forwardSum).toBeCloseTo(total, 12);
        expect(reverseSum).toBeGreaterThanOrEqual(0);
        const same = sequentialKL({ policyLogits, refLogits: policyLogits.map((x) => x + 3), shape });
        expect(Math.max(...same.forward, ...same.reverse)).toBeLessThan(1e-13);
      }),
      { numRuns: 40 },
    );
    const { forward, reverse } = sequentialKL({ policyLogits: [0, -Infinity], refLogits: [0, 0], shape: [1, 2] });
    expect([forward[0], reverse[0]]).toEqual([Infinity, Math.LN2]);
    expect(() => sequentialKL({ policyLogits: [0, NaN], refLogits: [0, 0], shape: [1, 2] })).toThrow(
      /^policyLogits\[1\]/,
    );
    expect(() => sequentialKL({ policyLogits: [0], refLogits: [0, 0], shape: [1, 2] })).toThrow(/^policyLogits must/);
  });
});

describe('TDPO', () => {
  const batch = {
    policyChosen: [-3],
    policyRejected: [-4],
    refChosen: [-3.5],
    refRejected: [-3.8],
    chosenPositionKL: [0.7],
    rejectedPositionKL: [1.9],
  };
  it.each([1, 2] as const)(
    'variant %i has the gradients of central differences, with D_w held in variant 2',
    (variant) => {
      const options = { beta: 0.6, alpha: 0.3, variant };
      const result = tdpoLoss(batch, options);
      const slope = (name: keyof typeof batch) => {
        const at = (step: number) => tdpoLoss({ ...batch, [name]: [batch[name][0] + step] }, options).loss as number;
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      };
      expect(result.gradChosen[0]).toBeCloseTo(slope('policyChosen'), 9);
      expect(result.gradRejected[0]).toBeCloseTo(slope('policyRejected'), 9);
      expect(result.gradRejectedKL[0]).toBeCloseTo(slope('rejectedPositionKL'), 9);
      if (variant === 1) expect(result.gradChosenKL[0]).toBeCloseTo(slope('chosenPositionKL'), 9);
      else expect([result.gradChosenKL[0], slope('chosenPositionKL') !== 0]).toEqual([0, true]);
    },
  );
  it('rewards include the drift, α is of variant 2 alone, and out is filled', () => {
    const result = tdpoLoss(batch, { beta: 0.5 });
    expect(result.chosenRewards[0]).toBeCloseTo(0.5 * (0.5 + 0.7), 15);
    expect(result.rejectedRewards[0]).toBeCloseTo(0.5 * (-0.2 + 1.9), 15);
    expect(tdpoLoss(batch, { variant: 1, alpha: 9 })).toEqual(tdpoLoss(batch, { variant: 1 }));
    expect(tdpoLoss({ ...batch, chosenPositionKL: [0] }, { beta: 0.5 }, result)).toBe(result);
    expect(result).toEqual(tdpoLoss({ ...batch, chosenPositionKL: [0] }, { beta: 0.5 }));
  });
  it('any order of the pairs, weight 0, and twice the batch', () => {
    const pairs = {
      policyChosen: [-3, -2, -5],
      policyRejected: [-4, -3, -1],
      refChosen: [-3.5, -1, -4],
      refRejected: [-3.8, -2, -2],
      chosenPositionKL: [0.7, 0, 0.2],
      rejectedPositionKL: [1.9, 0.4, 0.1],
    };
    const mapped = (f: (values: number[]) => number[]) =>
      Object.fromEntries(Object.entries(pairs).map(([key, values]) => [key, f(values)])) as typeof pairs;
    for (const variant of [1, 2] as const) {
      const all = tdpoLoss(pairs, { variant, reduction: 'sum' });
      const turned = tdpoLoss(
        mapped((values) => values.slice().reverse()),
        { variant, reduction: 'sum' },
      );
      for (const field of ['losses', 'gradChosen', 'gradRejected', 'gradChosenKL', 'gradRejectedKL'] as const) {
        expect(turned[field]).toEqual(all[field].slice().reverse());
      }
      const weighed = tdpoLoss({ ...pairs, weights: [0, 1, 1] }, { variant, reduction: 'sum' });
      const rest = tdpoLoss(
        mapped((values) => values.slice(1)),
        { variant, reduction: 'sum' },
      );
      expect(weighed.loss).toBe(rest.loss);
      expect(weighed.gradRejectedKL.slice(1)).toEqual(rest.gradRejectedKL);
      expect(Math.abs(weighed.gradRejectedKL[0])).toBe(0);
      const twice = tdpoLoss(
        mapped((values) => [...values, ...values]),
        { variant },
      );
      expect(twice.loss).toBeCloseTo(tdpoLoss(pairs, { variant }).loss as number, 15);
    }
  });
  it('refuses a negative divergence and an unknown variant', () => {
    expect(() => tdpoLoss({ ...batch, chosenPositionKL: [-1] })).toThrow(/^chosenPositionKL\[0\]/);
    expect(() => tdpoLoss(batch, { variant: 3 as never })).toThrow(/^variant/);
    expect(() => tdpoLoss({ ...batch, rejectedPositionKL: undefined as never })).toThrow(/^rejectedPositionKL must be/);
  });
});

describe('tokens', () => {
  it('credit of the tokens adds up to the implicit reward of the response', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -9, max: 0, noNaN: true }), fc.double({ min: -9, max: 0, noNaN: true })), {
          minLength: 1,
          maxLength: 12,
        }),
        (tokens) => {
          const policy = tokens.map((t) => t[0]);
          const ref = tokens.map((t) => t[1]);
          const { total, rewards, cumulative } = tokenCredit(policy, ref, { beta: 0.3 });
          const sum = (x: number[]) => x.reduce((a, b) => a + b, 0);
          expect(total).toBeCloseTo(implicitReward(sum(policy), sum(ref), 0.3), 12);
          expect(cumulative[cumulative.length - 1]).toBe(total);
          expect(rewards[0]).toBe(cumulative[0]);
        },
      ),
    );
    expect(() => tokenCredit([-Infinity], [-Infinity])).toThrow(/^token 0/);
    expect(() => tokenCredit([-Infinity, 0], [0, -Infinity])).toThrow(/no sum/);
    expect(() => implicitReward(-Infinity, -Infinity, 1)).toThrow(/both -Infinity/);
    expect(() => implicitReward(NaN, 0, 1)).toThrow(/^policyLogp/);
  });

  it('the implicit preference is the probability whose logarithm DPO maximizes', () => {
    const batch = { policyChosen: [-3, -9], policyRejected: [-4, -2], refChosen: [-3, -3], refRejected: [-3, -3] };
    const p = implicitPreference(batch, { beta: 0.7 });
    const { losses } = dpoLoss(batch, { beta: 0.7 });
    for (let i = 0; i < 2; i++) expect(-Math.log(p[i])).toBeCloseTo(losses[i], 14);
  });

  it('LD-DPO counts shared length in full and the rest by α', () => {
    const [w, l] = [
      [-1, -2, -3, -4],
      [-0.5, -0.25],
    ];
    expect(ldDpoLogProbs(w, l, { alpha: 1 })).toEqual({ chosen: -10, rejected: -0.75 });
    expect(ldDpoLogProbs(w, l, { alpha: 0 })).toEqual({ chosen: -3, rejected: -0.75 });
    expect(ldDpoLogProbs(l, w, { alpha: 0.5 })).toEqual({ chosen: -0.75, rejected: -6.5 });
    expect(ldDpoLogProbs([-1, -Infinity], [-1], { alpha: 0 }).chosen).toBe(-1);
    expect(() => ldDpoLogProbs(w, l, {} as never)).toThrow(/^alpha/);
    expect(() => ldDpoLogProbs([NaN], l, { alpha: 1 })).toThrow(/^chosenTokenLogps\[0\]/);
  });

  it('WPO: plain is the geometric mean of the probabilities; aligned is 1 where the policy is uniform on its support', () => {
    const { plain, aligned } = wpoWeights({
      logits: [0, 0, -Infinity, 0, 0, 0, 1, 5, 2],
      labels: [1, 2, -100],
      shape: [1, 3, 3],
    });
    expect(plain[0]).toBeCloseTo(Math.sqrt(1 / 2 / 3), 15);
    expect(aligned[0]).toBeCloseTo(1, 15);
    const peaked = wpoWeights({ logits: [3, 0, 0], labels: [0], shape: [1, 1, 3] });
    const p = Math.exp(3) / (Math.exp(3) + 2);
    expect(peaked.aligned[0]).toBeCloseTo(p / (p * p + (1 - p) ** 2 / 2), 14);
    expect(peaked.aligned[0]).toBeGreaterThan(1);
    expect(Array.from(wpoWeights({ logits: [0, 0], labels: [-100], shape: [1, 1, 2] }).plain)).toEqual([1]);
    expect(() => wpoWeights({ logits: [0, 0], labels: [2], shape: [1, 1, 2] })).toThrow(/^labels\[0\]/);
  });
});
