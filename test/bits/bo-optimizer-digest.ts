import { createRng, sobolNormal } from '../../src/random/index.js';
import * as bo from '../../src/bo/index.js';
import { bitsOf } from './bits-of.js';

/** Small seeded runs of the optimizer, of acquisitions, of entropy search, of Pareto sets and of TuRBO. */
export function boOptimizerDigest(): string {
  const values: number[] = [];
  const add = (...numbers: ArrayLike<number>[]) => numbers.forEach((list) => values.push(...Array.from(list)));
  const search = { rawSamples: 32, restarts: 2, maxIterations: 20 };

  const mixed = bo.searchSpace({
    rate: bo.real(1e-4, 1, { scale: 'log' }),
    kind: bo.categorical(['a', 'b', 'c']),
    depth: bo.integer(1, 9, { when: { kind: ['a', 'b'] } }),
    share: bo.real(0.01, 0.99, { scale: 'logit', when: { kind: ['c'] } }),
  });
  const loss = ({ rate, kind, depth = 4, share = 0.5 }: bo.Config) => {
    const x = (rate as number) - 0.1;
    const d = (depth as number) - 6;
    return x * x + 0.01 * d * d + (kind === 'b' ? 0 : 0.2) + 0.1 * (share as number);
  };
  const acquisitions = [
    'logExpectedImprovement',
    'maxValueEntropySearch',
    'knowledgeGradient',
    'jointEntropySearch',
  ] as const;
  for (const acquisition of acquisitions) {
    const { trace, state } = bo.minimizeBayesian(loss, mixed, {
      acquisition,
      evaluations: 10,
      nInitial: 5,
      rng: createRng('bits', acquisition),
      search,
    });
    add(trace, ...state.trials.map(({ x }) => x));
  }
  const plane = bo.searchSpace({ x: bo.real(-5, 10), y: bo.real(0, 15) });
  const optimizer = bo.bayesianOptimizer(plane, { search, model: { deterministic: true, outputScale: true } });
  const rng = createRng('bits', 'batches');
  let state = optimizer.init();
  for (let t = 0; t < 4; t++) {
    const [batch, asked] = optimizer.ask(state, 3, rng);
    state = optimizer.tell(
      asked,
      batch.map(({ id, config }) => ({ id, value: bo.branin.evaluate([config.x as number, config.y as number]) })),
    );
  }
  add(...state.trials.map(({ x, values: result }) => [...x, ...result]));
  add(Object.values(optimizer.importance(state)), [optimizer.regretBound(state)]);

  const gp = bo.gpCondition(
    bo.matern52({ lengthscale: [0.3, 0.5] }),
    [
      [0.1, 0.3],
      [0.5, 0.8],
      [0.9, 0.2],
    ],
    [0.2, -0.6, 0.7],
    {
      noise: 1e-3,
    },
  );
  const point = Float64Array.of(0.7, 0.35, 0.3, 0.15);
  const gradient = new Float64Array(4);
  const batch = bo.qLogExpectedImprovement(gp, { q: 2, samples: 64, best: 0.7, rng: createRng('bits', 'q') });
  add([batch.value(point, gradient)], gradient);
  const box = [[0, 1] as const, [0, 1] as const];
  const optima = bo.sampleOptima(gp, box, 3, createRng('bits', 'optima'));
  add(...optima.map(({ x, value }) => [...x, value]));
  const entropy = bo.predictiveEntropySearch(gp, [0.4, 0.4], { optima, bounds: box });
  add([entropy.value], entropy.gradient);
  add(...bo.qMaxValueEntropy(gp, 2, box, { rng: createRng('bits', 'qmes'), optima: 3, ...search }));
  const domain = [
    [0.2, 0.2],
    [0.6, 0.7],
    [0.9, 0.4],
  ];
  const pair = bo.qKnowledgeGradientAcquisition(gp, 2, { domain, samples: 32, rng: createRng('bits', 'qkg') });
  add([pair.value(point, gradient)], gradient);
  add(bo.knowledgeGradient(gp, box, { rng: createRng('bits', 'kg'), fantasies: 4, restarts: 1 }).x);
  const law = {
    mean: [0.1, 0.2],
    covariance: [
      [1, 0.3],
      [0.3, 1],
    ],
  };
  add([bo.qExpectedImprovement(law, sobolNormal(64, 2, createRng('bits', 'z')), { best: 0.3 })]);

  const front = [
    [1, 4, 2],
    [2, 3, 1],
    [3, 1, 3],
  ];
  const reference = [0, 0, 0];
  const ehvi = bo.expectedHypervolumeImprovement([2, 2, 2], [0.5, 1, 0.7], { front, reference });
  add(
    [bo.hypervolume(front, reference), ehvi.value],
    ehvi.byMean,
    ehvi.byStd,
    bo.hypervolumeContributions(front, reference),
  );

  const region = bo.turbo({ bounds: bo.ackley(3).bounds, batch: 2, candidates: 60, nInitial: 4 });
  let turboState = region.init();
  for (let t = 0; t < 6; t++) {
    const [points, asked] = region.ask(turboState, rng);
    turboState = region.tell(
      asked,
      points.map((x) => bo.ackley(3).evaluate(x)),
    );
    add(...points);
  }
  return bitsOf(values);
}
