import { expect, it } from 'vitest';
import { statsDigest } from './stats-digest.js';

it('statistics give the bits they always gave', () => {
  expect(statsDigest()).toBe('f73167ffd51e4339');
});
