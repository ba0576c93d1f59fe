import { expect, it } from 'vitest';
import { linearSolversDigest } from './linear-solvers-digest.js';

it('solvers and learners of omega give the bits they always gave', () => {
  expect(linearSolversDigest()).toBe('15bf5b65ccc1f367');
});
