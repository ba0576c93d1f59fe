import fc from 'fast-check';

export interface TreeNode {
  value: number;
  prior: number;
  /** Given for a terminal node. */
  reward: number | undefined;
  children: TreeNode[];
}

const value = fc.double({ min: -1, max: 1, noNaN: true });
const prior = fc.double({ min: 0.01, max: 1, noNaN: true });

/** Trees of at most that depth with up to three children a node, some of whose leaves are terminal. */
export function tree(depth: number): fc.Arbitrary<TreeNode> {
  const children: fc.Arbitrary<TreeNode[]> =
    depth === 0 ? fc.constant([]) : fc.array(node(depth - 1), { minLength: 0, maxLength: 3 });
  return fc.record({ value, prior, reward: fc.constant(undefined), children });
}

function node(depth: number): fc.Arbitrary<TreeNode> {
  const terminal = fc.record({ value, prior, reward: fc.constantFrom(1, -1), children: fc.constant([] as TreeNode[]) });
  return fc.oneof(terminal, tree(depth));
}
