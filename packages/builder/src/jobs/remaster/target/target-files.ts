/**
 * What Subiquity copies to /target before `install late` writes the slot image over it: no system,
 * just a root in which the installer's own steps run. Its /usr is empty and filled by curtin-hooks
 * from the live system; the files below are what getent, useradd and chpasswd then look for.
 */
export const TARGET_DIRECTORIES: readonly { readonly path: string; readonly mode: number }[] = [
  ...['curtin', 'dev', 'etc', 'etc/skel', 'home', 'proc', 'run', 'sys', 'usr', 'var'].map(
    (path) => ({ path, mode: 0o755 }),
  ),
  { path: 'root', mode: 0o700 },
  { path: 'tmp', mode: 0o1777 },
];

/** Link in the root and what it names, as every Ubuntu of today has them. */
export const TARGET_LINKS: Readonly<Record<string, string>> = {
  bin: 'usr/bin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  sbin: 'usr/sbin',
};

/** Groups that the installer puts its user in, if they are there. */
const GROUPS = ['root:x:0:', 'adm:x:4:', 'cdrom:x:24:', 'sudo:x:27:', 'users:x:100:'];

export const TARGET_FILES: readonly {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}[] = [
  { path: 'etc/passwd', mode: 0o644, text: 'root:x:0:0:root:/root:/bin/sh\n' },
  { path: 'etc/shadow', mode: 0o600, text: 'root:*:1:0:99999:7:::\n' },
  { path: 'etc/group', mode: 0o644, text: `${GROUPS.join('\n')}\n` },
  {
    path: 'etc/gshadow',
    mode: 0o600,
    text: `${GROUPS.map((line) => `${line.split(':')[0]}:*::\n`).join('')}`,
  },
  {
    path: 'etc/nsswitch.conf',
    mode: 0o644,
    text: 'passwd: files\ngroup: files\nshadow: files\ngshadow: files\n',
  },
  {
    path: 'etc/login.defs',
    mode: 0o644,
    text: 'UID_MIN 1000\nUID_MAX 60000\nUSERGROUPS_ENAB yes\n',
  },
  { path: 'etc/fstab', mode: 0o644, text: '# Nothing: this root is written over.\n' },
];
