import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '@micro-linux/core';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InspectedPage, inspectPage } from './inspected-page.ts';
import { type ServedFolder, serveFolder } from './serve-folder.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const DOCS = join(REPOSITORY, 'docs');
const SITE = join(DOCS, '.vitepress/dist');
const CHROMIUM = '/usr/bin/chromium';
/** CSS pixels: a common phone. */
const PHONE = { width: 390, height: 844 };

const skipped = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}: apt-get install chromium`;
if (skipped !== undefined) {
  console.warn(`the documentation site is not tested: ${skipped}`);
}

describe.skipIf(skipped !== undefined)('the documentation site, in Chromium', () => {
  let served: ServedFolder;
  let browser: Browser;
  const pages = new Map<string, InspectedPage>();

  beforeAll(async () => {
    await run('npm', ['run', 'docs'], { cwd: REPOSITORY });
    served = await serveFolder(SITE);
    // Chromium has no sandbox for root; it opens only pages of this repository.
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox'],
      timeout: 0,
    });
    const context = await phone();
    const page = await context.newPage();
    for await (const file of glob('**/*.html', { cwd: SITE, exclude: ['404.html'] })) {
      const url = `${served.origin}/${file}`;
      pages.set(url, await inspectPage(page, url));
    }
    await context.close();
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  /** No limits in seconds: on a busy host everything takes longer; the story as a whole has one. */
  async function phone(): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: PHONE, colorScheme: 'dark' });
    context.setDefaultTimeout(0);
    return context;
  }

  it('has a page with a title and text for each Markdown file', async () => {
    const sources: string[] = [];
    for await (const path of glob('**/*.md', { cwd: DOCS, exclude: ['node_modules/**'] })) {
      sources.push(path);
    }
    const expected = sources.map((path) => `${served.origin}/${path.replace(/md$/, 'html')}`);
    expect(expected.length).toBeGreaterThan(40);
    expect([...pages.keys()].sort()).toEqual(expected.sort());
    for (const [url, { title, texts }] of pages) {
      expect(title, url).toMatch(/\S+ \| micro-linux$/);
      expect(texts, url).toBeGreaterThan(0);
    }
  });

  it('has no broken links', async () => {
    const links = [...pages].flatMap(([from, { links }]) => links.map((to) => ({ from, to })));
    const here = links.filter(({ to }) => to.startsWith(served.origin));
    expect(here.length).toBeGreaterThan(500);
    const broken = [];
    for (const { from, to } of here) {
      const { origin, pathname, hash } = new URL(to);
      const file = `${origin}${pathname.replace(/\/$/, '/index.html')}`;
      const page = pages.get(file);
      const found = page
        ? hash === '' || page.anchors.includes(decodeURIComponent(hash.slice(1)))
        : (await fetch(file)).ok;
      if (!found) {
        broken.push(`${from}: ${to}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('never scrolls sideways on a phone', () => {
    const wide = [...pages].filter(([, page]) => page.scrollWidth > page.clientWidth);
    expect(wide.map(([url, { scrollWidth }]) => `${url}: ${scrollWidth}`)).toEqual([]);
    expect([...pages.values()].every(({ clientWidth }) => clientWidth === PHONE.width)).toBe(true);
  });

  it('is dark for readers who prefer dark, and has enough contrast', () => {
    for (const [url, { background, faint }] of pages) {
      expect(background, url).toBe('rgb(27, 27, 31)');
      expect(faint, url).toEqual([]);
    }
  });

  it('search finds the page that explains a word', async () => {
    const context = await phone();
    const page = await context.newPage();
    await page.goto(`${served.origin}/index.html`);
    await page.locator('.DocSearch-Button').first().click();
    await page.locator('input.search-input').fill('rollback index');
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
    const found = await page.locator('.VPLocalSearchBox .result').allTextContents();
    expect(found.some((text) => text.includes('Rollback index'))).toBe(true);
    await page.locator('.VPLocalSearchBox .result').first().click();
    await page.waitForURL(/security\.html/);
    await context.close();
  });
});
