import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { spaceAcquisition } from '../../../src/bo/space/space-acquisition.js';
import { createRng } from '../../../src/random/index.js';

const space = bo.searchSpace({
  method: bo.categorical(['sgd', 'adam', 'none']),
  rate: bo.real(1e-4, 10, { scale: 'log', when: { method: ['sgd', 'adam'] } }),
  momentum: bo.real(0.01, 0.99, { scale: 'logit', when: { method: ['sgd'] } }),
  depth: bo.integer(1, 12),
  width: bo.integer(1, 512, { scale: 'log' }),
  step: bo.real(0, 1, { q: 0.25 }),
  kind: bo.categorical(['a', 'b'], { encoding: 'onehot' }),
  size: bo.categorical([1, 2, 4], { encoding: 'ordinal', when: { kind: ['b'] } }),
});

const configs = fc.integer().map((seed) => space.sample(createRng(seed)));

it('decodes what it encodes: discrete values exactly, real ones to rounding', () => {
  fc.assert(
    fc.property(configs, (config) => {
      expect(space.contains(config)).toBe(true);
      const back = space.decode(space.encode(config));
      expect(Object.keys(back)).toEqual(Object.keys(config));
      for (const [name, value] of Object.entries(config)) {
        if (name === 'rate' || name === 'momentum') {
          expect(Math.abs((back[name] as number) / (value as number) - 1)).toBeLessThan(1e-13);
        } else expect(back[name]).toBe(value);
      }
    }),
  );
});

it('has codes in the unit cube, whose canonical form is its own', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }), (u) => {
      expect(space.dimension).toBe(9);
      const x = space.canonical(u);
      expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(space.canonical(x)).toEqual(x);
      expect(space.decode(x)).toEqual(space.decode(u));
      expect(space.contains(space.decode(u))).toBe(true);
    }),
  );
});

it('includes the ends of every range', () => {
  const line = bo.searchSpace({ x: bo.real(-1, 2), y: bo.real(1e-3, 1, { scale: 'log' }), n: bo.integer(3, 5) });
  for (const config of [
    { x: -1, y: 1e-3, n: 3 },
    { x: 2, y: 1, n: 5 },
  ]) {
    expect(line.decode(line.encode(config))).toEqual(config);
  }
});

it('gives every integer its due share of the cube', () => {
  const line = bo.searchSpace({ n: bo.integer(0, 3) });
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 400; i++) counts[line.decode([(i + 0.5) / 400]).n as number] += 1;
  expect(counts).toEqual([100, 100, 100, 100]);
});

it('leaves inactive parameters out, at their default in the code', () => {
  const none = space.decode(space.encode({ method: 'none', depth: 1, width: 1, step: 0, kind: 'a' }));
  expect(none).toEqual({ method: 'none', depth: 1, width: 1, step: 0, kind: 'a' });
  expect(space.activity(space.encode(none))).toEqual([false, false, false]);
  const column = space.columns.rate.at;
  const u = space.encode(none);
  u[column] = 0.123;
  expect(space.canonical(u)[column]).toBe(0.5);
});

it('follows conditions through several parents', () => {
  const chain = bo.searchSpace({
    c: bo.categorical(['x', 'y'], { when: { b: [true] } }),
    b: bo.categorical([true, false], { when: { a: ['on'] } }),
    a: bo.categorical(['on', 'off']),
  });
  expect(chain.cardinality()).toBe(4);
  expect(chain.configs().map((config) => chain.contains(config))).toEqual([true, true, true, true]);
  expect(chain.contains({ a: 'off', c: 'x' })).toBe(false);
});

it('counts and lists the configs of a finite space', () => {
  const finite = bo.searchSpace({
    kernel: bo.categorical(['linear', 'poly', 'rbf']),
    degree: bo.integer(2, 5, { when: { kernel: ['poly'] } }),
    bias: bo.real(0, 1, { q: 0.5 }),
  });
  const all = finite.configs();
  expect(finite.cardinality()).toBe((1 + 4 + 1) * 3);
  expect(all.length).toBe(18);
  expect(new Set(all.map((config) => JSON.stringify(config))).size).toBe(18);
  expect(all.every((config) => finite.contains(config))).toBe(true);
  expect(space.cardinality()).toBe(Infinity);
  expect(() => space.configs()).toThrow(/limit/);
});

describe('features', () => {
  it('are constant between the values of a discrete parameter, and know what is active', () => {
    const config = { method: 'none', depth: 4, width: 8, step: 0.5, kind: 'b', size: 2 };
    const x = space.encode(config);
    const y = x.slice();
    y[space.columns.depth.at] += 0.03;
    expect(bo.spaceFeatures(space, y)).toEqual(bo.spaceFeatures(space, x));
    expect([...bo.spaceFeatures(space, x).slice(space.dimension)]).toEqual([0, 0, 1]);
  });

  it('have a kernel that is positive definite on distinct configs', () => {
    const rng = createRng(8);
    const X = Array.from({ length: 25 }, () => [...bo.spaceFeatures(space, space.encode(space.sample(rng)))]);
    const gp = bo.gpCondition(
      bo.spaceKernel(space),
      X,
      X.map((_, i) => Math.sin(i)),
      { noise: 1e-8 },
    );
    expect(gp.jitter).toBe(0);
  });

  it('have acquisitions whose gradient in codes is right for active real parameters and 0 for the rest', () => {
    const rng = createRng(9);
    const X = Array.from({ length: 12 }, () => [...bo.spaceFeatures(space, space.encode(space.sample(rng)))]);
    const gp = bo.gpCondition(
      bo.spaceKernel(space),
      X,
      X.map((_, i) => Math.sin(3 * i)),
      { noise: 1e-4 },
    );
    const acquisition = spaceAcquisition(
      space,
      bo.momentAcquisition(bo.gpPosterior(gp), bo.logExpectedImprovementRule({ best: 0.9 })),
    );
    fc.assert(
      fc.property(configs, (config) => {
        const x = space.encode(config);
        const gradient = new Float64Array(space.dimension);
        acquisition.value(x, gradient);
        for (const name of space.names) {
          const { at, width } = space.columns[name];
          const moves = (name === 'rate' || name === 'momentum') && name in config;
          for (let k = at; k < at + width; k++) {
            if (!moves) {
              expect(gradient[k]).toBe(0);
              continue;
            }
            const h = 1e-6;
            const middle = Math.min(1 - h, Math.max(h, x[k]));
            const at2 = x.slice();
            at2[k] = middle;
            acquisition.value(at2, gradient);
            const plus = at2.slice();
            const minus = at2.slice();
            plus[k] += h;
            minus[k] -= h;
            const numeric = (acquisition.value(plus) - acquisition.value(minus)) / (2 * h);
            expect(Math.abs(gradient[k] - numeric)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(numeric)));
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('bad arguments', () => {
  const base = { method: 'none', depth: 1, width: 1, step: 0, kind: 'a' };
  it.each([
    ['low above high', () => bo.real(1, 0), RangeError, /high/],
    ['an empty interval', () => bo.real(1, 1), RangeError, /high/],
    ['an infinite end', () => bo.real(0, Infinity), RangeError, /high/],
    ['a log scale from 0', () => bo.real(0, 1, { scale: 'log' }), RangeError, /low/],
    ['a logit scale to 1', () => bo.real(0.1, 1, { scale: 'logit' }), RangeError, /high/],
    ['a step of 0', () => bo.real(0, 1, { q: 0 }), RangeError, /q/],
    ['a default outside', () => bo.real(0, 1, { default: 2 }), RangeError, /default/],
    ['an unknown scale', () => bo.real(0, 1, { scale: 'cubic' as never }), RangeError, /scale/],
    ['a fraction as an integer end', () => bo.integer(0.5, 2), RangeError, /low/],
    ['a log scale of integers from 0', () => bo.integer(0, 2, { scale: 'log' }), RangeError, /low/],
    ['no choices', () => bo.categorical([]), RangeError, /choices/],
    ['repeated choices', () => bo.categorical(['a', 'a']), RangeError, /choices/],
    ['choices that are no list', () => bo.categorical('ab' as never), TypeError, /choices/],
    ['no parameters', () => bo.searchSpace({}), RangeError, /parameters/],
    ['an unknown parent', () => bo.searchSpace({ a: bo.real(0, 1, { when: { b: [1] } }) }), RangeError, /b/],
    [
      'an unknown value of a parent',
      () => bo.searchSpace({ a: bo.real(0, 1, { when: { b: ['z'] } }), b: bo.categorical(['x']) }),
      RangeError,
      /z/,
    ],
    [
      'a circle of conditions',
      () =>
        bo.searchSpace({
          a: bo.categorical([1], { when: { b: [1] } }),
          b: bo.categorical([1], { when: { a: [1] } }),
        }),
      RangeError,
      /when/,
    ],
    ['a missing value', () => space.encode({ ...base, depth: undefined as never }), RangeError, /depth/],
    ['an unknown name', () => space.encode({ ...base, colour: 1 }), RangeError, /colour/],
    ['an inactive value', () => space.encode({ ...base, rate: 1 }), RangeError, /rate/],
    ['a value outside', () => space.encode({ ...base, depth: 13 }), RangeError, /depth/],
    ['a value off the grid', () => space.encode({ ...base, step: 0.3 }), RangeError, /step/],
    ['no config', () => space.encode(null as never), TypeError, /config/],
    ['a code of the wrong length', () => space.decode([0.5]), RangeError, /x/],
  ])('%s', (_name, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
