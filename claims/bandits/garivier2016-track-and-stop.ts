import {
  bernoulliArms,
  bestArmLowerBound,
  type BestArmIdentifier,
  identifyBestArm,
  klLucb,
  trackAndStop,
  trackAndStopWeights,
} from 'lemmata/bandits';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

/** The two problems of the paper's experiments, and their optimal proportions, computed apart from this library. */
const PROBLEMS = [
  { means: [0.5, 0.45, 0.43, 0.4], weights: [0.4165, 0.3903, 0.1362, 0.057], time: 989.79 },
  { means: [0.3, 0.21, 0.2, 0.19, 0.18], weights: [0.3359, 0.2515, 0.1766, 0.1324, 0.1036], time: 326.64 },
];

export const claim: Claim = {
  id: 'garivier2016-track-and-stop',
  seed: 'Track-and-Stop',
  reference: 'arXiv:1602.04589',
  statement:
    'Track-and-Stop needs about half the pulls of KL-LUCB, errs less often than asked, and its pulls over T* kl(δ, 1 - δ) fall towards 1 as δ goes to 0.',
  source: 'Section 6; Theorems 1 and 14',
  expected:
    'optimal proportions and T* as computed independently, to 4 digits; at δ = 0.1 mean pulls above T* kl(δ, 1 - δ), at most 0.6 of those of KL-LUCB within 4 standard errors, at full scale below them by more than 3; errors at most δ; the ratio of pulls to the lower bound at δ = 1e-8 below that at 0.1 and below 1.75',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const delta = 0.1;
    const parts: string[] = [];
    let holds = true;
    const ratios: { x: number; y: number; series: string }[] = [];
    PROBLEMS.forEach((problem, p) => {
      const { means } = problem;
      const K = means.length;
      const { weights, characteristicTime } = trackAndStopWeights(means);
      holds &&= weights.every((w, i) => Math.abs(w - problem.weights[i]) < 0.000051);
      holds &&= Math.abs(characteristicTime - problem.time) < 0.0051;
      const bound = bestArmLowerBound(means, delta);
      const tracking = pulls(seed, trackAndStop({ arms: K, delta }), means, full ? 1000 : p === 0 ? 24 : 60);
      onProgress(p === 0 ? 0.3 : 0.75);
      const lucb = pulls(seed, klLucb({ arms: K, delta, threshold: 'practical' }), means, full ? 1000 : 60);
      holds &&= below(tracking, 0.6, lucb) > -4 && (!full || below(tracking, 1, lucb) > 3); // few pulls of KL-LUCB are very many
      holds &&= tracking.mean > bound && tracking.errors <= delta && lucb.errors <= delta;
      parts.push(
        `${p === 0 ? 'first' : 'second'} problem: T* ${characteristicTime.toFixed(1)}, bound ${bound.toFixed(0)}, Track-and-Stop ${tracking.mean.toFixed(0)} ± ${tracking.standardError.toFixed(0)}, KL-LUCB ${lucb.mean.toFixed(0)} ± ${lucb.standardError.toFixed(0)}, errors ${(100 * tracking.errors).toFixed(1)} % and ${(100 * lucb.errors).toFixed(1)} %`,
      );
    });
    const { means } = PROBLEMS[1];
    for (const small of full ? [0.1, 1e-2, 1e-4, 1e-6, 1e-8] : [0.1, 1e-3, 1e-8]) {
      const runs = full ? 200 : small < 1e-4 ? 8 : 20;
      const { mean } = pulls(seed + 1, trackAndStop({ arms: means.length, delta: small }), means, runs);
      ratios.push({ x: small, y: mean / bestArmLowerBound(means, small), series: 'Track-and-Stop' });
    }
    const [first, final] = [ratios[0].y, ratios[ratios.length - 1].y];
    holds &&= final < first && final < 1.75 && final > 0.9;
    return {
      measured: `${parts.join('; ')}; pulls / bound: ${ratios.map(({ x, y }) => `${y.toFixed(2)} at δ = ${x}`).join(', ')}`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: 'threshold ln((1 + ln t)/δ), as in the experiments of the paper',
      figure: {
        title: 'Pulls of Track-and-Stop over the lower bound',
        x: { label: 'δ', type: 'log' },
        y: { label: 'pulls / (T* kl(δ, 1 - δ))' },
        marks: [
          { kind: 'line', points: ratios },
          { kind: 'dot', points: ratios },
          { kind: 'rule', y: 1, label: 'lower bound' },
        ],
      },
    };
  },
};

interface Pulls {
  mean: number;
  standardError: number;
  errors: number;
}

function pulls<State>(seed: number, identifier: BestArmIdentifier<State>, means: number[], runs: number): Pulls {
  const arms = bernoulliArms(means);
  let total = 0;
  let squares = 0;
  let errors = 0;
  for (let i = 0; i < runs; i++) {
    const streams = {
      policy: createRng(seed, identifier.name, i),
      environment: createRng(seed, identifier.name, 'environment', i),
    };
    const result = identifyBestArm(identifier, arms, streams);
    total += result.pulls;
    squares += result.pulls ** 2;
    if (result.arm !== 0) errors += 1;
  }
  const mean = total / runs;
  const variance = (squares - runs * mean ** 2) / (runs - 1);
  return { mean, standardError: Math.sqrt(variance / runs), errors: errors / runs };
}

/** How many standard errors the mean of `a` is below `factor` times that of `b`. */
function below(a: Pulls, factor: number, b: Pulls): number {
  const error = Math.sqrt(a.standardError ** 2 + (factor * b.standardError) ** 2);
  return (factor * b.mean - a.mean) / error;
}
