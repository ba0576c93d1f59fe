import { expect, it } from 'vitest';
import { gamesDigest } from './games-digest.js';

it('games give the bits they always gave', () => {
  expect(gamesDigest()).toBe('4281af0fb7eee252');
});
