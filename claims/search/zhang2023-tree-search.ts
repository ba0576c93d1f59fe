import type { Claim } from '../claim.js';
import { play, SEARCHES, type SearchName, solvableGames } from './game-of-24.js';

export const claim: Claim = {
  id: 'zhang2023-tree-search',
  seed: 'Autonomous Tree-search Ability of Large Language Models',
  reference: 'arXiv:2310.10686',
  statement: 'Searching over steps solves far more games of 24 than following one chain of steps.',
  source: 'Section 4',
  expected:
    'breadth-first, depth-first and best-first search solve every solvable game; a beam of five solves more than greedy, greedy fewer than half',
  run({ scale, onProgress }) {
    const games = solvableGames(scale === 'full' ? 1 : 12);
    const names = Object.keys(SEARCHES) as SearchName[];
    const results = new Map(
      names.map((name, i) => {
        const result = play(name, games);
        onProgress((i + 1) / names.length);
        return [name, result];
      }),
    );
    const solved = (name: SearchName) => results.get(name)?.solved ?? 0;
    const reproduced =
      ['breadth-first', 'depth-first', 'best-first'].every((name) => solved(name as SearchName) === 1) &&
      solved('beam of 5') > solved('greedy') &&
      solved('greedy') < 0.5;
    return {
      measured: names
        .map(
          (name) =>
            `${name} ${(100 * solved(name)).toFixed(0)} % (${results.get(name)?.expansions.toFixed(0)} expansions)`,
        )
        .join(', '),
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: `${games.length} of the 1362 solvable games; the value of a state is a guess from one operation ahead, in place of a language model.`,
      figure: [
        {
          title: 'Games of 24 solved',
          x: { label: 'search' },
          y: { label: 'share solved' },
          marks: [{ kind: 'bar', points: names.map((name) => ({ x: name, y: solved(name) })) }],
        },
        {
          title: 'States expanded per game',
          x: { label: 'search' },
          y: { label: 'expansions' },
          marks: [{ kind: 'bar', points: names.map((name) => ({ x: name, y: results.get(name)?.expansions ?? 0 })) }],
        },
      ],
    };
  },
};
