import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/index.js';
import {
  game24Problem,
  mcts,
  mctsAsync,
  type MctsNode,
  mctsQ,
  mctsValueTargets,
  puctScores,
  type SearchProblem,
} from '../../src/search/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';
import { tree, type TreeNode } from './tree.js';

const rng = createRng('unused');

describe('mcts', () => {
  it('puctScores is Q + c prior sqrt(N) / (1 + n)', () => {
    const scores = puctScores(
      { priors: [0.5, 0.25], visits: [3, 0], valueSums: [1.5, 0] },
      { parentVisits: 9, cPuct: 2 },
    );
    expect(Array.from(scores)).toEqual([0.5 + (2 * 0.5 * 3) / 4, 2 * 0.25 * 3]);
  });

  it('is the four phases of the paper, transcribed slowly', () => {
    fc.assert(
      fc.property(
        tree(4),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 4 }),
        (root, iterations, maxDepth) => {
          const { root: found } = mcts(problemOf(root), rng, { iterations, maxDepth });
          const slow = transcribed(root, iterations, maxDepth);
          const visits = new Map<string, [number, number]>();
          collect(found, '0', visits);
          expect([...visits.keys()].sort()).toEqual([...slow.keys()].sort());
          for (const [tag, [n, q]] of visits) {
            expect(n).toBe(slow.get(tag)?.n);
            expect(q).toBeCloseTo((slow.get(tag)?.w ?? 0) / Math.max(1, n), 12);
          }
        },
      ),
    );
  });

  it('visits of a node are its own evaluations and those of its children', () => {
    fc.assert(
      fc.property(tree(4), fc.integer({ min: 1, max: 40 }), (root, iterations) => {
        const check = (node: MctsNode<TreeNode, number>): void => {
          const below = node.children.reduce((sum, child) => sum + child.visits, 0);
          expect(node.visits).toBeGreaterThanOrEqual(below);
          expect(Math.abs(mctsQ(node))).toBeLessThanOrEqual(1);
          node.children.forEach(check);
        };
        check(mcts(problemOf(root), rng, { iterations }).root);
      }),
    );
  });

  it('gives the same tree when the problem answers later', async () => {
    const problem = game24Problem([2, 3, 5, 12]);
    const later: typeof problem = {
      ...problem,
      expand: async (state, samples, source) => problem.expand(state, samples, source),
      value: async (state) => problem.value(state),
    };
    expect(await mctsAsync(later, rng, { iterations: 30 })).toEqual(mcts(problem, rng, { iterations: 30 }));
    expect(() => mcts(later, rng)).toThrow(/^problem must answer at once/);
  });

  it.each(['value', 'q', 'visits', 'puct'] as const)('an answer chosen by %s is a path of the tree', (select) => {
    const { root, actions, best } = mcts(game24Problem([4, 4, 6, 8]), rng, { iterations: 50, samples: 40, select });
    let node = root;
    for (const action of actions) {
      const next = node.children.find((child) => child.action === action);
      if (next === undefined) throw new Error('not a path');
      node = next;
    }
    expect(node).toBe(best);
    expect(node.children).toHaveLength(0);
  });

  it('backs up (1 - λ) V + λ r at terminal nodes', () => {
    const problem: SearchProblem<string, number> = {
      root: 'root',
      expand: (state) => (state === 'root' ? [{ action: 0, state: 'end', prior: 1, terminal: true, reward: -1 }] : []),
      value: (state) => (state === 'end' ? 0.6 : 0.2),
    };
    for (const lambda of [0, 0.25, 1]) {
      const { root, best } = mcts(problem, rng, { iterations: 3, lambda, select: 'value' });
      const mixed = (1 - lambda) * 0.6 - lambda;
      expect(root.children[0]).toMatchObject({ visits: 1, totalValue: mixed });
      expect(root.totalValue).toBeCloseTo(mixed + 0.2, 12);
      expect(best.value).toBe(mixed);
    }
    // With λ = 0 a tree of rewards is a tree of values.
    fc.assert(
      fc.property(tree(3), fc.integer({ min: 0, max: 20 }), (root, iterations) => {
        const { root: plain } = mcts(problemOf(root), rng, { iterations });
        const { root: mixed } = mcts({ ...problemOf(root), value: ({ reward, value }) => reward ?? value }, rng, {
          iterations,
          lambda: 0,
        });
        const [a, b] = [new Map<string, [number, number]>(), new Map<string, [number, number]>()];
        collect(plain, '0', a);
        collect(mixed, '0', b);
        expect(b).toEqual(a);
      }),
    );
  });

  it('hands out Q of every visited node as targets, and its tree survives JSON', () => {
    const { root } = mcts(game24Problem([2, 3, 5, 12]), rng, { iterations: 30 });
    const targets = mctsValueTargets(root);
    const visited: MctsNode<unknown, unknown>[] = [];
    const walk = (node: MctsNode<unknown, unknown>): void => {
      if (node.visits > 0) visited.push(node);
      node.children.forEach(walk);
    };
    walk(root);
    expect(targets).toHaveLength(visited.length);
    expect(targets[0]).toEqual({ state: root.state, target: mctsQ(root), visits: root.visits });
    for (const node of visited)
      expect(targets).toContainEqual({ state: node.state, target: mctsQ(node), visits: node.visits });
    const decoded = decodeState<typeof root>(encodeState(root));
    expect(mctsValueTargets(decoded)).toEqual(targets);
  });

  it('leaves a terminal or dead-end root alone', () => {
    const deadEnd: SearchProblem<number, number> = { root: 0, expand: () => [], value: () => 0.25 };
    const { root, actions } = mcts(deadEnd, rng, { iterations: 5 });
    expect(root).toMatchObject({ visits: 1, totalValue: 0.25, terminal: true });
    expect(actions).toEqual([]);
  });

  it('names the option it refuses', () => {
    const problem = game24Problem([1, 2, 3, 4]);
    for (const key of ['cPuct', 'iterations', 'samples', 'maxDepth'] as const) {
      for (const value of [-1, NaN])
        expect(() => mcts(problem, rng, { [key]: value })).toThrow(new RegExp(`^${key} must`));
    }
    for (const lambda of [-0.1, 1.1, NaN]) expect(() => mcts(problem, rng, { lambda })).toThrow(/^lambda must/);
    expect(() => mcts(problem, rng, { select: 'best' as 'q' })).toThrow(/^select must/);
    expect(() => puctScores({ priors: [1], visits: [], valueSums: [0] }, { parentVisits: 1 })).toThrow(/^visits must/);
  });
});

function problemOf(root: TreeNode): SearchProblem<TreeNode, number> {
  return {
    root,
    value: ({ value }) => value,
    expand: ({ children }) =>
      children.map((state, action) => ({
        action,
        state,
        prior: state.prior,
        ...(state.reward === undefined ? {} : { terminal: true, reward: state.reward }),
      })),
  };
}

function collect(node: MctsNode<TreeNode, number>, tag: string, into: Map<string, [number, number]>): void {
  into.set(tag, [node.visits, mctsQ(node)]);
  node.children.forEach((child, i) => collect(child, `${tag}.${i}`, into));
}

/** Section 3.2 of the paper over tags of nodes, with the statistics in one map. */
function transcribed(root: TreeNode, iterations: number, maxDepth: number): Map<string, { n: number; w: number }> {
  const stats = new Map([['0', { n: 0, w: 0 }]]);
  const closed = new Set<string>();
  const expanded = new Set<string>();
  const at = (tag: string): TreeNode =>
    tag
      .split('.')
      .slice(1)
      .reduce((node, i) => node.children[Number(i)], root);
  const prefixes = (tag: string) => tag.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.'));
  const backUp = (tag: string, value: number): void => {
    for (const prefix of prefixes(tag)) {
      const entry = stats.get(prefix);
      if (entry !== undefined) Object.assign(entry, { n: entry.n + 1, w: entry.w + value });
    }
  };
  for (let iteration = 0; iteration < iterations; iteration++) {
    let tag = '0';
    if (closed.has(tag)) continue;
    let stuck = false;
    while (expanded.has(tag) && at(tag).children.length > 0) {
      const open = at(tag)
        .children.map((_, i) => `${tag}.${i}`)
        .filter((child) => !closed.has(child));
      if (open.length === 0) {
        closed.add(tag);
        stuck = true;
        break;
      }
      const parent = stats.get(tag) as { n: number };
      const score = (child: string): number => {
        const { n, w } = stats.get(child) as { n: number; w: number };
        return (n > 0 ? w / n : 0) + (1.25 * at(child).prior * Math.sqrt(parent.n)) / (1 + n);
      };
      tag = open.reduce((best, child) => (score(child) > score(best) ? child : best));
    }
    if (stuck) continue;
    if (tag.split('.').length - 1 < maxDepth) {
      expanded.add(tag);
      at(tag).children.forEach((child, i) => {
        stats.set(`${tag}.${i}`, { n: 0, w: 0 });
        if (child.reward !== undefined) {
          closed.add(`${tag}.${i}`);
          backUp(`${tag}.${i}`, child.reward);
        }
      });
      if (at(tag).children.length === 0) closed.add(tag);
    } else closed.add(tag);
    backUp(tag, at(tag).value);
  }
  return stats;
}
