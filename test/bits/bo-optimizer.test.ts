import { expect, it } from 'vitest';
import { boOptimizerDigest } from './bo-optimizer-digest.js';

it('the optimizer, acquisitions, Pareto sets and TuRBO give the bits they always gave', () => {
  expect(boOptimizerDigest()).toBe('454c31ab23571b68');
});
