// A deterministic encoder T = f(X) is a partition of the symbols: all that the bottleneck's three searches share.
import { checkNumber, checkProbabilities } from '../internal/check.js';
import { atomBits, totalEntropyBits } from './entropy-bits.js';

/** A deterministic encoder of X under a rate limit. I(X; T) = H(T), since T is a function of X. */
export interface BottleneckEncoder {
  /** The symbols that share a code, each list ascending, the lists by their least symbol. */
  groups: number[][];
  /** I(X; T) = H(T) in bits. */
  informationBits: number;
}

/** "H(T) <= R" is read with this much room for rounding. */
export const RATE_SLACK = 1e-12;

export function checkBottleneck(probs: ArrayLike<number>, rateBits: number): void {
  checkProbabilities('probs', probs);
  checkNumber('rateBits', rateBits, 0);
}

/** Mass of a group, summed in increasing index. */
export function groupMass(probs: ArrayLike<number>, group: number[]): number {
  let mass = 0;
  for (const i of group) mass += probs[i];
  return mass;
}

export function partitionBits(probs: ArrayLike<number>, groups: number[][]): number {
  return totalEntropyBits(groups.map((group) => groupMass(probs, group)));
}

export function singletons(probs: ArrayLike<number>): number[][] {
  return Array.from(probs, (_, i) => [i]);
}

/** The partition with its two largest (or two smallest) groups merged; of groups of equal mass the one with the smaller least symbol counts first. */
export function mergeExtremes(probs: ArrayLike<number>, groups: number[][], which: 'largest' | 'smallest'): number[][] {
  const sign = which === 'largest' ? -1 : 1;
  const order = groups
    .map((group) => ({ group, mass: groupMass(probs, group) }))
    .sort((a, b) => sign * (a.mass - b.mass) || a.group[0] - b.group[0]);
  const [{ group: a }, { group: b }] = order;
  const merged = [...a, ...b].sort((i, j) => i - j);
  return sortGroups([merged, ...order.slice(2).map(({ group }) => group)]);
}

export function sortGroups(groups: number[][]): number[][] {
  return groups.sort((a, b) => a[0] - b[0]);
}

/** Binary entropy h(p) in bits. */
export function binaryEntropyBits(p: number): number {
  return atomBits(p) + atomBits(1 - p);
}
