import { expect, it } from 'vitest';
import { preferenceLossesDigest } from './preference-losses-digest.js';

it('losses, log-probabilities of sequences and fits of rewards give the bits they always gave', () => {
  expect(preferenceLossesDigest()).toBe('d9283f40d35b676f');
});
