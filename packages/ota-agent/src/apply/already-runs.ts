import type { ApplyFacts } from './apply-facts.ts';

/**
 * Whether the update is the running system. By the hash of the image if it is known what was installed, so
 * that the same image signed anew is the same; else by what the image says of itself.
 */
export function alreadyRuns({ running, update }: ApplyFacts): boolean {
  const { image, version, buildId } = update.head.manifest;
  return running.head
    ? running.head.manifest.image.sha256 === image.sha256
    : running.image.version === version && running.image.buildId === buildId;
}
