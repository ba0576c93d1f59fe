import { expect, it } from 'vitest';
import { decodingDigest } from './decoding-digest.js';

it('filters, verifiers and runs of the decoder give the bits they always gave', () => {
  expect(decodingDigest()).toBe('d102a812963a5d9c');
});
