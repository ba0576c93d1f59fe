import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/index.js';
import { bestFirstSearch, bestFirstSearchAsync, game24Problem, type SearchProblem } from '../../src/search/index.js';
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

describe('bestFirstSearch', () => {
  it('is Algorithm 1 of the paper, transcribed with a sorted list', () => {
    fc.assert(
      fc.property(
        tree(4),
        fc.record({
          budget: fc.nat(25),
          maxDepth: fc.nat(4),
          branching: fc.integer({ min: 1, max: 3 }),
          threshold: fc.double({ min: -1, max: 1, noNaN: true }),
        }),
        (root, options) => {
          const { trace, value, actions, found } = bestFirstSearch(problemOf(root), rng, options);
          const slow = transcribed(root, options);
          expect(trace).toEqual(slow);
          const best = slow.reduce((top, entry) => (entry.value > top.value ? entry : top), {
            actions: [],
            value: -Infinity,
          } as { actions: number[]; value: number });
          expect({ value, actions }).toEqual({ value: best.value, actions: best.actions });
          expect(found).toBe(slow.some((entry) => entry.value >= options.threshold));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes the oldest entry first with bfs and the newest with dfs', () => {
    const leaf = (value: number): TreeNode => ({ value, prior: 1, reward: undefined, children: [] });
    const root = {
      ...leaf(0),
      children: [
        { ...leaf(0.1), children: [leaf(0.2)] },
        { ...leaf(0.3), children: [leaf(0.4)] },
      ],
    };
    const values = (strategy: 'bfs' | 'dfs') =>
      bestFirstSearch(problemOf(root), rng, { strategy }).trace.map(({ value }) => value);
    expect(values('bfs')).toEqual([0.1, 0.3, 0.2, 0.4]);
    expect(values('dfs')).toEqual([0.3, 0.4, 0.1, 0.2]);
  });

  it('gives the same trace when the problem answers later', async () => {
    const problem = game24Problem([2, 3, 5, 12]);
    const later = { ...problem, value: async (state: typeof problem.root) => problem.value(state) };
    const options = { branching: 40, budget: 60 };
    expect(await bestFirstSearchAsync(later, rng, options)).toEqual(bestFirstSearch(problem, rng, options));
  });

  it('returns the root when nothing was evaluated', () => {
    const problem = game24Problem([1, 2, 3, 4]);
    expect(bestFirstSearch(problem, rng, { budget: 0 })).toMatchObject({
      actions: [],
      value: -Infinity,
      evaluations: 0,
      state: problem.root,
    });
  });

  it('names the option it refuses', () => {
    for (const key of ['branching', 'maxDepth', 'budget', 'threshold', 'initialPriority'] as const) {
      expect(() => bestFirstSearch(game24Problem([1]), rng, { [key]: NaN })).toThrow(new RegExp(`^${key} must`));
    }
    expect(() => bestFirstSearch(game24Problem([1]), rng, { strategy: 'x' as 'bfs' })).toThrow(/^strategy must/);
  });
});

function transcribed(
  root: TreeNode,
  {
    budget,
    maxDepth,
    branching,
    threshold,
  }: { budget: number; maxDepth: number; branching: number; threshold: number },
): { actions: number[]; value: number }[] {
  const trace: { actions: number[]; value: number }[] = [];
  let queue: { node: TreeNode; actions: number[]; priority: number }[] = [];
  const push = (node: TreeNode, actions: number[], priority: number) =>
    node.children
      .slice(0, branching)
      .forEach((child, i) => queue.push({ node: child, actions: [...actions, i], priority }));
  push(root, [], 0.5);
  while (queue.length > 0 && trace.length < budget) {
    const top = queue.slice().sort((a, b) => b.priority - a.priority)[0]; // stable: the earliest of equals
    queue = queue.filter((entry) => entry !== top);
    const value = top.node.reward ?? top.node.value;
    trace.push({ actions: top.actions, value });
    if (value >= threshold) break;
    if (top.node.reward === undefined && top.actions.length - 1 < maxDepth) push(top.node, top.actions, value);
  }
  return trace;
}
