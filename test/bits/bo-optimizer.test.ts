import { expect, it } from 'vitest';
import { boOptimizerDigest } from './bo-optimizer-digest.js';

it('the optimizer, acquisitions, Pareto sets and TuRBO give the bits they always gave', () => {
  expect(boOptimizerDigest()).toBe('44c954e68ddaeed3');
});
