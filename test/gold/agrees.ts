// One walk over an expected value; the rule for numbers is the file's own.

/**
 * Whether `actual` has every field and element of `expected`, numbers by `close`, all else exactly. Arrays agree with
 * typed arrays; "Infinity" and "-Infinity" stand for these numbers; fields that `expected` lacks are not looked at.
 */
export function agrees(
  actual: unknown,
  expected: unknown,
  close: (actual: number, expected: number) => boolean,
): boolean {
  if (expected === 'Infinity' || expected === '-Infinity') return actual === Number(expected);
  if (typeof expected === 'number') {
    return typeof actual === 'number' && (Object.is(actual, expected) || close(actual, expected));
  }
  if (Array.isArray(expected)) {
    const list = actual as ArrayLike<unknown> | null | undefined;
    return list?.length === expected.length && expected.every((entry, i) => agrees(list[i], entry, close));
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object' || actual instanceof Error) return false;
    const fields = actual as Record<string, unknown>;
    return Object.entries(expected).every(([name, value]) => agrees(fields[name], value, close));
  }
  return actual === expected;
}

/** A flat row-major array as its rows. */
export function rowsOf(flat: ArrayLike<number>, columns: number): number[][] {
  return Array.from({ length: flat.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => flat[i * columns + j]),
  );
}
