import fc from 'fast-check';

/** Probability vectors with zeros, ties and tiny entries among them. */
export function distribution(minLength: number, maxLength: number): fc.Arbitrary<number[]> {
  const weight = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 1e-3, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 0.5, 1, 1e-9) },
  );
  return fc
    .array(weight, { minLength, maxLength })
    .filter((weights) => weights.some((w) => w > 0))
    .map((weights) => {
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / total);
    });
}
