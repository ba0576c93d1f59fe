/** Thompson sampling: the maximizer of one draw of the objective. W. R. Thompson, Biometrika 25 (1933) 285-294. */
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { queryPoints, type GpState } from '../gp/gp-state.js';
import { gpSamplePaths, pathValue } from '../gp/paths.js';
import { gpSample } from '../gp/sample.js';
import { checkBounds } from './bounds.js';
import { optimizeAcquisition } from './optimize-acquisition.js';

export interface ThompsonOptions {
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/**
 * Row of the candidates at which one joint draw of the posterior is best. O(m³) for m candidates, exact.
 *
 * @throws RangeError if there are no candidates
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 0.2 }), [[0], [1]], [0, 5], { noise: 1e-6 });
 * thompsonSample(gp, [[0], [1]], createRng(1)); //=> 1
 */
export function thompsonSample(
  gp: GpState,
  candidates: MatrixLike,
  rng: Rng,
  { maximize = true }: ThompsonOptions = {},
): number {
  const points = queryPoints(gp, candidates, 'candidates');
  if (points.rows === 0) throw new RangeError('candidates must not be empty');
  const draw = gpSample(gp, points, 1, rng);
  let best = 0;
  for (let j = 1; j < draw.length; j++) if (maximize ? draw[j] > draw[best] : draw[j] < draw[best]) best = j;
  return best;
}

/** An optimum of a box under one draw of the objective. */
export interface SampledOptimum {
  x: Float64Array;
  /** Value of the draw there. */
  value: number;
}

/**
 * The optimum over a box of one pathwise draw of the posterior, found by `optimizeAcquisition`. For kernels with a spectral
 * density.
 */
export function thompsonPath(
  gp: GpState,
  bounds: readonly (readonly [number, number])[],
  rng: Rng,
  options: ThompsonOptions = {},
): SampledOptimum {
  return sampleOptima(gp, bounds, 1, rng, options)[0];
}

/** n such optima, from n paths that share their frequencies: samples of (x*, f*) for entropy search. */
export function sampleOptima(
  gp: GpState,
  bounds: readonly (readonly [number, number])[],
  n: number,
  rng: Rng,
  { maximize = true }: ThompsonOptions = {},
): SampledOptimum[] {
  const sign = maximize ? 1 : -1;
  checkBounds(bounds, gp.n > 0 ? gp.d : undefined);
  return gpSamplePaths(gp, n, rng).map((path) => {
    const { x, value } = optimizeAcquisition(
      {
        value(at, gradient) {
          const height = sign * pathValue(path, at, gradient);
          if (gradient !== undefined && sign < 0) for (let k = 0; k < gradient.length; k++) gradient[k] = -gradient[k];
          return height;
        },
      },
      bounds,
      { rng, rawSamples: 256, restarts: 4, maxIterations: 50 },
    );
    return { x, value: sign * value };
  });
}
