/** A hypervisor, and the kernel modules that it needs in an image; docs/guides/hypervisors.md says more. */
export interface Hypervisor {
  readonly name: string;
  /** Without these in the initrd, the root is not found. */
  readonly disk: readonly string[];
  /** Loaded from the root file system. */
  readonly network: readonly string[];
}

/** In the order of docs/guides/hypervisors.md. */
export const HYPERVISORS: readonly Hypervisor[] = [
  {
    name: 'Hyper-V',
    disk: ['hv_vmbus', 'hv_storvsc', 'ata_piix', 'sd_mod'],
    network: ['hv_netvsc'],
  },
  { name: 'VMware', disk: ['vmw_pvscsi', 'nvme', 'ahci', 'mptspi'], network: ['vmxnet3'] },
  {
    name: 'QEMU, libvirt, Proxmox',
    disk: ['virtio_pci', 'virtio_blk', 'virtio_scsi', 'ahci'],
    network: ['virtio_net'],
  },
];

/** Missing in Debian's cloud kernel; noble and Debian's generic kernel have all of them. */
export const NOT_IN_CLOUD_KERNELS: Readonly<Record<string, readonly string[]>> = {
  bookworm: ['ahci', 'mptspi'],
  trixie: ['mptspi'],
  noble: [],
};
