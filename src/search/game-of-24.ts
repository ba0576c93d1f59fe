/**
 * The game of 24: combine four numbers by + - * / to 24, each used once. The shared test problem of the searches here.
 *
 * Exact rational arithmetic. Of the 1820 multisets of four numbers from 1 to 13, 1362 are solvable; with the rule
 * 'integer' (the larger minus the smaller, division only where it is exact), 1346.
 *
 * Used by S. Yao et al., "Tree of Thoughts", arXiv:2305.10601, Section 4.1, and by Z. Zhang et al., "Autonomous
 * Tree-search Ability of Large Language Models", arXiv:2310.10686, and C. Lu et al., "Intelligent Go-Explore",
 * arXiv:2405.15143.
 */
import { checkInteger, checkOption } from '../internal/check.js';
import type { SearchProblem, SearchStep } from './problem.js';

export interface Game24Options {
  /** 'rational' allows every operation but division by zero; 'integer' keeps to natural numbers. Default 'rational'. */
  rule?: 'rational' | 'integer';
  /** What the numbers must make. Default 24. */
  target?: number;
}

/** A number left on the table, with the expression that made it. */
export interface Game24Term {
  numerator: number;
  /** Positive; the fraction is reduced. */
  denominator: number;
  expression: string;
}

/** The numbers left, in the order of their expressions' making. */
export type Game24State = readonly Game24Term[];

/**
 * Whether the numbers can make the target. Depth-first over all pairs and operations, at most 9216 leaves for four.
 *
 * @throws RangeError if there is no number or one is not a nonnegative integer
 *
 * @example
 * game24Solvable([4, 4, 6, 8]); //=> true
 * game24Solvable([1, 1, 1, 1]); //=> false
 */
export function game24Solvable(numbers: ArrayLike<number>, options: Game24Options = {}): boolean {
  return game24Solution(numbers, options) !== undefined;
}

/**
 * The first expression that makes the target, or undefined.
 *
 * @example
 * game24Solution([3, 3, 8, 8]); //=> '(8 / (3 - (8 / 3)))'
 */
export function game24Solution(numbers: ArrayLike<number>, options: Game24Options = {}): string | undefined {
  const { rule, target } = checkOptions(options);
  return solve(start(numbers), rule, target)?.expression;
}

/** One combination of two numbers. */
export interface Game24Action {
  /** The expression made, such as '(8 - 4)'. */
  expression: string;
}

/**
 * The search problem: a step combines two of the numbers left; the last one decides, with reward 1 for the target and
 * -1 otherwise. Steps are in a fixed order (pairs by position, then + - - * / /), priors uniform; `expand` returns the
 * first `samples` and draws nothing.
 *
 * The value of a state is a guess without search: 1/2 / (1 + d), d the least distance to the target that one operation
 * on two of the numbers left gives. It stays at 1/2 or below, so that only a solution is worth 1.
 *
 * @throws RangeError if there is no number or one is not a nonnegative integer
 */
export function game24Problem(
  numbers: ArrayLike<number>,
  options: Game24Options = {},
): SearchProblem<Game24State, Game24Action> {
  const { rule, target } = checkOptions(options);
  return {
    root: start(numbers),
    expand(state, samples) {
      const steps: SearchStep<Game24State, Game24Action>[] = [];
      for (const next of successors(state, rule)) {
        const made = next[next.length - 1];
        const terminal = next.length === 1;
        const reward = isTarget(made, target) ? 1 : -1;
        const step = { action: { expression: made.expression }, state: next, prior: 1 };
        steps.push(terminal ? { ...step, terminal, reward } : step);
      }
      const kept = steps.slice(0, samples);
      return kept.map((step) => ({ ...step, prior: 1 / kept.length }));
    },
    value(state) {
      if (state.length === 1) return isTarget(state[0], target) ? 1 : 0;
      let distance = Infinity;
      for (const next of successors(state, rule)) {
        const { numerator, denominator } = next[next.length - 1];
        distance = Math.min(distance, Math.abs(numerator / denominator - target));
      }
      return 0.5 / (1 + distance);
    },
    key: (state) =>
      state
        .map(({ numerator, denominator }) => `${numerator}/${denominator}`)
        .sort()
        .join(' '),
  };
}

function checkOptions(options: Game24Options): { rule: 'rational' | 'integer'; target: number } {
  return {
    rule: checkOption('rule', options.rule ?? 'rational', ['rational', 'integer']),
    target: checkInteger('target', options.target ?? 24, 0),
  };
}

function start(numbers: ArrayLike<number>): Game24State {
  if (!(numbers.length > 0)) throw new RangeError('numbers must not be empty');
  return Array.from(numbers, (number, i) => {
    checkInteger(`numbers[${i}]`, number, 0, 1_000_000);
    return { numerator: number, denominator: 1, expression: String(number) };
  });
}

function solve(state: Game24State, rule: 'rational' | 'integer', target: number): Game24Term | undefined {
  if (state.length === 1) return isTarget(state[0], target) ? state[0] : undefined;
  for (const next of successors(state, rule)) {
    const found = solve(next, rule, target);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTarget({ numerator, denominator }: Game24Term, target: number): boolean {
  return denominator === 1 && numerator === target;
}

/** Every state that one operation leads to; the number made stands last. */
function successors(state: Game24State, rule: 'rational' | 'integer'): Game24State[] {
  const found: Game24State[] = [];
  for (let i = 0; i < state.length; i++) {
    for (let j = i + 1; j < state.length; j++) {
      const rest = state.filter((_, k) => k !== i && k !== j);
      for (const made of combinations(state[i], state[j], rule)) found.push([...rest, made]);
    }
  }
  return found;
}

function combinations(a: Game24Term, b: Game24Term, rule: 'rational' | 'integer'): Game24Term[] {
  const made: Game24Term[] = [];
  const add = (numerator: number, denominator: number, left: Game24Term, sign: string, right: Game24Term): void => {
    if (denominator === 0) return;
    const term = reduced(numerator, denominator, `(${left.expression} ${sign} ${right.expression})`);
    if (rule === 'integer' && (term.denominator !== 1 || term.numerator < 0)) return;
    made.push(term);
  };
  add(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator, a, '+', b);
  for (const [x, y] of [
    [a, b],
    [b, a],
  ]) {
    add(x.numerator * y.denominator - y.numerator * x.denominator, x.denominator * y.denominator, x, '-', y);
  }
  add(a.numerator * b.numerator, a.denominator * b.denominator, a, '*', b);
  for (const [x, y] of [
    [a, b],
    [b, a],
  ])
    add(x.numerator * y.denominator, x.denominator * y.numerator, x, '/', y);
  return made;
}

function reduced(numerator: number, denominator: number, expression: string): Game24Term {
  let [a, b] = [Math.abs(numerator), Math.abs(denominator)];
  while (b > 0) [a, b] = [b, a % b];
  const divisor = (a === 0 ? 1 : a) * (denominator < 0 ? -1 : 1);
  return { numerator: numerator / divisor + 0, denominator: denominator / divisor, expression };
}
