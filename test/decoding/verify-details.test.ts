// What the verifiers owe besides their law: forms of the same test, rows off by rounding, not lossless ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptanceRate,
  acceptedLengthDistribution,
  bestTypicalCandidate,
  blockAcceptance,
  type DraftedBlock,
  kSeqBeta,
  kSeqPlan,
  matchAcceptanceRate,
  mirostat,
  residualDistribution,
  type Verification,
  typicalAcceptance,
  verifyBlock,
  verifyGreedy,
  verifyKSeq,
  verifyMatch,
  verifyMultiDraft,
  verifyTokens,
  verifyTokensFromLogits,
  verifyTypical,
} from '../../src/decoding/index.js';
import { createRng, type Rng, sampleCategorical, sampleNormal } from '../../src/random/index.js';
import { softmax } from '../../src/special/index.js';
import { expectCounts } from '../support/fit.js';
import { normalized, randomPair } from './random-rows.js';

/** Rows of logits and tokens drawn from the draft. */
function randomBlock(V: number, gamma: number, rng: Rng): DraftedBlock {
  const rows = (count: number) =>
    Array.from({ length: count }, () => Float64Array.from({ length: V }, () => 2 * sampleNormal(rng)));
  const draft = rows(gamma);
  return { target: rows(gamma + 1), draft, tokens: draft.map((row) => sampleCategorical(softmax(row), rng)) };
}

describe('verifyTokensFromLogits', () => {
  it.each([
    [1, 1],
    [0.7, 1.3],
  ])('is verifyTokens on the softmax rows, temperatures %d and %d', (temperature, draftTemperature) => {
    const rng = createRng('from logits', temperature);
    for (let round = 0; round < 300; round++) {
      const block = randomBlock(1 + Math.floor(6 * rng()), Math.floor(5 * rng()), rng);
      const soft = {
        target: Array.from(block.target, (row) => softmax(row, { temperature })),
        draft: Array.from(block.draft ?? [], (row) => softmax(row ?? [], { temperature: draftTemperature })),
        tokens: block.tokens,
      };
      const seed = `round ${round}`;
      const expected = verifyTokens(soft, createRng(seed));
      const options = { temperature, draftTemperature };
      expect(verifyTokensFromLogits(block, createRng(seed), options)).toEqual(expected);
      const without = { target: block.target, draft: null, tokens: block.tokens };
      expect(verifyTokensFromLogits(without, createRng(seed), { temperature })).toEqual(
        verifyTokens({ ...soft, draft: null }, createRng(seed)),
      );
    }
  });

  it('draws the line between acceptance and rejection at the same uniform, to the last bit', () => {
    const rng = createRng('from logits', 'edge');
    const rows = (count: number) => Array.from({ length: count }, () => Array.from({ length: 5 }, () => 9 * rng()));
    for (let round = 0; round < 300; round++) {
      const [target, draft] = [rows(2), rows(1)];
      const token = round % 5;
      const soft = {
        target: target.map((row) => softmax(row)),
        draft: draft.map((row) => softmax(row)),
        tokens: [token],
      };
      const edge = soft.target[0][token] / soft.draft[0][token];
      if (!(edge < 1)) continue;
      for (const u of [edge * (1 - 2 ** -52), edge * (1 - 2 ** -53), edge, edge * (1 + 2 ** -52)]) {
        const { accepted } = verifyTokensFromLogits({ target, draft, tokens: [token] }, () => u);
        expect(accepted).toBe(verifyTokens(soft, () => u).accepted);
      }
    }
  });

  it('takes Float32 rows as the doubles that they are', () => {
    const rng = createRng('from float32');
    for (let round = 0; round < 50; round++) {
      const block = randomBlock(9, 3, rng);
      const narrow = {
        target: Array.from(block.target, (row) => Float32Array.from(row)),
        draft: Array.from(block.draft ?? [], (row) => Float32Array.from(row ?? [])),
        tokens: block.tokens,
      };
      const wide = {
        target: narrow.target.map((row) => Float64Array.from(row)),
        draft: narrow.draft.map((row) => Float64Array.from(row)),
        tokens: block.tokens,
      };
      const seed = `float32 ${round}`;
      expect(verifyTokensFromLogits(narrow, createRng(seed))).toEqual(verifyTokensFromLogits(wide, createRng(seed)));
    }
  });
});

describe('acceptance', () => {
  it('comparing with a draw of the target accepts at most as often: Σ t d <= Σ min(t, d), both symmetric', () => {
    const rng = createRng('match rate');
    for (let round = 0; round < 200; round++) {
      const [t, d] = randomPair(1 + Math.floor(7 * rng()), rng);
      expect(matchAcceptanceRate(t, d)).toBeLessThanOrEqual(acceptanceRate(t, d) + 1e-15);
      expect(matchAcceptanceRate(t, d)).toBeCloseTo(matchAcceptanceRate(d, t), 15);
    }
  });

  it('β(ρ) falls with ρ, from the acceptance of one draft at ρ = 1, while ρ β(ρ) rises', () => {
    const rng = createRng('beta');
    for (let round = 0; round < 100; round++) {
      const [t, d] = randomPair(1 + Math.floor(7 * rng()), rng);
      expect(kSeqBeta(t, d, 1)).toBeCloseTo(acceptanceRate(t, d), 14);
      for (let rho = 1; rho < 5; rho += 0.5) {
        expect(kSeqBeta(t, d, rho + 0.5)).toBeLessThanOrEqual(kSeqBeta(t, d, rho) + 1e-15);
        expect((rho + 0.5) * kSeqBeta(t, d, rho + 0.5)).toBeGreaterThanOrEqual(rho * kSeqBeta(t, d, rho) - 1e-14);
      }
    }
    expect(() => kSeqBeta([1], [1], 0.5)).toThrow(/^rho must/);
  });

  it('the law of the accepted length of a block is the product of what was kept and what was not', () => {
    const rng = createRng('length law');
    for (let round = 0; round < 50; round++) {
      const logits = randomBlock(4, 3, rng);
      const block = {
        target: Array.from(logits.target, (row) => softmax(row)),
        draft: Array.from(logits.draft ?? [], (row) => softmax(row ?? [])),
        tokens: logits.tokens,
      };
      const { keep, ratio } = blockAcceptance(block);
      expect(ratio[0]).toBe(1);
      for (const h of keep) expect(h >= 0 && h <= 1).toBe(true);
      const law = acceptedLengthDistribution('block', block);
      expect(law[3]).toBeCloseTo(keep[3], 15);
      expect(law[0]).toBeCloseTo((1 - keep[1]) * (1 - keep[2]) * (1 - keep[3]), 14);
      const token = acceptedLengthDistribution('token', block);
      expect(law.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
      expect(token.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    }
  });
});

describe('rows off by the rounding of a float32 softmax', () => {
  it('count as normalized: sums within 1e-6 of 1, entries down to -1e-12', () => {
    const t = [0.5, 0.3, 0.2];
    const d = [0.2, 0.3, 0.5];
    const off = (row: number[], factor: number) => row.map((p) => p * factor);
    for (const factor of [1 - 9e-7, 1 + 9e-7]) {
      expect(acceptanceRate(off(t, factor), off(d, 2 - factor))).toBeCloseTo(acceptanceRate(t, d), 13);
      residualDistribution(off(t, factor), d).forEach((p, i) =>
        expect(p).toBeCloseTo(residualDistribution(t, d)[i], 13),
      );
      expect(kSeqPlan(off(t, factor), d, 3).acceptance).toBeCloseTo(kSeqPlan(t, d, 3).acceptance, 13);
    }
    const negative = [0.5, 0.5 + 9e-13, -9e-13];
    expect(acceptanceRate(negative, [0.25, 0.25, 0.5])).toBeCloseTo(0.5, 12);
    expect([...verifyTokens({ target: [negative], draft: null, tokens: [] }, () => 1 - 2 ** -53).tokens]).toEqual([1]);
  });

  it.each([
    ['a sum of 1 + 2e-6', [0.5, 0.500002]],
    ['a sum of 1 - 2e-6', [0.5, 0.499998]],
    ['an entry of -1e-11', [1 + 1e-11, -1e-11]],
    ['NaN', [NaN, 1]],
    ['Infinity', [Infinity, 0]],
  ])('%s is refused, in either place', (_name, row) => {
    const good = [0.5, 0.5];
    for (const run of [
      () => acceptanceRate(row, good),
      () => acceptanceRate(good, row),
      () => matchAcceptanceRate(row, good),
      () => residualDistribution(good, row),
      () => kSeqPlan(row, good, 2),
      () => verifyTokens({ target: [row], draft: null, tokens: [] }, () => 0.5),
      () => verifyMatch({ target: [row], tokens: [] }, () => 0.5),
      () => verifyMultiDraft({ target: row, draft: good, tokens: [] }, () => 0.5),
    ]) {
      expect(run).toThrow(RangeError);
      expect(run).toThrow(/^(target|draft)(\[\d\])* ?(is NaN|must)/);
    }
  });
});

describe('a vocabulary of one token', () => {
  it('is always accepted, by every verifier', () => {
    const block = { target: [[1], [1], [1]], draft: [[1], [1]], tokens: [0, 0] };
    for (const u of [0, 0.5, 1 - 2 ** -53]) {
      for (const verify of [verifyTokens, verifyBlock, verifyMatch, verifyTypical]) {
        expect(verify(block, () => u)).toMatchObject({ accepted: 2, bonus: true, tokens: Int32Array.of(0, 0, 0) });
      }
      const position = { target: [1], draft: [1], tokens: [0] };
      expect(verifyMultiDraft(position, () => u)).toEqual({ token: 0, accepted: 0, tested: 1 });
      expect(verifyMultiDraft(position, () => u, { replacement: false }).token).toBe(0);
      expect(verifyKSeq(position, () => u)).toEqual({ token: 0, accepted: 0, tested: 1 });
    }
    expect(verifyGreedy(block).accepted).toBe(2);
    const logits = { target: [[3], [-2]], draft: [[7]], tokens: [0] };
    expect(verifyTokensFromLogits(logits, () => 0.9).accepted).toBe(1);
  });
});

describe('lenience', () => {
  it('accepts more, min(1, t / (L d)), and says that it is not lossless', () => {
    const t = [0.2, 0.5, 0.3];
    const d = [0.6, 0.2, 0.2];
    const block = { target: [t, t], draft: [d], tokens: [0] };
    expect(verifyTokens(block, () => 0.33, { lenience: 1 })).toMatchObject({ accepted: 1, lossless: true });
    expect(verifyTokens(block, () => 0.6, { lenience: 1 })).toMatchObject({ accepted: 0, lossless: true });
    expect(verifyTokens(block, () => 0.6, { lenience: 0.5 })).toMatchObject({ accepted: 1, lossless: false });
    // Its law, by its rule: not the target's.
    const rng = createRng('lenience');
    const n = 20_000;
    const counts = new Float64Array(3);
    for (let i = 0; i < n; i++) {
      const tokens = [sampleCategorical(d, rng)];
      counts[verifyTokens({ ...block, tokens }, rng, { lenience: 0.5 }).tokens[0]] += 1;
    }
    const accept = d.map((p, x) => p * Math.min(1, t[x] / (0.5 * p)));
    const rejected = 1 - accept.reduce((a, b) => a + b);
    const residual = normalized(t.map((p, x) => Math.max(0, p - d[x])));
    expectCounts(
      counts,
      accept.map((a, x) => n * (a + rejected * residual[x])),
    );
    expect(Math.abs(counts[0] / n - t[0])).toBeGreaterThan(0.1);
  });
});

describe('typical acceptance', () => {
  it('lets pass what exceeds min(ε, δ e^(-H)), strictly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, epsilon, delta) => {
          const row = normalized(weights);
          const entropy = row.reduce((h, p) => h - p * Math.log(p), 0);
          const bar = Math.min(epsilon, delta * Math.exp(-entropy));
          row.forEach((p, x) => {
            if (Math.abs(p - bar) < 1e-12) return;
            expect(typicalAcceptance([row], [x], { epsilon, delta })).toBe(Number(p > bar));
          });
        },
      ),
    );
    expect(typicalAcceptance([[0.3, 0.7]], [0], { epsilon: 0.3, delta: 1 })).toBe(0); // equal is not above
    expect(typicalAcceptance([[1 / 3, 2 / 3]], [0], { epsilon: 0.3, delta: 1 })).toBe(1);
  });

  it('of several candidates takes the longest, then the likelier, then the first', () => {
    const row = [0.5, 0.3, 0.2];
    const candidate = (...tokens: number[]) => ({ target: tokens.map(() => row), tokens });
    const options = { epsilon: 0.25, delta: 1 };
    const pick = (...candidates: ReturnType<typeof candidate>[]) => bestTypicalCandidate(candidates, options);
    expect(pick(candidate(2, 0), candidate(1, 2), candidate(0, 1))).toEqual({ index: 2, accepted: 2 });
    expect(pick(candidate(1, 1), candidate(0, 1), candidate(1, 0))).toEqual({ index: 1, accepted: 2 });
    expect(pick(candidate(2), candidate(2))).toEqual({ index: 0, accepted: 0 });
    expect(() => bestTypicalCandidate([])).toThrow(/^candidates must/);
  });

  it('corrects by the argmax or by a draw, and its output follows neither model', () => {
    const t = [0.6, 0.4];
    const block = { target: [t, t], tokens: [1] };
    expect(verifyTypical(block, () => 0.99, { epsilon: 0.5, delta: 1 })).toMatchObject({
      accepted: 0,
      tokens: Int32Array.of(0),
      lossless: false,
    });
    const sampled = verifyTypical(block, () => 0.99, { epsilon: 0.5, delta: 1, correction: 'sample' });
    expect([...sampled.tokens]).toEqual([1]);
    // A draft that always says token 1 is always believed: P(1) = 1 instead of 0.4.
    expect([...verifyTypical(block, () => 0.5).tokens.slice(0, 1)]).toEqual([1]);
    expect(() => verifyTypical(block, () => 0.5, { correction: 'best' as 'sample' })).toThrow(/^correction must/);
    expect(() => verifyTypical(block, () => 0.5, { epsilon: 2 })).toThrow(/^epsilon must/);
    expect(() => verifyTypical(block, () => 0.5, { delta: NaN })).toThrow(/^delta must/);
  });
});

describe('out', () => {
  const forms: [string, (block: DraftedBlock, rng: Rng, out?: Verification) => Verification][] = [
    ['verifyTokens', (block, rng, out) => verifyTokens(block, rng, {}, out)],
    ['verifyBlock', verifyBlock],
    ['verifyMatch', verifyMatch],
    ['verifyGreedy', (block, _rng, out) => verifyGreedy(block, out)],
    ['verifyTypical', (block, rng, out) => verifyTypical(block, rng, {}, out)],
  ];
  const spare = (size: number): Verification => ({
    accepted: 9,
    tokens: new Int32Array(size).fill(7),
    bonus: true,
    tested: 9,
    lossless: true,
  });

  it.each(forms)('%s writes into the result that it is given what it would return', (_name, verify) => {
    const rng = createRng('out');
    const out = spare(8);
    const { tokens: buffer } = out;
    for (let round = 0; round < 100; round++) {
      const logits = randomBlock(1 + Math.floor(5 * rng()), Math.floor(6 * rng()), rng);
      const block = {
        target: Array.from(logits.target, (row) => softmax(row)),
        draft: Array.from(logits.draft ?? [], (row) => softmax(row ?? [])),
        tokens: logits.tokens,
      };
      if (block.tokens.length > 0 && rng() < 0.3) block.target.pop(); // no row for an extra token
      const fresh = verify(block, createRng('round', round));
      expect(verify(block, createRng('round', round), out)).toBe(out);
      expect(out.tokens).toBe(buffer);
      const emitted = fresh.tokens.length;
      expect([...buffer]).toEqual([...fresh.tokens, ...new Array<number>(8 - emitted).fill(-1)]);
      expect({ ...out, tokens: fresh.tokens }).toEqual(fresh);
    }
    const block = { target: [[1], [1]], draft: [[1]], tokens: [0] };
    expect(() => verify(block, () => 0.5, spare(1))).toThrow(/^out\.tokens must have at least 2/);
  });

  it('blockAcceptance, kSeqPlan and mirostat write into arrays that they are given', () => {
    const block = {
      target: [
        [0.5, 0.5],
        [1, 0],
      ],
      draft: [[0.25, 0.75]],
      tokens: [1],
    };
    const held = { ratio: new Float64Array(4).fill(9), keep: new Float64Array(4).fill(9) };
    const fresh = blockAcceptance(block);
    expect(blockAcceptance(block, held)).toBe(held);
    expect([held.ratio.slice(0, 2), held.keep.slice(0, 2)]).toEqual([fresh.ratio, fresh.keep]);
    expect(() => blockAcceptance(block, { ...held, keep: new Float64Array(1) })).toThrow(/^out\.keep must/);
    const [t, d] = [
      [0.2, 0.5, 0.3],
      [0.6, 0.3, 0.1],
    ];
    const residual = new Float64Array(3);
    expect(kSeqPlan(t, d, 2, residual)).toEqual(kSeqPlan(t, d, 2));
    expect(kSeqPlan(t, d, 2, residual).residual).toBe(residual);
    expect(() => kSeqPlan(t, d, 2, new Float64Array(2))).toThrow(/^out must have length 3/);
    for (const version of [1, 2] as const) {
      const sampler = mirostat({ version, tau: 1 });
      const out = new Float64Array(3);
      const logits = [0.3, 2, -1];
      expect(sampler.step({ mu: 1.5 }, logits, () => 0.3, out)).toEqual(sampler.step({ mu: 1.5 }, logits, () => 0.3));
      expect(sampler.step({ mu: 1.5 }, logits, () => 0.3, out).probabilities).toBe(out);
    }
  });

  it('the scratch rows of one size do not leak into another', () => {
    const rng = createRng('scratch');
    for (let round = 0; round < 100; round++) {
      const V = 2 + Math.floor(6 * rng());
      const [t, d] = randomPair(V, rng);
      const tokens = [sampleCategorical(d, rng), sampleCategorical(d, rng)];
      const position = { target: t, draft: d, tokens };
      const u = [rng(), rng(), rng()];
      for (const verify of [verifyMultiDraft, verifyKSeq]) {
        const source = () => {
          let i = 0;
          return () => u[i++];
        };
        const first = verify(position, source());
        verify({ target: [0.5, 0.25, 0.25], draft: [0.25, 0.5, 0.25], tokens: [1, 1] }, createRng('between', round));
        expect(verify(position, source())).toEqual(first);
      }
    }
  });
});
