import { expect, it } from 'vitest';
import { optimizeDigest } from './optimize-digest.js';

it('minimisers and roots give the bits they always gave', () => {
  expect(optimizeDigest()).toBe('146f5d19f18d0fb2');
});
