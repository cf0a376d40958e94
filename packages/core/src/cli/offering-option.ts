import { Option } from 'commander';

/**
 * An option that checks its value itself, with the values that shell completion offers for it. An
 * `Option` with `choices` needs none of this.
 */
export class OfferingOption extends Option {
  readonly offers: readonly string[];
  /** Several of them may be given, separated by commas. */
  readonly isList: boolean;

  constructor(
    flags: string,
    description: string,
    { offers, isList = false }: { readonly offers: readonly string[]; readonly isList?: boolean },
  ) {
    super(flags, description);
    this.offers = offers;
    this.isList = isList;
  }
}
