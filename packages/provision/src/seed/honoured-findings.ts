import type { z } from 'zod';
import { show } from '../values/problem.ts';
import { type Group, groupIn, isGroup } from './group.ts';
import { type HonouredFinding, notActedOn, otherForm } from './honoured-finding.ts';
import { deviceCountFindings, networkFindings } from './honoured-network.ts';
import { honouredSchemaFor } from './honoured-schema.ts';
import { storageFindings } from './honoured-storage.ts';
import { valueFindings } from './honoured-values.ts';
import { interfacesFindings, isInterfacesSection } from './read-interfaces.ts';

/**
 * What our installer would have to ignore or guess, and what cannot work. A seed without findings
 * can be installed.
 *
 * @param autoinstall the keys of autoinstall as plain values.
 */
export function honouredFindings(autoinstall: Group): readonly HonouredFinding[] {
  const network = groupIn(autoinstall, 'network');
  const issues = honouredSchemaFor(network).safeParse(autoinstall).error?.issues ?? [];
  const isInterfaces = isInterfacesSection(network);
  const devices = isInterfaces ? [] : deviceCountFindings(network);
  const isPlainNetwork = devices.length === 0 && !issues.some(({ path }) => path[0] === 'network');
  return [
    ...issues.flatMap(ofIssue),
    ...devices,
    ...(isPlainNetwork
      ? isInterfaces
        ? interfacesFindings(network)
        : networkFindings(network)
      : []),
    ...(isGroup(autoinstall['storage']) ? storageFindings(autoinstall['storage']) : []),
    ...valueFindings(autoinstall),
  ];
}

function ofIssue(issue: z.core.$ZodIssue): HonouredFinding[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? '' : part));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => notActedOn([...path, key]));
    case 'invalid_value':
      return [
        otherForm(path, `must be ${issue.values.map((one) => show(String(one))).join(' or ')}`),
      ];
    case 'too_small':
    case 'too_big':
      return [otherForm(path, 'must have one entry')];
    default:
      return [otherForm(path, 'must be present, in the form that `micro-linux seed` writes')];
  }
}
