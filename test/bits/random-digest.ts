import * as random from '../../src/random/index.js';
import { bitsOf } from './bits-of.js';

/** Every sampler from a stream of its own, and every design. */
export function randomDigest(): string {
  const values: number[] = [];
  const draws = (name: string, sample: (rng: random.Rng) => number) => {
    const rng = random.createRng('bits', name);
    for (let i = 0; i < 200; i++) values.push(sample(rng));
  };
  draws('uniform', (rng) => rng());
  draws('normal', random.sampleNormal);
  draws('exponential', random.sampleExponential);
  draws('Gumbel', random.sampleGumbel);
  draws('Laplace', (rng) => random.sampleLaplace(2, rng));
  for (const shape of [0.3, 1, 7.5]) {
    draws(`gamma ${shape}`, (rng) => random.sampleGamma(shape, rng));
    draws(`log gamma ${shape}`, (rng) => random.sampleLogGamma(shape, rng));
    draws(`beta ${shape}`, (rng) => random.sampleBeta(shape, 0.8, rng));
    draws(`t ${shape}`, (rng) => random.sampleStudentT(shape, rng));
  }
  for (const n of [10, 1000, 1e15]) draws(`binomial ${n}`, (rng) => random.sampleBinomial(n, 0.3, rng));
  draws('batch', (rng) => random.sampleBatchMean(50, 0.9, rng));
  for (const mean of [2, 50]) draws(`Poisson ${mean}`, (rng) => random.samplePoisson(mean, rng));
  draws('categorical', (rng) => random.sampleCategorical([1, 0, 2, 5], rng));
  draws('index', (rng) => random.sampleIndex(77, rng));
  draws('truncated', (rng) => random.sampleTruncatedNormal(0, 1, rng, { low: 1, high: 4 }));
  draws('tail', (rng) => random.sampleTruncatedNormal(0, 1, rng, { low: 9 }));
  const rng = random.createRng('bits', 'vectors');
  values.push(...random.sampleNormalInBall(5, rng, { radius: 2 }));
  values.push(...random.sampleDirichlet([0.5, 1, 3], rng));
  values.push(...random.samplePermutation(30, rng), ...random.sampleWithoutReplacement(100, 10, rng));
  for (const scramble of ['none', 'shift', 'lms', 'owen'] as const) {
    values.push(...random.sobol(64, 8, { scramble, rng }));
  }
  values.push(...random.sobolNormal(64, 8, rng), ...random.halton(40, 6, { rng }));
  values.push(...random.latinHypercube(20, 4, rng, { maximin: 5 }), ...random.gridDesign([3, 4]));
  values.push(random.l2StarDiscrepancy(random.uniformDesign(30, 3, rng), 30, 3));
  return bitsOf(values);
}
