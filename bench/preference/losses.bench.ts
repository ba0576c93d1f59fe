// Losses over 4096 pairs with both gradients, Float64, into `out`: microseconds a batch, against one fused loop over
// Math.exp and Math.log1p and against array code as it is written without thought; C++ and PyTorch where present. Inputs
// are made before the clock. Every loss runs at its defaults and some of its variants; only DPO has contenders in other
// languages.
import { xpoLoss } from 'lemmata/policy-gradient';
import {
  apoZeroUnpairedLoss,
  bcoInit,
  bcoLoss,
  gpoLogistic,
  gpoSquared,
  ktoLoss,
  pairLosses,
  preferenceLoss,
  tdpoLoss,
  type BcoLossResult,
  type KtoLossResult,
  type PairBatch,
  type PairLossKind,
  type PairLossResult,
  type TdpoLossResult,
  type UnpairedLossResult,
} from 'lemmata/preference';
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
const desirable = Array.from({ length: B }, () => rng() < 0.5);
const single = { policy: pw, ref: rw, desirable };
const drifting = { ...batch, chosenPositionKL: draw(0, 9), rejectedPositionKL: draw(0, 9) };
const sampled = { policyOwn: pw, policyRefSample: pl, refOwn: rw, refRefSample: rl, ownPreferred: desirable };
const options: Partial<Record<PairLossKind, object>> = { robustDpo: { labelSmoothing: 0.1 }, convex: gpoSquared };

/** A loss that writes into its own last result. */
function again<Result extends { loss?: number }>(
  name: string,
  loss: (out: Result | undefined) => Result,
): { name: string; run(): number } {
  let out = loss(undefined);
  return { name, run: repeated(() => (out = loss(out)).loss as number) };
}

const ofKind = (kind: PairLossKind, title: string = kind, settings: object = options[kind] ?? {}) =>
  again<PairLossResult>(title, (last) => preferenceLoss(kind, batch, settings, last));
const kinds = (Object.keys(pairLosses) as PairLossKind[]).filter((kind) => kind !== 'dpo');
const state = bcoInit();
const scores = race(
  [
    { name: 'dpo', run: repeated(dpo) },
    ...kinds.map((kind) => ofKind(kind)),
    ofKind('dpo', 'dpo, smoothed', { labelSmoothing: 0.1 }),
    ofKind('fdpo', 'fdpo, forward_kl', { divergence: 'forward_kl' }),
    ofKind('fdpo', 'fdpo, js', { divergence: 'js' }),
    ofKind('fdpo', 'fdpo, alpha', { divergence: 'alpha' }),
    ofKind('slic', 'slic, softplus', { regularizer: 'softplus' }),
    ofKind('aot', 'aot, unpaired', { variant: 'unpaired' }),
    ofKind('convex', 'convex, logistic', gpoLogistic),
    again<TdpoLossResult>('tdpo', (last) => tdpoLoss(drifting, {}, last)),
    again<KtoLossResult>('kto', (last) => ktoLoss(single, { kl: 0.3 }, last)),
    again<BcoLossResult>('bco', (last) => bcoLoss(single, state, {}, last)),
    again<UnpairedLossResult>('apoZeroUnpaired', (last) => apoZeroUnpairedLoss(single, {}, last)),
    again('xpo (no out)', () => xpoLoss(sampled)),
  ],
  { rounds: 15 },
);
report(`every loss, ${REPEAT} x ${B} pairs, against dpo`, scores);
for (const { name, median, speedup } of scores) {
  const micros = ((1000 * median) / REPEAT).toFixed(0).padStart(6);
  console.log(`  ${name.padEnd(22)} ${micros} us for ${B} pairs, ${(1 / speedup).toFixed(2)} of dpo`);
}
