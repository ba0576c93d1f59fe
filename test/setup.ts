// Every property-based test draws the same cases in every run.
import fc from 'fast-check';

fc.configureGlobal({ seed: 20240607, numRuns: 100 });
