import { join } from 'node:path';
import { ExitCode, firstIssue, MicroLinuxError } from '@micro-linux/core';
import { type InstallManifest, installManifestSchema, MediumPath } from '@micro-linux/provision';
import {
  parseSignatureFile,
  SIGNATURE_FILE_BYTES,
  type TrustPolicy,
  verifyHead,
} from '@micro-linux/update-image';
import * as z from 'zod';
import { damaged } from './damaged.ts';
import { readAtMost } from './read-at-most.ts';

/** The list of a medium has some ten files, far below this limit. */
const MANIFEST_BYTES = 1 << 20;

/**
 * The description of a medium. It is parsed only after its signatures were verified.
 *
 * @throws MicroLinuxError `medium-missing`, `medium-damaged`, `signatures-invalid`,
 *   `signature-missing`, `signature-invalid`, `key-unknown`, `key-revoked`.
 */
export async function readManifest(
  directory: string,
  trust: TrustPolicy,
): Promise<InstallManifest> {
  const path = join(directory, MediumPath.manifest);
  const bytes = await readAtMost(path, MANIFEST_BYTES).catch((cause: unknown) => {
    throw missing(directory, cause);
  });
  const signatures = join(directory, MediumPath.signatures);
  const file = await readAtMost(signatures, SIGNATURE_FILE_BYTES).catch((cause: unknown) => {
    throw unsigned(signatures, cause);
  });
  verifyHead(
    { manifestBytes: bytes, signatures: parseSignatureFile(file) },
    trust,
    'the installation medium',
  );
  try {
    return installManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? firstIssue(cause) : String(cause);
    throw damaged(path, why, cause);
  }
}

function missing(directory: string, cause: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'medium-missing',
    message: `${directory} is not an installation medium of micro-linux`,
    why: cause instanceof Error ? cause.message : String(cause),
    hint: 'mount the medium, and name the place with --medium',
    exitCode: ExitCode.usage,
    cause,
  });
}

function unsigned(path: string, cause: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'signature-missing',
    message: 'the installation medium is not signed',
    why: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'make the medium again with this version of micro-linux: ./micro-linux iso',
    exitCode: ExitCode.rejected,
    cause,
  });
}
