import { expect, it } from 'vitest';
import { linearSolversDigest } from './linear-solvers-digest.js';

it('solvers and learners of omega give the bits they always gave', () => {
  expect(linearSolversDigest()).toBe('27a577d28ecccae6');
});
