import { checkNumber, checkVector } from '../../internal/check.js';

/** c(x) <= 0; `gradient`, when given, is overwritten. Linear constraints: `linearConstraint`. */
export type InequalityConstraint = (x: Float64Array, gradient?: Float64Array) => number;

/** a·x - upper as a constraint. */
export function linearConstraint(a: ArrayLike<number>, upper: number): InequalityConstraint {
  checkVector('a', a);
  checkNumber('upper', upper);
  return (x, gradient) => {
    let value = -upper;
    for (let k = 0; k < x.length; k++) value += a[k] * x[k];
    if (gradient !== undefined) for (let k = 0; k < x.length; k++) gradient[k] = a[k];
    return value;
  };
}
