// Verification of a tree of drafted tokens.

import { checkOption } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { drawFromRow } from '../verify/rows.js';
import { verifyKSeq } from '../verify/k-seq.js';
import { argmaxOfRow } from '../verify/verify-greedy.js';
import { verifyMultiDraft } from '../verify/verify-multi-draft.js';
import { bestTypicalCandidate, type TypicalOptions } from '../verify/verify-typical.js';
import type { Verification } from '../verify/verification.js';
import { treeChildren, treePath, type TokenTree } from './token-tree.js';

export interface DraftedTree {
  tree: TokenTree;
  /** Target probabilities: row 0 after the context, row i + 1 after node i. */
  target: ArrayLike<ArrayLike<number>>;
}

export interface VerifyTreeOptions extends TypicalOptions {
  /** 'recursive' and 'kseq' are lossless; 'greedy' follows the argmax; 'typical' is not lossless. Default 'recursive'. */
  verifier?: 'recursive' | 'kseq' | 'greedy' | 'typical';
  /** Whether siblings are independent draws (`buildTreeIid`). Default false; 'kseq' needs true. */
  replacement?: boolean;
  /**
   * Whether equal accepted siblings go on together: the children of all of them are the drafts of the next position, so that K
   * sequences (branching [K, 1, 1, ...]) are verified with as many drafts as agree with what was accepted. For independent
   * siblings only. Default false.
   */
  mergeEqual?: boolean;
  /** Accepting this token ends the sequence: nothing is drawn after it. Default none. */
  eos?: number;
}

export interface TreeVerification extends Verification {
  /** The nodes accepted, from the context on. */
  path: Int32Array;
}

/**
 * Walks down from the context: at each node the verifier of one position sees the children in the order drawn; an accepted child
 * is the next node, otherwise the token of the residual ends the walk; at a leaf one more token is drawn from its target row.
 *
 * Lossless with 'recursive' for all three builders, and with 'kseq' for independent children, also when equal ones are merged:
 * their children are independent draws from one row. Sequences with k-SEQ: Z. Sun et al. (SpecTr), arXiv:2310.15141. W. Jeon et al., arXiv:2402.14160,
 * Algorithm 1; X. Miao et al., arXiv:2305.09781, section 4.3; greedy and typical: T. Cai et al., arXiv:2401.10774.
 *
 * Uniforms as the verifier of each node visited, and one at a leaf.
 *
 * @throws RangeError if there is not one target row a node and one for the context, or as the verifier of a position
 *
 * @example
 * const tree = buildTreeIid(() => [1, 0], createRng('demo'), { branching: [1, 1] });
 * verifyTree({ tree, target: [[1, 0], [0.5, 0.5], [0, 1]] }, () => 0.4).tokens; //=> Int32Array.of(0, 0, 1)
 */
export function verifyTree(drafted: DraftedTree, rng: Rng, options: VerifyTreeOptions = {}): TreeVerification {
  const { tree, target } = drafted;
  const verifier = checkOption('verifier', options.verifier ?? 'recursive', ['recursive', 'kseq', 'greedy', 'typical']);
  const { replacement = false, mergeEqual = false, eos = -1 } = options;
  const n = tree.tokens.length;
  if (target.length !== n + 1) throw new RangeError(`target must have ${n + 1} rows, got ${target.length}`);
  if (verifier === 'kseq' && !replacement) throw new RangeError("replacement must be true for verifier 'kseq'");
  if (mergeEqual && !replacement) throw new RangeError('replacement must be true for mergeEqual');
  if (verifier === 'typical') return verifyTypicalTree(drafted, options);

  const path: number[] = [];
  const tokens: number[] = [];
  let nodes = [-1]; // the accepted node and, with mergeEqual, its equals
  let tested = 0;
  for (;;) {
    const name = `target[${nodes[0] + 1}]`;
    const row = target[nodes[0] + 1];
    const children = nodes.flatMap((node) => treeChildren(tree, node));
    if (children.length === 0) {
      const ended = tokens.length > 0 && tokens[tokens.length - 1] === eos;
      if (!ended) tokens.push(verifier === 'greedy' ? argmaxOfRow(name, row) : drawFromRow(name, row, rng()));
      return result(tokens, path, !ended, tested, true);
    }
    const candidates = children.map((child) => tree.tokens[child]);
    let token: number;
    let accepted: number;
    if (verifier === 'greedy') {
      token = argmaxOfRow(name, row);
      accepted = candidates.indexOf(token);
      tested += accepted < 0 ? candidates.length : accepted + 1;
    } else {
      const parent = tree.parent[children[0]];
      const draft = tree.draft(parent);
      if (draft === undefined) throw new RangeError(`tree.draft(${parent}) must be a row, as the node has children`);
      const position = { target: row, draft, tokens: candidates };
      const verification =
        verifier === 'kseq' ? verifyKSeq(position, rng) : verifyMultiDraft(position, rng, { replacement });
      ({ token, accepted } = verification);
      tested += verification.tested;
    }
    tokens.push(token);
    if (accepted < 0) return result(tokens, path, false, tested, true);
    path.push(children[accepted]);
    nodes = mergeEqual ? children.filter((_, i) => candidates[i] === token) : [children[accepted]];
  }
}

function verifyTypicalTree({ tree, target }: DraftedTree, options: VerifyTreeOptions): TreeVerification {
  const { eos = -1 } = options;
  const inner = new Set(tree.parent);
  const leaves = Array.from(tree.tokens.keys()).filter((i) => !inner.has(i));
  const nodePaths = (leaves.length === 0 ? [-1] : leaves).map((leaf) => {
    const nodes: number[] = [];
    for (let i = leaf; i >= 0; i = tree.parent[i]) nodes.push(i);
    return nodes.reverse();
  });
  const candidates = nodePaths.map((nodes) => ({
    target: nodes.map((node) => target[tree.parent[node] + 1]),
    tokens: nodes.map((node) => tree.tokens[node]),
  }));
  const { index, accepted } = bestTypicalCandidate(candidates, options);
  const path = nodePaths[index].slice(0, accepted);
  const last = accepted === 0 ? -1 : path[accepted - 1];
  const tokens = last < 0 ? [] : treePath(tree, last);
  const ended = accepted > 0 && tokens[accepted - 1] === eos;
  if (!ended) tokens.push(argmaxOfRow(`target[${last + 1}]`, target[last + 1]));
  const leaf = accepted === nodePaths[index].length;
  return result(tokens, path, leaf && !ended, tree.tokens.length, false);
}

function result(tokens: number[], path: number[], bonus: boolean, tested: number, lossless: boolean): TreeVerification {
  return {
    accepted: path.length,
    tokens: Int32Array.from(tokens),
    bonus,
    tested,
    lossless,
    path: Int32Array.from(path),
  };
}
