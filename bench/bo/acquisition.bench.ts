// Acquisition functions and their search. Models are conditioned before the clock.
//   LogEI and its gradient at 50 points, 200 observations in 6 dimensions: plain JavaScript on arrays of arrays with Math.*, C++
//   the search of one ask, 100 observations in 6 dimensions: the same search over the plain JavaScript acquisition
//   E max of 1000 lines, 20 times: plain JavaScript with objects and a comparator, C++
//   a million Sobol points in 10 dimensions: plain JavaScript by the same recurrence
// Outputs are compared first.
import {
  type Acquisition,
  expectedMaxAffine,
  gpCondition,
  gpPosterior,
  type GpState,
  hartmann6,
  logExpectedImprovementRule,
  matern52,
  momentAcquisition,
  optimizeAcquisition,
  standardize,
} from 'lemmata/bo';
import { createRng, sampleNormal, sobol } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

const LENGTHSCALES = [0.4, 0.5, 0.6, 0.5, 0.4, 0.7];

function model(n: number): { gp: GpState; best: number } {
  const rng = createRng('bench', n);
  const X = Array.from({ length: n }, () => Array.from({ length: 6 }, rng));
  const { y } = standardize(X.map((x) => -hartmann6.evaluate(x)));
  return { gp: gpCondition(matern52({ lengthscale: LENGTHSCALES }), X, y, { noise: 1e-4 }), best: Math.max(...y) };
}

/** As one would write it: arrays of arrays, the inverse-free formulas, Math.*. */
function plainAcquisition({ X, alpha, L, n, d }: GpState, best: number): Acquisition {
  const rows = Array.from({ length: n }, (_, i) => Array.from(X.subarray(i * d, (i + 1) * d)));
  const factor = Array.from({ length: n }, (_, i) => Array.from(L.subarray(i * n, (i + 1) * n)));
  const a = Array.from(alpha);
  return {
    value(x, gradient) {
      const r = rows.map((row) =>
        Math.sqrt(row.reduce((sum, value, k) => sum + ((x[k] - value) / LENGTHSCALES[k]) ** 2, 0)),
      );
      const k = r.map((value) => (1 + Math.sqrt(5) * value + (5 / 3) * value ** 2) * Math.exp(-Math.sqrt(5) * value));
      const mean = k.reduce((sum, value, i) => sum + value * a[i], 0);
      const v: number[] = [];
      for (let i = 0; i < n; i++) {
        let s = k[i];
        for (let j = 0; j < i; j++) s -= factor[i][j] * v[j];
        v.push(s / factor[i][i]);
      }
      const variance = Math.max(1e-18, 1 - v.reduce((sum, value) => sum + value * value, 0));
      const std = Math.sqrt(variance);
      const u = (mean - best) / std;
      const pdf = Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI);
      const cdf = plainCdf(u);
      const h = Math.max(1e-300, pdf + u * cdf);
      if (gradient !== undefined) {
        const w = v.slice();
        for (let i = n - 1; i >= 0; i--) {
          w[i] /= factor[i][i];
          for (let j = 0; j < i; j++) w[j] -= factor[i][j] * w[i];
        }
        const slopes = r.map((value) => (5 / 3) * (1 + Math.sqrt(5) * value) * Math.exp(-Math.sqrt(5) * value));
        for (let c = 0; c < d; c++) {
          gradient[c] = rows.reduce(
            (sum, row, i) =>
              sum -
              ((cdf / h / std) * a[i] - (pdf / h / variance) * w[i]) *
                slopes[i] *
                ((x[c] - row[c]) / LENGTHSCALES[c] ** 2),
            0,
          );
        }
      }
      return Math.log(h) + Math.log(std);
    },
  };
}

/** Numerical Recipes' erfc, relative error 1.2e-7. */
function plainCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const c = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const half = 0.5 * t * Math.exp(-x * x + c.reduceRight((sum, value) => sum * t + value, 0));
  return z < 0 ? half : 1 - half;
}

{
  const { gp, best } = model(200);
  const rng = createRng('bench', 'points');
  const points = Array.from({ length: 50 }, () => Float64Array.from({ length: 6 }, rng));
  const own = momentAcquisition(gpPosterior(gp), logExpectedImprovementRule({ best }));
  const plain = plainAcquisition(gp, best);
  const sweep = (acquisition: Acquisition) => {
    const gradient = new Float64Array(6);
    let total = 0;
    for (const x of points) {
      total += acquisition.value(x, gradient);
      for (let k = 0; k < 6; k++) total += gradient[k];
    }
    return total;
  };
  const [a, b] = [sweep(own), sweep(plain)];
  // The plain normal distribution function is good to 1e-7, and the tail of EI loses more of it.
  if (!(Math.abs(a - b) < 1e-3 * Math.abs(a))) throw new Error(`LogEI differs: ${a} and ${b}`);
  const input = Float64Array.of(
    200,
    6,
    50,
    best,
    ...LENGTHSCALES,
    ...gp.X,
    ...gp.alpha,
    ...gp.L,
    ...points.flatMap((x) => [...x]),
  );
  const scores = race([
    { name: 'plain JavaScript', run: () => sweep(plain) },
    cppContender('C++ -O3', 'log-ei', [doublesFile('log-ei', input)]),
    { name: 'lemmata', run: () => sweep(own) },
  ]);
  report('bo: LogEI and gradient at 50 points, n = 200, d = 6 (bar: 5 ms)', scores);
}

{
  const { gp, best } = model(100);
  const own = momentAcquisition(gpPosterior(gp), logExpectedImprovementRule({ best }));
  const plain = plainAcquisition(gp, best);
  const search = (acquisition: Acquisition) => {
    const bounds = Array.from({ length: 6 }, () => [0, 1] as const);
    return optimizeAcquisition(acquisition, bounds, {
      rng: createRng('search'),
      evaluated: gp.X,
      lengthscales: LENGTHSCALES,
    }).value;
  };
  if (!(Math.abs(search(own) - search(plain)) < 1e-2)) throw new Error('the searches find different maxima');
  const scores = race(
    [
      { name: 'the same search over plain JavaScript', run: () => search(plain) },
      { name: 'lemmata', run: () => search(own) },
    ],
    { rounds: 11, warmup: 3 },
  );
  report('bo: acquisition search of one ask, n = 100, d = 6 (bar: 60 ms)', scores);
}

{
  const rng = createRng('bench', 'lines');
  const a = Float64Array.from({ length: 1000 }, () => sampleNormal(rng));
  const b = Float64Array.from({ length: 1000 }, () => sampleNormal(rng));
  const plain = () => {
    const sorted = Array.from(a, (intercept, i) => ({ intercept, slope: b[i] })).sort(
      (x, y) => x.slope - y.slope || x.intercept - y.intercept,
    );
    const stack: { line: (typeof sorted)[0]; from: number }[] = [];
    for (const line of sorted) {
      let from = -Infinity;
      while (stack.length > 0) {
        const top = stack[stack.length - 1];
        from = (top.line.intercept - line.intercept) / (line.slope - top.line.slope);
        if (from > top.from) break;
        stack.pop();
        from = -Infinity;
      }
      stack.push({ line, from });
    }
    let value = 0;
    for (let k = 1; k < stack.length; k++) {
      const z = -Math.abs(stack[k].from);
      value +=
        (stack[k].line.slope - stack[k - 1].line.slope) *
        (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) + z * plainCdf(z));
    }
    return value;
  };
  const own = expectedMaxAffine(a, b);
  if (!(Math.abs(plain() - own) < 1e-6)) throw new Error(`E max differs: ${plain()} and ${own}`);
  const repeat = (f: () => number) => () => {
    let total = 0;
    for (let i = 0; i < 20; i++) total += f();
    return total;
  };
  const scores = race([
    { name: 'plain JavaScript', run: repeat(plain) },
    cppContender('C++ -O3', 'max-affine', [doublesFile('lines', Float64Array.of(...a, ...b))]),
    { name: 'lemmata', run: repeat(() => expectedMaxAffine(a, b)) },
  ]);
  report('bo: E max of 1000 lines, 20 times (bar: 6 ms)', scores);
}

{
  const n = 1_000_000;
  const d = 10;
  const out = new Float64Array(n * d);
  const directions = plainDirections(d);
  const plain = () => {
    const x = new Array<number>(d).fill(0);
    for (let i = 0; i < n; i++) {
      let c = 0;
      for (let bit = i; bit & 1; bit >>>= 1) c += 1;
      for (let k = 0; k < d; k++) {
        out[i * d + k] = (x[k] >>> 0) / 2 ** 32;
        x[k] ^= directions[k][c];
      }
    }
    return out[n * d - 1];
  };
  const own = () => sobol(n, d, { scramble: 'none' }, out)[n * d - 1];
  if (plain() !== own()) throw new Error('Sobol points differ');
  const scores = race(
    [
      { name: 'plain JavaScript', run: plain },
      { name: 'lemmata', run: own },
    ],
    { rounds: 9, warmup: 2 },
  );
  report('random: a million Sobol points in 10 dimensions (bar: 150 ms)', scores);
}

/** Direction numbers read off the points themselves: point 2^c has the coordinates of V_{c+1} and its neighbours. */
function plainDirections(d: number): number[][] {
  // In Gray-code order x_{2^c} XOR x_{2^c - 1} is V_{c+1}.
  return Array.from({ length: d }, (_, k) =>
    Array.from({ length: 32 }, (_, c) => {
      if (c > 20) return 0;
      const points = sobol(2, d, { scramble: 'none', start: 2 ** c - 1 });
      return (points[k] * 2 ** 32) ^ (points[d + k] * 2 ** 32);
    }),
  );
}
