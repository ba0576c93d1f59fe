/**
 * Best-first search over the actions of an agent, with a budget of evaluations.
 *
 * J. Y. Koh, S. McAleer, D. Fried, R. Salakhutdinov, "Tree Search for Language Model Agents", arXiv:2407.01476,
 * Section 3.2 and Algorithm 1. Defaults: branching b = 5, depth d = 5 (actions at depths 0 to 4), budget c = 20.
 */
import { checkInteger, checkNumber, checkOption } from '../internal/check.js';
import type { Rng } from '../random/index.js';
import { driveAsync, driveSync, type Search } from './drive.js';
import type { SearchProblem, SearchStep } from './problem.js';

export interface BestFirstOptions {
  /** Actions proposed in a state. Default 5. */
  branching?: number;
  /** The root's actions have depth 0; an action below this depth is followed by others. Default 4. */
  maxDepth?: number;
  /** States evaluated at most. Default 20. */
  budget?: number;
  /** The search stops at the first value at or above this. Default 1. */
  threshold?: number;
  /** Priority of the root's actions. Default 0.5, the paper's. */
  initialPriority?: number;
  /** 'best' takes the highest priority, 'bfs' the oldest entry, 'dfs' the newest, with the same budget. Default 'best'. */
  strategy?: 'best' | 'bfs' | 'dfs';
}

export interface BestFirstResult<State, Action> {
  /** The trajectory to the state of highest value; empty if no action was evaluated. */
  actions: Action[];
  /** Where it leads: the root if it is empty. */
  state: State;
  /** Its value; -Infinity if no action was evaluated. */
  value: number;
  /** Whether the value reached the threshold. */
  found: boolean;
  evaluations: number;
  /** Every evaluation in order: the trajectory and the value. */
  trace: { actions: Action[]; value: number }[];
}

interface Entry<State, Action> {
  step: SearchStep<State, Action>;
  actions: Action[];
  priority: number;
  inserted: number;
}

/**
 * Keeps a queue of actions not yet taken. The priority of an action is the value of the state it starts from (a proxy
 * that costs nothing); the highest is taken (ties: the earliest inserted), its state evaluated (a terminal one by its
 * reward), and its own actions join the queue while the depth allows. A trajectory replaces the best only if its value
 * is strictly larger.
 *
 * The caller may carry out the trajectory and search again from its end. Draws nothing itself.
 *
 * @throws RangeError if an option is out of its range
 * @throws TypeError if the problem answers with a promise (use `bestFirstSearchAsync`)
 */
export function bestFirstSearch<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: BestFirstOptions = {},
): BestFirstResult<State, Action> {
  return driveSync(search(problem, rng, options));
}

/** `bestFirstSearch` for a problem that answers later. */
export function bestFirstSearchAsync<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: BestFirstOptions = {},
): Promise<BestFirstResult<State, Action>> {
  return driveAsync(search(problem, rng, options));
}

function* search<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: BestFirstOptions,
): Search<BestFirstResult<State, Action>> {
  const branching = checkInteger('branching', options.branching ?? 5, 1);
  const maxDepth = checkInteger('maxDepth', options.maxDepth ?? 4, 0);
  const budget = checkInteger('budget', options.budget ?? 20, 0);
  const threshold = checkNumber('threshold', options.threshold ?? 1);
  const initialPriority = checkNumber('initialPriority', options.initialPriority ?? 0.5);
  const strategy = checkOption('strategy', options.strategy ?? 'best', ['best', 'bfs', 'dfs']);

  const queue: Entry<State, Action>[] = [];
  let inserted = 0;
  const insert = (steps: SearchStep<State, Action>[], before: Action[], priority: number): void => {
    for (const step of steps) queue.push({ step, actions: [...before, step.action], priority, inserted: inserted++ });
  };
  const result: BestFirstResult<State, Action> = {
    actions: [],
    state: problem.root,
    value: -Infinity,
    found: false,
    evaluations: 0,
    trace: [],
  };

  if (budget > 0) insert(yield problem.expand(problem.root, branching, rng), [], initialPriority);
  while (queue.length > 0 && result.evaluations < budget) {
    const [{ step, actions }] = queue.splice(nextEntry(queue, strategy), 1);
    const value: number = step.terminal === true ? (step.reward ?? 0) : yield problem.value(step.state);
    result.evaluations += 1;
    result.trace.push({ actions, value });
    if (value > result.value) Object.assign(result, { actions, state: step.state, value });
    if (value >= threshold) {
      result.found = true;
      break;
    }
    const depth = actions.length - 1;
    if (step.terminal !== true && depth < maxDepth && result.evaluations < budget) {
      insert(yield problem.expand(step.state, branching, rng), actions, value);
    }
  }
  return result;
}

function nextEntry<State, Action>(queue: Entry<State, Action>[], strategy: 'best' | 'bfs' | 'dfs'): number {
  if (strategy === 'bfs') return 0;
  if (strategy === 'dfs') return queue.length - 1;
  let best = 0;
  for (let i = 1; i < queue.length; i++) {
    const [a, b] = [queue[i], queue[best]];
    if (a.priority > b.priority || (a.priority === b.priority && a.inserted < b.inserted)) best = i;
  }
  return best;
}
