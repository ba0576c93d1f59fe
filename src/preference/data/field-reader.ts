// The fields of one JSON object, taken by name and kind.

import type { PreferenceMessage, PreferenceText } from './preference-records.js';

export type Fields = Record<string, unknown>;

/** Takes fields of one object by name and kind, notes what is wrong, and knows what was not taken. */
export class FieldReader {
  private readonly taken = new Set<string>();

  constructor(
    private readonly fields: Fields,
    readonly problems: string[],
  ) {}

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name) && this.fields[name] !== null;
  }

  text(name: string): PreferenceText {
    this.taken.add(name);
    if (!this.has(name)) {
      this.problems.push(`"${name}" is missing`);
      return '';
    }
    return this.checkText(`"${name}"`, this.fields[name]);
  }

  texts(name: string): PreferenceText[] {
    return this.list(name).map((value, i) => this.checkText(`"${name}"[${i}]`, value));
  }

  boolean(name: string): boolean {
    this.taken.add(name);
    const value = this.fields[name];
    if (!this.has(name)) this.problems.push(`"${name}" is missing`);
    else if (typeof value !== 'boolean') this.problems.push(`"${name}" must be true or false, got ${shown(value)}`);
    return value === true;
  }

  booleans(name: string, length: number): boolean[] {
    const values = this.list(name);
    if (values.length !== length) this.problems.push(`"${name}" must have length ${length}, got ${values.length}`);
    values.forEach((value, i) => {
      if (typeof value !== 'boolean') this.problems.push(`"${name}"[${i}] must be true or false, got ${shown(value)}`);
    });
    return values.map((value) => value === true);
  }

  numbers(name: string): number[] {
    return this.list(name).map((value, i) => this.checkNumber(`"${name}"[${i}]`, value) ?? 0);
  }

  /** One number under any of its names; two names must agree. `complaint` says what is wrong with a value, or ''. */
  number(names: readonly string[], complaint: (x: number) => string): number | undefined {
    let found: { name: string; value: number } | undefined;
    for (const name of names) {
      this.taken.add(name);
      if (!this.has(name)) continue;
      const value = this.checkNumber(`"${name}"`, this.fields[name]);
      if (value === undefined) continue;
      const wrong = complaint(value);
      if (wrong !== '') this.problems.push(`"${name}" ${wrong}, got ${value}`);
      else if (found !== undefined && found.value !== value) {
        this.problems.push(`"${name}" and "${found.name}" disagree`);
      } else found ??= { name, value };
    }
    return found?.value;
  }

  /** What was not taken; null values of known fields count as absent. */
  rest(): Fields | undefined {
    const entries = Object.entries(this.fields).filter(([name]) => !this.taken.has(name));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  private list(name: string): unknown[] {
    this.taken.add(name);
    const value = this.fields[name];
    if (Array.isArray(value)) return value as unknown[];
    this.problems.push(`"${name}" must be a list, got ${shown(value)}`);
    return [];
  }

  private checkNumber(name: string, value: unknown): number | undefined {
    const x = value === '-Infinity' || value === 'Infinity' || value === 'NaN' ? Number(value) : value;
    if (typeof x !== 'number') this.problems.push(`${name} must be a number, got ${shown(value)}`);
    else if (Number.isNaN(x)) this.problems.push(`${name} is NaN`);
    else return x;
    return undefined;
  }

  private checkText(name: string, value: unknown): PreferenceText {
    if (typeof value === 'string') return value;
    const isMessage = (x: unknown): x is PreferenceMessage =>
      x !== null &&
      typeof x === 'object' &&
      typeof (x as Fields).role === 'string' &&
      typeof (x as Fields).content === 'string';
    if (Array.isArray(value)) {
      const bad = value.findIndex((x) => !isMessage(x));
      if (bad === -1 && value.length > 0) return value as PreferenceMessage[];
      this.problems.push(bad === -1 ? `${name} has no message` : `${name}[${bad}] must have a role and a content`);
    } else this.problems.push(`${name} must be a string or a list of messages, got ${shown(value)}`);
    return '';
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
