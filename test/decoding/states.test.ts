// Every state is plain data: a run saved as JSON in the middle goes on as if it had not been.
import { describe, expect, it } from 'vitest';
import { ucb1 } from '../../src/bandits/index.js';
import {
  banditLength,
  confidenceLength,
  fixedLength,
  heuristicLength,
  type LengthPolicy,
  type LogitsFn,
  mirostat,
  oracleLength,
  speculativeDecoder,
  type SpeculativeOptions,
  thresholdLength,
} from '../../src/decoding/index.js';
import { createRng, resumeRng, sampleNormal } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const throughJson = <T>(value: T): T => decodeState(JSON.parse(JSON.stringify(encodeState(value)))) as T;

/** A model whose rows depend on the last two tokens. */
const model =
  (seed: string): LogitsFn =>
  (prefixes) =>
    prefixes.map((prefix) => {
      const rng = createRng(seed, ...prefix.slice(-2));
      return Array.from({ length: 5 }, () => 1.5 * sampleNormal(rng));
    });
const models = { target: model('target'), draft: model('draft') };

const lengths: [string, LengthPolicy<never>][] = [
  ['fixed', fixedLength({ gamma: 3 })],
  ['heuristic', heuristicLength({ initial: 2 })],
  ['heuristic-transient', heuristicLength({ schedule: 'heuristic-transient' })],
  ['confidence', confidenceLength({ threshold: 0.3, max: 5 })],
  ['confidence, adapting', confidenceLength({ adaptThreshold: true, max: 5 })],
  ['threshold', thresholdLength({ maxLength: 6 })],
  ['threshold, lagging', thresholdLength({ lag: 1, maxLength: 6 })],
  ['bandit', banditLength({ algorithm: ucb1({ arms: 5 }) })],
  ['oracle', oracleLength({ willAccept: (context) => context.length % 3 > 0 })],
] as [string, LengthPolicy<never>][];

const options: [string, SpeculativeOptions][] = [
  ...lengths.map(([name, length]): [string, SpeculativeOptions] => [`length ${name}`, { length }]),
  ['block', { verifier: 'block' }],
  ['greedy', { verifier: 'greedy' }],
  ['match', { verifier: 'match' }],
  ['typical', { verifier: 'typical' }],
  ['multidraft', { verifier: 'multidraft', branching: [2, 2] }],
  ['kseq', { verifier: 'kseq', branching: [2, 2] }],
  ['tree', { verifier: 'tree', branching: [2, 2] }],
  ['beam', { verifier: 'tree', beam: { width: 2, depth: 2 } }],
  ['XTC', { sampling: { xtc: { threshold: 0.2, probability: 0.5 } } }],
];

describe('states', () => {
  it.each(options)('a decoder with %s goes on from JSON bit for bit, its generator too', (_name, option) => {
    const decoder = speculativeDecoder(models, option);
    const rng = createRng('states');
    let state = decoder.init([0, 1]);
    for (let round = 0; round < 8; round++) state = decoder.round(state, rng, state);
    let other = throughJson(state);
    const again = resumeRng(throughJson(rng.state()));
    expect(other).toEqual(state);
    for (let round = 0; round < 8; round++) {
      state = decoder.round(state, rng, state);
      other = decoder.round(other, again);
      expect(other).toEqual(state);
    }
  });

  it('Mirostat goes on from JSON', () => {
    for (const version of [1, 2] as const) {
      const sampler = mirostat({ version, tau: 1.5 });
      const [row] = models.target([[1, 2]]) as number[][];
      const rng = createRng('states', version);
      let state = sampler.init();
      for (let t = 0; t < 10; t++) ({ state } = sampler.step(state, row, rng));
      const again = resumeRng(throughJson(rng.state()));
      expect(sampler.step(throughJson(state), row, again)).toEqual(sampler.step(state, row, rng));
    }
  });
});
