export { type LbfgsbOptions, type LbfgsbResult, minimizeLbfgsb, type ValueAndGradient } from './lbfgsb.js';
export { minimizeMultiStart, type MultiStartResult } from './multi-start.js';
export { boxLeastSquares } from './box-least-squares.js';
