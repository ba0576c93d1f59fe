import { mleUtilityStep } from 'lemmata/preference';
import { createRng, sampleCategorical, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'bojun2023-utility-step',
  seed: 'Utility-Probability Duality of Neural Networks',
  reference: 'arXiv:2305.14859',
  statement:
    'Every step of maximum likelihood on a softmax output raises the utility of the observed outcome, lowers every other, and leaves their sum unchanged, so that training orders outcomes by how often they are observed.',
  source: 'the dynamics of maximum likelihood as utility learning',
  expected:
    'exact; verdict: no sign wrong and no change of the sum beyond rounding (1e-12) in all steps, and the five commonest outcomes ordered by frequency in every run',
  run({ scale, seed, onProgress }) {
    const runs = scale === 'full' ? 200 : 20;
    const steps = 8000; // the order then stands 7 deviations of its average over the second half from failing
    const outcomes = 8;
    let wrong = 0;
    let drift = 0;
    let ordered = 0;
    for (let k = 0; k < runs; k++) {
      const rng = createRng(seed, 'run', k);
      // Frequencies in the ratio 2 : 1 from one to the next, so that their order is beyond doubt.
      const weights = Array.from({ length: outcomes }, (_, i) => 2 ** -i);
      let logits = Float64Array.from({ length: outcomes }, () => sampleNormal(rng));
      const total = logits.reduce((a, b) => a + b);
      const average = new Float64Array(outcomes);
      for (let t = 0; t < steps; t++) {
        const label = sampleCategorical(weights, rng);
        const next = mleUtilityStep(logits, label, { learningRate: 0.2 });
        for (let i = 0; i < outcomes; i++) if (next[i] > logits[i] !== (i === label)) wrong += 1;
        logits = next as typeof logits;
        if (t >= steps / 2) for (let i = 0; i < outcomes; i++) average[i] += logits[i];
      }
      drift = Math.max(drift, Math.abs(logits.reduce((a, b) => a + b) - total));
      const order = Array.from(average, (_, i) => i).sort((i, j) => average[j] - average[i]);
      if (order.slice(0, 5).every((i, place) => i === place)) ordered += 1;
      onProgress((k + 1) / runs);
    }
    return {
      measured: `${wrong} wrong signs in ${runs * steps * outcomes} changes of a utility; the sum moved by ${drift.toExponential(1)} at most; the five commonest of ${outcomes} outcomes in order in ${ordered} of ${runs} runs`,
      verdict: wrong === 0 && drift < 1e-12 && ordered === runs ? 'reproduced' : 'not reproduced',
      note: `Start at random logits, step 0.2, utilities averaged over the second half. The paper's transformation of utilities back to probabilities is not part of this claim.`,
    };
  },
};
