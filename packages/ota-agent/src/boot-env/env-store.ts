import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BootEnv,
  bootEnvVariables,
  bootMark,
  confirmedMarker,
  EspPath,
  limitHint,
  MARK_SEED_BYTES,
  MicroLinuxError,
  readBootEnv,
  readConfirmedMarker,
  type Slot,
} from '@micro-linux/core';
import {
  assertInFirstSector,
  createBlockFile,
  emptyBlock,
  type FileOps,
  GrubEnvError,
  getVariables,
  isDamagedBlock,
  nodeFileOps,
  readBlockFile,
  setVariables,
  writeBlockFile,
} from 'grubenv';

/** A block as it is on the disk. */
export interface BlockReading<T> {
  /** Undefined when it cannot be read or has no usable content. */
  readonly value: T | undefined;
  /** The raw variables; undefined when the file is not an env block. */
  readonly variables: ReadonlyMap<string, string> | undefined;
  /** Its problems in words; empty when it is valid. */
  readonly problems: readonly string[];
}

/**
 * Writes of single blocks on the ESP; only inside `System.withWritableEsp`. Each writes one whole
 * block in place and syncs it; blocks with a mark get a new one.
 */
export interface EnvWrites {
  writeEnv(env: BootEnv): void;
  writeCopy(env: BootEnv): void;
  writeMarker(slot: Slot): void;
}

/** The three blocks on the ESP. Reading a damaged block does not throw; its problems are in the result. */
export interface EnvStore extends EnvWrites {
  readEnv(): BlockReading<BootEnv>;
  readCopy(): BlockReading<BootEnv>;
  readMarker(): BlockReading<Slot>;
}

/**
 * The env blocks on the ESP mounted at `esp`.
 *
 * @param ops how files are read; a check of a write must read from the disk itself.
 * @throws MicroLinuxError `env-unreadable` when the files may not be read, `env-write-failed`.
 */
export function envStore(esp: string, ops: FileOps = nodeFileOps): EnvStore {
  const at = (path: string) => join(esp, path);
  return {
    readEnv: () => readBlock(at(EspPath.env), understandEnv, ops),
    readCopy: () => readBlock(at(EspPath.envCopy), understandEnv, ops),
    readMarker: () => readBlock(at(EspPath.confirmed), understandMarker, ops),
    writeEnv: (env) => writeBlock(at(EspPath.env), bootEnvVariables(env, newMark())),
    writeCopy: (env) => writeBlock(at(EspPath.envCopy), bootEnvVariables(env, newMark())),
    writeMarker: (slot) => writeBlock(at(EspPath.confirmed), confirmedMarker(slot)),
  };
}

/** Different on every disk. */
const newMark = () => bootMark(randomBytes(MARK_SEED_BYTES));

interface Understood<T> {
  readonly value: T | undefined;
  readonly problems: readonly string[];
}

function understandEnv(variables: ReadonlyMap<string, string>): Understood<BootEnv> {
  const { env, problems } = readBootEnv(variables);
  return { value: env, problems };
}

function understandMarker(variables: ReadonlyMap<string, string>): Understood<Slot> {
  const slot = readConfirmedMarker(variables);
  return { value: slot, problems: slot ? [] : ['it names no slot'] };
}

function readBlock<T>(
  path: string,
  understand: (variables: ReadonlyMap<string, string>) => Understood<T>,
  ops: FileOps,
): BlockReading<T> {
  try {
    const variables = getVariables(readBlockFile(path, ops));
    return { variables, ...understand(variables) };
  } catch (error) {
    if (!(error instanceof GrubEnvError)) {
      throw error;
    }
    if (isDamagedBlock(error) || error.code === 'not-found') {
      return { value: undefined, variables: undefined, problems: [error.message] };
    }
    throw new MicroLinuxError({
      code: 'env-unreadable',
      message: `cannot read ${path}`,
      why: error.message,
      hint: limitHint(error.cause) ?? 'run it as root',
      cause: error,
    });
  }
}

function writeBlock(path: string, variables: Readonly<Record<string, string>>): void {
  const block = setVariables(emptyBlock(), variables);
  try {
    assertInFirstSector(block);
    try {
      writeBlockFile(path, block);
    } catch (error) {
      // A file that is missing or has another size cannot be written in place.
      if (!(error instanceof GrubEnvError) || !['not-found', 'wrong-size'].includes(error.code)) {
        throw error;
      }
      if (error.code === 'wrong-size') {
        unlinkSync(path);
      }
      createBlockFile(path, block);
    }
  } catch (error) {
    throw new MicroLinuxError({
      code: 'env-write-failed',
      message: `cannot write ${path}`,
      why: error instanceof Error ? error.message : String(error),
      hint: 'the disk may be failing: dmesg; the other copy of the block is still valid',
      cause: error,
    });
  }
}
