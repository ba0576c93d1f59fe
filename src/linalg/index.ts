export { dot, sum } from './sum.js';
export { norm2, normInf } from './norms.js';
export { type MatrixLike, type RowMajor, toRowMajor } from './to-row-major.js';
export { matMul, matTVec, matVec, transpose } from './mat-mul.js';
export { cholesky, choleskyJittered } from './cholesky.js';
export {
  choleskyInverse,
  choleskyLogDet,
  choleskySolve,
  solveLower,
  solveLowerMany,
  solveUpperT,
  solveUpperTMany,
} from './triangular.js';
export { choleskyAppend, choleskyAppendMany, choleskyDelete, choleskyRankOne } from './cholesky-update.js';
export { leastSquares, pseudoInverse, type Svd, svd, type SymmetricEigen, symmetricEigen } from './eigen.js';
export { eigenvalues } from './eigenvalues.js';
