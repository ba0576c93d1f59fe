// Effective sample sizes of chains that mix at once, slowly, and hardly.
//
// The sum over lags stops at the first pair that is not positive, so it is longest for the slowest chain. Peers: the same sums
// in C++; all autocovariances at once by Fourier transforms in JavaScript (radix 2 on typed arrays, what other libraries do); and
// slices and reduce, lag by lag, as it is usually written. Values are compared to nine digits first.
import { effectiveSampleSize } from 'lemmata/inference';
import { createRng, sampleNormal } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

const [count, n] = [4, 4000];
for (const rho of [0, 0.9, 0.99]) {
  const rng = createRng('bench', 'ess', rho);
  const chains = Array.from({ length: count }, () => {
    let x = sampleNormal(rng);
    return Float64Array.from({ length: n }, () => (x = rho * x + Math.sqrt(1 - rho * rho) * sampleNormal(rng)));
  });
  const halves = chains.flatMap((chain) => [chain.slice(0, n / 2), chain.slice(n / 2)]);
  const flat = Float64Array.from(halves.flatMap((half) => Array.from(half)));
  const ours = () => effectiveSampleSize(chains);
  const fourier = () => summed(halves, autocovariancesByFourier);
  const naive = () =>
    summed(halves, (half, mean) => {
      const x = Array.from(half);
      return (lag) => x.slice(lag).reduce((s, v, i) => s + (v - mean) * (x[i] - mean), 0) / x.length;
    });
  const cpp = cppContender('C++', 'mcmc', ['ess', doublesFile('ess', flat), 2 * count, n / 2]);
  const check = ours();
  for (const value of [fourier(), naive(), ...(cpp ? [cpp.run()] : [])]) {
    if (!(Math.abs(value / check - 1) < 1e-9)) throw new Error(`${value} against ${check}`);
  }
  report(
    `effective sample size, ${count} chains of ${n}, memory ${rho}: ${Math.round(check)}`,
    race([
      cpp,
      { name: 'lemmata effectiveSampleSize', run: ours },
      { name: 'JavaScript, Fourier transforms', run: fourier },
      { name: 'JavaScript, slice and reduce', run: naive },
    ]),
  );
}

/** Vehtari et al. (2021), equations 10 to 13, with autocovariances made by `prepare`. */
function summed(
  halves: Float64Array[],
  prepare: (half: Float64Array, mean: number) => (lag: number) => number,
): number {
  const half = halves[0].length;
  const average = (values: ArrayLike<number>) => Array.from(values).reduce((s, v) => s + v, 0) / values.length;
  const spread = (values: ArrayLike<number>) => {
    const m = average(values);
    return Array.from(values).reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1);
  };
  const means = halves.map(average);
  const W = average(halves.map(spread));
  const varPlus = ((half - 1) / half) * W + spread(means);
  const covariances = halves.map((values, c) => prepare(values, means[c]));
  const rho = (lag: number) => 1 - (W - average(covariances.map((at) => at(lag)))) / varPlus;
  let [sum, previous] = [0, Infinity];
  for (let lag = 0; lag + 1 < half; lag += 2) {
    const pair = (lag === 0 ? 1 : rho(lag)) + rho(lag + 1);
    if (!(pair > 0)) break;
    previous = Math.min(previous, pair);
    sum += previous;
  }
  const S = halves.length * half;
  return S / Math.max(-1 + 2 * sum, 1 / Math.log10(S));
}

/** |FFT|² of the centred chain, padded with zeros to twice its length, and back. */
function autocovariancesByFourier(half: Float64Array, mean: number): (lag: number) => number {
  let size = 1;
  while (size < 2 * half.length) size *= 2;
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let i = 0; i < half.length; i++) re[i] = half[i] - mean;
  transform(re, im);
  for (let k = 0; k < size; k++) {
    re[k] = re[k] * re[k] + im[k] * im[k];
    im[k] = 0;
  }
  transform(re, im); // of an even real sequence: its own inverse up to the size
  return (lag) => re[lag] / size / half.length;
}

/** Cooley and Tukey's transform in place, radix 2. */
function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    const cosines = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    const sines = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < half; k++) {
        const [a, b] = [start + k, start + k + half];
        const x = re[b] * cosines[k] - im[b] * sines[k];
        const y = re[b] * sines[k] + im[b] * cosines[k];
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
}
