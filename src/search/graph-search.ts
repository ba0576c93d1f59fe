/**
 * Breadth-first and depth-first search with pruning: the two frames of a tree of thoughts.
 *
 * S. Yao et al., "Tree of Thoughts: Deliberate Problem Solving with Large Language Models", arXiv:2305.10601, Algorithms
 * 1 and 2. Z. Zhang et al., "Autonomous Tree-search Ability of Large Language Models", arXiv:2310.10686, compare them on
 * the game of 24.
 */
import { checkInteger } from '../internal/check.js';
import type { Rng } from '../random/index.js';
import { driveAsync, driveSync, type Search } from './drive.js';
import { type SearchProblem, type SearchStep, solves } from './problem.js';

export interface GraphSearchOptions<State> {
  /** States expanded at most. Default no limit. */
  maxExpanded?: number;
  /** Ways on asked for in a state. Default all (the largest integer). */
  samples?: number;
  /** States below this depth are not expanded. Default no limit. */
  maxDepth?: number;
  /** A state for which this is true is dropped as soon as it is generated. */
  prune?: (state: State) => boolean;
}

export interface GraphSearchResult<State, Action> {
  found: boolean;
  /** The actions that solve the problem, or an empty path. */
  path: Action[];
  /** The state they lead to, or the root. */
  state: State;
  expanded: number;
  generated: number;
  /** How often the search left a path that had no way on (depth-first) or an empty subtree. */
  backtracks: number;
}

/**
 * Breadth-first: the first solution found has the fewest steps. A problem with `key` has every state visited once.
 * A step solves the problem if it is terminal with a positive reward.
 *
 * @throws RangeError if an option is out of its range
 * @throws TypeError if the problem answers with a promise (use `breadthFirstSearchAsync`)
 *
 * @example
 * breadthFirstSearch(game24Problem([1, 1, 1, 1]), createRng(1)).found; //=> false
 */
export function breadthFirstSearch<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GraphSearchOptions<State> = {},
): GraphSearchResult<State, Action> {
  return driveSync(search(problem, rng, options, 'bfs'));
}

/** `breadthFirstSearch` for a problem that answers later. */
export function breadthFirstSearchAsync<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GraphSearchOptions<State> = {},
): Promise<GraphSearchResult<State, Action>> {
  return driveAsync(search(problem, rng, options, 'bfs'));
}

/**
 * Depth-first: follows the first way on to its end before the second. Holds one path and its siblings in memory.
 *
 * @throws RangeError if an option is out of its range
 * @throws TypeError if the problem answers with a promise (use `depthFirstSearchAsync`)
 *
 * @example
 * depthFirstSearch(game24Problem([4, 4, 6, 8]), createRng(1)).found; //=> true
 */
export function depthFirstSearch<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GraphSearchOptions<State> = {},
): GraphSearchResult<State, Action> {
  return driveSync(search(problem, rng, options, 'dfs'));
}

/** `depthFirstSearch` for a problem that answers later. */
export function depthFirstSearchAsync<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GraphSearchOptions<State> = {},
): Promise<GraphSearchResult<State, Action>> {
  return driveAsync(search(problem, rng, options, 'dfs'));
}

interface Frontier<State, Action> {
  state: State;
  path: Action[];
}

function* search<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GraphSearchOptions<State>,
  order: 'bfs' | 'dfs',
): Search<GraphSearchResult<State, Action>> {
  const maxExpanded = checkInteger('maxExpanded', options.maxExpanded ?? Number.MAX_SAFE_INTEGER, 0);
  const samples = checkInteger('samples', options.samples ?? Number.MAX_SAFE_INTEGER, 1);
  const maxDepth = checkInteger('maxDepth', options.maxDepth ?? Number.MAX_SAFE_INTEGER, 0);
  const seen = new Set<string>();
  const isNew = (state: State): boolean => {
    if (problem.key === undefined) return true;
    const key = problem.key(state);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const result: GraphSearchResult<State, Action> = {
    found: false,
    path: [],
    state: problem.root,
    expanded: 0,
    generated: 0,
    backtracks: 0,
  };

  isNew(problem.root);
  let frontier: Frontier<State, Action>[] = [{ state: problem.root, path: [] }];
  while (frontier.length > 0 && result.expanded < maxExpanded) {
    const ahead: Frontier<State, Action>[] = [];
    // Breadth-first empties the level; depth-first takes its last entry and puts what follows on top of the others.
    const level = order === 'bfs' ? frontier : [frontier.pop() as Frontier<State, Action>];
    for (const { state, path } of level) {
      if (result.expanded >= maxExpanded) break;
      if (path.length >= maxDepth) {
        result.backtracks += 1;
        continue;
      }
      const steps: SearchStep<State, Action>[] = yield problem.expand(state, samples, rng);
      result.expanded += 1;
      let waysOn = 0;
      for (const step of steps) {
        result.generated += 1;
        if (solves(step)) {
          return Object.assign(result, { found: true, path: [...path, step.action], state: step.state });
        }
        if (step.terminal === true || options.prune?.(step.state) === true || !isNew(step.state)) continue;
        ahead.push({ state: step.state, path: [...path, step.action] });
        waysOn += 1;
      }
      if (waysOn === 0) result.backtracks += 1;
    }
    frontier = order === 'bfs' ? ahead : [...frontier, ...ahead.reverse()];
  }
  return result;
}
