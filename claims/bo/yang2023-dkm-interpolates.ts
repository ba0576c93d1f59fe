import { dkmObjective, fitDkm } from 'lemmata/bo';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'yang2023-dkm-interpolates',
  seed: 'Deep kernel machines',
  reference: 'arXiv:2108.13097',
  statement:
    'The deep kernel machine goes from the infinitely wide network, which learns no representation, to representations that follow the targets, as ν falls.',
  source: 'Sections 3 and 4, equation 20',
  expected:
    'from ν = 1000 to 0.1 the alignment of the top Gram matrix with y yᵀ and the log likelihood never fall and together rise by more than 0.1 and 1 nat; at ν = 1000 the Gram matrices are those of the infinite network within 2 %',
  headline: true,
  run({ scale, seed, onProgress }) {
    const n = scale === 'full' ? 40 : 16;
    const rng = createRng(seed, 'data');
    const X = Array.from({ length: n }, () => Array.from({ length: 4 }, () => sampleNormal(rng)));
    const y = X.map(([a, b]) => Math.sign(a) * Math.abs(b) + 0.1 * sampleNormal(rng));
    const mean = y.reduce((s, v) => s + v, 0) / n;
    const centred = y.map((v) => v - mean);
    const nus = [1000, 100, 10, 3, 1, 0.3, 0.1];
    const rows = nus.map((nu, i) => {
      const state = fitDkm(X, centred, { nu, noise: 0.1, layers: 2, kernel: 'relu', maxIterations: 400 });
      onProgress((i + 1) / nus.length);
      return {
        nu,
        alignment: alignment(state.grams[2], centred, n),
        logLikelihood: state.logLikelihood,
        grams: state.grams,
      };
    });
    const wide = rows[0].grams;
    const infinite = fitDkm(X, centred, { nu: 1, noise: 0.1, layers: 2, kernel: 'relu', maxIterations: 0 }).grams;
    let distance = 0;
    for (const l of [1, 2]) distance = Math.max(distance, relativeDistance(wide[l], infinite[l]));
    const rising = rows.every(
      (row, i) =>
        i === 0 ||
        (row.alignment >= rows[i - 1].alignment - 1e-3 && row.logLikelihood >= rows[i - 1].logLikelihood - 1e-3),
    );
    const last = rows[rows.length - 1];
    const gain = last.alignment - rows[0].alignment;
    const nats = last.logLikelihood - rows[0].logLikelihood;
    const off = dkmObjective(
      { data: infinite[0], rows: n, columns: n },
      infinite.slice(1).map((data) => ({ data, rows: n, columns: n })),
      null,
    ).value;
    return {
      measured: `alignment ${rows[0].alignment.toFixed(3)} to ${last.alignment.toFixed(3)}, log likelihood ${rows[0].logLikelihood.toFixed(2)} to ${last.logLikelihood.toFixed(2)}; at ν = 1000 ${(100 * distance).toFixed(2)} % from the infinite network`,
      verdict:
        rising && gain > 0.1 && nats > 1 && distance < 0.02 && Math.abs(off) < 1e-6 ? 'reproduced' : 'not reproduced',
      note: `${n} points, two layers, ReLU. Alignment: <G, y yᵀ> / (|G| |y yᵀ|).`,
      figure: {
        title: 'Alignment of the top Gram matrix with the targets',
        x: { label: 'ν', type: 'log' },
        y: { label: 'alignment' },
        marks: [{ kind: 'line', points: rows.map((row) => ({ x: row.nu, y: row.alignment })) }],
      },
    };
  },
};

function alignment(G: Float64Array, y: number[], n: number): number {
  let product = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      product += G[i * n + j] * y[i] * y[j];
      squares += G[i * n + j] ** 2;
    }
  }
  return product / (Math.sqrt(squares) * y.reduce((s, v) => s + v * v, 0));
}

function relativeDistance(A: Float64Array, B: Float64Array): number {
  let difference = 0;
  let size = 0;
  A.forEach((a, p) => {
    difference += (a - B[p]) ** 2;
    size += B[p] ** 2;
  });
  return Math.sqrt(difference / size);
}
