import { checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import { task } from './index-kernel.js';
import { logHyperparameter } from './kernel.js';

/** White noise whose variance depends on the task in one column: on the diagonal of K(X, X), 0 elsewhere. */
export interface TaskNoiseKernel extends ActiveDims {
  type: 'taskNoise';
  /** One positive variance per task. */
  noise: readonly number[];
}

/**
 * Observation noise with one fitted variance per task. Its column, named by `activeDims`, holds task numbers.
 *
 * @example
 * kernelMatrix(taskNoiseKernel({ noise: [1, 4] }), [[1], [0]]); //=> Float64Array.of(4, 0, 0, 1)
 */
export function taskNoiseKernel(fields: Omit<TaskNoiseKernel, 'type'>): TaskNoiseKernel {
  checkOptionNames('fields', fields, { noise: true, activeDims: true } satisfies Record<keyof typeof fields, true>);
  checkNoise(fields, '');
  return { type: 'taskNoise', ...fields };
}

export const taskNoiseRules = /* @__PURE__ */ onActiveDims<TaskNoiseKernel>({
  check(kernel, columns, path) {
    if (columns !== 1) throw new RangeError(`${path}activeDims must name one column, got ${columns}`);
    checkNoise(kernel, path);
  },
  fill({ noise }, X, Z, lower, out) {
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      out.fill(0, i * m, i * m + (lower ? i + 1 : m));
      if (lower) out[i * m + i] = noise[task(X.data[i], noise.length)];
    }
  },
  diagonal: (_kernel, X, out) => void out.fill(0, 0, X.rows),
  contract({ noise }, X, Z, lower, S, out, at) {
    if (!lower) return;
    for (let i = 0; i < X.rows; i++) {
      const t = task(X.data[i], noise.length);
      out[at + t] += S[i * Z.rows + i] * noise[t];
    }
  },
  inputContract() {},
  diagonalInput() {},
  count: ({ noise }) => noise.length,
  list: ({ noise }, path, list) =>
    noise.forEach((value, t) => list.push(logHyperparameter(`${path}noise.${t}`, value, log(value)))),
  replace: (kernel, theta, at) => ({ ...kernel, noise: kernel.noise.map((_, t) => exp(theta[at + t])) }),
});

function checkNoise({ noise }: Omit<TaskNoiseKernel, 'type'>, path: string): void {
  checkVector(`${path}noise`, noise);
  noise.forEach((value, t) => checkPositive(`${path}noise[${t}]`, value));
}
