import { copyFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type MarkdownRenderer } from 'vitepress';
import { sidebar } from './sidebar.ts';

const DOCS = resolve(import.meta.dirname, '..');
const SCHEMA = 'micro-linux.schema.json';

/** The site that `npm run docs` builds: plain files, with a search index of their own. */
export default defineConfig({
  title: 'micro-linux',
  description: 'Minimal Ubuntu and Debian images with A/B updates, built without root',
  srcExclude: ['node_modules'],
  themeConfig: {
    search: { provider: 'local' },
    sidebar: sidebar(join(DOCS, 'index.md')),
    outline: [2, 3],
  },
  markdown: {
    config: unlinkSources,
    // The usual themes show comments with a contrast below 4.5.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  buildEnd: ({ outDir }) => copyFile(join(DOCS, SCHEMA), join(outDir, SCHEMA)),
});

/**
 * Links to files outside of docs/ work in a checkout and on a code host. The site has none of those
 * files, so it shows the text of such a link alone.
 */
function unlinkSources(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('unlink-sources', ({ tokens, env }) => {
    const folder = dirname(join(DOCS, env.relativePath));
    for (const { children } of tokens) {
      let outside = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          outside = leavesDocs(folder, token.attrGet('href') ?? '');
        }
        if (outside && (token.type === 'link_open' || token.type === 'link_close')) {
          token.tag = 'span';
          token.attrs = null;
          // The type as well: VitePress's own rule for links goes by it.
          token.type = token.type.replace('link', 'source');
        }
      }
    }
  });
}

function leavesDocs(folder: string, href: string): boolean {
  return !/^([a-z]+:|\/|#)/.test(href) && relative(DOCS, resolve(folder, href)).startsWith('..');
}
