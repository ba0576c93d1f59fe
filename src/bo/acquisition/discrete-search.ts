/**
 * Coordinates that take finitely many values: integers on a grid, categories by code or one-hot.
 *
 * A block names the coordinates that move together and writes its i-th value into them.
 */
import type { Rng } from '../../random/create-rng.js';
import { sampleIndex } from '../../random/categorical.js';

export interface DiscreteBlock {
  /** Coordinates of the point that the block owns. */
  readonly dims: readonly number[];
  /** Number of values. */
  readonly count: number;
  /** Whether neighbouring values are alike: integers are, categories are not. */
  readonly ordered: boolean;
  /** Writes value number `index` into x. */
  write(index: number, x: Float64Array): void;
  /** Number of the value that x holds or is nearest to. */
  read(x: Float64Array): number;
}

/** Values of an unordered block that are tried when there are more. */
const MOST_CHOICES = 20;

/** Moves every block of x to the value nearest to its place in the box. */
export function snapToBlocks(
  blocks: readonly DiscreteBlock[],
  x: Float64Array,
  low: Float64Array,
  high: Float64Array,
): void {
  for (const block of blocks) {
    if (block.dims.length === 1 || isWritten(block, x)) block.write(block.read(x), x);
    else {
      // A point of the cube, not of the grid: its first coordinate chooses, so that values are spread evenly.
      const k = block.dims[0];
      const u = high[k] > low[k] ? (x[k] - low[k]) / (high[k] - low[k]) : 0;
      block.write(Math.min(block.count - 1, Math.floor(u * block.count)), x);
    }
  }
}

/**
 * Coordinate search over the blocks until none improves: all values of a category (20 random ones when there are more), the
 * values around the present one for an integer, in steps that double while they help.
 */
export function searchBlocks(
  blocks: readonly DiscreteBlock[],
  start: { x: Float64Array; value: number },
  score: (x: Float64Array) => number,
  rng: Rng,
): { x: Float64Array; value: number } {
  let current = start;
  const attempt = (block: DiscreteBlock, index: number): boolean => {
    if (index < 0 || index >= block.count) return false;
    const x = current.x.slice();
    block.write(index, x);
    const value = score(x);
    if (!(value > current.value)) return false;
    current = { x, value };
    return true;
  };
  for (const block of blocks) {
    const here = block.read(current.x);
    if (block.count <= MOST_CHOICES) {
      for (let index = 0; index < block.count; index++) if (index !== here) attempt(block, index);
    } else if (!block.ordered) {
      for (let i = 0; i < MOST_CHOICES; i++) attempt(block, sampleIndex(block.count, rng));
    } else {
      for (const direction of [-1, 1]) {
        let at = block.read(current.x);
        let step = 1;
        while (attempt(block, at + direction * step)) {
          at += direction * step;
          step *= 2;
        }
        // The doubled step overshot: close in on the last good value from its far side.
        for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2)) {
          if (attempt(block, at + direction * step)) at += direction * step;
        }
      }
    }
  }
  return current;
}

/** Whether the block's coordinates hold one of its values exactly. */
function isWritten(block: DiscreteBlock, x: Float64Array): boolean {
  const copy = x.slice();
  block.write(block.read(x), copy);
  return block.dims.every((k) => copy[k] === x[k]);
}
