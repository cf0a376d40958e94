/**
 * Messages of the agent and its scripts in the journal, by MESSAGE_ID: `journalctl MESSAGE_ID=…` finds
 * every occurrence, and systemd/catalog/ota-agent.catalog explains each. An id never changes its
 * meaning. docs/reference/journal.md is this table in prose.
 */
export const MessageId = {
  /** A boot was found healthy and its slot confirmed. */
  confirmed: '7547556cd4d84bacb8dea99766f4101b',
  /** A trial was rolled back to the slot that was confirmed before. */
  rolledBack: '7a32cefe1eec4c829a435253a92f72b6',
  /** Health checks failed. */
  unhealthy: 'bf47fe66331943598d53d5c4027c9d1c',
  /** Somebody condemned the running slot. */
  condemned: '55ddeca9b80048509c9a2d1068f09373',
  /** An update was written, read back and armed. */
  installed: 'cda3f3d0ae0c48daa91156d70e3c4ba2',
  /** An update was refused, or was interrupted. */
  refused: 'd5bab68623ec4de194efaed0ce8f2661',
  /** Somebody requested a rollback to the other slot. */
  rollback: '56eb3436785e4dc09f46a80dd11e01ec',
  /** A trial boot was unhealthy or not confirmed in time and has ended. */
  deadline: '772d8d442f3f440fae8bae3f1c2e039d',
  /** The agent's config is broken; the image's config or the defaults apply. */
  configIgnored: '681eece13a6046d79db4d2bf7fbdd74f',
  /** The report of the health checks was not saved: the data partition cannot be written. */
  reportLost: 'a12250efa4104c099567662ca3d234b6',
  /** A block of GRUB's environment was damaged and has been rewritten. */
  envRepaired: '1905395d8707469da4f3893bb46c60e7',
  /** Shim, GRUB or MokManager on the ESP were replaced by the running image's. */
  bootloaderUpdated: '1e3f6df502fc44b3ad082cd7bdae010b',
  /** A running image is below the rollback index: it is not confirmed. */
  imageTooOld: '9d2f1c0be6a74c0f8f5d3b7a61e4c285',
} as const;
