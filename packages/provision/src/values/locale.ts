import { Problem, show } from './problem.ts';

/** Refuses what is not a UTF-8 locale in the form `C.UTF-8` or `de_DE.UTF-8`. */
export function checkLocale(locale: string): Problem | undefined {
  if (locale === 'C.UTF-8' || /^[a-z]{2,3}_[A-Z]{2}\.UTF-8$/.test(locale)) {
    return undefined;
  }
  const [, language, country] =
    /^([A-Za-z]{2,3})[_-]([A-Za-z]{2})(?:\.[\w-]*)?$/.exec(locale) ?? [];
  const isPlain = /^(?:C|POSIX)(?:\..*)?$/i.test(locale);
  return new Problem(
    `${show(locale)} is not a UTF-8 locale`,
    language && country
      ? `write ${language.toLowerCase()}_${country.toUpperCase()}.UTF-8`
      : `write C.UTF-8${isPlain ? '' : ' or a name such as de_DE.UTF-8'}`,
  );
}
