// Log posterior of a tanh network and its gradient: the work of one leapfrog step of HMC, one step of Adam or of SGHMC.
//
// Peers: the same loops in C++ (g++ -O3 -march=native; with -ffast-math as well, which may reorder sums),
// and JavaScript on arrays of arrays as it is usually written. Inputs are fixed by seed and made outside the clock; values
// are compared first. The C++ program leaves the constants of the density out, and so does the comparison.
import { mlp, mlpInit, mlpLogPosterior } from 'lemmata/bo';
import { createRng, sampleNormal } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

for (const [n, d, width, layers] of [
  [30, 6, 32, 2],
  [100, 6, 128, 3],
]) {
  const rng = createRng('bench', n, width);
  const net = mlp({ inputs: d, hidden: new Array<number>(layers).fill(width) });
  const theta = mlpInit(net, rng);
  const X = Array.from({ length: n }, () => Array.from({ length: d }, rng));
  const y = Float64Array.from({ length: n }, () => sampleNormal(rng));
  const file = doublesFile('mlp', Float64Array.of(...X.flat(), ...y, ...theta));
  const density = mlpLogPosterior(net, X, y, { priorVariance: 1, noiseVariance: 0.1 });
  const gradient = new Float64Array(net.parameterCount);
  const constant = -0.5 * (net.parameterCount * Math.log(2 * Math.PI) + n * Math.log(2 * Math.PI * 0.1));
  const ours = () => {
    const value = density(theta, gradient) - constant;
    let total = 0;
    for (let p = 0; p < gradient.length; p++) total += gradient[p];
    return value + total;
  };
  const naive = () => arraysOfArrays(net.widths, theta, X, y);
  const args = [file, n, d, width, layers];
  const cpp = cppContender('C++', 'mlp', args);
  const fast = cppContender('C++ -ffast-math', 'mlp', args, ['-ffast-math']);
  const check = ours();
  for (const [name, value] of [
    ['arrays', naive()] as const,
    ...[cpp, fast].flatMap((c) => (c ? [[c.name, c.run()] as const] : [])),
  ]) {
    if (!(Math.abs(value - check) <= 1e-8 * Math.abs(check))) throw new Error(`${name}: ${value} against ${check}`);
  }
  report(
    `log posterior and gradient, n = ${n}, ${layers} layers of ${width}, ${net.parameterCount} parameters`,
    race([
      cpp,
      fast,
      { name: 'lemmata mlpLogPosterior', run: ours },
      { name: 'JavaScript, arrays of arrays', run: naive },
    ]),
  );
}

/** The definition on nested arrays, with Math.tanh. */
function arraysOfArrays(widths: readonly number[], theta: Float64Array, X: number[][], y: Float64Array): number {
  const L = widths.length - 1;
  const layers: { W: number[][]; b: number[] }[] = [];
  let at = 0;
  for (let l = 1; l <= L; l++) {
    const W = Array.from({ length: widths[l] }, (_, o) =>
      Array.from(theta.subarray(at + o * widths[l - 1], at + (o + 1) * widths[l - 1])),
    );
    at += widths[l] * widths[l - 1];
    layers.push({ W, b: Array.from(theta.subarray(at, at + widths[l])) });
    at += widths[l];
  }
  const gradients = layers.map(({ W, b }) => ({ W: W.map((row) => row.map(() => 0)), b: b.map(() => 0) }));
  let squares = 0;
  X.forEach((x, i) => {
    const a = [x];
    layers.forEach(({ W, b }, l) => {
      const z = W.map((row, o) => row.reduce((s, w, k) => s + w * a[l][k], b[o]));
      a.push(l < L - 1 ? z.map(Math.tanh) : z);
    });
    const residual = a[L][0] - y[i];
    squares += residual * residual;
    let delta = [residual / 0.1];
    for (let l = L - 1; l >= 0; l--) {
      const { W } = layers[l];
      delta.forEach((dz, o) => {
        gradients[l].b[o] += dz;
        a[l].forEach((v, k) => (gradients[l].W[o][k] += dz * v));
      });
      if (l > 0) delta = a[l].map((v, k) => delta.reduce((s, dz, o) => s + dz * W[o][k], 0) * (1 - v * v));
    }
  });
  let norm = 0;
  let total = 0;
  layers.forEach(({ W, b }, l) => {
    W.forEach((row, o) =>
      row.forEach((w, k) => {
        norm += w * w;
        total -= gradients[l].W[o][k] + w;
      }),
    );
    b.forEach((v, o) => {
      norm += v * v;
      total -= gradients[l].b[o] + v;
    });
  });
  return -norm / 2 - squares / 0.2 + total;
}
