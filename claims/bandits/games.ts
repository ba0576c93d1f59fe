// Mean regrets of policies over independent games, as the claims of this folder report them.
import {
  type BanditEnvironment,
  type BanditPolicy,
  type ReplicationOptions,
  type Replications,
  simulateReplications,
} from 'lemmata/bandits';
import { createRng } from 'lemmata/random';
import type { Figure } from '../claim.js';

/** Every policy plays game i on the same rewards; the policies' own draws are independent of each other. */
export function games<State>(
  seed: number,
  policy: BanditPolicy<State>,
  environment: BanditEnvironment,
  options: Omit<ReplicationOptions, 'streams'>,
): Replications {
  return simulateReplications(policy, environment, {
    ...options,
    streams: (i) => ({ policy: createRng(seed, policy.name, i), environment: createRng(seed, 'environment', i) }),
  });
}

/** Mean and standard error at the last checkpoint. */
export function last({ mean, standardError }: Replications): { mean: number; standardError: number } {
  return { mean: mean[mean.length - 1], standardError: standardError[mean.length - 1] };
}

export function show(name: string, games: Replications): string {
  const { mean, standardError } = last(games);
  return `${name} ${mean.toFixed(mean < 100 ? 1 : 0)} ± ${standardError.toFixed(mean < 100 ? 1 : 0)}`;
}

/** Numbers of rounds at which curves are drawn, about twelve a decade. */
export function curveCheckpoints(horizon: number): number[] {
  const points: number[] = [];
  for (let x = 10; x < horizon; x *= 10 ** (1 / 12)) {
    const t = Math.round(x);
    if (points.length === 0 || t > points[points.length - 1]) points.push(t);
  }
  return [...points.filter((t) => t < horizon), horizon];
}

export function curves(title: string, rows: [string, Replications][]): Figure {
  return {
    title,
    x: { label: 'round', type: 'log' },
    y: { label: 'mean regret' },
    marks: [
      {
        kind: 'line',
        points: rows.flatMap(([series, { checkpoints, mean }]) =>
          Array.from(checkpoints, (x, c) => ({ x, y: mean[c], series })),
        ),
      },
    ],
  };
}
