export { standInCacheDirectory } from './cache-directory.ts';
export { type ArchiveServer, type Fault, serveArchive } from './serve-archive.ts';
export { type SigningKey, withSigningKey } from './signing-key.ts';
export {
  createStandInArchive,
  type NewerPackage,
  type StandInArchive,
  type StandInArchiveOptions,
} from './stand-in-archive.ts';
