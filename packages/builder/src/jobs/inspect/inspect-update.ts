import { basename, dirname } from 'node:path';
import { ExitCode, errorToObject, MIB, MicroLinuxError } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import { type BuildRecord, readBuildRecord } from '../../artifacts/build-record.ts';
import type { Trust } from '../../keys/trust.ts';
import { productLines } from '../../output/report/product-lines.ts';
import { fileDigest } from '../../plan/digest.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { checkUpdate } from './check-update.ts';
import { type Judgement, judge } from './judge-signatures.ts';

/** What an update says about itself, and whether its bytes match. */
interface UpdateInspection {
  readonly kind: 'update';
  readonly update: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The manifest, with a count instead of the chunks. */
  readonly manifest: Omit<Manifest, 'image'> & {
    readonly image: Omit<Manifest['image'], 'chunks'> & { readonly chunks: number };
  };
  readonly manifestSha256: string;
  readonly payloadBytes: number;
  /** Image bytes for each payload byte. */
  readonly ratio: number;
  readonly signatures: Judgement['signatures'];
  readonly trusted: boolean;
  readonly untrustedBecause: string | undefined;
  readonly threshold: number;
  /** Whether it is the file listed by build.json in the same folder; undefined if there is none. */
  readonly unchanged: boolean | undefined;
  /** What its config adds to the profile, if it is that file. */
  readonly product: BuildRecord['product'];
}

/**
 * `inspect` of an update: reads all of it, and checks its signatures against `trust`.
 *
 * @returns the exit code: 5 for an update that a device with this trust would reject.
 */
export async function inspectUpdate(
  context: CommandContext,
  update: string,
  trust: Trust,
): Promise<number> {
  const { reporter, signal } = context;
  const step = reporter.step('checking every chunk');
  const { head, bytes, payloadBytes, manifestSha256 } = await checkUpdate(update, {
    signal,
    onProgress: (fraction) => step.progress({ fraction }),
  }).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done();
  const sha256 = await fileDigest(update, signal);
  const record = await readBuildRecord(dirname(update));
  const artifact = record?.artifacts.find(({ file }) => file === basename(update));
  const { chunks, ...image } = head.manifest.image;
  const { refusal, ...judgement } = judge(head, trust);
  const inspection: UpdateInspection = {
    kind: 'update',
    update,
    bytes,
    sha256,
    manifest: { ...head.manifest, image: { ...image, chunks: chunks.length } },
    manifestSha256,
    payloadBytes,
    ratio: Math.round((image.bytes / payloadBytes) * 100) / 100,
    ...judgement,
    threshold: trust.threshold,
    unchanged: artifact && artifact.sha256 === sha256,
    product: artifact?.sha256 === sha256 ? record?.product : undefined,
  };
  if (inspection.unchanged === false) {
    reporter.warn(`${update} is not the file build.json describes`);
  }
  reporter.result(render(inspection), {
    ...inspection,
    ...(refusal === undefined ? {} : errorToObject(untrusted(refusal))),
  });
  return refusal === undefined ? ExitCode.done : ExitCode.rejected;
}

/** Its contents were shown, but devices would reject the update. */
function untrusted(refusal: MicroLinuxError): MicroLinuxError {
  const { code, message, why } = refusal;
  return new MicroLinuxError({
    ...{ code, message, why },
    hint: 'sign it with a trusted key (docs/guides/signing.md), or name the key to judge by: --public-key FILE',
    exitCode: ExitCode.rejected,
  });
}

function render(inspection: UpdateInspection): string {
  const { manifest, signatures } = inspection;
  const { image } = manifest;
  return [
    inspection.update,
    `  update to ${manifest.profile} ${manifest.version} (${manifest.compatible}), rollback index ${manifest.rollbackIndex}, kernel ${manifest.kernel}`,
    ...(manifest.minimumAgent === undefined
      ? []
      : [`  for ota-agent ${manifest.minimumAgent} or later`]),
    `  build id ${manifest.buildId}`,
    `  slot image ${mib(image.bytes)} MiB, sha256 ${image.sha256}`,
    `  ${image.chunks} chunks of ${image.chunkBytes / MIB} MiB, each matches its hash`,
    `  file ${mib(inspection.bytes)} MiB, ${inspection.ratio} times smaller than the image, sha256 ${inspection.sha256}`,
    `  manifest sha256 ${inspection.manifestSha256}`,
    ...productLines(inspection.product),
    `signatures: ${signatures.length === 0 ? 'none' : ''}`.trimEnd(),
    ...signatures.map(({ keyId, status }) => `  ${keyId}  ${WORDS[status]}`),
    inspection.trusted
      ? `trusted: signed by enough of the trusted keys (threshold ${inspection.threshold})`
      : `NOT TRUSTED: ${inspection.untrustedBecause}`,
  ].join('\n');
}

const WORDS = {
  good: 'good',
  bad: 'BAD: does not match the manifest',
  unknown: 'by a key that is not trusted here',
  revoked: 'by a REVOKED key',
} as const;

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}
