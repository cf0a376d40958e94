export {
  type EnvBlock,
  type EnvComment,
  type EnvEntry,
  type EnvLine,
  emptyBlock,
  freeBytes,
  getVariable,
  getVariables,
  usedBytes,
} from './block.ts';
export { readBlockFile, updateBlockFile, writeBlockFile } from './block-file.ts';
export { fromUtf8, toUtf8 } from './byte-string.ts';
export { createBlockFile } from './create-file.ts';
export { setVariable, setVariables, unsetVariable } from './edit.ts';
export { type FileOps, nodeFileOps } from './file-ops.ts';
export { assertInFirstSector, fitsFirstSector, variablesPastFirstSector } from './first-sector.ts';
export { BLOCK_BYTES, HEADER, SECTOR_BYTES, WARNING } from './format.ts';
export {
  type DamageCode,
  GrubEnvError,
  type GrubEnvErrorCode,
  isDamagedBlock,
} from './grubenv-error.ts';
export { parseBlock } from './parse.ts';
export { serializeBlock } from './serialize.ts';
