// docs/bo.md names everything that lemmata/bo exports, every option of an optimizer, and every acquisition that has a name there.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as bo from '../../src/bo/index.js';
import { ACQUISITION_NAMES } from '../../src/bo/optimizer/acquisition-choice.js';
import { OPTIMIZER_NAMES } from '../../src/bo/optimizer/optimizer-options.js';

const page = readFileSync(new URL('../../docs/bo.md', import.meta.url), 'utf8');
/** The words inside of code spans, outside of code blocks. */
const words = new Set(
  [...page.replace(/^```[^]*?^```$/gm, '').matchAll(/`[^`\n]+`/g)].flatMap(
    ([span]) => span.match(/[A-Za-z]\w*/g) ?? [],
  ),
);

it.each([
  ['export', Object.keys(bo)],
  ['option of bayesianOptimizer', Object.keys(OPTIMIZER_NAMES)],
  ['named acquisition', ACQUISITION_NAMES],
])('the page names every %s', (_, names) => {
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !words.has(name))).toEqual([]);
});
