import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const space = bo.searchSpace({ x: bo.real(0, 1) });
const rng = createRng(1);
const bowl = ({ x }: bo.Config) => (x as number) * (x as number);
const optimizer = bo.bayesianOptimizer(space);
const told = optimizer.tell(optimizer.init(), [{ config: { x: 0.5 }, value: 1 }]);
const proposed = bo.proposerOptimizer(space, { propose: async () => [] });
const process = bo.neuralProcess({ inputs: 1, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 10 });
const gp = bo.gpCondition(bo.matern52({ lengthscale: 1 }), [[0], [1]], [0, 1]);
const ensemble = bo.deepEnsemble({ hidden: [2], members: 2, steps: 1 });
const fitted = ensemble.fit([[0], [1]], [0, 1], createRng(2));
const box = [[0, 1]] as const;

// Each call has one name that its options do not know; the error names it, and the one that was meant.
const CALLS: [call: string, wrong: string, meant: string, run: () => unknown][] = [
  ['real', 'logarithmic', 'scale', () => bo.real(1, 2, { logarithmic: true } as object)],
  ['integer', 'q', 'scale', () => bo.integer(1, 2, { q: 1 } as object)],
  ['categorical', 'encode', 'encoding', () => bo.categorical(['a'], { encode: 'onehot' } as object)],
  ['searchSpace', 'hihg', 'high', () => bo.searchSpace({ x: { ...bo.real(0, 1), hihg: 2 } as bo.Parameter })],
  ['bayesianOptimizer', 'maximize', 'direction', () => bo.bayesianOptimizer(space, { maximize: true } as object)],
  ['its model', 'noise', 'deterministic', () => bo.bayesianOptimizer(space, { model: { noise: 0 } as object })],
  ['its search', 'starts', 'restarts', () => bo.bayesianOptimizer(space, { search: { starts: 3 } as object })],
  [
    'its restart',
    'patient',
    'patience',
    () => bo.bayesianOptimizer(space, { restart: { patience: 3, patient: 3 } as { patience: number } }),
  ],
  [
    'its fidelity',
    'costs',
    'cost',
    () => bo.bayesianOptimizer(space, { fidelity: { parameter: 'x', costs: 3 } as { parameter: string } }),
  ],
  ['its prior data', 'values', 'y', () => bo.bayesianOptimizer(space, { priorData: [{ values: [1] } as never] })],
  ['ask', 'hold', 'fixed', () => optimizer.ask(told, 1, rng, { hold: { x: 1 } } as object)],
  ['tell', 'vlaue', 'value', () => optimizer.tell(told, [{ config: { x: 0.1 }, vlaue: 1 } as object])],
  ['best', 'of', 'by', () => optimizer.best(told, { of: 'mean' } as object)],
  ['predict', 'output', 'objective', () => optimizer.predict(told, [{ x: 0 }], { output: 1 } as object)],
  ['importance', 'output', 'objective', () => optimizer.importance(told, { output: 1 } as object)],
  ['posteriorSlice', 'count', 'points', () => bo.posteriorSlice(optimizer, told, 'x', { count: 3 } as object)],
  [
    'minimizeBayesian',
    'maximize',
    'direction',
    () => bo.minimizeBayesian(bowl, space, { evaluations: 2, rng, maximize: true } as bo.MinimizeBayesianOptions),
  ],
  [
    'its early stop',
    'patient',
    'patience',
    () => bo.minimizeBayesian(bowl, space, { evaluations: 2, rng, earlyStop: { patient: 3, regretBound: 1 } as never }),
  ],
  [
    'what its objective returns',
    'vlaue',
    'value',
    () => bo.minimizeBayesian(() => ({ vlaue: 1 }) as object, space, { evaluations: 2, rng }),
  ],
  [
    'minimizeBayesianAsync',
    'concurrency',
    'parallel',
    () =>
      bo.minimizeBayesianAsync(bowl, space, {
        evaluations: 2,
        rng,
        concurrency: 2,
      } as bo.MinimizeBayesianAsyncOptions),
  ],
  [
    'proposerOptimizer',
    'timeout',
    'timeoutMs',
    () => bo.proposerOptimizer(space, { propose: async () => [] }, { timeout: 3 } as object),
  ],
  ['its ask', 'abort', 'signal', () => proposed.ask(proposed.init(), 1, rng, { abort: 1 } as object)],
  ['its tell', 'vlaue', 'value', () => proposed.tell(proposed.init(), [{ config: { x: 0 }, vlaue: 1 } as object])],
  ['proposerTargetValue', 'maximize', 'direction', () => bo.proposerTargetValue([1], { maximize: true } as object)],
  [
    'expectedImprovement',
    'direction',
    'maximize',
    () => bo.expectedImprovement(0, 1, { best: 0, direction: 1 } as never),
  ],
  [
    'logExpectedImprovement',
    'maximise',
    'maximize',
    () => bo.logExpectedImprovement(gp, [0], { best: 0, maximise: false } as never),
  ],
  ['probabilityOfImprovement', 'xi', 'best', () => bo.probabilityOfImprovement(0, 1, { best: 0, xi: 0.01 } as never)],
  [
    'logProbabilityOfImprovement',
    'xi',
    'best',
    () => bo.logProbabilityOfImprovement(0, 1, { best: 0, xi: 0.01 } as never),
  ],
  ['upperConfidenceBound', 'kappa', 'beta', () => bo.upperConfidenceBound(0, 1, { beta: 4, kappa: 2 } as never)],
  [
    'expectedImprovementPerCost',
    'cost',
    'logCostMean',
    () => bo.expectedImprovementPerCost(0, 1, { best: 0, logCostMean: 0, cost: 2 } as never),
  ],
  ['turbo', 'maximize', 'direction', () => bo.turbo({ bounds: box, maximize: true } as bo.TurboOptions)],
  ['the model of turbo', 'noise', 'deterministic', () => bo.turbo({ bounds: box, model: { noise: 0 } as object })],
  [
    'optimizeAcquisition',
    'starts',
    'restarts',
    () => bo.optimizeAcquisition({ value: () => 0 }, box, { rng, starts: 2 } as bo.OptimizeAcquisitionOptions),
  ],
  ['surrogatePosterior', 'least', 'floor', () => bo.surrogatePosterior(ensemble, fitted, 1, { least: 1 } as object)],
  [
    'surrogateBatchImprovement',
    'draws',
    'samples',
    () => bo.surrogateBatchImprovement(ensemble, fitted, 1, { best: 0, rng, draws: 3 } as bo.BatchImprovementOptions),
  ],
  [
    'selectNetworkVariances',
    'split',
    'heldOut',
    () => bo.selectNetworkVariances(() => ensemble, [[0], [1]], [0, 1], rng, { split: 0.2 } as object),
  ],
  ['deepEnsemble', 'size', 'members', () => bo.deepEnsemble({ size: 3 } as object)],
  ['hmcNetwork', 'samples', 'hmc', () => bo.hmcNetwork({ samples: 3 } as object)],
  ['sghmcNetwork', 'batch', 'batchSize', () => bo.sghmcNetwork({ batch: 3 } as object)],
  ['linearizedLaplace', 'noise', 'noiseVariance', () => bo.linearizedLaplace({ noise: 1 } as object)],
  ['kroneckerLaplace', 'widths', 'hidden', () => bo.kroneckerLaplace({ widths: [3] } as object)],
  ['adaptiveBasisNetwork', 'epochs', 'steps', () => bo.adaptiveBasisNetwork({ epochs: 3 } as object)],
  ['lastLayerLaplace', 'noiseVariance', 'noise', () => bo.lastLayerLaplace([[1]], [1], { noiseVariance: 1 } as object)],
  ['deepKernel', 'pretrain', 'pretrainSteps', () => bo.deepKernel({ pretrain: 3 } as object)],
  ['infiniteWidthNetwork', 'depth', 'kernel', () => bo.infiniteWidthNetwork({ depth: 3 } as object)],
  ['deepKernelMachine', 'noiseVariance', 'noise', () => bo.deepKernelMachine({ noiseVariance: 1 } as object)],
  ['fitDkm', 'depth', 'layers', () => bo.fitDkm([[0], [1]], [0, 1], { depth: 1 } as object)],
  ['rgpe', 'draws', 'samples', () => bo.rgpe([gp], { draws: 3 } as object)],
  [
    'neuralProcessSurrogate',
    'range',
    'scale',
    () => bo.neuralProcessSurrogate(process, bo.neuralProcessInit(process, createRng(3)), { range: 1 } as object),
  ],
];

describe('a name that the options do not know is refused with the names that they do', () => {
  it.each(CALLS)('%s: %s for %s', async (_, wrong, meant, run) => {
    const error = await (async () => run())().then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error!.message).toMatch(new RegExp(` has no '${wrong}'; it may have .*\\b${meant}\\b`));
  });
});

it('minimizeBayesian maximizes when it is told to', () => {
  const { best, trace } = bo.minimizeBayesian(bowl, space, {
    evaluations: 8,
    rng: createRng(4),
    direction: 'maximize',
  });
  expect(best!.value).toBe(Math.max(...trace));
  expect(best!.value).toBeGreaterThan(0.9);
});

it('a parameter of no type is refused', () => {
  expect(() => bo.searchSpace({ x: { low: 0, high: 1 } as bo.Parameter })).toThrow(/^x\.type must be one of/);
  expect(() => bo.searchSpace({ x: [0, 1] as never })).toThrow(RangeError);
  expect(() => bo.searchSpace({ x: null as never })).toThrow(TypeError);
});
