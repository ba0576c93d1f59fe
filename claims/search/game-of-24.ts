// What the claims about searches on the game of 24 share: the solvable multisets, and the searches with one budget.
import { createRng } from 'lemmata/random';
import {
  bestFirstSearch,
  breadthFirstSearch,
  depthFirstSearch,
  game24Problem,
  game24Solvable,
  goExplore,
  mcts,
  type SearchProblem,
  stepBeamSearch,
} from 'lemmata/search';

/** Every `every`-th of the 1362 solvable multisets of four numbers from 1 to 13. */
export function solvableGames(every: number): number[][] {
  const found: number[][] = [];
  for (let a = 1; a <= 13; a++)
    for (let b = a; b <= 13; b++)
      for (let c = b; c <= 13; c++)
        for (let d = c; d <= 13; d++) if (game24Solvable([a, b, c, d])) found.push([a, b, c, d]);
  return found.filter((_, i) => i % every === 0);
}

/** Counts the states that a search expands. */
function counted<State, Action>(
  problem: SearchProblem<State, Action>,
): {
  problem: SearchProblem<State, Action>;
  expansions(): number;
} {
  let expansions = 0;
  return {
    problem: {
      ...problem,
      expand(state, samples, rng) {
        expansions += 1;
        return problem.expand(state, samples, rng);
      },
    },
    expansions: () => expansions,
  };
}

export const SEARCHES = {
  'breadth-first': (problem: ReturnType<typeof game24Problem>) => breadthFirstSearch(problem, createRng(0)).found,
  'depth-first': (problem: ReturnType<typeof game24Problem>) => depthFirstSearch(problem, createRng(0)).found,
  'best-first': (problem: ReturnType<typeof game24Problem>) =>
    bestFirstSearch(problem, createRng(0), { branching: 100, budget: 100_000 }).found,
  MCTS: (problem: ReturnType<typeof game24Problem>) =>
    mcts(problem, createRng(0), { iterations: 400, samples: 100 }).best.reward === 1,
  'Go-Explore': (problem: ReturnType<typeof game24Problem>) =>
    goExplore(problem, createRng(0), { budget: 100_000, horizon: 3 }).found,
  'beam of 5': (problem: ReturnType<typeof game24Problem>) =>
    stepBeamSearch(problem, createRng(0), { beam: 5, samples: 100, maxDepth: 3 }).finished.some(
      ({ reward }) => reward === 1,
    ),
  greedy: (problem: ReturnType<typeof game24Problem>) =>
    stepBeamSearch(problem, createRng(0), { beam: 1, samples: 100, maxDepth: 3 }).finished.some(
      ({ reward }) => reward === 1,
    ),
};

export type SearchName = keyof typeof SEARCHES;

/** Share of games solved and mean expansions of one search over the games. */
export function play(name: SearchName, games: number[][]): { solved: number; expansions: number } {
  let solved = 0;
  let total = 0;
  for (const numbers of games) {
    const { problem, expansions } = counted(game24Problem(numbers));
    solved += SEARCHES[name](problem) ? 1 : 0;
    total += expansions();
  }
  return { solved: solved / games.length, expansions: total / games.length };
}
