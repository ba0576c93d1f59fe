// One trajectory of leapfrog, iterations of HMC, steps of SGHMC and sweeps of slice sampling, on Gaussian densities so cheap that
// the sampler itself is what is timed.
//
// Peers: the same loops in C++ (g++ -O3 -march=native, std::mt19937_64 and std::normal_distribution), and JavaScript on plain
// arrays as it is usually written, with Math.exp, Math.log and Box and Muller's normals from Math.random. The deterministic
// leapfrog is compared to ten digits first; the others by the second moment of a coordinate, within six standard errors.
import { hmc, leapfrog, sghmc, sliceSample } from 'lemmata/inference';
import { createRng, sampleNormal } from 'lemmata/random';
import { type Contender, race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

const none = doublesFile('none', Float64Array.of(0));

{
  const [d, steps] = [200, 500];
  const rng = createRng('bench', 'leapfrog');
  const precision = Float64Array.from({ length: d }, () => 0.5 + rng());
  const position = Float64Array.from({ length: d }, () => sampleNormal(rng));
  const momentum = Float64Array.from({ length: d }, () => sampleNormal(rng));
  const density = (x: Float64Array, gradient: Float64Array) => {
    let value = 0;
    for (let i = 0; i < d; i++) {
      gradient[i] = -precision[i] * x[i];
      value += 0.5 * gradient[i] * x[i];
    }
    return value;
  };
  const total = (values: ArrayLike<number>) => Array.from(values).reduce((s, v) => s + v, 0);
  const ours = () => {
    const end = leapfrog(density, { position, momentum }, { step: 0.01, steps });
    return end.logDensity + total(end.position) + total(end.momentum);
  };
  const naive = () => {
    const [scale, start, speed] = [precision, position, momentum].map((v) => Array.from(v));
    const slope = (x: number[]) => x.map((v, i) => -scale[i] * v);
    let [x, p] = [start, speed];
    let g = slope(x);
    for (let l = 0; l < steps; l++) {
      const half = p.map((v, i) => v + 0.005 * g[i]);
      x = x.map((v, i) => v + 0.01 * half[i]);
      g = slope(x);
      p = half.map((v, i) => v + 0.005 * g[i]);
    }
    return x.reduce((s, v, i) => s - 0.5 * scale[i] * v * v, 0) + total(x) + total(p);
  };
  const cpp = cppContender('C++', 'mcmc', [
    'leapfrog',
    doublesFile('leapfrog', Float64Array.of(...precision, ...position, ...momentum)),
    d,
    steps,
  ]);
  const check = ours();
  for (const value of [naive(), ...(cpp ? [cpp.run()] : [])]) {
    if (!(Math.abs(value - check) < 1e-8 * (1 + Math.abs(check)))) throw new Error(`${value} against ${check}`);
  }
  report(
    `leapfrog, ${steps} steps in ${d} dimensions`,
    race([cpp, { name: 'lemmata leapfrog', run: ours }, { name: 'JavaScript, arrays', run: naive }]),
  );
}

{
  const [d, iterations, L] = [30, 400, 10];
  const rng = createRng('bench', 'hmc');
  const roots = Array.from({ length: d }, () => Array.from({ length: d }, () => sampleNormal(rng) / Math.sqrt(4 * d)));
  const A = roots.map((r, i) => roots.map((s, j) => r.reduce((t, v, k) => t + v * s[k], i === j ? 1 : 0)));
  const flat = Float64Array.of(...A.flat());
  const density = (x: Float64Array, gradient: Float64Array) => {
    let value = 0;
    for (let i = 0; i < d; i++) {
      let s = 0;
      for (let j = 0; j < d; j++) s += flat[i * d + j] * x[j];
      gradient[i] = -s;
      value -= 0.5 * x[i] * s;
    }
    return value;
  };
  const stream = createRng('bench', 'hmc', 'run');
  const ours = () => {
    const options = { samples: iterations, burnIn: 0, stepSize: 0.1, pathLength: 0.1 * L, maxLeapfrog: L };
    const { samples } = hmc(density, new Float64Array(d), stream, options);
    let squares = 0;
    for (let s = 0; s < iterations; s++) squares += samples[s * d] * samples[s * d];
    return squares / iterations;
  };
  const naive = () => {
    const slope = (x: number[]) => A.map((row) => -row.reduce((s, a, j) => s + a * x[j], 0));
    const energy = (x: number[], p: number[], g: number[]) =>
      p.reduce((s, v) => s + 0.5 * v * v, 0) - 0.5 * x.reduce((s, v, i) => s + v * g[i], 0);
    let x: number[] = new Array<number>(d).fill(0);
    let squares = 0;
    for (let t = 0; t < iterations; t++) {
      let p = x.map(boxMuller);
      let g = slope(x);
      const before = energy(x, p, g);
      let y = x;
      for (let l = 0; l < L; l++) {
        const half = p.map((v, i) => v + 0.05 * g[i]);
        y = y.map((v, i) => v + 0.1 * half[i]);
        g = slope(y);
        p = half.map((v, i) => v + 0.05 * g[i]);
      }
      if (Math.random() < Math.exp(before - energy(y, p, g))) x = y;
      squares += x[0] * x[0];
    }
    return squares / iterations;
  };
  const cpp = cppContender('C++', 'mcmc', ['hmc', doublesFile('hmc', flat), d, iterations, L]);
  agree([cpp, { name: 'ours', run: ours }, { name: 'naive', run: naive }]);
  report(
    `HMC, ${iterations} iterations of ${L} leapfrogs in ${d} dimensions`,
    race([cpp, { name: 'lemmata hmc', run: ours }, { name: 'JavaScript, arrays', run: naive }]),
  );
}

{
  const [d, steps] = [500, 400];
  const stream = createRng('bench', 'sghmc');
  const gradient = (theta: Float64Array, _rng: unknown, out: Float64Array) => out.set(theta);
  const ours = () => {
    const { samples } = sghmc(gradient, new Float64Array(d), stream, { steps, burnIn: 0, keepEvery: steps });
    return samples[0];
  };
  const naive = () => {
    let x: number[] = new Array<number>(d).fill(0);
    let v = x;
    const deviation = Math.sqrt(2e-4 * 0.05 - 1e-8);
    for (let t = 0; t < steps; t++) {
      const g = x;
      v = v.map((old, i) => old - 1e-4 * g[i] - 0.05 * old + deviation * boxMuller());
      x = x.map((old, i) => old + v[i]);
    }
    return x[0];
  };
  const cpp = cppContender('C++', 'mcmc', ['sghmc', none, d, steps]);
  report(
    `SGHMC, ${steps} steps of ${d} parameters`,
    race([cpp, { name: 'lemmata sghmc', run: ours }, { name: 'JavaScript, arrays', run: naive }]),
  );
}

{
  const [d, sweeps] = [10, 1000];
  const stream = createRng('bench', 'slice');
  const density = (x: Float64Array) => {
    let value = 0;
    for (let i = 0; i < d; i++) value -= 0.5 * x[i] * x[i];
    return value;
  };
  const ours = () => {
    const { samples } = sliceSample(density, new Float64Array(d), stream, { samples: sweeps, burnIn: 0 });
    let squares = 0;
    for (let s = 0; s < sweeps; s++) squares += samples[s * d] * samples[s * d];
    return squares / sweeps;
  };
  const naive = () => {
    const logDensity = (x: number[]) => x.reduce((s, v) => s - 0.5 * v * v, 0);
    let x: number[] = new Array<number>(d).fill(0);
    let squares = 0;
    for (let s = 0; s < sweeps; s++) {
      for (let i = 0; i < d; i++) {
        const with_ = (v: number) => x.map((old, k) => (k === i ? v : old));
        const level = logDensity(x) + Math.log(Math.random());
        let left = x[i] - Math.random();
        let right = left + 1;
        while (logDensity(with_(left)) > level) left -= 1;
        while (logDensity(with_(right)) > level) right += 1;
        for (;;) {
          const candidate = left + (right - left) * Math.random();
          const next = with_(candidate);
          if (logDensity(next) > level) {
            x = next;
            break;
          }
          if (candidate < x[i]) left = candidate;
          else right = candidate;
        }
      }
      squares += x[0] * x[0];
    }
    return squares / sweeps;
  };
  const cpp = cppContender('C++', 'mcmc', ['slice', none, d, sweeps]);
  agree([cpp, { name: 'ours', run: ours }, { name: 'naive', run: naive }]);
  report(
    `slice sampling, ${sweeps} sweeps of ${d} coordinates`,
    race([cpp, { name: 'lemmata sliceSample', run: ours }, { name: 'JavaScript, arrays', run: naive }]),
  );
}

/** Each contender's mean over 40 runs, within six standard errors of the first one's. */
function agree(entries: (Contender | undefined)[]): void {
  const laws = entries
    .filter((entry) => entry !== undefined)
    .map(({ name, run }) => {
      const values = Array.from({ length: 40 }, run);
      const mean = values.reduce((s, v) => s + v / 40, 0);
      return { name, mean, variance: values.reduce((s, v) => s + (v - mean) ** 2 / 39, 0) / 40 };
    });
  for (const { name, mean, variance } of laws) {
    const error = Math.sqrt(variance + laws[0].variance);
    if (!(Math.abs(mean - laws[0].mean) < 6 * error)) throw new Error(`${name}: ${mean} against ${laws[0].mean}`);
  }
}

function boxMuller(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
