/**
 * Waits for an action that cannot be interrupted, until `signal` is aborted at the latest. The
 * action itself goes on, and its result is ignored then.
 *
 * @throws the reason of `signal`; else what `action` throws.
 */
export async function abortable<T>(
  action: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) {
    return action();
  }
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([action(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
