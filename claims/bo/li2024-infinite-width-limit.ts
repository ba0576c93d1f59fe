import { kernelValue, mlp, mlpFeatures, nngpRelu } from 'lemmata/bo';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { meanAndError } from './paired.js';

export const claim: Claim = {
  id: 'li2024-infinite-width-limit',
  seed: 'A Study of Bayesian Neural Network Surrogates',
  reference: 'arXiv:2305.20028',
  statement:
    'The infinitely wide Bayesian network is the limit of wide ones: their prior covariance tends to the NNGP kernel.',
  source: 'Section 3.5',
  expected:
    'at every width and pair, the mean over weight draws of b + (w/width) Σ φ(x) φ(z) is within 5 standard errors plus 2/width of the kernel, relatively; the spread of one draw falls as width^-1/2 (ratio of deviations from width 16 to 256 between 2.8 and 5.6, expected 4)',
  run({ scale, seed, onProgress }) {
    const [w, b, depth] = [2, 0.3, 2];
    const widths = scale === 'full' ? [16, 32, 64, 128, 256, 512] : [16, 64, 256];
    const draws = scale === 'full' ? 2000 : 300;
    const pairs = [
      [
        [0.2, -0.4, 0.9],
        [0.2, -0.4, 0.9],
      ],
      [
        [0.2, -0.4, 0.9],
        [0.5, 0.1, -0.3],
      ],
      [
        [1, 1, 0],
        [-1, -1, 0],
      ],
    ];
    const kernel = nngpRelu({ weightVariance: w, biasVariance: b, depth });
    let worst = 0;
    const spread = new Map<number, number>();
    const points: { x: number; y: number; series: string }[] = [];
    widths.forEach((width, i) => {
      const net = mlp({ inputs: 3, hidden: new Array<number>(depth).fill(width), activation: 'relu' });
      const rng = createRng(seed, 'weights', width);
      const ratios: number[][] = pairs.map(() => []);
      for (let s = 0; s < draws; s++) {
        const theta = new Float64Array(net.parameterCount);
        let at = 0;
        for (let l = 1; l < net.widths.length; l++) {
          const fanIn = net.widths[l - 1];
          for (let p = 0; p < net.widths[l] * fanIn; p++) theta[at++] = Math.sqrt(w / fanIn) * sampleNormal(rng);
          for (let o = 0; o < net.widths[l]; o++) theta[at++] = Math.sqrt(b) * sampleNormal(rng);
        }
        pairs.forEach((pair, k) => {
          const features = mlpFeatures(net, theta, pair);
          let inner = 0;
          for (let u = 0; u < width; u++) inner += features[u] * features[width + u];
          ratios[k].push((b + (w / width) * inner) / kernelValue(kernel, pair[0], pair[1]));
        });
        onProgress((i + (s + 1) / draws) / widths.length);
      }
      ratios.forEach((values, k) => {
        const { mean, standardError } = meanAndError(values);
        worst = Math.max(worst, Math.abs(mean - 1) / (5 * standardError + 2 / width));
        if (k === 1) spread.set(width, standardError * Math.sqrt(draws));
        points.push({ x: width, y: standardError * Math.sqrt(draws), series: `pair ${k + 1}` });
      });
    });
    const ratio = spread.get(16)! / spread.get(256)!;
    return {
      measured: `largest deviation ${worst.toFixed(2)} of what is allowed; deviation of one draw falls by ${ratio.toFixed(2)} from width 16 to 256`,
      verdict: worst <= 1 && ratio > 2.8 && ratio < 5.6 ? 'reproduced' : 'not reproduced',
      note: `ReLU, two hidden layers, ${draws} draws a width.`,
      figure: {
        title: 'Deviation of the covariance of one network from the infinite one, relative',
        x: { label: 'width', type: 'log' },
        y: { label: 'deviation', type: 'log' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};
