import type { ApplyFacts } from './apply-facts.ts';

/**
 * Whether the update is the running system. Compares the hash of the image if the installed image
 * is known, so that a new signature does not matter; otherwise compares image.json.
 */
export function alreadyRuns({ running, update }: ApplyFacts): boolean {
  const { image, version, buildId } = update.head.manifest;
  return running.head
    ? running.head.manifest.image.sha256 === image.sha256
    : running.image.version === version && running.image.buildId === buildId;
}
