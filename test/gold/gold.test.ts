// Runs every case of every gold file in GOLD_DIR (default: this folder) through its adapters.
//
// A gold file holds inputs and values computed outside this library: a JSON array of cases, or an object with
// `cases`. test/gold/adapters/<file name>.ts maps the gold name of a function to a call of the public API, and
// says in `matches` when two values agree. A function without an adapter fails unless pending.ts names it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { GoldAdapters, GoldCase } from './adapter.js';
import { pending } from './pending.js';

const folder = resolve(process.env.GOLD_DIR ?? import.meta.dirname);

/** Tables that tests and adapters read; they hold no cases. */
const DATA = new Set(['linear-solvers-heat-disc', 'sobol-joe-kuo']);

const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
  .filter((name) => !DATA.has(name))
  .sort();

const summary: string[] = [];

for (const file of files) {
  const content: unknown = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8'));
  const cases = (Array.isArray(content) ? content : (content as { cases: GoldCase[] }).cases) as GoldCase[];
  const module = (await import(`./adapters/${file}.ts`)) as GoldAdapters;
  const waiting = new Set(pending[file] ?? []);
  const ran = new Set<string>();
  let count = 0;
  let withoutData = 0;

  describe(file, () => {
    const byFunction = new Map<string, GoldCase[]>();
    for (const gold of cases) {
      const name = gold.fn.split('/')[0];
      byFunction.set(name, [...(byFunction.get(name) ?? []), gold]);
    }
    it('pending names functions of this file only', () => {
      if (process.env.GOLD_DIR === undefined) expect([...waiting].filter((name) => !byFunction.has(name))).toEqual([]);
    });
    for (const [name, group] of byFunction) {
      const adapter = module.adapters[name];
      if (adapter === undefined && waiting.has(name)) continue;
      it(`${name} agrees with ${group.length} gold ${group.length === 1 ? 'case' : 'cases'}`, () => {
        expect(adapter, `no adapter for ${name} in adapters/${file}.ts`).toBeTypeOf('function');
        expect(waiting.has(name), `${name} has an adapter and is still listed in pending.ts`).toBe(false);
        const failures: string[] = [];
        group.forEach((gold, index) => {
          const data = gold.input.file;
          if (typeof data === 'string' && !dataExists(data)) {
            withoutData += 1;
            return;
          }
          count += 1;
          ran.add(name);
          let actual: unknown;
          try {
            actual = adapter(gold.input, gold);
          } catch (error) {
            actual = error;
          }
          if (!module.matches(actual, gold.expected, gold.tol, gold)) {
            failures.push(
              `#${index} ${gold.fn}: got ${show(actual)}, expected ${show(gold.expected)} (${show(gold.input)})`,
            );
          }
        });
        expect(failures.slice(0, 5).join('\n'), `${failures.length} of ${group.length} cases differ`).toBe('');
      });
    }
    afterAll(() => {
      const left = [...byFunction.keys()].filter((name) => waiting.has(name));
      const notes = [
        ...(left.length > 0 ? [`${left.length} functions pending`] : []),
        ...(withoutData > 0 ? [`${withoutData} cases without data`] : []),
      ];
      summary.push(`${file}: ${count} cases, ${ran.size} functions${notes.map((note) => `, ${note}`).join('')}`);
    });
  });
}

afterAll(() => console.log(`gold: ${summary.join('; ')}`));

function dataExists(name: string): boolean {
  return existsSync(join(folder, name)) || existsSync(join(import.meta.dirname, name));
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const text =
    JSON.stringify(value, (_key, x: unknown) =>
      ArrayBuffer.isView(x)
        ? Array.from(x as Float64Array)
        : typeof x === 'number' && !Number.isFinite(x)
          ? String(x)
          : x,
    ) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}
