// Losses over 4096 pairs with both gradients, Float64, into `out`: microseconds a batch, against one fused loop over
// Math.exp and Math.log1p and against array code as it is written without thought; C++ and PyTorch where present. Inputs
// are made before the clock. Every loss runs at its defaults; only DPO has contenders in other languages.
import { pairLosses, preferenceLoss, type PairBatch, type PairLossKind } from 'lemmata/preference';
import { gpoSquared } from 'lemmata/preference';
import { createRng } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile, pythonContender } from '../processes.js';

const B = 4096;
const REPEAT = 20;
const rng = createRng('losses');
const draw = (low: number, high: number) => Float64Array.from({ length: B }, () => low + (high - low) * rng());
const batch = {
  policyChosen: draw(-80, -10),
  policyRejected: draw(-80, -10),
  refChosen: draw(-80, -10),
  refRejected: draw(-80, -10),
  chosenLengths: draw(5, 60).map(Math.round),
  rejectedLengths: draw(5, 60).map(Math.round),
} satisfies PairBatch;
const { policyChosen: pw, policyRejected: pl, refChosen: rw, refRejected: rl } = batch;
const input = new Float64Array(4 * B);
[pw, pl, rw, rl].forEach((x, k) => input.set(x, k * B));
const file = doublesFile('pairs', input);

function naive(): number {
  const beta = 0.1;
  const x = Array.from(pw).map((p, i) => beta * (p - pl[i] - (rw[i] - rl[i])));
  const losses = x.map((z) => -Math.log(1 / (1 + Math.exp(-z))));
  const grads = x.map((z) => (-beta * (1 - 1 / (1 + Math.exp(-z)))) / x.length);
  const [chosen, rejected] = [grads.slice(), grads.map((g) => -g)];
  return losses.reduce((a, b) => a + b, 0) / x.length + 0 * (chosen[0] + rejected[0]);
}

const [losses, gradChosen, gradRejected] = [new Float64Array(B), new Float64Array(B), new Float64Array(B)];
function fused(): number {
  const beta = 0.1;
  let total = 0;
  for (let i = 0; i < B; i++) {
    const x = beta * (pw[i] - rw[i] - (pl[i] - rl[i]));
    const t = Math.exp(-Math.abs(x));
    const loss = Math.log1p(t) + (x < 0 ? -x : 0);
    const slope = (-beta * (x < 0 ? 1 : t)) / (1 + t) / B;
    losses[i] = loss;
    gradChosen[i] = slope;
    gradRejected[i] = -slope;
    total += loss;
  }
  return total / B;
}

const repeated = (run: () => number) => () => {
  let total = 0;
  for (let k = 0; k < REPEAT; k++) total += run();
  return total;
};

let out = preferenceLoss('dpo', batch, {});
const dpo = () => (out = pairLosses.dpo(batch, {}, out)).loss as number;
for (const other of [naive, fused]) {
  if (!(Math.abs(other() / dpo() - 1) < 1e-12)) throw new Error(`${other.name} and dpoLoss differ`);
}
report(
  `dpoLoss, ${REPEAT} x ${B} pairs (C++ and PyTorch: one pass)`,
  race([
    { name: 'one loop, Math.exp and Math.log1p', run: repeated(fused) },
    { name: 'lemmata', run: repeated(dpo) },
    { name: 'arrays, map and reduce', run: repeated(naive) },
    cppContender('C++ -O3', 'pair_losses', [file]),
    pythonContender('PyTorch', 'pair_losses', ['torch'], [file]),
  ]),
);

// Each loss against DPO: at most twice its time, but for AOT, which sorts.
const options: Partial<Record<PairLossKind, object>> = { robustDpo: { labelSmoothing: 0.1 }, convex: gpoSquared };
const scores = race(
  [
    { name: 'dpo', run: repeated(dpo) },
    ...(Object.keys(pairLosses) as PairLossKind[])
      .filter((kind) => kind !== 'dpo')
      .map((kind) => {
        let result = preferenceLoss(kind, batch, options[kind] ?? {});
        return {
          name: kind,
          run: repeated(() => (result = preferenceLoss(kind, batch, options[kind] ?? {}, result)).loss as number),
        };
      }),
  ],
  { rounds: 15 },
);
report(`every loss, ${REPEAT} x ${B} pairs, against dpo`, scores);
for (const { name, median } of scores)
  console.log(`  ${name.padEnd(22)} ${((1000 * median) / REPEAT).toFixed(0).padStart(6)} us a batch`);
