/**
 * Expected improvement per unit of cost, where ln c(x) ~ N(m, v) has a model of its own.
 *
 * J. Snoek, H. Larochelle, R. P. Adams, arXiv:1206.2944, section 3.2; the exponent κ that cools from 1 to 0 with the budget is
 * that of E. H. Lee, V. Perrone, C. Archambeau, M. Seeger, arXiv:2003.10870, equation 4.
 */
import { checkNumber, checkOptionNames } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { momentAcquisition, type Acquisition, type MomentValue } from './acquisition.js';
import { sumOfAcquisitions } from './constrained-expected-improvement.js';
import {
  expectedImprovementRule,
  IMPROVEMENT_NAMES,
  logExpectedImprovementRule,
  type ImprovementOptions,
} from './expected-improvement.js';
import type { Posterior } from './posterior.js';

export interface CostMoments {
  /** Mean m of ln c. */
  logCostMean: number;
  /** Deviation √v of ln c. Default 0. */
  logCostStd?: number;
  /** Exponent κ of the cost. Default 1. */
  exponent?: number;
}

/** A value with its derivatives in the moments of the objective and of ln c. */
export interface CostMomentValue extends MomentValue {
  dLogCostMean: number;
  dLogCostStd: number;
}

/**
 * EI · E[c^-κ] = EI exp(-κ m + κ² v/2), with derivatives in all moments.
 *
 * @throws RangeError if a deviation or κ is negative, or a number is not finite
 *
 * @example
 * expectedImprovementPerCost(0, 1, { best: 0, logCostMean: Math.log(2) }).value.toFixed(6); //=> '0.199471'
 */
export function expectedImprovementPerCost(
  mean: number,
  std: number,
  options: ImprovementOptions & CostMoments,
): CostMomentValue {
  const { best, maximize = true, logCostMean, logCostStd = 0, exponent = 1 } = checkCost(options);
  checkNumber('mean', mean);
  const improvement = expectedImprovementRule({ best, maximize })(mean, checkNumber('std', std, 0));
  const factor = exp(-exponent * logCostMean + 0.5 * exponent * exponent * logCostStd * logCostStd);
  // No improvement is worth nothing at any price: 0 times what overflows is 0.
  const times = (slope: number) => (slope === 0 ? 0 : slope * factor);
  const value = times(improvement.value);
  return {
    value,
    dMean: times(improvement.dMean),
    dStd: times(improvement.dStd),
    dLogCostMean: exponent === 0 || value === 0 ? 0 : -exponent * value, // never -0
    dLogCostStd: exponent === 0 || logCostStd === 0 ? 0 : exponent * exponent * logCostStd * value,
  };
}

/** ln EI - κ m, with derivatives: per median cost, so that an uncertain cost is no reason to evaluate. */
export function logExpectedImprovementPerCost(
  mean: number,
  std: number,
  options: ImprovementOptions & CostMoments,
): CostMomentValue {
  const { best, maximize = true, logCostMean, exponent = 1 } = checkCost(options);
  checkNumber('mean', mean);
  const improvement = logExpectedImprovementRule({ best, maximize })(mean, checkNumber('std', std, 0));
  return {
    ...improvement,
    value: improvement.value - exponent * logCostMean,
    dLogCostMean: -exponent,
    dLogCostStd: 0,
  };
}

/** The exponent that cools with the budget: (budget - spent)/(budget - initial), within [0, 1]. */
export function costCooling(budget: number, spent: number, initial = 0): number {
  checkNumber('budget', budget);
  checkNumber('initial', initial, 0, budget);
  const left = budget - checkNumber('spent', spent, 0);
  return budget > initial ? Math.min(1, Math.max(0, left / (budget - initial))) : 0;
}

/** A log acquisition minus κ times the mean of ln c. */
export function acquisitionPerCost(acquisition: Acquisition, logCost: Posterior, exponent = 1): Acquisition {
  checkNumber('exponent', exponent, 0);
  const cost = momentAcquisition(logCost, (mean) => ({ value: -exponent * mean, dMean: -exponent, dStd: 0 }));
  return sumOfAcquisitions([acquisition, cost]);
}

const NAMES = { ...IMPROVEMENT_NAMES, logCostMean: true, logCostStd: true, exponent: true } satisfies Record<
  keyof (ImprovementOptions & CostMoments),
  true
>;

function checkCost(options: ImprovementOptions & CostMoments): ImprovementOptions & CostMoments {
  checkOptionNames('options', options, NAMES);
  checkNumber('logCostMean', options.logCostMean);
  checkNumber('logCostStd', options.logCostStd ?? 0, 0);
  checkNumber('exponent', options.exponent ?? 1, 0);
  return options;
}
