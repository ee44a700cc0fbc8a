import { describe, expect, it } from 'vitest';
import { chosenLanguage, inLanguage, keepChoice } from '../../../../agent/pages/choose-language.ts';
import { readHead } from '../../../../agent/pages/request-head.ts';
import { en } from '../../../../agent/pages/words/en.ts';
import { es } from '../../../../agent/pages/words/es.ts';
import { acceptedLanguage, languageCodes, languages } from '../../../../agent/pages/words/languages.ts';
import type { FilterSchedule } from '../../../../shared/profile/web-filter.ts';

/** Every text of a language by its place; functions are called with words that can be found again. */
function textsOf(words: object, place = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, said]: [string, unknown]): [string, string][] => {
    const here = `${place}/${name}`;
    if (typeof said === 'string') return [[here, said]];
    if (typeof said === 'function') return [[here, callOf(name, said as (...given: never[]) => string)]];
    return textsOf(said as object, here);
  });
}
function callOf(name: string, say: (...given: never[]) => string): string {
  if (name === 'scheduleWords' || name === 'overrideWords') return '';
  if (name === 'recordedNow') return say(...(['none'] as never[]));
  return say(...(['A1', 'B2', 'C3', 'D4'] as never[]));
}

describe('a language of the pages', () => {
  const english = new Map(textsOf(en));

  it.each(languageCodes.filter((code) => code !== 'en'))(
    'says everything English says, in other words: %s',
    async (code) => {
      const { page } = await languages[code].load();
      const texts = new Map(textsOf(page));
      expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
      const same = [...texts].filter(([place, said]) => said !== '' && said === english.get(place));
      /** Names, and words that are the same in Spanish. */
      const allowed = new Set(['/states/short/refused', '/device/youtube', '/timeWords/onDay']);
      expect(same.filter(([place]) => !allowed.has(place))).toEqual([]);
    },
  );

  it.each(languageCodes)('leaves out nothing it is given: %s', async (code) => {
    const { page } = await languages[code].load();
    const texts = new Map(textsOf(page));
    for (const [place, said] of english)
      for (const given of ['A1', 'B2', 'C3', 'D4'])
        if (said.includes(given)) expect(texts.get(place), `${place} ${given}`).toContain(given);
  });

  it('says schedules and overrides in Spanish', () => {
    const given: FilterSchedule = {
      ...{ title: 'S', action: 'block', categories: [], domains: ['a.example'], place: 'on-campus' },
      when: { kind: 'times', from: '15:30', to: '20:00', days: ['monday', 'friday'], schoolDaysOnly: true },
    };
    expect(es.scheduleWords(given, ['Juegos'])).toBe(
      'Juegos y 1 sitio: bloqueado los lunes y viernes de 15:30 a 20:00 si hay clases, en la escuela.',
    );
    expect(es.scheduleWords({ ...given, when: { kind: 'freeze' }, place: 'anywhere' }, [])).toBe(
      '1 sitio: bloqueado en días de exámenes.',
    );
    expect(es.overrideWords('only', ['a.example', 'b.example'], false)).toBe(
      'Solo están abiertos: a.example y b.example',
    );
    expect(es.overrideWords('allow', [], true)).toBe('Abierto: todos los sitios');
  });
});

describe('the language a browser asks for', () => {
  it.each<[string, string | undefined, string]>([
    ['nothing', undefined, 'en'],
    ['Spanish of the United States', 'es-US,es;q=0.9,en;q=0.8', 'es'],
    ['English first', 'en-US,en;q=0.9,es;q=0.8', 'en'],
    ['one nobody speaks here, then Spanish', 'fr-CA,es;q=0.5,en;q=0.3', 'es'],
    ['weights in any order', 'en;q=0.2, es;q=0.7', 'es'],
    ['one that is refused', 'es;q=0, fr', 'en'],
    ['anything', '*', 'en'],
    ['nonsense', ';;q=9,,es;q=x,\u0000', 'en'],
    ['the name of a property', 'constructor,__proto__', 'en'],
    ['very much', `${'fr,'.repeat(5_000)}es`, 'en'],
  ])('%s', (_name, header, code) => {
    expect(acceptedLanguage(header)).toBe(code);
  });
});

describe('the language that was chosen', () => {
  const asked = (host: string, url: string, headers: Record<string, string> = {}) => {
    const all = { host, ...headers };
    const verdict = readHead({ method: 'GET', url, headers: all, rawHeaders: Object.entries(all).flat() }, '127.0.0.1');
    if (!verdict.ok) throw new Error(String(verdict.status));
    return verdict.asked;
  };
  const own = 'rollcall.internal';
  const spanish = { 'accept-language': 'es' };

  it.each<[string, ReturnType<typeof asked>, string]>([
    ['the switch before all else', asked(own, '/?lang=en', { ...spanish, cookie: 'lang=es' }), 'en'],
    ['what was chosen before', asked(own, '/', { ...spanish, cookie: 'a=b; lang=en' }), 'en'],
    ['what the browser asks for', asked(own, '/', spanish), 'es'],
    ['no language there is not', asked(own, '/?lang=xx', { cookie: 'lang=../../etc' }), 'en'],
    [
      'on a site what the browser asks for alone',
      asked('a.example', '/?lang=en', { ...spanish, cookie: 'lang=en' }),
      'es',
    ],
  ])('is %s', (_name, given, code) => {
    expect(chosenLanguage(given)).toBe(code);
  });

  it('is kept on the own host alone', () => {
    expect(keepChoice(asked(own, '/?lang=es'))['set-cookie']).toMatch(/^lang=es; Path=\/; .*HttpOnly; SameSite=Lax$/);
    expect(keepChoice(asked(own, '/?lang=es%0d%0aset-cookie:a'))).toEqual({});
    expect(keepChoice(asked('a.example', '/?lang=es'))).toEqual({});
  });

  it('leads to the same page, that of a site on the own host', () => {
    expect(inLanguage(asked(own, '/blocked?name=a.example&lang=en'), 'es', 80)).toBe('/blocked?name=a.example&lang=es');
    expect(inLanguage(asked(own, '/.rollcall/check-again'), 'es', 80)).toBe('/?lang=es');
    expect(inLanguage(asked('a.example', '/x?y=z'), 'es', 81)).toBe(
      'http://rollcall.internal:81/blocked?name=a.example&lang=es',
    );
  });
});
