import { checkOption } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import type { Acquisition } from './acquisition.js';

/**
 * The average of acquisition functions: over samples of the hyper-parameters it is the integrated acquisition of J. Snoek,
 * H. Larochelle, R. P. Adams, arXiv:1206.2944, section 3.1.
 *
 * @param options.scale 'log' (default) when the functions are logarithms of what is averaged, ln (1/S) Σ exp α_s; 'linear' when
 *   they are it
 * @throws RangeError if there are none
 *
 * @example
 * const half = averagedAcquisition([{ value: () => 0 }, { value: () => -Infinity }]);
 * half.value(Float64Array.of(0)).toFixed(6); //=> '-0.693147'
 */
export function averagedAcquisition(
  parts: readonly Acquisition[],
  { scale = 'log' }: { scale?: 'log' | 'linear' } = {},
): Acquisition {
  if (parts.length === 0) throw new RangeError('parts must not be empty');
  checkOption('scale', scale, ['log', 'linear']);
  const S = parts.length;
  const values = new Float64Array(S);
  return {
    value(x, gradient) {
      const slopes = parts.map((part, s) => {
        const slope = new Float64Array(x.length);
        values[s] = gradient === undefined ? part.value(x) : part.value(x, slope);
        return slope;
      });
      gradient?.fill(0);
      let top = -Infinity;
      for (let s = 0; s < S; s++) top = Math.max(top, values[s]);
      if (scale === 'log' && top === -Infinity) return -Infinity;
      let total = 0;
      for (let s = 0; s < S; s++) total += scale === 'log' ? exp(values[s] - top) : values[s];
      if (gradient !== undefined) {
        for (let s = 0; s < S; s++) {
          const weight = scale === 'log' ? exp(values[s] - top) / total : 1 / S;
          for (let k = 0; k < x.length; k++) gradient[k] += weight * slopes[s][k];
        }
      }
      return scale === 'log' ? top + log(total / S) : total / S;
    },
  };
}
