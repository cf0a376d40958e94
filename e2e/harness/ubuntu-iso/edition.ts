/** What tells one ISO of Ubuntu from another, as far as a remaster looks at it. */
export interface Edition {
  /** As on the first line of `/.disk/info`. */
  readonly product: 'Ubuntu-Server' | 'Ubuntu';
  /** `24.04` and `24.04.1` have one kernel, `24.04.2` and later a newer one (HWE) beside it. */
  readonly release: string;
  readonly codename: string;
  readonly architecture: 'amd64' | 'arm64';
  /** Whether there is a menu for those who boot the ISO's file from another GRUB. */
  readonly loopbackMenu: boolean;
}

export const SERVER_24_04: Edition = {
  product: 'Ubuntu-Server',
  release: '24.04',
  codename: 'Noble Numbat',
  architecture: 'amd64',
  loopbackMenu: true,
};

export const SERVER_24_04_2: Edition = {
  ...SERVER_24_04,
  release: '24.04.2',
  loopbackMenu: false,
};

/** Whether an edition brings the newer kernel, with live layers of its own. */
export function hasNewerKernel({ release }: Edition): boolean {
  return Number(release.split('.')[2] ?? 0) >= 2;
}

/** First line of `/.disk/info`. */
export function diskInfo({ product, release, codename, architecture }: Edition): string {
  return `${product} ${release} LTS "${codename}" - Release ${architecture} (20240423)`;
}

/** Name of the ISO's file system. */
export function volumeId({ product, release, architecture }: Edition): string {
  return `${product} ${release} LTS ${architecture}`;
}
