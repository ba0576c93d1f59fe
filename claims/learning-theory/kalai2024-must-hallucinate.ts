import { simulateMonofacts } from 'lemmata/learning-theory';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'kalai2024-must-hallucinate',
  seed: 'Calibrated Language Models Must Hallucinate',
  reference: 'arXiv:2311.14648',
  statement:
    'A calibrated model hallucinates at about the rate of facts that training saw once; a model that does not is miscalibrated.',
  source: 'Corollary 1',
  expected:
    'hallucination >= monofact rate - miscalibration - 3 e^(-s)/δ - sqrt(6 ln(6/δ)/n) in every world; calibrated models within 0.1 of the monofact rate; memorizers 0 and miscalibrated by at least half of it',
  run({ scale, seed, onProgress }) {
    const repetitions = scale === 'full' ? 20 : 1;
    const exponents = [0.5, 0.75, 1, 1.25, 1.5];
    const points: { x: number; y: number; series: string }[] = [];
    let violations = 0;
    let worlds = 0;
    let largestGap = 0;
    let memorizers = true;
    exponents.forEach((exponent, e) => {
      for (let repetition = 0; repetition < repetitions; repetition++) {
        for (const model of ['unigram', 'bigram'] as const) {
          const options = { subjects: 300, objects: 1000, n: 1200, exponent, model, delta: 0.05 };
          const draw = () => createRng(seed, 'world', exponent, repetition);
          const calibrated = simulateMonofacts(options, draw());
          const memorizer = simulateMonofacts({ ...options, model: 'unigram', smoothing: 0 }, draw());
          worlds += 1;
          violations += (calibrated.violated ? 1 : 0) + (memorizer.violated ? 1 : 0);
          if (model === 'unigram') {
            largestGap = Math.max(largestGap, Math.abs(calibrated.hallucinationRate - calibrated.monofactRate));
          }
          memorizers &&= memorizer.hallucinationRate === 0 && memorizer.miscalibration >= 0.5 * memorizer.monofactRate;
          points.push({
            x: calibrated.monofactRate,
            y: calibrated.hallucinationRate,
            series: `${model}, smoothed by the missing mass`,
          });
          if (model === 'unigram') points.push({ x: memorizer.monofactRate, y: 0, series: 'memorizer' });
        }
      }
      onProgress((e + 1) / exponents.length);
    });
    const reproduced = violations === 0 && largestGap <= 0.1 && memorizers;
    return {
      measured: `${violations} violations in ${2 * worlds} models; calibrated unigram within ${largestGap.toFixed(3)} of the monofact rate; memorizers ${memorizers ? '0 and miscalibrated' : 'not as said'}`,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: 'The theorem asks how facts spread over falsehoods; here every subject has one true object of 1000, drawn uniformly.',
      figure: {
        title: 'Hallucination rate against monofact rate, Zipf exponents 0.5 to 1.5',
        x: { label: 'monofact rate' },
        y: { label: 'hallucination rate' },
        marks: [
          { kind: 'line', points: [0, 0.5].map((x) => ({ x, y: x, series: 'equal' })) },
          { kind: 'dot', points },
        ],
      },
    };
  },
};
