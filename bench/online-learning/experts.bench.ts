// Rounds of Hedge, AdaHedge and optimistic Hedge, and of self-play on a preference, against Hedge and self-play in C++ (-O3).
//
// Losses and preferences are hashes, the same in both languages and made outside the clock. Outputs are compared first: the loss of Hedge
// and the exploitability of the average of self-play agree to 1e-9 of their size (exp and the order of sums differ in the last bits).
import { selfPlay } from 'lemmata/games';
import { adaHedge, hedge, optimisticHedge, type OnlineLearner } from 'lemmata/online-learning';
import { type Contender, race, report } from '../harness.js';
import { cppContender } from '../processes.js';

function uniformOf(i: number): number {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

function experts<State>(name: string, learner: OnlineLearner<State>, T: number): Contender {
  const K = learner.dimension;
  const rows = Array.from({ length: 64 }, (_, t) =>
    Float64Array.from({ length: K }, (_x, i) => uniformOf(t * K + i + 1)),
  );
  const p = new Float64Array(K);
  return {
    name,
    run() {
      let state = learner.init();
      let loss = 0;
      for (let t = 0; t < T; t++) {
        const row = rows[t % 64];
        learner.predict(state, p);
        for (let i = 0; i < K; i++) loss += p[i] * row[i];
        state = learner.update(state, row, state);
      }
      return loss;
    },
  };
}

function agree(a: Contender | undefined, b: Contender): void {
  if (a === undefined) return;
  const [x, y] = [a.run(), b.run()];
  if (!(Math.abs(x - y) <= 1e-9 * Math.abs(x))) throw new Error(`${a.name} gives ${x}, ${b.name} gives ${y}`);
}

for (const [K, T] of [
  [10, 50_000],
  [1000, 500],
]) {
  const cpp = cppContender(`Hedge in C++ -O3, K = ${K}`, 'experts', ['hedge', K, T]);
  const ours = experts(`hedge, K = ${K}`, hedge({ experts: K, horizon: T }), T);
  agree(cpp, ours);
  report(
    `${T} rounds of ${K} experts`,
    race(
      [
        cpp,
        ours,
        experts(`adaHedge, K = ${K}`, adaHedge({ experts: K }), T),
        experts(`optimisticHedge, K = ${K}`, optimisticHedge({ experts: K, horizon: T }), T),
      ],
      { rounds: 11, warmup: 2 },
    ),
  );
}

const [n, T] = [50, 2000];
const P = Float64Array.from({ length: n * n }, (_, k) => {
  const [i, j] = [Math.floor(k / n), k % n];
  return i === j ? 0.5 : i > j ? uniformOf(i * n + j + 1) : 1 - uniformOf(j * n + i + 1);
});
const cpp = cppContender(`self-play in C++ -O3, n = ${n}`, 'experts', ['selfplay', n, T]);
const learningRate = Math.sqrt((2 * Math.log(n)) / T);
const ours: Contender = {
  name: `selfPlay, n = ${n}`,
  run: () => selfPlay({ data: P, rows: n, columns: n }, { steps: T, learningRate }).exploitability,
};
agree(cpp, ours);
report(`${T} rounds of self-play on ${n} items`, race([cpp, ours], { rounds: 11, warmup: 2 }));
