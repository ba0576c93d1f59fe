/**
 * Transforms of targets as plain data: chosen from the targets, applied to them, and undone on predictions.
 *
 * 'hebo' is the rule of A. Cowen-Rivers et al., "HEBO: Pushing the Limits of Sample-Efficient Hyper-parameter Optimisation",
 * arXiv:2012.03826, section 4: divide by the standard deviation, then Box-Cox where all targets are positive, else Yeo-Johnson, and
 * standardize; keep the raw targets where that leaves a deviation below ½, which happens when a power has made all values equal.
 */
import { checkOption, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { standardize } from '../gp/standardize.js';
import { boxCox, boxCoxInverse, boxCoxLambda } from './box-cox.js';
import { copula } from './copula.js';
import { yeoJohnson, yeoJohnsonInverse, yeoJohnsonLambda } from './yeo-johnson.js';

export type OutputTransformKind = 'standardize' | 'yeoJohnson' | 'boxCox' | 'logRatio' | 'copula' | 'hebo';

/** z = (T(y / unit) - mean)/std. */
export interface OutputTransform {
  /** T: the identity, a power transform, the logarithm, or the table of normal scores. */
  type: 'identity' | 'yeoJohnson' | 'boxCox' | 'log' | 'copula';
  /** Power of yeoJohnson and boxCox, else 1. */
  lambda: number;
  /** What targets are divided by first. */
  unit: number;
  mean: number;
  std: number;
  /** Of the copula: the sorted targets and their scores; else empty. */
  knots: Float64Array;
  scores: Float64Array;
}

/**
 * The transform of a kind that suits the targets, and the transformed targets, standardized.
 *
 * 'logRatio' is ln(y/reference) for positive targets, with the smallest one as reference unless given. Power transforms see
 * targets divided by their standard deviation.
 *
 * @throws RangeError if an entry is not finite, or not positive where the kind needs it
 *
 * @example
 * const { transform, y } = outputTransform([1, 10, 100], 'logRatio');
 * invertOutput(transform, y).map((value) => Math.round(value)); //=> Float64Array.of(1, 10, 100)
 */
export function outputTransform(
  y: ArrayLike<number>,
  kind: OutputTransformKind,
  { reference }: { reference?: number } = {},
): { transform: OutputTransform; y: Float64Array } {
  checkVector('y', y);
  checkOption('kind', kind, ['standardize', 'yeoJohnson', 'boxCox', 'logRatio', 'copula', 'hebo']);
  const none = new Float64Array(0);
  const base: OutputTransform = { type: 'identity', lambda: 1, unit: 1, mean: 0, std: 1, knots: none, scores: none };
  if (kind === 'hebo') {
    const { std } = standardize(y);
    const positive = y.length > 0 && Array.prototype.every.call(y, (value: number) => value > 0);
    const powered = finish(y, powerTransform(y, positive ? 'boxCox' : 'yeoJohnson', { ...base, unit: std }));
    let squares = 0;
    for (let i = 0; i < y.length; i++) squares += powered.y[i] * powered.y[i];
    return squares < 0.25 * (y.length - 1) ? finish(y, base) : powered;
  }
  if (kind === 'standardize') return finish(y, base);
  if (kind === 'yeoJohnson' || kind === 'boxCox') {
    return finish(y, powerTransform(y, kind, { ...base, unit: standardize(y).std }));
  }
  if (kind === 'logRatio') {
    let unit = reference ?? Infinity;
    for (let i = 0; i < y.length; i++) {
      checkPositive(`y[${i}]`, y[i]);
      if (reference === undefined) unit = Math.min(unit, y[i]);
    }
    if (y.length === 0 && reference === undefined) unit = 1;
    return finish(y, { ...base, type: 'log', unit: checkPositive('reference', unit) });
  }
  const scores = copula(y);
  const order = Uint32Array.from({ length: y.length }, (_, i) => i).sort((i, j) => y[i] - y[j] || i - j);
  const distinct = order.filter((i, k) => k === 0 || y[i] !== y[order[k - 1]]);
  const knots = Float64Array.from(distinct, (i) => y[i]);
  return finish(y, { ...base, type: 'copula', knots, scores: Float64Array.from(distinct, (i) => scores[i]) });
}

/** z for new targets. Between the knots of a copula it is linear, outside constant. */
export function applyOutput(transform: OutputTransform, y: ArrayLike<number>): Float64Array {
  checkVector('y', y);
  return raw(transform, y).map((value) => (value - transform.mean) / transform.std);
}

/**
 * The targets that have the transformed values z: what turns a predicted median or quantile back. Means do not carry over
 * a transform that is not linear.
 */
export function invertOutput(transform: OutputTransform, z: ArrayLike<number>): Float64Array {
  checkVector('z', z);
  const { type, lambda, unit, mean, std, knots, scores } = transform;
  const t = Float64Array.from(z, (value) => value * std + mean);
  const scale = (values: Float64Array) => values.map((value) => value * unit);
  switch (type) {
    case 'yeoJohnson':
      return scale(yeoJohnsonInverse(t, lambda));
    case 'boxCox':
      return scale(boxCoxInverse(t, lambda));
    case 'log':
      return scale(t.map(exp));
    case 'copula':
      return t.map((value) => interpolate(scores, knots, value));
    default:
      return scale(t);
  }
}

function powerTransform(y: ArrayLike<number>, type: 'yeoJohnson' | 'boxCox', base: OutputTransform): OutputTransform {
  const scaled = Float64Array.from(y, (value) => value / base.unit);
  return { ...base, type, lambda: type === 'boxCox' ? boxCoxLambda(scaled) : yeoJohnsonLambda(scaled) };
}

/** Fills mean and std from the transformed targets. */
function finish(y: ArrayLike<number>, transform: OutputTransform): { transform: OutputTransform; y: Float64Array } {
  const { mean, std, y: z } = standardize(raw(transform, y));
  return { transform: { ...transform, mean, std }, y: z };
}

function raw({ type, lambda, unit, knots, scores }: OutputTransform, y: ArrayLike<number>): Float64Array {
  if (type === 'copula') return Float64Array.from(y, (value) => interpolate(knots, scores, value));
  const scaled = Float64Array.from(y, (value) => value / unit);
  switch (type) {
    case 'yeoJohnson':
      return yeoJohnson(scaled, lambda);
    case 'boxCox':
      return boxCox(scaled, lambda);
    case 'log':
      return scaled.map((value, i) => log(checkPositive(`y[${i}]`, value)));
    default:
      return scaled;
  }
}

/** Linear between the points (from_k, to_k), constant outside. */
function interpolate(from: Float64Array, to: Float64Array, x: number): number {
  const n = from.length;
  if (n === 0) return x;
  if (x <= from[0]) return to[0];
  for (let k = 1; k < n; k++) {
    if (x <= from[k]) return to[k - 1] + ((to[k] - to[k - 1]) * (x - from[k - 1])) / (from[k] - from[k - 1]);
  }
  return to[n - 1];
}
