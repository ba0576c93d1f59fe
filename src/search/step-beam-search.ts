/**
 * Beam search over steps, scored by a value model.
 *
 * G. Chen, M. Liao, C. Li, K. Fan, "AlphaMath Almost Zero: Process Supervision without Process", NeurIPS 2024,
 * arXiv:2405.03553, Algorithm 2 (step-level beam search). With progress rewards: A. Setlur et al., "Rewarding
 * Progress: Scaling Automated Process Verifiers for LLM Reasoning", arXiv:2410.08146, Section 3.2.
 */
import { checkInteger, checkNumber } from '../internal/check.js';
import type { Rng } from '../random/index.js';
import { driveAsync, driveSync, type Search } from './drive.js';
import type { SearchProblem, SearchStep } from './problem.js';
import { bestOfKValue } from './process-advantage.js';

export interface StepBeamOptions {
  /** Width B1 of the beam. Default 1. */
  beam?: number;
  /** Candidates B2 for every state of the beam. Default 5. */
  samples?: number;
  /** Steps at most. Default 8. */
  maxDepth?: number;
}

export interface BeamPath<State, Action> {
  actions: Action[];
  state: State;
  /** What the path was ranked by. */
  score: number;
  reward: number | undefined;
}

export interface BeamResult<State, Action> {
  /** Answers that ended, best first. */
  finished: BeamPath<State, Action>[];
  /** Paths still open when the search stopped, best first. */
  open: BeamPath<State, Action>[];
  /** States expanded, and candidates seen. */
  expanded: number;
  generated: number;
}

/**
 * Every step expands each state of the beam into `samples` candidates and keeps the `beam` of highest value over all.
 * A finished answer leaves the beam and makes it one narrower. A terminal candidate is ranked by its reward, another by
 * the problem's value; ties keep the earlier candidate.
 *
 * O(maxDepth · beam · samples) calls of the problem. Draws nothing itself.
 *
 * @throws RangeError if an option is out of its range
 * @throws TypeError if the problem answers with a promise (use `stepBeamSearchAsync`)
 */
export function stepBeamSearch<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: StepBeamOptions = {},
): BeamResult<State, Action> {
  return driveSync(beamSearch(problem, rng, options, undefined));
}

/** `stepBeamSearch` for a problem that answers later. */
export function stepBeamSearchAsync<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: StepBeamOptions = {},
): Promise<BeamResult<State, Action>> {
  return driveAsync(beamSearch(problem, rng, options, undefined));
}

export interface ProgressBeamOptions extends StepBeamOptions {
  /** Weight α >= 0 of progress. Default 1. */
  alpha?: number;
  /** The prover is the best of k tries of the base policy. Default 4, the paper's choice. */
  k?: number;
}

/**
 * Beam search whose score is the outcome value Q of the path plus α times the advantages A_μ = Q_μ - V_μ of its steps
 * under a best-of-k prover (`processAdvantage`). The problem's values are success probabilities of the base policy.
 *
 * @throws RangeError if an option is out of its range or a value is not in [0, 1]
 */
export function beamSearchWithProgress<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: ProgressBeamOptions = {},
): BeamResult<State, Action> {
  const alpha = checkNumber('alpha', options.alpha ?? 1, 0);
  const k = checkInteger('k', options.k ?? 4, 1);
  return driveSync(beamSearch(problem, rng, options, { alpha, k }));
}

interface Candidate<State, Action> extends BeamPath<State, Action> {
  terminal: boolean;
  /** Probability of success from here, and the advantages collected on the way; used with progress only. */
  success: number;
  progress: number;
}

function* beamSearch<State, Action>(
  problem: SearchProblem<State, Action>,
  rng: Rng,
  options: StepBeamOptions,
  prover: { alpha: number; k: number } | undefined,
): Search<BeamResult<State, Action>> {
  let width = checkInteger('beam', options.beam ?? 1, 1);
  const samples = checkInteger('samples', options.samples ?? 5, 1);
  const maxDepth = checkInteger('maxDepth', options.maxDepth ?? 8, 1);

  const finished: Candidate<State, Action>[] = [];
  const success: number = prover === undefined ? 0 : yield* probability(problem, problem.root);
  let open: Candidate<State, Action>[] = [
    { actions: [], state: problem.root, score: success, reward: undefined, terminal: false, success, progress: 0 },
  ];
  let expanded = 0;
  let generated = 0;
  for (let depth = 0; depth < maxDepth && open.length > 0 && width > 0; depth++) {
    const candidates: Candidate<State, Action>[] = [];
    for (const path of open) {
      const steps: SearchStep<State, Action>[] = yield problem.expand(path.state, samples, rng);
      expanded += 1;
      for (const step of steps) {
        generated += 1;
        candidates.push(yield* candidate(problem, path, step, prover));
      }
    }
    candidates.sort((a, b) => b.score - a.score); // stable: ties keep the earlier one
    const kept = candidates.slice(0, width);
    for (const path of kept) {
      if (!path.terminal) continue;
      finished.push(path);
      width -= 1;
    }
    open = kept.filter(({ terminal }) => !terminal);
  }
  finished.sort((a, b) => b.score - a.score);
  return { finished: finished.map(publicPath), open: open.map(publicPath), expanded, generated };
}

function* candidate<State, Action>(
  problem: SearchProblem<State, Action>,
  path: Candidate<State, Action>,
  step: SearchStep<State, Action>,
  prover: { alpha: number; k: number } | undefined,
): Search<Candidate<State, Action>> {
  const terminal = step.terminal === true;
  const reward = terminal ? (step.reward ?? 0) : undefined;
  const base = { actions: [...path.actions, step.action], state: step.state, reward, terminal };
  if (prover === undefined) {
    const score: number = reward ?? (yield problem.value(step.state));
    return { ...base, score, success: 0, progress: 0 };
  }
  const success: number = reward === undefined ? yield* probability(problem, step.state) : reward > 0 ? 1 : 0;
  const progress = path.progress + bestOfKValue(success, prover.k) - bestOfKValue(path.success, prover.k);
  return { ...base, score: success + prover.alpha * progress, success, progress };
}

function* probability<State, Action>(problem: SearchProblem<State, Action>, state: State): Search<number> {
  const value: number = yield problem.value(state);
  return checkNumber('value(state)', value, 0, 1);
}

function publicPath<State, Action>({
  actions,
  state,
  score,
  reward,
}: Candidate<State, Action>): BeamPath<State, Action> {
  return { actions, state, score, reward };
}
