import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';

const processes = [0.2, 0.4, 0.8].map((lengthscale) =>
  bo.gpCondition(bo.matern52({ lengthscale }), [[0.1], [0.5], [0.9]], [0.3, -0.2, 0.6], { noise: 1e-3 }),
);
const make = (rule: bo.MomentRule) => processes.map((gp) => bo.momentAcquisition(bo.gpPosterior(gp), rule));
const logs = bo.averagedAcquisition(make(bo.logExpectedImprovementRule({ best: 0.6 })));
const plain = bo.averagedAcquisition(make(bo.expectedImprovementRule({ best: 0.6 })), { scale: 'linear' });

it('the logarithm of an average is that of the average, with its gradient', () => {
  for (const x of [0.05, 0.3, 0.7, 0.95]) {
    expect(logs.value(Float64Array.of(x))).toBeCloseTo(Math.log(plain.value(Float64Array.of(x))), 9);
    for (const acquisition of [logs, plain]) {
      const gradient = new Float64Array(1);
      acquisition.value(Float64Array.of(x), gradient);
      const h = 1e-6;
      const numeric = (acquisition.value(Float64Array.of(x + h)) - acquisition.value(Float64Array.of(x - h))) / (2 * h);
      expect(Math.abs(gradient[0] - numeric)).toBeLessThan(1e-4 * (1 + Math.abs(numeric)));
    }
  }
});

it('of nothing is refused', () => {
  expect(() => bo.averagedAcquisition([])).toThrow(/parts/);
  expect(() => bo.averagedAcquisition([logs], { scale: 'cubic' as never })).toThrow(/scale/);
});
