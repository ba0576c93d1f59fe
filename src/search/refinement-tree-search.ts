/**
 * Tree search over refinements of a response, judged by votes; its pairs differ in what the refinement mended.
 *
 * J. Cheng et al., "SPaR: Self-Play with Tree-Search Refinement to Improve Instruction-Following in Large Language
 * Models", ICLR 2025, arXiv:2412.11605, Section 2.3.2 and Algorithm 1.
 */
import { checkInteger, checkNumber, checkOption } from '../internal/check.js';
import type { Rng } from '../random/index.js';
import { driveAsync, driveSync, type Search } from './drive.js';

export interface RefinementProblem<Response> {
  root: Response;
  /** One refinement of a response. */
  expand(node: RefinementNode<Response>, rng: Rng): Response | Promise<Response>;
  /** `votes` opinions whether the response is right, or a score in [0, 1]. */
  judge(
    node: RefinementNode<Response>,
    rng: Rng,
    votes: number,
  ): ArrayLike<boolean> | number | Promise<ArrayLike<boolean> | number>;
}

export interface RefinementTreeOptions {
  /** 'bfs' judges a whole level before the next, 'dfs' refines the first refinement first. Default 'bfs'. */
  algorithm?: 'bfs' | 'dfs';
  /** Refinements of a response. Default 3. */
  branch?: number;
  /** Responses of a level that are refined further ('bfs'). Default 2. */
  keep?: number;
  /** Levels of refinements. Default 3. */
  maxDepth?: number;
  /** A response above this value, strictly, ends the search. Default 0.5: more votes for it than against. */
  endGate?: number;
  /** Refinements made at most. Default 1000. */
  budget?: number;
  /** Votes asked for. Default 5; odd, so that a tie is rare. */
  votes?: number;
  /** 'greedy' keeps the best of a level, 'proportional' draws them with probability proportional to value. Default 'greedy'. */
  select?: 'greedy' | 'proportional';
}

export interface RefinementNode<Response> {
  response: Response;
  parent: RefinementNode<Response> | undefined;
  children: RefinementNode<Response>[];
  depth: number;
  /** Share of positive votes, or the judge's score; NaN until judged, and for the root, which is taken as wrong. */
  value: number;
  /** Order of creation, the root 0. */
  id: number;
  /** Whether the votes stayed tied, so that the node was dropped. */
  dropped: boolean;
}

export interface RefinementTree<Response> {
  /** The first response above the gate, or the best seen; the root if none was judged. */
  best: RefinementNode<Response>;
  found: boolean;
  tree: RefinementNode<Response>;
  /** Refinements made. */
  expansions: number;
  /** The refined response against the one that the search started from. */
  pair: { chosen: Response; rejected: Response };
  /** The refined response against every rejected ancestor and sibling, in order of creation. */
  pairs: { chosen: Response; rejected: Response }[];
}

/**
 * Refines until a response passes the gate. A tie in the votes is drawn anew, up to three times, then the node is
 * dropped. 'bfs' stops at the first level whose best value is above the gate (ties: first created); 'dfs' at the first
 * node above it.
 *
 * Draws, itself, one uniform for each node kept with 'proportional' and none otherwise.
 *
 * @throws RangeError if an option is out of its range or the judge gives no vote or a score outside [0, 1]
 * @throws TypeError if the problem answers with a promise (use `refinementTreeSearchAsync`)
 */
export function refinementTreeSearch<Response>(
  problem: RefinementProblem<Response>,
  rng: Rng,
  options: RefinementTreeOptions = {},
): RefinementTree<Response> {
  return driveSync(search(problem, rng, options));
}

/** `refinementTreeSearch` for a model that answers later. */
export function refinementTreeSearchAsync<Response>(
  problem: RefinementProblem<Response>,
  rng: Rng,
  options: RefinementTreeOptions = {},
): Promise<RefinementTree<Response>> {
  return driveAsync(search(problem, rng, options));
}

/** A tie is drawn anew at most this often. */
const REDRAWS = 3;

function* search<Response>(
  problem: RefinementProblem<Response>,
  rng: Rng,
  options: RefinementTreeOptions,
): Search<RefinementTree<Response>> {
  const algorithm = checkOption('algorithm', options.algorithm ?? 'bfs', ['bfs', 'dfs']);
  const branch = checkInteger('branch', options.branch ?? 3, 1);
  const keep = checkInteger('keep', options.keep ?? 2, 1);
  const maxDepth = checkInteger('maxDepth', options.maxDepth ?? 3, 1);
  const endGate = checkNumber('endGate', options.endGate ?? 0.5, 0, 1);
  const budget = checkInteger('budget', options.budget ?? 1000, 0);
  const votes = checkInteger('votes', options.votes ?? 5, 1);
  const select = checkOption('select', options.select ?? 'greedy', ['greedy', 'proportional']);

  const root = newNode<Response>(problem.root, undefined, 0);
  const nodes = [root];
  let best: RefinementNode<Response> | undefined;
  let found = false;

  const refine = function* (parent: RefinementNode<Response>): Search<RefinementNode<Response>> {
    const response: Response = yield problem.expand(parent, rng);
    const node = newNode(response, parent, nodes.length);
    nodes.push(node);
    parent.children.push(node);
    for (let draw = 0; draw <= REDRAWS; draw++) {
      node.value = share(yield problem.judge(node, rng, votes));
      node.dropped = Number.isNaN(node.value);
      if (!node.dropped) break;
    }
    if (!node.dropped && (best === undefined || node.value > best.value)) best = node;
    return node;
  };
  const spent = (): boolean => nodes.length - 1 >= budget;

  if (algorithm === 'bfs') {
    let level = [root];
    while (level.length > 0 && level[0].depth < maxDepth && !found && !spent()) {
      const children: RefinementNode<Response>[] = [];
      for (const parent of level) {
        for (let b = 0; b < branch && !spent(); b++) children.push(yield* refine(parent));
      }
      const judged = children.filter(({ dropped }) => !dropped);
      found = judged.some(({ value }) => value > endGate);
      level = select === 'greedy' ? largest(judged, keep) : drawn(judged, keep, rng);
    }
  } else {
    const stack = [{ node: root, left: branch }];
    while (stack.length > 0 && !found && !spent()) {
      const top = stack[stack.length - 1];
      if (top.left === 0) {
        stack.pop();
        continue;
      }
      top.left -= 1;
      const child = yield* refine(top.node);
      found = !child.dropped && child.value > endGate;
      if (!child.dropped && child.depth < maxDepth) stack.push({ node: child, left: branch });
    }
  }

  const winner = best ?? root;
  return {
    best: winner,
    found,
    tree: root,
    expansions: nodes.length - 1,
    pair: { chosen: winner.response, rejected: root.response },
    pairs: found ? rejectedBy(winner).map(({ response }) => ({ chosen: winner.response, rejected: response })) : [],
  };
}

function newNode<Response>(
  response: Response,
  parent: RefinementNode<Response> | undefined,
  id: number,
): RefinementNode<Response> {
  return { response, parent, children: [], depth: (parent?.depth ?? -1) + 1, value: NaN, id, dropped: false };
}

/** Share of positive votes, NaN for a tie; a score is itself. */
function share(judgement: ArrayLike<boolean> | number): number {
  if (typeof judgement === 'number') return checkNumber('judge', judgement, 0, 1);
  if (!(judgement.length > 0)) throw new RangeError('judge must give at least one vote');
  let positive = 0;
  for (let i = 0; i < judgement.length; i++) positive += judgement[i] ? 1 : 0;
  return 2 * positive === judgement.length ? NaN : positive / judgement.length;
}

/** The `keep` nodes of largest value, the earlier of equals first. */
function largest<Response>(nodes: RefinementNode<Response>[], keep: number): RefinementNode<Response>[] {
  return nodes
    .slice()
    .sort((a, b) => b.value - a.value || a.id - b.id)
    .slice(0, keep);
}

/** `keep` different nodes, each drawn with probability proportional to value among those left. */
function drawn<Response>(nodes: RefinementNode<Response>[], keep: number, rng: Rng): RefinementNode<Response>[] {
  const left = nodes.slice();
  const chosen: RefinementNode<Response>[] = [];
  while (left.length > 0 && chosen.length < keep) {
    const total = left.reduce((sum, { value }) => sum + value, 0);
    let u = rng() * total;
    let index = left.findIndex(({ value }) => (u -= value) < 0);
    if (index < 0) index = left.length - 1;
    chosen.push(...left.splice(index, 1));
  }
  return chosen;
}

/** Ancestors and siblings of the winner on the way down, in order of creation. */
function rejectedBy<Response>(winner: RefinementNode<Response>): RefinementNode<Response>[] {
  const rejected: RefinementNode<Response>[] = [];
  for (let node = winner; node.parent !== undefined; node = node.parent) {
    rejected.push(node.parent);
    if (node === winner) rejected.push(...node.parent.children.filter((sibling) => sibling !== winner));
  }
  return rejected.sort((a, b) => a.id - b.id);
}
