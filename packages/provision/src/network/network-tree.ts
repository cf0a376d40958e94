import type { NetworkSettings } from '../identity/network-settings.ts';
import { networkdFile } from '../identity/networkd.ts';
import type { TreeEntry } from '../tree/tree-entry.ts';
import { interfaceFiles, isAwaited } from './interface-files.ts';
import type { Interfaces } from './interface-settings.ts';
import { wpaSupplicantFile } from './wpa-supplicant.ts';

const NETWORK = 'systemd/network';
const UNITS = 'systemd/system';
const WAIT_DROP_IN = `${UNITS}/systemd-networkd-wait-online.service.d`;

/** A part of a device's own /etc; paths are relative to it. Directories come before their files. */
export function networkTree(network: NetworkSettings): readonly TreeEntry[] {
  switch (network.kind) {
    case 'none':
      return [];
    case 'interfaces':
      return [
        directory('systemd'),
        directory(NETWORK),
        ...interfaceFiles(network.interfaces).map(({ name, content }) =>
          file(`${NETWORK}/${name}`, content),
        ),
        directory(UNITS),
        ...waitTree(network.interfaces),
        ...wifiTree(network.interfaces),
      ];
    default:
      return [
        directory('systemd'),
        directory(NETWORK),
        file(`${NETWORK}/10-wired.network`, networkdFile(network)),
      ];
  }
}

/** If there is nothing to wait for, network-online.target must not wait until its time limit. */
function waitTree(interfaces: Interfaces): readonly TreeEntry[] {
  return Object.keys(interfaces).some((id) => isAwaited(id, interfaces))
    ? []
    : [
        directory(WAIT_DROP_IN),
        file(
          `${WAIT_DROP_IN}/20-optional.conf`,
          '# Every interface is optional.\n[Service]\nExecCondition=\nExecCondition=/usr/bin/false\n',
        ),
      ];
}

/** wpa_supplicant's files, which only root may read; udev starts it when the radio appears. */
function wifiTree(interfaces: Interfaces): readonly TreeEntry[] {
  const radios = Object.entries(interfaces).flatMap(([id, { wifi }]) =>
    wifi ? [{ id, wifi }] : [],
  );
  if (radios.length === 0) {
    return [];
  }
  return [
    directory('wpa_supplicant'),
    ...radios.flatMap(({ id, wifi }): TreeEntry[] => {
      const wants = `${UNITS}/sys-subsystem-net-devices-${escapeUnit(id)}.device.wants`;
      const unit = `wpa_supplicant@${escapeUnit(id)}.service`;
      return [
        {
          ...file(`wpa_supplicant/wpa_supplicant-${id}.conf`, wpaSupplicantFile(wifi)),
          mode: 0o600,
        },
        directory(wants),
        {
          kind: 'link',
          path: `${wants}/${unit}`,
          target: '/usr/lib/systemd/system/wpa_supplicant@.service',
        },
      ];
    }),
  ];
}

/** As systemd-escape(1) writes the name of an interface. */
function escapeUnit(name: string): string {
  return name.replaceAll('-', '\\x2d');
}

function directory(path: string) {
  return { kind: 'directory', path } as const;
}

function file(path: string, content: string) {
  return { kind: 'file', path, content } as const;
}
