/**
 * A learner that knows Young's theory and needs one number of the matrix.
 *
 * For A + c I with constant diagonal d, the product β(c) (d + c) = ρ(d I - A) is the same for every shift c, where β is the Jacobi
 * radius; and at ω = 1 a consistently ordered matrix is solved at the rate β². So a few solves with ω = 1 tell β for all shifts, and
 * `optimalOmega` the rest.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { checkCost, type OmegaLearner } from './learner.js';
import { estimateRate, optimalOmega } from './sor-theory.js';

export interface CalibratedYoungState {
  /** Updates so far. */
  t: number;
  /** The largest √rate · (d + c) seen in the calibration, an estimate of ρ(d I - A). 0 at the start. */
  radius: number;
}

export interface CalibratedYoungOptions {
  /** The constant diagonal d of A without the shift. */
  diagonal: number;
  /** Solves with ω = 1 at the start. Default 3. */
  calibration?: number;
  /** β is taken no larger than this. Default 0.99999. */
  betaMax?: number;
}

const NAMES = { diagonal: true, calibration: true, betaMax: true } satisfies Record<keyof CalibratedYoungOptions, true>;

/**
 * ω = 1 for the first `calibration` systems, `optimalOmega`(radius / (d + c)) afterwards. The context is the shift c in A + c I.
 * For the heat step I + k P use c = 1/k and the diagonal of P.
 *
 * `update` wants the residual norms of the calibration solves. The radius is frozen after them: the rate seen near or above ω* is ω - 1
 * whatever β is, and would push the estimate, and ω after it, ever higher. Deterministic.
 *
 * @throws RangeError if diagonal + context is not positive
 *
 * @example
 * const learner = calibratedYoung({ diagonal: 4 });
 * learner.select({ t: 3, radius: 3 }, createRng(1), 1).value; //=> 1.1111111111111112
 */
export function calibratedYoung(options: CalibratedYoungOptions): OmegaLearner<CalibratedYoungState> {
  checkOptionNames('options', options, NAMES);
  const { diagonal, calibration = 3, betaMax = 0.99999 } = options;
  checkNumber('diagonal', diagonal);
  checkInteger('calibration', calibration, 1);
  checkNumber('betaMax', betaMax, 0);
  if (!(betaMax < 1)) throw new RangeError(`betaMax must be below 1, got ${betaMax}`);
  const shifted = (context: number | undefined) => {
    if (context === undefined) throw new TypeError('context must be given to this learner, got undefined');
    if (!(diagonal + context > 0)) throw new RangeError(`diagonal + context must be positive, got context ${context}`);
    return diagonal + context;
  };
  return {
    name: 'calibratedYoung',
    init: () => ({ t: 0, radius: 0 }),
    select({ t, radius }, _rng, context) {
      const size = shifted(context);
      const value = t < calibration ? 1 : optimalOmega(Math.min(radius / size, betaMax));
      return { index: -1, value, probability: 1, context: context as number };
    },
    update(state, { context }, cost, out, observation) {
      checkCost(cost);
      const size = shifted(context);
      let { radius } = state;
      if (state.t < calibration) {
        const norms = observation?.residualNorms;
        if (norms === undefined) throw new TypeError('observation.residualNorms must be given in the calibration');
        // A solve of no iteration, or one that ended exactly, shows no rate.
        const last = norms.length - 1;
        if (last >= 1 && norms[last] > 0) {
          const rate = estimateRate(norms);
          if (rate > 0 && rate < 1) radius = Math.max(radius, Math.sqrt(rate) * size);
        }
      }
      const next = out ?? { t: 0, radius: 0 };
      next.t = state.t + 1;
      next.radius = radius;
      return next;
    },
  };
}
