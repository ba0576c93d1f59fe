import type { Acquisition } from '../acquisition/acquisition.js';
import { evaluateMany } from '../acquisition/constrained-expected-improvement.js';
import type { SearchSpace } from './search-space.js';
import { featureCount, featureRows, isContinuous, spaceFeatures } from './space-kernel.js';

/**
 * An acquisition function of a space's features, seen as a function of codes.
 *
 * The gradient is that of the coordinates that can move: real ones, while their parameter is active. All others are
 * constant between the values that they can take, and have gradient 0.
 */
export function spaceAcquisition(space: SearchSpace, acquisition: Acquisition): Acquisition {
  if (isContinuous(space)) return acquisition;
  const { dimension } = space;
  const count = featureCount(space);
  const discrete = new Set(space.blocks.flatMap(({ dims }) => dims));
  const conditionOf = new Int32Array(dimension).fill(-1);
  space.conditional.forEach((name, i) => {
    const { at, width } = space.columns[name];
    conditionOf.fill(i, at, at + width);
  });
  return {
    value(x, gradient) {
      const features = spaceFeatures(space, x);
      if (gradient === undefined) return acquisition.value(features);
      const all = new Float64Array(count);
      const value = acquisition.value(features, all);
      for (let k = 0; k < dimension; k++) {
        const condition = conditionOf[k];
        const moves = !discrete.has(k) && (condition < 0 || features[dimension + condition] === 1);
        gradient[k] = moves ? all[k] : 0;
      }
      return value;
    },
    values(X, rows) {
      const { data } = featureRows(space, rows, (j) => X.subarray(j * dimension, (j + 1) * dimension));
      return evaluateMany(acquisition, data, rows);
    },
  };
}
