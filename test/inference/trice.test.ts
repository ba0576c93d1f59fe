import { describe, expect, it } from 'vitest';
import { trice, triceGradient, type TriceState } from '../../src/inference/index.js';
import { createRng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const softmax = (logits: number[]) => {
  const weights = logits.map((x) => Math.exp(x));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};

/** ∇_θ log p(z) of a softmax with logits θ shared by every question. */
const score = (p: number[], z: number) => p.map((q, i) => (i === z ? 1 : 0) - q);

describe('triceGradient', () => {
  const logits = [0.3, -0.5, 1.1, 0.2];
  const p = softmax(logits);
  const correct = [
    [1, 0, 0, 1],
    [0, 1, 1, 0],
  ];

  /** Mean and total variance of an estimate over every memory drawn from the posterior and every proposal. */
  function enumerate(estimate: (batch: Parameters<typeof triceGradient>[0]) => Float64Array, questions = correct) {
    const mean = [0, 0, 0, 0];
    let second = 0;
    const M = questions.length;
    const posterior = questions.map((c) => {
      const mass = c.reduce((sum, right, z) => sum + right * p[z], 0);
      return c.map((right, z) => (right * p[z]) / mass);
    });
    for (let code = 0; code < 16 ** M; code++) {
      const old = questions.map((_, m) => (code >> (4 * m)) & 3);
      const proposals = questions.map((_, m) => (code >> (4 * m + 2)) & 3);
      const weight = old.reduce((w, z, m) => w * posterior[m][z] * p[proposals[m]], 1);
      if (weight === 0) continue;
      const memory = old.map((z, m) => (questions[m][proposals[m]] === 1 ? proposals[m] : z));
      const gradient = estimate({
        gradMemory: memory.map((z) => score(p, z)),
        gradProposal: proposals.map((z) => score(p, z)),
        memoryCorrect: memory.map((z, m) => questions[m][z]),
        proposalCorrect: proposals.map((z, m) => questions[m][z]),
      });
      gradient.forEach((g, d) => {
        mean[d] += weight * g;
        second += weight * g * g;
      });
    }
    return { mean, variance: second - mean.reduce((sum, g) => sum + g * g, 0) };
  }

  it('both estimates have the gradient of the marginal likelihood as their mean, by enumeration', () => {
    // ∇ ln Σ_z c_z p_z = posterior - p, averaged over the questions.
    const exact = [0, 0, 0, 0];
    for (const c of correct) {
      const mass = c.reduce((sum, right, z) => sum + right * p[z], 0);
      c.forEach((right, z) => (exact[z] += ((right * p[z]) / mass - p[z]) / 2));
    }
    for (const key of ['basic', 'controlVariate'] as const) {
      const { mean } = enumerate((batch) => triceGradient(batch)[key]);
      mean.forEach((g, d) => expect(g).toBeCloseTo(exact[d], 12));
    }
  });

  it('the control variate lowers the variance where proposals are mostly right', () => {
    const easy = [
      [1, 0, 1, 1],
      [1, 1, 1, 0],
      [0, 1, 1, 1],
    ];
    const basic = enumerate((batch) => triceGradient(batch).basic, easy).variance;
    const controlled = enumerate((batch) => triceGradient(batch).controlVariate, easy).variance;
    expect(controlled).toBeLessThan(0.8 * basic);
  });

  it('with two questions and proposals right in less than half the cases it raises the variance: β is 0 or 1 then', () => {
    const basic = enumerate((batch) => triceGradient(batch).basic).variance;
    const controlled = enumerate((batch) => triceGradient(batch).controlVariate).variance;
    expect(controlled).toBeGreaterThan(basic);
  });

  it('is exactly zero when every proposal is right, since then memory = proposal and β = 1', () => {
    const grads = [
      [0.4, -0.4],
      [1, 2],
      [-3, 0.5],
    ];
    const { controlVariate, beta } = triceGradient({
      gradMemory: grads,
      gradProposal: grads,
      memoryCorrect: [1, 1, 1],
      proposalCorrect: [1, 1, 1],
    });
    expect(Array.from(beta)).toEqual([1, 1, 1]);
    expect(Array.from(controlVariate)).toEqual([0, 0]);
  });

  it('without a right memory there is no gradient', () => {
    const { basic, controlVariate } = triceGradient({
      gradMemory: [[1]],
      gradProposal: [[2]],
      memoryCorrect: [0],
      proposalCorrect: [0],
    });
    expect([...basic, ...controlVariate]).toEqual([0, 0]);
  });

  it('names the argument it refuses', () => {
    expect(() => triceGradient({ gradMemory: [], gradProposal: [], memoryCorrect: [], proposalCorrect: [] })).toThrow(
      /^gradMemory must/,
    );
    expect(() =>
      triceGradient({ gradMemory: [[1]], gradProposal: [[1, 2]], memoryCorrect: [1], proposalCorrect: [1] }),
    ).toThrow(/^gradProposal\[0\] must/);
    expect(() =>
      triceGradient({ gradMemory: [[1]], gradProposal: [[1]], memoryCorrect: [], proposalCorrect: [1] }),
    ).toThrow(/^memoryCorrect must/);
  });
});

describe('trice', () => {
  const correct = Array.from({ length: 12 }, (_, m) =>
    Array.from({ length: 8 }, (_z, z) => (z * 5 + m * 3) % 7 === 0 || z === m % 8),
  );

  const train = (steps: number, estimator: 'basic' | 'control-variate', seed: number) => {
    const model = trice({ correct, learningRate: 2, estimator });
    const rng = createRng(seed, estimator);
    const curve: number[] = [];
    let state = model.init(rng);
    for (let t = 0; t < steps; t++) {
      curve.push(model.logLikelihood(state));
      state = model.update(state, rng, state);
    }
    return { model, state, curve };
  };

  it.each(['basic', 'control-variate'] as const)('%s drives the marginal likelihood up, to nearly 1', (estimator) => {
    const { model, state, curve } = train(600, estimator, 1);
    expect(curve[0]).toBeLessThan(Math.log(0.5));
    expect(model.logLikelihood(state)).toBeGreaterThan(Math.log(0.97));
  });

  it('a chain that is right stays right', () => {
    const model = trice({ correct });
    const rng = createRng('stays');
    let state = model.init(rng);
    for (let t = 0; t < 100; t++) {
      const before = state;
      state = model.update(state, rng);
      before.memoryCorrect.forEach((c, m) => expect(state.memoryCorrect[m]).toBeGreaterThanOrEqual(c));
    }
  });

  it('fresh, spare and in-place updates agree, and a checkpoint goes on', () => {
    const model = trice({ correct });
    const draw = () => createRng('forms');
    const start = model.init(draw());
    const fresh = model.update(start, draw());
    const spare = model.init(createRng('other'));
    expect(model.update(start, draw(), spare)).toBe(spare);
    expect(spare).toEqual(fresh);
    const decoded = decodeState<TriceState>(encodeState(start));
    expect(model.update(decoded, draw(), decoded)).toEqual(fresh);
  });

  it('follows the estimate of triceGradient', () => {
    const table = [
      [true, false, false],
      [false, true, true],
    ];
    const model = trice({ correct: table, learningRate: 1 });
    const start = model.init(createRng('follow'));
    const next = model.update(start, createRng('step'));
    // The proposals are recovered from the same stream: uniform logits, one uniform a question.
    const rng = createRng('step');
    const proposals = [0, 1].map(() => Math.min(2, Math.floor(3 * rng())));
    const p = [1 / 3, 1 / 3, 1 / 3];
    const row = (m: number, z: number) => [0, 1].flatMap((j) => (j === m ? score(p, z) : [0, 0, 0]));
    const { controlVariate } = triceGradient({
      gradMemory: [0, 1].map((m) => row(m, next.memory[m])),
      gradProposal: [0, 1].map((m) => row(m, proposals[m])),
      memoryCorrect: next.memoryCorrect,
      proposalCorrect: [0, 1].map((m) => (table[m][proposals[m]] ? 1 : 0)),
    });
    controlVariate.forEach((g, d) => expect(next.logits[d]).toBeCloseTo(g, 12));
  });

  it('names the argument it refuses', () => {
    expect(() => trice({ correct: [] })).toThrow(/^correct\.length must/);
    expect(() => trice({ correct: [[true], [true, false]] })).toThrow(/^correct\[1\] must have length 1/);
    expect(() => trice({ correct: [[false, false]] })).toThrow(/^correct\[0\] must hold/);
    expect(() => trice({ correct: [[true]], learningRate: 0 })).toThrow(/^learningRate must/);
    expect(() => trice({ correct: [[true]], estimator: 'best' as never })).toThrow(/^estimator must/);
  });
});
