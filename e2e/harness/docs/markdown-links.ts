/** A link of a Markdown page: where it points, and the heading it names. */
export interface MarkdownLink {
  /** Relative path; `''` for the page itself. */
  readonly path: string;
  /** What follows the `#`, without it; `''` if there is none. */
  readonly heading: string;
}

/** The links of a page to other files and headings; links to other sites and code are left out. */
export function markdownLinks(text: string): MarkdownLink[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', heading = ''] = target.split('#');
      return { path, heading };
    });
}

/** The anchors of a page's headings, as GitHub and VitePress make them. */
export function headingAnchors(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}
