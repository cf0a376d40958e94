/** Whether a zone is plain UTC, for which no zone data is needed. */
export function isUtc(timezone: string): boolean {
  return ['UTC', 'Etc/UTC'].includes(timezone);
}
