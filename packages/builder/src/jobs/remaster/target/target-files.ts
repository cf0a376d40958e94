/**
 * What Subiquity copies to /target before `install late` writes the slot image over it: only a root
 * in which the installer's own steps run. curtin-hooks fills the empty /usr from the live system;
 * getent, useradd and chpasswd need the files below.
 */
export const TARGET_DIRECTORIES: readonly { readonly path: string; readonly mode: number }[] = [
  ...['curtin', 'dev', 'etc', 'etc/skel', 'home', 'proc', 'run', 'sys', 'usr', 'var'].map(
    (path) => ({ path, mode: 0o755 }),
  ),
  { path: 'root', mode: 0o700 },
  { path: 'tmp', mode: 0o1777 },
];

/** Links in the root and their targets, as in every current Ubuntu. */
export const TARGET_LINKS: Readonly<Record<string, string>> = {
  bin: 'usr/bin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  sbin: 'usr/sbin',
};

/** Groups to which the installer adds its user, if they exist. */
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
