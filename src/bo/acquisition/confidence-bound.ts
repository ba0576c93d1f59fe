/**
 * Confidence bounds as acquisition functions, and the schedules of β for which regret bounds hold.
 *
 * N. Srinivas, A. Krause, S. M. Kakade, M. Seeger, arXiv:0912.3995, Theorems 1 and 2. The convention is mean + √β std.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { log } from '../../special/log.js';
import type { GpState } from '../gp/gp-state.js';
import { applyRule, type MomentRule, type MomentValue, type PointValue } from './acquisition.js';

export interface ConfidenceBoundOptions {
  /** Squared width β of the bound, at least 0. */
  beta: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

const NAMES = { beta: true, maximize: true } satisfies Record<keyof ConfidenceBoundOptions, true>;

/**
 * The optimistic bound as a value to maximize: mean + √β std, and -(mean - √β std) for `maximize: false`.
 *
 * @example
 * upperConfidenceBound(1, 0.5, { beta: 4 }).value; //=> 2
 */
export function upperConfidenceBound(mean: number, std: number, options: ConfidenceBoundOptions): MomentValue;
export function upperConfidenceBound(gp: GpState, x: ArrayLike<number>, options: ConfidenceBoundOptions): PointValue;
export function upperConfidenceBound(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: ConfidenceBoundOptions,
): MomentValue | PointValue {
  return applyRule(confidenceBoundRule(options), meanOrGp, stdOrX);
}

/** The lower bound mean - √β std itself, to be minimized; `maximize` has no part in it. */
export function lowerConfidenceBound(mean: number, std: number, options: { beta: number }): MomentValue;
export function lowerConfidenceBound(gp: GpState, x: ArrayLike<number>, options: { beta: number }): PointValue;
export function lowerConfidenceBound(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  { beta }: { beta: number },
): MomentValue | PointValue {
  const width = Math.sqrt(checkNumber('beta', beta, 0));
  return applyRule((mean, std) => ({ value: mean - width * std, dMean: 1, dStd: -width }), meanOrGp, stdOrX);
}

/** The rule of `upperConfidenceBound`, for `momentAcquisition`. */
export function confidenceBoundRule(options: ConfidenceBoundOptions): MomentRule {
  const { beta, maximize = true } = checkOptionNames('options', options, NAMES);
  const width = Math.sqrt(checkNumber('beta', beta, 0));
  const sign = maximize ? 1 : -1;
  return (mean, std) => ({ value: sign * mean + width * std, dMean: sign, dStd: width });
}

/**
 * β_t = 2 ln(t^(d/2+2) π²/(3δ)) for a compact set of d dimensions (the form that is used; Theorem 2 adds terms of the
 * kernel's smoothness and the set's diameter).
 *
 * @param t round, from 1
 * @param delta probability that the bound fails, in (0, 1)
 *
 * @example
 * gpUcbBeta(1, 2, 0.1).toFixed(6); //=> '6.986865'
 */
export function gpUcbBeta(t: number, dimension: number, delta: number): number {
  checkInteger('t', t, 1);
  checkInteger('dimension', dimension, 1);
  checkDelta(delta);
  return 2 * ((dimension / 2 + 2) * log(t) + log((Math.PI * Math.PI) / (3 * delta)));
}

/** Theorem 1: β_t = 2 ln(|D| t² π²/(6δ)) for a finite set D. */
export function gpUcbBetaFinite(t: number, size: number, delta: number): number {
  checkInteger('t', t, 1);
  checkInteger('size', size, 1);
  checkDelta(delta);
  return 2 * log((size * t * t * Math.PI * Math.PI) / (6 * delta));
}

/** HEBO's β_t = ½ · 2 ((2 + d/2) ln t + ln(π²/δ)), δ = 0.01, t rounds of a batch. A. I. Cowen-Rivers et al., arXiv:2012.03826. */
export function heboBeta(t: number, dimension: number, delta = 0.01): number {
  checkInteger('t', t, 1);
  checkInteger('dimension', dimension, 1);
  checkDelta(delta);
  return (2 + dimension / 2) * log(t) + log((Math.PI * Math.PI) / delta);
}

function checkDelta(delta: number): void {
  checkNumber('delta', delta, 0, 1);
  if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
}
