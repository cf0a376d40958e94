import { readFileSync } from 'node:fs';

/** What VitePress calls a sidebar item. Its types are not installed where the unit tests run. */
interface SidebarGroup {
  readonly text: string;
  readonly items: { text: string; link: string }[];
}

/**
 * The sidebar, from the index page: a group for each heading, with the links below it. The site has no
 * files outside of docs/, so links to them are left out.
 */
export function sidebar(indexPage: string): SidebarGroup[] {
  const groups: SidebarGroup[] = [];
  for (const line of readFileSync(indexPage, 'utf8').split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      groups.push({ text: heading, items: [] });
    }
    const [, text, page] = /^- \[([^\]]+)\]\((?!\.\.\/)([^)]+)\.md\)/.exec(line) ?? [];
    if (text !== undefined && page !== undefined) {
      groups.at(-1)?.items.push({ text, link: `/${page}` });
    }
  }
  return groups;
}
