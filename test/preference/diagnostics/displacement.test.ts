import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chesFilter,
  chesRank,
  chesScore,
  displacementTargets,
  likelihoodDisplacement,
  logProbRates,
  sequenceTangentKernel,
  simulateTwoTokenFlow,
} from '../../../src/preference/index.js';
import { logSoftmax, softmax } from '../../../src/special/index.js';

const finite = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const matrix = (rows: number, columns: number) =>
  fc.array(fc.array(finite(-1.5, 1.5), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  });

const times = (W: number[][], h: number[]) => W.map((row) => row.reduce((sum, w, j) => sum + w * h[j], 0));

/** "No" against "Never", with "Yes" and a fourth token. */
const TOKENS = {
  unembedding: [
    [1, 0.6],
    [1, 1],
    [0.6, -1],
    [-1, 0],
  ],
  hidden: [1, 0.1],
  chosen: 0,
  rejected: 1,
};

describe('logProbRates', () => {
  it.each(['hidden', 'unembedding', 'both'] as const)(
    'is the derivative along the gradient flow, train %s',
    (train) => {
      fc.assert(
        fc.property(matrix(4, 3), matrix(1, 3), finite(0.05, 2), finite(-2, 2), (W, [h], beta, refLogRatio) => {
          const pair = { unembedding: W, hidden: h, chosen: 1, rejected: 3 };
          const { rates, lossSlope, brackets } = logProbRates(pair, { beta, refLogRatio, train });
          // One small step of the flow by hand: W += dt g h (e_w - e_l), h += dt g (W_w - W_l).
          const after = (dt: number) => {
            const W2 = W.map((row, z) =>
              row.map(
                (w, j) => w + (train === 'hidden' ? 0 : dt * lossSlope * h[j] * (z === 1 ? 1 : z === 3 ? -1 : 0)),
              ),
            );
            const h2 = h.map((x, j) => x + (train === 'unembedding' ? 0 : dt * lossSlope * (W[1][j] - W[3][j])));
            return logSoftmax(times(W2, h2));
          };
          const [plus, minus] = [after(1e-5), after(-1e-5)];
          rates.forEach((rate, z) => {
            expect(Math.abs((plus[z] - minus[z]) / 2e-5 - rate)).toBeLessThan(1e-7);
            expect(rate).toBeCloseTo(lossSlope * brackets[z], 14);
          });
          const logits = times(W, h);
          const x = beta * (logits[1] - logits[3] - refLogRatio);
          expect(lossSlope).toBeCloseTo(beta / (1 + Math.exp(x)), 12);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('probability is conserved: the mean rate under the policy is 0', () => {
    fc.assert(
      fc.property(matrix(5, 3), matrix(1, 3), (W, [h]) => {
        const { rates } = logProbRates({ unembedding: W, hidden: h, chosen: 0, rejected: 2 });
        const p = softmax(times(W, h));
        expect(rates.reduce((sum, rate, z) => sum + p[z] * rate, 0)).toBeCloseTo(0, 14);
      }),
      { numRuns: 100 },
    );
  });

  it('with the hidden state trained, the fastest riser maximizes ⟨W_z, W_w - W_l⟩', () => {
    fc.assert(
      fc.property(matrix(6, 3), matrix(1, 3), (W, [h]) => {
        const { rates } = logProbRates({ unembedding: W, hidden: h, chosen: 0, rejected: 1 }, { train: 'hidden' });
        const toward = W.map((row) => row.reduce((sum, w, j) => sum + w * (W[0][j] - W[1][j]), 0));
        expect(toward[rates.indexOf(Math.max(...rates))]).toBeGreaterThan(Math.max(...toward) - 1e-12);
      }),
      { numRuns: 100 },
    );
  });

  it('the brackets and the distribution of the worked example', () => {
    const { brackets } = logProbRates(TOKENS);
    [0.9412225, -1.2387775, 0.5712225, 0.1712225].forEach((x, z) => expect(brackets[z]).toBeCloseTo(x, 7));
    const scaled = {
      ...TOKENS,
      unembedding: TOKENS.unembedding.map((row) => row.map((w) => 4 * w)),
      hidden: TOKENS.hidden.map((x) => x / 4),
    };
    const more = logProbRates(scaled).brackets;
    [-1.277115, -3.963365, 8.89976, 2.49976].forEach((x, z) => expect(more[z]).toBeCloseTo(x, 6));
  });

  it.each([
    [{ chosen: 4 }, {}, 'chosen'],
    [{ rejected: 0 }, {}, 'rejected must differ'],
    [{ hidden: [1] }, {}, 'hidden must have length 2'],
    [
      {
        unembedding: [
          [NaN, 0],
          [0, 0],
        ],
      },
      {},
      'unembedding[0]',
    ],
    [{}, { beta: 0 }, 'beta'],
    [{}, { train: 'all' as never }, 'train must be one of'],
    [{}, { refLogRatio: Infinity }, 'refLogRatio'],
  ])('bad argument %#', (change, options, message) => {
    expect(() => logProbRates({ ...TOKENS, ...change }, options)).toThrow(message);
  });
});

describe('simulateTwoTokenFlow', () => {
  const row = (probs: Float64Array, t: number) => Array.from(probs.subarray(4 * t, 4 * t + 4));
  const near = (actual: number[], expected: number[]) =>
    expected.forEach((x, z) => expect(Math.abs(actual[z] - x)).toBeLessThan(5.1e-6));

  it('training the hidden state alone, the margin rises while the chosen token collapses', () => {
    const { probs, margins } = simulateTwoTokenFlow(TOKENS, { steps: 200, train: 'hidden' });
    near(row(probs, 0), [0.36503, 0.37993, 0.20851, 0.04652]);
    near(row(probs, 50), [0.21201, 0.14849, 0.59055, 0.04895]);
    near(row(probs, 200), [0.00369, 0.00083, 0.99075, 0.00473]);
    for (let t = 1; t <= 200; t++) expect(margins[t]).toBeGreaterThan(margins[t - 1]);
  });

  it('large unembeddings with a small hidden state displace likelihood though all is trained', () => {
    const scaled = {
      ...TOKENS,
      unembedding: TOKENS.unembedding.map((r) => r.map((w) => 4 * w)),
      hidden: TOKENS.hidden.map((x) => x / 4),
    };
    const { probs, margins } = simulateTwoTokenFlow(scaled, { steps: 100, learningRate: 0.1 });
    near(row(probs, 10), [0.33208, 0.30232, 0.31474, 0.05086]);
    near(row(probs, 50), [0.11421, 0.05884, 0.79434, 0.03261]);
    near(row(probs, 100), [0.01165, 0.00226, 0.98055, 0.00555]);
    expect(margins[50]).toBeCloseTo(0.7032, 4);
    expect(margins[100]).toBeCloseTo(1.6813, 4);
    expect(
      likelihoodDisplacement({
        chosenBefore: [Math.log(probs[0])],
        chosenAfter: [Math.log(probs[400])],
        rejectedBefore: [Math.log(probs[1])],
        rejectedAfter: [Math.log(probs[401])],
      }).displaced,
    ).toEqual([true]);
    const { catastrophic, gainers } = displacementTargets(row(probs, 0), row(probs, 100), TOKENS);
    expect([catastrophic, gainers[0].outcome]).toEqual([true, 2]);
  });

  it('moves off with the rates of logProbRates', () => {
    for (const train of ['both', 'hidden', 'unembedding'] as const) {
      const { rates } = logProbRates(TOKENS, { train });
      const dt = 1e-6;
      const { probs } = simulateTwoTokenFlow(TOKENS, { steps: 1, learningRate: dt, train });
      rates.forEach((rate, z) => expect(Math.log(probs[4 + z] / probs[z]) / dt).toBeCloseTo(rate, 5));
    }
  });
});

describe('sequenceTangentKernel', () => {
  const flat = (W: number[][], h: number[][], tokens: number[]) => {
    // Gradient of Σ_k log softmax(W h_k)[token_k] in W.
    const g = W.map((r) => r.map(() => 0));
    h.forEach((hk, k) => {
      const p = softmax(times(W, hk));
      W.forEach((_, z) => hk.forEach((x, j) => (g[z][j] += ((z === tokens[k] ? 1 : 0) - p[z]) * x)));
    });
    return g.flat();
  };

  it('is the inner product of the gradients of the two log-probabilities', () => {
    fc.assert(
      fc.property(matrix(4, 3), matrix(3, 3), matrix(2, 3), (W, ha, hb) => {
        const a = { hidden: ha, tokens: [0, 3, 1] };
        const b = { hidden: hb, tokens: [2, 2] };
        const [ga, gb] = [flat(W, ha, a.tokens), flat(W, hb, b.tokens)];
        const { kernel, kernelAA } = sequenceTangentKernel(W, a, b);
        expect(kernel).toBeCloseTo(
          ga.reduce((sum, x, i) => sum + x * gb[i], 0),
          12,
        );
        expect(kernelAA).toBeCloseTo(
          ga.reduce((sum, x) => sum + x * x, 0),
          12,
        );
        expect(sequenceTangentKernel(W, b, a).kernel).toBeCloseTo(kernel, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('for single tokens with W trained it gives the rate of the chosen one', () => {
    const h = { hidden: [TOKENS.hidden] };
    const { kernel, kernelAA } = sequenceTangentKernel(
      TOKENS.unembedding,
      { ...h, tokens: [TOKENS.chosen] },
      { ...h, tokens: [TOKENS.rejected] },
    );
    expect(kernelAA - kernel).toBeCloseTo(logProbRates(TOKENS, { train: 'unembedding' }).brackets[0], 14);
  });

  it.each([
    [{ hidden: [[1]], tokens: [0] }, 'a.hidden must be T × 2'],
    [{ hidden: [[1, 1]], tokens: [0, 1] }, 'a.tokens must have length 1'],
    [{ hidden: [[1, 1]], tokens: [4] }, 'a.tokens[0]'],
  ])('bad argument %#', (a, message) => {
    expect(() => sequenceTangentKernel(TOKENS.unembedding, a, { hidden: [[1, 1]], tokens: [0] })).toThrow(message);
  });
});

describe('CHES', () => {
  it('is the inner product of the sums less the square of the preferred one', () => {
    fc.assert(
      fc.property(matrix(3, 4), matrix(2, 4), (a, b) => {
        const total = (m: number[][]) => m[0].map((_, j) => m.reduce((sum, r) => sum + r[j], 0));
        const [plus, minus] = [total(a), total(b)];
        const inner = plus.reduce((sum, x, j) => sum + x * minus[j], 0);
        const norm = plus.reduce((sum, x) => sum + x * x, 0);
        expect(chesScore(a, b).score).toBeCloseTo(inner - norm, 12);
        expect(chesScore(a, b, { lengthNormalize: true }).score).toBeCloseTo(inner / 6 - norm / 9, 12);
        expect(chesScore(a, a).score).toBeCloseTo(0, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('is minus K(++) - K(+-) of the tangent kernel with the token parts set to 1', () => {
    // One token each: ⟨h⁺, h⁻⟩ - |h⁺|².
    const [plus, minus] = [
      [0.3, -1.2],
      [0.8, 0.1],
    ];
    expect(chesScore([plus], [minus]).score).toBeCloseTo(0.3 * 0.8 - 1.2 * 0.1 - (0.09 + 1.44), 14);
  });

  it('ranks stably and filters the highest scores away, keeping the order of the data', () => {
    expect(Array.from(chesRank([1, 5, 1, -2]))).toEqual([1, 0, 2, 3]);
    expect(Array.from(chesFilter([1, 5, 1, -2], 0.5))).toEqual([2, 3]);
    expect(Array.from(chesFilter([1, 5, 1, -2], 0.01))).toEqual([3]);
    expect(Array.from(chesFilter([1, 5, 1, -2], 1))).toEqual([0, 1, 2, 3]);
  });

  it.each([
    [() => chesScore([], [[1]]), 'preferred must not be empty'],
    [() => chesScore([[1]], [[1, 2]]), 'dispreferred must have 1 columns'],
    [() => chesScore([[NaN]], [[1]]), 'preferred[0]'],
    [() => chesFilter([1], 0), 'keepFraction'],
    [() => chesFilter([], 1), 'scores must not be empty'],
    [() => chesRank([NaN]), 'scores[0]'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('likelihoodDisplacement', () => {
  it.each([
    [{ chosenBefore: [], chosenAfter: [], rejectedBefore: [], rejectedAfter: [] }, 'chosenBefore must not be empty'],
    [{ chosenBefore: [-1], chosenAfter: [-1], rejectedBefore: [-1], rejectedAfter: [] }, 'rejectedAfter must have'],
    [
      { chosenBefore: [-Infinity], chosenAfter: [-Infinity], rejectedBefore: [-1], rejectedAfter: [-1] },
      'infinite minus infinite',
    ],
  ])('bad argument %#', (data, message) => {
    expect(() => likelihoodDisplacement(data)).toThrow(message);
  });

  it('targets: mass that goes to an allowed outcome is no catastrophe', () => {
    const [before, after] = [
      [0.4, 0.3, 0.2, 0.1],
      [0.2, 0.1, 0.6, 0.1],
    ];
    const pair = { chosen: 0, rejected: 1 };
    expect(displacementTargets(before, after, pair).catastrophic).toBe(true);
    expect(displacementTargets(before, after, pair, { allowed: [2] }).catastrophic).toBe(false);
    expect(displacementTargets(before, before, pair)).toMatchObject({ gainers: [], catastrophic: false });
    expect(() => displacementTargets(before, [1], pair)).toThrow('after must have length 4');
    expect(() => displacementTargets(before, after, { chosen: 9, rejected: 0 })).toThrow('chosen');
  });
});
