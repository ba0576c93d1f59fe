import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aotLoss,
  apoDownLoss,
  apoZeroLoss,
  bcoPairLoss,
  calDpoLoss,
  convexPairLoss,
  dpoLoss,
  dpopLoss,
  exoPairLoss,
  fdpoLoss,
  hingeLoss,
  ipoLoss,
  lengthNormalizedDpoLoss,
  multiPreferenceLoss,
  ncaPairLoss,
  orpoLoss,
  pairLosses,
  preferenceLoss,
  robustDpoLoss,
  rpoLoss,
  slicLoss,
  sppoLoss,
  tdpoLoss,
  type PairBatch,
  type PairLossResult,
} from '../../../src/preference/index.js';
import { batches, betas, LOSSES, named, type FullBatch } from './losses-under-test.js';

const STEP = 1e-5;

/** The batch of one pair with the chosen or rejected log-probability moved. */
const moved = (batch: PairBatch, chosen: number, rejected: number): PairBatch => ({
  ...batch,
  policyChosen: [batch.policyChosen[0] + chosen],
  policyRejected: [batch.policyRejected[0] + rejected],
});

const relativelyClose = (a: number | undefined, b: number): void =>
  expect(Math.abs((a as number) - b)).toBeLessThanOrEqual(1e-15 * Math.abs(b));

describe.each(LOSSES)('$title', ({ title, loss, options, marginOnly, monotone, kink }) => {
  const low = title.startsWith('f-dpo') || title.startsWith('alpha') ? -5 : -20;
  it('has the gradients that central differences find', () => {
    fc.assert(
      fc.property(batches(low, -0.1), betas(0.01, 1), (batch, beta) => {
        if (kink !== undefined && kink(batch, beta) < 2 * STEP) return;
        const at = (chosen: number, rejected: number) =>
          loss(moved(batch, chosen, rejected), { ...options, beta, reduction: 'none' });
        const { losses, gradChosen, gradRejected } = at(0, 0);
        const noise = (1e-14 * Math.abs(losses[0])) / STEP;
        const chosen = (at(STEP, 0).losses[0] - at(-STEP, 0).losses[0]) / (2 * STEP);
        const rejected = (at(0, STEP).losses[0] - at(0, -STEP).losses[0]) / (2 * STEP);
        expect(Math.abs(chosen - gradChosen[0])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(chosen)) + noise);
        expect(Math.abs(rejected - gradRejected[0])).toBeLessThanOrEqual(
          1e-6 * Math.max(1, Math.abs(rejected)) + noise,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('has opposite gradients, and is unmoved by a shift of both responses, if it looks at the margin alone', () => {
    fc.assert(
      fc.property(batches(-20, -1e-3), betas(0.01, 1), fc.integer({ min: -8, max: 8 }), (batch, beta, shift) => {
        const { losses, gradChosen, gradRejected } = loss(batch, { ...options, beta });
        if (marginOnly !== true) return;
        expect(gradChosen[0] + gradRejected[0]).toBe(0);
        const scale = 1e-12 * Math.max(1, Math.abs(losses[0]), beta * beta * 1600);
        for (const other of [
          {
            ...batch,
            policyChosen: [batch.policyChosen[0] + shift],
            policyRejected: [batch.policyRejected[0] + shift],
          },
          { ...batch, refChosen: [batch.refChosen[0] + shift], refRejected: [batch.refRejected[0] + shift] },
          { ...batch, policyChosen: [batch.policyChosen[0] + shift], refChosen: [batch.refChosen[0] + shift] },
        ]) {
          expect(Math.abs(loss(other, { ...options, beta }).losses[0] - losses[0])).toBeLessThanOrEqual(scale * 100);
        }
      }),
    );
  });

  it('pushes the chosen response up and the rejected one down, if it always does', () => {
    fc.assert(
      fc.property(batches(-200, -1e-3), betas(1e-3, 10), (batch, beta) => {
        if (monotone !== true) return;
        const { gradChosen, gradRejected } = loss(batch, { ...options, beta });
        expect(gradChosen[0]).toBeLessThanOrEqual(0);
        expect(gradRejected[0]).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('returns no NaN for margins up to 1e6, nor for one -Infinity among the four', () => {
    const extremes = [0, -1e-9, -1, -40, -745, -1e4, -1e6];
    const check = (batch: PairBatch, beta: number): void => {
      const result = loss(batch, { ...options, beta });
      const numbers = [result.loss, result.losses[0], result.gradChosen[0], result.gradRejected[0], result.margin];
      expect(numbers.map(Number.isNaN), JSON.stringify({ batch, beta, numbers })).not.toContain(true);
    };
    for (const beta of [0.01, 1, 7]) {
      for (const w of extremes) {
        for (const l of extremes) {
          for (const r of [0, -3, -1e6]) {
            if (title === 'orpo' && w === 0 && l === 0) continue;
            const lengths = { chosenLengths: [1], rejectedLengths: [2] };
            check({ policyChosen: [w], policyRejected: [l], refChosen: [r], refRejected: [-1], ...lengths }, beta);
            check({ policyChosen: [w], policyRejected: [l], refChosen: [-1], refRejected: [r], ...lengths }, beta);
          }
        }
      }
      for (let place = 0; place < 4; place++) {
        const four = [-1.5, -2.5, -3, -2];
        four[place] = -Infinity;
        check(
          {
            policyChosen: [four[0]],
            policyRejected: [four[1]],
            refChosen: [four[2]],
            refRejected: [four[3]],
            chosenLengths: [3],
            rejectedLengths: [4],
          },
          beta,
        );
      }
    }
  });

  it('treats pairs alike in any order, weighs them, reduces them, and writes into out', () => {
    fc.assert(
      fc.property(batches(-20, -0.1, { min: 2, max: 9 }), betas(0.01, 1), (batch, beta) => {
        const n = batch.policyChosen.length;
        const settings = { ...options, beta };
        const none = loss(batch, { ...settings, reduction: 'none' });
        const sum = loss(batch, { ...settings, reduction: 'sum' });
        const mean = loss(batch, settings);
        expect(none.loss).toBeUndefined();
        expect(sum.gradChosen).toEqual(none.gradChosen);
        expect(Math.abs((sum.loss as number) - none.losses.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(
          1e-15 * n * none.losses.reduce((a, b) => a + Math.abs(b), 0),
        );
        relativelyClose(mean.loss, (sum.loss as number) / n);
        const turned = Object.fromEntries(
          Object.entries(batch).map(([key, values]) => [key, Array.from(values).reverse()]),
        ) as unknown as PairBatch;
        expect(loss(turned, { ...settings, reduction: 'none' }).losses).toEqual(none.losses.slice().reverse());
        expect(loss(turned, { ...settings, reduction: 'none' }).gradChosen).toEqual(none.gradChosen.slice().reverse());

        const twice = Object.fromEntries(
          Object.entries(batch).map(([key, values]) => [key, [...values, ...values]]),
        ) as unknown as PairBatch;
        expect(Math.abs((loss(twice, settings).loss as number) - (mean.loss as number))).toBeLessThanOrEqual(
          1e-15 * none.losses.reduce((a, b) => a + Math.abs(b), 0),
        );

        const weights = Array.from({ length: n }, (_, i) => (i === 0 ? 0 : 1));
        const without = Object.fromEntries(
          Object.entries(batch).map(([key, values]) => [key, Array.from(values).slice(1)]),
        ) as unknown as PairBatch;
        const weighed = loss({ ...batch, weights }, { ...settings, reduction: 'sum' });
        expect(weighed.loss).toBe(loss(without, { ...settings, reduction: 'sum' }).loss);
        expect([weighed.losses[0], weighed.gradChosen[0], weighed.gradRejected[0]].every((x) => x === 0)).toBe(true);
        relativelyClose(loss({ ...batch, weights }, settings).loss, (weighed.loss as number) / n);

        const out = loss(turned, settings);
        expect(loss(batch, settings, out)).toBe(out);
        expect(out).toEqual(mean);
        expect(loss(without, settings, out)).not.toBe(out);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the policy equal to the reference', () => {
  const batch: PairBatch = { policyChosen: [-7], policyRejected: [-9], refChosen: [-7], refRejected: [-9] };
  it.each([
    ['dpo', {}, Math.LN2],
    ['dpo, smoothed', {}, Math.LN2],
    ['hinge', { margin: 1.5 }, 1.5],
    ['ipo, summed', { beta: 0.25 }, 4],
    ['nca', {}, 2 * Math.LN2],
    ['bco, paired', { delta: 0 }, 2 * Math.LN2],
    ['apo zero', {}, 1],
    ['apo down', {}, 1],
    ['sppo', { beta: 0.25 }, 8],
    ['discopop', {}, Math.LN2 / 2 + 0.5],
    ['f-dpo, forward', {}, Math.LN2],
    ['f-dpo, js', {}, Math.LN2],
    ['f-dpo, alpha', {}, Math.LN2],
  ])('gives the loss of %s', (title, options, expected) => {
    const { loss, options: own } = named(title);
    expect(loss(batch, { ...own, ...options }).loss).toBeCloseTo(expected, 14);
  });
});

describe('identities', () => {
  const each = (check: (batch: FullBatch, beta: number) => void, low = -200) =>
    fc.assert(fc.property(batches(low, 0), betas(1e-3, 10), check));
  const close = (a: number | undefined, b: number | undefined, scale = 1) =>
    expect(Math.abs((a as number) - (b as number))).toBeLessThanOrEqual(1e-12 * Math.max(scale, Math.abs(b as number)));
  const swap = (batch: FullBatch): PairBatch => ({
    policyChosen: batch.policyRejected,
    policyRejected: batch.policyChosen,
    refChosen: batch.refRejected,
    refRejected: batch.refChosen,
  });

  it('swapping the responses turns smoothing e into 1 - e, and dpo(x) - dpo(-x) = -x', () => {
    each((batch, beta) => {
      close(
        dpoLoss(swap(batch), { beta, labelSmoothing: 0.3 }).loss,
        dpoLoss(batch, { beta, labelSmoothing: 0.7 }).loss,
        400 * beta,
      );
      const { loss, margin } = dpoLoss(batch, { beta });
      close((loss as number) - (dpoLoss(swap(batch), { beta }).loss as number), -margin, 400 * beta);
    });
  });

  it('the robust loss is unbiased: (1-e) rob(x) + e rob(-x) = -log σ(x)', () => {
    each((batch, beta) => {
      const e = 0.2;
      const kept = robustDpoLoss(batch, { beta, labelSmoothing: e }).loss as number;
      const flipped = robustDpoLoss(swap(batch), { beta, labelSmoothing: e }).loss as number;
      const scale = 1 + (400 * beta) / (1 - 2 * e);
      close((1 - e) * kept + e * flipped, dpoLoss(batch, { beta }).loss, scale);
    });
  });

  it('the robust loss is unbounded below, with slope -e/(1-2e)', () => {
    const at = (w: number) =>
      robustDpoLoss({ policyChosen: [w], policyRejected: [0] }, { beta: 1, labelSmoothing: 0.3 }).loss as number;
    expect((at(2000) - at(1000)) / 1000).toBeCloseTo(-0.3 / 0.4, 12);
  });

  it('special cases coincide', () => {
    each((batch, beta) => {
      const dpo = dpoLoss(batch, { beta });
      const ones = { ...batch, chosenLengths: [1], rejectedLengths: [1] };
      const same = (other: PairLossResult) => {
        close(other.loss, dpo.loss);
        close(other.gradChosen[0], dpo.gradChosen[0]);
        close(other.gradRejected[0], dpo.gradRejected[0]);
      };
      same(lengthNormalizedDpoLoss(ones, { beta }));
      same(dpopLoss(batch, { beta, lambda: 0 }));
      same(rpoLoss(batch, { beta, nllCoef: 0 }));
      same(aotLoss(batch, { beta }));
      same(fdpoLoss(batch, { beta, divergence: 'alpha', alpha: 1 + 1e-7 }));
      same(tdpoLoss({ ...batch, chosenPositionKL: [1.5], rejectedPositionKL: [1.5] }, { beta }));
      const { policyChosen, policyRejected } = batch;
      close(dpoLoss(batch, { beta, gamma: 0 }).loss, dpoLoss({ policyChosen, policyRejected }, { beta }).loss);
      close(calDpoLoss(batch, { beta, calCoef: 0 }).loss, dpoLoss(batch, { beta: 1 }).loss);
      close(
        ipoLoss(batch, { beta, normalize: 'sum', form: 'scaled' }).loss,
        beta * beta * (ipoLoss(batch, { beta, normalize: 'sum' }).loss as number),
      );
    });
  });

  it('f-DPO at alpha 0 is forward_kl, near 1 is reverse_kl, and all agree to first order at the reference', () => {
    each((batch, beta) => {
      const forward = fdpoLoss(batch, { beta, divergence: 'forward_kl' });
      expect(fdpoLoss(batch, { beta, divergence: 'alpha', alpha: 0 })).toEqual(forward);
      const near = fdpoLoss(batch, { beta, divergence: 'alpha', alpha: 1 + 2e-6 });
      // S = e^{cρ}/c is ρ + cρ²/2 to second order, up to a constant
      const w = batch.policyChosen[0] - batch.refChosen[0];
      const l = batch.policyRejected[0] - batch.refRejected[0];
      const gap = Math.abs((near.loss as number) - (fdpoLoss(batch, { beta }).loss as number));
      expect(gap).toBeLessThanOrEqual(1.001 * beta * 1e-6 * (w * w + l * l) + 1e-12);
    }, -10);
    for (const divergence of ['forward_kl', 'alpha', 'js'] as const) {
      const at = (w: number) =>
        fdpoLoss({ policyChosen: [w], policyRejected: [0], refChosen: [0], refRejected: [0] }, { divergence, beta: 1 });
      const unit = divergence === 'js' ? 0.5 : 1; // S'(0)
      expect(at(0).gradChosen[0]).toBeCloseTo(-unit / 2, 15);
      const dpo = fdpoLoss({ policyChosen: [1e-4], policyRejected: [0] }, { beta: unit }).loss as number;
      expect(Math.abs((at(1e-4).loss as number) - dpo)).toBeLessThan(1e-8);
    }
  });

  it('optima are where they should be', () => {
    const at = (h: number): PairBatch => ({ policyChosen: [h], policyRejected: [0] });
    for (const e of [0.01, 0.2, 0.4]) {
      const best = Math.log((1 - e) / e);
      expect(Math.abs(dpoLoss(at(best), { beta: 1, labelSmoothing: e }).gradChosen[0])).toBeLessThan(1e-15);
      const exo = exoPairLoss(at(best), { beta: 1, labelSmoothing: e });
      expect(Math.abs(exo.loss as number)).toBeLessThan(1e-15);
      expect(Math.abs(exo.gradChosen[0])).toBeLessThan(1e-15);
    }
    expect(ipoLoss(at(2.5), { beta: 0.2, normalize: 'sum' }).loss).toBe(0);
    const sppo = sppoLoss(
      { policyChosen: [0.3 / 0.4], policyRejected: [-0.4 / 0.4] },
      { beta: 0.4, chosenWinProb: 0.8, rejectedWinProb: 0.1 },
    );
    expect(sppo.loss).toBeLessThan(1e-30);
    const nca = (ratio: number) => ncaPairLoss({ policyChosen: [ratio], policyRejected: [0] }, { beta: 0.5 });
    expect(Math.abs(nca(Math.LN2 / 0.5).gradChosen[0])).toBeLessThan(1e-16);
    expect(nca(1.3).gradChosen[0]).toBeLessThan(0);
    expect(nca(1.5).gradChosen[0]).toBeGreaterThan(0);
    const down = (w: number, l: number) =>
      apoDownLoss({ policyChosen: [w], policyRejected: [l] }, { beta: 1 }).gradChosen[0];
    expect([down(0, -5) > 0, down(-5, -5) < 0]).toEqual([true, true]);
  });

  it('dpo tends to ln 2, to e^-x, and to |x|', () => {
    const at = (x: number, beta = 1) => dpoLoss({ policyChosen: [x / beta], policyRejected: [0] }, { beta });
    expect(at(3e-9).loss).toBeCloseTo(Math.LN2, 8);
    const tiny = dpoLoss({ policyChosen: [3], policyRejected: [5] }, { beta: 1e-9 });
    expect(tiny.loss).toBeCloseTo(Math.LN2, 8);
    expect(tiny.gradChosen[0] / 1e-9).toBeCloseTo(-0.5, 8);
    for (let x = 30; x <= 700; x += 7.3) {
      expect(Math.abs((at(x).loss as number) / Math.exp(-x) - 1)).toBeLessThan(1e-12);
      expect(Math.abs((at(-x).loss as number) - x)).toBeLessThan(1e-12);
    }
    expect(at(1e6).loss).toBe(0);
    expect(at(-1e6).loss).toBe(1e6);
  });

  it('the anchored losses do move when both responses shift together; with the reference they do not', () => {
    const at = (shift: number, ref: number): PairBatch => ({
      policyChosen: [-3 + shift],
      policyRejected: [-4 + shift],
      refChosen: [-2.5 + ref],
      refRejected: [-4.1 + ref],
      chosenLengths: [2],
      rejectedLengths: [3],
    });
    for (const loss of [ncaPairLoss, bcoPairLoss, sppoLoss, apoZeroLoss, apoDownLoss, calDpoLoss, dpopLoss, orpoLoss]) {
      const value = (shift: number, ref: number) =>
        (loss as (b: PairBatch, o: object) => PairLossResult)(at(shift, ref), { beta: 1 }).loss;
      expect(Math.abs((value(-0.25, 0) as number) - (value(0, 0) as number))).toBeGreaterThan(1e-4);
      if (loss !== orpoLoss) expect(value(-0.25, -0.25)).toBeCloseTo(value(0, 0) as number, 12);
    }
  });

  it('DiscoPOP tends to the logistic loss on the left, to 1 above it at tau 1, and to 0 from above on the right', () => {
    const { loss } = named('discopop');
    const at = (x: number, tau: number) =>
      loss({ policyChosen: [x], policyRejected: [0] }, { beta: 1, tau }).loss as number;
    expect(at(-60, 0.5) - 60).toBeLessThan(1e-12);
    expect(at(-60, 1) - 60).toBeCloseTo(1, 12);
    for (const tau of [0.05, 0.5, 1]) {
      expect(at(40, tau)).toBeGreaterThan(0);
      expect(at(40, tau)).toBeLessThan(1e-15);
    }
  });

  it('at a kink the derivative is 0', () => {
    const at = (h: number): PairBatch => ({ policyChosen: [h], policyRejected: [0] });
    expect(hingeLoss(at(4), { beta: 0.25 }).gradChosen[0]).toBe(0);
    expect(slicLoss(at(1), { regularizer: 'none' }).gradChosen[0]).toBe(0);
    expect(named('gpo hinge').loss(at(1), { ...named('gpo hinge').options, beta: 1 }).gradChosen[0]).toBe(0);
    expect(dpopLoss(at(0), { beta: 1, lambda: 9 }).gradChosen[0]).toBe(-0.5);
  });
});

describe('AOT', () => {
  it('has the gradients that central differences find, in both variants', () => {
    fc.assert(
      fc.property(batches(-20, -0.1, { min: 2, max: 6 }), betas(0.01, 1), fc.boolean(), (batch, beta, paired) => {
        const options = {
          beta,
          variant: paired ? 'paired' : 'unpaired',
          labelSmoothing: 0.1,
          reduction: 'sum',
        } as const;
        const gaps = (values: number[]) => {
          const sorted = values.slice().sort((a, b) => a - b);
          return Math.min(...sorted.slice(1).map((x, i) => x - sorted[i]));
        };
        const { policyChosen: w, policyRejected: l, refChosen: rw, refRejected: rl } = batch;
        const samples = paired ? [w.map((x, i) => x - l[i])] : [w.map((x, i) => x - rw[i]), l.map((x, i) => x - rl[i])];
        if (samples.some((sample) => gaps(sample) < 4 * STEP)) return;
        const { gradChosen, gradRejected } = aotLoss(batch, options);
        for (let i = 0; i < w.length; i++) {
          for (const [side, gradient] of [
            ['policyChosen', gradChosen],
            ['policyRejected', gradRejected],
          ] as const) {
            const at = (step: number) =>
              aotLoss({ ...batch, [side]: Array.from(batch[side], (x, j) => (j === i ? x + step : x)) }, options)
                .loss as number;
            expect(Math.abs((at(STEP) - at(-STEP)) / (2 * STEP) - gradient[i])).toBeLessThan(1e-6);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is unmoved when reference pairs are permuted against policy pairs', () => {
    fc.assert(
      fc.property(batches(-20, 0, { min: 1, max: 12 }), (batch) => {
        const turned = {
          ...batch,
          refChosen: Array.from(batch.refChosen).reverse(),
          refRejected: Array.from(batch.refRejected).reverse(),
        };
        expect(aotLoss(turned).losses).toEqual(aotLoss(batch).losses);
        expect(aotLoss(turned).gradChosen).toEqual(aotLoss(batch).gradChosen);
      }),
    );
  });

  it('is equivariant: gradients go with their pairs in any order, and twice the batch has the same mean', () => {
    fc.assert(
      fc.property(batches(-20, 0, { min: 2, max: 12 }), fc.constantFrom('paired', 'unpaired'), (batch, variant) => {
        const { policyChosen: w, policyRejected: l, refChosen: rw, refRejected: rl } = batch;
        const samples = [w.map((x, i) => x - l[i]), w.map((x, i) => x - rw[i]), l.map((x, i) => x - rl[i])];
        if (samples.some((sample) => new Set(sample).size < sample.length)) return; // ties go by index
        const turned = Object.fromEntries(
          Object.entries(batch).map(([key, values]) => [key, values.slice().reverse()]),
        ) as unknown as PairBatch;
        const [a, b] = [aotLoss(batch, { variant }), aotLoss(turned, { variant })];
        expect(b.losses).toEqual(a.losses);
        expect(b.gradChosen).toEqual(a.gradChosen.slice().reverse());
        expect(b.gradRejected).toEqual(a.gradRejected.slice().reverse());
        const twice = Object.fromEntries(
          Object.entries(batch).map(([key, values]) => [key, [...values, ...values]]),
        ) as unknown as PairBatch;
        expect(Math.abs((aotLoss(twice, { variant }).loss as number) - (a.loss as number))).toBeLessThan(1e-14);
      }),
      { numRuns: 50 },
    );
  });

  it('ranks as a stable sort of the indices does, ties included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 0 }), { minLength: 1, maxLength: 60 }), (values) => {
        const zeros = values.map(() => 0);
        const { order, otherOrder } = aotLoss({ policyChosen: values, policyRejected: zeros });
        const stable = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
        expect(Array.from(order)).toEqual(stable);
        expect(Array.from(otherOrder)).toEqual(zeros.map((_, i) => i));
      }),
    );
  });

  it('refuses weights, which belong to pairs and not to ranks', () => {
    expect(() => aotLoss({ policyChosen: [0], policyRejected: [0], weights: [1] })).toThrow(/^weights/);
  });
});

describe('losses by name', () => {
  const batch: PairBatch = {
    policyChosen: [-3, -4],
    policyRejected: [-4, -3.5],
    refChosen: [-3.2, -3.9],
    refRejected: [-3.9, -3.6],
    chosenLengths: [3, 4],
    rejectedLengths: [4, 4],
  };
  it('are the functions themselves', () => {
    expect(preferenceLoss('ipo', batch, { beta: 0.2 })).toEqual(ipoLoss(batch, { beta: 0.2 }));
    expect(Object.keys(pairLosses)).toHaveLength(24);
  });
  it('an unknown name lists the known ones', () => {
    expect(() => preferenceLoss('dop' as 'dpo', batch)).toThrow(/dpo, robustDpo, .*convex, got dop/);
    expect(() => preferenceLoss('toString' as 'dpo', batch)).toThrow(RangeError);
  });
  it('mix with weights, gradients too', () => {
    const terms = [
      { kind: 'dpo', weight: 0.8 },
      { kind: 'bcoPair', weight: 0.2, options: { delta: 0.1 } },
      { kind: 'sppo', weight: 0 },
    ] as const;
    const mixture = multiPreferenceLoss(terms, batch);
    const dpo = dpoLoss(batch);
    const bco = bcoPairLoss(batch, { delta: 0.1 });
    expect(mixture.loss).toBeCloseTo(0.8 * (dpo.loss as number) + 0.2 * (bco.loss as number), 15);
    expect(mixture.gradRejected[1]).toBeCloseTo(0.8 * dpo.gradRejected[1] + 0.2 * bco.gradRejected[1], 15);
    expect(multiPreferenceLoss(terms, batch, mixture)).toBe(mixture);
    expect(multiPreferenceLoss([{ kind: 'dpo', options: { reduction: 'none' } }], batch).loss).toBeUndefined();
    expect(() => multiPreferenceLoss([], batch)).toThrow(/^terms/);
  });
});

describe('one -Infinity', () => {
  it('a rejected response of probability 0 costs nothing; a chosen one costs Infinity at gradient -β(1-e)', () => {
    const rejected = dpoLoss({ policyChosen: [-1], policyRejected: [-Infinity] }, { beta: 0.3 });
    expect([rejected.loss as number, rejected.gradChosen[0], rejected.gradRejected[0]].map(Math.abs)).toEqual([
      0, 0, 0,
    ]);
    const chosen = dpoLoss({ policyChosen: [-Infinity], policyRejected: [-1] }, { beta: 0.25, labelSmoothing: 0.5 });
    expect([chosen.loss, chosen.gradChosen[0]]).toEqual([Infinity, -0.125]);
  });
  it('two in one log-ratio, or in one margin, are refused by pair and name', () => {
    const zero = -Infinity;
    expect(() =>
      dpoLoss({ policyChosen: [-1, zero], policyRejected: [-1, -1], refChosen: [-1, zero], refRejected: [-1, -1] }),
    ).toThrow('pair 1: policyChosen and refChosen are both -Infinity');
    for (const { loss, options, title } of LOSSES) {
      const both = { policyChosen: [zero], policyRejected: [zero], chosenLengths: [1], rejectedLengths: [1] };
      expect(() => loss(both, options), title).toThrow(/pair 0/);
    }
  });
});

describe('bad arguments', () => {
  const good: PairBatch = {
    policyChosen: [-1, -2],
    policyRejected: [-2, -3],
    chosenLengths: [1, 2],
    rejectedLengths: [1, 2],
  };
  it.each<[string, () => unknown, new () => Error, RegExp]>([
    [
      'beta 0',
      () => dpoLoss(good, { beta: 0 }),
      RangeError,
      /^beta must be a finite number in \[5e-324, Infinity\], got 0/,
    ],
    ['beta NaN', () => ipoLoss(good, { beta: NaN }), RangeError, /^beta/],
    ['beta Infinity', () => exoPairLoss(good, { beta: Infinity }), RangeError, /^beta/],
    ['smoothing above 1', () => dpoLoss(good, { labelSmoothing: 1.1 }), RangeError, /^labelSmoothing/],
    ['robust smoothing 1/2', () => robustDpoLoss(good, { labelSmoothing: 0.5 }), RangeError, /^labelSmoothing/],
    ['robust smoothing missing', () => robustDpoLoss(good, {} as never), RangeError, /^labelSmoothing/],
    ['exo smoothing 0', () => exoPairLoss(good, { labelSmoothing: 0 }), RangeError, /^labelSmoothing/],
    [
      'smoothing of ipo',
      () => ipoLoss(good, { labelSmoothing: 0.1 } as never),
      RangeError,
      /^labelSmoothing has no effect/,
    ],
    ['smoothing of hinge', () => hingeLoss(good, { labelSmoothing: 0 } as never), RangeError, /^labelSmoothing has no/],
    [
      'lengths differ',
      () => dpoLoss({ ...good, policyRejected: [-1] }),
      RangeError,
      /^policyRejected must have length 2, got 1/,
    ],
    ['empty', () => dpoLoss({ policyChosen: [], policyRejected: [] }), RangeError, /^policyChosen must not be empty/],
    ['no array', () => dpoLoss({ policyRejected: [-1] } as never), TypeError, /^policyChosen must be an array/],
    ['NaN', () => dpoLoss({ ...good, policyChosen: [-1, NaN] }), RangeError, /^policyChosen\[1\] is NaN/],
    [
      '+Infinity',
      () => dpoLoss({ ...good, policyRejected: [Infinity, 0] }),
      RangeError,
      /^policyRejected\[0\] is Infinity/,
    ],
    ['half a reference', () => dpoLoss({ ...good, refChosen: [0, 0] }), TypeError, /^refRejected must be an array/],
    [
      'no lengths',
      () => named('simpo').loss({ policyChosen: [-1], policyRejected: [-1] }),
      TypeError,
      /^chosenLengths is required by simpoLoss/,
    ],
    [
      'ipo without lengths',
      () => ipoLoss({ policyChosen: [-1], policyRejected: [-1] }),
      TypeError,
      /^chosenLengths is required by ipoLoss/,
    ],
    [
      'length 0',
      () => ipoLoss({ ...good, chosenLengths: [0, 1] }),
      RangeError,
      /^chosenLengths\[0\] must be an integer/,
    ],
    ['length 1.5', () => ipoLoss({ ...good, rejectedLengths: [1, 1.5] }), RangeError, /^rejectedLengths\[1\]/],
    ['weight below 0', () => dpoLoss({ ...good, weights: [1, -1] }), RangeError, /^weights\[1\]/],
    ['reduction', () => dpoLoss(good, { reduction: 'avg' as never }), RangeError, /^reduction/],
    [
      'orpo above 0',
      () => orpoLoss({ ...good, policyChosen: [-1, 0.1] }),
      RangeError,
      /^policyChosen\[1\] must be at most 0/,
    ],
    [
      'orpo both 1',
      () => orpoLoss({ ...good, policyChosen: [-1, 0], policyRejected: [-1, 0] }),
      RangeError,
      /^pair 1: both responses/,
    ],
    [
      'strict',
      () => dpoLoss({ ...good, policyRejected: [0.5, 0] }, { strictLogProbs: true }),
      RangeError,
      /^policyRejected\[0\]/,
    ],
    ['divergence', () => fdpoLoss(good, { divergence: 'kl' as never }), RangeError, /^divergence/],
    ['no f', () => named('gpo hinge').loss(good, {}), TypeError, /^f must be a function, got undefined/],
    ['f without df', () => convexPairLoss(good, { f: (x: number) => x } as never), TypeError, /^df must be a function/],
    ['win probability', () => sppoLoss(good, { chosenWinProb: [0.5, 2] }), RangeError, /^chosenWinProb\[1\]/],
  ])('%s', (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
  it('density models may have positive log-probabilities unless asked otherwise', () => {
    expect(dpoLoss({ policyChosen: [2], policyRejected: [1] }).accuracy).toBe(1);
  });
});
