/**
 * Where cloud-init may look, by its own names. Those that are answered by a disk or by the firmware
 * come first: they never wait for a network.
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
