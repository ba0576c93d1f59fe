// Losslessness as an identity: the law of the output, enumerated, is the law of sampling from the target alone.
import { describe, expect, it } from 'vitest';
import {
  acceptanceRate,
  autoregressiveJoint,
  exactPosition,
  exactRound,
  kSeqPlan,
  multiDraftAcceptance,
  otmAcceptance,
  otmPlan,
  residualDistribution,
  verifyBlock,
  verifyKSeq,
  verifyMatch,
  verifyMultiDraft,
  verifyOtm,
  verifyTokens,
  type DraftedBlock,
  type Verification,
} from '../../src/decoding/index.js';
import { createRng, sampleCategorical, type Rng } from '../../src/random/index.js';
import { chiSquareThreshold } from '../support/statistics.js';
import { largestDifference, normalized, randomModels, randomPair, randomRow } from './random-rows.js';

const TOLERANCE = 1e-12;
const sizes = createRng('lossless', 'sizes');

describe('one round of a single draft', () => {
  it.each(['token', 'block', 'match'] as const)(
    "method '%s' has the law of the target, whatever the tables",
    (method) => {
      for (let round = 0; round < 60; round++) {
        const vocab = 1 + Math.floor(4 * sizes());
        const gamma = Math.floor(4 * sizes());
        const { target, draft } = randomModels(vocab, 'single', method, round);
        const { joint, acceptedLength } = exactRound(target, draft, { method, vocab, gamma });
        expect(largestDifference(joint, autoregressiveJoint(target, { vocab, length: gamma + 1 }))).toBeLessThan(
          TOLERANCE,
        );
        expect(Math.abs(acceptedLength.reduce((a, b) => a + b) - 1)).toBeLessThan(TOLERANCE);
      }
    },
  );

  it.each(['token', 'block', 'match'] as const)(
    "method '%s' stays lossless when drafting stops after a drafted token",
    (method) => {
      for (let round = 0; round < 40; round++) {
        const vocab = 2 + Math.floor(2 * sizes());
        const { target, draft } = randomModels(vocab, 'stop', method, round);
        const stop = (drafted: readonly number[]) => drafted.length > 0 && drafted[drafted.length - 1] === 0;
        const { joint } = exactRound(target, draft, { method, vocab, gamma: 3, stop });
        expect(largestDifference(joint, autoregressiveJoint(target, { vocab, length: 4 }))).toBeLessThan(TOLERANCE);
      }
    },
  );

  it('expected tokens are ordered match <= token <= block, and one draft makes token and block equal', () => {
    for (let round = 0; round < 60; round++) {
      const vocab = 2 + Math.floor(3 * sizes());
      const { target, draft } = randomModels(vocab, 'order', round);
      for (const gamma of [1, 3]) {
        const [match, token, block] = (['match', 'token', 'block'] as const).map(
          (method) => exactRound(target, draft, { method, vocab, gamma }).expectedTokens,
        );
        expect(match).toBeLessThan(token + TOLERANCE);
        expect(token).toBeLessThan(block + TOLERANCE);
        if (gamma === 1) expect(Math.abs(token - block)).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('independent t = (1/3, 2/3), d = (2/3, 1/3): 5/3, 19/9, 65/27 tokens by token and 5/3, 20/9, 8/3 by block', () => {
    const t = () => [1 / 3, 2 / 3];
    const d = () => [2 / 3, 1 / 3];
    const tokens = [5 / 3, 19 / 9, 65 / 27];
    const blocks = [5 / 3, 20 / 9, 8 / 3];
    for (const gamma of [1, 2, 3]) {
      const options = { vocab: 2, gamma };
      expect(exactRound(t, d, { ...options, method: 'token' }).expectedTokens).toBeCloseTo(tokens[gamma - 1], 13);
      expect(exactRound(t, d, { ...options, method: 'block' }).expectedTokens).toBeCloseTo(blocks[gamma - 1], 13);
    }
  });
});

describe('one position of several drafts', () => {
  const methods = [
    ['multidraft', true],
    ['multidraft', false],
    ['kseq', true],
    ['otm', true],
    ['otm', false],
  ] as const;

  it.each(methods)(
    "method '%s', replacement %s: accepted and residual mass recombine to the target",
    (method, replacement) => {
      const rng = createRng('position', method, String(replacement));
      for (let round = 0; round < 150; round++) {
        const V = 1 + Math.floor(5 * rng());
        const drafts = 1 + Math.floor(4 * rng());
        const [t, d] = randomPair(V, rng);
        const { accepted, residual } = exactPosition(t, d, { method, drafts, replacement });
        expect(
          largestDifference(
            accepted.map((a, y) => a + residual[y]),
            t,
          ),
        ).toBeLessThan(TOLERANCE);
        for (let y = 0; y < V; y++) expect(Math.min(accepted[y], residual[y])).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it.each(methods)("method '%s', replacement %s: the first two tokens follow the target", (method, replacement) => {
    for (let round = 0; round < 20; round++) {
      const vocab = 2 + (round % 3);
      const { target, draft } = randomModels(vocab, 'two', round);
      const { joint } = exactRound(target, draft, { method, vocab, gamma: 1, drafts: 3, replacement });
      expect(largestDifference(joint, autoregressiveJoint(target, { vocab, length: 2 }))).toBeLessThan(TOLERANCE);
    }
  });

  it('acceptance grows with the number of drafts and stays below the transport optimum', () => {
    const rng = createRng('monotone');
    for (let round = 0; round < 100; round++) {
      const V = 1 + Math.floor(6 * rng());
      const [t, d] = randomPair(V, rng);
      let previous = 0;
      for (let k = 1; k <= 4; k++) {
        const independent = multiDraftAcceptance(t, d, { k }).acceptance;
        const without = multiDraftAcceptance(t, d, { k, replacement: false }).acceptance;
        const kSeq = kSeqPlan(t, d, k).acceptance;
        const best = otmAcceptance(t, d, { k });
        expect(independent).toBeGreaterThan(previous - TOLERANCE);
        expect(independent).toBeLessThan(best + TOLERANCE);
        expect(kSeq).toBeLessThan(best + TOLERANCE);
        expect(kSeq).toBeGreaterThan((1 - (1 - 1 / k) ** k) * best - TOLERANCE);
        expect(without).toBeLessThan(otmAcceptance(t, d, { k, replacement: false }) + TOLERANCE);
        if (k === 1)
          for (const x of [independent, without, kSeq, best]) expect(x).toBeCloseTo(acceptanceRate(t, d), 12);
        previous = independent;
      }
    }
  });

  it('prefixes of the tokens by t/d give the same optimum as the flow', () => {
    const rng = createRng('otm');
    for (let round = 0; round < 100; round++) {
      const [t, d] = randomPair(1 + Math.floor(6 * rng()), rng);
      const k = 1 + Math.floor(3 * rng());
      expect(otmPlan(t, d, { k }).acceptance).toBeCloseTo(otmAcceptance(t, d, { k }), 12);
    }
  });

  it('without replacement as many drafts as the support always hold the token, if the supports agree', () => {
    const rng = createRng('covering');
    for (let round = 0; round < 50; round++) {
      const V = 2 + Math.floor(3 * rng());
      const t = normalized(Array.from({ length: V }, () => rng() + 0.01));
      const d = normalized(Array.from({ length: V }, () => rng() + 0.01));
      expect(multiDraftAcceptance(t, d, { k: V, replacement: false }).acceptance).toBeCloseTo(1, 12);
    }
  });

  it('k-SEQ: disjoint supports accept nothing, equal rows everything, one draft is the plain rule', () => {
    expect(kSeqPlan([1, 0], [0, 1], 3)).toMatchObject({ rho: 1, beta: 0, acceptance: 0 });
    expect(kSeqPlan([1, 0], [0, 1], 3).residual).toEqual(Float64Array.of(1, 0));
    expect(kSeqPlan([0.5, 0.5], [0.5, 0.5], 3)).toMatchObject({ rho: 1, acceptance: 1, residual: null });
    expect(kSeqPlan([0.2, 0.8], [0.6, 0.4], 1).rho).toBe(1);
  });

  it('k-SEQ finds the least discount: 1 - (1 - β)^K = ρ β there, above it before', () => {
    const rng = createRng('k-seq', 'root');
    for (let round = 0; round < 200; round++) {
      const [t, d] = randomPair(2 + Math.floor(30 * rng()), rng);
      const k = 2 + Math.floor(6 * rng());
      const { rho, beta } = kSeqPlan(t, d, k);
      const direct = t.reduce((sum, ty, y) => sum + Math.min(d[y], ty / rho), 0);
      expect(Math.abs(direct - beta)).toBeLessThan(1e-13);
      if (rho > 1) expect(Math.abs(1 - (1 - beta) ** k - rho * beta)).toBeLessThan(1e-12);
      expect(rho).toBeGreaterThanOrEqual(1);
      expect(rho).toBeLessThanOrEqual(k);
    }
  });
});

describe('the verifiers follow the laws that were enumerated', () => {
  const V = 3;
  const models = randomModels(V, 'monte-carlo', 7);
  const gamma = 2;

  function frequencies(verify: (block: DraftedBlock, rng: Rng) => Verification, seed: string, n: number) {
    const rng = createRng('verifier', seed);
    const counts = new Float64Array(V ** (gamma + 1));
    const lengths = new Float64Array(gamma + 1);
    for (let i = 0; i < n; i++) {
      const tokens: number[] = [];
      const target = [models.target(tokens)];
      const draft: ArrayLike<number>[] = [];
      for (let j = 0; j < gamma; j++) {
        draft.push(models.draft(tokens));
        tokens.push(sampleCategorical(draft[j], rng));
        target.push(models.target(tokens));
      }
      const result = verify({ target, draft, tokens }, rng);
      lengths[result.accepted] += 1;
      const output = Array.from(result.tokens);
      while (output.length < gamma + 1) output.push(sampleCategorical(models.target(output), rng));
      counts[output.reduce((code, token) => code * V + token, 0)] += 1;
    }
    return { counts, lengths };
  }

  function expectLaw(counts: Float64Array, law: Float64Array, n: number) {
    let statistic = 0;
    let cells = 0;
    for (let i = 0; i < law.length; i++) {
      if (law[i] === 0) {
        expect(counts[i]).toBe(0);
        continue;
      }
      cells += 1;
      statistic += (counts[i] - n * law[i]) ** 2 / (n * law[i]);
    }
    expect(statistic).toBeLessThan(chiSquareThreshold(Math.max(1, cells - 1)));
  }

  it.each([
    ['token', verifyTokens],
    ['block', verifyBlock],
    ['match', verifyMatch],
  ] as const)("'%s': sequences and accepted lengths, chi-square at 1e-9", (method, verify) => {
    const n = 20000;
    const { counts, lengths } = frequencies(verify, method, n);
    const exact = exactRound(models.target, models.draft, { method, vocab: V, gamma });
    expectLaw(counts, autoregressiveJoint(models.target, { vocab: V, length: gamma + 1 }), n);
    expectLaw(lengths, exact.acceptedLength, n);
  });

  it('several drafts: the token follows the target and the share accepted its exact value', () => {
    const rng = createRng('verifier', 'position');
    const t = [0.2, 0.5, 0.3, 0];
    const d = [0.5, 0.1, 0.2, 0.2];
    const n = 20000;
    const k = 2;
    const plan = kSeqPlan(t, d, k);
    const otm = otmPlan(t, d, { k });
    for (const [verify, acceptance] of [
      [
        (tokens: number[]) => verifyMultiDraft({ target: t, draft: d, tokens }, rng),
        multiDraftAcceptance(t, d, { k }).acceptance,
      ],
      [(tokens: number[]) => verifyKSeq({ target: t, draft: d, tokens }, rng, plan), plan.acceptance],
      [(tokens: number[]) => verifyOtm(otm, tokens, rng), otm.acceptance],
    ] as const) {
      const counts = new Float64Array(4);
      const accepted = new Float64Array(2);
      for (let i = 0; i < n; i++) {
        const result = verify([sampleCategorical(d, rng), sampleCategorical(d, rng)]);
        counts[result.token] += 1;
        accepted[Number(result.accepted >= 0)] += 1;
      }
      expectLaw(counts, Float64Array.from(t), n);
      expectLaw(accepted, Float64Array.of(1 - acceptance, acceptance), n);
    }
  });
});

describe('acceptance and residual', () => {
  it('min(t, d) and the residual recombine to t; the rate is symmetric, in [0, 1], 1 iff the rows are equal', () => {
    const rng = createRng('recombine');
    for (let round = 0; round < 300; round++) {
      const V = 1 + Math.floor(8 * rng());
      const [t, d] = randomPair(V, rng);
      const rate = acceptanceRate(t, d);
      const residual = residualDistribution(t, d);
      const sum = t.map((ty, y) => Math.min(ty, d[y]) + (1 - rate) * residual[y]);
      expect(largestDifference(sum, t)).toBeLessThan(1e-14);
      expect(acceptanceRate(d, t)).toBe(rate);
      expect(rate).toBeLessThanOrEqual(1);
      expect(rate > 1 - 1e-12).toBe(largestDifference(t, d) < 1e-12);
    }
  });

  it('rows of one token are always accepted', () => {
    expect(acceptanceRate([1], [1])).toBe(1);
    expect(residualDistribution([1], [1])).toEqual(Float64Array.of(1));
    expect(randomRow(1, createRng('one'))).toEqual([1]);
  });
});
