import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/index.js';
import {
  beamSearchWithProgress,
  game24Problem,
  type SearchProblem,
  stepBeamSearch,
  stepBeamSearchAsync,
} from '../../src/search/index.js';
import { tree, type TreeNode } from './tree.js';

const rng = createRng('unused');

const problemOf = (root: TreeNode): SearchProblem<TreeNode, number> => ({
  root,
  value: ({ value }) => value,
  expand: ({ children }, samples) =>
    children.slice(0, samples).map((state, action) => ({
      action,
      state,
      prior: 1,
      ...(state.reward === undefined ? {} : { terminal: true, reward: state.reward }),
    })),
});

describe('stepBeamSearch', () => {
  it('is Algorithm 2 of the paper: keep the best over all, and narrow the beam by every answer', () => {
    fc.assert(
      fc.property(tree(4), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), (root, beam, maxDepth) => {
        const { finished, open } = stepBeamSearch(problemOf(root), rng, { beam, maxDepth });
        let width = beam;
        let level: { node: TreeNode; actions: number[] }[] = [{ node: root, actions: [] }];
        const answers: { actions: number[]; score: number }[] = [];
        for (let depth = 0; depth < maxDepth && width > 0; depth++) {
          const score = ({ node }: { node: TreeNode }) => node.reward ?? node.value;
          const candidates = level.flatMap(({ node, actions }) =>
            node.children.map((child, i) => ({ node: child, actions: [...actions, i] })),
          );
          const kept = candidates.sort((a, b) => score(b) - score(a)).slice(0, width);
          for (const path of kept.filter(({ node }) => node.reward !== undefined)) {
            answers.push({ actions: path.actions, score: score(path) });
            width -= 1;
          }
          level = kept.filter(({ node }) => node.reward === undefined);
        }
        answers.sort((a, b) => b.score - a.score);
        expect(finished.map(({ actions, score }) => ({ actions, score }))).toEqual(answers);
        expect(open.map(({ actions }) => actions)).toEqual(level.map(({ actions }) => actions));
      }),
    );
  });

  it('a beam as wide as the tree finds every answer', () => {
    const { finished } = stepBeamSearch(game24Problem([4, 4, 6, 8]), rng, { beam: 100_000, samples: 100, maxDepth: 3 });
    expect(finished[0].reward).toBe(1);
    expect(finished[finished.length - 1].reward).toBe(-1);
  });

  it('gives the same beam when the problem answers later', async () => {
    const problem = game24Problem([2, 3, 5, 12]);
    const later = { ...problem, value: async (state: typeof problem.root) => problem.value(state) };
    const options = { beam: 5, samples: 40, maxDepth: 3 };
    expect(await stepBeamSearchAsync(later, rng, options)).toEqual(stepBeamSearch(problem, rng, options));
  });

  it('names the option it refuses', () => {
    for (const key of ['beam', 'samples', 'maxDepth'] as const) {
      expect(() => stepBeamSearch(game24Problem([1]), rng, { [key]: 0 })).toThrow(new RegExp(`^${key} must`));
    }
  });
});

describe('beamSearchWithProgress', () => {
  const unit = (node: TreeNode): TreeNode => ({
    ...node,
    value: (node.value + 1) / 2,
    children: node.children.map(unit),
  });

  it('with alpha 0 is beam search by outcome value', () => {
    fc.assert(
      fc.property(tree(3).map(unit), fc.integer({ min: 1, max: 3 }), (root, beam) => {
        // An answer is worth 1 or 0 here, its reward 1 or -1 there: the order is the same.
        const plain = stepBeamSearch(problemOf(root), rng, { beam });
        const progress = beamSearchWithProgress(problemOf(root), rng, { beam, alpha: 0 });
        const winners = (result: typeof plain) =>
          result.finished.filter(({ reward }) => reward === 1).map(({ actions }) => actions);
        expect(winners(progress)).toEqual(winners(plain));
      }),
    );
  });

  it('the advantages of a path telescope, so progress only sharpens the value by the prover', () => {
    fc.assert(
      fc.property(tree(3).map(unit), fc.integer({ min: 1, max: 6 }), (root, k) => {
        const { open, finished } = beamSearchWithProgress(problemOf(root), rng, { beam: 3, alpha: 2, k });
        const prover = (q: number) => 1 - (1 - q) ** k;
        for (const { score, state, reward } of [...open, ...finished]) {
          const q = reward === undefined ? state.value : reward > 0 ? 1 : 0;
          if (state === root) continue;
          expect(score).toBeCloseTo(q + 2 * (prover(q) - prover(root.value)), 12);
        }
      }),
    );
  });

  it('refuses values that are no probabilities', () => {
    const bad = { root: 0, expand: () => [], value: () => 2 };
    expect(() => beamSearchWithProgress(bad, rng)).toThrow(/^value\(state\) must/);
    expect(() => beamSearchWithProgress(game24Problem([1]), rng, { alpha: -1 })).toThrow(/^alpha must/);
    expect(() => beamSearchWithProgress(game24Problem([1]), rng, { k: 0 })).toThrow(/^k must/);
  });
});
