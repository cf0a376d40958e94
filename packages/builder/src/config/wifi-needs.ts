import { type NetworkSettings, Problem } from '@micro-linux/provision';
import { profileOf } from '../profiles/index.ts';

/** The parts of a config that a radio depends on. */
export interface WifiFacts {
  readonly profile: string;
  readonly network: NetworkSettings;
  readonly kernel: { readonly package?: string | undefined };
  readonly prune: { readonly firmware: boolean };
  readonly packages: { readonly remove: readonly string[] };
}

/** Kernels for virtual machines, which have no drivers of radios. */
const WITHOUT_RADIOS = /^linux-image-.*(?:cloud|virtual|kvm|aws|azure|gcp)/;

/** The kernel for any machine, of each vendor. */
const KERNEL = { debian: 'linux-image-amd64', ubuntu: 'linux-image-generic' };

/** Why a radio of the network would not work in the image. */
export function checkWifiNeeds(config: WifiFacts): readonly Problem[] {
  const { network, kernel, prune, packages } = config;
  const hasRadio =
    network.kind === 'interfaces' && Object.values(network.interfaces).some(({ wifi }) => wifi);
  if (!hasRadio) {
    return [];
  }
  const profile = profileOf(config.profile);
  const name = kernel.package ?? profile.kernelPackage;
  const because = ['network', 'interfaces'];
  return [
    ...(WITHOUT_RADIOS.test(name)
      ? [
          new Problem(
            `${name} is a kernel for virtual machines, without drivers for the wireless interface`,
            `write kernel: {package: ${KERNEL[profile.vendor]}}`,
            { at: ['kernel', 'package'], ...(kernel.package === undefined ? { because } : {}) },
          ),
        ]
      : []),
    ...(prune.firmware
      ? [
          new Problem(
            'removes the firmware of radios and the rules of countries, but the network has a wireless interface',
            'write prune: {firmware: false}',
            { at: ['prune', 'firmware'] },
          ),
        ]
      : []),
    ...packages.remove
      .filter((one) => one === 'wpasupplicant')
      .map(
        (one) =>
          new Problem(`removes ${one}, which the wireless interface needs`, 'leave it out', {
            at: ['packages', 'remove', packages.remove.indexOf(one)],
          }),
      ),
  ];
}
