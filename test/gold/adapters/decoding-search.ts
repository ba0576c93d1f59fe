// The functions of decoding.json that live in search, information, learning-theory, inference and the foundations.
import { triceGradient } from '../../../src/inference/index.js';
import { ebimExact, ebimGreedy, ebimImproved, greedyMinEntropyCoupling } from '../../../src/information/index.js';
import { goodTuring, hallucinationLowerBound } from '../../../src/learning-theory/index.js';
import { createRng } from '../../../src/random/index.js';
import { game24Solvable, mcts, type MctsNode, mctsQ, processAdvantage, puctScores } from '../../../src/search/index.js';
import { logSoftmax, softmax } from '../../../src/special/index.js';
import { bestOfNDistribution, expectedMaxOfK, passAtK } from '../../../src/stats/index.js';
import type { GoldAdapters } from '../adapter.js';

type Tree = Record<string, { value?: number; priors?: number[]; reward?: number }>;

/** Every node by its tag, "0" for the root and "0.1" for its second child. */
function nodesByTag(root: MctsNode<string, number>): Record<string, { visits: number; q: number }> {
  const found: Record<string, { visits: number; q: number }> = {};
  const visit = (node: MctsNode<string, number>) => {
    found[node.state] = { visits: node.visits, q: mctsQ(node) };
    node.children.forEach(visit);
  };
  visit(root);
  return found;
}

const sorted = (groups: number[][]) =>
  groups.map((group) => group.slice().sort((a, b) => a - b)).sort((a, b) => a[0] - b[0]);

export const adapters: GoldAdapters['adapters'] = {
  softmax: ({ logits, temperature }) => softmax(numbers(logits), temperature === undefined ? {} : { temperature }),
  logSoftmax: ({ logits, temperature }) =>
    logSoftmax(numbers(logits), temperature === undefined ? {} : { temperature }),
  greedyMinEntropyCoupling: ({ marginals }) => {
    const coupling = greedyMinEntropyCoupling(marginals);
    return { ...coupling, atoms: coupling.atoms.length };
  },
  ebimGreedy: ({ probs, rateBits }) => {
    const encoder = ebimGreedy(probs, { rateBits });
    return { ...encoder, groups: sorted(encoder.groups) };
  },
  ebimImproved: ({ probs, rateBits }) => {
    const encoder = ebimImproved(probs, { rateBits });
    return { ...encoder, groups: sorted(encoder.groups) };
  },
  ebimExact: ({ probs, rateBits }) => ebimExact(probs, { rateBits }),
  goodTuring: ({ counts }) => goodTuring(counts),
  hallucinationLowerBound: (input) => hallucinationLowerBound(input as never),
  triceGradient: (input) => triceGradient(input as never),
  puctScores: ({ parentVisits, cPuct, ...children }) => puctScores(children as never, { parentVisits, cPuct }),
  mctsTrace: ({ tree, cPuct, iterations }) => {
    const nodes = tree as Tree;
    const problem = {
      root: '0',
      expand: (tag: string) =>
        (nodes[tag].priors ?? []).map((prior, action) => {
          const state = `${tag}.${action}`;
          const { reward } = nodes[state];
          return { action, state, prior, ...(reward === undefined ? {} : { terminal: true, reward }) };
        }),
      value: (tag: string) => nodes[tag].value ?? 0,
    };
    return nodesByTag(mcts(problem, createRng('gold'), { cPuct, iterations }).root);
  },
  bestOfNExact: ({ probs, values, n }) => {
    const { expectedValue, kl, klBound } = bestOfNDistribution(probs, values, n);
    return { expected: expectedValue, kl, klBound };
  },
  expectedMaxOfK: ({ rewards, k }) => expectedMaxOfK(rewards, k),
  passAtK: ({ n, c, k }) => passAtK(n, c, k),
  processAdvantage: ({ qBase, vBase, k, alpha }) => processAdvantage(qBase, vBase, { k, alpha }),
  game24Solvable: ({ numbers: four }) => game24Solvable(four),
};

function numbers(values: (number | string)[]): number[] {
  return values.map(Number);
}
