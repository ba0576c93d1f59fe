import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ucb1 } from '../../src/bandits/index.js';
import {
  acceptanceDataset,
  acceptanceHeadLoss,
  banditLength,
  confidenceLength,
  type DraftedTokenInfo,
  draftStepFeatures,
  fitAcceptanceHead,
  fitResidualHead,
  fixedLength,
  heuristicLength,
  type LengthPolicy,
  type LogitsFn,
  optimalGamma,
  optimalStoppingPolicy,
  oracleLength,
  predictAcceptance,
  predictResidualAcceptance,
  rocThreshold,
  specDecStop,
  speculativeDecoder,
  speculativeSpeedup,
  thresholdLength,
  thresholdPolicyValue,
} from '../../src/decoding/index.js';
import { residualLoss } from '../../src/decoding/draft-length/residual-head.js';
import { createRng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const infoOf = (index: number, confidence = 1): DraftedTokenInfo => ({
  index,
  token: 0,
  probabilities: null,
  confidence,
  context: [],
});

/** Tokens that a policy drafts in a round in which token i has confidence c_i. */
function draftedBy<State>(policy: LengthPolicy<State>, confidences: number[]): number {
  let state = policy.init();
  const limit = policy.limit(state, createRng('limit'));
  for (let k = 0; k < limit && k < confidences.length; k++) {
    const info = infoOf(k, confidences[k]);
    state = policy.observe?.(state, info) ?? state;
    if (k + 1 === limit || !policy.shouldContinue(state, info)) return k + 1;
  }
  return Math.min(limit, confidences.length);
}

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('the rule of SpecDec++', () => {
  it('stops at the first k with 1 - A_k above the threshold, within the bounds', () => {
    fc.assert(
      fc.property(
        fc.array(probability, { maxLength: 30 }),
        probability,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom(0 as const, 1 as const),
        (predicted, threshold, minLength, extra, lag) => {
          const maxLength = minLength + extra;
          // The sentence of the paper, word for word.
          let k = 0;
          for (k = 1; k <= Math.min(maxLength, predicted.length); k++) {
            let A = 1;
            for (let i = 0; i < k - lag; i++) A *= predicted[i];
            if (k >= minLength && 1 - A > threshold) break;
          }
          const expected = Math.min(k, maxLength, predicted.length);
          const options = { threshold, minLength, maxLength, lag };
          expect(specDecStop(predicted, options)).toBe(expected);
          expect(draftedBy(thresholdLength({ ...options, predictor: (i) => i.confidence }), predicted)).toBe(expected);
        },
      ),
    );
  });

  it('a higher threshold never drafts less', () => {
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 25 }), probability, probability, (predicted, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(specDecStop(predicted, { threshold: low })).toBeLessThanOrEqual(
          specDecStop(predicted, { threshold: high }),
        );
      }),
    );
  });

  it('refuses what is out of range', () => {
    expect(() => specDecStop([1.2])).toThrow('predicted[0]');
    expect(() => specDecStop([NaN])).toThrow('predicted[0]');
    expect(() => specDecStop([], { threshold: -0.1 })).toThrow('threshold');
    expect(() => specDecStop([], { minLength: 0 })).toThrow('minLength');
    expect(() => specDecStop([], { minLength: 3, maxLength: 2 })).toThrow('minLength');
    expect(() => specDecStop([], { lag: 2 as never })).toThrow('lag');
    const policy = thresholdLength({ predictor: () => NaN });
    expect(() => policy.observe(policy.init(), infoOf(0))).toThrow('predictor');
  });
});

describe('when to stop drafting', () => {
  const problems = fc.record({
    values: fc.array(fc.double({ min: 0.05, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 3 }),
    draftCost: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
    maxLength: fc.integer({ min: 1, max: 9 }),
  });
  const withProbs = problems.map((p) => ({ ...p, probs: p.values.map(() => 1 / p.values.length) }));

  it('Theorem 3.1: the optimal rule is a threshold, and one step of look-ahead gives it', () => {
    fc.assert(
      fc.property(withProbs, (problem) => {
        const { rate, survivalContinueMin, survivalStopMax, bestFixedRate } = optimalStoppingPolicy(problem);
        const mean = problem.values.reduce((a, b) => a + b, 0) / problem.values.length;
        const critical = (rate * problem.draftCost) / mean;
        expect(rate).toBeGreaterThanOrEqual(bestFixedRate - 1e-12);
        expect(survivalStopMax).toBeLessThan(survivalContinueMin);
        expect(survivalStopMax).toBeLessThanOrEqual(critical * (1 + 1e-9));
        expect(survivalContinueMin).toBeGreaterThan(critical * (1 - 1e-9));
      }),
    );
  });

  it('a threshold between the two survivals attains the optimal rate, and no threshold passes it', () => {
    fc.assert(
      fc.property(withProbs, probability, (problem, threshold) => {
        const { rate, survivalContinueMin, survivalStopMax } = optimalStoppingPolicy(problem);
        expect(thresholdPolicyValue(problem, threshold).rate).toBeLessThanOrEqual(rate + 1e-9);
        if (survivalContinueMin > 1) return; // not drafting at all is best, and a threshold drafts one token at least
        const middle = 1 - (survivalStopMax + Math.min(1, survivalContinueMin)) / 2;
        expect(thresholdPolicyValue(problem, middle).rate).toBeCloseTo(rate, 9);
      }),
    );
  });

  it('the rate is that of a simulated run with the optimal threshold', () => {
    const problem = { values: [0.95, 0.6, 0.2], probs: [0.6, 0.25, 0.15], draftCost: 0.1, maxLength: 12 };
    const { rate, survivalStopMax, survivalContinueMin } = optimalStoppingPolicy(problem);
    const rng = createRng('stopping');
    const rounds = 100_000;
    const residuals = new Float64Array(rounds);
    for (let r = 0; r < rounds; r++) {
      let [A, drafted, tokens, alive] = [1, 0, 1, true];
      while (drafted < 12 && A > (survivalStopMax + survivalContinueMin) / 2) {
        const u = rng();
        const a = u < 0.6 ? 0.95 : u < 0.85 ? 0.6 : 0.2;
        A *= a;
        drafted += 1;
        alive = alive && rng() < a;
        if (alive) tokens += 1;
      }
      residuals[r] = tokens - rate * (1 + 0.1 * drafted); // mean 0 by renewal reward
    }
    const mean = residuals.reduce((a, b) => a + b, 0) / rounds;
    const deviation = Math.sqrt(residuals.reduce((a, b) => a + b * b, 0) / rounds / rounds);
    expect(Math.abs(mean)).toBeLessThan(6.2 * deviation); // a normal deviate passes 6.2 once in 1e9
  });

  it('drafting nothing is best when a draft costs more than it can bring', () => {
    const { rate, bestFixedLength, survivalContinueMin } = optimalStoppingPolicy({
      values: [0.5],
      probs: [1],
      draftCost: 0.6,
      maxLength: 5,
    });
    expect([rate, bestFixedLength, survivalContinueMin]).toEqual([1, 0, Infinity]);
  });

  it('names the argument that is wrong', () => {
    const good = { values: [0.5], probs: [1], draftCost: 0.1, maxLength: 3 };
    expect(() => optimalStoppingPolicy({ ...good, values: [] })).toThrow('values');
    expect(() => optimalStoppingPolicy({ ...good, values: [2] })).toThrow('values[0]');
    expect(() => optimalStoppingPolicy({ ...good, probs: [0.5] })).toThrow('probs');
    expect(() => optimalStoppingPolicy({ ...good, probs: [1, 0] })).toThrow('probs');
    expect(() => optimalStoppingPolicy({ ...good, draftCost: 0 })).toThrow('draftCost');
    expect(() => optimalStoppingPolicy({ ...good, maxLength: 0 })).toThrow('maxLength');
    expect(() => thresholdPolicyValue(good, NaN)).toThrow('threshold');
    const many = { ...good, values: [0.1, 0.2, 0.3, 0.4, 0.5], probs: [0.2, 0.2, 0.2, 0.2, 0.2], maxLength: 64 };
    expect(() => optimalStoppingPolicy(many)).toThrow('maxLength');
  });
});

describe('confidence', () => {
  it('stops after the unsure token, within the bounds', () => {
    const policy = confidenceLength({ threshold: 0.5, min: 2, max: 4 });
    expect(draftedBy(policy, [0.1, 0.9, 0.2, 0.9, 0.9])).toBe(3);
    expect(draftedBy(policy, [0.1, 0.1])).toBe(2);
    expect(draftedBy(policy, [0.9, 0.9, 0.9, 0.9, 0.9])).toBe(4);
  });

  it('rocThreshold minimizes fpr + 3 fnr over all observed thresholds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { minLength: 2, maxLength: 20 }),
        (pairs) => {
          const confidences = pairs.map(([c]) => c / 8);
          const matched = pairs.map(([, m]) => m);
          fc.pre(matched.includes(true) && matched.includes(false));
          const cost = (threshold: number) => {
            const rate = (outcome: boolean, above: boolean) => {
              const group = pairs.filter(([, m]) => m === outcome);
              return group.filter(([c]) => c / 8 >= threshold === above).length / group.length;
            };
            return rate(false, true) + 3 * rate(true, false);
          };
          const costs = confidences.map(cost);
          const least = Math.min(...costs);
          const best = Math.min(...confidences.filter((_, i) => costs[i] <= least + 1e-12));
          expect(rocThreshold(confidences, matched)).toBe(best);
        },
      ),
    );
  });

  it('adapts once more than five tested tokens of both outcomes are known, and forgets nothing', () => {
    const policy = confidenceLength({ adaptThreshold: true });
    let state = policy.init();
    const outcome = { limit: 20, drafted: 3, accepted: 2, emitted: 3, confidences: [0.9, 0.8, 0.45] };
    state = policy.update(state, outcome);
    expect(state).toEqual({ threshold: 0.4, confidences: [0.9, 0.8, 0.45], matched: [true, true, false] });
    state = policy.update(state, outcome);
    expect(state.threshold).toBe(0.8);
    expect(decodeState(encodeState(state))).toEqual(state);
  });
});

describe('lengths as arms', () => {
  it('UCB1 settles on a length whose speed-up is within 10 % of the best', () => {
    for (const [alpha, c] of [
      [0.8, 0.1],
      [0.6, 0.2],
      [0.9, 0.05],
    ]) {
      const policy = banditLength({ algorithm: ucb1({ arms: 9 }), cost: c });
      const rng = createRng('bandit-length', String(alpha));
      let state = policy.init();
      const plays = new Array<number>(9).fill(0);
      for (let round = 0; round < 5000; round++) {
        const limit = policy.limit(state, rng);
        let accepted = 0;
        while (accepted < limit && rng() < alpha) accepted += 1;
        state = policy.update(state, { limit, drafted: limit, accepted, emitted: accepted + 1, confidences: [] });
        if (round >= 4000) plays[limit] += 1;
      }
      const favourite = plays.indexOf(Math.max(...plays));
      const best = optimalGamma(alpha, c, { maxGamma: 8 }).speedup;
      expect(speculativeSpeedup(alpha, favourite, c)).toBeGreaterThan(0.9 * best);
    }
  });

  it('pays at most 1 and at least 0', () => {
    const paid: number[] = [];
    const policy = banditLength({
      algorithm: { arms: 3, init: () => 0, select: () => 2, update: (s, _arm, reward) => (paid.push(reward), s) },
      lengths: [1, 4, 16],
      cost: 0.3,
    });
    for (let accepted = 0; accepted <= 16; accepted++) {
      policy.update(0, { limit: 16, drafted: 16, accepted, emitted: accepted + 1, confidences: [] });
    }
    policy.update(0, { limit: 1, drafted: 1, accepted: 1, emitted: 2, confidences: [] });
    expect(Math.min(...paid)).toBeGreaterThan(0);
    expect(Math.max(...paid)).toBe(1);
  });

  it('needs one length for every arm', () => {
    const algorithm = { arms: 2, init: () => 0, select: () => 0, update: (s: number) => s };
    expect(() => banditLength({ algorithm, lengths: [1] })).toThrow('lengths');
    expect(() => banditLength({ algorithm, lengths: [1, 1] })).toThrow('lengths');
    expect(() => banditLength({ algorithm, cost: -1 })).toThrow('cost');
  });
});

describe('schedules', () => {
  it('the oracle drafts exactly the tokens that pass', () => {
    const policy = oracleLength({ willAccept: (context) => context.length < 3, maxLength: 10 });
    expect(policy.shouldContinue({}, { ...infoOf(0), context: [1, 2] })).toBe(true);
    expect(policy.shouldContinue({}, { ...infoOf(1), context: [1, 2, 3] })).toBe(false);
  });

  it('the transient schedule starts afresh, the persistent one goes on, the constant one never moves', () => {
    const outcome = { limit: 5, drafted: 5, accepted: 2, emitted: 3, confidences: [] };
    for (const [schedule, after, again] of [
      ['heuristic', 4, 4],
      ['heuristic-transient', 4, 5],
      ['constant', 5, 5],
    ] as const) {
      const policy = heuristicLength({ schedule });
      const state = policy.update(policy.init(), outcome);
      expect(state.length).toBe(after);
      expect((policy.restart?.(state) ?? state).length).toBe(again);
    }
  });

  it('options out of range are named', () => {
    expect(() => fixedLength({ gamma: -1 })).toThrow('gamma');
    expect(() => fixedLength({ gamma: 1.5 })).toThrow('gamma');
    expect(() => heuristicLength({ initial: 0 })).toThrow('initial');
    expect(() => heuristicLength({ schedule: 'fast' as never })).toThrow('schedule');
    expect(() => confidenceLength({ threshold: 2 })).toThrow('threshold');
    expect(() => confidenceLength({ min: 0 })).toThrow('min');
  });
});

describe('acceptance head', () => {
  it('the gradient of the loss is that of a weighted logistic regression: central differences agree', () => {
    const rng = createRng('head');
    const labels = Array.from({ length: 8 }, () => rng());
    const logits = Array.from({ length: 8 }, () => 4 * rng() - 2);
    const sigma = (z: number) => 1 / (1 + Math.exp(-z));
    const loss = (z: number[]) => acceptanceHeadLoss(z.map(sigma), labels, { rejectWeight: 3 });
    const total = labels.reduce((sum, y) => sum + 3 * (1 - y) + y, 0);
    logits.forEach((z, i) => {
      const closed = (3 * (1 - labels[i]) * sigma(z) - labels[i] * (1 - sigma(z))) / total;
      const up = logits.map((x, j) => (j === i ? x + 1e-5 : x));
      const down = logits.map((x, j) => (j === i ? x - 1e-5 : x));
      expect((loss(up) - loss(down)) / 2e-5).toBeCloseTo(closed, 6);
    });
  });

  it('recovers the acceptance of a synthetic process, and its loss falls below that of a constant', () => {
    const rng = createRng('synthetic');
    const features: number[][] = [];
    const labels: number[] = [];
    for (let i = 0; i < 4000; i++) {
      const x = 4 * rng() - 2;
      features.push([x]);
      labels.push(rng() < 1 / (1 + Math.exp(-(0.5 + 1.5 * x))) ? 1 : 0);
    }
    const head = fitAcceptanceHead(features, labels, { rejectWeight: 1, l2: 0 });
    expect(head.status).toBe('converged');
    // The coefficients have standard errors near 0.06; 6.2 of them.
    expect(Math.abs(predictAcceptance(head, [0]) - 1 / (1 + Math.exp(-0.5)))).toBeLessThan(0.06);
    const share = labels.reduce((a, b) => a + b, 0) / labels.length;
    expect(head.loss).toBeLessThan(
      0.8 *
        acceptanceHeadLoss(
          labels.map(() => share),
          labels,
          { rejectWeight: 1 },
        ),
    );
  });

  it('separable data and one-sided labels stay finite', () => {
    for (const labels of [
      [0, 0, 1, 1],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]) {
      const head = fitAcceptanceHead([[0], [1], [2], [3]], labels);
      expect([...head.coefficients].every(Number.isFinite)).toBe(true);
      expect(Number.isFinite(head.loss)).toBe(true);
    }
  });

  describe('as a residual network', () => {
    it('the gradient agrees with central differences, with one block and with three', () => {
      const rng = createRng('residual gradient');
      for (const blocks of [1, 3]) {
        const [n, d] = [6, 3];
        const draw = (length: number) => Float64Array.from({ length }, () => 2 * rng() - 1);
        const [X, weights, soft] = [draw(n * d), draw(n).map((x) => x + 1.5), draw(n).map((x) => (x + 1) / 2)];
        const problem = { X, weights, soft, d, blocks, l2: 0.01 };
        const theta = draw(blocks * (d * d + d) + 2 * d + 2);
        const gradient = new Float64Array(theta.length);
        residualLoss(problem, theta, gradient);
        const unused = new Float64Array(theta.length);
        for (let k = 0; k < theta.length; k++) {
          const at = (shift: number) =>
            residualLoss(
              problem,
              theta.map((x, j) => (j === k ? x + shift : x)),
              unused,
            );
          expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - gradient[k])).toBeLessThan(
            1e-6 * Math.max(1, Math.abs(gradient[k])),
          );
        }
      }
    });

    it('learns an acceptance that is not monotone in a feature, which a logistic regression cannot', () => {
      const rng = createRng('residual process');
      const truth = (x: number) => (Math.abs(x) < 1 ? 0.9 : 0.2);
      const features = Array.from({ length: 1000 }, () => [4 * rng() - 2]);
      const labels = features.map(([x]) => truth(x));
      const options = { rejectWeight: 1, l2: 1e-6 };
      const flat = fitAcceptanceHead(features, labels, options);
      const bent = fitResidualHead(features, labels, { ...options, blocks: 2 });
      const kl = (predict: (x: number[]) => number) =>
        features.reduce((total, x) => {
          const [p, q] = [truth(x[0]), predict(x)];
          return total + p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
        }, 0) / features.length;
      expect(kl((x) => predictResidualAcceptance(bent, x))).toBeLessThan(0.25 * kl((x) => predictAcceptance(flat, x)));
      expect(bent.loss).toBeLessThan(flat.loss);
      expect(structuredClone(bent)).toEqual(bent);
    });

    it('is no worse than the logistic regression where that is the truth, and the same twice', () => {
      const rng = createRng('residual linear');
      const features = Array.from({ length: 300 }, () => [rng(), rng()]);
      const labels = features.map(([a, b]) => 1 / (1 + Math.exp(-(3 * a - 2 * b))));
      const head = fitResidualHead(features, labels, { l2: 0 });
      expect(head.loss).toBeLessThan(fitAcceptanceHead(features, labels, { l2: 0 }).loss + 1e-3);
      expect(fitResidualHead(features, labels, { l2: 0 })).toEqual(head);
    });

    it('separable data and one-sided labels stay finite; weights and masks are those of the loss', () => {
      for (const labels of [
        [0, 0, 1, 1],
        [1, 1, 1, 1],
        [0, 0, 0, 0],
      ]) {
        const head = fitResidualHead([[0], [1], [2], [3]], labels);
        expect(head.parameters.every(Number.isFinite)).toBe(true);
        expect(Number.isFinite(head.loss)).toBe(true);
      }
      const masked = fitResidualHead([[0], [1], [9]], [0, 1, 0.5], { mask: [1, 1, 0] });
      expect(masked.parameters).toEqual(fitResidualHead([[0], [1]], [0, 1]).parameters);
    });

    it('names what is wrong', () => {
      expect(() => fitResidualHead([[1]], [1, 0])).toThrow(/^labels/);
      expect(() => fitResidualHead([[1]], [2])).toThrow(/^labels\[0\]/);
      expect(() => fitResidualHead([[1]], [1], { l2: -1 })).toThrow(/^l2/);
      expect(() => fitResidualHead([[1]], [1], { blocks: 0 })).toThrow(/^blocks/);
      expect(() => fitResidualHead([[1]], [1], { maxIterations: 0.5 })).toThrow(/^maxIterations/);
      expect(() => fitResidualHead([[1]], [1], { mask: [0] })).toThrow(/^mask/);
      expect(() => predictResidualAcceptance(fitResidualHead([[0], [1]], [0, 1]), [1, 2])).toThrow(/^features/);
    });
  });

  it('labels of the data set are min(1, t/d), masked at the mixing ratio, with three uniforms a position', async () => {
    const target: LogitsFn = (prefixes) =>
      prefixes.map((p) => [Math.log(0.7), Math.log(0.2), Math.log(0.1 + p.length * 0)]);
    const draft: LogitsFn = (prefixes) => prefixes.map(() => [Math.log(0.5), Math.log(0.25), Math.log(0.25)]);
    const rng = createRng('dataset');
    let draws = 0;
    const counted = () => {
      draws += 1;
      return rng();
    };
    const { features, labels, mask } = await acceptanceDataset({ target, draft }, [[0], [1]], counted, { length: 500 });
    expect(draws).toBe(3 * 1000);
    expect(features.rows).toBe(1000);
    for (const y of labels) expect([1, 0.8, 0.4].some((v) => Math.abs(v - y) < 1e-12)).toBe(true);
    const kept = mask.reduce((a, b) => a + b, 0) / 1000;
    // Hoeffding at 1e-9: 0.104.
    expect(Math.abs(kept - 0.85)).toBeLessThan(0.105);
    await expect(acceptanceDataset({ target, draft }, [], rng)).rejects.toThrow('prompts');
  });

  it('guides a run: the threshold policy with a head is still lossless in its counts', () => {
    const row = [0.1, 1.2, -0.4];
    const model: LogitsFn = (prefixes) => prefixes.map(() => row);
    const head = fitAcceptanceHead(
      [
        [1, 0, 0, 1, 0],
        [0, 1, -1, 0, 1],
      ],
      [1, 0],
    );
    const length = thresholdLength({ predictor: (i) => predictAcceptance(head, draftStepFeatures(i)), minLength: 1 });
    const decoder = speculativeDecoder({ target: model, draft: model }, { length });
    let state = decoder.init([0]);
    const rng = createRng('guided');
    for (let r = 0; r < 50; r++) state = decoder.round(state, rng);
    expect(state.stats.accepted).toBe(state.stats.drafted); // equal models accept everything
    expect(state.stats.emitted).toBe(state.stats.accepted + state.stats.rounds);
  });

  it('names what is wrong', () => {
    expect(() => acceptanceHeadLoss([0.5], [0.5, 1])).toThrow('predicted');
    expect(() => acceptanceHeadLoss([0.5], [2])).toThrow('labels[0]');
    expect(() => acceptanceHeadLoss([0.5], [1], { mask: [0] })).toThrow('mask');
    expect(() => acceptanceHeadLoss([0.5], [1], { rejectWeight: 0 })).toThrow('rejectWeight');
    expect(() => fitAcceptanceHead([[1], [1, 2]], [1, 0])).toThrow(/^features\[1\]/);
    expect(() => fitAcceptanceHead([[1]], [1, 0])).toThrow('labels');
    expect(() => fitAcceptanceHead([[1]], [1], { l2: -1 })).toThrow('l2');
    const head = fitAcceptanceHead([[0], [1]], [0, 1]);
    expect(() => predictAcceptance(head, [1, 2])).toThrow('features');
  });
});
