// A positive field that is one number, shared by all dimensions, or one number per dimension.
import { checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logHyperparameter, type KernelHyperparameter } from './kernel.js';

export type PerDimension = number | readonly number[];

export function checkPerDimension(name: string, value: PerDimension, columns?: number): void {
  if (typeof value === 'number') {
    checkPositive(name, value);
    return;
  }
  checkVector(name, value, columns);
  value.forEach((entry, i) => checkPositive(`${name}[${i}]`, entry));
}

/** The value of each of `columns` dimensions. */
export function perDimension(value: PerDimension, columns: number): Float64Array {
  return typeof value === 'number' ? new Float64Array(columns).fill(value) : Float64Array.from(value);
}

/** 1 / value of each of `columns` dimensions. */
export function reciprocals(value: PerDimension, columns: number): Float64Array {
  const out = new Float64Array(columns);
  for (let k = 0; k < columns; k++) out[k] = 1 / (typeof value === 'number' ? value : value[k]);
  return out;
}

export function countPerDimension(value: PerDimension): number {
  return typeof value === 'number' ? 1 : value.length;
}

export function listPerDimension(name: string, value: PerDimension, list: KernelHyperparameter[]): void {
  if (typeof value === 'number') list.push(logHyperparameter(name, value, log(value)));
  else value.forEach((entry, i) => list.push(logHyperparameter(`${name}.${i}`, entry, log(entry))));
}

export function replacePerDimension(value: PerDimension, theta: ArrayLike<number>, at: number): PerDimension {
  return typeof value === 'number' ? exp(theta[at]) : value.map((_, i) => exp(theta[at + i]));
}
