import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/index.js';
import {
  breadthFirstSearch,
  depthFirstSearch,
  game24Problem,
  game24Solution,
  game24Solvable,
  goExplore,
} from '../../src/search/index.js';

const rng = createRng('unused');

function multisets(): number[][] {
  const found: number[][] = [];
  for (let a = 1; a <= 13; a++)
    for (let b = a; b <= 13; b++) for (let c = b; c <= 13; c++) for (let d = c; d <= 13; d++) found.push([a, b, c, d]);
  return found;
}

describe('the game of 24', () => {
  it('1362 of the 1820 multisets from 1 to 13 are solvable, 1346 with natural numbers only', () => {
    const all = multisets();
    expect(all).toHaveLength(1820);
    expect(all.filter((numbers) => game24Solvable(numbers))).toHaveLength(1362);
    expect(all.filter((numbers) => game24Solvable(numbers, { rule: 'integer' }))).toHaveLength(1346);
  });

  it('a solution uses each number once and evaluates to the target', () => {
    for (const numbers of multisets().filter((_, i) => i % 7 === 0)) {
      const expression = game24Solution(numbers);
      if (expression === undefined) continue;
      expect(
        expression
          .match(/\d+/g)
          ?.map(Number)
          .sort((a, b) => a - b),
      ).toEqual(numbers);
      expect(evaluate(expression)).toBeCloseTo(24, 9);
    }
  });

  it.each([
    [[24], true],
    [[23], false],
    [[12, 2], true],
    [[0, 24], true],
    [[3, 3, 8, 8], true],
    [[1, 5, 5, 5], true],
    [[1, 1, 1, 1, 1], false],
  ])('%j solvable: %s', (numbers, solvable) => expect(game24Solvable(numbers)).toBe(solvable));

  it('takes another target', () => expect(game24Solution([2, 5], { target: 7 })).toBe('(2 + 5)'));

  it('every search finds a solution exactly where one exists', () => {
    for (const numbers of multisets().filter((_, i) => i % 61 === 0)) {
      const problem = game24Problem(numbers);
      const solvable = game24Solvable(numbers);
      const bfs = breadthFirstSearch(problem, rng);
      const dfs = depthFirstSearch(problem, rng);
      expect(bfs.found).toBe(solvable);
      expect(dfs.found).toBe(solvable);
      expect(goExplore(problem, createRng('explore'), { budget: 100_000 }).found).toBe(solvable);
      if (solvable) expect(evaluate(bfs.state[0].expression)).toBeCloseTo(24, 9);
      if (solvable) expect(evaluate(dfs.path[2].expression)).toBeCloseTo(24, 9);
    }
  });

  it('names the argument it refuses', () => {
    expect(() => game24Solvable([])).toThrow(/^numbers must/);
    expect(() => game24Solvable([1.5, 2])).toThrow(/^numbers\[0\] must/);
    expect(() => game24Problem([1, 2], { rule: 'real' as 'rational' })).toThrow(/^rule must/);
    expect(() => game24Problem([1, 2], { target: NaN })).toThrow(/^target must/);
  });
});

/** A parser of its own for fully parenthesized expressions. */
function evaluate(expression: string): number {
  let at = 0;
  const value = (): number => {
    if (expression[at] !== '(') {
      const [digits] = expression.slice(at).match(/^\d+/) as RegExpMatchArray;
      at += digits.length;
      return Number(digits);
    }
    at += 1;
    const left = value();
    const operator = expression[at + 1];
    at += 3;
    const right = value();
    at += 1;
    return operator === '+'
      ? left + right
      : operator === '-'
        ? left - right
        : operator === '*'
          ? left * right
          : left / right;
  };
  return value();
}
