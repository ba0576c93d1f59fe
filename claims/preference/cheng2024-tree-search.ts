import { pairInterference, refinementPair } from 'lemmata/preference';
import { createRng, type Rng } from 'lemmata/random';
import { refinementTreeSearch } from 'lemmata/search';
import type { Claim } from '../claim.js';

/** Words of a response; the first six are the instruction. */
const WORDS = 24;
const RULES = 6;

const drawResponse = (rng: Rng): number[] => Array.from({ length: WORDS }, () => (rng() < 0.5 ? 0 : 1));
const obeyed = (response: number[]): number => response.slice(0, RULES).reduce((sum, word) => sum + word, 0);

/** Changes one to three words, half of them among the rules, without knowing which are wrong. */
function refine(response: number[], rng: Rng): number[] {
  const next = response.slice();
  for (let k = 1 + Math.floor(3 * rng()); k > 0; k--) {
    const place = Math.floor((rng() < 0.5 ? RULES : WORDS) * rng());
    next[place] = 1 - next[place];
  }
  return next;
}

export const claim: Claim = {
  id: 'cheng2024-tree-search',
  seed: 'SPaR',
  reference: 'arXiv:2412.11605',
  statement:
    'Refining by tree search mends a response more often than as many refinements of the response itself or as many new responses, and what it changes is little beside the mistakes.',
  source: 'tree search against other ways to refine at equal budget; interfering content of sampled pairs',
  expected:
    'responses of 24 binary words of which 6 are the instruction, 60 refinements each; verdict: breadth- and depth-first search both solve more roots than the best of 60 one-step refinements and than 60 new responses (McNemar, one-sided, 1e-3), and pairs of root and refinement differ in less than independent obeying responses do, by 3 standard errors',
  headline: true,
  listed: 'not reproduced',
  run({ scale, seed, onProgress }) {
    const roots = scale === 'full' ? 2000 : 300;
    const budget = 60;
    const ways = ['breadth-first', 'depth-first', 'one-step refinements', 'new responses'] as const;
    const solved = ways.map(() => new Array<boolean>(roots).fill(false));
    const gaps: number[] = [];
    for (let r = 0; r < roots; r++) {
      const rng = createRng(seed, 'root', r);
      let root = drawResponse(rng);
      while (obeyed(root) > RULES - 2) root = drawResponse(rng);
      const problem = {
        root,
        expand: ({ response }: { response: number[] }, draw: Rng) => refine(response, draw),
        judge: ({ response }: { response: number[] }) => obeyed(response) / RULES,
      };
      (['bfs', 'dfs'] as const).forEach((algorithm, k) => {
        const options = { algorithm, branch: 5, keep: 2, maxDepth: 6, endGate: 0.99, budget };
        const tree = refinementTreeSearch<number[]>(problem, createRng(seed, algorithm, r), options);
        solved[k][r] = tree.found;
        if (!tree.found) return;
        const independent = drawResponse(rng);
        for (let i = 0; i < RULES; i++) independent[i] = 1;
        const pair = refinementPair('obey', tree);
        gaps.push(pairInterference({ chosen: independent, rejected: root }) - pairInterference(pair));
      });
      const draw = createRng(seed, 'samples', r);
      for (let k = 0; k < budget; k++) {
        if (obeyed(refine(root, draw)) === RULES) solved[2][r] = true;
        if (obeyed(drawResponse(draw)) === RULES) solved[3][r] = true;
      }
      if (r % 10 === 9) onProgress((r + 1) / roots);
    }
    const beats = (a: number, b: number): boolean => {
      const won = solved[a].filter((x, r) => x && !solved[b][r]).length;
      const lost = solved[b].filter((x, r) => x && !solved[a][r]).length;
      return (won - lost) / Math.sqrt(Math.max(1, won + lost)) > 3.09;
    };
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const error = Math.sqrt(
      gaps.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (gaps.length - 1) / gaps.length,
    );
    const share = (k: number) => solved[k].filter(Boolean).length / roots;
    const holds = [0, 1].every((k) => beats(k, 2) && beats(k, 3)) && mean > 3 * error;
    return {
      measured: `${ways.map((way, k) => `${way} ${(100 * share(k)).toFixed(0)} %`).join(', ')}; edit distance smaller by ${mean.toFixed(3)} ± ${error.toFixed(3)}`,
      standardError: error,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: 'Holds for breadth-first search, and for the distance of pairs. Depth-first search goes on from its first refinement whatever the judge says, and here solves fewer roots than drawing anew, which a language model could not do as cheaply as a fair coin can. Binary words in place of a language model; the judge gives the share of rules obeyed.',
      figure: {
        title: 'Responses mended within 60 refinements',
        x: { label: 'way', type: 'band' },
        y: { label: 'share' },
        marks: [{ kind: 'bar', points: ways.map((x, k) => ({ x, y: share(k) })) }],
      },
    };
  },
};
