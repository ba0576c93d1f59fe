// Networks forwards and backwards, their posterior, and the limit of infinite width.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Activation,
  kernelValue,
  mlp,
  mlpBackward,
  mlpFeatures,
  mlpForward,
  mlpInit,
  mlpJacobian,
  mlpLogPosterior,
  mlpMap,
  nngpErf,
  nngpRelu,
} from '../../../src/bo/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { erf, normalCdf } from '../../../src/special/index.js';

const ACTIVATIONS: Activation[] = ['tanh', 'relu', 'gelu', 'erf'];
const shapes = fc.record({
  inputs: fc.integer({ min: 1, max: 4 }),
  hidden: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  activation: fc.constantFrom(...ACTIVATIONS),
  n: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

function drawn({
  inputs,
  hidden,
  outputs,
  activation,
  n,
  seed,
}: {
  inputs: number;
  hidden: number[];
  outputs: number;
  activation: Activation;
  n: number;
  seed: number;
}) {
  const net = mlp({ inputs, hidden, outputs, activation });
  const rng = createRng('mlp', seed);
  const theta = mlpInit(net, rng, { priorVariance: 0.7 });
  const X = Array.from({ length: n }, () => Array.from({ length: inputs }, () => sampleNormal(rng)));
  return { net, theta, X, rng };
}

/** The definition, one number at a time. */
function slowForward(widths: readonly number[], activation: Activation, theta: Float64Array, x: number[]): number[] {
  const phi = { tanh: Math.tanh, relu: (z: number) => Math.max(0, z), gelu: (z: number) => z * normalCdf(z), erf }[
    activation
  ];
  let a = x;
  let at = 0;
  for (let l = 1; l < widths.length; l++) {
    const z = Array.from({ length: widths[l] }, (_, o) =>
      a.reduce((total, v, k) => total + theta[at + o * a.length + k] * v, theta[at + widths[l] * a.length + o]),
    );
    at += widths[l] * (a.length + 1);
    a = l < widths.length - 1 ? z.map(phi) : z;
  }
  return a;
}

test('a network is what its definition says', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { net, theta, X } = drawn(shape);
      const f = mlpForward(net, theta, X);
      X.forEach((x, i) => {
        slowForward(net.widths, net.activation, theta, x).forEach((v, o) => {
          expect(f[i * shape.outputs + o]).toBeCloseTo(v, 10);
        });
      });
    }),
  );
});

test('gradients in parameters and inputs agree with central differences', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { net, theta, X, rng } = drawn(shape);
      const weights = Float64Array.from({ length: shape.n * shape.outputs }, () => sampleNormal(rng));
      const loss = (parameters: Float64Array, points: number[][]) =>
        mlpForward(net, parameters, points).reduce((total, f, i) => total + weights[i] * f, 0);
      const { parameters, inputs } = mlpBackward(net, theta, X, weights);
      const h = 1e-5;
      const agree = (up: number, middle: number, down: number, gradient: number) => {
        const kink = Math.abs(up - 2 * middle + down) / h; // relu: the two sides differ
        expect(Math.abs((up - down) / (2 * h) - gradient)).toBeLessThan(1e-6 * Math.max(1, Math.abs(gradient)) + kink);
      };
      const middle = loss(theta, X);
      for (let p = 0; p < theta.length; p += 1 + Math.floor(theta.length / 12)) {
        const at = (by: number) =>
          loss(
            theta.map((v, q) => (q === p ? v + by : v)),
            X,
          );
        agree(at(h), middle, at(-h), parameters[p]);
      }
      X.forEach((row, i) =>
        row.forEach((_, k) => {
          const at = (by: number) =>
            loss(
              theta,
              X.map((r, j) => (j === i ? r.map((v, q) => (q === k ? v + by : v)) : r)),
            );
          agree(at(h), middle, at(-h), inputs[i * shape.inputs + k]);
        }),
      );
    }),
    { numRuns: 60 },
  );
});

test('the last layer is linear in its features', () => {
  const { net, theta, X } = drawn({ inputs: 3, hidden: [5, 4], outputs: 1, activation: 'gelu', n: 3, seed: 1 });
  const features = mlpFeatures(net, theta, X);
  const head = theta.subarray(theta.length - 5);
  mlpForward(net, theta, X).forEach((f, i) => {
    let value = head[4];
    for (let k = 0; k < 4; k++) value += head[k] * features[4 * i + k];
    expect(f).toBeCloseTo(value, 12);
  });
});

test('the Jacobian holds the gradient of every output', () => {
  const { net, theta, X } = drawn({ inputs: 2, hidden: [3], outputs: 1, activation: 'tanh', n: 4, seed: 2 });
  const J = mlpJacobian(net, theta, X);
  X.forEach((x, i) => {
    const { parameters } = mlpBackward(net, theta, [x], [1]);
    expect([...J.subarray(i * net.parameterCount, (i + 1) * net.parameterCount)]).toEqual([...parameters]);
  });
});

test('the default start is uniform within one over the root of the fan in', () => {
  const net = mlp({ inputs: 4, hidden: [9], outputs: 1 });
  const theta = mlpInit(net, createRng('init'));
  const first = theta.subarray(0, 9 * 5);
  expect(Math.max(...first.map(Math.abs))).toBeLessThanOrEqual(0.5);
  expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(0.4); // all 45 below 0.4 has probability 0.8^45 = 4e-5
  expect(Math.max(...theta.subarray(45).map(Math.abs))).toBeLessThanOrEqual(1 / 3);
});

describe('the posterior', () => {
  const net = mlp({ inputs: 2, hidden: [4] });
  const X = [
    [0, 1],
    [1, 0],
    [0.5, 0.5],
  ];
  const y = [1, -1, 0.3];

  test('has the density and the gradient that its formula says', () => {
    const theta = mlpInit(net, createRng('posterior'));
    const density = mlpLogPosterior(net, X, y, { priorVariance: 2, noiseVariance: 0.3 });
    const gradient = new Float64Array(theta.length);
    const value = density(theta, gradient);
    const f = mlpForward(net, theta, X);
    let expected = 0;
    theta.forEach((v) => (expected += -(v * v) / 4 - 0.5 * Math.log(2 * Math.PI * 2)));
    y.forEach((t, i) => (expected += -((t - f[i]) ** 2) / 0.6 - 0.5 * Math.log(2 * Math.PI * 0.3)));
    expect(value).toBeCloseTo(expected, 10);
    const scratch = new Float64Array(theta.length);
    for (let p = 0; p < theta.length; p++) {
      const at = (by: number) =>
        density(
          theta.map((v, q) => (q === p ? v + by : v)),
          scratch,
        );
      expect(gradient[p]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5);
    }
  });

  test('of a linear model peaks at ridge regression', () => {
    const linear = mlp({ inputs: 1, hidden: [] });
    const theta = mlpMap(linear, [[-1], [0], [1]], [-2, 0.5, 3], [0, 0], {
      priorVariance: 4,
      noiseVariance: 0.5,
      steps: 4000,
    });
    // normal equations with ridge s/v = 1/8: (2 + 1/8) w = 5, (3 + 1/8) b = 1.5
    expect(theta[0]).toBeCloseTo(5 / 2.125, 4);
    expect(theta[1]).toBeCloseTo(1.5 / 3.125, 4);
  });

  test('rises under training from any start', () => {
    const gradient = new Float64Array(net.parameterCount);
    const density = mlpLogPosterior(net, X, y);
    for (let s = 0; s < 5; s++) {
      const start = mlpInit(net, createRng('start', s));
      const end = mlpMap(net, X, y, start, { steps: 300 });
      expect(density(end, gradient)).toBeGreaterThan(density(start.slice(), gradient));
    }
  });
});

describe('infinite width', () => {
  // The kernel of the last layer, b + (w / width) Σ φ_k(x) φ_k(z), averaged over draws of the weights below it: 5 standard
  // errors plus 2/width for the bias of a finite width. A draw has variance of order kernel² / width.
  const [x, z] = [
    [0.2, -0.4, 0.9],
    [0.5, 0.1, -0.3],
  ];
  const [w, b] = [1.6, 0.4];
  it.each([
    ['relu', 64, 600],
    ['relu', 256, 150],
    ['erf', 64, 600],
  ] as const)('the second moment of a %s network of width %i is that of its kernel', (activation, width, draws) => {
    for (const depth of [1, 2]) {
      const make = activation === 'relu' ? nngpRelu : nngpErf;
      const kernel = make({ weightVariance: w, biasVariance: b, depth });
      const net = mlp({ inputs: 3, hidden: new Array<number>(depth).fill(width), activation });
      const rng = createRng('width', activation, width, depth);
      const pairs = [
        [x, x],
        [x, z],
      ];
      const sums = [0, 0];
      const squares = [0, 0];
      for (let s = 0; s < draws; s++) {
        // Weights of variance w / fan in, biases of variance b.
        const theta = new Float64Array(net.parameterCount);
        let at = 0;
        for (let l = 1; l < net.widths.length; l++) {
          const fanIn = net.widths[l - 1];
          for (let p = 0; p < net.widths[l] * fanIn; p++) theta[at++] = Math.sqrt(w / fanIn) * sampleNormal(rng);
          for (let o = 0; o < net.widths[l]; o++) theta[at++] = Math.sqrt(b) * sampleNormal(rng);
        }
        pairs.forEach(([p, q], i) => {
          const features = mlpFeatures(net, theta, [p, q]);
          let inner = 0;
          for (let k = 0; k < width; k++) inner += features[k] * features[width + k];
          const value = b + (w / width) * inner;
          sums[i] += value;
          squares[i] += value * value;
        });
      }
      pairs.forEach(([p, q], i) => {
        const mean = sums[i] / draws;
        const error = Math.sqrt((squares[i] / draws - mean * mean) / draws);
        const truth = kernelValue(kernel, p, q);
        expect(Math.abs(mean - truth)).toBeLessThan(5 * error + (2 / width) * truth);
        expect(error / truth).toBeLessThan(0.03); // so that the check can fail
      });
    }
  });
});

const net = mlp({ inputs: 2, hidden: [2] });
it.each<[RegExp, () => unknown]>([
  [/^inputs must/, () => mlp({ inputs: 0 })],
  [/^hidden\[1\] must/, () => mlp({ inputs: 1, hidden: [2, 0] })],
  [/^outputs must/, () => mlp({ inputs: 1, outputs: 1.5 })],
  [/^activation must/, () => mlp({ inputs: 1, activation: 'sin' as never })],
  [/^parameters must have length 9/, () => mlpForward(net, [1], [[0, 0]])],
  [/^X must have 2 columns/, () => mlpForward(net, new Float64Array(9), [[0]])],
  [/^X\[0\]\[1\] must be finite/, () => mlpForward(net, new Float64Array(9), [[0, NaN]])],
  [/^outputGradient must have length 1/, () => mlpBackward(net, new Float64Array(9), [[0, 0]], [1, 1])],
  [/^priorVariance must be positive/, () => mlpInit(net, createRng(1), { priorVariance: 0 })],
  [/^noiseVariance must be positive/, () => mlpLogPosterior(net, [[0, 0]], [0], { noiseVariance: -1 })],
  [/^y must have length 1/, () => mlpLogPosterior(net, [[0, 0]], [0, 1])],
  [/^X must have 2 columns/, () => mlpLogPosterior(net, [[0]], [0])],
  [/^X must hold at least one point/, () => mlpLogPosterior(net, [], [])],
  [/^net must have one output/, () => mlpLogPosterior(mlp({ inputs: 1, outputs: 2 }), [[0]], [0])],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
