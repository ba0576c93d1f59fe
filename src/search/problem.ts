// What every search of this folder works on.
import type { Rng } from '../random/index.js';

/** One way on from a state. */
export interface SearchStep<State, Action> {
  action: Action;
  /** The state that the action leads to. */
  state: State;
  /** Probability that the proposer gives to the action, in [0, 1]; MCTS explores by it. */
  prior: number;
  /** Whether the state ends the search along this path. */
  terminal?: boolean;
  /** What a terminal state is worth, in [-1, 1]; 1 solves the problem. */
  reward?: number;
}

/** A search problem. Every function may be asynchronous if the search is started by its `...Async` form. */
export interface SearchProblem<State, Action> {
  root: State;
  /** At most `samples` ways on; fewer, or none, where there are fewer. Whoever proposes at random draws from `rng`. */
  expand(state: State, samples: number, rng: Rng): SearchStep<State, Action>[] | Promise<SearchStep<State, Action>[]>;
  /** An estimate of what the state is worth. */
  value(state: State): number | Promise<number>;
  /** Equal for states that are the same to the search. */
  key?(state: State): string;
}

/** Whether a step solves the problem: terminal, with a positive reward (1 if the step gives none). */
export function solves<State, Action>(step: SearchStep<State, Action>): boolean {
  return step.terminal === true && (step.reward ?? 1) > 0;
}
