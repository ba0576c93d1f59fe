import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';

// Without data there is nothing to improve on: an infinite or missing incumbent is a mistake of the caller.
const rules = {
  expectedImprovement: bo.expectedImprovement,
  logExpectedImprovement: bo.logExpectedImprovement,
  probabilityOfImprovement: bo.probabilityOfImprovement,
  logProbabilityOfImprovement: bo.logProbabilityOfImprovement,
};
for (const [name, rule] of Object.entries(rules)) {
  it.each([Infinity, -Infinity, NaN])(`${name} refuses the incumbent %s, for either direction`, (best) => {
    for (const maximize of [true, false]) {
      expect(() => rule(0, 1, { best, maximize })).toThrow(RangeError);
      expect(() => rule(0, 1, { best, maximize })).toThrow(/best/);
      expect(() => rule(0, 0, { best, maximize })).toThrow(/best/);
    }
  });
}
