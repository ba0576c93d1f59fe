// The functions of bo.json that are acquisitions, search or test problems.
import * as bo from '../../../src/bo/index.js';
import { createRng, sobolNormal } from '../../../src/random/index.js';
import { logEiStandard, logEiStandardDerivative } from '../../../src/special/index.js';
import type { GoldAdapters } from '../adapter.js';

const problems: Record<string, (dim: number) => bo.TestFunction> = {
  branin: () => bo.branin,
  hartmann3: () => bo.hartmann3,
  hartmann6: () => bo.hartmann6,
  sixHumpCamel: () => bo.sixHumpCamel,
  ackley: bo.ackley,
  rosenbrock: bo.rosenbrock,
  levy: bo.levy,
  michalewicz: bo.michalewicz,
  styblinskiTang: bo.styblinskiTang,
  rastrigin: bo.rastrigin,
};

export const adapters: GoldAdapters['adapters'] = {
  logEiStandard: ({ z }) => logEiStandard(z),
  logEiStandardDerivative: ({ z }) => logEiStandardDerivative(z),
  expectedImprovement: ({ mean, std, ...options }) => bo.expectedImprovement(mean, std, options as never).value,
  expectedImprovementGradient: ({ mean, std, ...options }) => bo.expectedImprovement(mean, std, options as never),
  logExpectedImprovement: ({ mean, std, ...options }) => bo.logExpectedImprovement(mean, std, options as never).value,
  probabilityOfImprovement: ({ mean, std, ...options }) =>
    bo.probabilityOfImprovement(mean, std, options as never).value,
  logProbabilityOfImprovement: ({ mean, std, ...options }) =>
    bo.logProbabilityOfImprovement(mean, std, options as never).value,
  gpUcbBeta: ({ t, d, delta }) => bo.gpUcbBeta(t, d, delta),
  logConstrainedExpectedImprovement: ({ mean, std, constraintMean, constraintStd, constraintUpper, ...options }) =>
    bo.logConstrainedExpectedImprovement(
      mean,
      std,
      (constraintMean as number[]).map((m, j) => ({ mean: m, std: constraintStd[j], upper: constraintUpper[j] })),
      options as never,
    ).value,
  maxValueEntropySearch: ({ mean, std, maxSamples }) =>
    bo.maxValueEntropySearch(mean, std, { optimumSamples: maxSamples }).value,
  gibbon: ({ mean, std, maxSamples, rhoSquared }) =>
    bo.gibbon(mean, std, { optimumSamples: maxSamples, rhoSquared }).value,
  gumbelFromMarginals: ({ mean, std }) => bo.gumbelFromMarginals(mean, std),
  expectedMaxAffine: ({ a, b }) => bo.expectedMaxAffine(a, b),
  logExpectedMaxAffine: ({ a, b }) => bo.logExpectedMaxAffine(a, b),
  knowledgeGradientDiscrete: ({ kernel, X, y, noise, x, ...options }) =>
    bo.knowledgeGradientDiscrete(bo.gpCondition(kernel, X, y, { noise }), x, options as never).value,
  noisyExpectedImprovement: ({ kernel, X, y, noise, x }) =>
    bo.noisyExpectedImprovement(bo.gpCondition(kernel, X, y, { noise }), x).value,
  logFatplus: ({ x, tau }) => bo.logFatplus(x, tau),
  fatmax: ({ x, tau }) => bo.fatmax(x, tau),
  // The expected standard error and note are about how the value was found.
  qExpectedImprovement: ({ mean, cov, ...options }, { expected }) => ({
    ...(expected as object),
    value: bo.qExpectedImprovement(
      { mean, covariance: cov },
      sobolNormal(4096, (mean as number[]).length, createRng(1)),
      options as never,
    ),
  }),
  hypervolume: ({ points, ref, ...options }) => bo.hypervolume(points, ref, options as never),
  expectedHypervolumeImprovement: ({ mean, std, front, ref, maximize }) =>
    bo.expectedHypervolumeImprovement(mean, std, { front, reference: ref, maximize }).value,
  turboLength: ({ d, batch, improved }) => {
    const tolerance = bo.failureTolerance(d, batch);
    let region = bo.initialTrustRegion();
    const length = (improved as number[]).map((success) => {
      region = bo.updateTrustRegion(region, success === 1, tolerance);
      return region.length;
    });
    return { length, failureTolerance: tolerance };
  },
  testFunction: ({ x }, { fn }) => problems[fn.split('/')[1]]((x as number[]).length).evaluate(x),
  testFunctionOptimum: ({ name }) => {
    const [, family, dim] = /^(\D+)(\d*)$/.exec(name)!;
    return (problems[name] ?? problems[family])(Number(dim)).optimum;
  },
};
