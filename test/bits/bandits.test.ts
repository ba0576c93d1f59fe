import { expect, it } from 'vitest';
import { banditsDigest } from './bandits-digest.js';

it('policies, identifiers and environments give the bits they always gave', () => {
  expect(banditsDigest()).toBe('0f3eebfa75ec545f');
});
