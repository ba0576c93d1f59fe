import { expect, it } from 'vitest';
import { linalgDigest } from './linalg-digest.js';

it('dense kernels and decompositions give the bits they always gave', () => {
  expect(linalgDigest()).toBe('e9474c36f37bdbab');
});
