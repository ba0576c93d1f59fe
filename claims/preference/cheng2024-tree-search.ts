import { pairInterference, refinementPair } from 'lemmata/preference';
import { createRng, sampleIndex, type Rng } from 'lemmata/random';
import { refinementTreeSearch } from 'lemmata/search';
import type { Claim } from '../claim.js';
import { summary } from './summary.js';

/** Words of a response; the first six are the instruction. */
const WORDS = 24;
const RULES = 6;
const BUDGET = 60;
/** The judge's opinions, on the whole response and on each rule, are right nine times in ten; five are asked for. */
const ACCURACY = 0.9;
const VOTES = 5;

const drawResponse = (rng: Rng): number[] => Array.from({ length: WORDS }, () => (rng() < 0.5 ? 0 : 1));
const obeyed = (response: number[]): number => response.slice(0, RULES).reduce((sum, word) => sum + word, 0);
const judge = (response: number[], rng: Rng): boolean[] =>
  Array.from({ length: VOTES }, () => rng() < ACCURACY === (obeyed(response) === RULES));
const share = (votes: boolean[]): number => votes.filter(Boolean).length / votes.length;

/** Mends one of the rules that a critique calls broken, any rule if it calls none so; every other time a word changes too. */
function refine(response: number[], rng: Rng): number[] {
  const next = response.slice();
  const broken = Array.from({ length: RULES }, (_, i) => i).filter((i) => rng() < ACCURACY === (response[i] === 0));
  next[broken.length > 0 ? broken[sampleIndex(broken.length, rng)] : sampleIndex(RULES, rng)] = 1;
  if (rng() < 0.5) {
    const place = sampleIndex(WORDS, rng);
    next[place] = 1 - next[place];
  }
  return next;
}

/** The first of the responses with the largest share of votes. */
function bestOf(responses: number[][], rng: Rng): number[] {
  let best = responses[0];
  let most = -1;
  for (const response of responses) {
    const value = share(judge(response, rng));
    if (value > most) [best, most] = [response, value];
  }
  return best;
}

export const claim: Claim = {
  id: 'cheng2024-tree-search',
  seed: 'SPaR',
  reference: 'arXiv:2412.11605',
  statement:
    'Refining by tree search, breadth-first or depth-first, gives a response that follows the instruction more often than the best of as many new responses or of as many single refinements, and what it changes is little beside the mistakes.',
  source:
    'tree search against best-of-N generation at equal inference, and without the tree; interfering content of sampled pairs',
  expected:
    'responses of 24 binary words of which 6 are the instruction; a critique tells the refiner which rules are broken, right for each nine times in ten, as are the votes of the judge; 60 responses are generated in each way and one is chosen by the votes; verdict: both searches give more right ones than the best of 60 refinements of the first response and than the best of 60 new ones (McNemar, one-sided, 1e-3), and pairs of first and final response differ in less than independent right ones do, by 3 standard errors',
  headline: true,
  run({ scale, seed, onProgress }) {
    const roots = scale === 'full' ? 2000 : 300;
    const ways = [
      'breadth-first',
      'depth-first',
      'chain of refinements',
      'one-step refinements',
      'new responses',
    ] as const;
    const right = ways.map(() => new Array<boolean>(roots).fill(false));
    const gaps: number[] = [];
    const made = [0, 0];
    for (let r = 0; r < roots; r++) {
      const rng = createRng(seed, 'root', r);
      let root = drawResponse(rng);
      while (obeyed(root) > RULES - 2) root = drawResponse(rng);
      const problem = {
        root,
        expand: ({ response }: { response: number[] }, draw: Rng) => refine(response, draw),
        judge: ({ response }: { response: number[] }, draw: Rng) => judge(response, draw),
      };
      (['bfs', 'dfs'] as const).forEach((algorithm, k) => {
        const options = { algorithm, branch: 5, keep: 2, maxDepth: 6, budget: BUDGET, votes: VOTES };
        const tree = refinementTreeSearch<number[]>(problem, createRng(seed, algorithm, r), options);
        right[k][r] = obeyed(tree.best.response) === RULES;
        made[k] += tree.expansions / roots;
        if (!tree.found) return;
        const independent = drawResponse(rng);
        for (let i = 0; i < RULES; i++) independent[i] = 1;
        const pair = refinementPair('obey', tree);
        gaps.push(pairInterference({ chosen: independent, rejected: root }) - pairInterference(pair));
      });
      const chainRng = createRng(seed, 'chain', r);
      let response = root;
      for (let k = 0; k < BUDGET; k++) {
        response = refine(response, chainRng);
        if (share(judge(response, chainRng)) > 0.5) break;
      }
      right[2][r] = obeyed(response) === RULES;
      const draw = createRng(seed, 'samples', r);
      const refinements = Array.from({ length: BUDGET }, () => refine(root, draw));
      const fresh = Array.from({ length: BUDGET }, () => drawResponse(draw));
      right[3][r] = obeyed(bestOf(refinements, draw)) === RULES;
      right[4][r] = obeyed(bestOf(fresh, draw)) === RULES;
      if (r % 10 === 9) onProgress((r + 1) / roots);
    }
    const beats = (a: number, b: number): boolean => {
      const won = right[a].filter((x, r) => x && !right[b][r]).length;
      const lost = right[b].filter((x, r) => x && !right[a][r]).length;
      return (won - lost) / Math.sqrt(Math.max(1, won + lost)) > 3.09;
    };
    const { mean, error } = summary(gaps);
    const part = (k: number) => right[k].filter(Boolean).length / roots;
    const holds = [0, 1].every((k) => beats(k, 3) && beats(k, 4)) && mean > 3 * error;
    return {
      measured: `${ways.map((way, k) => `${way} ${(100 * part(k)).toFixed(0)} %`).join(', ')}; the searches stop after ${made.map((x) => x.toFixed(1)).join(' and ')} refinements; edit distance smaller by ${mean.toFixed(3)} ± ${error.toFixed(3)}`,
      standardError: error,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${roots} first responses that break two rules or more. Binary words in place of a language model. It rests on the critique: a refiner that does not know which rules are broken walks at random, and then depth-first search falls behind new responses. A chain of refinements that the judge stops, which is not part of the verdict, does as well here.`,
      figure: {
        title: 'Right responses from 60 generated',
        x: { label: 'way', type: 'band' },
        y: { label: 'share' },
        marks: [{ kind: 'bar', points: ways.map((x, k) => ({ x, y: part(k) })) }],
      },
    };
  },
};
