// Log-probabilities of one label a row, T = 512 rows of V = 32,000 logits: against array code as it is written without
// thought, a loop of two passes over Math.exp, C++, and PyTorch where present. Inputs are made before the clock.
import { sequenceLogProbs } from 'lemmata/preference';
import { createRng } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile, pythonContender } from '../processes.js';

const V = 32_000;
const T = Number(process.env.BENCH_T ?? 512);
const rng = createRng('sequences');
const logits = Float64Array.from({ length: T * V }, () => Math.fround(20 * (rng() + rng() + rng() - 1.5)));
const labels = Int32Array.from({ length: T }, (_, t) => (t * 7919) % V);
const shape = [1, T, V] as const;
const file = doublesFile('logits', logits);

function twoPasses(x: Float64Array | Float32Array): number {
  let total = 0;
  for (let t = 0; t < T; t++) {
    let largest = -Infinity;
    for (let v = 0; v < V; v++) if (x[t * V + v] > largest) largest = x[t * V + v];
    let sum = 0;
    for (let v = 0; v < V; v++) sum += Math.exp(x[t * V + v] - largest);
    total += x[t * V + labels[t]] - largest - Math.log(sum);
  }
  return total;
}

function naive(x: Float64Array | Float32Array): number {
  let total = 0;
  for (let t = 0; t < T; t++) {
    const row = Array.from(x.subarray(t * V, (t + 1) * V));
    const exps = row.map((z) => Math.exp(z));
    const sum = exps.reduce((a, b) => a + b, 0);
    total += Math.log(exps.map((e) => e / sum)[labels[t]]);
  }
  return total;
}

for (const bits of [64, 32] as const) {
  const x = bits === 64 ? logits : Float32Array.from(logits);
  const own = () => sequenceLogProbs({ logits: x, labels, shape }, { shift: false }).sum[0];
  for (const other of [twoPasses(x), naive(x)]) {
    if (!(Math.abs(other / own() - 1) < 1e-12)) throw new Error('outputs differ');
  }
  const scores = race(
    [
      { name: 'two passes, Math.exp', run: () => twoPasses(x) },
      { name: 'lemmata', run: own },
      cppContender('C++ -O3', 'sequence_log_probs', [file, V, bits]),
      pythonContender('PyTorch', 'sequence_log_probs', ['torch'], [file, V, bits]),
    ],
    { rounds: 7, warmup: 2 },
  );
  // forty times slower: one run is enough
  const [slow] = race([{ name: 'arrays, map and reduce', run: () => naive(x) }], { rounds: 1, warmup: 0 });
  const speedup = scores[0].median / slow.median;
  scores.push({ ...slow, speedup, quartiles: [speedup, speedup] });
  report(`sequenceLogProbs, ${T} x ${V} logits of ${bits} bits`, scores);
  for (const { name, median } of scores) {
    console.log(`  ${name.padEnd(26)} ${((1e6 * median) / (T * V)).toFixed(2).padStart(7)} ns a logit`);
  }
}
