import { expect, it } from 'vitest';
import { specialDigest } from './special-digest.js';

it('special functions give the bits they always gave', () => {
  expect(specialDigest()).toBe('708fb0b8ff9a1aab');
});
