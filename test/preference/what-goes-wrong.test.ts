// Mistakes that programs for preference learning are known for, each with the test that shows it is not made here.
import { describe, expect, it } from 'vitest';
import {
  dpoLoss,
  exoPairLoss,
  hingeLoss,
  implicitReward,
  ipoLoss,
  klRegularizedOptimum,
  ktoLoss,
  ktoMismatchedPairs,
  orpoLoss,
  preferenceMetrics,
  robustDpoLoss,
  sequenceLogProbs,
  simpoLoss,
} from '../../src/preference/index.js';
import { gae, grpoAdvantages, klShapedRewards, ppoClipLoss } from '../../src/policy-gradient/index.js';
import { logSigmoid } from '../../src/special/index.js';

describe('what goes wrong', () => {
  it('1. IPO of summed log-probabilities targets a margin that depends on length; per token it does not', () => {
    // The same gap a token, ten times as long: per token the same loss, summed another one.
    const pair = (n: number) => ({
      policyChosen: [-n],
      policyRejected: [-2 * n],
      chosenLengths: [n],
      rejectedLengths: [n],
    });
    expect(ipoLoss(pair(50)).loss).toBe(ipoLoss(pair(5)).loss);
    expect(ipoLoss(pair(50), { normalize: 'sum' }).loss).not.toBeCloseTo(
      ipoLoss(pair(5), { normalize: 'sum' }).loss as number,
      1,
    );
    // A completion with all its tokens cut off has no mean: an error, not NaN.
    expect(() => ipoLoss({ ...pair(5), rejectedLengths: [0] })).toThrow(/^rejectedLengths\[0\]/);
  });

  it('2. label smoothing means three things, and is refused where it means none', () => {
    const batch = { policyChosen: [-1], policyRejected: [-3] };
    const e = 0.2;
    const [x, options] = [2, { beta: 1, labelSmoothing: e }];
    const ls = (v: number) => -Math.log1p(Math.exp(-v));
    const s = (v: number) => 1 / (1 + Math.exp(-v));
    expect(dpoLoss(batch, options).loss).toBeCloseTo(-(1 - e) * ls(x) - e * ls(-x), 14);
    expect(robustDpoLoss(batch, options).loss).toBeCloseTo((-(1 - e) * ls(x) + e * ls(-x)) / (1 - 2 * e), 14);
    expect(exoPairLoss(batch, options).loss).toBeCloseTo(
      s(x) * (ls(x) - Math.log(1 - e)) + s(-x) * (ls(-x) - Math.log(e)),
      14,
    );
    for (const loss of [ipoLoss, hingeLoss]) {
      expect(() => loss(batch, { normalize: 'sum', labelSmoothing: 0.1 } as never)).toThrow(/^labelSmoothing/);
    }
  });

  it('3. log(sigmoid(x)) overflows below -745, logSigmoid never does', () => {
    expect(Math.log(1 / (1 + Math.exp(800)))).toBe(-Infinity);
    expect(logSigmoid(-800)).toBe(-800);
    const { loss, gradChosen } = dpoLoss({ policyChosen: [-1e6], policyRejected: [0] }, { beta: 1 });
    expect([loss, gradChosen[0]]).toEqual([1e6, -1]);
  });

  it('4. ORPO near probability 1: log(1 - e^x) keeps its digits', () => {
    // exp(-1e-20) rounds to 1, and log1p(-1) is -Infinity; the log-odds are ln(p / (1 - p)) = -ln(1e-20).
    const { logOdds, loss, gradChosen } = orpoLoss({
      policyChosen: [-1e-20],
      policyRejected: [-Math.LN2],
      chosenLengths: [1],
      rejectedLengths: [1],
    });
    expect(logOdds[0]).toBeCloseTo(20 * Math.LN10, 12);
    expect(Number.isFinite(loss)).toBe(true);
    expect(Number.isFinite(gradChosen[0])).toBe(true);
  });

  it('5. mismatched pairs of KTO: reversal pairs the middle of an odd batch with itself, and a batch of one has none', () => {
    for (const n of [3, 5, 7]) {
      const reversed = Array.from({ length: n }, (_, i) => n - 1 - i);
      expect(reversed.some((j, i) => j === i)).toBe(true);
      expect(Array.from(ktoMismatchedPairs(n)).some((j, i) => j === i)).toBe(false);
    }
    expect(() => ktoMismatchedPairs(1)).toThrow(RangeError);
    const { kl } = ktoLoss({ policy: [-1], ref: [-1], desirable: [true], klPolicy: [-9], klRef: [-4] });
    expect(kl).toBe(0); // never below 0
  });

  // Two sequences of three tokens over a vocabulary of three; 2 is the end token and pads.
  const logits = Float64Array.from([1, 0, 2, 0, 3, 1, 2, 2, 0, /**/ 0, 1, 0, 1, 0, 4, 0, 0, 0]);
  const logProb = (row: number, y: number) => {
    const z = logits.subarray(3 * row, 3 * row + 3);
    return z[y] - Math.log(z.reduce((total, v) => total + Math.exp(v), 0));
  };

  it('6. a true end token counts unless the mask says otherwise, though padding has the same index', () => {
    const inputs = { logits, labels: [0, 1, 2, 0, 2, 2], shape: [2, 3, 3] as const };
    const whole = sequenceLogProbs(inputs, { shift: false });
    expect(Array.from(whole.count)).toEqual([3, 3]);
    const masked = sequenceLogProbs({ ...inputs, mask: [1, 1, 1, 1, 1, 0] }, { shift: false });
    expect(Array.from(masked.count)).toEqual([3, 2]);
    expect(masked.sum[1]).toBeCloseTo(logProb(3, 0) + logProb(4, 2), 14);
  });

  it('7. the logits at t score the token at t + 1', () => {
    const { sum } = sequenceLogProbs({ logits, labels: [0, 1, 2, 0, 2, -100], shape: [2, 3, 3] });
    expect(sum[0]).toBeCloseTo(logProb(0, 1) + logProb(1, 2), 14);
    expect(sum[1]).toBeCloseTo(logProb(3, 2), 14);
  });

  it('8. the score of a response is paid on its end token, not on the padding after it', () => {
    const token = { logp: [-1, -1, -1, -1], refLogp: [-1, -1, -1, -1], score: 5 };
    expect(Array.from(klShapedRewards({ ...token, mask: [1, 1, 0, 0] }), (r) => r + 0)).toEqual([0, 5, 0, 0]);
    // One past it, the advantage of the response would come from the value of padding.
    const { advantages } = gae({ rewards: [0, 5], values: [0, 0] }, { lambda: 1 });
    expect(Array.from(advantages)).toEqual([5, 5]);
  });

  it('9. metrics are averaged over what counts: padding changes none', () => {
    const batch = { logp: [-1, -2], oldLogp: [-1.5, -1.5], advantages: [1, -1] };
    const padded = {
      logp: [-1, -2, -7, -8],
      oldLogp: [-1.5, -1.5, -1, -1],
      advantages: [1, -1, 9, 9],
      mask: [1, 1, 0, 0],
    };
    const [a, b] = [ppoClipLoss(batch), ppoClipLoss(padded)];
    expect([b.loss, b.clipFraction, b.approxKL]).toEqual([a.loss, a.clipFraction, a.approxKL]);
    expect(Array.from(b.grad)).toEqual([...a.grad, 0, 0]);
  });

  it('10. reward accuracy and ranking accuracy are different: one can be 1 where the other is 0', () => {
    const metrics = preferenceMetrics({
      policyChosen: [-5, -7],
      policyRejected: [-4, -6],
      refChosen: [-9, -9],
      refRejected: [-4, -6],
    });
    expect([metrics.rewardAccuracy, metrics.rankingAccuracy]).toEqual([1, 0]);
  });

  it('11. E_ref[log π / π_ref] = -KL <= 0: implicit rewards of what the reference says fall when training succeeds', () => {
    const ref = [0.5, 0.3, 0.2];
    const { policy } = klRegularizedOptimum(ref, [1, 0, -1], { beta: 0.5 });
    let mean = 0;
    let kl = 0;
    ref.forEach((p, i) => {
      mean += p * implicitReward(Math.log(policy[i]), Math.log(p), 1);
      kl += p * Math.log(p / policy[i]);
    });
    expect(mean).toBeCloseTo(-kl, 14);
    expect(mean).toBeLessThan(-0.1);
  });

  it('12. SimPO takes means of tokens, so that its β is 2 to 10 where that of DPO is 0.01 to 0.5', () => {
    expect(
      simpoLoss({ policyChosen: [-8], policyRejected: [-16], chosenLengths: [8], rejectedLengths: [8] }).margin,
    ).toBe(2 * (-1 + 2));
    expect(dpoLoss({ policyChosen: [-8], policyRejected: [-16] }).margin).toBeCloseTo(0.1 * 8, 14);
  });

  it('13. GRPO: the deviation over n - 1 with eps 1e-4, or over n with eps 1e-2', () => {
    const rewards = [1, 0, 0, 1];
    const first = (ddof: 0 | 1, eps: number) => 0.5 / (Math.sqrt(1 / (4 - ddof)) + eps);
    expect(grpoAdvantages(rewards, 4)[0]).toBeCloseTo(first(1, 1e-4), 14);
    expect(grpoAdvantages(rewards, 4, { ddof: 0, eps: 1e-2 })[0]).toBeCloseTo(first(0, 1e-2), 14);
  });

  it('14. single-precision logits are summed in double precision', () => {
    // e^-17 is below half an ulp of 1 in single precision: a sum there would stay at 1 for any number of such terms.
    const V = 1 << 16;
    const single = new Float32Array(V).fill(-17);
    single[3] = 0;
    expect(Math.fround(1 + Math.exp(-17))).toBe(1);
    const { sum } = sequenceLogProbs({ logits: single, labels: [3], shape: [1, 1, V] }, { shift: false });
    // A term goes through at most 512 additions in its piece and V/512 of pieces, each rounded by at most 2^-53.
    const expected = -Math.log1p((V - 1) * Math.exp(-17));
    expect(expected).toBeLessThan(-0.0027);
    expect(Math.abs(sum[0] / expected - 1)).toBeLessThan((512 + V / 512 + 8) * 2 ** -53);
  });
});
