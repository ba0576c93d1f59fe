/**
 * Go-Explore: remember every interesting state, return to one of them, explore on from there.
 *
 * A. Ecoffet et al., "First return, then explore", Nature 590 (2021) 580-586; the judge in three places (which state,
 * which action, what is interesting) is that of C. Lu, S. Hu, J. Clune, "Intelligent Go-Explore: Standing on the
 * Shoulders of Giant Foundation Models", arXiv:2405.15143, Algorithm 1.
 */
import { checkInteger } from '../internal/check.js';
import { type Rng, sampleCategorical } from '../random/index.js';
import { driveAsync, driveSync, type Search } from './drive.js';
import { type SearchProblem, type SearchStep, solves } from './problem.js';

/** A remembered state, with what has not been tried in it. One entry for a key. */
export interface ArchiveEntry<State, Action> {
  key: string;
  state: State;
  /** The actions that lead here from the root: the shortest known, or those of the highest score. */
  path: Action[];
  score: number;
  /** How often the search has returned here. */
  visits: number;
  /** The steps of the state, once asked for, that were not taken yet. */
  untried: SearchStep<State, Action>[] | undefined;
}

export interface GoExploreJudge<State, Action> {
  /** Index of the entry to return to, among those with something untried. Default: weight 1 / sqrt(visits + 1). */
  chooseState?(open: ArchiveEntry<State, Action>[], rng: Rng): number | Promise<number>;
  /** Index of the untried step to take. Default: uniform. */
  chooseAction?(untried: SearchStep<State, Action>[], state: State, rng: Rng): number | Promise<number>;
  /** Whether a new state is worth remembering. Default: always. */
  interesting?(state: State, archive: ArchiveEntry<State, Action>[]): boolean | Promise<boolean>;
}

export interface GoExploreOptions<State, Action> {
  /** Steps taken at most. Default 1000. */
  budget?: number;
  /** Steps h taken from a state before returning. Default 8. */
  horizon?: number;
  /** Entries kept at most; further states are met but not remembered. Default no limit. */
  archiveLimit?: number;
  judge?: GoExploreJudge<State, Action>;
}

export interface GoExploreResult<State, Action> {
  found: boolean;
  path: Action[];
  state: State;
  /** Steps taken. */
  steps: number;
  archive: ArchiveEntry<State, Action>[];
}

/**
 * Loop: choose a remembered state, take up to `horizon` untried steps from there, remember what is new and interesting;
 * until a step solves the problem, nothing is untried, or the budget is spent. A known key is replaced by a higher
 * score (the problem's value), or by a shorter path of equal score. With `chooseState` the first open entry it is
 * breadth-first search, with the last one depth-first.
 *
 * Draws, with the default judge: one uniform for the state, one for every step.
 *
 * @throws RangeError if an option is out of its range or a judge's index does not exist
 * @throws TypeError if the problem has no `key`, or answers with a promise (use `goExploreAsync`)
 *
 * @example
 * goExplore(game24Problem([4, 4, 6, 8]), createRng(1)).found; //=> true
 */
export function goExplore<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GoExploreOptions<State, Action> = {},
): GoExploreResult<State, Action> {
  return driveSync(search(problem, rng, options));
}

/** `goExplore` for a problem or a judge that answers later, such as a language model. */
export function goExploreAsync<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GoExploreOptions<State, Action> = {},
): Promise<GoExploreResult<State, Action>> {
  return driveAsync(search(problem, rng, options));
}

function* search<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: GoExploreOptions<State, Action>,
): Search<GoExploreResult<State, Action>> {
  const budget = checkInteger('budget', options.budget ?? 1000, 0);
  const horizon = checkInteger('horizon', options.horizon ?? 8, 1);
  const limit = checkInteger('archiveLimit', options.archiveLimit ?? Number.MAX_SAFE_INTEGER, 1);
  const { chooseState = byVisits, chooseAction = uniformly, interesting = () => true } = options.judge ?? {};
  const keyOf = problem.key?.bind(problem);
  if (keyOf === undefined) throw new TypeError('problem.key must be a function: the archive holds one entry for a key');

  const archive: ArchiveEntry<State, Action>[] = [];
  const byKey = new Map<string, ArchiveEntry<State, Action>>();
  const remember = function* (state: State, path: Action[]): Search<ArchiveEntry<State, Action> | undefined> {
    const key = keyOf(state);
    const score: number = yield problem.value(state);
    const known = byKey.get(key);
    if (known !== undefined) {
      if (score > known.score || (score === known.score && path.length < known.path.length)) {
        Object.assign(known, { state, path, score });
      }
      return known;
    }
    if (archive.length >= limit) return undefined;
    if (archive.length > 0 && (yield interesting(state, archive)) !== true) return undefined;
    const entry = { key, state, path, score, visits: 0, untried: undefined };
    archive.push(entry);
    byKey.set(key, entry);
    return entry;
  };

  const result: GoExploreResult<State, Action> = { found: false, path: [], state: problem.root, steps: 0, archive };
  yield* remember(problem.root, []);
  while (result.steps < budget) {
    const open = archive.filter(({ untried }) => untried === undefined || untried.length > 0);
    if (open.length === 0) break;
    const chosen: number = yield chooseState(open, rng);
    let entry: ArchiveEntry<State, Action> | undefined = open[checkInteger('chooseState', chosen, 0, open.length - 1)];
    entry.visits += 1;
    for (let h = 0; h < horizon && entry !== undefined && result.steps < budget; h++) {
      entry.untried ??= [...((yield problem.expand(entry.state, Number.MAX_SAFE_INTEGER, rng)) as [])];
      if (entry.untried.length === 0) break;
      const index: number = yield chooseAction(entry.untried, entry.state, rng);
      const [step]: SearchStep<State, Action>[] = entry.untried.splice(
        checkInteger('chooseAction', index, 0, entry.untried.length - 1),
        1,
      );
      const path: Action[] = [...entry.path, step.action];
      result.steps += 1;
      if (solves(step)) return Object.assign(result, { found: true, path, state: step.state });
      entry = step.terminal === true ? undefined : yield* remember(step.state, path);
    }
  }
  return result;
}

function byVisits<State, Action>(open: ArchiveEntry<State, Action>[], rng: Rng): number {
  return sampleCategorical(
    open.map(({ visits }) => 1 / Math.sqrt(visits + 1)),
    rng,
  );
}

function uniformly<State, Action>(untried: SearchStep<State, Action>[], _state: State, rng: Rng): number {
  return Math.floor(rng() * untried.length);
}
