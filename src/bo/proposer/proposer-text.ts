/**
 * History to text and text to configs, for proposers that are language models.
 *
 * The pattern `## value ##` around what is asked for, and histories in shuffled order, follow T. Liu et al., arXiv:2402.03921,
 * Appendix.
 */
import { checkInteger, checkOption } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { samplePermutation } from '../../random/permutation.js';
import type { Choice, Parameter } from '../space/parameter.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import type { ProposerTrial } from './proposer.js';

export interface FormatHistoryOptions {
  /** Text of one trial, with {config} and {value} in their places. Default 'Performance: {value}, configuration: ## {config} ##'. */
  template?: string;
  /** 'given'; 'ascending' by value; 'shuffled', which needs `rng`. Default 'given'. */
  order?: 'given' | 'ascending' | 'shuffled';
  /** Significant digits of numbers. Default 6. */
  precision?: number;
  rng?: Rng;
}

/**
 * The trials as text, one a line; configs as `name: value` in the order of the space. Shuffling takes length - 1 uniforms.
 *
 * @throws RangeError if a config is not of the space, or 'shuffled' comes without rng
 *
 * @example
 * const space = searchSpace({ depth: integer(1, 9), rate: real(0, 1) });
 * const text = formatHistory(space, [{ config: { depth: 3, rate: 0.125 }, value: 0.5 }]);
 * text; //=> 'Performance: 0.5, configuration: ## depth: 3, rate: 0.125 ##'
 */
export function formatHistory(
  space: SearchSpace,
  history: readonly ProposerTrial[],
  options: FormatHistoryOptions = {},
): string {
  const template = options.template ?? 'Performance: {value}, configuration: ## {config} ##';
  const precision = checkInteger('precision', options.precision ?? 6, 1, 17);
  const order = checkOption('order', options.order ?? 'given', ['given', 'ascending', 'shuffled']);
  let trials = [...history];
  if (order === 'ascending') trials.sort((a, b) => a.value - b.value);
  else if (order === 'shuffled') {
    if (options.rng === undefined) throw new RangeError(`rng is required for the order 'shuffled'`);
    trials = Array.from(samplePermutation(trials.length, options.rng), (i) => history[i]);
  }
  return trials
    .map(({ config, value }) =>
      template
        .replaceAll('{config}', () => formatConfig(space, config, precision))
        .replaceAll('{value}', () => formatNumber(value, precision)),
    )
    .join('\n');
}

/** `name: value, ...` in the order of the space; inactive parameters are left out. */
export function formatConfig(space: SearchSpace, config: Config, precision = 6): string {
  checkInteger('precision', precision, 1, 17);
  space.encode(config); // checks
  return space.names
    .filter((name) => name in config)
    .map((name) => {
      const value = config[name];
      return `${name}: ${typeof value === 'number' ? formatNumber(value, precision) : String(value)}`;
    })
    .join(', ');
}

/** At most that many significant digits, without trailing zeros. */
function formatNumber(value: number, precision: number): string {
  return String(Number(value.toPrecision(precision)));
}

/**
 * The config that a text names, or null. Names are followed by ':', '=' or 'is'; quotes and letter case of choices do not
 * matter; numbers may carry an exponent; integers may be written 3.0, and steps are snapped. Inactive parameters are
 * dropped. A missing or impossible value gives null: it is never repaired to the nearest possible one.
 *
 * @example
 * const space = searchSpace({ depth: integer(1, 9), kind: categorical(['rbf', 'linear']) });
 * parseCandidate('I suggest {"depth": 4.0, "kind": "RBF"}.', space); //=> { depth: 4, kind: 'rbf' }
 * parseCandidate('depth: 40, kind: rbf', space); //=> null
 */
export function parseCandidate(text: string, space: SearchSpace): Config | null {
  if (typeof text !== 'string') throw new TypeError(`text must be a string, got ${typeof text}`);
  const found: Config = {};
  for (const name of space.names) {
    const value = findValue(text, name, space.parameters[name]);
    if (value !== null) found[name] = value;
  }
  // Keep what is active: parents first, however the space lists them.
  const config: Config = {};
  for (let changed = true; changed;) {
    changed = false;
    for (const name of space.names) {
      const { when } = space.parameters[name];
      if (name in config || !(name in found)) continue;
      if (
        Object.entries(when ?? {}).every(([parent, allowed]) => parent in config && allowed.includes(config[parent]))
      ) {
        config[name] = found[name];
        changed = true;
      }
    }
  }
  return space.contains(config)
    ? Object.fromEntries(space.names.filter((n) => n in config).map((n) => [n, config[n]]))
    : null;
}

/**
 * The number between `##` and `##`, or the only number of the text; NaN when there is none or it is ambiguous.
 *
 * @example
 * parseScore('about ## 0.85 ##, of 10'); //=> 0.85
 * parseScore('no idea'); //=> NaN
 */
export function parseScore(text: string): number {
  const marked = /##\s*([^#]*?)\s*##/.exec(text);
  const numbers = (marked === null ? text : marked[1]).match(NUMBER) ?? [];
  return numbers.length === 1 ? Number(numbers[0]) : NaN;
}

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

function findValue(text: string, name: string, parameter: Parameter): Choice | null {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?:^|[^A-Za-z0-9_])["'\`]?${escaped}["'\`]?\\s*(?::|=|\\bis\\b)\\s*`, 'i');
  const match = pattern.exec(text);
  if (match === null) return null;
  const rest = text.slice(match.index + match[0].length).replace(/^["'`]/, '');
  if (parameter.type === 'categorical') {
    const lower = rest.toLowerCase();
    // Longest first, so that 'rbf2' is not read as 'rbf'; a choice ends where a word ends.
    const byLength = [...parameter.choices].sort((a, b) => String(b).length - String(a).length);
    const choice = byLength.find((c) => {
      const word = String(c).toLowerCase();
      return lower.startsWith(word) && !/^[A-Za-z0-9_]/.test(lower.slice(word.length));
    });
    return choice ?? null;
  }
  const [number] = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest) ?? [];
  if (number === undefined) return null;
  const value = Number(number);
  if (parameter.type === 'integer') return Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : null;
  if (parameter.q === undefined) return value;
  const snapped = parameter.low + Math.round((value - parameter.low) / parameter.q) * parameter.q;
  return Math.abs(snapped - value) <= 1e-6 * Math.max(1, Math.abs(value)) ? snapped : null;
}
