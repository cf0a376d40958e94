/**
 * Cleans up after an action, however that ends. A failure to clean up counts only if the action
 * itself did not fail: the first failure is reported.
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
