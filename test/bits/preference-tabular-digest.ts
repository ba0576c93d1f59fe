import * as preference from '../../src/preference/index.js';
import { createRng } from '../../src/random/create-rng.js';
import { bitsOf } from './bits-of.js';

/** Tabular policies by every way of training, diagnostics, soft Q-functions, unnormalized models and the language model. */
export function preferenceTabularDigest(): string {
  const values: number[] = [];
  const add = (...numbers: ArrayLike<number>[]) => numbers.forEach((list) => values.push(...Array.from(list)));
  const bandit = preference.onPolicyBandit('misaligned');
  add(bandit.refProbs, bandit.rewards);

  const pairs = [
    [70, 20],
    [68, 3],
    [20, 99],
  ];
  for (const loss of ['dpo', 'ipo', 'sppo', 'discopop', 'orpo', 'fdpo', 'nll'] as const) {
    for (const optimizer of ['sgd', 'adam', 'adamW', 'rmsProp'] as const) {
      const options = { loss, optimizer, learningRate: 0.05, steps: 5 };
      const run = preference.trainTabularPolicy({ ...bandit, pairs }, options);
      add(run.probs, run.lossTrajectory, run.klTrajectory);
    }
  }
  const sampled = ['dpo', 'bestOfN', 'bestOfNNegative', 'awr', 'kto', 'reinforce', 'rloo', 'grpo', 'ppo'] as const;
  for (const loss of sampled) {
    const run = preference.trainTabularPolicy(bandit, {
      loss,
      learningRate: 0.05,
      steps: 8,
      sampling: { mode: 'onPolicy', groups: 4, innerSteps: 3, batchSize: 3, labelNoise: 'bradleyTerry' },
      rng: createRng('digest', loss),
    });
    add(run.logits, run.expectedRewardTrajectory ?? [], run.entropyTrajectory);
  }
  add(preference.klRegularizedOptimum(bandit.refProbs, bandit.rewards, { beta: 0.1 }).policy);
  for (const kind of ['forward', 'reverse', 'js', 'alpha'] as const) {
    add(preference.categoricalDivergence([0.3, -1, 2], [0.2, 0.5, 0.3], { kind }).grad);
  }

  const flow = {
    unembedding: [
      [1, 0.6],
      [1, 1],
      [0.6, -1],
      [-1, 0],
    ],
    hidden: [1, 0.1],
    chosen: 0,
    rejected: 1,
  };
  add(preference.simulateTwoTokenFlow(flow, { steps: 30 }).probs, preference.logProbRates(flow).rates);
  const { entropy, mass } = preference.topKDiagnostics(bandit.rewards);
  const { ead } = preference.distinctNgrams([[1, 2, 3, 1, 2, 4, 1]], { vocabSize: 5 });
  const { coefficients } = preference.polyfit2([0, 0.3, 1, 1.7, 2], [1, 0.2, 0, 0.6, 1.4]);
  add([entropy, mass], ead ?? [], coefficients);

  const rows = Array.from({ length: 7 }, (_, i) => [Math.sqrt(i + 1), 1 / (i + 1)]);
  const tree = { vocab: 2, depth: 3, ref: rows.map(([x, y]) => [x / (x + y), y / (x + y)]), rewards: rows };
  const { values: V, policy } = preference.softTreeSolve(tree, { beta: 0.7 });
  add(V, policy, preference.inverseSoftQLoss([0.1, 2, -1, 0.4, 0.4, 3], [1, 2]).gradLogits);
  const chain = {
    transitions: [
      [0.5, 0.5],
      [0, 1],
      [1, 0],
      [0.2, 0.8],
    ],
    rewards: [
      [1, 0],
      [0.5, -1],
    ],
  };
  add(preference.softValueIteration(chain, { beta: 0.7, gamma: 0.9 }).q);

  for (const t of [1, 4, 16]) {
    const { nce, nceGradient, nceCurvature } = preference.gaussianMeanLandscape(t - 0.5, t);
    add([nce, nceGradient, nceCurvature]);
  }
  const data = { dataLogModel: [0.3, -1], noiseLogModel: [1, -2, 0.5], noiseLogNoise: [-1, -1.5, -0.2] };
  add(
    preference.compositionalNllLoss(data).gradNoise,
    preference.rankingNceLoss(
      [1, 2],
      [
        [0, 1],
        [3, 1],
      ],
    ).gradNoise,
  );

  const model = preference.logBilinearModel({ vocab: 11, dimension: 6, context: 3 });
  const rng = createRng('digest', 'model');
  const parameters = model.init(rng);
  const text = Int32Array.from({ length: 60 }, (_, t) => (t * t) % 11);
  const gradient = new Float64Array(model.size);
  const noise = { words: [1, 5, 9], logProbs: new Float64Array(11).fill(-2.4) };
  for (let k = 0; k < 20; k++) {
    gradient.fill(0);
    model.nce(parameters, text, [3 + k, 7 + k, 30 + k], noise, gradient);
    for (let i = 0; i < gradient.length; i++) parameters[i] -= 0.5 * gradient[i];
  }
  const example = { prompt: text.subarray(0, 5), response: text.subarray(5, 9) };
  model.backward(parameters, [example], () => [1], gradient.fill(0));
  add(gradient, model.generate(parameters, [1, 2], 20, rng), model.logProbs(parameters, [example]));
  return bitsOf(values);
}
