// The functions of bo.json that live in inference.
import { dualAveraging, leapfrog, sghmcStep } from '../../../src/inference/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  dualAveraging: ({ acceptProbs, ...options }) => {
    const averaging = dualAveraging(options as never);
    let state = averaging.init();
    return (acceptProbs as number[]).map((probability) => {
      state = averaging.update(state, probability);
      return [averaging.step(state), averaging.averagedStep(state)];
    });
  },
  leapfrog: ({ precision, position, momentum, step, steps }) =>
    leapfrog(quadratic(precision), { position, momentum }, { step, steps }),
  sghmcStep: ({ position, velocity, gradient, normal, step, friction, gradSquareMean }) =>
    sghmcStep({ position, velocity }, gradient, normal, { step, friction, gradientSquareMean: gradSquareMean }),
};

/** The log density -xᵀ A x / 2 that the cases of leapfrog name by A. */
function quadratic(A: number[][]) {
  return (x: Float64Array, gradient: Float64Array) => {
    A.forEach((row, i) => (gradient[i] = -row.reduce((total, a, j) => total + a * x[j], 0)));
    return 0.5 * gradient.reduce((total, g, i) => total + g * x[i], 0);
  };
}
