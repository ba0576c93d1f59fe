import { createRng } from '../../src/random/create-rng.js';
import { bradleyTerryMatrix } from '../../src/games/index.js';
import { sampleNormal } from '../../src/random/normal.js';
import * as bandits from '../../src/bandits/index.js';
import { bitsOf } from './bits-of.js';

/** Streams, linear and logistic policies, duels, logged data, sparse elimination and several tasks: small seeded runs of each. */
export function banditsStructuredDigest(): string {
  const values: number[] = [];
  const add = (...numbers: ArrayLike<number>[]) => numbers.forEach((list) => values.push(...Array.from(list)));
  const streams = (name: string) => ({
    policy: createRng('digest', name),
    environment: createRng('digest', name, 'environment'),
  });

  const runs = [
    (memory: bandits.ArmMemory) => bandits.streamingUniformExploration(memory),
    (memory: bandits.ArmMemory) => bandits.streamingNaiveElimination(memory),
    (memory: bandits.ArmMemory) => bandits.streamingConstantChampion(memory),
    (memory: bandits.ArmMemory) =>
      bandits.streamingSingleMemoryEpsBest(memory, createRng('digest', 'single'), { randomThreshold: true }),
    (memory: bandits.ArmMemory) => bandits.streamingTower(memory, { levels: 'log' }),
    (memory: bandits.ArmMemory) => bandits.streamingTower(memory, { levels: 'loglog', resampleIncumbent: true }),
    (memory: bandits.ArmMemory) => bandits.streamingTower(memory),
    (memory: bandits.ArmMemory) => bandits.streamingAssadiWang(memory, { epsilon: 0.3 }),
    (memory: bandits.ArmMemory) => bandits.streamingGameOfArms(memory, createRng('digest', 'game')),
  ];
  runs.forEach((run, i) => {
    const stream = (i % 2 === 0 ? bandits.clearCutStream : bandits.mixInStream)(60, createRng('digest', 'stream', i));
    const { arm, regret, explorationPulls } = run(
      bandits.armMemory(stream, createRng('digest', 'rewards', i), { horizon: 1e10 }),
    );
    add([arm, regret, explorationPulls]);
  });

  const [K, d] = [6, 3];
  const actions = (t: number) => {
    const rng = createRng('digest', 'actions', t);
    return { data: Float64Array.from({ length: K * d }, () => 2 * rng() - 1), rows: K, columns: d };
  };
  const linear = bandits.linearBandit({ theta: [0.5, -0.3, 0.2], actions, arms: K });
  const logistic = bandits.glmBandit({ theta: [1, -1, 0.5], actions, arms: K });
  for (const policy of [
    bandits.linUcb({ arms: K, dimension: d }),
    bandits.linUcb({ arms: K, dimension: d, variant: 'disjoint', engine: 'cholesky' }),
    bandits.linTs({ arms: K, dimension: d }),
  ] as bandits.ContextualPolicy<unknown, Float64Array>[]) {
    add(bandits.simulateContextualBandit(policy, linear, 300, streams(policy.name)).arms);
  }
  for (const policy of [
    bandits.glmUcb({ arms: K, dimension: d, kappa: 0.1 }),
    bandits.logisticTs({ arms: K, dimension: d }),
  ]) {
    const { arms, state } = bandits.simulateContextualBandit(policy, logistic, 60, streams(policy.name));
    add(arms, state.theta);
  }
  const fixed = bandits.linearBandit({ theta: [0.5, -0.3, 0.2], actions: actions(0) });
  const fixedGame = bandits.simulateBandit(bandits.fixedLinUcb({ actions: actions(0) }), fixed, 1200, streams('fixed'));
  add(fixedGame.arms, fixedGame.state.model.theta);
  const phased = bandits.phasedElimination({ actions: actions(0), delta: 0.05 });
  add(bandits.simulateBandit(phased, fixed, 1500, streams('phased')).arms, bandits.gOptimalDesign(actions(3)).weights);
  const hybrid = bandits.hybridLinUcb({ arms: 2, sharedDimension: 3, dimension: 2 });
  let hybridState = hybrid.init();
  for (let t = 0; t < 40; t++) {
    const x = { shared: actions(t).data.slice(0, 6), own: actions(t).data.slice(6, 10) };
    add(hybrid.scores(hybridState, x));
    hybridState = hybrid.update(hybridState, x, t % 2, (t % 5) / 4, hybridState);
  }

  const duels = bandits.duelingBandit(bradleyTerryMatrix([1, 0.6, 0.3, 0, -0.2]));
  for (const policy of [
    bandits.rucb({ arms: 5 }),
    bandits.doubleThompson({ arms: 5 }),
    bandits.sparring(bandits.tsallisInf({ arms: 5 })),
  ] as bandits.DuelingPolicy<unknown>[]) {
    const { firsts, seconds } = bandits.simulateDueling(policy, duels, 300, streams(policy.name));
    add(firsts, seconds, bandits.duelingRegret({ firsts, seconds }, duels));
  }
  const learner = bandits.preferenceRandomized({ features: actions(1), epsilon: 0.1 });
  const feedback = bandits.simulatePreferenceFeedback(learner, (i, j) => i < j, 200, streams('feedback'));
  add(feedback.arms, feedback.asked, feedback.state.theta);

  const rng = createRng('digest', 'log');
  const rows = Array.from({ length: 50 }, () => [rng(), rng(), rng()]);
  const laws = rows.map((row) => row.map((x) => x / (row[0] + row[1] + row[2])));
  const taken = rows.map((_, i) => i % 3);
  const log = {
    actions: taken,
    rewards: rows.map(([x]) => x),
    propensities: taken.map((a, i) => laws[i][a]),
    target: laws.map(([a, b, c]) => [b, c, a]),
    model: rows,
    logging: laws,
  };
  for (const { estimate, standardError, interval } of [
    bandits.opeIps(log),
    bandits.opeClippedIps(log, { maxWeight: 2 }),
    bandits.opeSnips(log, { interval: 'bootstrap', rng: createRng('digest', 'bootstrap'), resamples: 50 }),
    bandits.opeDm(log),
    bandits.opeDr(log, { interval: 'empirical-bernstein', range: 4 }),
    bandits.opeSnDr(log),
    bandits.opeSwitchDr(log, { threshold: 2 }),
    bandits.opeSwitch(log, { threshold: 2 }),
    bandits.opeDrOs(log, { lambda: 1 }),
    bandits.opeSgIps(log, { lambda: 0.4 }),
  ]) {
    add([estimate, standardError, interval.low, interval.high]);
  }
  add([bandits.tuneOpe('dr-os', log, [0.1, 1, 10]).best.mse, bandits.opeEffectiveSampleSize(log)]);

  const X = Array.from({ length: 40 }, () => {
    const x = [sampleNormal(rng), sampleNormal(rng), sampleNormal(rng)];
    const norm = Math.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    return x.map((v) => v / norm);
  });
  const sparse = bandits.sparseMisspecifiedElimination(X, (a) => 0.8 * X[a][1], { sparsity: 1, epsilon: 0.2 });
  add([sparse.action, sparse.queries], sparse.theta);
  const W = [0, 1, 2].map((i) => X.map((x) => x[i]));
  const w = [0.4, -0.7, 0.2];
  add(bandits.sourceRelevance(W, w, { norm: 'l1' }).nu, bandits.lassoRelevance(W, w, 0.1).nu);
  add(bandits.sourceAllocation([1, -2, 0.5], { total: 100, costs: [1, 2, 3] }));
  const representations = [0, 1, 2].map((j) => (x: ArrayLike<number>) => [x[j], x[(j + 1) % 3]]);
  const tasks = bandits.multiTaskBandit({
    representation: representations[1],
    heads: [
      [1, 0.5],
      [-0.4, 0.6],
    ],
    actions: (t) => [X.slice(t % 20, (t % 20) + 5), X.slice((t % 17) + 10, (t % 17) + 15)],
  });
  const gfucb = bandits.gfucb({ tasks: 2, representations, dimension: 2, horizon: 80, betaScale: 0.1, split: true });
  const game = bandits.simulateMultiTask(gfucb, tasks, 80, streams('gfucb'));
  add(game.regret, bandits.gfucbFits(game.state, 3));
  return bitsOf(values);
}
