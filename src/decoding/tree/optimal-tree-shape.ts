// The shape of a tree of drafts that accepts most tokens.

import { checkInteger, checkNumber } from '../../internal/check.js';

export interface TreeShapeOptions {
  /** Most nodes, the context counted as one; at least 1. */
  budget: number;
  /** Most nodes on a path, the context counted as one; at least 1. */
  maxDepth: number;
  /** With it the shape minimises time a token instead: (levels · draft + target(nodes)) / expected tokens. */
  times?: { draft: number; target: (nodes: number) => number };
}

export interface TreeShape {
  /** Expected tokens a round: expected accepted nodes, the context counted as the extra token. */
  expectedTokens: number;
  /** Node that each one follows, breadth first; node 0 is the context, with parent -1. */
  parent: number[];
  /** Rank of each node among its siblings, from 0. */
  order: number[];
}

/**
 * The tree of at most `budget` nodes and `maxDepth` levels with the most expected tokens, when the b-th child of an accepted node
 * is the accepted one with probability p_b.
 *
 * Dynamic programming over F(m, l), the best of m nodes and l levels, and T(m, l, b), the same with b children at the root:
 * T(m, l, b) = max_y T(y, l, b-1) + p_b F(m-y, l-1). Z. Chen et al. (Sequoia), arXiv:2402.12374, section 4.1. A node takes any
 * number of children up to `acceptance.length`. O(budget² · maxDepth · children) time. Ties: fewer nodes, fewer levels, fewer
 * children.
 *
 * @param acceptance p_1, p_2, ...: probabilities, of sum at most 1
 * @throws RangeError if an option is no integer >= 1 or the acceptances are not probabilities
 *
 * @example
 * optimalTreeShape([0.5, 0.25], { budget: 3, maxDepth: 2 }).expectedTokens; //=> 1.75
 */
export function optimalTreeShape(acceptance: ArrayLike<number>, options: TreeShapeOptions): TreeShape {
  const budget = checkInteger('budget', options.budget, 1);
  const maxDepth = checkInteger('maxDepth', options.maxDepth, 1);
  const B = acceptance.length;
  let sum = 0;
  for (let b = 0; b < B; b++) sum += checkNumber(`acceptance[${b}]`, acceptance[b], 0, 1);
  if (sum > 1 + 1e-9) throw new RangeError(`acceptance must sum to at most 1, got ${sum}`);

  // T[l][b][m] and the split it came from; F[l][m] = max_b T and its b.
  const rows = (count: number) => Array.from({ length: count }, () => new Float64Array(budget + 1).fill(-Infinity));
  const F: Float64Array[] = [];
  const bestB: Int32Array[] = [];
  const splits: Int32Array[][] = [];
  for (let l = 0; l < maxDepth; l++) {
    const T = rows(B + 1);
    const split = Array.from({ length: B + 1 }, () => new Int32Array(budget + 1));
    T[0][1] = 1;
    for (let b = 1; b <= B && l > 0; b++) {
      for (let m = b + 1; m <= budget; m++) {
        for (let y = 1; y < m; y++) {
          const value = T[b - 1][y] + acceptance[b - 1] * F[l - 1][m - y];
          if (value > T[b][m]) {
            T[b][m] = value;
            split[b][m] = y;
          }
        }
      }
    }
    F.push(new Float64Array(budget + 1).fill(-Infinity));
    bestB.push(new Int32Array(budget + 1));
    splits.push(split);
    for (let m = 1; m <= budget; m++) {
      for (let b = 0; b <= B; b++) {
        if (T[b][m] > F[l][m]) {
          F[l][m] = T[b][m];
          bestB[l][m] = b;
        }
      }
    }
  }

  let best = { cost: Infinity, m: 1, l: 0 };
  for (let m = 1; m <= budget; m++) {
    for (let l = 0; l < maxDepth; l++) {
      const tokens = F[l][m];
      if (tokens === -Infinity) continue;
      const { times } = options;
      const cost = times === undefined ? -tokens : (l * times.draft + times.target(m)) / tokens;
      if (cost < best.cost) best = { cost, m, l };
    }
  }

  // Unfold breadth first: a node knows the size and the levels of its subtree.
  const parent = [-1];
  const order = [0];
  const queue = [{ node: 0, m: best.m, l: best.l }];
  for (let next = 0; next < queue.length; next++) {
    const { node, m, l } = queue[next];
    const sizes: number[] = [];
    for (let b = bestB[l][m], left = m; b >= 1; b--) {
      const y = splits[l][b][left];
      sizes.unshift(left - y);
      left = y;
    }
    sizes.forEach((size, rank) => {
      queue.push({ node: parent.length, m: size, l: l - 1 });
      parent.push(node);
      order.push(rank);
    });
  }
  return { expectedTokens: F[best.l][best.m], parent, order };
}
