/**
 * Monte Carlo tree search guided by priors and values, without roll-outs.
 *
 * G. Chen, M. Liao, C. Li, K. Fan, "AlphaMath Almost Zero: Process Supervision without Process", NeurIPS 2024,
 * arXiv:2405.03553, Section 3.2 (selection by PUCT, equation (1); expansion; evaluation; backup). The score is that of
 * D. Silver et al., Nature 550 (2017) 354-359.
 *
 *   paper      here                meaning
 *   c_puct     cPuct               weight of exploration
 *   π(a|s)     prior               probability of the step
 *   Q(s, a)    totalValue / visits mean of the values backed up through the node, 0 before the first
 *   N(s, a)    visits              how often
 */
import { checkInteger, checkNumber, checkOption, checkVector } from '../internal/check.js';
import type { Rng } from '../random/index.js';
import { driveAsync, driveSync, type Search } from './drive.js';
import type { SearchProblem, SearchStep } from './problem.js';

export interface MctsOptions {
  /** Weight of exploration, at least 0. Default 1.25. */
  cPuct?: number;
  /** Iterations. Default 40, the paper's. */
  iterations?: number;
  /** Steps proposed at an expansion. Default 5, the paper's. */
  samples?: number;
  /** A node at this depth is not expanded. Default 8. */
  maxDepth?: number;
  /** Weight λ in [0, 1] of a terminal node's reward against its value: (1 - λ) V + λ r is backed up. Default 1, as in the released code. */
  lambda?: number;
  /** What the answer's steps are chosen by: the node's own value, mean value, visits, or the PUCT score. Default 'q'. */
  select?: 'value' | 'q' | 'visits' | 'puct';
}

export interface MctsNode<State, Action> {
  state: State;
  /** The step that led here; undefined at the root. */
  action: Action | undefined;
  prior: number;
  depth: number;
  terminal: boolean;
  reward: number | undefined;
  /** The problem's estimate, once it was asked for. */
  value: number | undefined;
  visits: number;
  totalValue: number;
  children: MctsNode<State, Action>[];
}

export interface MctsResult<State, Action> {
  /** The whole tree, for inspection and for training targets: Q of every visited node is a target for its state. */
  root: MctsNode<State, Action>;
  /** From the root along the best children to a node without children. */
  actions: Action[];
  /** Where these actions lead. */
  best: MctsNode<State, Action>;
  iterations: number;
}

/**
 * Runs `iterations` rounds of selection, expansion, evaluation and backup from the root.
 *
 * Selection descends by the largest `puctScores` among non-terminal children (ties: lowest index) to a node without
 * children; where all children are terminal the node becomes terminal and the round ends. A node at `maxDepth` has its
 * value backed up once more and becomes terminal. Expansion adds all proposed children; a terminal child's reward (mixed
 * with its value if `lambda` is below 1) is backed up at once, through itself to the root; then the expanded node's value.
 *
 * Draws nothing itself; the problem's `expand` may. O(iterations · depth · samples) beside the problem's calls.
 *
 * @throws RangeError if an option is out of its range
 * @throws TypeError if the problem answers with a promise (use `mctsAsync`)
 *
 * @example
 * mcts(game24Problem([4, 4, 6, 8]), createRng(1), { iterations: 200, samples: 40 }).best.reward; //=> 1
 */
export function mcts<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: MctsOptions = {},
): MctsResult<State, Action> {
  return driveSync(mctsSearch(problem, rng, options));
}

/** `mcts` for a problem that answers later. */
export function mctsAsync<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: MctsOptions = {},
): Promise<MctsResult<State, Action>> {
  return driveAsync(mctsSearch(problem, rng, options));
}

/** Mean value of what was backed up through a node, 0 before the first visit. */
export function mctsQ({ visits, totalValue }: { visits: number; totalValue: number }): number {
  return visits > 0 ? totalValue / visits : 0;
}

/**
 * Training targets of a value model from a search: every visited node's state with its Q and its visits, parents before
 * their children.
 *
 * arXiv:2405.03553, Section 3.3: the value model is fitted to Q of the tree. O(nodes).
 *
 * @example
 * const problem = { root: 0, expand: () => [], value: () => 0.25 };
 * mctsValueTargets(mcts(problem, createRng(1), { iterations: 1 }).root); //=> [{ state: 0, target: 0.25, visits: 1 }]
 */
export function mctsValueTargets<State, Action>(
  root: MctsNode<State, Action>,
): { state: State; target: number; visits: number }[] {
  const found: { state: State; target: number; visits: number }[] = [];
  const queue = [root];
  for (let i = 0; i < queue.length; i++) {
    const { state, visits, children } = queue[i];
    if (visits > 0) found.push({ state, target: mctsQ(queue[i]), visits });
    queue.push(...children);
  }
  return found;
}

/**
 * Q + c_puct · prior · sqrt(N_parent) / (1 + N) for every child.
 *
 * @param children priors, visits and sums of backed-up values, one entry a child
 * @throws RangeError if the lengths differ or an entry is not finite
 *
 * @example
 * Array.from(puctScores({ priors: [0.5], visits: [0], valueSums: [0] }, { parentVisits: 4, cPuct: 1 })); //=> [1]
 */
export function puctScores(
  children: { priors: ArrayLike<number>; visits: ArrayLike<number>; valueSums: ArrayLike<number> },
  { parentVisits, cPuct = 1.25 }: { parentVisits: number; cPuct?: number },
): Float64Array {
  const { priors, visits, valueSums } = children;
  checkVector('priors', priors);
  checkVector('visits', visits, priors.length);
  checkVector('valueSums', valueSums, priors.length);
  checkNumber('parentVisits', parentVisits, 0);
  checkNumber('cPuct', cPuct, 0);
  return Float64Array.from(priors, (prior, i) =>
    puctScore(prior, visits[i], valueSums[i], Math.sqrt(parentVisits), cPuct),
  );
}

function puctScore(prior: number, visits: number, totalValue: number, rootParent: number, cPuct: number): number {
  return mctsQ({ visits, totalValue }) + (cPuct * prior * rootParent) / (1 + visits);
}

function* mctsSearch<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: MctsOptions,
): Search<MctsResult<State, Action>> {
  const cPuct = checkNumber('cPuct', options.cPuct ?? 1.25, 0);
  const iterations = checkInteger('iterations', options.iterations ?? 40, 0);
  const samples = checkInteger('samples', options.samples ?? 5, 1);
  const maxDepth = checkInteger('maxDepth', options.maxDepth ?? 8, 0);
  const lambda = checkNumber('lambda', options.lambda ?? 1, 0, 1);
  const select = checkOption('select', options.select ?? 'q', ['value', 'q', 'visits', 'puct']);

  const root = newNode<State, Action>(problem.root, 0);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const path = [root];
    let node = root;
    let blocked = root.terminal;
    while (!blocked && node.children.length > 0) {
      const next = bestChild(node, cPuct);
      if (next === undefined) {
        node.terminal = true;
        blocked = true;
      } else {
        path.push(next);
        node = next;
      }
    }
    if (blocked) continue;
    if (node.depth < maxDepth) {
      const steps: SearchStep<State, Action>[] = yield problem.expand(node.state, samples, rng);
      for (const step of steps) {
        const child = newNode<State, Action>(step.state, node.depth + 1, step);
        node.children.push(child);
        if (child.terminal) backUp([...path, child], yield* leafValue(problem, child, lambda));
      }
      if (steps.length === 0) node.terminal = true; // a dead end: its value counts, and nothing leads on
    } else node.terminal = true;
    node.value ??= yield problem.value(node.state);
    backUp(path, node.value as number);
  }

  // The answer follows visited children only, unless it is chosen by the problem's own values.
  const actions: Action[] = [];
  let best = root;
  while (best.children.length > 0) {
    if (select === 'value') {
      for (const child of best.children) child.value ??= yield* leafValue(problem, child, lambda);
    }
    best = chosenChild(best, select, cPuct);
    actions.push(best.action as Action);
  }
  return { root, actions, best, iterations };
}

function newNode<State, Action>(
  state: State,
  depth: number,
  step?: SearchStep<State, Action>,
): MctsNode<State, Action> {
  return {
    state,
    action: step?.action,
    prior: step?.prior ?? 1,
    depth,
    terminal: step?.terminal ?? false,
    reward: step?.terminal === true ? (step.reward ?? 0) : undefined,
    value: undefined,
    visits: 0,
    totalValue: 0,
    children: [],
  };
}

/** (1 - λ) V + λ r of a terminal node, V of another. */
function* leafValue<State, Action>(
  problem: SearchProblem<State, Action>,
  { state, reward }: MctsNode<State, Action>,
  lambda: number,
): Search<number> {
  if (reward !== undefined && lambda === 1) return reward;
  const value: number = yield problem.value(state);
  return reward === undefined ? value : (1 - lambda) * value + lambda * reward;
}

function bestChild<State, Action>(node: MctsNode<State, Action>, cPuct: number): MctsNode<State, Action> | undefined {
  const rootParent = Math.sqrt(node.visits);
  let best: MctsNode<State, Action> | undefined;
  let bestScore = -Infinity;
  for (const child of node.children) {
    if (child.terminal) continue;
    const score = puctScore(child.prior, child.visits, child.totalValue, rootParent, cPuct);
    if (score > bestScore) {
      best = child;
      bestScore = score;
    }
  }
  return best;
}

function chosenChild<State, Action>(
  node: MctsNode<State, Action>,
  select: 'value' | 'q' | 'visits' | 'puct',
  cPuct: number,
): MctsNode<State, Action> {
  const rootParent = Math.sqrt(node.visits);
  const score = (child: MctsNode<State, Action>): number => {
    if (select === 'value') return child.value as number;
    if (select === 'visits') return child.visits;
    if (select === 'puct') return puctScore(child.prior, child.visits, child.totalValue, rootParent, cPuct);
    return child.visits > 0 ? mctsQ(child) : -Infinity;
  };
  let best = node.children[0];
  for (const child of node.children) if (score(child) > score(best)) best = child;
  return best;
}

function backUp<State, Action>(path: MctsNode<State, Action>[], value: number): void {
  for (const node of path) {
    node.visits += 1;
    node.totalValue += value;
  }
}
