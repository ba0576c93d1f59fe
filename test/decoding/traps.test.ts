// Mistakes that look harmless, each with the wrong version next to the right one: the wrong one is shown to be biased.
import { describe, expect, it } from 'vitest';
import {
  autoregressiveJoint,
  exactRound,
  kSeqPlan,
  otmPlan,
  verifyBlock,
  verifyGreedy,
  verifyKSeq,
  verifyMatch,
  verifyMultiDraft,
  verifyTokens,
  verifyTokensFromLogits,
  verifyTypical,
} from '../../src/decoding/index.js';
import { createRng } from '../../src/random/index.js';
import { normalized, randomRow } from './random-rows.js';
import { counted } from '../support/fit.js';

/** Law of the first token when it is drawn from `drawn`, and accepted and corrected as if it came from `claimed`. */
function lawOfFirst(target: number[], drawn: number[], claimed: (x: number) => number[] | null): number[] {
  const law = target.map(() => 0);
  drawn.forEach((mass, x) => {
    const row = claimed(x) ?? target.map((_, y) => Number(y === x));
    const accept = row[x] === 0 ? 0 : Math.min(1, target[x] / row[x]);
    law[x] += mass * accept;
    const rest = target.map((t, y) => Math.max(0, t - row[y]));
    const total = rest.reduce((a, b) => a + b, 0);
    (total === 0 ? target : rest.map((r) => r / total)).forEach((r, y) => (law[y] += mass * (1 - accept) * r));
  });
  return law;
}

const variation = (a: number[], b: number[]) => a.reduce((sum, p, i) => sum + Math.abs(p - b[i]), 0) / 2;

function softmax(logits: number[]): number[] {
  return normalized(logits.map((l) => Math.exp(l - Math.max(...logits))));
}

describe('traps', () => {
  it('1: the row handed over must be the filtered one that the token was drawn from', () => {
    const rng = createRng('trap', 1);
    let worst = 0;
    for (let round = 0; round < 50; round++) {
      const target = randomRow(50, rng);
      const raw = softmax(Array.from({ length: 50 }, () => 4 * rng()));
      const tenth = [...raw].sort((a, b) => b - a)[9];
      const drawn = normalized(raw.map((p) => (p >= tenth ? p : 0)));
      expect(
        variation(
          lawOfFirst(target, drawn, () => drawn),
          target,
        ),
      ).toBeLessThan(1e-12);
      worst = Math.max(
        worst,
        variation(
          lawOfFirst(target, drawn, () => raw),
          target,
        ),
      );
    }
    expect(worst).toBeGreaterThan(0.05);
  });

  it('2: an argmax draft has no distribution: its row is null, not the softmax', () => {
    const target = [0.02, 0.9, 0.08];
    const soft = [0.4, 0.35, 0.25];
    const drawn = [1, 0, 0];
    expect(
      variation(
        lawOfFirst(target, drawn, () => null),
        target,
      ),
    ).toBeLessThan(1e-12);
    const biased = lawOfFirst([0.8, 0.1, 0.1], drawn, () => soft);
    expect(variation(biased, [0.8, 0.1, 0.1])).toBeGreaterThan(0.15);
  });

  it('3: dropping an unsure token before verification is biased by the amount computed by hand', () => {
    const target = [0.5, 0.3, 0.2];
    const draft = [0.6, 0.25, 0.15];
    const keptLaw = lawOfFirst(target, [0.6, 0.25, 0], () => draft);
    const output = keptLaw.map((p, y) => p + 0.15 * target[y]);
    [0.575, 0.345, 0.08].forEach((p, y) => expect(output[y]).toBeCloseTo(p, 12));
    expect(variation(output, target)).toBeCloseTo(0.12, 12);
    // The same rule is harmless when the token at which drafting stops is submitted.
    const rows = { target: () => target, draft: () => draft };
    const { joint } = exactRound(rows.target, rows.draft, {
      method: 'token',
      vocab: 3,
      gamma: 2,
      stop: (drafted) => drafted.length > 0 && draft[drafted[drafted.length - 1]] < 0.2,
    });
    const truth = autoregressiveJoint(rows.target, { vocab: 3, length: 3 });
    joint.forEach((p, i) => expect(p).toBeCloseTo(truth[i], 12));
  });

  it('4: taking duplicates out of independent drafts is biased by the amount computed by hand', () => {
    const target = [0.2, 0.5, 0.3];
    const draft = [0.6, 0.2, 0.2];
    const output = (unique: boolean) => {
      const law = [0, 0, 0];
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b < 3; b++) {
          const stages = unique && a === b ? [a] : [a, b];
          let [r, alive] = [target, draft[a] * draft[b]];
          for (const x of stages) {
            const accept = Math.min(1, r[x] / draft[x]);
            law[x] += alive * accept;
            alive *= 1 - accept;
            const rest = r.map((p, y) => Math.max(0, p - draft[y]));
            if (rest.some((p) => p > 0)) r = normalized(rest);
          }
          r.forEach((p, y) => (law[y] += alive * p));
        }
      }
      return law;
    };
    expect(variation(output(false), target)).toBeLessThan(1e-12);
    [0.2, 0.46, 0.34].forEach((p, y) => expect(output(true)[y]).toBeCloseTo(p, 12));
  });

  it('5: a token of target probability 0 never comes out, in a million draws and at the ends of the uniform', () => {
    const target = [
      [0, 0.7, 0, 0.3],
      [1, 0, 0, 0],
    ];
    const draft = [Array.from(new Float32Array([0.4, 0.1, 0.4, 0.1]))];
    const total = draft[0].reduce((a, b) => a + b, 0);
    draft[0] = draft[0].map((p) => p / total);
    const rng = createRng('trap', 5);
    const seen = [0, 0, 0, 0];
    for (let i = 0; i < 1_000_000; i++) {
      const token = i & 3;
      const { tokens } = verifyTokens({ target, draft, tokens: [token] }, rng);
      seen[tokens[0]] += 1;
    }
    expect([seen[0], seen[2]]).toEqual([0, 0]);
    for (const u of [0, 1 - 2 ** -53]) {
      for (const token of [0, 1, 2, 3]) {
        for (const verify of [verifyTokens, verifyBlock, verifyMatch]) {
          expect([1, 3]).toContain(verify({ target, draft, tokens: [token] }, () => u).tokens[0]);
        }
      }
    }
    // The wrong version tests u <= t/d, and lets the zero through at u = 0.
    expect(0 <= target[0][0] / draft[0][0]).toBe(true);
  });

  it('6: penalties and masks of a row see the drafted tokens before it', () => {
    // A grammar: no token twice in a row. Its rows depend on the last token.
    const masked = (context: readonly number[]) =>
      normalized([0.5, 0.3, 0.2].map((p, x) => (x === context[context.length - 1] ? 0 : p)));
    const draft = () => [0.4, 0.3, 0.3];
    const options = { method: 'token', vocab: 3, gamma: 2 } as const;
    const truth = autoregressiveJoint(masked, { vocab: 3, length: 3 });
    const right = exactRound(masked, draft, options).joint;
    right.forEach((p, i) => expect(p).toBeCloseTo(truth[i], 12));
    // The wrong version masks every row of the round by the context before the round.
    const wrong = exactRound((context) => masked(context.slice(0, 0)), draft, options).joint;
    expect(variation([...wrong], [...truth])).toBeGreaterThan(0.2);
  });

  it('7: nothing follows an accepted end of sequence: without a row for it there is no extra token', () => {
    const block = { target: [[0.5, 0.5]], draft: [[0.5, 0.5]], tokens: [1] };
    for (const verify of [verifyTokens, verifyBlock, verifyMatch]) {
      const { tokens, bonus } = verify(block, () => 0.75);
      expect([[...tokens], bonus]).toEqual([[1], false]);
    }
  });
});

describe('uniforms', () => {
  const target = [
    [0.5, 0.5],
    [0.5, 0.5],
    [0.25, 0.75],
  ];
  const block = {
    target,
    draft: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
    tokens: [0, 1],
  };
  const rejected = {
    target: [
      [0, 1],
      [0.5, 0.5],
      [0.5, 0.5],
    ],
    draft: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
    tokens: [0, 1],
  };
  const one = { target: [0.5, 0.5], draft: [0.5, 0.5], tokens: [0, 1] };
  const miss = { target: [0, 1], draft: [1, 0], tokens: [0, 0] };

  it.each([
    ['verifyTokens, all accepted', 3, (rng: () => number) => verifyTokens(block, rng)],
    ['verifyTokens, rejected at once', 2, (rng: () => number) => verifyTokens(rejected, rng)],
    ['verifyTokensFromLogits, all accepted', 3, (rng: () => number) => verifyTokensFromLogits(block, rng)],
    ['verifyBlock, all accepted', 3, (rng: () => number) => verifyBlock(block, rng)],
    ['verifyBlock, rejected', 3, (rng: () => number) => verifyBlock(rejected, rng)],
    ['verifyGreedy', 0, () => verifyGreedy(block)],
    ['verifyTypical by argmax', 0, (rng: () => number) => verifyTypical(block, rng)],
    ['verifyTypical by sampling', 1, (rng: () => number) => verifyTypical(block, rng, { correction: 'sample' })],
    ['verifyMultiDraft, first accepted', 1, (rng: () => number) => verifyMultiDraft(one, rng, { replacement: true })],
    ['verifyMultiDraft, none accepted', 3, (rng: () => number) => verifyMultiDraft(miss, rng, { replacement: true })],
    ['verifyKSeq, first accepted', 1, (rng: () => number) => verifyKSeq(one, rng)],
    ['verifyKSeq, none accepted', 3, (rng: () => number) => verifyKSeq(miss, rng)],
  ] as const)('%s draws %d', (_name, draws, run) => {
    const source = counted(createRng('draws'));
    run(source.rng);
    expect(source.calls()).toBe(draws);
  });

  it('verifyMatch draws one a token it looks at, the last one included', () => {
    const source = counted(createRng('match'));
    const { tested, bonus } = verifyMatch(block, source.rng);
    expect(source.calls()).toBe(tested + Number(bonus));
  });
});

describe('errors', () => {
  const good = {
    target: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
    draft: [[0.5, 0.5]],
    tokens: [0],
  };
  const cases: [string, () => unknown, string][] = [
    ['too few rows', () => verifyTokens({ ...good, target: [] }, () => 0.5), 'target'],
    ['draft rows', () => verifyTokens({ ...good, draft: [] }, () => 0.5), 'draft'],
    ['row lengths', () => verifyTokens({ ...good, draft: [[1]] }, () => 0.5), 'draft[0]'],
    ['token outside', () => verifyTokens({ ...good, tokens: [2] }, () => 0.5), 'tokens[0]'],
    ['token not an integer', () => verifyBlock({ ...good, tokens: [0.5] }, () => 0.5), 'tokens[0]'],
    [
      'NaN read',
      () =>
        verifyTokens(
          {
            ...good,
            target: [
              [NaN, 1],
              [0.5, 0.5],
            ],
          },
          () => 0.5,
        ),
      'target[0]',
    ],
    ['negative read', () => verifyTokens({ ...good, draft: [[-0.5, 1.5]] }, () => 0.5), 'draft[0]'],
    [
      'sum of a row that is summed',
      () =>
        verifyTokens(
          {
            ...good,
            target: [
              [0.5, 0.5],
              [0.5, 0.6],
            ],
          },
          () => 0.1,
        ),
      'target[1]',
    ],
    ['a lying draft', () => verifyTokens({ ...good, draft: [[0, 1]] }, () => 0.5), 'draft[0] gives probability 0'],
    [
      'a lying draft, block',
      () => verifyBlock({ ...good, draft: [[0, 1]] }, () => 0.5),
      'draft[0] gives probability 0',
    ],
    ['lenience 0', () => verifyTokens(good, () => 0.5, { lenience: 0 }), 'lenience'],
    ['lenience above 1', () => verifyTokens(good, () => 0.5, { lenience: 2 }), 'lenience'],
    [
      'NaN logit',
      () =>
        verifyTokensFromLogits(
          {
            ...good,
            target: [
              [NaN, 1],
              [0, 0],
            ],
          },
          () => 0.5,
        ),
      'NaN',
    ],
    [
      'infinite logit',
      () =>
        verifyTokensFromLogits(
          {
            ...good,
            target: [
              [Infinity, 1],
              [0, 0],
            ],
          },
          () => 0.5,
        ),
      'Infinity',
    ],
    [
      'all masked',
      () =>
        verifyTokensFromLogits(
          {
            ...good,
            target: [
              [-Infinity, -Infinity],
              [0, 0],
            ],
          },
          () => 0.5,
        ),
      'all be -Infinity',
    ],
    ['no drafts', () => kSeqPlan([1], [1], 0), 'k must'],
    [
      'too many support sets',
      () => otmPlan(new Array<number>(40).fill(1 / 40), new Array<number>(40).fill(1 / 40), { k: 6 }),
      'sets of drafts',
    ],
  ];
  it.each(cases)('%s', (_name, run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });

  it('a row that is never reached is not looked at', () => {
    const lazy = {
      target: [
        [0, 1],
        [NaN, NaN],
      ],
      draft: [[1, 0]],
      tokens: [0],
    };
    expect([...verifyTokens(lazy, () => 0.5).tokens]).toEqual([1]);
  });
});
