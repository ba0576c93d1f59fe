// Grids of relaxation parameters to choose from.
import { checkInteger, checkNumber, checkOption, checkOptionNames } from '../../internal/check.js';

export interface OmegaGridOptions {
  /**
   * 'linspace' (default): equal steps with both ends. 'theorem': 1 + (omegaMax - 1) i/d, i = 1..d, the grid of Theorem 2.2 of
   * Khodak et al., arXiv:2310.02246. 'midpoint': the middles of d equal parts.
   */
  kind?: 'linspace' | 'theorem' | 'midpoint';
  /** Number of values d. Default 20. */
  size?: number;
  /** Default 1. Not used by 'theorem'. */
  omegaMin?: number;
  /** Default 1.95. */
  omegaMax?: number;
}

const NAMES = { kind: true, size: true, omegaMin: true, omegaMax: true } satisfies Record<keyof OmegaGridOptions, true>;

/**
 * d values of ω, ascending. Without options the grid of the paper's experiments, 1, 1.05, ..., 1.95.
 *
 * @throws RangeError if size is not a positive integer or the ends are not ascending
 *
 * @example
 * omegaGrid({ size: 3, omegaMax: 2 }); //=> Float64Array.of(1, 1.5, 2)
 */
export function omegaGrid(options: OmegaGridOptions = {}): Float64Array {
  checkOptionNames('options', options, NAMES);
  const { kind = 'linspace', size = 20, omegaMin = 1, omegaMax = 1.95 } = options;
  checkOption('kind', kind, ['linspace', 'theorem', 'midpoint']);
  const d = checkInteger('size', size, 1);
  const low = kind === 'theorem' ? 1 : checkNumber('omegaMin', omegaMin);
  checkNumber('omegaMax', omegaMax, low);
  const width = omegaMax - low;
  const grid = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    if (kind === 'theorem') grid[i] = low + (width * (i + 1)) / d;
    else if (kind === 'midpoint') grid[i] = low + (width * (i + 0.5)) / d;
    else grid[i] = d === 1 ? low : low + (width * i) / (d - 1);
  }
  return grid;
}
