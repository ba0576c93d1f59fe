// Trees of drafts: their making, their verification against the enumerated laws, and the shape that accepts most.
import { describe, expect, it } from 'vitest';
import {
  autoregressiveJoint,
  buildTreeIid,
  buildTreeStochasticBeam,
  buildTreeWithoutReplacement,
  type ContextRows,
  exactTreeRound,
  flattenPaths,
  optimalTreeShape,
  tokenTree,
  type TokenTree,
  treeAttentionMask,
  treeChildren,
  treePath,
  treePositions,
  verifyTree,
  type VerifyTreeOptions,
} from '../../src/decoding/index.js';
import { createRng, type Rng, sampleCategorical } from '../../src/random/index.js';
import { counted, expectCounts } from '../support/fit.js';
import { largestDifference, normalized, randomModels } from './random-rows.js';

const TOLERANCE = 1e-12;

/** Target rows of a tree: after the context, then after every node. */
function scored(tree: TokenTree, target: ContextRows): ArrayLike<number>[] {
  return [target([]), ...Array.from(tree.tokens.keys(), (i) => target(treePath(tree, i)))];
}

const builders: [string, (draft: ContextRows, rng: Rng) => TokenTree, VerifyTreeOptions][] = [
  ['independent', (draft, rng) => buildTreeIid(draft, rng, { branching: [2, 2] }), { replacement: true }],
  [
    'independent, k-SEQ',
    (draft, rng) => buildTreeIid(draft, rng, { branching: [2, 2] }),
    { replacement: true, verifier: 'kseq' },
  ],
  [
    'sequences, k-SEQ',
    (draft, rng) => buildTreeIid(draft, rng, { branching: [4, 1] }),
    { replacement: true, verifier: 'kseq', mergeEqual: true },
  ],
  [
    'sequences, recursive',
    (draft, rng) => buildTreeIid(draft, rng, { branching: [4, 1] }),
    { replacement: true, mergeEqual: true },
  ],
  ['RSD-C', (draft, rng) => buildTreeWithoutReplacement(draft, rng, { branching: [2, 2] }), {}],
  ['RSD-S', (draft, rng) => buildTreeStochasticBeam(draft, rng, { width: 2, depth: 2 }), {}],
];

describe('the exact law of a tree', () => {
  it.each([
    ['recursive, independent', { replacement: true }],
    ['recursive, without replacement', { replacement: false }],
    ['k-SEQ', { replacement: true, verifier: 'kseq' }],
  ] as const)('%s: the joint law is the target’s, with zeros, point masses and disjoint supports', (name, options) => {
    const sizes = createRng('tree sizes', name);
    for (let round = 0; round < 40; round++) {
      const vocab = 1 + Math.floor(4 * sizes());
      const branching = Array.from({ length: 1 + Math.floor(2 * sizes()) }, () => 1 + Math.floor(3 * sizes()));
      const { target, draft } = randomModels(vocab, 'tree', name, round);
      const { joint, acceptedDepth, expectedTokens } = exactTreeRound(target, draft, { vocab, branching, ...options });
      const law = autoregressiveJoint(target, { vocab, length: branching.length + 1 });
      expect(largestDifference(joint, law)).toBeLessThan(TOLERANCE);
      expect(Math.abs(acceptedDepth.reduce((a, b) => a + b) - 1)).toBeLessThan(TOLERANCE);
      expect(expectedTokens).toBeCloseTo(1 + acceptedDepth.reduce((sum, p, k) => sum + k * p, 0), 12);
    }
  });
});

describe('building and verifying', () => {
  const V = 3;

  it.each(builders)('%s: the first three tokens follow the target, chi-square at 1e-9', (name, build, options) => {
    for (const instance of [1, 4]) {
      const { target, draft } = randomModels(V, 'verify tree', instance);
      const rng = createRng('verify tree', name, instance);
      const n = 3000;
      const counts = new Float64Array(V ** 3);
      const depths = new Float64Array(3);
      for (let i = 0; i < n; i++) {
        const tree = build(draft, rng);
        const result = verifyTree({ tree, target: scored(tree, target) }, rng, options);
        depths[result.accepted] += 1;
        const output = Array.from(result.tokens);
        expect(output).toHaveLength(result.accepted + 1);
        expect(result.lossless).toBe(true);
        const last = result.accepted === 0 ? -1 : result.path[result.accepted - 1];
        expect(last < 0 ? [] : treePath(tree, last)).toEqual(output.slice(0, result.accepted));
        while (output.length < 3) output.push(sampleCategorical(target(output), rng));
        counts[output.reduce((code, token) => code * V + token, 0)] += 1;
      }
      const law = autoregressiveJoint(target, { vocab: V, length: 3 });
      law.forEach((p, i) => p === 0 && expect(counts[i]).toBe(0));
      expectCounts(
        counts,
        law.map((p) => n * p),
      );
      // The number of drafts at a node is random there, so no enumeration of depths.
      if (name === 'RSD-S' || options.mergeEqual === true) continue;
      const exact = exactTreeRound(target, draft, {
        vocab: V,
        branching: [2, 2],
        replacement: options.replacement ?? false,
        verifier: options.verifier === 'kseq' ? 'kseq' : 'recursive',
      });
      expectCounts(
        depths,
        exact.acceptedDepth.map((p) => n * p),
      );
    }
  });

  it('merged equals verify with all their children: of four sequences that agree at first, four drafts at the second place', () => {
    const draft = (path: readonly number[]) => (path.length === 0 ? [1, 0] : [0.5, 0.5]);
    const target = (path: readonly number[]) => (path.length === 0 ? [1, 0] : [0, 1]);
    const rng = createRng('merge');
    const n = 4000;
    for (const [mergeEqual, passes] of [
      [false, 0.5],
      [true, 1 - 0.5 ** 4],
    ] as const) {
      let second = 0;
      for (let i = 0; i < n; i++) {
        const tree = buildTreeIid(draft, rng, { branching: [4, 1] });
        const { accepted, tokens } = verifyTree({ tree, target: scored(tree, target) }, rng, {
          replacement: true,
          mergeEqual,
        });
        expect([...tokens.slice(0, 2)]).toEqual([0, 1]);
        second += accepted === 2 ? 1 : 0;
      }
      // The target wants token 1 for sure: it comes as a draft iff one of those looked at is token 1.
      expectCounts([second, n - second], [n * passes, n * (1 - passes)]);
    }
  });

  it('independent children may be equal and stay apart; those without replacement differ', () => {
    const even = () => [0.5, 0.5];
    const iid = buildTreeIid(even, createRng('iid'), { branching: [4, 1] });
    expect(iid.tokens).toHaveLength(8);
    expect(new Set(treeChildren(iid, -1).map((i) => iid.tokens[i])).size).toBeLessThan(4);
    const without = buildTreeWithoutReplacement(even, createRng('without'), { branching: [4, 4] });
    expect(without.tokens).toHaveLength(6); // two tokens, two children each
    for (const node of [-1, 0, 1])
      expect(new Set(treeChildren(without, node).map((i) => without.tokens[i])).size).toBe(2);
    const beam = buildTreeStochasticBeam(even, createRng('beam'), { width: 3, depth: 3 });
    expect([1, 2, 3].map((l) => beam.depth.filter((depth) => depth === l).length)).toEqual([2, 3, 3]);
  });

  it('an end of sequence gets no children, and nothing is drawn after it', () => {
    const tree = buildTreeWithoutReplacement(() => [0.5, 0.5], createRng('eos'), { branching: [2, 2], eos: 1 });
    const ended = Array.from(tree.tokens.keys()).filter((i) => tree.tokens[i] === 1);
    for (const i of ended) expect(treeChildren(tree, i)).toEqual([]);
    const target = Array.from({ length: tree.tokens.length + 1 }, () => [0, 1]);
    const { tokens, bonus } = verifyTree({ tree, target }, createRng('eos'), { eos: 1 });
    expect([[...tokens], bonus]).toEqual([[1], false]);
  });

  it('uniforms: one a child drawn independently, one a token without replacement, one more for the root of a beam', () => {
    const rows = () => [0.5, 0.25, 0.25, 0];
    for (const [build, draws] of [
      [(rng: Rng) => buildTreeIid(rows, rng, { branching: [2, 3] }), 2 + 2 * 3],
      [(rng: Rng) => buildTreeWithoutReplacement(rows, rng, { branching: [2, 3] }), 3 + 2 * 3],
      [(rng: Rng) => buildTreeStochasticBeam(rows, rng, { width: 2, depth: 2 }), 1 + 3 + 2 * 3],
    ] as const) {
      const source = counted(createRng('tree draws'));
      build(source.rng);
      expect(source.calls()).toBe(draws);
    }
    const chain = buildTreeIid(() => [1, 0], createRng('chain'), { branching: [1, 1] });
    const certain = [
      [1, 0],
      [1, 0],
      [1, 0],
    ];
    for (const [verifier, draws] of [
      ['recursive', 3],
      ['kseq', 3],
      ['greedy', 0],
      ['typical', 0],
    ] as const) {
      const source = counted(createRng('verify draws'));
      const result = verifyTree({ tree: chain, target: certain }, source.rng, { verifier, replacement: true });
      expect([[...result.tokens], result.bonus]).toEqual([[0, 0, 0], true]);
      expect(source.calls()).toBe(draws);
    }
  });

  it('greedy follows the argmax of the target as far as the tree has it', () => {
    const { target, draft } = randomModels(V, 'greedy tree');
    const argmax = (row: ArrayLike<number>) => Array.from(row).indexOf(Math.max(...Array.from(row)));
    for (let i = 0; i < 50; i++) {
      const tree = buildTreeIid(draft, createRng('greedy tree', i), { branching: [2, 2] });
      const { tokens } = verifyTree({ tree, target: scored(tree, target) }, createRng(0), { verifier: 'greedy' });
      const greedy: number[] = [];
      while (greedy.length < tokens.length) greedy.push(argmax(target(greedy)));
      expect([...tokens]).toEqual(greedy);
      const inTree = flattenPaths(tree).some((path) => path.slice(0, tokens.length).join() === greedy.join());
      if (tokens.length < 3) expect(inTree).toBe(false);
    }
  });

  it('typical takes the path with the longest accepted prefix', () => {
    const tree = tokenTree([
      { token: 1, parent: -1 },
      { token: 0, parent: -1 },
      { token: 0, parent: 1 },
    ]);
    const sure = [0.95, 0.05];
    const { tokens, lossless, path } = verifyTree({ tree, target: [sure, sure, sure, sure] }, createRng(0), {
      verifier: 'typical',
    });
    expect([[...tokens], [...path], lossless]).toEqual([[0, 0, 0], [1, 2], false]);
  });

  it('a vocabulary of one token is always accepted', () => {
    const one = () => [1];
    for (const [, build, options] of builders) {
      const rng = createRng('one');
      const tree = build(one, rng);
      expect([...verifyTree({ tree, target: scored(tree, one) }, rng, options).tokens]).toEqual([0, 0, 0]);
    }
  });

  it('names what is wrong', () => {
    const rng = createRng('errors');
    const tree = buildTreeIid(() => [0.5, 0.5], rng, { branching: [1] });
    const rows = [
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    const cases: [() => unknown, string][] = [
      [() => verifyTree({ tree, target: rows.slice(1) }, rng), 'target must have 2 rows'],
      [() => verifyTree({ tree, target: rows }, rng, { verifier: 'kseq' }), 'replacement must be true'],
      [() => verifyTree({ tree, target: rows }, rng, { mergeEqual: true }), 'replacement must be true for mergeEqual'],
      [() => verifyTree({ tree, target: rows }, rng, { verifier: 'best' as 'kseq' }), 'verifier must'],
      [() => verifyTree({ tree: tokenTree([{ token: 0, parent: -1 }]), target: rows }, rng), 'tree.draft(-1) must'],
      [() => verifyTree({ tree, target: [[NaN, NaN], rows[1]] }, () => 0.5), 'target'],
      [() => tokenTree([{ token: 0, parent: 0 }]), 'nodes[0].parent'],
      [
        () =>
          tokenTree([
            { token: 0, parent: -1 },
            { token: 0, parent: 0 },
            { token: 0, parent: -1 },
          ]),
        'nodes[2] must not come after',
      ],
      [() => buildTreeIid(() => [1], rng, { branching: [] }), 'branching must not be empty'],
      [() => buildTreeWithoutReplacement(() => [1], rng, { branching: [0] }), 'branching[0]'],
      [() => buildTreeStochasticBeam(() => [1], rng, { width: 0, depth: 1 }), 'width must'],
      [() => buildTreeStochasticBeam(() => [1], rng, { width: 1, depth: 1.5 }), 'depth must'],
    ];
    for (const [run, message] of cases) {
      expect(run).toThrow(RangeError);
      expect(run).toThrow(message);
    }
  });
});

describe('what the target needs to score a tree at once', () => {
  it('the mask shows every node exactly its path, and the paths end in the leaves', () => {
    const tree = buildTreeWithoutReplacement(() => [0.4, 0.3, 0.3], createRng('mask'), { branching: [2, 2, 1] });
    const n = tree.tokens.length;
    const mask = treeAttentionMask(tree);
    for (let i = 0; i < n; i++) {
      const seen = Array.from(mask.subarray(i * n, i * n + n).entries())
        .filter(([, bit]) => bit === 1)
        .map(([j]) => tree.tokens[j]);
      expect(seen).toEqual(treePath(tree, i));
      expect(treePositions(tree)[i]).toBe(seen.length - 1);
      expect(treeChildren(tree, i).map((child) => tree.order[child])).toEqual(treeChildren(tree, i).map((_, k) => k));
    }
    expect(flattenPaths(tree)).toHaveLength(4);
    for (const path of flattenPaths(tree)) expect(path).toHaveLength(3);
  });
});

describe('the shape of a tree', () => {
  /** Expected tokens of a shape: the sum over nodes of the product of the acceptances on the way. */
  function value(acceptance: number[], parent: number[], order: number[]): number {
    const reach = [1];
    for (let i = 1; i < parent.length; i++) reach.push(reach[parent[i]] * acceptance[order[i]]);
    return reach.reduce((a, b) => a + b);
  }

  /** Every shape with at most `budget` nodes, children filled from the first on, as lists of subtrees. */
  type Shape = Shape[];
  function shapes(nodes: number, depth: number, most: number): Shape[] {
    if (nodes === 1) return [[]];
    if (depth === 1) return [];
    return forests(nodes - 1, depth - 1, most, most);
  }
  function forests(nodes: number, depth: number, most: number, width: number): Shape[] {
    if (nodes === 0) return [[]];
    if (width === 0) return [];
    const found: Shape[] = [];
    for (let size = 1; size <= nodes; size++) {
      for (const first of shapes(size, depth, most)) {
        for (const rest of forests(nodes - size, depth, most, width - 1)) found.push([first, ...rest]);
      }
    }
    return found;
  }
  const worth = (shape: Shape, p: number[]): number => shape.reduce((sum, child, b) => sum + p[b] * worth(child, p), 1);

  it('is the best of all shapes, by enumeration', () => {
    const rng = createRng('shapes');
    for (let round = 0; round < 12; round++) {
      const raw = Array.from({ length: 2 + (round % 2) }, () => rng());
      const acceptance = normalized(raw).map((p) => p * rng());
      for (const budget of [1, 4, 7]) {
        for (const maxDepth of [1, 3, 5]) {
          let best = 0;
          for (let m = 1; m <= budget; m++) {
            for (const shape of shapes(m, maxDepth, acceptance.length)) best = Math.max(best, worth(shape, acceptance));
          }
          const { expectedTokens, parent, order } = optimalTreeShape(acceptance, { budget, maxDepth });
          expect(expectedTokens).toBeCloseTo(best, 12);
          expect(value(acceptance, parent, order)).toBeCloseTo(expectedTokens, 12);
          expect(parent.length).toBeLessThanOrEqual(budget);
        }
      }
    }
  });

  it('with times it picks the budget and the depth: no other gives fewer seconds a token', () => {
    const acceptance = [0.6, 0.2, 0.1];
    for (const [draft, slope] of [
      [0.02, 0.001],
      [0.1, 0.02],
      [0.3, 0.2],
      [0, 0],
    ]) {
      const target = (nodes: number) => 1 + slope * nodes;
      const { parent, expectedTokens } = optimalTreeShape(acceptance, {
        budget: 16,
        maxDepth: 6,
        times: { draft, target },
      });
      const depth = parent.map(() => 0);
      parent.forEach((p, i) => i > 0 && (depth[i] = depth[p] + 1));
      const cost = (Math.max(...depth) * draft + target(parent.length)) / expectedTokens;
      for (let budget = 1; budget <= 16; budget++) {
        for (let maxDepth = 1; maxDepth <= 6; maxDepth++) {
          const other = optimalTreeShape(acceptance, { budget, maxDepth });
          const levels = other.parent.map(() => 0);
          other.parent.forEach((p, i) => i > 0 && (levels[i] = levels[p] + 1));
          const otherCost = (Math.max(...levels) * draft + target(other.parent.length)) / other.expectedTokens;
          expect(cost).toBeLessThanOrEqual(otherCost + 1e-12);
        }
      }
    }
    // A target call that costs nothing more for more nodes: the whole budget; one that costs much: no tree at all.
    const free = { draft: 0, target: () => 1 };
    expect(optimalTreeShape(acceptance, { budget: 16, maxDepth: 6, times: free }).parent).toHaveLength(16);
    const dear = { draft: 1, target: (nodes: number) => nodes };
    expect(optimalTreeShape(acceptance, { budget: 16, maxDepth: 6, times: dear }).parent).toHaveLength(1);
  });

  it('names what is wrong', () => {
    expect(() => optimalTreeShape([0.5], { budget: 0, maxDepth: 1 })).toThrow('budget must');
    expect(() => optimalTreeShape([0.5], { budget: 1, maxDepth: 0.5 })).toThrow('maxDepth must');
    expect(() => optimalTreeShape([1.5], { budget: 1, maxDepth: 1 })).toThrow('acceptance[0] must');
    expect(() => optimalTreeShape([0.7, 0.7], { budget: 1, maxDepth: 1 })).toThrow('acceptance must sum');
  });
});
