// Off-policy estimators over a log of 100,000 rounds of ten actions: IPS, SNIPS and DR, each with its standard error.
//
// Peers: JavaScript as it is usually written (an object a round, map and reduce), plain loops over typed arrays without any check, and
// C++ (g++ -O3). Data are hashes, made outside the clock. Outputs are compared first: estimate + standard error to 1e-9. What lemmata
// does beside the others: every row of the target is checked to be a law, sums are compensated, an interval is made.
import { type LoggedData, opeDr, type OpeEstimate, opeIps, opeSnips } from 'lemmata/bandits';
import { createRng } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

const n = 100_000;
const A = 10;
const rng = createRng('off-policy bench');

const actions = new Int32Array(n);
const rewards = new Float64Array(n);
const propensities = new Float64Array(n);
const target = new Float64Array(n * A);
const model = new Float64Array(n * A);
for (let i = 0; i < n; i++) {
  const raw = Float64Array.from({ length: A }, () => 0.05 + rng());
  const total = raw.reduce((a, b) => a + b, 0);
  for (let a = 0; a < A; a++) {
    target[i * A + a] = raw[a] / total;
    model[i * A + a] = rng();
  }
  actions[i] = Math.floor(A * rng());
  propensities[i] = 1 / A;
  rewards[i] = rng() < 0.5 ? 1 : 0;
}
const data: LoggedData = {
  actions,
  rewards,
  propensities,
  target: { data: target, rows: n, columns: A },
  model: { data: model, rows: n, columns: A },
};
const rounds = Array.from({ length: n }, (_, i) => ({
  action: actions[i],
  reward: rewards[i],
  propensity: propensities[i],
  target: Array.from(target.subarray(i * A, (i + 1) * A)),
  model: Array.from(model.subarray(i * A, (i + 1) * A)),
}));
const file = doublesFile('off-policy', flat());

function flat(): Float64Array {
  const all = new Float64Array(n * (3 + 2 * A));
  all.set(actions);
  all.set(rewards, n);
  all.set(propensities, 2 * n);
  all.set(target, 3 * n);
  all.set(model, (3 + A) * n);
  return all;
}

type Kind = 'ips' | 'snips' | 'dr';
const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;

function naive(kind: Kind): number {
  const weights = rounds.map((r) => r.target[r.action] / r.propensity);
  const terms = rounds.map((r, i) =>
    kind === 'dr'
      ? r.target.reduce((sum, p, a) => sum + p * r.model[a], 0) + weights[i] * (r.reward - r.model[r.action])
      : weights[i] * r.reward,
  );
  const weight = mean(weights);
  const estimate = kind === 'snips' ? mean(terms) / weight : mean(terms);
  const errors = terms.map((x, i) => (kind === 'snips' ? (x - estimate * weights[i]) / weight : x - estimate));
  return estimate + Math.sqrt(errors.reduce((a, e) => a + e * e, 0) / (n - 1) / n);
}

const terms = new Float64Array(n);
const weights = new Float64Array(n);
function typed(kind: Kind): number {
  let total = 0;
  let weight = 0;
  for (let i = 0; i < n; i++) {
    const a = actions[i];
    const w = target[i * A + a] / propensities[i];
    let expected = 0;
    if (kind === 'dr') for (let b = 0; b < A; b++) expected += target[i * A + b] * model[i * A + b];
    terms[i] = expected + w * (rewards[i] - (kind === 'dr' ? model[i * A + a] : 0));
    weights[i] = w;
    total += terms[i];
    weight += w;
  }
  const estimate = kind === 'snips' ? total / weight : total / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = kind === 'snips' ? ((terms[i] - estimate * weights[i]) * n) / weight : terms[i] - estimate;
    squares += d * d;
  }
  return estimate + Math.sqrt(squares / (n - 1) / n);
}

const ours: Record<Kind, (data: LoggedData) => OpeEstimate> = { ips: opeIps, snips: opeSnips, dr: opeDr };

for (const kind of ['ips', 'snips', 'dr'] as const) {
  const lemmata = () => {
    const { estimate, standardError } = ours[kind](data);
    return estimate + standardError;
  };
  const contenders = [
    { name: 'objects, map and reduce', run: () => naive(kind) },
    { name: 'typed loops, no checks', run: () => typed(kind) },
    cppContender('C++', 'off_policy', [file, A, kind]),
    { name: 'lemmata', run: lemmata },
  ];
  for (const contender of contenders) {
    const value = contender?.run() ?? lemmata();
    if (!(Math.abs(value - lemmata()) < 1e-9)) throw new Error(`${contender?.name} gives ${value}, not ${lemmata()}`);
  }
  report(`${kind.toUpperCase()} with its standard error, ${n} rounds, ${A} actions`, race(contenders, { rounds: 21 }));
}
