import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adam,
  adamW,
  cosineSchedule,
  rmsProp,
  sgd,
  type Optimizer,
  type OptimizerStep,
} from '../../src/optimize/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const methods: [string, () => Optimizer][] = [
  ['sgd', () => sgd({ learningRate: 0.1 })],
  ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9 })],
  ['rmsProp', () => rmsProp({ learningRate: 0.1 })],
  ['adam', () => adam({ learningRate: 0.1 })],
  ['adamW', () => adamW({ learningRate: 0.1, weightDecay: 0.2 })],
];

const gradients = fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 8,
});

describe.each(methods)('%s', (_name, make) => {
  it('gives equal steps fresh, into a spare and in place, leaves its input alone, and resumes from a checkpoint', () => {
    fc.assert(
      fc.property(gradients, (list) => {
        const method = make();
        const start = () => ({ state: method.init(3), parameters: Float64Array.of(1, -2, 0.5) });
        let fresh: OptimizerStep = start();
        let inPlace: OptimizerStep = start();
        let current: OptimizerStep = start();
        let spare: OptimizerStep = start();
        let resumed: OptimizerStep = start();
        for (const g of list) {
          const before = structuredClone(fresh);
          const next = method.update(fresh.state, g, fresh.parameters);
          expect(fresh).toEqual(before);
          fresh = next;
          expect(method.update(inPlace.state, g, inPlace.parameters, inPlace)).toBe(inPlace);
          [current, spare] = [method.update(current.state, g, current.parameters, spare), current];
          resumed = decodeState(encodeState(resumed));
          resumed = method.update(resumed.state, g, resumed.parameters);
        }
        expect(inPlace).toEqual(fresh);
        expect(current).toEqual(fresh);
        expect(resumed).toEqual(fresh);
      }),
      { numRuns: 30 },
    );
  });

  it('reaches the minimum of a convex quadratic', () => {
    const method = make();
    const step = { state: method.init(2), parameters: Float64Array.of(3, -4) };
    for (let t = 0; t < 2000; t++) {
      const [x, y] = step.parameters;
      // A small ridge towards the origin, so that weight decay agrees on the optimum.
      method.update(step.state, [2 * x, 0.4 * y], step.parameters, step);
    }
    expect(Math.abs(step.parameters[0])).toBeLessThan(0.06);
    expect(Math.abs(step.parameters[1])).toBeLessThan(0.06);
  });
});

it('adam is Algorithm 1 of Kingma and Ba, transcribed', () => {
  const [alpha, b1, b2, eps] = [0.01, 0.8, 0.95, 1e-6];
  const method = adam({ learningRate: alpha, beta1: b1, beta2: b2, epsilon: eps });
  let step: OptimizerStep = { state: method.init(1), parameters: Float64Array.of(0.7) };
  let [m, v, theta] = [0, 0, 0.7];
  for (let t = 1; t <= 50; t++) {
    const g = Math.sin(3 * t) + theta;
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g * g;
    theta -= (alpha * (m / (1 - b1 ** t))) / (Math.sqrt(v / (1 - b2 ** t)) + eps);
    step = method.update(step.state, [Math.sin(3 * t) + step.parameters[0]], step.parameters);
    expect(step.parameters[0]).toBeCloseTo(theta, 12);
  }
});

it('adamW decays the parameter apart from the gradient', () => {
  const method = adamW({ learningRate: 0.5, weightDecay: 0.1 });
  expect(method.update(method.init(1), [0], Float64Array.of(2)).parameters[0]).toBe(1.9);
});

it('the first step of adam has the size of the learning rate, whatever the gradient', () => {
  const method = adam({ learningRate: 0.125, epsilon: 0 });
  const { parameters } = method.update(method.init(3), [1e-30, -1e30, 0], new Float64Array(3));
  expect(parameters[0]).toBeCloseTo(-0.125, 12);
  expect(parameters[1]).toBeCloseTo(0.125, 12);
  expect(parameters[2]).toBe(0);
});

it('a schedule is asked with the number of updates before the step', () => {
  const seen: number[] = [];
  const method = sgd({ learningRate: (t) => (seen.push(t), 1 / (t + 1)) });
  let step: OptimizerStep = { state: method.init(1), parameters: Float64Array.of(0) };
  for (let k = 0; k < 3; k++) step = method.update(step.state, [-6], step.parameters);
  expect(seen).toEqual([0, 1, 2]);
  expect(step.parameters[0]).toBe(11);
  const schedule = cosineSchedule({ learningRate: 1, steps: 4, final: 0.5 });
  expect([0, 2, 4, 9].map(schedule)).toEqual([1, 0.75, 0.5, 0.5]);
});

it.each([
  [() => sgd({ learningRate: 0 }), 'learningRate must be positive'],
  [() => sgd({ learningRate: 1, momentum: 1 }), 'momentum must be below 1'],
  [() => adam({ beta2: 1 }), 'beta2 must be below 1'],
  [() => adam({ epsilon: -1 }), 'epsilon'],
  [() => adamW({ weightDecay: NaN }), 'weightDecay'],
  [() => rmsProp({ decay: 2 }), 'decay must be below 1'],
  [() => adam().update(adam().init(2), [1], new Float64Array(2)), 'gradient must have length 2'],
  [() => adam().update(adam().init(1), [1, 1], new Float64Array(2)), 'state must be of 2'],
])('bad argument %#: %s', (call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
