// What one function of each module may cost a page, in bytes, minified. The tables of exp and log alone are about 8 kB.
export const BUNDLES: { module: string; name: string; limit: number }[] = [
  { module: 'random', name: 'createRng', limit: 2_500 },
  { module: 'bandits', name: 'ucb1', limit: 10_000 },
  { module: 'bo', name: 'expectedImprovement', limit: 16_000 },
  { module: 'linear-solvers', name: 'sor', limit: 8_000 },
  { module: 'decoding', name: 'verifyTokens', limit: 6_000 },
  { module: 'preference', name: 'dpoLoss', limit: 14_000 },
];
