import { displacementTargets, likelihoodDisplacement, logProbRates, simulateTwoTokenFlow } from 'lemmata/preference';
import type { Claim } from '../claim.js';

const NAMES = ['No (chosen)', 'Never (rejected)', 'Yes', 'other'];
const MODEL = {
  unembedding: [
    [1, 0.6],
    [1, 1],
    [0.6, -1],
    [-1, 0],
  ],
  hidden: [1, 0.1],
  chosen: 0,
  rejected: 1,
};

export const claim: Claim = {
  id: 'razin2024-displacement',
  seed: 'Unintentional Unalignment',
  reference: 'arXiv:2410.08847',
  statement:
    'Trained to prefer "No" to "Never", DPO makes both less likely while the margin grows, and gives their probability to the opposite, "Yes", when its unembedding lies along the difference of the two.',
  source: 'the example of "No" and "Never", and the theory for responses of one token',
  expected:
    'only the hidden state trained, 200 steps: (No, Never, Yes, other) from (.36503, .37993, .20851, .04652) to (.00369, .00083, .99075, .00473); all trained with small hidden states, 100 steps: (.01165, .00226, .98055, .00555) and margin 1.6813; verdict: these to the digits given, the riser named by the inner products with W_No - W_Never',
  run({ scale, onProgress }) {
    const steps = scale === 'full' ? 2000 : 200;
    const hidden = simulateTwoTokenFlow(MODEL, { steps, train: 'hidden' });
    onProgress(0.5);
    const scaled = {
      ...MODEL,
      unembedding: MODEL.unembedding.map((row) => row.map((w) => 4 * w)),
      hidden: MODEL.hidden.map((x) => x / 4),
    };
    const both = simulateTwoTokenFlow(scaled, { steps: 100, learningRate: 0.1 });
    const row = (probs: Float64Array, t: number) => Array.from(probs.subarray(4 * t, 4 * t + 4));
    const near = (actual: number[], expected: number[]) => actual.every((p, z) => Math.abs(p - expected[z]) < 5.1e-6);
    const start = row(hidden.probs, 0);
    const at200 = row(hidden.probs, 200);
    const end = row(both.probs, 100);
    const { rates } = logProbRates(MODEL, { train: 'hidden' });
    const riser = rates.indexOf(Math.max(...rates));
    const { catastrophic, gainers } = displacementTargets(start, at200, MODEL);
    const { displaced } = likelihoodDisplacement({
      chosenBefore: [Math.log(start[0])],
      chosenAfter: [Math.log(at200[0])],
      rejectedBefore: [Math.log(start[1])],
      rejectedAfter: [Math.log(at200[1])],
    });
    const reproduced =
      near(start, [0.36503, 0.37993, 0.20851, 0.04652]) &&
      near(at200, [0.00369, 0.00083, 0.99075, 0.00473]) &&
      near(end, [0.01165, 0.00226, 0.98055, 0.00555]) &&
      Math.abs(both.margins[100] - 1.6813) < 5.1e-5 &&
      displaced[0] &&
      catastrophic &&
      gainers[0].outcome === riser;
    const show = (p: number[]) => `(${p.map((x) => x.toFixed(5)).join(', ')})`;
    const curves = (probs: Float64Array, last: number) =>
      Array.from({ length: last + 1 }, (_, x) => NAMES.map((series, z) => ({ x, y: probs[4 * x + z], series }))).flat();
    return {
      measured: `hidden state trained: ${show(at200)} after 200 steps; all trained: ${show(end)}, margin ${both.margins[100].toFixed(4)}; fastest riser "${NAMES[riser]}"`,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: 'Deterministic. Four tokens, hidden embeddings of two dimensions, β = 0.1, gradient steps of size 1 and 0.1. The numbers are of a model with the geometry of Figure 1, not of a language model.',
      figure: [
        {
          title: 'Likelihood displacement: gradient descent on the DPO loss of one pair of tokens',
          x: { label: 'gradient step' },
          y: { label: 'probability' },
          marks: [{ kind: 'line', points: curves(hidden.probs, 200) }],
        },
      ],
    };
  },
};
