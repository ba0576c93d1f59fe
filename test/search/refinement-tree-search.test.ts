import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/index.js';
import { type RefinementProblem, refinementTreeSearch, refinementTreeSearchAsync } from '../../src/search/index.js';

/** Responses are numbers; a refinement adds 1 plus its place among its siblings, over ten; right from 2 on. */
const counting: RefinementProblem<number> = {
  root: 0,
  expand: ({ response, children }) => response + 1 + children.length / 10,
  judge: ({ response }) => [response >= 2, response >= 2, response >= 1.1],
};

describe('refinementTreeSearch', () => {
  it('breadth-first judges a level, keeps the best and stops at the first level above the gate', () => {
    const { found, best, expansions, tree } = refinementTreeSearch(counting, createRng('bfs'));
    // Level 1: 1 (0 votes of 3), 1.1 and 1.2 (1 of 3 each); level 2 refines 1.1 and 1.2, and 2.1 is the first above.
    expect(tree.children.map(({ response, value }) => [response, value])).toEqual([
      [1, 0],
      [1.1, 1 / 3],
      [1.2, 1 / 3],
    ]);
    expect(best).toMatchObject({ response: 2.1, value: 1, depth: 2 });
    expect({ found, expansions }).toEqual({ found: true, expansions: 9 });
  });

  it('depth-first refines the first refinement first and stops at the first node above the gate', () => {
    const { best, expansions } = refinementTreeSearch(counting, createRng('dfs'), { algorithm: 'dfs' });
    expect(best).toMatchObject({ response: 2, value: 1, depth: 2 });
    expect(expansions).toBe(2);
  });

  it('pairs the refined response with the root, and with every rejected ancestor and sibling', () => {
    const { pair, pairs } = refinementTreeSearch(counting, createRng('pairs'));
    expect(pair).toEqual({ chosen: 2.1, rejected: 0 });
    expect(pairs.map(({ rejected }) => rejected).map((x) => Number(x.toFixed(6)))).toEqual([0, 1.1, 2.2, 2.3]);
  });

  it('the gate is strict', () => {
    const half: RefinementProblem<number> = { root: 0, expand: () => 1, judge: () => 0.5 };
    expect(refinementTreeSearch(half, createRng('gate')).found).toBe(false);
    expect(refinementTreeSearch(half, createRng('gate'), { endGate: 0.4999 }).found).toBe(true);
  });

  it('draws a tie anew three times, then drops the node', () => {
    let calls = 0;
    const tied = (untie: number): RefinementProblem<number> => ({
      root: 0,
      expand: () => 1,
      judge: () => (++calls === untie ? [true, true] : [true, false]),
    });
    const dropped = refinementTreeSearch(tied(Infinity), createRng('tie'), { branch: 1, maxDepth: 1 });
    expect(calls).toBe(4);
    expect(dropped).toMatchObject({ found: false, best: { response: 0 } });
    expect(dropped.tree.children[0].dropped).toBe(true);
    calls = 0;
    expect(refinementTreeSearch(tied(4), createRng('tie'), { branch: 1, maxDepth: 1 }).found).toBe(true);
  });

  it('keeps to depth and budget', () => {
    const never: RefinementProblem<number> = { root: 0, expand: ({ response }) => response + 1, judge: () => 0.1 };
    for (const algorithm of ['bfs', 'dfs'] as const) {
      expect(refinementTreeSearch(never, createRng('n'), { algorithm, budget: 7 }).expansions).toBe(7);
      expect(refinementTreeSearch(never, createRng('n'), { algorithm, budget: 0 }).best.response).toBe(0);
    }
    expect(refinementTreeSearch(never, createRng('n'), { maxDepth: 3 }).expansions).toBe(3 + 2 * 3 + 2 * 3);
    expect(refinementTreeSearch(never, createRng('n'), { algorithm: 'dfs', maxDepth: 3 }).expansions).toBe(3 + 9 + 27);
  });

  it('proportional selection keeps different nodes and never one of value zero before the others', () => {
    const scored: RefinementProblem<number> = {
      root: 0,
      expand: ({ children, depth }) => 10 * (depth + 1) + children.length,
      judge: ({ response }) => (response % 10 === 0 ? 0 : 0.2),
    };
    for (let seed = 0; seed < 50; seed++) {
      const { tree } = refinementTreeSearch(scored, createRng(seed), { select: 'proportional', maxDepth: 2 });
      expect(tree.children.filter(({ children }) => children.length > 0).map(({ response }) => response)).toEqual([
        11, 12,
      ]);
    }
  });

  it('gives the same tree when the model answers later', async () => {
    const later: RefinementProblem<number> = {
      ...counting,
      judge: async (node, rng, votes) => counting.judge(node, rng, votes),
    };
    expect(await refinementTreeSearchAsync(later, createRng(1))).toEqual(refinementTreeSearch(counting, createRng(1)));
  });

  it('names the option it refuses', () => {
    for (const key of ['branch', 'keep', 'maxDepth', 'endGate', 'budget', 'votes'] as const) {
      expect(() => refinementTreeSearch(counting, createRng(1), { [key]: -1 })).toThrow(new RegExp(`^${key} must`));
    }
    expect(() => refinementTreeSearch({ ...counting, judge: () => 2 }, createRng(1))).toThrow(/^judge must/);
    expect(() => refinementTreeSearch({ ...counting, judge: () => [] }, createRng(1))).toThrow(/^judge must/);
  });
});
