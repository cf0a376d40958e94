/** The sources of a live server, with the keys and forms that livecd-rootfs gives them. */
export const INSTALL_SOURCES = `- default: false
  description:
    en: A small system for machines that nobody logs in to.
  id: ubuntu-server-minimal
  locale_support: none
  name:
    en: Server (small)
  path: ubuntu-server-minimal.squashfs
  size: 530485248
  type: fsimage
  variant: server
- default: true
  description:
    en: The usual server, with the programs that people expect.
  id: ubuntu-server
  locale_support: locale-only
  name:
    en: Server
  path: ubuntu-server-minimal.ubuntu-server.squashfs
  size: 1066115072
  type: fsimage-layered
  variant: server
`;
