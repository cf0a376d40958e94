import type { MicroLinuxError } from '@micro-linux/core';
import { MANIFEST_HEADER, type Manifest, manifestSchema } from '../manifest.ts';
import { rejected } from '../update-error.ts';
import { manifestShapeProblem } from './manifest-shape.ts';
import { parseSection } from './section.ts';

/** @throws MicroLinuxError `manifest-invalid`, `not-an-update`, `format-unsupported`. */
export function parseManifest(manifestBytes: Buffer): Manifest {
  return parseSection(
    manifestBytes,
    MANIFEST_HEADER,
    manifestSchema,
    manifestInvalid,
    manifestShapeProblem,
  );
}

export function manifestInvalid(why: string, cause?: unknown): MicroLinuxError {
  return rejected({ code: 'manifest-invalid', message: 'the manifest is not valid', why, cause });
}
