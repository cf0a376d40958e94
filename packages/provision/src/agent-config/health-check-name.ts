/** Names that run-parts(8) accepts, so that leftovers of editors and dpkg are never run. */
const NAME = /^[A-Za-z0-9_-]+(\.sh)?$/;

/** Whether the agent runs an executable of this name in `health.d`. */
export function isHealthCheckName(name: string): boolean {
  return NAME.test(name);
}
