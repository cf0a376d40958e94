import { readFileSync } from 'node:fs';
import type { DefaultTheme } from 'vitepress';

/** The sidebar, from the index page: a group for each heading, with the links below it. */
export function sidebar(indexPage: string): DefaultTheme.SidebarItem[] {
  const groups: { text: string; items: DefaultTheme.SidebarItem[] }[] = [];
  for (const line of readFileSync(indexPage, 'utf8').split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      groups.push({ text: heading, items: [] });
    }
    const [, text, page] = /^- \[([^\]]+)\]\(([^)]+)\.md\)/.exec(line) ?? [];
    if (text !== undefined && page !== undefined) {
      groups.at(-1)?.items.push({ text, link: `/${page}` });
    }
  }
  return groups;
}
