import { createRng } from 'lemmata/random';
import { game24Problem, goExplore, type GoExploreJudge, type Game24Action, type Game24State } from 'lemmata/search';
import type { Claim } from '../claim.js';
import { solvableGames } from './game-of-24.js';

type Judge = GoExploreJudge<Game24State, Game24Action>;

export const claim: Claim = {
  id: 'lu2024-go-explore',
  seed: 'Intelligent Go-Explore',
  reference: 'arXiv:2405.15143',
  statement:
    'A judge that knows which states are promising reaches the goal in fewer steps than counting visits does, on the game of 24.',
  source: 'Section 4.1, Figure 3',
  expected:
    'every solvable game solved by both; the informed judge needs fewer steps in the mean (one-sided sign test over games, 1 %)',
  run({ scale, seed, onProgress }) {
    const games = solvableGames(scale === 'full' ? 1 : 10);
    let solved = 0;
    let fewer = 0;
    let more = 0;
    const steps = { informed: 0, counting: 0 };
    games.forEach((numbers, i) => {
      const problem = game24Problem(numbers);
      const value = (state: Game24State) => problem.value(state) as number;
      const argmax = (values: number[]) => values.reduce((best, v, k) => (v > values[best] ? k : best), 0);
      const judge: Judge = {
        chooseState: (open) => argmax(open.map(({ score }) => score)),
        chooseAction: (untried) =>
          argmax(untried.map((step) => (step.terminal === true ? (step.reward ?? 0) : value(step.state)))),
      };
      const informed = goExplore(problem, createRng(seed, 'informed', i), { judge, budget: 50_000, horizon: 3 });
      const counting = goExplore(problem, createRng(seed, 'counting', i), { budget: 50_000, horizon: 3 });
      solved += informed.found && counting.found ? 1 : 0;
      if (informed.steps < counting.steps) fewer += 1;
      if (informed.steps > counting.steps) more += 1;
      steps.informed += informed.steps / games.length;
      steps.counting += counting.steps / games.length;
      if (i % 5 === 0) onProgress(i / games.length);
    });
    const z = (fewer - more) / Math.sqrt(Math.max(1, fewer + more));
    return {
      measured: `${solved} of ${games.length} games solved by both; ${steps.informed.toFixed(1)} steps with the informed judge, ${steps.counting.toFixed(1)} by counting visits`,
      verdict: solved === games.length && z > 2.33 && steps.informed < steps.counting ? 'reproduced' : 'not reproduced',
      note: 'The judge looks one operation ahead, in place of a foundation model.',
      figure: {
        title: 'Steps until the game is solved, mean over games',
        x: { label: 'judge' },
        y: { label: 'steps' },
        marks: [{ kind: 'bar', points: Object.entries(steps).map(([x, y]) => ({ x, y })) }],
      },
    };
  },
};
