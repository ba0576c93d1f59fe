import * as optimize from '../../src/optimize/index.js';
import { createRng } from '../../src/random/index.js';
import { exp } from '../../src/special/index.js';
import { bitsOf } from './bits-of.js';

/** Every minimiser, root finder, projection and stepper, one short run each. */
export function optimizeDigest(): string {
  const values: number[] = [];
  const rosenbrock = (x: Float64Array, g: Float64Array, H?: Float64Array) => {
    const a = x[1] - x[0] * x[0];
    g[0] = -400 * a * x[0] - 2 * (1 - x[0]);
    g[1] = 200 * a;
    H?.set([1200 * x[0] * x[0] - 400 * x[1] + 2, -400 * x[0], -400 * x[0], 200]);
    return 100 * a * a + (1 - x[0]) * (1 - x[0]);
  };
  const free = optimize.minimizeLbfgsb(rosenbrock, [-1.2, 1]);
  const boxed = optimize.minimizeLbfgsb(rosenbrock, [-1.2, 1], { lower: [-2, -1], upper: [0.3, 2] });
  for (const { x, value, gradient, evaluations } of [free, boxed]) values.push(...x, value, ...gradient, evaluations);
  const newton = optimize.minimizeNewton(rosenbrock, [-1.2, 1]);
  values.push(...newton.x, newton.value, newton.evaluations);
  values.push(
    optimize.minimizeMultiStart(rosenbrock, [
      [3, 3],
      [0, 0],
    ]).best.value,
  );
  const decay = (x: number) => exp(-x) - 0.3 * x;
  values.push(optimize.brentRoot(decay, 0, 3).x, optimize.bisect(decay, 0, 3).x);
  values.push(optimize.newtonRoot(decay, (x) => -exp(-x) - 0.3, 0, 3).x);
  const well = (x: number) => x * x - exp(-(x - 1) * (x - 1));
  values.push(optimize.brentMinimize(well, -1, 2).x, optimize.goldenSectionMinimize(well, { low: -1, high: 2 }).x);
  const rng = createRng('bits', 'optimize');
  for (let run = 0; run < 10; run++) {
    const v = Float64Array.from({ length: 4 }, () => 4 * rng() - 2);
    values.push(...optimize.projectSimplex(v), ...optimize.projectBall(v, 0.7));
    const H = Array.from({ length: 4 }, (_, i) => v.map((x, j) => x * v[i] + (i === j ? 0.5 : 0)));
    values.push(...optimize.projectBallMahalanobis(v, H, 0.7));
    const bound = Array.from({ length: 4 }, () => rng());
    values.push(...optimize.boxLeastSquares(H, v, bound));
    const lp = optimize.linearProgram(v, {
      upper: { matrix: H, bound },
      equal: { matrix: [[1, 1, 0, 0]], bound: [0.1] },
    });
    values.push(...lp.x, lp.iterations);
  }
  const steppers = [
    optimize.sgd({ learningRate: 1e-3, momentum: 0.9 }),
    optimize.adam({ learningRate: optimize.cosineSchedule({ learningRate: 0.1, steps: 40 }) }),
    optimize.adamW(),
    optimize.rmsProp(),
  ];
  for (const stepper of steppers) {
    const parameters = Float64Array.of(-1.2, 1);
    const gradient = new Float64Array(2);
    const out = { state: stepper.init(2), parameters };
    for (let t = 0; t < 50; t++) {
      rosenbrock(parameters, gradient);
      stepper.update(out.state, gradient, parameters, out);
    }
    values.push(...parameters);
  }
  return bitsOf(values);
}
