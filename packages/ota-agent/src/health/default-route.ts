import { readRegularFile } from '../state/read-file.ts';
import type { System } from '../system/system.ts';

/** linux/route.h, linux/ipv6_route.h. */
const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

/** Whether the kernel has a default route, IPv4 or IPv6; false when unknown. */
export function hasDefaultRoute(system: System): boolean {
  const [ipv4, ipv6] = system.paths.routes;
  return hasIpv4(readOr(ipv4)) || hasIpv6(readOr(ipv6));
}

/** proc_pid_net(5): Iface Destination Gateway Flags RefCnt Use Metric Mask … */
function hasIpv4(text: string): boolean {
  return fields(text).some(
    ([, destination, , flags, , , , mask]) =>
      destination === '00000000' && mask === '00000000' && usable(flags),
  );
}

/** Destination, its length, source, its length, next hop, metric, count, use, flags, device. */
function hasIpv6(text: string): boolean {
  return fields(text).some(
    ([destination, length, , , , , , , flags, device]) =>
      /^0{32}$/.test(destination ?? '') && length === '00' && device !== 'lo' && usable(flags),
  );
}

function usable(flags: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? '', 16);
  return (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
}

function fields(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

function readOr(path: string): string {
  try {
    return readRegularFile(path).toString('utf8');
  } catch {
    return '';
  }
}
