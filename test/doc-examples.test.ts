// Runs every @example of the sources. A line `expression; //=> value` is an assertion; an example may await.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as library from '../src/index.js';

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
const root = new URL('../src/', import.meta.url);
const names = Object.keys(library);
const values = Object.values(library);

for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  const source = readFileSync(new URL(file, root), 'utf8');
  for (const [, body] of source.matchAll(/@example\n([\s\S]*?)(?:\n \* @|\n \*\/)/g)) {
    const code = body.replace(/^ \* ?/gm, '').replace(/^(.*?);? *\/\/=> *(.*)$/gm, 'expect($1).toEqual($2);');
    it(`${file}: ${code.split('\n')[0]}`, async () => {
      // A block of its own, so that an example may give its variables the names of functions it does not use.
      await new AsyncFunction(...names, 'expect', `{\n${code}\n}`)(...values, expect);
    });
  }
}
