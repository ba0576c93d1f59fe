import { createRng } from '../../src/random/create-rng.js';
import * as online from '../../src/online-learning/index.js';
import { bitsOf } from './bits-of.js';

/** Points of every learner over sixty rounds of seeded gradients. */
export function onlineLearningDigest(): string {
  const values: number[] = [];
  const d = 4;
  const rng = createRng('digest', 'gradients');
  const gradients = Array.from({ length: 60 }, () => Float64Array.from({ length: d }, () => 2 * rng() - 1));
  const set = online.ballSet({ dimension: d, radius: 1 });
  const box = online.boxSet({ low: [-1, 0, 0, 0], high: [1, 1, 2, 3] });
  const learners = [
    online.hedge({ experts: d, horizon: 60 }),
    online.hedge({ experts: d, eta: 0.7, prior: [1, 2, 3, 4] }),
    online.adaHedge({ experts: d }),
    online.optimisticHedge({ experts: d, eta: 0.3 }),
    online.ogd({ set, gradBound: 2 }),
    online.ogd({ set: box, gradBound: 2 }),
    online.ogdStronglyConvex({ set: online.simplexSet({ dimension: d }), lambda: 0.5 }),
    online.ftrl({ regularizer: 'quadratic', set, eta: 0.4 }),
    online.ftrl({ regularizer: 'log-barrier', dimension: d, eta: 0.4, schedule: 'sqrt' }),
    online.optimisticFtrl({ regularizer: 'entropy', dimension: d, eta: 0.4 }),
    online.optimisticOmd({ geometry: 'euclidean', set, smoothness: 1, gradBound: 2 }),
    online.optimisticOmd({ geometry: 'entropic', dimension: d, eta: 0.2 }),
    online.optimisticOmd({ geometry: 'strongly-convex', set, lambda: 0.5 }),
    online.optimisticOmd({ geometry: 'exp-concave', dimension: d, diameter: 2, gradBound: 2, alpha: 0.5 }),
    online.ader({ horizon: 60, set, gradBound: 2 }),
    online.optimisticAder({ horizon: 60, set, gradBound: 2 }),
  ] as online.OnlineLearner<unknown>[];
  for (const learner of learners) {
    values.push(...online.simulateOnline(learner, 60, (_x, t) => gradients[t]).iterates);
  }
  values.push(
    online.hedgeRegretBound(7, 100),
    online.adaHedgeRegretBound(7, { variance: 3, range: 2 }),
    online.ogdStronglyConvexRegretBound({ lambda: 2, gradBound: 3, horizon: 50 }),
    online.aderRegretBound({ horizon: 100, diameter: 2, gradBound: 3, pathLength: 5 }),
    online.seaConvexRegretBound({ diameter: 2, smoothness: 1, gradBound: 3, sigma2: 4, Sigma2: 5 }),
  );
  return bitsOf(values);
}
