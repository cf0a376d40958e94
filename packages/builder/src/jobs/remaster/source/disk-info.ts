/** What the first line of `/.disk/info` says. */
export interface DiskInfo {
  /** `Ubuntu-Server`; a desktop has `Ubuntu`, `Kubuntu` and the like. */
  readonly product: string;
  /** `24.04.2` */
  readonly release: string;
  /** `Noble Numbat` */
  readonly codename: string;
  readonly architecture: string;
  /** The whole line. */
  readonly text: string;
}

const LINE = /^(\S+) (\d+\.\d+(?:\.\d+)?)(?: LTS)? "([^"]+)" - .*?(\S+) \([^)]*\)$/;

/** Undefined for a line that does not have Ubuntu's form. */
export function parseDiskInfo(content: string): DiskInfo | undefined {
  const text = content.split('\n')[0]?.trim() ?? '';
  const [, product, release, codename, architecture] = LINE.exec(text) ?? [];
  return product !== undefined &&
    release !== undefined &&
    codename !== undefined &&
    architecture !== undefined
    ? { product, release, codename, architecture, text }
    : undefined;
}
