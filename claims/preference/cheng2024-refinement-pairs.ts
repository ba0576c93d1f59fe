import { fitRewardModel, pairInterference, refinementPair } from 'lemmata/preference';
import { createRng, type Rng } from 'lemmata/random';
import { refinementTreeSearch } from 'lemmata/search';
import type { Claim } from '../claim.js';

/** Words of a response; the first three decide whether the instruction was followed, the others are its manner. */
const WORDS = 24;
const RULES = 3;

const drawResponse = (rng: Rng): number[] => Array.from({ length: WORDS }, () => (rng() < 0.5 ? 0 : 1));
const follows = (response: number[]): boolean => response.slice(0, RULES).every((word) => word === 1);
const obeyed = (response: number[]): number => response.slice(0, RULES).reduce((sum, word) => sum + word, 0);

export const claim: Claim = {
  id: 'cheng2024-refinement-pairs',
  seed: 'SPaR',
  reference: 'arXiv:2412.11605',
  statement:
    'Pairs of a response and its refinement, found by tree search, differ in little but the mistake, and as many of them teach the instruction better than pairs of independently drawn responses.',
  source: 'interfering content of sampled pairs; training on refinement pairs against training on sampled pairs',
  expected:
    'responses of 24 binary words of which 3 are the instruction; refinements change one to three words; 30 pairs of each kind, a linear reward fitted to each, judged on 1000 fresh pairs that differ in obedience; verdict: mean normalized edit distance of refinement pairs below half that of independent pairs, and mean accuracy higher by 3 paired standard errors',
  listed: 'not reproduced',
  run({ scale, seed, onProgress }) {
    const replicates = scale === 'full' ? 300 : 60;
    const size = 30;
    const gains = new Float64Array(replicates);
    const accuracy = [0, 0];
    const interference = [0, 0];
    let searches = 0;
    let found = 0;
    for (let r = 0; r < replicates; r++) {
      const rng = createRng(seed, 'replicate', r);
      const refined: { chosen: number[]; rejected: number[] }[] = [];
      const sampled: { chosen: number[]; rejected: number[] }[] = [];
      while (refined.length < size) {
        let root = drawResponse(rng);
        while (follows(root)) root = drawResponse(rng);
        const tree = refinementTreeSearch<number[]>(
          {
            root,
            // the refiner knows that something is wrong, not what: it mends a rule with probability 1/2 and else a word
            expand({ response }, draw) {
              const next = response.slice();
              for (let k = 1 + Math.floor(3 * draw()); k > 0; k--) {
                const place = Math.floor((draw() < 0.5 ? RULES : WORDS) * draw());
                next[place] = 1 - next[place];
              }
              return next;
            },
            judge: ({ response }, draw, votes) =>
              Array.from({ length: votes }, () => draw() < 0.9 === follows(response)),
          },
          rng,
          { algorithm: 'bfs', maxDepth: 4 },
        );
        searches += 1;
        if (!tree.found) continue;
        found += 1;
        refined.push(refinementPair('obey', tree));
      }
      while (sampled.length < size) {
        // the same label: chosen obeys, rejected does not
        const [chosen, rejected] = [drawResponse(rng), drawResponse(rng)];
        for (let i = 0; i < RULES; i++) chosen[i] = 1;
        if (!follows(rejected)) sampled.push({ chosen, rejected });
      }
      const tests: [number[], number[]][] = [];
      while (tests.length < 1000) {
        const [a, b] = [drawResponse(rng), drawResponse(rng)];
        if (obeyed(a) !== obeyed(b)) tests.push(obeyed(a) > obeyed(b) ? [a, b] : [b, a]);
      }
      const scores = [refined, sampled].map((pairs, kind) => {
        interference[kind] += pairs.reduce((sum, pair) => sum + pairInterference(pair), 0) / size / replicates;
        const features = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
        const { weights } = fitRewardModel(
          features,
          pairs.map((_, k) => [2 * k, 2 * k + 1] as const),
          { l2: 0.1 },
        );
        const value = (x: number[]) => x.reduce((sum, word, j) => sum + word * weights[j], 0);
        return tests.filter(([better, worse]) => value(better) > value(worse)).length / tests.length;
      });
      accuracy[0] += scores[0] / replicates;
      accuracy[1] += scores[1] / replicates;
      gains[r] = scores[0] - scores[1];
      onProgress((r + 1) / replicates);
    }
    const mean = gains.reduce((a, b) => a + b, 0) / replicates;
    const error = Math.sqrt(gains.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (replicates - 1) / replicates);
    const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
    return {
      measured: `edit distance ${interference[0].toFixed(2)} against ${interference[1].toFixed(2)}; accuracy ${percent(accuracy[0])} against ${percent(accuracy[1])}, gain ${percent(mean)} ± ${percent(error)}; ${percent(found / searches)} of the searches passed the gate`,
      standardError: error,
      verdict: interference[0] < interference[1] / 2 && mean > 3 * error ? 'reproduced' : 'not reproduced',
      note: 'Does not hold for a linear reward over words: pairs of refinements do differ in a third as many words, but in about one rule each, where independent pairs differ in two, and a regression averages the irrelevant words out by itself. The judge is wrong in one vote of ten.',
    };
  },
};
