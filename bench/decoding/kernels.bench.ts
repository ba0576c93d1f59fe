// The passes over a vocabulary that a decoding step makes: softmax, log-sum-exp, nucleus, residual and verification from raw
// logits, at vocabularies of 32,000 to 256,000 tokens. Peers: the softmax of transformers.js, JavaScript as it is usually
// written (map, reduce, sort), plain loops over typed arrays with Math.exp, and C++ (g++ -O3). Inputs are N(0, s²) logits, made
// before the clock; lemmata writes into arrays that exist. Bars (V = 128,256): softmax <= 1.2 ms, log-sum-exp <= 1 ms, nucleus on
// top of the softmax <= 1 ms at s = 3 and 8 and <= 2 ms at s = 1, residual and draw <= 0.5 ms, eight tokens verified <= 20 ms,
// the first one rejected <= 5 ms.
import { applyTopP, type DraftedBlock, verifyTokens, verifyTokensFromLogits } from 'lemmata/decoding';
import { createRng, sampleNormal } from 'lemmata/random';
import { logSumExp, softmax } from 'lemmata/special';
import { race, report } from '../harness.js';
import { cppContender, doublesFile, importPeer } from '../processes.js';

type Row = Float64Array | Float32Array;
const transformers = await importPeer<{ softmax(x: Row): Row }>('@huggingface/transformers');
const rounds = { rounds: 21, warmup: 6 };

const naiveSoftmax = (logits: Row): number[] => {
  const x = Array.from(logits);
  const top = x.reduce((a, b) => (a > b ? a : b));
  const exps = x.map((l) => Math.exp(l - top));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / total);
};

function typedSoftmax(logits: Row, out: Float64Array): Float64Array {
  let top = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i] > top) top = logits[i];
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += out[i] = Math.exp(logits[i] - top);
  for (let i = 0; i < logits.length; i++) out[i] /= total;
  return out;
}

function agree(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  for (let i = 0; i < a.length; i++) {
    if (!(Math.abs(a[i] - b[i]) <= tolerance)) throw new Error(`outputs differ at ${i}: ${a[i]}, ${b[i]}`);
  }
}

for (const V of [32_000, 128_256, 256_000]) {
  const rng = createRng('kernels', V);
  const logits = (s: number) => Float64Array.from({ length: V }, () => s * sampleNormal(rng));
  const wide = logits(3);
  const narrow = Float32Array.from(wide);
  const out = new Float64Array(V);
  const scratch = new Float64Array(V);
  const middle = V >> 1;

  agree(softmax(wide, {}, out), typedSoftmax(wide, scratch), 1e-13);
  for (const [kind, row] of [
    ['Float64', wide],
    ['Float32', narrow],
  ] as const) {
    report(
      `softmax, V = ${V}, ${kind} logits`,
      race(
        [
          transformers && { name: 'transformers.js', run: () => transformers.softmax(row)[middle] },
          { name: 'map and reduce', run: () => naiveSoftmax(row)[middle] },
          { name: 'typed loops, Math.exp', run: () => typedSoftmax(row, scratch)[middle] },
          kind === 'Float64' ? cppContender('C++', 'softmax', [doublesFile(`softmax-${V}`, wide), 1]) : undefined,
          { name: 'lemmata', run: () => softmax(row, {}, out)[middle] },
        ],
        rounds,
      ),
    );
  }
  report(
    `log-sum-exp, V = ${V}, Float64`,
    race(
      [
        {
          name: 'typed loops, Math.exp',
          run() {
            let top = -Infinity;
            for (let i = 0; i < V; i++) if (wide[i] > top) top = wide[i];
            let total = 0;
            for (let i = 0; i < V; i++) total += Math.exp(wide[i] - top);
            return top + Math.log(total);
          },
        },
        { name: 'lemmata', run: () => logSumExp(wide) },
      ],
      rounds,
    ),
  );

  for (const s of V === 128_256 ? [1, 3, 8] : [3]) {
    const row = logits(s);
    const fullSort = (): Float64Array => {
      const p = typedSoftmax(row, scratch);
      const order = Array.from({ length: V }, (_, i) => i).sort((i, j) => p[j] - p[i] || i - j);
      const kept = new Float64Array(V).fill(-Infinity);
      let before = 0;
      for (const i of order) {
        if (before >= 0.9) break;
        kept[i] = row[i];
        before += p[i];
      }
      return kept;
    };
    const [a, b] = [applyTopP(row, { p: 0.9 }), fullSort()];
    let differing = 0;
    for (let i = 0; i < V; i++) if (a[i] !== b[i]) differing += 1;
    if (differing > 2) throw new Error(`nuclei differ in ${differing} tokens`); // the last may fall either way by rounding
    report(
      `nucleus 0.9 with its softmax, V = ${V}, logits N(0, ${s}²)`,
      race(
        [
          { name: 'full sort', run: () => Number(fullSort()[middle] > -1) },
          { name: 'softmax alone', run: () => softmax(row, {}, scratch)[middle] },
          { name: 'lemmata', run: () => Number(applyTopP(row, { p: 0.9 }, out)[middle] > -1) },
        ],
        { rounds: 9, warmup: 3 },
      ),
    );
  }

  // One rejection: the residual of two rows and a draw from it.
  const target = softmax(logits(3));
  const draft = softmax(logits(3));
  let likeliest = 0;
  for (let i = 0; i < V; i++) if (draft[i] - target[i] > draft[likeliest] - target[likeliest]) likeliest = i;
  const rejected: DraftedBlock = { target: [target, target], draft: [draft], tokens: [likeliest] };
  let flip = 0;
  const uniforms = () => ((flip ^= 1) === 1 ? 1 - 2 ** -53 : 0.5);
  report(
    `residual and draw, V = ${V}`,
    race(
      [
        {
          name: 'map, reduce, findIndex',
          run() {
            const rest = Array.from(target).map((t, i) => Math.max(0, t - draft[i]));
            const total = rest.reduce((a, b) => a + b, 0);
            let running = 0;
            return rest.findIndex((r) => (running += r / total) > 0.5);
          },
        },
        { name: 'lemmata verifyTokens', run: () => verifyTokens(rejected, uniforms).tokens[0] },
      ],
      rounds,
    ),
  );

  for (const kind of ['Float64', 'Float32'] as const) {
    const rows = Array.from({ length: 17 }, () => (kind === 'Float64' ? logits(2) : Float32Array.from(logits(2))));
    const accepted: DraftedBlock = {
      target: rows.slice(0, 9),
      draft: rows.slice(0, 8), // the same rows: everything is accepted
      tokens: Int32Array.from({ length: 8 }, (_, i) => 17 * i),
    };
    const first: DraftedBlock = { ...accepted, draft: rows.slice(9) };
    report(
      `eight drafted tokens from ${kind} logits, V = ${V}`,
      race(
        [
          {
            name: 'softmax of all 17 rows, typed',
            run: () => rows.reduce((sum, row) => sum + typedSoftmax(row, scratch)[middle], 0),
          },
          kind === 'Float64'
            ? cppContender('C++, softmax of 17 rows', 'softmax', [doublesFile(`softmax-${V}`, wide), 17])
            : undefined,
          { name: 'lemmata, all accepted', run: () => verifyTokensFromLogits(accepted, () => 0.5).accepted },
          { name: 'lemmata, first rejected', run: () => verifyTokensFromLogits(first, () => 1 - 2 ** -53).tested },
        ],
        { rounds: 11, warmup: 3 },
      ),
    );
  }
}
