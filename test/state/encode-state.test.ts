import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, resumeRng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const number = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53));
const typed = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int8Array(),
  fc.uint8Array(),
);
const name = fc.string().filter((text) => text !== '$' && text !== '__proto__');
const state = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    typed,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(name, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;

test('every state comes back bit for bit, and is written the same again', () => {
  fc.assert(
    fc.property(state, (value) => {
      const text = encodeState(value);
      const back = decodeState(text);
      expect(back).toEqual(value);
      expect(encodeState(back)).toBe(text);
    }),
  );
});

test('the sign of zero and the kinds of arrays survive', () => {
  const back = decodeState<{ a: Float32Array; b: number }>(encodeState({ a: Float32Array.of(-0, NaN), b: -0 }));
  expect(back.a).toBeInstanceOf(Float32Array);
  expect(Object.is(back.a[0], -0) && Object.is(back.b, -0)).toBe(true);
});

test('a generator goes on from its checkpoint', () => {
  const rng = createRng('checkpoint');
  for (let i = 0; i < 10; i++) rng();
  const text = encodeState({ rng: rng.state() });
  const rest = Array.from({ length: 5 }, rng);
  const resumed = resumeRng(decodeState<{ rng: ReturnType<typeof rng.state> }>(text).rng);
  expect(Array.from({ length: 5 }, resumed)).toEqual(rest);
});

test.each<[string, unknown, RegExp]>([
  ['a function', { f: () => 1 }, /^state.f must be plain data, got a function/],
  ['a map', [new Map()], /^state\[0\] must be plain data, got a Map/],
  ['a date', { a: { b: new Date(0) } }, /^state.a.b must be plain data, got a Date/],
  ['a bigint', 1n, /^state must be plain data, got a bigint/],
  ['an array of bigints', { a: BigInt64Array.of(1n) }, /^state.a must be plain data/],
  ['a symbol', Symbol('x'), /got a symbol/],
  ['undefined', undefined, /got a undefined/],
  ['a property $', { $: 1 }, /must not have a property \$/],
])('%s is no state', (_, value, message) => {
  expect(() => encodeState(value)).toThrow(TypeError);
  expect(() => encodeState(value)).toThrow(message);
});

test('an unknown array is refused on the way back', () => {
  expect(() => decodeState('{"$":"DataView","values":[]}')).toThrow('cannot decode a state holding DataView');
  expect(() => decodeState('{')).toThrow(SyntaxError);
});
