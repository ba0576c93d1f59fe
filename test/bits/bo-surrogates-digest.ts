import {
  ackley,
  adaptiveBasisNetwork,
  augmentedBranin,
  augmentedHartmann,
  barDistribution,
  barDistributionEi,
  barMean,
  barQuantile,
  barVariance,
  beale,
  braninCurrin,
  bukin,
  calibrationError,
  candidateDiversity,
  cosine8,
  deepEnsemble,
  deepKernel,
  deepKernelMachine,
  deepSeekLaw,
  discriminativeSurrogate,
  dixonPrice,
  dkmLinearFixedPoint,
  dkmPredict,
  dropWave,
  dtlz,
  eggholder,
  fitDkm,
  fitGp,
  fitSparseDkm,
  fitStepLaw,
  forrester,
  gardner,
  generalizedVariance,
  generativeSurrogate,
  gpSurrogate,
  gramacyLee,
  griewank,
  hmcNetwork,
  holderTable,
  improvementCountDistribution,
  infiniteWidthNetwork,
  kaplanLaw,
  kroneckerLaplace,
  levy,
  linearizedLaplace,
  logPredictiveDensity,
  michalewicz,
  napEpisode,
  neuralProcess,
  neuralProcessAcquisition,
  neuralProcessInit,
  neuralProcessSurrogate,
  optimalPlateau,
  pestControl,
  powell,
  pressureVessel,
  proposerTargetValue,
  rastrigin,
  rgpe,
  rosenbrock,
  rover,
  selectNetworkVariances,
  sghmcNetwork,
  shekel,
  sparseDkmPredict,
  sparseGpSurrogate,
  stepLaw,
  stepLawRegret,
  stepLawUncertainty,
  studyProblems,
  styblinskiTang,
  type Surrogate,
  surrogateBatchImprovement,
  trainNap,
  weldedBeam,
  zdt,
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
    deepKernel({ hidden: [4], pretrainSteps: 5, steps: 5, deterministic: true }) as never,
    kroneckerLaplace({ ...small, steps: 30 }) as never,
    deepKernelMachine({ maxIterations: 5 }) as never,
    gpSurrogate({ restarts: 0 }) as never,
    sparseGpSurrogate({ inducing: 5 }) as never,
    rgpe([fitGp(X, y, { rng: createRng('bits', 'earlier'), restarts: 0 }).gp], { samples: 16 }) as never,
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
  values.push(...improvementCountDistribution(9), ...judgements(), ...tables(), ...problems());
  const sparse = fitSparseDkm(X, y, X.slice(0, 4), { maxIterations: 3 });
  values.push(sparse.bound, ...sparseDkmPredict(sparse, Xs).variance);
  values.push(
    ...dkmLinearFixedPoint(
      [
        [2, 0.3],
        [0.3, 1],
      ],
      [
        [1, -0.2],
        [-0.2, 3],
      ],
      2,
    )[1],
  );
  const ensemble = deepEnsemble({ ...small, members: 3, steps: 10 });
  const members = ensemble.fit(X, y, rng);
  const prediction = ensemble.predict(members, X);
  values.push(logPredictiveDensity(prediction, y, 0.1), calibrationError(prediction, y, { noise: 0.1 }));
  const batch = surrogateBatchImprovement(ensemble, members, 2, { best: 0, rng });
  values.push(batch.value(Float64Array.of(0.1, 0.2, 0.8, 0.4)));
  const make = (variances: object) => deepEnsemble({ hidden: [3], members: 2, steps: 5, ...variances });
  values.push(...selectNetworkVariances(make, X, y, rng).scores.map(({ score }) => score));
  const model = neuralProcessSurrogate(process, parameters, { scale: [-3, 3] });
  const told = model.fit([[0.3], [0.8]], [0.5, -1], rng);
  values.push(...model.predict(told, [[0.1]]).mean, ...model.sample(told, [[0.1]], 3, rng));
  const policy = neuralProcessAcquisition(process, parameters, [[0.3]], [0.5], { time: 0.5 });
  values.push(...policy.values!(Float64Array.of(0.2, 0.7), 2));
  return bitsOf(values);
}

/** What is made of a proposer's answers, and of bars. */
function judgements(): number[] {
  const { mean, std } = discriminativeSurrogate([[0.3, 0.5, NaN], [], [0.9]]);
  const cloud = [
    [0.1, 0.9],
    [0.4, 0.3],
    [0.8, 0.5],
  ];
  const bar = barDistribution([0, 0.5, 2, 3], [0.3, -0.2, 0.9]);
  return [
    proposerTargetValue([0.1, 0.7, 0.4]),
    ...mean,
    ...std,
    ...generativeSurrogate([[0.1, 0.7], [0.2]]).score,
    generalizedVariance(cloud),
    candidateDiversity(cloud),
    barVariance(bar),
    barQuantile(bar, 0.3),
    barDistributionEi(bar, { best: 0.7 }),
  ];
}

/** The laws of pre-training at one size, and what following one costs on two runs. */
function tables(): number[] {
  const size = { nonEmbeddingParams: 3e8, tokens: 1e10 };
  const laws = [stepLaw(size, { constants: 'bootstrapMean' }), deepSeekLaw(size), kaplanLaw(size, 2.5)];
  const { learningRate } = stepLawUncertainty(size);
  const runs = [1e-3, 2e-3].map((rate, i) => ({
    parameters: 3e8,
    tokens: 1e10,
    learningRate: rate,
    batchTokens: 3e5,
    loss: 2.5 + 0.01 * i,
  }));
  const surface = { learningRates: [1, 2, 4], batchSizes: [1], losses: [[3], [2.9], [3.2]] };
  return [
    ...laws.flatMap((law) => [law.learningRate, law.batchSizeTokens]),
    learningRate.low,
    learningRate.high,
    stepLawRegret(runs).mean,
    optimalPlateau(surface).convexShare,
  ];
}

/** Every test problem at one point of its box. */
function problems(): number[] {
  const single = [
    ...[ackley, dixonPrice, griewank, levy, michalewicz, rastrigin, rosenbrock, styblinskiTang].map((make) => make(3)),
    ...[augmentedBranin, augmentedHartmann, beale, bukin, cosine8, dropWave, eggholder, forrester, gardner, gramacyLee],
    ...[holderTable, powell(4), pressureVessel, rover({ points: 5 }), shekel(7), weldedBeam],
  ];
  const inside = ({ bounds }: { bounds: readonly (readonly [number, number])[] }) =>
    bounds.map(([low, high], k) => low + (high - low) * (0.3 + 0.4 / (k + 2)));
  const several = [braninCurrin, dtlz(1, 4), dtlz(2, 4), dtlz(5, 4, 3), dtlz(7, 4), zdt(1, 4), zdt(2, 4), zdt(3, 4)];
  return [
    ...single.flatMap((problem) => [
      problem.evaluate(inside(problem)),
      ...(problem.gradient?.(inside(problem)) ?? []),
      ...(problem.constraints ?? []).map((constraint) => constraint(inside(problem))),
    ]),
    ...several.flatMap((problem) => problem.evaluate(inside(problem))),
    ...studyProblems().flatMap(({ dimension, make }, p) =>
      make(createRng('bits', 'study', p))(new Float64Array(dimension).fill(0.4)),
    ),
  ];
}
