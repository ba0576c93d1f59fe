import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipoOptimum, minimaxWinner, preferenceAggregation } from '../../../src/games/index.js';
import {
  expectedPolicyGradient,
  klRegularizedOptimum,
  onPolicyBandit,
  tabularTrainer,
  trainTabularPolicy,
  type TabularLoss,
  type TabularProblem,
  type TabularSampling,
} from '../../../src/preference/index.js';
import { createRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const PAIR_LOSSES: TabularLoss[] = [
  'dpo',
  'robustDpo',
  'lengthNormalizedDpo',
  'rdpo',
  'dpop',
  'simpo',
  'alphaPo',
  'cpo',
  'rpo',
  'fdpo',
  'calDpo',
  'ipo',
  'hinge',
  'slic',
  'exoPair',
  'ncaPair',
  'bcoPair',
  'apoZero',
  'apoDown',
  'sppo',
  'discopop',
  'orpo',
  'nll',
];
const SAMPLED: TabularLoss[] = ['bestOfN', 'bestOfNNegative', 'awr', 'kto', 'reinforce', 'rloo', 'grpo', 'ppo'];
/** Losses of the difference of the two log-probabilities alone. */
const OF_DIFFERENCES: TabularLoss[] = ['dpo', 'robustDpo', 'rdpo', 'simpo', 'ipo', 'hinge', 'exoPair', 'discopop'];

const REWARDS = [0.3, -0.8, 1.1, 0.2, 0.9, -0.1];
const REF = [0.4, -0.3, 0.1, 0.8, -1.2, 0.5];
const sampling: TabularSampling = { mode: 'onPolicy', groups: 4, groupSize: 5 };
const optionsOf = (loss: TabularLoss) => (loss === 'robustDpo' ? { labelSmoothing: 0.1 } : {});

/** Loss and gradient at given logits, by one step of plain gradient descent of rate 1. */
function lossAndGradient(problem: TabularProblem, loss: TabularLoss, logits: number[], mode?: TabularSampling) {
  const S = Array.isArray(problem.refLogits) && typeof problem.refLogits[0] !== 'number' ? problem.refLogits.length : 1;
  const A = logits.length / S;
  const initLogits = { data: Float64Array.from(logits), rows: S, columns: A };
  const run = trainTabularPolicy(problem, {
    loss,
    lossOptions: optionsOf(loss) as never,
    optimizer: 'sgd',
    learningRate: 1,
    steps: 1,
    initLogits,
    ...(mode === undefined ? {} : { sampling: mode }),
    rng: createRng('gradient'),
  });
  return { loss: run.lossTrajectory[0], gradient: Array.from(run.logits, (x, i) => logits[i] - x) };
}

describe('gradients in the logits', () => {
  const pairs = [
    [0, 1],
    [2, 3],
    [4, 1],
    [2, 5],
    [5, 0],
  ];
  const at = [0.9, -0.7, 0.35, 0.2, -0.4, 0.15];

  it.each(PAIR_LOSSES)('%s on fixed pairs agrees with central differences', (loss) => {
    const problem = { refLogits: REF, pairs, pairWeights: [1, 0.5, 2, 1, 3] };
    const { gradient } = lossAndGradient(problem, loss, at);
    gradient.forEach((g, i) => {
      const shifted = (h: number) =>
        lossAndGradient(
          problem,
          loss,
          at.map((x, j) => (j === i ? x + h : x)),
        ).loss;
      const difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      expect(Math.abs(g - difference)).toBeLessThan(1e-7 * Math.max(1, Math.abs(g)));
    });
  });

  // The samples depend on the logits through the sampling alone, so they are drawn from the reference here.
  it.each(SAMPLED.filter((loss) => loss !== 'kto'))('%s on sampled groups agrees with central differences', (loss) => {
    const problem = { refLogits: REF, rewards: REWARDS };
    const offline = { ...sampling, mode: 'offline' } as const;
    // For PPO stay inside the clip range, where the surrogate is smooth.
    const near = REF.map((x, i) => x + 0.05 * Math.sin(i + 1));
    const { gradient } = lossAndGradient(problem, loss, near, offline);
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-3);
    gradient.forEach((g, i) => {
      const shifted = (h: number) =>
        lossAndGradient(
          problem,
          loss,
          near.map((x, j) => (j === i ? x + h : x)),
          offline,
        ).loss;
      const difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      expect(Math.abs(g - difference)).toBeLessThan(1e-7 * Math.max(1, Math.abs(g)));
    });
  });

  it('exactPolicyGradient descends minus the objective of expectedPolicyGradient', () => {
    const problem = { refLogits: REF, rewards: REWARDS };
    const probs = trainTabularPolicy(problem, {
      loss: 'nll',
      learningRate: 1,
      steps: 0,
      sampling: { mode: 'population' },
    }).probs;
    const run = trainTabularPolicy(problem, {
      loss: 'exactPolicyGradient',
      lossOptions: { klCoef: 0.3 },
      optimizer: 'sgd',
      learningRate: 1,
      steps: 1,
      initLogits: at,
    });
    const { objective, grad } = expectedPolicyGradient(at, REWARDS, probs, { klCoef: 0.3 });
    expect(run.lossTrajectory[0]).toBeCloseTo(-objective, 14);
    run.logits.forEach((x, i) => expect(x - at[i]).toBeCloseTo(grad[i], 14));
  });

  it.each(OF_DIFFERENCES)('%s moves the two logits of a pair and no other, by opposite amounts', (loss) => {
    for (const optimizer of ['sgd', 'adam'] as const) {
      const { logits } = trainTabularPolicy(
        { refLogits: REF, pairs: [[2, 4]] },
        { loss, lossOptions: optionsOf(loss) as never, optimizer, learningRate: 0.1, steps: 3 },
      );
      const moved = Array.from(logits, (x, i) => x - REF[i]);
      expect(moved.filter((_, i) => i !== 2 && i !== 4)).toEqual([0, 0, 0, 0]);
      expect(moved[2]).not.toBe(0);
      expect(moved[2] + moved[4]).toBeCloseTo(0, 14);
    }
  });

  it.each(['nll', 'sppo', 'apoZero', 'cpo'] as const)('%s moves every logit', (loss) => {
    const { logits } = trainTabularPolicy(
      { refLogits: REF, pairs: [[2, 4]] },
      { loss, optimizer: 'sgd', learningRate: 0.5, steps: 3 },
    );
    logits.forEach((x, i) => expect(x).not.toBe(REF[i]));
  });

  it('kto holds its reference point constant and keeps the sum of the gradient at zero', () => {
    const { gradient } = lossAndGradient({ refLogits: REF, rewards: REWARDS }, 'kto', at, sampling);
    expect(gradient.reduce((a, b) => a + b)).toBeCloseTo(0, 14);
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-4);
  });

  it('a constant added to the logits changes nothing but the logits', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (shift) => {
        const a = trainTabularPolicy({ refLogits: REF, pairs }, { loss: 'sppo', learningRate: 0.1, steps: 5 });
        const b = trainTabularPolicy(
          { refLogits: REF.map((x) => x + shift), pairs },
          { loss: 'sppo', learningRate: 0.1, steps: 5 },
        );
        a.probs.forEach((p, i) => expect(b.probs[i]).toBeCloseTo(p, 9));
      }),
      { numRuns: 20 },
    );
  });
});

describe('pairs that occur more than once', () => {
  const distinct = [
    [2, 4],
    [0, 1],
    [4, 2],
    [5, 3],
  ];
  const repeats = [4, 2, 1, 3];
  const pairs = [0, 1, 0, 3, 2, 0, 3, 1, 0, 3].map((k) => distinct[k]);
  const options = { optimizer: 'sgd', learningRate: 0.3, steps: 8, keepSnapshots: true } as const;
  const losses = PAIR_LOSSES.filter((loss) => loss !== 'nll');

  it.each(losses)('%s: count as often as they occur, in the loss, the gradient and the margin', (loss) => {
    const settings = { ...options, loss, lossOptions: optionsOf(loss) as never };
    const weights = [1, 0.5, 2, 1, 3, 0.25, 1, 1, 0, 2];
    for (const pairWeights of [undefined, weights]) {
      const given = pairWeights === undefined ? {} : { pairWeights };
      const run = trainTabularPolicy({ refLogits: REF, pairs, ...given }, settings);
      // the same as the mean over the four of weight 4/10 times the sum of the weights
      const shares = distinct.map((pair) =>
        pairs.reduce((sum, other, i) => sum + (other === pair ? 0.4 * (pairWeights?.[i] ?? 1) : 0), 0),
      );
      const merged = trainTabularPolicy({ refLogits: REF, pairs: distinct, pairWeights: shares }, settings);
      run.logits.forEach((x, i) => expect(x).toBeCloseTo(merged.logits[i], 12));
      run.lossTrajectory.forEach((x, i) =>
        expect(Math.abs(x - merged.lossTrajectory[i])).toBeLessThan(1e-13 * Math.max(1, Math.abs(x))),
      );
      // margins are means over pairs without weights
      const alone = distinct.map((pair) =>
        trainTabularPolicy(
          { refLogits: REF, pairs: [pair] },
          { ...settings, steps: 0, initLogits: (run.snapshots ?? [])[5].logits },
        ),
      );
      const margin = alone.reduce((sum, one, k) => sum + (repeats[k] * (one.marginTrajectory ?? [])[0]) / 10, 0);
      expect((run.marginTrajectory ?? [])[5]).toBeCloseTo(margin, 12);
    }
  });

  it('an impossible pair is named by its own place', () => {
    const refProbs = [0.5, 0.5, 0, 0];
    const four = [0, 0, 0, 0].map(() => [0, 1]);
    expect(() =>
      trainTabularPolicy({ refProbs, pairs: [...four, [2, 1]] }, { loss: 'dpo', learningRate: 1, steps: 1 }),
    ).toThrow(/^pair 4: policyChosen and refChosen are both -Infinity/);
  });
});

describe('the population of pairs', () => {
  it('DPO finds the KL-regularized optimum for every reference', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 5, maxLength: 5 }),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (refLogits, rewards) => {
          const { probs } = trainTabularPolicy(
            { refLogits, rewards },
            {
              loss: 'dpo',
              lossOptions: { beta: 0.5 },
              optimizer: 'sgd',
              learningRate: 25,
              steps: 4000,
              recordEvery: 4000,
              sampling: { mode: 'population' },
            },
          );
          const start = trainTabularPolicy(
            { refLogits, rewards },
            { loss: 'dpo', learningRate: 1, steps: 0, sampling: { mode: 'population' } },
          );
          const { policy } = klRegularizedOptimum(start.probs, rewards, { beta: 0.5 });
          policy.forEach((p, i) => expect(Math.abs(probs[i] - p)).toBeLessThan(1e-10));
        },
      ),
      { numRuns: 8 },
    );
  });

  const CYCLIC = [
    [0.5, 0.9, 0.4],
    [0.1, 0.5, 0.7],
    [0.6, 0.3, 0.5],
  ];

  it('IPO finds the policy that follows Borda scores, which on an intransitive preference is not the minimax winner', () => {
    const refProbs = [0.5, 0.2, 0.3];
    const { probs } = trainTabularPolicy(
      { refProbs, preference: CYCLIC },
      {
        loss: 'ipo',
        lossOptions: { beta: 0.1, normalize: 'sum' },
        optimizer: 'sgd',
        learningRate: 0.2,
        steps: 3000,
        recordEvery: 3000,
        sampling: { mode: 'population', labelNoise: 'preference' },
      },
    );
    const optimum = ipoOptimum(refProbs, CYCLIC, { beta: 0.1 });
    optimum.forEach((p, i) => expect(Math.abs(probs[i] - p)).toBeLessThan(1e-12));
    const ratios = Array.from(probs, (p, i) => p / refProbs[i]);
    const { borda } = preferenceAggregation(CYCLIC);
    const order = (x: ArrayLike<number>) => Array.from(x, (_, i) => i).sort((i, j) => x[j] - x[i]);
    expect(order(ratios)).toEqual(order(borda));
    expect(order(borda)).toEqual([0, 2, 1]);
    expect(order(minimaxWinner(CYCLIC).policy)).toEqual([2, 0, 1]);
  });

  it('weights by the reference when asked to, with the same optimum of DPO', () => {
    const problem = { refLogits: REF, rewards: REWARDS };
    const uniform = { mode: 'population' } as const;
    const run = (pairWeighting: 'uniform' | 'reference') =>
      trainTabularPolicy(problem, {
        loss: 'dpo',
        lossOptions: { beta: 1 },
        optimizer: 'sgd',
        learningRate: 12,
        steps: 3000,
        recordEvery: 10,
        sampling: { ...uniform, pairWeighting },
      });
    const [a, b] = [run('uniform'), run('reference')];
    // At the reference every pair costs ln 2, and the label probabilities of a pair and its reverse add up to 1.
    for (const { lossTrajectory } of [a, b]) expect(lossTrajectory[0]).toBeCloseTo(Math.LN2 / 2, 14);
    expect(Math.abs(a.lossTrajectory[1] - b.lossTrajectory[1])).toBeGreaterThan(1e-3);
    a.probs.forEach((p, i) => expect(b.probs[i]).toBeCloseTo(p, 9));
  });
});

describe('sampling', () => {
  const bandit = onPolicyBandit('misaligned');

  it('offline batches are drawn once, on-policy ones every innerSteps steps, and every sample is a reward query', () => {
    const queries = (mode: 'offline' | 'onPolicy', innerSteps: number) =>
      trainTabularPolicy(bandit, {
        loss: 'bestOfN',
        learningRate: 0.05,
        steps: 12,
        sampling: { mode, groups: 3, groupSize: 4, innerSteps },
        rng: createRng(1),
      }).rewardQueries;
    expect(queries('offline', 1)).toBe(12);
    expect(queries('onPolicy', 1)).toBe(144);
    expect(queries('onPolicy', 5)).toBe(36);
    expect(queries('onPolicy', 12)).toBe(12);
  });

  it('takes groups × groupSize uniforms a batch, one a pair with label noise', () => {
    const drawn = (labelNoise: 'none' | 'bradleyTerry') => {
      const rng = createRng(2);
      let count = 0;
      const { state } = trainTabularPolicy(bandit, {
        loss: 'dpo',
        learningRate: 0.05,
        steps: 2,
        sampling: { mode: 'onPolicy', groups: 3, groupSize: 4, labelNoise },
        rng: () => {
          count += 1;
          return rng();
        },
      });
      return { count, pairs: state.batch?.winners.length ?? 0 };
    };
    expect(drawn('none').count).toBe(24);
    const noisy = drawn('bradleyTerry');
    expect(noisy.count).toBeGreaterThan(24 + noisy.pairs - 1);
    expect(noisy.count).toBeLessThanOrEqual(24 + 2 * 18);
  });

  it('pairs are those of a group whose rewards differ by the gap at least, the larger first', () => {
    const { state } = trainTabularPolicy(bandit, {
      loss: 'dpo',
      learningRate: 0.05,
      steps: 0,
      sampling: { mode: 'offline', groups: 20, groupSize: 6, minRewardGap: 0.2 },
      rng: createRng(3),
    });
    const batch = state.batch!;
    let expected = 0;
    for (let g = 0; g < 20; g++) {
      const r = Array.from(batch.samples.subarray(6 * g, 6 * g + 6), (a) => bandit.rewards[a]);
      for (let i = 0; i < 6; i++) for (let j = i + 1; j < 6; j++) if (Math.abs(r[i] - r[j]) >= 0.2) expected += 1;
    }
    expect(batch.winners.length).toBe(expected);
    batch.winners.forEach((w, k) => {
      expect(bandit.rewards[w] - bandit.rewards[batch.losers[k]]).toBeGreaterThanOrEqual(0.2);
    });
  });

  it('a batch without pairs has loss 0 and leaves the logits where they are', () => {
    const run = trainTabularPolicy(
      { refLogits: [0, 0, 0], rewards: [1, 1, 1] },
      { loss: 'dpo', learningRate: 1, steps: 4, sampling: { mode: 'onPolicy', groups: 2 }, rng: createRng(4) },
    );
    expect(Array.from(run.lossTrajectory)).toEqual([0, 0, 0, 0, 0]);
    expect(Array.from(run.gradNormTrajectory)).toEqual([0, 0, 0, 0, 0]);
    expect(Array.from(run.logits)).toEqual([0, 0, 0]);
    expect(run.state.optimizer.t).toBe(4);
  });

  it('a sub-batch keeps the contexts of its groups', () => {
    // In context s only action s is rewarded, so every winner names its context.
    const rewards = [0, 1, 2].map((s) => [0, 1, 2].map((a) => (a === s ? 1 : 0)));
    const trainer = tabularTrainer(
      { refLogits: rewards.map((row) => row.map(() => 0)), rewards },
      { loss: 'dpo', learningRate: 0.1, sampling: { mode: 'offline', groups: 9, groupSize: 8, batchSize: 4 } },
    );
    const rng = createRng(5);
    let state = trainer.init();
    const used = new Set<number>();
    for (let t = 0; t < 10; t++) {
      state = trainer.step(state, rng);
      const { winners, groups, contexts, samples } = state.current!;
      expect(contexts.length).toBe(4);
      expect(samples.length).toBe(32);
      winners.forEach((w, k) => {
        expect(w).toBe(contexts[groups[k]]);
        used.add(w);
      });
    }
    expect(used.size).toBe(3);
    const { probs } = trainer.evaluate(state);
    for (let s = 0; s < 3; s++) expect(probs[4 * s]).toBeGreaterThan(0.4);
  });

  it('contexts are trained apart: each row is the run of its own problem', () => {
    const refLogits = [REF, REF.map((x) => -x)];
    const both = trainTabularPolicy(
      {
        refLogits,
        pairs: [
          [0, 1, 0],
          [3, 2, 1],
        ],
      },
      { loss: 'dpo', optimizer: 'sgd', learningRate: 2, steps: 7 },
    );
    const one = trainTabularPolicy(
      { refLogits: refLogits[1], pairs: [[3, 2]] },
      { loss: 'dpo', optimizer: 'sgd', learningRate: 1, steps: 7 },
    );
    one.logits.forEach((x, a) => expect(both.logits[6 + a]).toBeCloseTo(x, 14));
  });
});

describe('the trainer', () => {
  const problem = { refLogits: REF, rewards: REWARDS };

  it.each([...SAMPLED, 'dpo', 'exactPolicyGradient'] as TabularLoss[])(
    '%s: fresh states, in place and resumed from a checkpoint are one run, and it is that of trainTabularPolicy',
    (loss) => {
      const options = { loss, learningRate: 0.1, sampling: { ...sampling, innerSteps: 2 } };
      const trainer = tabularTrainer(problem, options);
      const streams = [createRng(6), createRng(6), createRng(6), createRng(6)];
      let fresh = trainer.init();
      const inPlace = trainer.init();
      let resumed = trainer.init();
      for (let t = 0; t < 5; t++) {
        const before = structuredClone(fresh);
        const next = trainer.step(fresh, streams[0]);
        expect(fresh).toEqual(before);
        fresh = next;
        expect(trainer.step(inPlace, streams[1], inPlace)).toBe(inPlace);
        resumed = trainer.step(decodeState(encodeState(resumed)), streams[2]);
      }
      expect(inPlace).toEqual(fresh);
      expect(resumed).toEqual(fresh);
      const run = trainTabularPolicy(problem, { ...options, steps: 5, rng: streams[3] });
      expect(run.logits).toEqual(fresh.logits);
      expect(trainer.evaluate(fresh).loss).toBe(run.lossTrajectory[5]);
    },
  );

  it('stops when asked to and records every k-th step and the last', () => {
    const pairs = [[0, 1]];
    const options = { loss: 'dpo', learningRate: 0.1, steps: 10, recordEvery: 4, keepSnapshots: true } as const;
    const run = trainTabularPolicy({ refLogits: REF, pairs }, options);
    expect(Array.from(run.recordedSteps)).toEqual([0, 4, 8, 10]);
    expect(run.snapshots?.map(({ loss }) => loss)).toEqual(Array.from(run.lossTrajectory));
    const halted = trainTabularPolicy({ refLogits: REF, pairs }, { ...options, stop: ({ step }) => step >= 4 });
    expect(Array.from(halted.recordedSteps)).toEqual([0, 4]);
    expect(halted.logits).toEqual(run.snapshots?.[1].logits);
  });

  it('clips the gradient to the length asked for', () => {
    const run = (clipGradNorm: number) =>
      trainTabularPolicy(
        { refLogits: REF, pairs: [[0, 1]] },
        { loss: 'ipo', optimizer: 'sgd', learningRate: 1, steps: 1, clipGradNorm },
      );
    const { logits, gradNormTrajectory } = run(0.25);
    expect(gradNormTrajectory[0]).toBeCloseTo(10 * Math.SQRT2, 12); // 2 · 1/(2β) on both logits
    expect(Math.hypot(...logits.map((x, i) => x - REF[i]))).toBeCloseTo(0.25, 12);
    expect(run(100).logits[0] - REF[0]).toBeCloseTo(10, 12);
  });

  it('is the same to the bit for the same seed', () => {
    const run = (seed: number) =>
      trainTabularPolicy(problem, { loss: 'ppo', learningRate: 0.1, steps: 6, sampling, rng: createRng(seed) }).logits;
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('an action that the reference never takes stays out', () => {
    const run = trainTabularPolicy(
      { refProbs: [0.5, 0.5, 0], rewards: [0, 1, 5] },
      { loss: 'exactPolicyGradient', lossOptions: { klCoef: 0.1 }, learningRate: 0.1, steps: 20 },
    );
    expect(run.probs[2]).toBe(0);
    expect(run.probs[1]).toBeGreaterThan(0.6);
    expect(run.klTrajectory.every((x) => x >= 0)).toBe(true);
  });
});

describe('bad arguments', () => {
  const pairs = [[0, 1]];
  const fixed = { loss: 'dpo', learningRate: 1, steps: 1 } as const;
  const sampled = { loss: 'reinforce', learningRate: 1, steps: 1, rng: () => 0.5 } as const;
  const cases: [TabularProblem, object, string][] = [
    [{ pairs }, fixed, 'refLogits or refProbs'],
    [{ refLogits: [0, 0], refProbs: [0.5, 0.5], pairs }, fixed, 'refLogits or refProbs'],
    [{ refLogits: [], pairs }, fixed, 'must not be empty'],
    [{ refLogits: [0, NaN], pairs }, fixed, 'refLogits[1] must be finite'],
    [{ refProbs: [0.5, 0.4], pairs }, fixed, 'refProbs must sum to 1'],
    [{ refLogits: [0, 0] }, fixed, 'pairs are required'],
    [{ refLogits: [0, 0], pairs: [] }, fixed, 'pairs must not be empty'],
    [{ refLogits: [0, 0], pairs: [[0, 2]] }, fixed, 'pairs[0][1] must be an integer in [0, 1], got 2'],
    [{ refLogits: [0, 0], pairs: [[0, 0]] }, fixed, 'pairs[0] must hold two different actions'],
    [{ refLogits: [0, 0], pairs: [[0]] }, fixed, 'pairs[0] must be [winner, loser]'],
    [{ refLogits: [0, 0], pairs: [[0, 1, 1]] }, fixed, 'pairs[0][2] must be an integer in [0, 0], got 1'],
    [{ refLogits: [0, 0], pairs, pairWeights: [1, 1] }, fixed, 'pairWeights must have length 1'],
    [{ refLogits: [0, 0], pairs, rewards: [1] }, fixed, 'rewards must be 1 × 2'],
    [
      {
        refLogits: [0, 0],
        pairs,
        preference: [
          [0.5, 0.6],
          [0.6, 0.5],
        ],
      },
      fixed,
      'preference[1][0]',
    ],
    [{ refLogits: [0, 0], pairs }, { ...fixed, loss: 'dpo2' }, 'loss must be one of'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, learningRate: 0 }, 'learningRate must be positive'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, steps: -1 }, 'steps must be an integer'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, recordEvery: 0 }, 'recordEvery'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, optimizer: 'lion' }, 'optimizer must be one of'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, clipGradNorm: 0 }, 'clipGradNorm must be positive'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, initLogits: [0] }, 'initLogits must be 1 × 2'],
    [{ refLogits: [0, 0], pairs }, { ...fixed, lossOptions: { beta: -1 } }, 'beta must be'],
    [{ refLogits: [0, 0], rewards: [0, 1] }, sampled, "sampling.mode must be 'offline' or 'onPolicy'"],
    [{ refLogits: [0, 0], rewards: [0, 1] }, { ...sampled, sampling: { mode: 'online' } }, 'sampling.mode'],
    [{ refLogits: [0, 0], rewards: [0, 1] }, { ...sampled, sampling: { mode: 'offline', groupSize: 1 } }, 'groupSize'],
    [{ refLogits: [0, 0], rewards: [0, 1] }, { ...sampled, sampling: { mode: 'offline', batchSize: 2 } }, 'batchSize'],
    [{ refLogits: [0, 0] }, { ...sampled, sampling: { mode: 'offline' } }, 'rewards are required'],
    [{ refLogits: [0, 0] }, { ...fixed, loss: 'exactPolicyGradient' }, 'rewards are required'],
    [
      { refLogits: [0, 0], rewards: [0, 1] },
      { ...sampled, sampling: { mode: 'offline', labelNoise: 'preference' } },
      'preference is required',
    ],
    [
      { refLogits: [0, 0], rewards: [0, 1] },
      { ...sampled, rng: undefined, sampling: { mode: 'offline' } },
      'rng is required',
    ],
  ];
  it.each(cases)('%#: %o %o', (problem, options, message) => {
    expect(() => trainTabularPolicy(problem, options as never)).toThrow(message);
  });

  it('evaluate wants a batch', () => {
    const trainer = tabularTrainer(
      { refLogits: [0, 0], rewards: [0, 1] },
      { ...sampled, sampling: { mode: 'offline' } },
    );
    expect(() => trainer.evaluate(trainer.init())).toThrow('call draw or step first');
  });
});
