// With `out` of the same size no loss asks for memory that grows with the batch, counted at the constructors.
import { expect, it } from 'vitest';
import {
  apoZeroUnpairedLoss,
  bcoInit,
  bcoLoss,
  ktoLoss,
  pairLosses,
  preferenceLoss,
  sequenceLogProbs,
  sequenceLogProbsBackward,
  tdpoLoss,
  aotLoss,
  type PairLossKind,
} from '../../../src/preference/index.js';
import { arraysOf } from '../../support/arrays-of.js';
import { LOSSES } from './losses-under-test.js';

const B = 64;
const numbers = (factor: number) => Float64Array.from({ length: B }, (_, i) => -0.1 - ((i * factor) % 101) / 3);
const lengths = Int32Array.from({ length: B }, (_, i) => 1 + (i % 9));
const batch = {
  policyChosen: numbers(7),
  policyRejected: numbers(8),
  refChosen: numbers(9),
  refRejected: numbers(10),
  chosenLengths: lengths,
  rejectedLengths: lengths.slice().reverse(),
};
const drifting = { ...batch, chosenPositionKL: lengths, rejectedPositionKL: batch.rejectedLengths };
const single = {
  policy: batch.policyChosen,
  ref: batch.refChosen,
  desirable: Array.from(lengths, (n) => n % 2 === 0),
  klPolicy: numbers(11),
  klRef: numbers(12),
};
const inputs = { logits: numbers(13), labels: [0, 1, 2, 3, 0, 1, 2, 3], shape: [2, 4, 8] as const };
const state = bcoInit();

type Writes = (out?: never) => object;
const cases: [string, Writes][] = [
  ...LOSSES.map(({ title, loss, options }): [string, Writes] => [title, (out) => loss(batch, options, out)]),
  ['weighed', (out) => preferenceLoss('dpo', { ...batch, weights: lengths }, {}, out)],
  ['aot', (out) => aotLoss(batch, {}, out)],
  ['aot, unpaired', (out) => aotLoss(batch, { variant: 'unpaired', labelSmoothing: 0.1 }, out)],
  ['tdpo 1', (out) => tdpoLoss(drifting, { variant: 1 }, out)],
  ['tdpo 2', (out) => tdpoLoss(drifting, {}, out)],
  ['kto', (out) => ktoLoss(single, {}, out)],
  ['bco', (out) => bcoLoss(single, state, {}, out)],
  ['apo zero, unpaired', (out) => apoZeroUnpairedLoss(single, {}, out)],
  ['sequenceLogProbs', (out) => sequenceLogProbs(inputs, {}, out)],
  ['sequenceLogProbs, aligned', (out) => sequenceLogProbs(inputs, { shift: false, temperature: 2 }, out)],
  ['sequenceLogProbsBackward', (out) => sequenceLogProbsBackward(inputs, [1, 2], {}, out)],
];

it.each(cases)('%s', (_, write) => {
  expect(arraysOf(() => write())).toBeGreaterThan(0); // the counting counts
  const out = write();
  const before = structuredClone(out);
  expect(arraysOf(() => expect(write(out as never)).toBe(out))).toBe(0);
  expect(out).toEqual(before);
});

it('covers every loss by name', () => {
  const covered = new Set<unknown>([...LOSSES.map(({ loss }) => loss), aotLoss]);
  for (const kind of Object.keys(pairLosses) as PairLossKind[]) expect(covered.has(pairLosses[kind]), kind).toBe(true);
});
