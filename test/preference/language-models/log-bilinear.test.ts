import { describe, expect, it } from 'vitest';
import { adam, type OptimizerStep } from '../../../src/optimize/index.js';
import {
  dpoLoss,
  logBilinearModel,
  sequenceTangentKernel,
  type PromptResponse,
} from '../../../src/preference/index.js';
import { createRng, sampleIndex, sampleNormal } from '../../../src/random/index.js';

const [V, d, n] = [7, 5, 3];
const model = logBilinearModel({ vocab: V, dimension: d, context: n });

function randomParameters(name: string): Float64Array {
  const rng = createRng(name);
  return Float64Array.from({ length: model.size }, () => 0.7 * sampleNormal(rng));
}

const EXAMPLES: PromptResponse[] = [
  { prompt: [1, 2, 3, 4], response: [0, 6] },
  { prompt: [], response: [5, 5, 1] },
  { prompt: [2], response: [3] },
];

describe('logBilinearModel', () => {
  it('is the model of Mnih and Hinton, written out', () => {
    const p = randomParameters('plain');
    const embedding = (w: number) => Array.from({ length: d }, (_, j) => p[w * d + j]);
    const position = (i: number) => Array.from({ length: d }, (_, j) => p[V * d + i * d + j]);
    const W = model.unembedding(p);
    const bias = p.subarray(model.size - V);
    const logProb = (history: number[], word: number) => {
      const h = Array.from({ length: d }, (_, j) => {
        let sum = 0;
        for (let i = 1; i <= Math.min(n, history.length); i++) {
          sum += position(i - 1)[j] * embedding(history[history.length - i])[j];
        }
        return sum;
      });
      const scores = Array.from({ length: V }, (_, w) => h.reduce((s, x, j) => s + x * W[w * d + j], bias[w]));
      return scores[word] - Math.log(scores.reduce((s, x) => s + Math.exp(x), 0));
    };
    const expected = EXAMPLES.map(({ prompt, response }) => {
      const text = [...Array.from(prompt), ...Array.from(response)];
      let sum = 0;
      for (let t = prompt.length; t < text.length; t++) sum += logProb(text.slice(0, t), text[t]);
      return sum;
    });
    model.logProbs(p, EXAMPLES).forEach((x, e) => expect(x).toBeCloseTo(expected[e], 12));
  });

  it('gives every word the same probability at the start, and words past the context do not count', () => {
    const p = model.init(createRng(1));
    expect(model.logProbs(p, [EXAMPLES[0]])[0]).toBeCloseTo(-2 * Math.log(V), 12);
    const q = randomParameters('context');
    expect(model.hidden(q, [6, 1, 2, 3])).toEqual(model.hidden(q, [0, 1, 2, 3]));
    expect(model.hidden(q, [])).toEqual(new Float64Array(d));
  });

  it('backward agrees with central differences in every parameter', () => {
    const p = randomParameters('backward');
    const slopes = [0.7, -1.3, 0.4];
    const gradient = new Float64Array(model.size);
    const sums = model.backward(p, EXAMPLES, () => slopes, gradient);
    model.logProbs(p, EXAMPLES).forEach((x, e) => expect(sums[e]).toBeCloseTo(x, 13));
    const loss = (q: Float64Array) => model.logProbs(q, EXAMPLES).reduce((s, x, e) => s + slopes[e] * x, 0);
    gradient.forEach((g, i) => {
      const at = (h: number) => {
        const q = p.slice();
        q[i] += h;
        return loss(q);
      };
      expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - g)).toBeLessThan(1e-8);
    });
  });

  it('nce agrees with central differences in every parameter', () => {
    const p = randomParameters('nce');
    const text = [0, 1, 2, 3, 4, 5, 6, 2, 0];
    const places = [0, 2, 5, 8, 2];
    const noise = { words: [1, 4, 4], logProbs: Array.from({ length: V }, (_, w) => Math.log((w + 1) / 28)) };
    const gradient = new Float64Array(model.size);
    model.nce(p, text, places, noise, gradient);
    gradient.forEach((g, i) => {
      const at = (h: number) => {
        const q = p.slice();
        q[i] += h;
        return model.nce(q, text, places, noise, new Float64Array(model.size));
      };
      expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - g)).toBeLessThan(1e-8);
    });
  });

  it('hiddenRows and unembedding are what sequenceTangentKernel takes: the inner product of output gradients', () => {
    const p = randomParameters('kernel');
    const outputGradient = (example: PromptResponse) => {
      const gradient = new Float64Array(model.size);
      model.backward(p, [example], () => [1], gradient);
      return gradient.subarray(V * d + n * d, model.size - V);
    };
    // The kernel knows of no bias, so it is given as one more dimension whose embedding is 1.
    const W = model.unembedding(p);
    const wide = Array.from({ length: V }, (_, w) => [...W.subarray(w * d, (w + 1) * d), p[model.size - V + w]]);
    const sequence = (example: PromptResponse) => {
      const { data, rows } = model.hiddenRows(p, example);
      const hidden = Array.from({ length: rows }, (_, k) => [...data.subarray(k * d, (k + 1) * d), 1]);
      return { hidden, tokens: example.response };
    };
    const biasPart = (a: PromptResponse, b: PromptResponse) => {
      const of = (example: PromptResponse) => {
        const gradient = new Float64Array(model.size);
        model.backward(p, [example], () => [1], gradient);
        return gradient.subarray(model.size - V);
      };
      const [x, y] = [of(a), of(b)];
      return x.reduce((s, v, i) => s + v * y[i], 0);
    };
    const [a, b] = EXAMPLES;
    const inner = outputGradient(a).reduce((s, x, i) => s + x * outputGradient(b)[i], 0) + biasPart(a, b);
    expect(sequenceTangentKernel(wide, sequence(a), sequence(b)).kernel).toBeCloseTo(inner, 11);
  });

  it('a step against the DPO gradient raises the margin', () => {
    const p = randomParameters('dpo');
    const [chosen, rejected] = [EXAMPLES[0], { ...EXAMPLES[0], response: [4, 4] }];
    const gradient = new Float64Array(model.size);
    const before = model.backward(
      p,
      [chosen, rejected],
      ([w, l]) => {
        const loss = dpoLoss({ policyChosen: [w], policyRejected: [l] });
        return [loss.gradChosen[0], loss.gradRejected[0]];
      },
      gradient,
    );
    const after = model.logProbs(
      p.map((x, i) => x - 0.1 * gradient[i]),
      [chosen, rejected],
    );
    expect(after[0] - after[1]).toBeGreaterThan(before[0] - before[1]);
  });

  it('learns a deterministic text by NCE', () => {
    const cycle = Int32Array.from({ length: 700 }, (_, t) => [0, 1, 2, 3, 4, 5, 6, 6, 3, 1][t % 10]);
    const counts = new Float64Array(V);
    for (const w of cycle) counts[w] += 1;
    const logProbs = counts.map((c) => Math.log(c / 700));
    const rng = createRng('cycle');
    const method = adam({ learningRate: 0.05 });
    const parameters = model.init(rng);
    const run: OptimizerStep = { state: method.init(model.size), parameters };
    const gradient = new Float64Array(model.size);
    for (let step = 0; step < 400; step++) {
      gradient.fill(0);
      const places = Int32Array.from({ length: 32 }, () => sampleIndex(700, rng));
      const words = Int32Array.from({ length: 10 }, () => cycle[sampleIndex(700, rng)]);
      model.nce(parameters, cycle, places, { words, logProbs }, gradient);
      method.update(run.state, gradient, parameters, run);
    }
    const example = { prompt: cycle.subarray(0, 10), response: cycle.subarray(10, 30) };
    expect(model.logProbs(parameters, [example])[0] / 20).toBeGreaterThan(-0.1);
    const text = model.generate(parameters, cycle.subarray(0, 10), 20, createRng(2));
    expect(Array.from(text).filter((w, k) => w === cycle[10 + k]).length).toBeGreaterThan(10);
  });

  it('never draws a forbidden word, and one uniform each', () => {
    let draws = 0;
    const rng = createRng(3);
    const counted = () => {
      draws += 1;
      return rng();
    };
    const text = model.generate(randomParameters('draw'), [1], 50, counted, { forbidden: [0, 2] });
    expect(text.length).toBe(50);
    expect(draws).toBe(50);
    expect(text.some((w) => w === 0 || w === 2)).toBe(false);
  });

  it.each([
    [() => logBilinearModel({ vocab: 0, dimension: 1, context: 1 }), 'vocab'],
    [() => logBilinearModel({ vocab: 1, dimension: 0, context: 1 }), 'dimension'],
    [() => logBilinearModel({ vocab: 1, dimension: 1, context: 1.5 }), 'context'],
    [() => model.logProbs(randomParameters('x'), [{ prompt: [1], response: [] }]), 'examples[0].response'],
    [
      () => model.logProbs(randomParameters('x'), [{ prompt: [1], response: [7] }]),
      'token must be an integer in [0, 6]',
    ],
    [() => model.hidden(randomParameters('x'), [-1]), 'token must be'],
    [() => model.backward(randomParameters('x'), EXAMPLES, () => [1], new Float64Array(model.size)), 'upstream'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });
});
