import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { InstallManifest } from '@micro-linux/provision';
import {
  checkFrame,
  chunkPlaces,
  frameRanges,
  releaseBuffer,
  type UpdateHead,
  type UpdateSource,
} from '@micro-linux/update-image';
import type { Guarded } from '../../progress/stall-guard.ts';

/**
 * Checks that a verified update is the one that its medium describes.
 *
 * @throws MicroLinuxError `medium-mismatch`.
 */
export function checkUpdateHead(head: UpdateHead, medium: InstallManifest): void {
  const wrong = (['version', 'compatible', 'buildId'] as const).filter(
    (name) => head.manifest[name] !== medium[name],
  );
  if (wrong.length > 0) {
    throw new MicroLinuxError({
      code: 'medium-mismatch',
      message: 'the update on the medium is not the one that the medium is about',
      why: wrong.map((name) => `${name} is ${head.manifest[name]}, not ${medium[name]}`).join('\n'),
      hint: 'build the medium again: micro-linux iso',
      exitCode: ExitCode.rejected,
    });
  }
}

/**
 * Reads and hashes the frame of every chunk, so that damage is found before a disk is written.
 * Chunks are decompressed when they are written.
 *
 * @throws MicroLinuxError `chunk-corrupt`, `update-truncated`, `update-unreadable`.
 */
export async function checkChunks(
  source: UpdateSource,
  head: UpdateHead,
  guard: Guarded,
  advance: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  const totalBytes = head.manifest.image.bytes;
  const places = chunkPlaces(head);
  source.willRead(frameRanges(places));
  for (const place of places) {
    guard.signal.throwIfAborted();
    const frame = Buffer.allocUnsafeSlow(place.frameBytes);
    await source.readAt(place.frameOffset, frame, guard.signal);
    checkFrame(place, frame);
    releaseBuffer(frame);
    guard.alive();
    advance(place.offset + place.bytes, totalBytes);
  }
}
