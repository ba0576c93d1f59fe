import { describe, expect, it } from 'vitest';
import {
  gumbelMax,
  gumbelTopK,
  inclusionProbability,
  orderedSampleProbability,
  sbsInclusion,
  stochasticBeamSearch,
} from '../../src/decoding/index.js';
import { createRng, sampleGumbel } from '../../src/random/index.js';
import { chiSquareThreshold } from '../support/statistics.js';

const probs = [0.4, 0.3, 0.2, 0.1, 0];
const logits = probs.map((p) => Math.log(p));

function chiSquare(observed: Map<string, number>, expected: Map<string, number>, n: number): number {
  let statistic = 0;
  for (const [key, p] of expected) statistic += ((observed.get(key) ?? 0) - n * p) ** 2 / (n * p);
  for (const key of observed.keys()) expect(expected.has(key)).toBe(true);
  return statistic;
}

/** All ordered samples of two tokens of positive probability. */
function pairs(): Map<string, number> {
  const law = new Map<string, number>();
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) if (a !== b) law.set(`${a},${b}`, orderedSampleProbability(probs, [a, b]));
  }
  return law;
}

describe('Gumbel sampling', () => {
  it('gumbelMax draws from the softmax', () => {
    const rng = createRng('gumbel-max');
    const n = 40000;
    const observed = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const token = String(gumbelMax(logits, rng));
      observed.set(token, (observed.get(token) ?? 0) + 1);
    }
    const expected = new Map(probs.slice(0, 4).map((p, i) => [String(i), p]));
    expect(chiSquare(observed, expected, n)).toBeLessThan(chiSquareThreshold(3));
  });

  it('gumbelTopK draws ordered pairs without replacement', () => {
    const rng = createRng('gumbel-top-k');
    const n = 40000;
    const observed = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = gumbelTopK(logits, 2, rng).join();
      observed.set(key, (observed.get(key) ?? 0) + 1);
    }
    expect(chiSquare(observed, pairs(), n)).toBeLessThan(chiSquareThreshold(11));
  });

  it('draws one uniform a token of positive probability, and returns only those', () => {
    let draws = 0;
    const rng = () => ((draws += 1), 0.5);
    expect(gumbelTopK(logits, 10, rng).length).toBe(4);
    expect(draws).toBe(4);
    gumbelMax(logits, rng);
    expect(draws).toBe(8);
    expect(gumbelMax([-Infinity, 0], () => 0)).toBe(1);
  });
});

describe('laws of sampling without replacement', () => {
  it('ordered probabilities sum to 1 and give the inclusion probabilities', () => {
    let total = 0;
    const inclusion = [0, 0, 0, 0, 0];
    for (const [key, p] of pairs()) {
      total += p;
      for (const token of key.split(',')) inclusion[Number(token)] += p;
    }
    expect(Math.abs(total - 1)).toBeLessThan(1e-14);
    inclusionProbability(probs, 2).forEach((p, i) => expect(Math.abs(p - inclusion[i])).toBeLessThan(1e-14));
  });

  it('the integral over exponential clocks agrees with the subsets where both can be had', () => {
    // One token of 24 split in two halves of a vanishing probability: 20 tokens against 24 of the same law but 4e-30.
    const rng = createRng('inclusion');
    const weights = Array.from({ length: 20 }, () => rng() ** 3 + 1e-4);
    const total = weights.reduce((a, b) => a + b);
    const exact = weights.map((w) => w / total);
    for (const k of [1, 3, 8]) {
      const bySubsets = inclusionProbability(exact, k);
      const byClocks = inclusionProbability([...exact, 1e-30, 1e-30, 1e-30, 1e-30], k);
      bySubsets.forEach((p, i) => expect(Math.abs(p - byClocks[i])).toBeLessThan(1e-8));
    }
  });

  it('inclusion probabilities sum to k and are 1 when every token fits', () => {
    const rng = createRng('inclusion', 'sum');
    const weights = Array.from({ length: 60 }, () => rng() ** 4);
    const total = weights.reduce((a, b) => a + b);
    const sum = inclusionProbability(
      weights.map((w) => w / total),
      5,
    ).reduce((a, b) => a + b);
    expect(Math.abs(sum - 5)).toBeLessThan(1e-7);
    expect(Array.from(inclusionProbability(probs, 4))).toEqual([1, 1, 1, 1, 0]);
  });
});

describe('stochastic beam search', () => {
  const table: Record<string, number[]> = {
    '': [0.2, 0.5, 0.3],
    '0': [0.6, 0.4, 0],
    '1': [0.1, 0.1, 0.8],
    '2': [0.3, 0.3, 0.4],
  };
  const model = (prefix: Int32Array) => table[prefix.join()].map((p) => Math.log(p));
  const leaves: { key: string; p: number }[] = [];
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      const p = table[''][a] * table[String(a)][b];
      if (p > 0) leaves.push({ key: `${a},${b}`, p });
    }
  }

  it('draws pairs of sequences by the law of sampling without replacement', () => {
    const rng = createRng('sbs');
    const n = 30000;
    const expected = new Map<string, number>();
    const p = leaves.map((leaf) => leaf.p);
    leaves.forEach((a, i) =>
      leaves.forEach((b, j) => {
        if (i !== j) expected.set(`${a.key};${b.key}`, orderedSampleProbability(p, [i, j]));
      }),
    );
    const observed = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const { entries } = stochasticBeamSearch(model, rng, { width: 2, depth: 2 });
      const key = entries.map((entry) => entry.tokens.join()).join(';');
      observed.set(key, (observed.get(key) ?? 0) + 1);
    }
    expect(chiSquare(observed, expected, n)).toBeLessThan(chiSquareThreshold(expected.size - 1));
  });

  it('the estimator with the threshold over all depths is unbiased', () => {
    const rng = createRng('sbs', 'estimator');
    const f = (tokens: Int32Array) => 1 + tokens[0] * 2 + tokens[1];
    const truth = leaves.reduce((sum, { key, p }) => sum + p * f(Int32Array.from(key.split(','), Number)), 0);
    const n = 20000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const { entries, kappa } = stochasticBeamSearch(model, rng, { width: 2, depth: 2 });
      let estimate = 0;
      for (const { tokens, logProb } of entries)
        estimate += (Math.exp(logProb) / sbsInclusion(logProb, kappa)) * f(tokens);
      sum += estimate;
      squares += estimate * estimate;
    }
    const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
    expect(Math.abs(sum / n - truth)).toBeLessThan(6.2 * error); // false alarm below 1e-9
    expect(error).toBeLessThan(0.05);
  });

  it('a root that is not perturbed biases the estimator', () => {
    // Three tokens, depth 3, width 2: what was pruned at earlier depths counts.
    const row = (prefix: ArrayLike<number>) =>
      [0, 1, 2].map((x) => 1.2 * Math.sin(1 + 2 * x + 3 * (prefix[0] ?? 5) + 5 * (prefix[1] ?? 7)));
    const f = (tokens: ArrayLike<number>) => 1 + tokens[0] + 2 * tokens[2];
    const p = (logits: number[]) => {
      const weights = logits.map((l) => Math.exp(l));
      const total = weights.reduce((a, b) => a + b);
      return weights.map((w) => w / total);
    };
    let truth = 0;
    for (let code = 0; code < 27; code++) {
      const tokens = [Math.floor(code / 9), Math.floor(code / 3) % 3, code % 3];
      truth += tokens.reduce((mass, x, i) => mass * p(row(tokens.slice(0, i)))[x], 1) * f(tokens);
    }
    const n = 20_000;
    const estimates = { right: [0, 0], zeroRoot: [0, 0] };
    const rng = createRng('sbs', 'traps');
    for (let i = 0; i < n; i++) {
      for (const [key, options] of [
        ['right', {}],
        ['zeroRoot', { rootPerturbed: 0 }],
      ] as const) {
        const { entries, kappa } = stochasticBeamSearch(row, rng, { width: 2, depth: 3, ...options });
        let estimate = 0;
        for (const { tokens, logProb } of entries)
          estimate += (Math.exp(logProb) / sbsInclusion(logProb, kappa)) * f(tokens);
        estimates[key][0] += estimate / n;
        estimates[key][1] += (estimate * estimate) / n;
      }
    }
    const deviates = Object.values(estimates).map(
      ([mean, square]) => (mean - truth) / Math.sqrt((square - mean * mean) / n),
    );
    expect(Math.abs(deviates[0])).toBeLessThan(6.2); // false alarm below 1e-9
    expect(Math.abs(deviates[1])).toBeGreaterThan(6.2);
  });

  it('a threshold taken from the last depth alone biases the estimator: it misses what was pruned before', () => {
    // The same search bottom-up: a Gumbel number for every leaf, a node's value the largest below it.
    const row = (prefix: number[]) => {
      const weights = [0, 1, 2].map((x) =>
        Math.exp(1.2 * Math.sin(1 + 2 * x + 3 * (prefix[0] ?? 5) + 5 * (prefix[1] ?? 7))),
      );
      const total = weights.reduce((a, b) => a + b);
      return weights.map((w) => w / total);
    };
    const f = ([a, , c]: number[]) => 1 + a + 2 * c;
    const paths = Array.from({ length: 27 }, (_, code) => [Math.floor(code / 9), Math.floor(code / 3) % 3, code % 3]);
    const probs = paths.map((path) => path.reduce((mass, x, i) => mass * row(path.slice(0, i))[x], 1));
    const truth = paths.reduce((sum, path, leaf) => sum + probs[leaf] * f(path), 0);
    const rng = createRng('sbs', 'last depth');
    const n = 20_000;
    const moments = { allDepths: [0, 0], lastDepth: [0, 0] };
    for (let round = 0; round < n; round++) {
      const G = probs.map((p) => Math.log(p) + sampleGumbel(rng));
      let alive = [0]; // nodes of a level: codes of prefixes
      let discarded = -Infinity;
      let last = -Infinity;
      for (let level = 1; level <= 3; level++) {
        const size = 3 ** (3 - level);
        const value = (node: number) => Math.max(...G.slice(node * size, (node + 1) * size));
        const children = alive.flatMap((node) => [3 * node, 3 * node + 1, 3 * node + 2]);
        children.sort((a, b) => value(b) - value(a));
        last = children.length > 2 ? value(children[2]) : -Infinity;
        discarded = Math.max(discarded, last);
        alive = children.slice(0, 2);
      }
      // What the library returns: the third-largest of all leaves.
      expect(discarded).toBe(G.slice().sort((a, b) => b - a)[2]);
      for (const [key, kappa] of [
        ['allDepths', discarded],
        ['lastDepth', last],
      ] as const) {
        const estimate = alive.reduce(
          (sum, leaf) => sum + (probs[leaf] / sbsInclusion(Math.log(probs[leaf]), kappa)) * f(paths[leaf]),
          0,
        );
        moments[key][0] += estimate / n;
        moments[key][1] += (estimate * estimate) / n;
      }
    }
    const deviate = ([mean, square]: number[]) => (mean - truth) / Math.sqrt((square - mean * mean) / n);
    expect(Math.abs(deviate(moments.allDepths))).toBeLessThan(6.2); // false alarm below 1e-9
    expect(deviate(moments.lastDepth)).toBeLessThan(-6.2);
  });

  it('returns every sequence when the width allows, with kappa -Infinity and perturbed maximum G of the root', () => {
    const { entries, kappa } = stochasticBeamSearch(model, createRng('sbs', 'all'), {
      width: 20,
      depth: 2,
      rootPerturbed: 1.5,
    });
    expect(new Set(entries.map((e) => e.tokens.join()))).toEqual(new Set(leaves.map((leaf) => leaf.key)));
    expect(kappa).toBe(-Infinity);
    expect(entries[0].perturbed).toBe(1.5);
    expect(sbsInclusion(-20, kappa)).toBe(1);
  });

  it('does not prolong a sequence that ended', () => {
    const { entries } = stochasticBeamSearch(() => [0, 0], createRng('sbs', 'eos'), { width: 10, depth: 3, eos: 1 });
    const keys = new Set(entries.map((e) => e.tokens.join()));
    expect(keys).toEqual(new Set(['1', '0,1', '0,0,0', '0,0,1']));
  });
});
