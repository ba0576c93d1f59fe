import { expect, it } from 'vitest';
import { onlineLearningDigest } from './online-learning-digest.js';

it('online learners give the bits they always gave', () => {
  expect(onlineLearningDigest()).toBe('0aa0b671588a9901');
});
