import { expect, it } from 'vitest';
import { optimizeDigest } from './optimize-digest.js';

it('minimisers and roots give the bits they always gave', () => {
  expect(optimizeDigest()).toBe('b0a5ad263be5c45a');
});
