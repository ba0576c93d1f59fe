// Rounds a second of LinUCB and linear Thompson sampling, against the same LinUCB in C++ (-O3), and of a streaming run.
//
// A run is one game of T rounds on 64 recurring contexts of K arms in R^d; features, θ and noise are hashes, the same in both languages and
// made outside the clock (the noise inside). Outputs are compared first: total rewards of LinUCB agree to 1 %, as the order of sums
// may turn a close choice. Bars: d = 10, K = 10 at 1.5e5 rounds a second; d = 100, K = 10 at 2e3; a stream of 5000 arms and 1.25e14 trials
// in a second.
import {
  armMemory,
  clearCutStream,
  type ContextualPolicy,
  fixedLinUcb,
  linTs,
  linUcb,
  streamingTower,
  streamingUniformExploration,
} from 'lemmata/bandits';
import { createRng } from 'lemmata/random';
import { type Contender, race, report } from '../harness.js';
import { cppContender } from '../processes.js';

function uniformOf(i: number): number {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

const CONTEXTS = 64;

function problem(d: number, K: number) {
  const scale = Math.sqrt(d);
  const features = Array.from({ length: CONTEXTS }, (_, c) =>
    Float64Array.from({ length: K * d }, (_x, i) => (2 * uniformOf(c * K * d + i + 1) - 1) / scale),
  );
  const theta = Float64Array.from({ length: d }, (_, j) => (2 * uniformOf(0x10000000 + j) - 1) / scale);
  const reward = (x: Float64Array, arm: number, t: number) => {
    let r = 0.5 * (uniformOf(0x20000000 + t) - 0.5);
    for (let j = 0; j < d; j++) r += x[arm * d + j] * theta[j];
    return r;
  };
  return { features, reward };
}

function ours<State>(
  name: string,
  policy: ContextualPolicy<State, ArrayLike<number>>,
  d: number,
  T: number,
): Contender {
  const { features, reward } = problem(d, policy.arms);
  return {
    name,
    run() {
      const rng = createRng('bench');
      let state = policy.init();
      let total = 0;
      for (let t = 0; t < T; t++) {
        const x = features[t % CONTEXTS];
        const arm = policy.select(state, x, rng);
        const r = reward(x, arm, t);
        state = policy.update(state, x, arm, r, state);
        total += r;
      }
      return total;
    },
  };
}

function fixed(d: number, K: number, T: number): Contender {
  const { features, reward } = problem(d, K);
  const policy = fixedLinUcb({ actions: { data: features[0], rows: K, columns: d } });
  return {
    name: `fixedLinUcb, d = ${d}`,
    run() {
      const rng = createRng('bench');
      let state = policy.init();
      let total = 0;
      for (let t = 0; t < T; t++) {
        const arm = policy.select(state, rng);
        const r = reward(features[0], arm, t);
        state = policy.update(state, arm, r, state);
        total += r;
      }
      return total;
    },
  };
}

for (const [d, K, T] of [
  [10, 10, 20_000],
  [100, 10, 500],
]) {
  const cpp = cppContender(`LinUCB in C++ -O3, d = ${d}`, 'linucb', [d, K, T]);
  const lin = ours(`linUcb, d = ${d}`, linUcb({ arms: K, dimension: d }), d, T);
  if (cpp !== undefined) {
    const [a, b] = [cpp.run(), lin.run()];
    if (!(Math.abs(a - b) <= 0.01 * Math.abs(a))) throw new Error(`total rewards differ: ${a} and ${b}`);
  }
  const scores = race(
    [
      cpp,
      lin,
      ours(`linUcb, Cholesky, d = ${d}`, linUcb({ arms: K, dimension: d, engine: 'cholesky' }), d, T),
      ours(`linTs, d = ${d}`, linTs({ arms: K, dimension: d }), d, T),
      fixed(d, K, T),
    ],
    { rounds: 11, warmup: 2 },
  );
  report(`${T} rounds, ${K} arms, d = ${d} (bar: ${d === 10 ? '1.5e5' : '2e3'} rounds a second)`, scores);
  console.log(
    `  rounds a second: ${scores.map(({ name, median }) => `${name} ${((1000 * T) / median).toExponential(1)}`).join('; ')}`,
  );
}

const stream = clearCutStream(5000, createRng('bench', 'stream'));
const streaming = race(
  [
    {
      name: 'uniform exploration',
      run: () => streamingUniformExploration(armMemory(stream, createRng('r'), { horizon: 1.25e14 })).regret,
    },
    {
      name: 'tower of log* levels',
      run: () => streamingTower(armMemory(stream, createRng('r'), { horizon: 1.25e14 })).regret,
    },
  ],
  { rounds: 11, warmup: 2 },
);
report('a stream of 5000 arms, 1.25e14 trials (bar: 1000 ms)', streaming);
