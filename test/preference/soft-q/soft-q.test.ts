import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inverseSoftBellman,
  inverseSoftQLoss,
  klRegularizedOptimum,
  mleUtilityStep,
  prefixIndex,
  softTreeSolve,
  softValueIteration,
  telescopedReward,
  tokenBeamSearch,
  type TokenRewardTree,
} from '../../../src/preference/index.js';
import { softmax } from '../../../src/special/index.js';

const finite = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });

/** Trees of V tokens and depth T with random references and rewards. */
const trees = fc.constantFrom<[number, number]>([2, 4], [3, 3], [4, 2], [1, 3], [5, 1]).chain(([vocab, depth]) => {
  let nodes = 0;
  for (let t = 0; t < depth; t++) nodes += vocab ** t;
  const table = fc.array(fc.array(finite(-2, 2), { minLength: vocab, maxLength: vocab }), {
    minLength: nodes,
    maxLength: nodes,
  });
  return fc.record({
    vocab: fc.constant(vocab),
    depth: fc.constant(depth),
    ref: table.map((rows) => rows.map((row) => Array.from(softmax(row)))),
    rewards: table,
  });
});

type Plain = TokenRewardTree & { ref: number[][]; rewards: number[][] };

const sequences = (V: number, T: number): number[][] =>
  T === 0 ? [[]] : sequences(V, T - 1).flatMap((s) => Array.from({ length: V }, (_, a) => [...s, a]));
const along = (table: ArrayLike<number>, V: number, sequence: number[]) =>
  sequence.map((a, t) => table[prefixIndex(sequence.slice(0, t), V) * V + a]);
const add = (a: number, b: number) => a + b;

describe('softTreeSolve', () => {
  it('is the KL-regularized optimum over whole sequences, by enumeration', () => {
    fc.assert(
      fc.property(trees, finite(0.2, 3), (tree: Plain, beta) => {
        const { vocab: V, depth: T } = tree;
        const solved = softTreeSolve(tree, { beta });
        const all = sequences(V, T);
        const ref = all.map((s) => along(tree.ref.flat(), V, s).reduce((a, b) => a * b, 1));
        const total = all.map((s) => along(tree.rewards.flat(), V, s).reduce(add, 0));
        const scale = ref.reduce(add, 0);
        const { policy, value } = klRegularizedOptimum(
          ref.map((p) => p / scale),
          total,
          { beta },
        );
        expect(solved.rootValue).toBeCloseTo(value, 10);
        all.forEach((s, i) => {
          expect(along(solved.policy, V, s).reduce((a, b) => a * b, 1)).toBeCloseTo(policy[i], 11);
        });
        const best = Math.max(...total);
        expect(total[all.findIndex((s) => s.join() === Array.from(solved.maxRewardSequence).join())]).toBeCloseTo(
          best,
          12,
        );
        const likely = all.findIndex((s) => s.join() === Array.from(solved.mostLikelySequence).join());
        expect(policy[likely]).toBeCloseTo(Math.max(...policy), 12);
      }),
      { numRuns: 60 },
    );
  });

  it('telescopes on every prefix: β log(π*/π_ref) = rewards - V(s₀) + V(s_k)', () => {
    fc.assert(
      fc.property(trees, finite(0.2, 3), (tree: Plain, beta) => {
        for (let k = 0; k <= tree.depth; k++) {
          for (const prefix of sequences(tree.vocab, k)) {
            const { logRatio, rewardPlusValue } = telescopedReward(tree, prefix, { beta });
            expect(logRatio).toBeCloseTo(rewardPlusValue, 10);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('ties go to the lexicographically first sequence, and impossible tokens stay out', () => {
    const tree = {
      vocab: 2,
      depth: 2,
      ref: [
        [0.5, 0.5],
        [0.5, 0.5],
        [0, 1],
      ],
      rewards: [
        [0, 0],
        [0, 0],
        [9, 0],
      ],
    };
    const solved = softTreeSolve(tree, { beta: 1 });
    expect(Array.from(solved.maxRewardSequence)).toEqual([0, 0]);
    expect(solved.policy[4]).toBe(0);
    expect(solved.q[4]).toBe(-Infinity);
    expect(Array.from(solved.mostLikelySequence)).toEqual([1, 1]);
  });

  it('survives a small temperature', () => {
    const tree = { vocab: 2, depth: 1, ref: [[0.5, 0.5]], rewards: [[1000, -1000]] };
    const { rootValue, policy } = softTreeSolve(tree, { beta: 1e-3 });
    expect(rootValue).toBeCloseTo(1000 - 1e-3 * Math.LN2, 9);
    expect(Array.from(policy)).toEqual([1, 0]);
  });

  const tree = { vocab: 2, depth: 1, ref: [[0.5, 0.5]], rewards: [[0, 0]] };
  it.each([
    [{ vocab: 0 }, {}, 'vocab'],
    [{ depth: 2 }, {}, 'ref must be 3 × 2'],
    [{ depth: 100 }, {}, 'depth must leave'],
    [{ ref: [[0.5, 0.6]] }, {}, 'ref[0] must sum to 1'],
    [{ rewards: [[0, Infinity]] }, {}, 'rewards[0][1]'],
    [{}, { beta: 0 }, 'beta'],
  ])('bad argument %#', (change, options, message) => {
    expect(() => softTreeSolve({ ...tree, ...change }, { beta: 1, ...options })).toThrow(message);
  });

  it('prefixIndex counts in order of length, then lexicographically', () => {
    const order = [0, 1, 2, 3].flatMap((k) => sequences(3, k));
    order.forEach((prefix, i) => expect(prefixIndex(prefix, 3)).toBe(i));
    expect(() => prefixIndex([3], 3)).toThrow('prefix[0]');
    expect(() => telescopedReward(tree, [0, 0], { beta: 1 })).toThrow('prefix must have at most 1');
  });
});

describe('softValueIteration', () => {
  it('solves a tree as softTreeSolve does', () => {
    fc.assert(
      fc.property(trees, finite(0.3, 2), (tree: Plain, beta) => {
        const { vocab: V } = tree;
        const S = tree.rewards.length;
        const transitions = Array.from({ length: S * V }, (_, i) => {
          const child = Math.floor(i / V) * V + 1 + (i % V);
          return Array.from({ length: S }, (__, s) => (s === child ? 1 : 0));
        });
        const result = softValueIteration({ transitions, rewards: tree.rewards, ref: tree.ref }, { beta, gamma: 1 });
        const solved = softTreeSolve(tree, { beta });
        expect(result.converged).toBe(true);
        result.values.forEach((v, s) => expect(v).toBeCloseTo(solved.values[s], 10));
        result.policy.forEach((p, i) => expect(p).toBeCloseTo(solved.policy[i], 10));
      }),
      { numRuns: 30 },
    );
  });

  const loop = {
    transitions: [
      [0.5, 0.5],
      [0, 1],
      [1, 0],
      [0.2, 0.8],
    ],
    rewards: [
      [1, 0],
      [0.5, -1],
    ],
  };

  it('satisfies the soft Bellman equation, and the inverse operator returns the reward', () => {
    const [beta, gamma] = [0.7, 0.9];
    const { values, q, policy, converged } = softValueIteration(loop, { beta, gamma, tolerance: 1e-14 });
    expect(converged).toBe(true);
    for (let s = 0; s < 2; s++) {
      const logits = [q[2 * s], q[2 * s + 1]].map((x) => x / beta);
      expect(values[s]).toBeCloseTo(beta * Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)), 12);
      expect(policy[2 * s] + policy[2 * s + 1]).toBeCloseTo(1, 13);
    }
    // Along the deterministic moves 0 -(1)-> 1 -(0)-> 0 the reward comes back.
    const r = inverseSoftBellman([q[1], q[2]], [values[0], values[1]], { beta, gamma, terminalValue: values[0] });
    expect(r[0]).toBeCloseTo(0, 12);
    expect(r[1]).toBeCloseTo(0.5, 12);
  });

  it('tends to ordinary value iteration as β falls', () => {
    const { values } = softValueIteration(loop, { beta: 1e-5, gamma: 0.9 });
    const hard = [0, 0];
    for (let k = 0; k < 2000; k++) {
      const [a, b] = hard;
      hard[0] = Math.max(1 + 0.9 * (0.5 * a + 0.5 * b), 0.9 * b);
      hard[1] = Math.max(0.5 + 0.9 * a, -1 + 0.9 * (0.2 * a + 0.8 * b));
    }
    values.forEach((v, s) => expect(Math.abs(v - hard[s])).toBeLessThan(1e-3));
  });

  it('says when it ran out of iterations', () => {
    const result = softValueIteration(loop, { beta: 1, gamma: 1, maxIterations: 5 });
    expect([result.status, result.converged, result.iterations]).toEqual(['max-iterations', false, 5]);
  });

  it.each([
    [
      () => softValueIteration({ ...loop, transitions: [[1, 0]] }, { beta: 1, gamma: 0.5 }),
      'transitions must be 4 × 2',
    ],
    [
      () =>
        softValueIteration(
          {
            ...loop,
            transitions: [
              [1, 1],
              [1, 0],
              [1, 0],
              [1, 0],
            ],
          },
          { beta: 1, gamma: 0.5 },
        ),
      'transitions[0] must add up',
    ],
    [() => softValueIteration({ ...loop, ref: [[1]] }, { beta: 1, gamma: 0.5 }), 'ref must be 2 × 2'],
    [
      () =>
        softValueIteration(
          {
            ...loop,
            ref: [
              [0, 0],
              [1, 0],
            ],
          },
          { beta: 1, gamma: 0.5 },
        ),
      'ref must allow an action',
    ],
    [() => softValueIteration(loop, { beta: 1, gamma: 1.5 }), 'gamma'],
    [() => inverseSoftBellman([1], [1, 2], { beta: 1 }), 'v must have length 1'],
    [() => inverseSoftBellman([1], [1], { beta: 1, ref: [0] }), 'ref[0]'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('tokenBeamSearch', () => {
  const models = (tree: Plain, beta: number) => {
    const { policy } = softTreeSolve(tree, { beta });
    const rowOf = (table: ArrayLike<number>) => (prefix: readonly number[]) => {
      const k = prefixIndex(prefix, tree.vocab);
      return Array.from({ length: tree.vocab }, (_, a) => Math.log(table[k * tree.vocab + a]));
    };
    return { logProb: rowOf(policy), refLogProb: rowOf(tree.ref.flat()) };
  };

  it('of exhaustive width finds the likeliest sequence, and by ratio the one of largest reward', () => {
    fc.assert(
      fc.property(trees, finite(0.3, 2), (tree: Plain, beta) => {
        const { vocab, depth } = tree;
        const { logProb, refLogProb } = models(tree, beta);
        const width = vocab ** depth;
        const solved = softTreeSolve(tree, { beta });
        const likely = tokenBeamSearch(logProb, { vocab, depth, width });
        const total = (s: number[]) => along(tree.rewards.flat(), vocab, s).reduce(add, 0);
        expect(likely.best.score).toBeCloseTo(
          along(solved.policy, vocab, Array.from(solved.mostLikelySequence)).map(Math.log).reduce(add, 0),
          10,
        );
        const ratio = tokenBeamSearch(logProb, { vocab, depth, width, score: 'ratio', refLogProb });
        expect(total(ratio.best.sequence)).toBeCloseTo(total(Array.from(solved.maxRewardSequence)), 10);
        // Rewards, up to the value of the root and the factor β.
        for (const { sequence, score } of ratio.beams) {
          expect(beta * score).toBeCloseTo(total(sequence) - solved.rootValue, 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of width 1 is greedy', () => {
    fc.assert(
      fc.property(trees, (tree: Plain) => {
        const { logProb } = models(tree, 1);
        const { vocab, depth } = tree;
        const greedy: number[] = [];
        for (let t = 0; t < depth; t++) {
          const row = Array.from(logProb(greedy));
          greedy.push(row.indexOf(Math.max(...row)));
        }
        const { best, expansions, beams } = tokenBeamSearch(logProb, { vocab, depth, width: 1 });
        expect(best.sequence).toEqual(greedy);
        expect([expansions, beams.length]).toEqual([depth, 1]);
      }),
      { numRuns: 40 },
    );
  });

  it('equal scores come in lexicographic order', () => {
    const { beams } = tokenBeamSearch(() => [-1, -1], { vocab: 2, depth: 2, width: 4 });
    expect(beams.map(({ sequence }) => sequence.join(''))).toEqual(['00', '01', '10', '11']);
  });

  it.each([
    [() => tokenBeamSearch(() => [0], { vocab: 2, depth: 1, width: 1 }), 'logProb must give 2'],
    [() => tokenBeamSearch(() => [NaN], { vocab: 1, depth: 1, width: 1 }), 'logProb gave NaN'],
    [() => tokenBeamSearch(() => [0], { vocab: 1, depth: 1, width: 0 }), 'width'],
    [() => tokenBeamSearch(() => [0], { vocab: 1, depth: 1, width: 1, score: 'ratio' }), 'refLogProb is required'],
    [() => tokenBeamSearch(() => [-Infinity], { vocab: 1, depth: 1, width: 1 }), 'must allow a token'],
    [
      () => tokenBeamSearch(() => [0], { vocab: 1, depth: 1, width: 1, score: 'ratio', refLogProb: () => [-Infinity] }),
      'refLogProb must be above -Infinity',
    ],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('inverseSoftQLoss', () => {
  const inputs = fc.record({
    logits: fc.array(finite(-3, 3), { minLength: 12, maxLength: 12 }),
    actions: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    lambda: finite(0, 2),
    gamma: finite(0, 1),
    terminalValue: finite(-1, 1),
  });

  it('its gradient agrees with central differences', () => {
    fc.assert(
      fc.property(inputs, ({ logits, actions, ...options }) => {
        const { gradLogits } = inverseSoftQLoss(logits, actions, options);
        gradLogits.forEach((g, i) => {
          const at = (h: number) =>
            inverseSoftQLoss(
              logits.map((x, j) => (j === i ? x + h : x)),
              actions,
              options,
            ).loss;
          expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - g)).toBeLessThan(1e-6 * Math.max(1, Math.abs(g)));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('without penalty it is maximum likelihood, blind to a shift of a row that the penalty sees', () => {
    const [logits, actions] = [
      [1, 0, -1, 0.5, 2, 0],
      [1, 0],
    ];
    const shifted = logits.map((x, i) => (i < 3 ? x + 7 : x));
    const nll = -Math.log(softmax(logits.slice(0, 3))[1]) - Math.log(softmax(logits.slice(3))[0]);
    expect(inverseSoftQLoss(logits, actions, { lambda: 0 }).loss).toBeCloseTo(nll, 12);
    expect(inverseSoftQLoss(shifted, actions, { lambda: 0 }).loss).toBeCloseTo(nll, 12);
    expect(inverseSoftQLoss(shifted, actions).loss).toBeGreaterThan(inverseSoftQLoss(logits, actions).loss + 1);
  });

  it('its rewards are those of the inverse soft Bellman operator', () => {
    fc.assert(
      fc.property(inputs, ({ logits, actions, ...options }) => {
        const { rewards, nll } = inverseSoftQLoss(logits, actions, options);
        const v = [0, 1, 2, 3].map((t) =>
          Math.log(logits.slice(3 * t, 3 * t + 3).reduce((s, x) => s + Math.exp(x), 0)),
        );
        const q = actions.map((a, t) => logits[3 * t + a]);
        const { gamma, terminalValue } = options;
        inverseSoftBellman(q, v, { beta: 1, gamma, terminalValue }).forEach((r, t) =>
          expect(rewards[t]).toBeCloseTo(r, 12),
        );
        // Telescoping: with γ = 1 the rewards add up to V(s₀) - terminal - nll.
        const full = inverseSoftQLoss(logits, actions, { gamma: 1, terminalValue });
        expect(full.rewards.reduce(add)).toBeCloseTo(v[0] - terminalValue - nll, 11);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [() => inverseSoftQLoss([], []), 'actions must not be empty'],
    [() => inverseSoftQLoss([1, 2, 3], [0, 0]), 'logits must have a length that is a multiple of 2'],
    [() => inverseSoftQLoss([1, 2], [2]), 'actions[0]'],
    [() => inverseSoftQLoss([1, NaN], [0]), 'logits[1]'],
    [() => inverseSoftQLoss([1, 2], [0], { lambda: -1 }), 'lambda'],
    [() => mleUtilityStep([1, 2], 2, { learningRate: 1 }), 'label'],
    [() => mleUtilityStep([1, 2], 0, { learningRate: 0 }), 'learningRate'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });

  it('a maximum-likelihood step raises the label, lowers every other, and keeps the sum of utilities', () => {
    fc.assert(
      fc.property(
        fc.array(finite(-4, 4), { minLength: 2, maxLength: 6 }),
        fc.nat(1),
        finite(0.01, 3),
        (logits, label, rate) => {
          const next = mleUtilityStep(logits, label, { learningRate: rate });
          const p = softmax(logits);
          next.forEach((x, i) => {
            expect(x - logits[i]).toBeCloseTo(rate * ((i === label ? 1 : 0) - p[i]), 12);
            expect(x > logits[i]).toBe(i === label);
          });
          expect(next.reduce(add)).toBeCloseTo(logits.reduce(add), 11);
          const out = Float64Array.from(logits);
          expect(mleUtilityStep(out, label, { learningRate: rate }, out)).toBe(out);
          expect(out).toEqual(next);
        },
      ),
      { numRuns: 100 },
    );
  });
});
