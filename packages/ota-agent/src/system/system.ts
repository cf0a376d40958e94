/** Where things are on the device; tests give directories of their own. */
export interface SystemPaths {
  /** Mount point of the ESP. */
  readonly esp: string;
  /** The initramfs's note of what was booted. */
  readonly bootInfo: string;
  /** The kernel's command line. */
  readonly cmdline: string;
  /** What the running slot's image is. */
  readonly imageInfo: string;
}

/** The edges of the agent: files at known places, and what only root can do. */
export interface System {
  readonly paths: SystemPaths;
  /**
   * Runs `action` while the ESP can be written, and makes it read-only again, whatever happens.
   *
   * @throws MicroLinuxError `esp-unwritable` before `action` is called; else what `action` throws.
   */
  withWritableEsp<T>(action: () => T): Promise<T>;
}
