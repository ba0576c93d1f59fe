// Drawing trees of drafted tokens from a draft model.

import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleGumbel } from '../../random/exponential.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { log } from '../../special/log.js';
import { driveSync, type Steps } from '../generate/model.js';
import { gumbelTopK } from '../sampling/gumbel.js';
import { perturbedChildren } from '../sampling/stochastic-beam-search.js';
import { tokenTree, type TokenTree } from './token-tree.js';

/** Probabilities of the next token after the tokens drafted so far. */
export type DraftRows = (path: readonly number[]) => ArrayLike<number>;

/** The same for many paths at once, in a step that may take its time. */
export type DraftRowsSteps = (paths: readonly (readonly number[])[]) => Steps<readonly ArrayLike<number>[]>;

export interface BranchingOptions {
  /** Children of every node at depth 0, 1, ...: integers >= 1. */
  branching: readonly number[];
  /** A token that gets no children. Default none. */
  eos?: number;
}

export interface BeamTreeOptions {
  /** Nodes at every depth, at least 1. */
  width: number;
  /** Depth of the tree, at least 1. */
  depth: number;
  /** A token that gets no children. Default none. */
  eos?: number;
}

/**
 * Each node at depth l draws b_l independent children; equal ones stay apart, as the verifier needs them to.
 *
 * b_l uniforms a node, in breadth-first order. X. Miao et al. (SpecInfer), arXiv:2305.09781.
 *
 * @throws RangeError if branching is empty or holds no integers >= 1, or a row has no draw
 *
 * @example
 * buildTreeIid(() => [0, 1], createRng('demo'), { branching: [2, 1] }).parent; //=> Int32Array.of(-1, -1, 0, 1)
 */
export function buildTreeIid(draft: DraftRows, rng: Rng, options: BranchingOptions): TokenTree {
  return driveSync(growTree('iid', rowByRow(draft), rng, options));
}

/**
 * Each node at depth l draws b_l children without replacement (Gumbel-top-k): the tree of constant branching of recursive
 * speculative decoding, RSD-C. Fewer children where fewer tokens have positive probability.
 *
 * One uniform for every token of positive probability of every node that is expanded. W. Jeon et al., arXiv:2402.14160,
 * section 3.2.1.
 *
 * @throws RangeError if branching is empty or holds no integers >= 1
 *
 * @example
 * buildTreeWithoutReplacement(() => [0, 1], createRng('demo'), { branching: [2, 2] }).tokens; //=> Int32Array.of(1, 1)
 */
export function buildTreeWithoutReplacement(draft: DraftRows, rng: Rng, options: BranchingOptions): TokenTree {
  return driveSync(growTree('without-replacement', rowByRow(draft), rng, options));
}

/**
 * The survivors of a stochastic beam search of the given width, depth by depth: RSD-S. Children of a node stand in decreasing
 * perturbed value, which makes them a sample without replacement.
 *
 * One uniform for the root and one for every token of positive probability of every node that is expanded. W. Jeon et al.,
 * arXiv:2402.14160, section 3.2.2.
 *
 * @throws RangeError if width or depth is not an integer >= 1
 *
 * @example
 * buildTreeStochasticBeam(() => [0.5, 0.5], createRng('demo'), { width: 2, depth: 3 }).tokens.length; //=> 6
 */
export function buildTreeStochasticBeam(draft: DraftRows, rng: Rng, options: BeamTreeOptions): TokenTree {
  return driveSync(growBeamTree(rowByRow(draft), rng, options));
}

function rowByRow(draft: DraftRows): DraftRowsSteps {
  return function* (paths) {
    return paths.map((path) => draft(path));
  };
}

/** Trees with a fixed number of children, level by level: one call of the draft a level. */
export function* growTree(
  kind: 'iid' | 'without-replacement',
  rows: DraftRowsSteps,
  rng: Rng,
  { branching, eos = -1 }: BranchingOptions,
): Steps<TokenTree> {
  if (branching.length === 0) throw new RangeError('branching must not be empty');
  branching.forEach((b, l) => checkInteger(`branching[${l}]`, b, 1));
  const nodes: { token: number; parent: number }[] = [];
  const drafts = new Map<number, ArrayLike<number>>();
  let level: { node: number; path: number[] }[] = [{ node: -1, path: [] }];
  for (const b of branching) {
    const open = level.filter(({ path }) => path.length === 0 || path[path.length - 1] !== eos);
    if (open.length === 0) break;
    const found = yield* rows(open.map(({ path }) => path));
    level = [];
    open.forEach(({ node, path }, i) => {
      const row = found[i];
      drafts.set(node, row);
      const drawn =
        kind === 'iid'
          ? Array.from({ length: b }, () => categoricalIndex(row, rng()))
          : Array.from(gumbelTopK(Float64Array.from(row, log), b, rng));
      for (const token of drawn) {
        level.push({ node: nodes.length, path: [...path, token] });
        nodes.push({ token, parent: node });
      }
    });
  }
  return tokenTree(nodes, (node) => drafts.get(node));
}

export function* growBeamTree(rows: DraftRowsSteps, rng: Rng, options: BeamTreeOptions): Steps<TokenTree> {
  const width = checkInteger('width', options.width, 1);
  const depth = checkInteger('depth', options.depth, 1);
  const { eos = -1 } = options;
  const nodes: { token: number; parent: number }[] = [];
  const drafts = new Map<number, ArrayLike<number>>();
  let beam = [{ node: -1, path: [] as number[], logProb: 0, perturbed: sampleGumbel(rng) }];
  for (let level = 0; level < depth; level++) {
    // A finished sequence keeps its place in the beam and grows no children.
    const open = beam.filter(({ path }) => path.length === 0 || path[path.length - 1] !== eos);
    const finished = beam.filter((entry) => !open.includes(entry));
    if (open.length === 0) break;
    const found = yield* rows(open.map(({ path }) => path));
    const candidates: { parent: number; token: number; logProb: number; perturbed: number }[] = [];
    open.forEach((entry, i) => {
      drafts.set(entry.node, found[i]);
      for (const child of perturbedChildren(Float64Array.from(found[i], log), entry, rng)) {
        candidates.push({ parent: i, ...child });
      }
    });
    candidates.sort((a, b) => b.perturbed - a.perturbed);
    const survivors = candidates.slice(0, width - finished.length);
    // Breadth first, a parent's children together and in decreasing perturbed value; open is in the order of the nodes.
    survivors.sort((a, b) => a.parent - b.parent);
    beam = [...finished];
    for (const { parent, token, logProb, perturbed } of survivors) {
      const { node, path } = open[parent];
      beam.push({ node: nodes.length, path: [...path, token], logProb, perturbed });
      nodes.push({ token, parent: node });
    }
  }
  return tokenTree(nodes, (node) => drafts.get(node));
}
