import { expect, it } from 'vitest';
import { onlineLearningDigest } from './online-learning-digest.js';

it('online learners give the bits they always gave', () => {
  expect(onlineLearningDigest()).toBe('b5bd6fa8da391be2');
});
