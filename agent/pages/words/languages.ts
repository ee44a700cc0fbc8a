import type { CheckLanguage } from '../../../shared/compliance/words/language.ts';
import type { PageWords } from './en.ts';

/** What a person reads on the pages of the device. */
export interface Language {
  page: PageWords;
  checks: CheckLanguage;
}

interface Listed {
  /** As its speakers call it. */
  name: string;
  load: () => Promise<Language>;
}

/** The languages of the pages, loaded when somebody reads them. To add one: docs/checklists/add-a-language.md */
export const languages = {
  en: {
    name: 'English',
    load: async () => ({
      page: (await import('./en.ts')).en,
      checks: (await import('../../../shared/compliance/words/en.ts')).en,
    }),
  },
  es: {
    name: 'Español',
    load: async () => ({
      page: (await import('./es.ts')).es,
      checks: (await import('../../../shared/compliance/words/es.ts')).es,
    }),
  },
} as const satisfies Record<string, Listed>;

export type LanguageCode = keyof typeof languages;
export const languageCodes = Object.keys(languages) as LanguageCode[];

export function isLanguage(code: string | null | undefined): code is LanguageCode {
  return typeof code === 'string' && Object.hasOwn(languages, code);
}

const mostRanges = 20;

/**
 * The language a browser asks for (RFC 9110 section 12.5.4): of those the person accepts the one they like best, else
 * English. `es-US` is served by `es`.
 */
export function acceptedLanguage(header: string | undefined): LanguageCode {
  const ranges = (header ?? '')
    .slice(0, 500)
    .split(',')
    .slice(0, mostRanges)
    .map((range) => {
      const [tag = '', ...parameters] = range
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const [weight = '1'] = parameters.filter((one) => one.startsWith('q=')).map((one) => one.slice(2));
      return { code: tag.split('-')[0], weight: /^[01](\.\d{0,3})?$/.test(weight) ? Number(weight) : 0 };
    })
    .filter(({ weight }) => weight > 0);
  const best = ranges.toSorted((a, b) => b.weight - a.weight).find(({ code }) => isLanguage(code))?.code;
  return isLanguage(best) ? best : 'en';
}
