// Trees of drafted tokens.

export interface TokenTree {
  /** The tokens, breadth first, siblings together in the order drawn. */
  tokens: Int32Array;
  /** Node that each one follows; -1 is the context itself. */
  parent: Int32Array;
  /** 1 for the children of the context. */
  depth: Int32Array;
  /** Rank among its siblings, from 0. */
  order: Int32Array;
  /** The distribution that the children of a node were drawn from; undefined for a node whose children were never drawn. */
  draft(node: number): ArrayLike<number> | undefined;
}

/** The children of a node, in the order drawn; -1 is the context. O(n). */
export function treeChildren(tree: TokenTree, node: number): number[] {
  const children: number[] = [];
  for (let i = 0; i < tree.parent.length; i++) if (tree.parent[i] === node) children.push(i);
  return children;
}

/** The tokens from the context to a node, that of the node last. */
export function treePath(tree: TokenTree, node: number): number[] {
  const path: number[] = [];
  for (let i = node; i >= 0; i = tree.parent[i]) path.push(tree.tokens[i]);
  return path.reverse();
}

/**
 * Attention mask of a tree, flat n × n: 1 iff node j is node i or one of its ancestors.
 *
 * With positions from `treePositions` the target scores all nodes in one pass. X. Miao et al., arXiv:2305.09781, section 4.2.
 *
 * @example
 * const tree = tokenTree([{ token: 5, parent: -1 }, { token: 6, parent: 0 }, { token: 7, parent: 0 }]);
 * treeAttentionMask(tree); //=> Uint8Array.of(1, 0, 0, 1, 1, 0, 1, 0, 1)
 */
export function treeAttentionMask(tree: TokenTree): Uint8Array {
  const n = tree.tokens.length;
  const mask = new Uint8Array(n * n);
  for (let i = 0; i < n; i++) {
    const parent = tree.parent[i];
    if (parent >= 0) mask.copyWithin(i * n, parent * n, parent * n + n);
    mask[i * n + i] = 1;
  }
  return mask;
}

/**
 * Position of each node after the context: its depth less 1.
 *
 * @example
 * treePositions(tokenTree([{ token: 5, parent: -1 }, { token: 6, parent: 0 }])); //=> Int32Array.of(0, 1)
 */
export function treePositions(tree: TokenTree): Int32Array {
  return tree.depth.map((depth) => depth - 1);
}

/**
 * The token sequences from the context to each leaf, leaves in the order of the nodes.
 *
 * @example
 * flattenPaths(tokenTree([{ token: 5, parent: -1 }, { token: 6, parent: 0 }])); //=> [[5, 6]]
 */
export function flattenPaths(tree: TokenTree): number[][] {
  const inner = new Set(tree.parent);
  const paths: number[][] = [];
  for (let i = 0; i < tree.tokens.length; i++) if (!inner.has(i)) paths.push(treePath(tree, i));
  return paths;
}

/**
 * A tree from its nodes in breadth-first order, siblings together.
 *
 * @param draft distributions by node, as in `TokenTree`
 * @throws RangeError if a parent does not stand before its children, or the order is not breadth first
 *
 * @example
 * tokenTree([{ token: 5, parent: -1 }, { token: 6, parent: 0 }]).depth; //=> Int32Array.of(1, 2)
 */
export function tokenTree(
  nodes: readonly { token: number; parent: number }[],
  draft: (node: number) => ArrayLike<number> | undefined = () => undefined,
): TokenTree {
  const n = nodes.length;
  const parent = Int32Array.from(nodes, (node) => node.parent);
  const depth = new Int32Array(n);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    if (!(nodes[i].parent >= -1 && nodes[i].parent < i && Number.isInteger(nodes[i].parent))) {
      throw new RangeError(`nodes[${i}].parent must be an integer in [-1, ${i - 1}], got ${nodes[i].parent}`);
    }
    if (i > 0 && parent[i] < parent[i - 1]) throw new RangeError(`nodes[${i}] must not come after a later parent's`);
    depth[i] = parent[i] < 0 ? 1 : depth[parent[i]] + 1;
    order[i] = i > 0 && parent[i] === parent[i - 1] ? order[i - 1] + 1 : 0;
  }
  return { tokens: Int32Array.from(nodes, (node) => node.token), parent, depth, order, draft };
}
