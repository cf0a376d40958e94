/** The keys of a file that are not about the image but about other files and variants of it. */
export const LAYER_KEYS = {
  extends: {
    description:
      "Other config files that this one builds on, relative to this file's folder. Their groups are merged, lists are added to, other values replaced.",
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    examples: ['../base.yaml'],
  },
  variants: {
    description:
      'Named groups of keys, one of which --variant lays over the rest of the file. Each may have every key but extends and variants.',
    type: 'object',
    examples: [{ small: { disk: { size: '6G' } } }],
  },
};
