// What one function of each module may cost a page, in bytes, minified, with all that it calls. The tables of exp are 5 kB and
// those of log 7 kB of it. A Gaussian process brings every kernel, as kernels are plain data: `expectedImprovement` takes one.
export const BUNDLES: { module: string; name: string; limit: number }[] = [
  { module: 'special', name: 'exp', limit: 6_500 },
  { module: 'random', name: 'createRng', limit: 2_500 },
  { module: 'bandits', name: 'ucb1', limit: 13_500 },
  { module: 'bo', name: 'expectedImprovement', limit: 62_000 },
  { module: 'bo', name: 'expectedImprovementRule', limit: 21_000 },
  { module: 'linear-solvers', name: 'sor', limit: 10_500 },
  { module: 'decoding', name: 'verifyTokens', limit: 6_000 },
  { module: 'preference', name: 'dpoLoss', limit: 19_500 },
];
