// Steps per second of trainTabularPolicy: full-batch DPO on 100 actions and 4000 pairs by Adam, all trajectories kept.
//
// The first contender is the program that people write for this in JavaScript, arrays of objects and Math.exp; the second
// the same in C++ -O3, which keeps no trajectories. Inputs are made once, outside the clock; outputs are compared first.
import { onPolicyBandit, trainTabularPolicy } from 'lemmata/preference';
import { createRng, sampleIndex } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

const [A, B, STEPS] = [100, 4000, 50];
const { refProbs, rewards } = onPolicyBandit('misaligned');
const refLogits = Array.from(refProbs, Math.log);
const rng = createRng('bench');
const pairs: [number, number][] = [];
while (pairs.length < B) {
  const [i, j] = [sampleIndex(A, rng), sampleIndex(A, rng)];
  if (rewards[i] > rewards[j]) pairs.push([i, j]);
}

function ours(): Float64Array {
  return trainTabularPolicy(
    { refLogits, pairs },
    { loss: 'dpo', lossOptions: { beta: 0.1 }, learningRate: 0.05, steps: STEPS },
  ).logits;
}

function naive(): number[] {
  const logSoftmax = (x: number[]) => {
    const top = Math.max(...x);
    const logZ = top + Math.log(x.map((v) => Math.exp(v - top)).reduce((a, b) => a + b, 0));
    return x.map((v) => v - logZ);
  };
  const ref = logSoftmax(refLogits);
  let logits = refLogits.slice();
  let m = logits.map(() => 0);
  let v = logits.map(() => 0);
  const losses: number[] = [];
  for (let t = 1; t <= STEPS; t++) {
    const p = logSoftmax(logits);
    const terms = pairs.map(([w, l]) => {
      const x = 0.1 * (p[w] - ref[w] - (p[l] - ref[l]));
      return { w, l, loss: Math.log(1 + Math.exp(-x)), slope: -0.1 / (1 + Math.exp(x)) / B };
    });
    losses.push(terms.map(({ loss }) => loss).reduce((a, b) => a + b, 0) / B);
    const g = logits.map(() => 0);
    terms.forEach(({ w, l, slope }) => {
      g[w] += slope;
      g[l] -= slope;
    });
    m = m.map((x, i) => 0.9 * x + 0.1 * g[i]);
    v = v.map((x, i) => 0.999 * x + 0.001 * g[i] * g[i]);
    logits = logits.map((x, i) => x - (0.05 * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8));
  }
  return logits;
}

const [a, b] = [ours(), naive()];
const worst = Math.max(...b.map((x, i) => Math.abs(x - a[i])));
if (!(worst < 1e-9)) throw new Error(`the contenders differ by ${worst}`);

const file = doublesFile(
  'tabular-dpo',
  Float64Array.from([A, B, ...refLogits, ...pairs.map(([w]) => w), ...pairs.map(([, l]) => l)]),
);
const checksum = (x: ArrayLike<number>) => x[0] + x[A / 2];
const scores = race([
  { name: 'arrays and Math.exp', run: () => checksum(naive()) },
  { name: 'trainTabularPolicy', run: () => checksum(ours()) },
  cppContender('C++ -O3', 'tabular_dpo', [file, STEPS]),
]);
report(`DPO on a table of ${A} actions, ${B} pairs, ${STEPS} Adam steps`, scores);
for (const { name, median } of scores) console.log(`  ${name}: ${((1000 * STEPS) / median).toFixed(0)} steps/s`);
