import { verify } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ExitCode, MicroLinuxError, reasonOf, run } from '@micro-linux/core';
import {
  fileSource,
  type ManifestSignature,
  readHead,
  type UpdateHead,
} from '@micro-linux/update-image';
import { attachSignatures } from '@micro-linux/update-image/write';
import { type PublicKeyFile, readPublicKeyFile } from '../../keys/read-key-file.ts';
import { SIGNATURE_BYTES, signatureBytes } from '../../keys/signature-bytes.ts';
import { attachToIso } from '../../steps/medium/attach-to-iso.ts';
import { isIso } from '../../steps/medium/iso-file.ts';
import { readIsoMedium } from '../../steps/medium/read-iso-medium.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { requireOutputFile, requireReadableFile } from '../../system/files/require-file.ts';
import { isRecorded, noteSignatures } from '../build/note-signatures.ts';

/** Options of `attach`, as parsed by commander. */
export interface AttachOptions {
  readonly signature: readonly string[];
  readonly publicKey: readonly string[];
  readonly output?: string;
}

/** No signature in any format is larger. */
const MAXIMUM_BYTES = 4096;

/**
 * `attach`: checks signatures made elsewhere, and adds them to an update or an ISO. A new signature
 * replaces one by the same key.
 *
 * @throws MicroLinuxError of the update and the keys; `signature-unreadable` (exit code 2),
 *   `signature-invalid` (exit code 5).
 */
export async function runAttach(
  context: CommandContext,
  path: string,
  options: AttachOptions,
): Promise<void> {
  const at = (file: string) => resolve(context.cwd, file);
  await requireReadableFile(at(path));
  // The file itself, not a link to it, is replaced.
  const update = await realpath(at(path));
  const output = options.output === undefined ? update : at(options.output);
  const keys = await Promise.all(options.publicKey.map((file) => readPublicKeyFile(at(file))));
  await requireOutputFile(output);
  const { signal } = context;
  const checked = async (manifestBytes: Buffer) => {
    const signatures: ManifestSignature[] = [];
    for (const file of options.signature) {
      signatures.push(await checkedSignature(at(file), manifestBytes, keys));
    }
    return signatures;
  };
  const recorded = output === update && (await isRecorded(update));
  const { signatures, signedBy } = (await isIso(update))
    ? await toIso(update, output, checked, signal)
    : await toUpdate(update, output, checked, signal);
  if (recorded) {
    await noteSignatures(update, signedBy, signal);
  }
  const attached = signatures.map(({ keyId }) => keyId);
  context.reporter.result(
    [`${output}`, `  attached: ${attached.join(', ')}`, `  signed by: ${signedBy.join(', ')}`].join(
      '\n',
    ),
    { update: output, attached, signedBy },
  );
}

interface Attached {
  readonly signatures: readonly ManifestSignature[];
  readonly signedBy: readonly string[];
}

type CheckSignatures = (manifestBytes: Buffer) => Promise<readonly ManifestSignature[]>;

async function toUpdate(
  update: string,
  output: string,
  checked: CheckSignatures,
  signal: AbortSignal,
): Promise<Attached> {
  const signatures = await checked((await headOf(update)).manifestBytes);
  await attachSignatures({ update, output, signatures, signal });
  return { signatures, signedBy: (await headOf(output)).signatures.map(({ keyId }) => keyId) };
}

async function toIso(
  iso: string,
  output: string,
  checked: CheckSignatures,
  signal: AbortSignal,
): Promise<Attached> {
  const medium = await readIsoMedium(iso, { run, signal });
  const signatures = await checked(medium.manifestBytes);
  return { signatures, signedBy: await attachToIso({ iso, medium, output, signatures, signal }) };
}

async function headOf(update: string): Promise<UpdateHead> {
  const source = await fileSource(update);
  try {
    return await readHead(source);
  } finally {
    await source.close();
  }
}

/** The signature in a file, with the key that made it. */
async function checkedSignature(
  file: string,
  manifestBytes: Buffer,
  keys: readonly PublicKeyFile[],
): Promise<ManifestSignature> {
  const signature = await readSignature(file);
  const key = keys.find(({ key }) => verify(null, manifestBytes, key, signature));
  if (!key) {
    throw new MicroLinuxError({
      code: 'signature-invalid',
      message: `${file} is not a signature of this file by ${keys.map(({ keyId }) => keyId).join(' or ')}`,
      why: 'another key made it, or it is for another manifest: each build writes its own',
      hint: 'sign the .manifest file that was written beside this file, as it is: openssl pkeyutl -sign -rawin -inkey KEY -in FILE',
      exitCode: ExitCode.rejected,
    });
  }
  return { keyId: key.keyId, algorithm: 'ed25519', signature: signature.toString('base64') };
}

async function readSignature(file: string): Promise<Buffer> {
  let why: string;
  try {
    const { size } = await stat(file);
    const signature = size <= MAXIMUM_BYTES ? signatureBytes(await readFile(file)) : undefined;
    if (signature) {
      return signature;
    }
    why = `it has ${size} bytes instead of the ${SIGNATURE_BYTES} bytes of a signature, or these in base64`;
  } catch (cause) {
    why = reasonOf(cause);
  }
  throw new MicroLinuxError({
    code: 'signature-unreadable',
    message: `${file} does not contain an Ed25519 signature`,
    why,
    hint: 'openssl pkeyutl -sign -rawin -inkey KEY -in FILE.manifest -out SIGNATURE',
    exitCode: ExitCode.usage,
  });
}
