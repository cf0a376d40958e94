/**
 * Cleans up after an action, whether it succeeds or fails. A failed cleanup is reported only if the
 * action succeeded.
 */
export async function andThen<T>(
  action: () => Promise<T>,
  cleanUp: () => Promise<unknown>,
): Promise<T> {
  let result: T;
  try {
    result = await action();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  await cleanUp();
  return result;
}
