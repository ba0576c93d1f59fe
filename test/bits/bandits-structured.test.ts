import { expect, it } from 'vitest';
import { banditsStructuredDigest } from './bandits-structured-digest.js';

it('streams, linear models, duels, logs and several tasks give the bits they always gave', () => {
  expect(banditsStructuredDigest()).toBe('9dc598843df6ff77');
});
