// The Step Law of bo.json. The table of released runs is not part of the project: GOLD_DIR has to hold it.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fitStepLaw, stepLaw, stepLawRegret, type TrainingRun } from '../../../src/bo/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  stepLaw: ({ nonEmbeddingParams, tokens, constants }) => stepLaw({ nonEmbeddingParams, tokens }, { constants }),
  stepLawRegret: ({ file, sequenceLength, constants }) =>
    stepLawRegret(readRuns(file as never, sequenceLength), (input) => stepLaw(input, { constants })),
  fitStepLaw: ({ file, sequenceLength, threshold, bootstrap }) =>
    fitStepLaw(readRuns(file as never, sequenceLength), { threshold, bootstrap }),
};

function readRuns(file: string, sequenceLength: number): TrainingRun[] {
  const folders = [resolve(process.env.GOLD_DIR ?? join(import.meta.dirname, '..')), join(import.meta.dirname, '..')];
  const path = folders.map((folder) => join(folder, file)).find((candidate) => existsSync(candidate))!;
  const [, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [parameters, tokens, learningRate, batchSequences, loss] = line.split(',').map(Number);
    return { parameters, tokens, learningRate, batchTokens: batchSequences * sequenceLength, loss };
  });
}
