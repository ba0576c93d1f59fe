// Reading a training run: reward against divergence, curves with a turning point, and which side of a pair a loss pushes.
//
// L. Gao, J. Schulman, J. Hilton, arXiv:2210.10760 (reward against KL). Z. Shi et al., arXiv:2410.11677 (win
// probability against likelihood, fitted by parabolas).

import { checkVector } from '../../internal/check.js';
import type { PairLossResult } from '../losses/pair-batch.js';

/**
 * Indices of the points of a run that no other point beats: none has at most their divergence and at least their reward,
 * and one of the two strictly. Ascending divergence; of equal points the first. O(n log n).
 *
 * @param kl divergences from the reference
 * @param rewards expected rewards
 * @throws RangeError if the lengths differ or an entry is not finite
 *
 * @example
 * rewardKLFrontier([0, 2, 1, 3], [0, 5, 6, 7]); //=> Int32Array.of(0, 2, 3)
 */
export function rewardKLFrontier(kl: ArrayLike<number>, rewards: ArrayLike<number>): Int32Array {
  checkVector('kl', kl);
  checkVector('rewards', rewards, kl.length);
  const order = Array.from({ length: kl.length }, (_, i) => i).sort(
    (i, j) => kl[i] - kl[j] || rewards[j] - rewards[i] || i - j,
  );
  const frontier: number[] = [];
  let best = -Infinity;
  for (const i of order) {
    if (rewards[i] > best) {
      best = rewards[i];
      frontier.push(i);
    }
  }
  return Int32Array.from(frontier);
}

export interface ParabolaFit {
  /** y ≈ c₀ + c₁ x + c₂ x². */
  coefficients: [number, number, number];
  /** Where the parabola turns, -c₁/(2c₂); absent when c₂ is 0. */
  vertex?: number;
  /** 1 - residual sum of squares / total sum of squares; 1 for constant y. */
  rSquared: number;
}

/**
 * Least-squares parabola, as it is laid through curves of win probability against likelihood.
 *
 * By polynomials that are orthogonal on the points (G. E. Forsythe, 1957), which are not harmed by large or close x.
 * Relative error of the fitted values about 1e-15 times the spread of y. O(n).
 *
 * @throws RangeError if the lengths differ, an entry is not finite, or there are fewer than three different x
 *
 * @example
 * polyfit2([0, 1, 2, 3], [1, 0, 1, 4]).coefficients.map((c) => c.toFixed(12)); //=> ['1.000000000000', '-2.000000000000', '1.000000000000']
 */
export function polyfit2(x: ArrayLike<number>, y: ArrayLike<number>): ParabolaFit {
  checkVector('x', x);
  checkVector('y', y, x.length);
  const n = x.length;
  if (new Set(Array.from(x)).size < 3) throw new RangeError('x must hold at least three different values');
  let mean = 0;
  let yMean = 0;
  for (let i = 0; i < n; i++) {
    mean += x[i] / n;
    yMean += y[i] / n;
  }
  // q₁ = x - mean, q₂ = q₁² - a q₁ - b with a = Σq₁³/Σq₁², b = Σq₁²/n.
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < n; i++) {
    const u = x[i] - mean;
    s2 += u * u;
    s3 += u * u * u;
  }
  const a = s3 / s2;
  const b = s2 / n;
  let y1 = 0;
  let y2 = 0;
  let n2 = 0;
  for (let i = 0; i < n; i++) {
    const u = x[i] - mean;
    const q2 = u * u - a * u - b;
    y1 += u * (y[i] - yMean);
    y2 += q2 * (y[i] - yMean);
    n2 += q2 * q2;
  }
  const b1 = y1 / s2;
  const b2 = y2 / n2;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const u = x[i] - mean;
    const error = y[i] - yMean - b1 * u - b2 * (u * u - a * u - b);
    residual += error * error;
    total += (y[i] - yMean) * (y[i] - yMean);
  }
  // Back to powers of x: yMean + b₁ u + b₂ (u² - a u - b), u = x - mean.
  const linear = b1 - a * b2;
  const coefficients: [number, number, number] = [
    yMean - b * b2 - linear * mean + b2 * mean * mean,
    linear - 2 * b2 * mean,
    b2,
  ];
  return {
    coefficients,
    ...(b2 === 0 ? {} : { vertex: mean - linear / (2 * b2) }),
    rSquared: total === 0 ? 1 : 1 - residual / total,
  };
}

/**
 * |∂L/∂ log π(y_w)| / |∂L/∂ log π(y_l)| for each pair: above 1 a loss works more on raising the chosen response, below 1
 * more on lowering the rejected one, and 1 for every loss of the difference alone.
 *
 * 1 where both derivatives have vanished, Infinity where only that of the rejected one has.
 *
 * @param result of any pair loss
 * @throws RangeError if the lengths differ or a derivative is not finite
 *
 * @example
 * gradientNormRatio(dpoLoss({ policyChosen: [-3], policyRejected: [-4] })); //=> Float64Array.of(1)
 */
export function gradientNormRatio(result: Pick<PairLossResult, 'gradChosen' | 'gradRejected'>): Float64Array {
  const { gradChosen, gradRejected } = result;
  checkVector('gradChosen', gradChosen);
  checkVector('gradRejected', gradRejected, gradChosen.length);
  return gradChosen.map((g, i) => (g === 0 && gradRejected[i] === 0 ? 1 : Math.abs(g) / Math.abs(gradRejected[i])));
}
