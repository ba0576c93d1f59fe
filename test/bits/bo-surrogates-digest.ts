import {
  adaptiveBasisNetwork,
  barDistribution,
  barMean,
  deepEnsemble,
  deepKernel,
  dkmPredict,
  fitDkm,
  fitStepLaw,
  hmcNetwork,
  infiniteWidthNetwork,
  linearizedLaplace,
  napEpisode,
  neuralProcess,
  neuralProcessInit,
  pestControl,
  sghmcNetwork,
  stepLaw,
  type Surrogate,
  trainNap,
} from '../../src/bo/index.js';
import { createRng } from '../../src/random/index.js';
import { bitsOf } from './bits-of.js';

/** A short fit of every surrogate, a deep kernel machine, a neural process and the Step Law, in one hash. */
export function boSurrogatesDigest(): string {
  const data = createRng('bits', 'surrogates');
  const X = Array.from({ length: 10 }, () => [data(), data()]);
  const y = X.map(([a, b]) => 2 * a - 3 * a * b + 0.2 * data() - 0.3);
  const Xs = [
    [0.2, 0.9],
    [0.7, 0.4],
  ];
  const values: number[] = [];
  const small = { hidden: [5] };
  const models: Surrogate<never>[] = [
    infiniteWidthNetwork() as never,
    hmcNetwork({ ...small, hmc: { samples: 12, burnIn: 12, pathLength: 0.1 } }) as never,
    sghmcNetwork({ ...small, activation: 'relu', sghmc: { steps: 120, burnIn: 60 } }) as never,
    deepEnsemble({ ...small, members: 2, steps: 30, activation: 'gelu' }) as never,
    adaptiveBasisNetwork({ ...small, steps: 30, evidenceRounds: 5, activation: 'erf' }) as never,
    linearizedLaplace({ ...small, steps: 30 }) as never,
    deepKernel({ hidden: [5, 2], pretrainSteps: 10, steps: 10 }) as never,
  ];
  models.forEach((model, m) => {
    const rng = createRng('bits', 'model', m);
    const state = model.fit(X, y, rng);
    const { mean, variance } = model.predict(state, Xs);
    values.push(...mean, ...variance, ...model.sample(state, Xs, 2, rng));
    const gradient = model.predictGradient?.(state, Xs[0]);
    if (gradient !== undefined) values.push(...gradient.dMean, ...gradient.dVariance);
  });
  const machine = fitDkm(X.slice(0, 5), y.slice(0, 5), { maxIterations: 5 });
  values.push(machine.value, ...dkmPredict(machine, Xs).mean);
  const process = neuralProcess({ inputs: 1, embed: 4, layers: 1, heads: 2, feedForward: 4, buckets: 5 });
  const rng = createRng('bits', 'nap');
  const task = () => ({ X: [[0.1], [0.4], [0.8]], y: [0.2, 0.9, 0.4] });
  const options = { iterations: 2, episodes: 1, horizon: 2 };
  const { parameters } = trainNap(process, neuralProcessInit(process, rng), task, rng, options);
  values.push(...parameters, ...napEpisode(process, parameters, task(), rng).trace);
  values.push(barMean(barDistribution([0, 1, 3], [0.2, -0.1])), pestControl([1, 0, 2, 3, 4], rng, { fields: 5 }));
  const runs = [1e8, 3e8, 1e9].flatMap((parameters_) =>
    [1e9, 1e10].map((tokens) => {
      const { learningRate, batchSizeTokens } = stepLaw({ nonEmbeddingParams: parameters_, tokens });
      return {
        parameters: parameters_,
        tokens,
        learningRate: learningRate * (1 + 0.1 * rng()),
        batchTokens: batchSizeTokens,
        loss: 2,
      };
    }),
  );
  const fit = fitStepLaw(runs, { bootstrap: 3, rng });
  values.push(...fit.logLearningRate, ...fit.bootstrap!.logLearningRate.mean);
  return bitsOf(values);
}
