import { prefixIndex, softTreeSolve, telescopedReward, tokenBeamSearch } from 'lemmata/preference';
import { createRng, sampleNormal } from 'lemmata/random';
import { softmax } from 'lemmata/special';
import type { Claim } from '../claim.js';

const BETA = 0.5;

export const claim: Claim = {
  id: 'rafailov2024-beam-search',
  seed: 'From r to Q*',
  reference: 'arXiv:2404.12358',
  statement:
    'The log-ratio of an optimal DPO policy telescopes to the total reward, so that beam search by likelihood ratio is search for the reward itself: at full width it returns the best sequence, and already a beam of a few prefixes beats greedy decoding.',
  source: 'likelihood search as value-guided search, and beam search by width',
  expected:
    'the telescoping identity and the exhaustive beam exact; rewards rise with the width at first; verdict: identity within 1e-10 on every prefix, full width always finds the largest reward, mean reward of width 3 above greedy by more than 5 standard errors',
  run({ scale, seed, onProgress }) {
    const trees = scale === 'full' ? 5000 : 500;
    const [vocab, depth] = [3, 3];
    const nodes = 1 + 3 + 9;
    const widths = [1, 2, 3, 9, 27];
    let identity = 0;
    let found = 0;
    const shortfall = widths.map(() => 0);
    const gains: number[] = [];
    for (let k = 0; k < trees; k++) {
      const rng = createRng(seed, 'tree', k);
      const rows = () => Array.from({ length: nodes }, () => Array.from({ length: vocab }, () => sampleNormal(rng)));
      const tree = { vocab, depth, ref: rows().map((row) => Array.from(softmax(row))), rewards: rows() };
      const { policy, maxRewardSequence } = softTreeSolve(tree, { beta: BETA });
      for (let node = 0; node < 27; node++) {
        const sequence = [Math.floor(node / 9), Math.floor(node / 3) % 3, node % 3];
        for (let length = 0; length <= depth; length++) {
          const { logRatio, rewardPlusValue } = telescopedReward(tree, sequence.slice(0, length), { beta: BETA });
          identity = Math.max(identity, Math.abs(logRatio - rewardPlusValue));
        }
      }
      const logProb = (prefix: readonly number[]) => {
        const row = prefixIndex(prefix, vocab) * vocab;
        return policy.subarray(row, row + vocab).map(Math.log);
      };
      const refLogProb = (prefix: readonly number[]) => tree.ref[prefixIndex(prefix, vocab)].map(Math.log);
      const total = (sequence: ArrayLike<number>) => {
        let reward = 0;
        const tokens = Array.from(sequence);
        tokens.forEach((a, t) => (reward += tree.rewards[prefixIndex(tokens.slice(0, t), vocab)][a]));
        return reward;
      };
      const best = total(maxRewardSequence);
      const rewards = widths.map((width) =>
        total(tokenBeamSearch(logProb, { vocab, depth, width, score: 'ratio', refLogProb }).best.sequence),
      );
      rewards.forEach((reward, i) => (shortfall[i] += (best - reward) / trees));
      if (Math.abs(rewards[4] - best) < 1e-12) found += 1;
      gains.push(rewards[2] - rewards[0]);
      onProgress((k + 1) / trees);
    }
    const mean = gains.reduce((a, b) => a + b, 0) / trees;
    const error = Math.sqrt(gains.reduce((a, x) => a + (x - mean) ** 2, 0) / (trees - 1) / trees);
    return {
      measured: `identity within ${identity.toExponential(1)}; full width finds the best of ${found} in ${trees} trees; shortfall ${shortfall.map((x, i) => `${x.toFixed(3)} (width ${widths[i]})`).join(', ')}; width 3 over greedy ${mean.toFixed(3)}`,
      standardError: error,
      verdict: identity < 1e-10 && found === trees && mean > 5 * error ? 'reproduced' : 'not reproduced',
      note: `${trees} random trees of 3 tokens and length 3, β = ${BETA}, with exactly optimal policies; the paper's figure is of a language model, whose rewards fall again at large widths.`,
      figure: {
        title: 'Reward lost by beam search on the likelihood ratio',
        x: { label: 'beam width', type: 'log' },
        y: { label: 'mean reward below the best' },
        marks: [{ kind: 'line', points: widths.map((x, i) => ({ x, y: shortfall[i] })) }],
      },
    };
  },
};
