import type { ApplyFacts } from './apply-facts.ts';

/**
 * Whether the update is the running system. By the hash of the image if it is known what was installed, so
 * that the same image with a new signature is the same; otherwise by its image.json.
 */
export function alreadyRuns({ running, update }: ApplyFacts): boolean {
  const { image, version, buildId } = update.head.manifest;
  return running.head
    ? running.head.manifest.image.sha256 === image.sha256
    : running.image.version === version && running.image.buildId === buildId;
}
