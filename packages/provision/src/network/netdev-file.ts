import { type InterfaceSettings, kindOf } from './interface-settings.ts';
import { section, type UnitLine, yesNo } from './unit-file.ts';

/** The systemd.netdev(5) file that makes an interface; undefined for one that the machine has. */
export function netdevFile(id: string, settings: InterfaceSettings): string | undefined {
  const { vlan, bridge, bond, mac } = settings;
  const own = vlan
    ? section('VLAN', [['Id', vlan.id]])
    : bridge
      ? section('Bridge', [
          ['STP', yesNo(bridge.stp)],
          ...number('Priority', bridge.priority),
          ...number('ForwardDelaySec', bridge.forwardDelay),
          ...number('HelloTimeSec', bridge.helloTime),
          ...number('MaxAgeSec', bridge.maxAge),
          ...number('AgeingTimeSec', bridge.ageingTime),
        ])
      : bond
        ? section('Bond', [
            ['Mode', bond.mode],
            ['MIIMonitorSec', `${bond.miiMonitorInterval}ms`],
            ...number('MinLinks', bond.minLinks),
            ...(bond.lacpRate === undefined ? [] : [['LACPTransmitRate', bond.lacpRate] as const]),
            ...(bond.transmitHashPolicy === undefined
              ? []
              : [['TransmitHashPolicy', bond.transmitHashPolicy] as const]),
          ])
        : undefined;
  return own === undefined
    ? undefined
    : `${section('NetDev', [
        ['Name', id],
        ['Kind', kindOf(settings)],
        ...(mac === undefined || vlan ? [] : [['MACAddress', mac] as const]),
      ])}\n${own}`;
}

function number(key: string, value: number | undefined): readonly UnitLine[] {
  return value === undefined ? [] : [[key, value]];
}
