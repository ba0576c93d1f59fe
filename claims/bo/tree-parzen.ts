// The tree-structured Parzen estimator, as a baseline: J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, NIPS 2011, section 4,
// with Optuna's settings (10 random configs first, the best tenth of at most 25 as good ones, 24 candidates).
import type { Choice, Config, SearchSpace } from 'lemmata/bo';
import type { Rng } from 'lemmata/random';

export interface Observed {
  config: Config;
  value: number;
}

/** The next config of a minimization. */
export function treeParzenSuggestion(space: SearchSpace, history: readonly Observed[], rng: Rng): Config {
  if (history.length < 10) return space.sample(rng);
  const sorted = [...history].sort((a, b) => a.value - b.value);
  const good = sorted.slice(0, Math.min(25, Math.ceil(0.1 * sorted.length)));
  const bad = sorted.slice(good.length);
  let best: { config: Config; score: number } | undefined;
  for (let candidate = 0; candidate < 24; candidate++) {
    const x = new Float64Array(space.dimension);
    const score: Record<string, number> = {};
    for (const name of space.names) {
      const above = densityOf(space, name, good);
      const below = densityOf(space, name, bad);
      const u = above.draw(rng);
      x[space.columns[name].at] = u;
      score[name] = Math.log(above.density(u)) - Math.log(below.density(u));
    }
    const config = space.decode(x);
    // Only what is active counts.
    const total = Object.keys(config).reduce((sum, name) => sum + score[name], 0);
    if (best === undefined || total > best.score) best = { config, score: total };
  }
  return best!.config;
}

interface Density {
  draw(rng: Rng): number;
  density(u: number): number;
}

function densityOf(space: SearchSpace, name: string, configs: readonly Observed[]): Density {
  const values = configs.filter(({ config }) => name in config).map(({ config }) => config[name]);
  const parameter = space.parameters[name];
  return parameter.type === 'categorical'
    ? categoricalDensity(parameter.choices, values)
    : parzen(values.map((value) => space.encodeValue(name, value)[0]));
}

/** Counts plus one. */
function categoricalDensity(choices: readonly Choice[], values: readonly Choice[]): Density {
  const weights = choices.map((choice) => 1 + values.filter((value) => value === choice).length);
  const total = weights.reduce((a, b) => a + b, 0);
  const cell = (u: number) => Math.min(choices.length - 1, Math.floor(u * choices.length));
  return {
    draw(rng) {
      let left = rng() * total;
      let i = 0;
      while (i + 1 < weights.length && left >= weights[i]) left -= weights[i++];
      return (i + 0.5) / choices.length;
    },
    density: (u) => weights[cell(u)] / total,
  };
}

/** A mixture of a uniform law and truncated normals at the points, as wide as the larger distance to a neighbour. */
function parzen(points: readonly number[]): Density {
  const sorted = [...points].sort((a, b) => a - b);
  const narrowest = 1 / Math.min(100, sorted.length + 1);
  const parts = sorted.map((center, i) => {
    const left = center - (i > 0 ? sorted[i - 1] : 0);
    const right = (i + 1 < sorted.length ? sorted[i + 1] : 1) - center;
    const width = Math.min(1, Math.max(narrowest, Math.max(left, right)));
    return { center, width, mass: cdf((1 - center) / width) - cdf(-center / width) };
  });
  return {
    draw(rng) {
      const i = Math.floor(rng() * (parts.length + 1));
      if (i === parts.length) return rng();
      for (;;) {
        const u = parts[i].center + parts[i].width * normal(rng);
        if (u >= 0 && u <= 1) return u;
      }
    },
    density(u) {
      let total = 1;
      for (const { center, width, mass } of parts) {
        const z = (u - center) / width;
        total += Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * width * mass);
      }
      return total / (parts.length + 1);
    },
  };
}

function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

/** Abramowitz and Stegun 26.2.17: enough for a mass. */
function cdf(z: number): number {
  if (z < 0) return 1 - cdf(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * tail;
}
