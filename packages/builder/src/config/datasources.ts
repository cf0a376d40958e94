/**
 * Datasources of cloud-init, by its own names. Those on a disk or in the firmware
 * come first, because they never wait for a network.
 */
export const DATASOURCES = [
  'NoCloud',
  'ConfigDrive',
  'Azure',
  'DigitalOcean',
  'Ec2',
  'Exoscale',
  'GCE',
  'Hetzner',
  'LXD',
  'OVF',
  'OpenNebula',
  'OpenStack',
  'Oracle',
  'Scaleway',
  'SmartOS',
  'UpCloud',
  'VMware',
  'Vultr',
  'None',
] as const;

export type Datasource = (typeof DATASOURCES)[number];
