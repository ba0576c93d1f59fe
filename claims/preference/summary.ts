/** Mean, standard deviation and standard error of the mean. */
export function summary(values: number[]): { mean: number; deviation: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((a, x) => a + (x - mean) ** 2, 0) / (values.length - 1));
  return { mean, deviation, error: deviation / Math.sqrt(values.length) };
}
