import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** What in-page.js finds on a page. */
export interface InspectedPage {
  readonly title: string;
  /** Absolute addresses. */
  readonly links: readonly string[];
  /** The ids that a link can point to. */
  readonly anchors: readonly string[];
  /** In CSS pixels; a page that is wider than its window scrolls sideways. */
  readonly scrollWidth: number;
  readonly clientWidth: number;
  /** Texts with a contrast below 4.5, the least that WCAG 2.1 AA allows. */
  readonly faint: readonly string[];
  /** Number of paragraphs. */
  readonly texts: number;
  /** Background color of the page, as CSS writes it. */
  readonly background: string;
}

export async function inspectPage(page: Page, url: string): Promise<InspectedPage> {
  const response = await page.goto(url, { waitUntil: 'load' });
  if (response?.status() !== 200) {
    throw new Error(`${url}: HTTP status ${response?.status()}`);
  }
  await page.addScriptTag({ path: join(import.meta.dirname, 'in-page.js') });
  return page.evaluate('inspectPage()');
}
