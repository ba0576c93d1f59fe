import { createRng } from 'lemmata/random';
import { bestFirstSearch, game24Problem, type SearchStep } from 'lemmata/search';
import type { Claim } from '../claim.js';
import { solvableGames } from './game-of-24.js';

/** The game with a proposer that names the steps of highest value first, as a language model would its likeliest. */
function proposing(numbers: number[]): ReturnType<typeof game24Problem> {
  const problem = game24Problem(numbers);
  const worth = (step: SearchStep<typeof problem.root, unknown>) =>
    step.reward ?? (problem.value(step.state) as number);
  return {
    ...problem,
    expand(state, samples, rng) {
      const steps = problem.expand(state, Number.MAX_SAFE_INTEGER, rng) as SearchStep<
        typeof state,
        { expression: string }
      >[];
      return steps.sort((a, b) => worth(b) - worth(a)).slice(0, samples);
    },
  };
}

export const claim: Claim = {
  id: 'koh2024-best-first',
  seed: 'Tree Search for Language Model Agents',
  reference: 'arXiv:2407.01476',
  statement:
    'Success rises with the search budget, and best-first order beats breadth- and depth-first order at the same budget.',
  source: 'Sections 5.1 and 5.2, Figure 3',
  expected:
    'share solved non-decreasing in the budget 5, 10, 20, 40, 80; best-first above both others at budget 20 (McNemar, one-sided, 5 %)',
  run({ scale, onProgress }) {
    const games = solvableGames(scale === 'full' ? 1 : 6);
    const budgets = [5, 10, 20, 40, 80];
    const strategies = ['best', 'bfs', 'dfs'] as const;
    const solved = new Map<string, boolean[]>();
    const points: { x: number; y: number; series: string }[] = [];
    strategies.forEach((strategy, s) => {
      for (const budget of budgets) {
        const found = games.map(
          (numbers) => bestFirstSearch(proposing(numbers), createRng(0), { strategy, budget }).found,
        );
        solved.set(`${strategy} ${budget}`, found);
        points.push({ x: budget, y: found.filter(Boolean).length / games.length, series: strategy });
      }
      onProgress((s + 1) / strategies.length);
    });
    const best = points.filter(({ series }) => series === 'best').map(({ y }) => y);
    const rising = best.every((y, i) => i === 0 || y >= best[i - 1]);
    const beats = (other: 'bfs' | 'dfs'): boolean => {
      const [a, b] = [solved.get('best 20') as boolean[], solved.get(`${other} 20`) as boolean[]];
      const won = a.filter((x, i) => x && !b[i]).length;
      const lost = a.filter((x, i) => !x && b[i]).length;
      return won + lost > 0 && (won - lost) / Math.sqrt(won + lost) > 1.645;
    };
    const at = (strategy: string, budget: number) =>
      (100 * (points.find(({ x, series }) => x === budget && series === strategy)?.y ?? 0)).toFixed(0);
    return {
      measured: `best-first ${budgets.map((budget) => `${at('best', budget)} %`).join(', ')}; at budget 20: breadth-first ${at('bfs', 20)} %, depth-first ${at('dfs', 20)} %`,
      verdict: rising && beats('bfs') && beats('dfs') ? 'reproduced' : 'not reproduced',
      note: `The game of 24 in place of web tasks, ${games.length} games, a look-ahead of one operation as value and as proposer of five actions.`,
      figure: {
        title: 'Games of 24 solved against the budget of evaluations',
        x: { label: 'budget', type: 'log' },
        y: { label: 'share solved' },
        marks: [
          { kind: 'line', points },
          { kind: 'dot', points },
        ],
      },
    };
  },
};
