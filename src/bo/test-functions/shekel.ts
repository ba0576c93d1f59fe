import { checkInteger } from '../../internal/check.js';
import { box, testFunction, type TestFunction } from './test-function.js';

const BETA = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5];
/** Centres: coordinates 0 and 2, then 1 and 3. */
const EVEN = [4, 1, 8, 6, 3, 2, 5, 8, 6, 7];
const ODD = [4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6];

const OPTIMA = {
  5: { value: -10.153199679058227, even: 4.000037152819676, odd: 4.00013327659156 },
  7: { value: -10.402915336777743, even: 4.000572819251117, odd: 3.999606209609689 },
  10: { value: -10.536443153483528, even: 4.000746868270634, odd: 3.9995094800857736 },
};

/**
 * Shekel's foxholes -Σ_i 1/(|x - c_i|² + β_i) on [0, 10]⁴ with m = 5, 7 or 10 holes.
 *
 * J. Shekel, "Test functions for multimodal search techniques", Princeton Conference on Information Science (1971).
 */
export function shekel(m: 5 | 7 | 10): TestFunction {
  checkInteger('m', m, 1);
  const found = OPTIMA[m];
  if (found === undefined) throw new RangeError(`m must be one of 5, 7, 10, got ${String(m)}`);
  const { value, even, odd } = found;
  return testFunction({
    name: `shekel${m}`,
    dim: 4,
    bounds: box(4, 0, 10),
    evaluate(x) {
      let total = 0;
      for (let i = 0; i < m; i++) {
        let distance = BETA[i];
        for (let k = 0; k < 4; k++) {
          const t = x[k] - (k % 2 === 0 ? EVEN[i] : ODD[i]);
          distance += t * t;
        }
        total -= 1 / distance;
      }
      return total;
    },
    optimum: { value, minimizers: [[even, odd, even, odd]] },
  });
}
