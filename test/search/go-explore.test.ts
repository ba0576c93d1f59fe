import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../src/random/index.js';
import {
  breadthFirstSearch,
  depthFirstSearch,
  depthFirstSearchAsync,
  breadthFirstSearchAsync,
  game24Problem,
  goExplore,
  goExploreAsync,
  type SearchProblem,
  type SearchStep,
} from '../../src/search/index.js';

interface Cell {
  x: number;
  y: number;
  key: boolean;
}

const SIZE = 20;
const [KEY, GOAL] = [
  { x: 3, y: 17 },
  { x: 18, y: 2 },
];

/** A 20 x 20 room cut by a wall with one gap; the goal opens with the key. */
const maze: SearchProblem<Cell, string> = {
  root: { x: 0, y: 0, key: false },
  value: ({ key }) => (key ? 1 : 0),
  key: ({ x, y, key }) => `${x},${y},${key}`,
  expand({ x, y, key }) {
    const moves: [string, number, number][] = [
      ['left', x - 1, y],
      ['right', x + 1, y],
      ['up', x, y - 1],
      ['down', x, y + 1],
    ];
    const steps: SearchStep<Cell, string>[] = [];
    for (const [action, a, b] of moves) {
      if (a < 0 || b < 0 || a >= SIZE || b >= SIZE || (a === 10 && b !== 10)) continue;
      const state = { x: a, y: b, key: key || (a === KEY.x && b === KEY.y) };
      const atGoal = state.key && a === GOAL.x && b === GOAL.y;
      steps.push({ action, state, prior: 0.25, ...(atGoal ? { terminal: true, reward: 1 } : {}) });
    }
    return steps;
  },
};

function walk(actions: string[]): Cell {
  return actions.reduce((cell, action) => {
    const step = (maze.expand(cell, 4, () => 0) as SearchStep<Cell, string>[]).find((way) => way.action === action);
    if (step === undefined) throw new Error(`no way ${action}`);
    return step.state;
  }, maze.root);
}

function randomWalk(rng: Rng, limit: number): number {
  let cell = maze.root;
  for (let steps = 1; steps <= limit; steps++) {
    const ways = maze.expand(cell, 4, rng) as SearchStep<Cell, string>[];
    const step = ways[Math.floor(rng() * ways.length)];
    if (step.terminal === true) return steps;
    cell = step.state;
  }
  return limit;
}

describe('goExplore', () => {
  it('reaches the goal behind the key in fewer steps than a random walk, median over 20 seeds', () => {
    const median = (values: number[]) => values.sort((a, b) => a - b)[10];
    const explored = Array.from({ length: 20 }, (_, seed) => {
      const { found, steps, path } = goExplore(maze, createRng(seed, 'explore'), { budget: 50_000 });
      expect(found).toBe(true);
      expect(walk(path)).toMatchObject({ ...GOAL, key: true });
      return steps;
    });
    const walked = Array.from({ length: 20 }, (_, seed) => randomWalk(createRng(seed, 'walk'), 50_000));
    expect(median(explored)).toBeLessThan(median(walked));
  });

  it('keeps one entry a key, with a path that leads there', () => {
    const { archive } = goExplore(maze, createRng('archive'), { budget: 600 });
    expect(new Set(archive.map(({ key }) => key)).size).toBe(archive.length);
    for (const { path, key } of archive) expect(maze.key?.(walk(path))).toBe(key);
    expect(goExplore(maze, createRng('archive'), { budget: 600, archiveLimit: 7 }).archive).toHaveLength(7);
  });

  it('replaces an entry by a shorter path of equal score, or by a higher score', () => {
    // a -> c in one step or over b in two; the long way is tried first, then the short one.
    const steps: Record<string, string[]> = { a: ['b', 'c'], b: ['c'], c: ['d'], d: [] };
    const problem: SearchProblem<string, string> = {
      root: 'a',
      value: () => 0,
      key: (state) => state,
      expand: (state) => steps[state].map((next) => ({ action: next, state: next, prior: 1 })),
    };
    const judge = { chooseState: () => 0, chooseAction: () => 0 };
    const { archive } = goExplore(problem, createRng('shorter'), { judge });
    expect(archive.find(({ key }) => key === 'c')?.path).toEqual(['c']);
  });

  it('is breadth-first search when the judge takes the first open state', () => {
    for (const numbers of [
      [4, 4, 6, 8],
      [1, 1, 1, 1],
      [3, 3, 8, 8],
    ]) {
      const problem = game24Problem(numbers);
      const judge = { chooseState: () => 0, chooseAction: () => 0 };
      const explored = goExplore(problem, createRng('bfs'), { judge, horizon: 1, budget: 100_000 });
      expect(explored.found).toBe(breadthFirstSearch(problem, createRng('unused')).found);
    }
  });

  it('waits for a judge that answers later', async () => {
    const judge = { chooseState: async () => 0 };
    const result = await goExploreAsync(game24Problem([4, 4, 6, 8]), createRng('async'), { judge });
    expect(result.found).toBe(true);
    expect(() => goExplore(game24Problem([4, 4, 6, 8]), createRng('async'), { judge })).toThrow(/^problem must answer/);
  });

  it('names the argument it refuses', () => {
    const rng = createRng('errors');
    expect(() => goExplore({ root: 0, expand: () => [], value: () => 0 }, rng)).toThrow(/^problem\.key must/);
    for (const key of ['budget', 'horizon', 'archiveLimit'] as const) {
      expect(() => goExplore(maze, rng, { [key]: -1 })).toThrow(new RegExp(`^${key} must`));
    }
    expect(() => goExplore(maze, rng, { judge: { chooseState: () => 99 } })).toThrow(/^chooseState must/);
    expect(() => goExplore(maze, rng, { judge: { chooseAction: () => -1 } })).toThrow(/^chooseAction must/);
  });
});

describe('breadth-first and depth-first search', () => {
  it('breadth-first finds a shortest path: 20 moves to the key and 32 on to the goal through the gap', () => {
    // (0, 0) -> (3, 17): 20; -> (10, 10): 14; -> (18, 2): 16; the way to the gap costs nothing extra.
    const { path, found } = breadthFirstSearch(maze, createRng('unused'));
    expect(found).toBe(true);
    expect(path).toHaveLength(20 + 14 + 16);
  });

  it('depth-first finds some path, and visits no state twice', () => {
    const { path, found, expanded } = depthFirstSearch(maze, createRng('unused'));
    expect(found).toBe(true);
    expect(walk(path)).toMatchObject({ ...GOAL, key: true });
    expect(expanded).toBeLessThanOrEqual(2 * SIZE * SIZE);
  });

  it('limits and pruning are kept', () => {
    const rng = createRng('unused');
    expect(breadthFirstSearch(maze, rng, { maxExpanded: 10 })).toMatchObject({ found: false, expanded: 10 });
    expect(breadthFirstSearch(maze, rng, { maxDepth: 49 }).found).toBe(false);
    expect(breadthFirstSearch(maze, rng, { maxDepth: 50 }).found).toBe(true);
    expect(depthFirstSearch(maze, rng, { prune: ({ x }) => x === 10 }).found).toBe(false);
    expect(breadthFirstSearch(maze, rng, { prune: () => true })).toMatchObject({ expanded: 1, backtracks: 1 });
    expect(() => breadthFirstSearch(maze, rng, { maxExpanded: -1 })).toThrow(/^maxExpanded must/);
    expect(() => depthFirstSearch(maze, rng, { samples: 0 })).toThrow(/^samples must/);
  });

  it('give the same result when the problem answers later', async () => {
    const rng = createRng('unused');
    const later: typeof maze = {
      ...maze,
      expand: async (state, samples, source) => maze.expand(state, samples, source),
    };
    expect(await breadthFirstSearchAsync(later, rng)).toEqual(breadthFirstSearch(maze, rng));
    expect(await depthFirstSearchAsync(later, rng)).toEqual(depthFirstSearch(maze, rng));
  });
});
