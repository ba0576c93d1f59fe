import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  categoricalDivergence,
  expectedPolicyGradient,
  klRegularizedOptimum,
  klRegularizedValue,
  modeSeekingThreshold,
  onPolicyBandit,
  pairLogitGradient,
  rewardFromPolicy,
  type CategoricalDivergenceKind,
} from '../../../src/preference/index.js';
import { softmax } from '../../../src/special/index.js';

const finite = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const logits = (n: number) => fc.array(finite(-3, 3), { minLength: n, maxLength: n });
const kl = (p: ArrayLike<number>, q: ArrayLike<number>) =>
  Array.from(p).reduce((sum, x, i) => sum + (x > 0 ? x * Math.log(x / q[i]) : 0), 0);

describe('klRegularizedOptimum', () => {
  it('no policy beats it, and each falls short by β KL(π || π*)', () => {
    fc.assert(
      fc.property(logits(6), logits(6), logits(6), finite(0.05, 5), (a, b, rewards, beta) => {
        const [ref, other] = [softmax(a), softmax(b)];
        const { policy, value } = klRegularizedOptimum(ref, rewards, { beta });
        const reached = klRegularizedValue(other, ref, rewards, { beta });
        const scale = 1 + Math.abs(value) + beta * 20;
        expect(reached).toBeLessThan(value + 1e-13 * scale);
        expect(Math.abs(value - reached - beta * kl(other, policy))).toBeLessThan(1e-12 * scale);
        expect(Math.abs(klRegularizedValue(policy, ref, rewards, { beta }) - value)).toBeLessThan(1e-12 * scale);
      }),
      { numRuns: 200 },
    );
  });

  it('the reward of a policy brings it back, whatever constant is added', () => {
    fc.assert(
      fc.property(logits(5), logits(5), finite(0.1, 3), finite(-10, 10), (a, b, beta, shift) => {
        const [ref, target] = [softmax(a), softmax(b)];
        const rewards = rewardFromPolicy(target, ref, { beta, centered: true });
        expect(rewards.reduce((x, y) => x + y, 0)).toBeCloseTo(0, 12);
        const { policy } = klRegularizedOptimum(
          ref,
          rewards.map((r) => r + shift),
          { beta },
        );
        policy.forEach((p, i) => expect(p).toBeCloseTo(target[i], 12));
      }),
      { numRuns: 100 },
    );
  });

  it('survives β = 1e-3 with rewards of 1e3, and leaves impossible outcomes out', () => {
    const {
      policy,
      value,
      kl: divergence,
    } = klRegularizedOptimum([0.5, 0.25, 0.25, 0], [999, 1000, -1000, 1e3], {
      beta: 1e-3,
    });
    expect(Array.from(policy)).toEqual([0, 1, 0, 0]);
    expect(value).toBeCloseTo(1000 - 1e-3 * Math.log(4), 10);
    expect(divergence).toBeCloseTo(Math.log(4), 12);
  });

  it('a policy outside the support of the reference has value -Infinity and an infinite reward', () => {
    expect(klRegularizedValue([0.5, 0.5], [1, 0], [0, 0], { beta: 1 })).toBe(-Infinity);
    expect(Array.from(rewardFromPolicy([0.5, 0.5, 0], [0.5, 0, 0.5], { beta: 2 }))).toEqual([0, Infinity, -Infinity]);
  });

  it.each([
    [() => klRegularizedOptimum([0.5, 0.6], [0, 0], { beta: 1 }), 'ref must sum to 1'],
    [() => klRegularizedOptimum([0.5, 0.5], [0], { beta: 1 }), 'rewards must have length 2'],
    [() => klRegularizedOptimum([0.5, 0.5], [0, NaN], { beta: 1 }), 'rewards[1]'],
    [() => klRegularizedOptimum([0.5, 0.5], [0, 1], { beta: 0 }), 'beta must be positive'],
    [() => klRegularizedValue([0.5, 0.5], [1], [0, 1], { beta: 1 }), 'ref must have length 2'],
    [() => rewardFromPolicy([1, 0], [1, 0], { beta: 1 }), 'policy[1] and ref[1] are both 0'],
    [() => rewardFromPolicy([1, 0], [0.5, 0.5], { beta: 1, centered: true }), 'centered must be false'],
  ])('bad argument %#: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('categoricalDivergence', () => {
  const kinds: CategoricalDivergenceKind[] = ['forward', 'reverse', 'js', 'alpha'];

  it.each(kinds)(
    '%s: gradient agrees with central differences, sums to 0, and the value is 0 at the target',
    (kind) => {
      fc.assert(
        fc.property(logits(5), logits(5), finite(0.1, 0.9), (x, y, alpha) => {
          const target = softmax(y);
          const { value, grad } = categoricalDivergence(x, target, { kind, alpha });
          expect(value).toBeGreaterThan(-1e-14); // 1 - overlap is rounded, then divided by a(1-a) >= 0.09
          expect(grad.reduce((a, b) => a + b)).toBeCloseTo(0, 13);
          grad.forEach((g, i) => {
            const at = (h: number) =>
              categoricalDivergence(
                x.map((v, j) => (j === i ? v + h : v)),
                target,
                { kind, alpha },
              ).value;
            expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - g)).toBeLessThan(1e-7);
          });
          const own = categoricalDivergence(y, target, { kind, alpha });
          expect(Math.abs(own.value)).toBeLessThan(1e-14);
          own.grad.forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-14));
        }),
        { numRuns: 60 },
      );
    },
  );

  it('js is symmetric and at most ln 2, alpha tends to the two Kullback-Leibler divergences', () => {
    const [p, q] = [softmax([1, 0, -1]), softmax([-1, 0.5, 2])];
    const x = [1, 0, -1];
    const y = [-1, 0.5, 2];
    expect(categoricalDivergence(x, q, { kind: 'js' }).value).toBeCloseTo(
      categoricalDivergence(y, p, { kind: 'js' }).value,
      14,
    );
    expect(categoricalDivergence([0, -800], [0, 1], { kind: 'js' }).value).toBeCloseTo(Math.LN2, 14);
    const near = (alpha: number) => categoricalDivergence(x, q, { kind: 'alpha', alpha }).value;
    expect(near(1e-6)).toBeCloseTo(categoricalDivergence(x, q, { kind: 'reverse' }).value, 4);
    expect(near(1 - 1e-6)).toBeCloseTo(categoricalDivergence(x, q).value, 4);
  });

  it('the mode-seeking step separates two bins faster exactly above the logarithmic mean of their targets', () => {
    fc.assert(
      fc.property(finite(0.02, 0.45), finite(0.02, 0.45), finite(0.02, 0.48), (q1, q2, p) => {
        fc.pre(Math.abs(q1 - q2) > 1e-6);
        const high = Math.max(q1, q2);
        const low = Math.min(q1, q2);
        const target = [high, low, 1 - high - low];
        const x = [Math.log(p), Math.log(p), Math.log(1 - 2 * p)];
        const gain = (kind: CategoricalDivergenceKind) => {
          const { grad } = categoricalDivergence(x, target, { kind });
          return grad[1] - grad[0]; // change of log(p₁/p₂) by a unit step against the gradient
        };
        expect(gain('forward')).toBeCloseTo(high - low, 12);
        expect(gain('reverse')).toBeCloseTo(p * Math.log(high / low), 12);
        const threshold = modeSeekingThreshold(q1, q2);
        fc.pre(Math.abs(p - threshold) > 1e-9);
        expect(gain('reverse') > gain('forward')).toBe(p > threshold);
        expect(threshold).toBeGreaterThan(low);
        expect(threshold).toBeLessThan(high);
      }),
      { numRuns: 300 },
    );
    expect(modeSeekingThreshold(0.3, 0.3 * (1 + 1e-12))).toBeCloseTo(0.3 * (1 + 5e-13), 15);
  });

  it.each([
    [() => categoricalDivergence([0, NaN], [0.5, 0.5]), 'logits[1]'],
    [() => categoricalDivergence([0, 0], [0.5, 0.6]), 'target must sum to 1'],
    [() => categoricalDivergence([0, 0], [1]), 'target must have length 2'],
    [() => categoricalDivergence([0, 0], [1, 0], { kind: 'reverse' }), 'target[1] must be positive'],
    [() => categoricalDivergence([0, 0], [1, 0], { kind: 'alpha', alpha: 1 }), 'alpha must be inside'],
    [() => categoricalDivergence([0, 0], [1, 0], { kind: 'hellinger' as never }), 'kind must be one of'],
    [() => modeSeekingThreshold(0, 1), 'q1'],
  ])('bad argument %#: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('expectedPolicyGradient', () => {
  it('agrees with central differences and vanishes at the KL-regularized optimum', () => {
    fc.assert(
      fc.property(logits(5), logits(5), logits(5), finite(0.05, 2), (x, y, rewards, klCoef) => {
        const ref = softmax(y);
        const { grad, objective } = expectedPolicyGradient(x, rewards, ref, { klCoef });
        expect(objective).toBeCloseTo(klRegularizedValue(softmax(x), ref, rewards, { beta: klCoef }), 12);
        grad.forEach((g, i) => {
          const at = (h: number) =>
            expectedPolicyGradient(
              x.map((v, j) => (j === i ? v + h : v)),
              rewards,
              ref,
              { klCoef },
            ).objective;
          expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - g)).toBeLessThan(1e-7);
        });
        const best = y.map((v, i) => v + rewards[i] / klCoef);
        expectedPolicyGradient(best, rewards, ref, { klCoef }).grad.forEach((g) =>
          expect(Math.abs(g)).toBeLessThan(1e-12),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('pairLogitGradient is the derivative of the log-ratio', () => {
    const x = [0.2, -1, 0.7, 0.1];
    pairLogitGradient(4, 2, 1).forEach((g, i) => {
      const ratio = (h: number) => {
        const p = softmax(x.map((v, j) => (j === i ? v + h : v)));
        return Math.log(p[2] / p[1]);
      };
      expect((ratio(1e-5) - ratio(-1e-5)) / 2e-5).toBeCloseTo(g, 9);
    });
  });

  it.each([
    [() => expectedPolicyGradient([0, 0], [1, 0], [1, 0], { klCoef: 1 }), 'ref[1] must be positive'],
    [() => expectedPolicyGradient([0, 0], [1], [1, 0]), 'rewards must have length 2'],
    [() => expectedPolicyGradient([0, 0], [1, 0], [1]), 'ref must have length 2'],
    [() => expectedPolicyGradient([0, 0], [1, 0], [1, 0], { klCoef: -1 }), 'klCoef'],
    [() => pairLogitGradient(3, 3, 0), 'winner'],
    [() => pairLogitGradient(3, 0, -1), 'loser'],
  ])('bad argument %#: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('onPolicyBandit', () => {
  it('has the masses of tanh of a Cauchy variable', () => {
    const { refProbs } = onPolicyBandit('misaligned');
    // Computed outside this library to six places.
    const expected: [number, number][] = [
      [0, 0.078094],
      [15, 0.02671],
      [16, 0.026811],
      [20, 0.024331],
      [50, 0.003835],
      [70, 0.002112],
      [99, 0.042226],
    ];
    for (const [bin, mass] of expected) expect(Math.abs(refProbs[bin] - mass)).toBeLessThan(5.1e-7);
    expect(refProbs.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    expect(-refProbs.reduce((sum, p) => sum + p * Math.log(p), 0)).toBeCloseTo(4.117346, 6);
  });

  it('has the expected rewards of the two bumps under the reference', () => {
    for (const [kind, best, mean] of [
      ['misaligned', 70, 0.039046],
      ['aligned', 20, 0.377192],
    ] as const) {
      const bandit = onPolicyBandit(kind);
      expect(bandit.best).toBe(best);
      expect(bandit.rewards.indexOf(Math.max(...bandit.rewards))).toBe(best);
      expect(bandit.refProbs.reduce((sum, p, a) => sum + p * bandit.rewards[a], 0)).toBeCloseTo(mean, 6);
    }
    expect(() => onPolicyBandit('other' as never)).toThrow('kind must be one of');
  });
});
