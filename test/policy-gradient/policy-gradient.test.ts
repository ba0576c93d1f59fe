// Laws of the surrogates: gradients against differences, the identities of their papers, and what estimates estimate.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  cispoLoss,
  gae,
  grpoAdvantages,
  grpoLoss,
  klEstimates,
  klShapedRewards,
  nashMdSurrogate,
  ppoClipLoss,
  reinforceLoss,
  rlooAdvantages,
  valueClipLoss,
  xpoLoss,
} from '../../src/policy-gradient/index.js';

const logProb = fc.double({ min: -6, max: -0.01, noNaN: true });
const real = fc.double({ min: -3, max: 3, noNaN: true });
const list = (item: fc.Arbitrary<number>, n: number) => fc.array(item, { minLength: n, maxLength: n });

/** Central differences of f in every coordinate of x, compared with its gradient; null where the two sides disagree (a kink). */
function expectGradient(f: (x: number[]) => number, x: number[], gradient: ArrayLike<number>): void {
  const h = 1e-5;
  const at = (i: number, by: number) => f(x.map((v, j) => (j === i ? v + by : v)));
  const middle = f(x);
  x.forEach((_, i) => {
    const up = (at(i, h) - middle) / h;
    const down = (middle - at(i, -h)) / h;
    if (Math.abs(up - down) > 1e-3 * Math.max(1, Math.abs(gradient[i]))) return; // within a step of a kink
    const difference = (at(i, h) - at(i, -h)) / (2 * h);
    // a kink within h of x moves the difference by at most |up - down|
    const slack = 1e-6 * Math.max(1, Math.abs(gradient[i])) + Math.abs(up - down);
    expect(Math.abs(difference - gradient[i])).toBeLessThan(slack);
  });
}

const tokens = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.record({
    logp: list(logProb, n),
    oldLogp: list(logProb, n),
    advantages: list(real, n),
    mask: list(fc.integer({ min: 0, max: 1 }), n).map((mask) => [1, ...mask.slice(1)]),
  }),
);

describe('gradients agree with central differences', () => {
  test('ppoClipLoss, with and without the dual clip', () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom(undefined, 1.5, 3), (batch, dualClip) => {
        const options = { epsilon: 0.2, epsilonHigh: 0.3, ...(dualClip === undefined ? {} : { dualClip }) };
        expectGradient(
          (logp) => ppoClipLoss({ ...batch, logp }, options).loss,
          batch.logp,
          ppoClipLoss(batch, options).grad,
        );
      }),
    );
  });

  test('valueClipLoss', () => {
    fc.assert(
      fc.property(tokens, ({ logp, oldLogp, advantages, mask }) => {
        const batch = { values: logp, oldValues: oldLogp, returns: advantages, mask };
        expectGradient((values) => valueClipLoss({ ...batch, values }).loss, logp, valueClipLoss(batch).grad);
      }),
    );
  });

  test('grpoLoss in every aggregation and importance', () => {
    const sequences = fc.record({
      logp: list(logProb, 6),
      oldLogp: list(logProb, 6),
      refLogp: list(logProb, 6),
      advantages: list(real, 2),
      mask: list(fc.integer({ min: 0, max: 1 }), 6).map((mask) => [1, ...mask.slice(1)]),
      shape: fc.constant([2, 3] as const),
    });
    const options = fc.record({
      beta: fc.constantFrom(0, 0.3),
      aggregation: fc.constantFrom('grpo', 'dapo', 'bnpo', 'dr-grpo'),
      importance: fc.constantFrom('token', 'sequence'),
      maxLength: fc.constant(7),
      delta: fc.constantFrom(Infinity, 2),
    });
    fc.assert(
      fc.property(sequences, options, (batch, chosen) => {
        expectGradient((logp) => grpoLoss({ ...batch, logp }, chosen).loss, batch.logp, grpoLoss(batch, chosen).grad);
      }),
      { numRuns: 300 },
    );
  });

  test('reinforceLoss, xpoLoss', () => {
    fc.assert(
      fc.property(tokens, (batch) => {
        const loss = (logp: number[]) => reinforceLoss({ ...batch, logp }, { baseline: 0.7 });
        expectGradient((logp) => loss(logp).loss, batch.logp, loss(batch.logp).grad);
        const ownPreferred = batch.mask;
        const pair = (own: number[], other: number[]) =>
          xpoLoss(
            {
              policyOwn: own,
              policyRefSample: other,
              refOwn: batch.oldLogp,
              refRefSample: batch.advantages,
              ownPreferred,
            },
            { beta: 0.5, alpha: 0.1 },
          );
        const result = pair(batch.logp, batch.oldLogp);
        expectGradient((own) => pair(own, batch.oldLogp).loss, batch.logp, result.gradOwn);
        expectGradient((other) => pair(batch.logp, other).loss, batch.oldLogp, result.gradRefSample);
      }),
    );
  });

  test('cispoLoss and nashMdSurrogate, whose weights are constants', () => {
    fc.assert(
      fc.property(tokens, (batch) => {
        const weights = batch.logp.map((lp, t) => Math.min(Math.exp(lp - batch.oldLogp[t]), 2) * batch.advantages[t]);
        const frozen = (logp: number[]) => reinforceLoss({ logp, advantages: weights, mask: batch.mask }).loss;
        const { loss, grad } = cispoLoss(batch, { maxRatio: 2 });
        expect(loss).toBeCloseTo(frozen(batch.logp), 12);
        expectGradient(frozen, batch.logp, grad);
        const winProb = batch.logp.map((lp) => Math.exp(lp));
        const nash = nashMdSurrogate({ logp: batch.logp, refLogp: batch.oldLogp, winProb }, { beta: 0.3 });
        const slopes = batch.logp.map((lp, t) => winProb[t] - 0.5 - 0.3 * (lp - batch.oldLogp[t]));
        const frozenNash = (logp: number[]) => reinforceLoss({ logp, advantages: slopes }).loss;
        expect(nash.loss).toBeCloseTo(frozenNash(batch.logp), 12);
        expectGradient(frozenNash, batch.logp, nash.grad);
      }),
    );
  });
});

describe('generalized advantage estimation', () => {
  const trajectory = fc
    .integer({ min: 1, max: 8 })
    .chain((n) => fc.record({ rewards: list(real, n), values: list(real, n), lastValue: real }));

  test('is the weighted sum of residuals of equation 16', () => {
    fc.assert(
      fc.property(
        trajectory,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (path, gamma, lambda) => {
          const { advantages, returns } = gae(path, { gamma, lambda });
          const T = path.rewards.length;
          const value = (t: number) => (t < T ? path.values[t] : path.lastValue);
          for (let t = 0; t < T; t++) {
            let expected = 0;
            for (let l = 0; t + l < T; l++) {
              expected += (gamma * lambda) ** l * (path.rewards[t + l] + gamma * value(t + l + 1) - value(t + l));
            }
            expect(advantages[t]).toBeCloseTo(expected, 10);
            expect(returns[t]).toBeCloseTo(expected + path.values[t], 10);
          }
        },
      ),
    );
  });

  test('at λ = 1 the values cancel: returns are discounted rewards to go', () => {
    fc.assert(
      fc.property(trajectory, (path) => {
        const { returns } = gae(path, { gamma: 0.9, lambda: 1 });
        let toGo = path.lastValue;
        for (let t = path.rewards.length - 1; t >= 0; t--) {
          toGo = path.rewards[t] + 0.9 * toGo;
          expect(returns[t]).toBeCloseTo(toGo, 10);
        }
      }),
    );
  });

  test('an end inside cuts the trajectory in two', () => {
    const [rewards, values] = [
      [1, 2, 3, 4],
      [0.5, -1, 0.3, 2],
    ];
    const whole = gae({ rewards, values, lastValue: 9, ends: [0, 1, 0, 0] }, { gamma: 0.9, lambda: 0.8 });
    const first = gae({ rewards: [1, 2], values: [0.5, -1] }, { gamma: 0.9, lambda: 0.8 });
    const second = gae({ rewards: [3, 4], values: [0.3, 2], lastValue: 9 }, { gamma: 0.9, lambda: 0.8 });
    expect([...whole.advantages]).toEqual([...first.advantages, ...second.advantages]);
  });

  test('out is filled and returned, and none, one reward or zero discount are no special case', () => {
    const out = { advantages: new Float64Array(2), returns: new Float64Array(2) };
    const result = gae({ rewards: [1, 2], values: [3, 4] }, {}, out);
    expect(result.advantages).toBe(out.advantages);
    expect(result.returns).toBe(out.returns);
    expect(gae({ rewards: [], values: [] }).advantages.length).toBe(0);
    expect([...gae({ rewards: [2, 1], values: [1, 1], lastValue: 5 }, { gamma: 0 }).advantages]).toEqual([1, 0]);
  });
});

describe('advantages in groups', () => {
  const groups = fc
    .integer({ min: 2, max: 5 })
    .chain((G) =>
      fc.integer({ min: 1, max: 4 }).chain((m) => fc.record({ rewards: list(real, G * m), groupSize: fc.constant(G) })),
    );

  test('RLOO is G/(G-1) times the distance to the group mean, GRPO that distance in deviations', () => {
    fc.assert(
      fc.property(groups, ({ rewards, groupSize: G }) => {
        const rloo = rlooAdvantages(rewards, G);
        const plain = grpoAdvantages(rewards, G, { scale: 'none' });
        const scaled = grpoAdvantages(rewards, G, { eps: 0 });
        for (let start = 0; start < rewards.length; start += G) {
          const group = [...scaled.slice(start, start + G)];
          expect(group.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 8);
          const squares = group.reduce((a, b) => a + b * b, 0);
          const given = rewards.slice(start, start + G);
          // squares of differences below 1e-154 underflow
          if (Math.max(...given) - Math.min(...given) > 1e-6) expect(squares).toBeCloseTo(G - 1, 6);
        }
        rloo.forEach((a, i) => expect(a).toBeCloseTo((G / (G - 1)) * plain[i], 10));
      }),
    );
  });

  test('a constant added to a group changes nothing; GRPO without eps is blind to scale too', () => {
    fc.assert(
      fc.property(groups, ({ rewards, groupSize }) => {
        const shifted = rewards.map((r) => 2 * r + 1);
        const a = rlooAdvantages(shifted, groupSize);
        rlooAdvantages(rewards, groupSize).forEach((v, i) => expect(a[i]).toBeCloseTo(2 * v, 9));
        const spread = Math.max(...rewards) - Math.min(...rewards);
        if (spread < 1e-3) return;
        const b = grpoAdvantages(shifted, groupSize, { eps: 0, scale: 'batch' });
        grpoAdvantages(rewards, groupSize, { eps: 0, scale: 'batch' }).forEach((v, i) =>
          expect(b[i]).toBeCloseTo(v, 6),
        );
      }),
    );
  });

  test('missing rewards are as if they were not there', () => {
    const given = [1, NaN, 4, 2, NaN, NaN];
    const rloo = rlooAdvantages(given, 3, { allowMissing: true });
    expect([...rloo]).toEqual([-3, 0, 3, 0, 0, 0]);
    const grpo = grpoAdvantages(given, 3, { allowMissing: true, eps: 0 });
    const pair = grpoAdvantages([1, 4], 2, { eps: 0 });
    expect([...grpo]).toEqual([pair[0], 0, pair[1], 0, 0, 0]);
    expect([...grpoAdvantages([NaN, NaN], 2, { allowMissing: true, eps: 0 })]).toEqual([0, 0]);
  });

  test('equal rewards teach nothing, exactly', () => {
    expect([...grpoAdvantages([0.1, 0.1, 0.1], 3, { eps: 0 })]).toEqual([0, 0, 0]);
  });

  test('leave-one-out leaves the policy gradient unbiased: exact enumeration on a softmax over three actions', () => {
    const logits = [0.3, -0.2, 0.5];
    const rewards = [1, -0.5, 0.25];
    const p = softmax(logits);
    const expected = rewards.reduce((total, r, a) => total + p[a] * r, 0);
    const truth = p.map((pa, a) => pa * (rewards[a] - expected));
    const estimate = [0, 0, 0];
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++)
        for (let k = 0; k < 3; k++) {
          const actions = [i, j, k];
          const A = rlooAdvantages(
            actions.map((a) => rewards[a]),
            3,
          );
          const chance = p[i] * p[j] * p[k];
          actions.forEach((a, s) => {
            for (let b = 0; b < 3; b++) estimate[b] += (chance * A[s] * ((a === b ? 1 : 0) - p[b])) / 3;
          });
        }
    estimate.forEach((g, b) => expect(g).toBeCloseTo(truth[b], 14));
  });
});

describe('clipping', () => {
  test('at the old policy the surrogate is the policy gradient', () => {
    fc.assert(
      fc.property(tokens, (batch) => {
        const same = { ...batch, oldLogp: batch.logp };
        const { grad, clipFraction, approxKL } = ppoClipLoss(same);
        expect(clipFraction).toBe(0);
        expect(approxKL).toBe(0);
        reinforceLoss(same).grad.forEach((g, t) => expect(grad[t] + 0).toBeCloseTo(g, 14));
        const n = batch.logp.length;
        const { mask: _mask, ...unmasked } = same;
        const ones = { ...unmasked, shape: [n, 1] as const };
        ppoClipLoss(unmasked).grad.forEach((g, t) => expect(grpoLoss(ones).grad[t]).toBeCloseTo(g, 14));
      }),
    );
  });

  test('the surrogate is a lower bound of the unclipped one, token by token', () => {
    fc.assert(
      fc.property(tokens, (batch) => {
        const { losses } = ppoClipLoss(batch);
        batch.logp.forEach((lp, t) => {
          if (batch.mask[t] === 0) return;
          const plain = -Math.exp(lp - batch.oldLogp[t]) * batch.advantages[t];
          expect(losses[t]).toBeGreaterThanOrEqual(plain - 1e-12 * Math.abs(plain));
        });
      }),
    );
  });

  test('a log-ratio beyond the clamp neither overflows nor moves', () => {
    const { loss, grad } = ppoClipLoss({ logp: [0], oldLogp: [-1000], advantages: [-1] }, { maxLogRatio: 3 });
    expect(loss).toBeCloseTo(Math.exp(3), 12);
    expect([...grad]).toEqual([0]);
  });

  test('an advantage of zero is worth nothing, however far the policy went', () => {
    const far = { logp: [0, -1], oldLogp: [-2000, -1], advantages: [0], shape: [1, 2] as const };
    expect(grpoLoss(far, { importance: 'token' }).loss).toBe(0);
    expect(grpoLoss(far, { importance: 'sequence' }).loss).toBe(0);
  });

  test('a sequence ratio is the geometric mean of its token ratios', () => {
    const batch = { logp: [-1, -2, -1.5], oldLogp: [-1.1, -2.05, -1.45], advantages: [2], shape: [1, 3] as const };
    const { loss } = grpoLoss(batch, { importance: 'sequence', epsilon: 0.5 });
    expect(loss).toBeCloseTo(-2 * Math.exp((0.1 + 0.05 - 0.05) / 3), 12);
  });

  test('aggregations weigh tokens as they say', () => {
    const batch = {
      logp: [-1, -1, -1, -1],
      oldLogp: [-1, -1, -1, -1],
      advantages: [1, 1],
      mask: [1, 0, 1, 1],
      shape: [2, 2] as const,
    };
    const weights = (aggregation: 'grpo' | 'dapo' | 'bnpo' | 'dr-grpo') =>
      [...grpoLoss(batch, { aggregation, maxLength: 4 }).grad].map((g) => -g + 0);
    expect(weights('grpo')).toEqual([1 / 2, 0, 1 / 4, 1 / 4]);
    expect(weights('dapo')).toEqual([1 / 3, 0, 1 / 3, 1 / 3]);
    expect(weights('bnpo')).toEqual(weights('dapo'));
    expect(weights('dr-grpo')).toEqual([1 / 8, 0, 1 / 8, 1 / 8]);
  });

  test('masked tokens may hold anything finite', () => {
    fc.assert(
      fc.property(tokens, real, (batch, other) => {
        const touched = { ...batch, logp: batch.logp.map((v, t) => (batch.mask[t] ? v : other)) };
        expect(ppoClipLoss(touched)).toEqual(ppoClipLoss(batch));
      }),
    );
  });
});

describe('estimates of divergence', () => {
  const logits = [0.3, -0.4, 1.1, 0.2];
  const other = [0.1, 0.5, 0.4, -0.6];
  const p = softmax(logits);
  const q = softmax(other);
  const kl = (a: number[], b: number[]) => a.reduce((total, pa, i) => total + pa * Math.log(pa / b[i]), 0);
  const estimates = klEstimates({ logp: p.map(Math.log), logq: q.map(Math.log) });

  test('k1 and k3 are unbiased, k3 is never negative', () => {
    const expectation = (k: Float64Array) => k.reduce((total, v, i) => total + p[i] * v, 0);
    expect(expectation(estimates.k1)).toBeCloseTo(kl(p, q), 14);
    expect(expectation(estimates.k3)).toBeCloseTo(kl(p, q), 14);
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (d) => {
        expect(klEstimates({ logp: [d], logq: [0] }).k3[0]).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('the expectation of k2 differs from KL in the third order only', () => {
    const gap = (size: number) => {
      const near = softmax(logits.map((v, i) => v + size * (other[i] - 0.2)));
      const k = klEstimates({ logp: p.map(Math.log), logq: near.map(Math.log) }).k2;
      return Math.abs(k.reduce((total, v, i) => total + p[i] * v, 0) - kl(p, near));
    };
    expect(gap(0.02) / gap(0.01)).toBeGreaterThan(7.5);
    expect(gap(0.02) / gap(0.01)).toBeLessThan(8.5);
  });

  test('on-policy gradients: k2 gives the reverse divergence, k3 the forward one, k1 nothing', () => {
    // E_p[∂k/∂logp ∇log p] with ∇_b log p_a = [a = b] - p_b
    const expected = (slope: (d: number) => number) =>
      p.map((_, b) =>
        p.reduce((total, pa, a) => total + pa * slope(Math.log(pa / q[a])) * ((a === b ? 1 : 0) - p[b]), 0),
      );
    const reverse = p.map((pb, b) => pb * (Math.log(pb / q[b]) - kl(p, q)));
    const forward = p.map((pb, b) => pb - q[b]);
    expected((d) => d).forEach((g, b) => expect(g).toBeCloseTo(reverse[b], 15));
    expected((d) => 1 - Math.exp(-d)).forEach((g, b) => expect(g).toBeCloseTo(forward[b], 15));
    expected(() => 1).forEach((g) => expect(g).toBeCloseTo(0, 15));
  });

  test('k3 keeps its digits where the branch changes', () => {
    for (const d of [0.99999e-4, 1.00001e-4, -0.99999e-4, -1.00001e-4, 1e-9]) {
      const series = (d * d) / 2 - d ** 3 / 6 + d ** 4 / 24 - d ** 5 / 120 + d ** 6 / 720;
      expect(klEstimates({ logp: [d], logq: [0] }).k3[0] / series).toBeCloseTo(1, Math.abs(d) >= 1e-4 ? 7 : 14);
    }
  });

  test('shaped rewards telescope: with k1 they add up to the score minus the price of the log-ratio', () => {
    fc.assert(
      fc.property(tokens, real, ({ logp, oldLogp, mask }, score) => {
        const rewards = klShapedRewards({ logp, refLogp: oldLogp, score, mask }, { klCoef: 0.2 });
        const ratio = logp.reduce((total, lp, t) => total + (mask[t] ? lp - oldLogp[t] : 0), 0);
        expect(rewards.reduce((a, b) => a + b, 0)).toBeCloseTo(score - 0.2 * ratio, 10);
        const last = mask.lastIndexOf(1);
        const without = klShapedRewards({ logp, refLogp: oldLogp, score: 0, mask }, { klCoef: 0.2 });
        rewards.forEach((r, t) => expect(r - without[t]).toBeCloseTo(t === last ? score : 0, 12));
      }),
    );
  });
});

test('XPO without its bonus is DPO between the two samples, either way round', () => {
  const batch = { policyOwn: [-1], policyRefSample: [-2], refOwn: [-1.5], refRefSample: [-1.8] };
  const won = xpoLoss({ ...batch, ownPreferred: [true] }, { beta: 0.7, alpha: 0 });
  const lost = xpoLoss({ ...batch, ownPreferred: [false] }, { beta: 0.7, alpha: 0 });
  const x = 0.7 * (-1 + 1.5 - (-2 + 1.8));
  expect(won.loss).toBeCloseTo(Math.log1p(Math.exp(-x)), 14);
  expect(lost.loss - won.loss).toBeCloseTo(x, 14);
  expect(won.gradOwn[0] + won.gradRefSample[0]).toBe(0);
});

const two = { logp: [-1, -2], oldLogp: [-1, -2], advantages: [1, 1] };
it.each<[RegExp, () => unknown]>([
  [/^values must have length 1/, () => gae({ rewards: [1], values: [] })],
  [/^rewards\[0\] must be finite/, () => gae({ rewards: [NaN], values: [1] })],
  [/^gamma must/, () => gae({ rewards: [1], values: [1] }, { gamma: 1.5 })],
  [/^lambda must/, () => gae({ rewards: [1], values: [1] }, { lambda: -0.1 })],
  [/^ends must have length 1/, () => gae({ rewards: [1], values: [1], ends: [] })],
  [/^groupSize must/, () => rlooAdvantages([1, 2], 1)],
  [/^rewards must have a length/, () => rlooAdvantages([1, 2, 3], 2)],
  [/^rewards must have a length/, () => grpoAdvantages([], 2)],
  [/^rewards\[1\] must be finite, got NaN/, () => grpoAdvantages([1, NaN], 2)],
  [/^rewards\[1\] must be finite, got Infinity/, () => grpoAdvantages([1, Infinity], 2, { allowMissing: true })],
  [/^scale must be one of/, () => grpoAdvantages([1, 2], 2, { scale: 'std' as never })],
  [/^eps must/, () => grpoAdvantages([1, 2], 2, { eps: -1 })],
  [/^oldLogp must have length 2/, () => ppoClipLoss({ ...two, oldLogp: [1] })],
  [/^mask must have length 2/, () => ppoClipLoss({ ...two, mask: [1] })],
  [/^mask\[1\] must be 0 or 1/, () => ppoClipLoss({ ...two, mask: [1, 0.5] })],
  [/^mask must leave/, () => ppoClipLoss({ ...two, mask: [0, 0] })],
  [/^logp must not be empty/, () => ppoClipLoss({ logp: [], oldLogp: [], advantages: [] })],
  [/^epsilon must/, () => ppoClipLoss(two, { epsilon: 0 })],
  [/^dualClip must be above 1/, () => ppoClipLoss(two, { dualClip: 1 })],
  [/^dualClip must be above 1/, () => ppoClipLoss(two, { dualClip: NaN })],
  [/^clip must/, () => valueClipLoss({ values: [1], oldValues: [1], returns: [1] }, { clip: 0 })],
  [/^logp must have length 4/, () => grpoLoss({ ...two, shape: [2, 2] })],
  [/^advantages must have length 1/, () => grpoLoss({ ...two, shape: [1, 2] })],
  [/^refLogp is required/, () => grpoLoss({ ...two, shape: [2, 1] }, { beta: 0.1 })],
  [/^delta must be above/, () => grpoLoss({ ...two, shape: [2, 1] }, { delta: 1.1 })],
  [/^aggregation must/, () => grpoLoss({ ...two, shape: [2, 1] }, { aggregation: 'mean' as never })],
  [/^maxRatio must/, () => cispoLoss(two, { maxRatio: 0 })],
  [/^baseline must/, () => reinforceLoss(two, { baseline: NaN })],
  [/^logq must have length 1/, () => klEstimates({ logp: [0], logq: [] })],
  [/^klCoef must/, () => klShapedRewards({ logp: [0], refLogp: [0], score: 1 }, { klCoef: -1 })],
  [/^score must/, () => klShapedRewards({ logp: [0], refLogp: [0], score: NaN })],
  [
    /^beta must be positive/,
    () =>
      xpoLoss({ policyOwn: [0], policyRefSample: [0], refOwn: [0], refRefSample: [0], ownPreferred: [1] }, { beta: 0 }),
  ],
  [/^winProb\[0\] must be in/, () => nashMdSurrogate({ logp: [0], refLogp: [0], winProb: [2] })],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

function softmax(logits: number[]): number[] {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}
