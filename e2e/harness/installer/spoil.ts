import { createHash } from 'node:crypto';
import { installManifestSchema, MediumPath } from '@micro-linux/provision';
import type { ChangedIso } from './change-iso.ts';

/** Flips one bit in the middle of a file, as a worn medium does. */
export async function damage(iso: ChangedIso, name: string): Promise<void> {
  const content = await iso.read(name);
  const middle = Math.floor(content.length / 2);
  content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
  await iso.write(name, content);
}

/** Puts another signature into the update, and its new sum where the installer looks for it. */
export async function breakSignature(iso: ChangedIso): Promise<void> {
  const update = await iso.read(MediumPath.update);
  const sum = createHash('sha256').update(update).digest('hex');
  const at = update.indexOf('"signature":"') + '"signature":"'.length;
  const letter = update.toString('latin1', at, at + 1);
  update.write(letter === 'A' ? 'B' : 'A', at, 'latin1');
  await iso.write(MediumPath.update, update);

  const text = (await iso.read(MediumPath.manifest)).toString();
  const { files } = installManifestSchema.parse(JSON.parse(text));
  if (files.update.sha256 !== sum) {
    throw new Error('the manifest of the ISO is about another update');
  }
  const changed = text.replace(sum, createHash('sha256').update(update).digest('hex'));
  await iso.write(MediumPath.manifest, Buffer.from(changed));
}
