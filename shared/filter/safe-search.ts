/*
 * The addresses under which search engines serve their filtered results, by exact host. Google: every host of
 * https://www.google.com/supported_domains with https://support.google.com/websearch/answer/186669; YouTube:
 * https://support.google.com/a/answer/6214622; Bing: https://help.bing.microsoft.com (block adult content);
 * DuckDuckGo: https://duckduckgo.com/duckduckgo-help-pages/features/safe-search; the others from their own help pages.
 */

const googleEndings = [
  'com cat ad ae al am as at az ba be bf bg bi bj bs bt by ca cd cf cg ch ci cl cm cn co cv cz de dj dk dm dz ee es fi fm',
  'fr ga ge gg gl gm gp gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li lk lt lu lv md me mg mk ml mn ms mu mv mw',
  'ne nl no nr nu pl pn ps pt ro rs ru rw sc se sh si sk sm sn so sr st td tg tk tl tm tn to tt vg vu ws',
  'co.ao co.bw co.ck co.cr co.id co.il co.in co.jp co.ke co.kr co.ls co.ma co.mz co.nz co.th co.tz co.ug co.uk co.uz',
  'co.ve co.vi co.za co.zm co.zw',
  'com.af com.ag com.ai com.ar com.au com.bd com.bh com.bn com.bo com.br com.bz com.co com.cu com.cy com.do com.ec com.eg',
  'com.et com.fj com.gh com.gi com.gt com.hk com.jm com.kh com.kw com.lb com.ly com.mm com.mt com.mx com.my com.na com.nf',
  'com.ng com.ni com.np com.om com.pa com.pe com.pg com.ph com.pk com.pr com.py com.qa com.sa com.sb com.sg com.sl com.sv',
  'com.tj com.tr com.tw com.ua com.uy com.vc com.vn',
].flatMap((row) => row.split(' '));

const yandexEndings =
  'az by co.il com com.am com.ge com.ru com.tr de ee eu fi fr kz lt lv md net org pl ru tj tm uz'.split(' ');

const youtubeHosts = [
  'www.youtube.com',
  'm.youtube.com',
  'youtubei.googleapis.com',
  'youtube.googleapis.com',
  'www.youtube-nocookie.com',
];

const searchTargets: ReadonlyMap<string, string> = new Map([
  ...googleEndings.map((ending) => [`www.google.${ending}`, 'forcesafesearch.google.com'] as const),
  ['www.bing.com', 'strict.bing.com'],
  ['edgeservices.bing.com', 'strict.bing.com'],
  ['duckduckgo.com', 'safe.duckduckgo.com'],
  ['start.duckduckgo.com', 'safe.duckduckgo.com'],
  ['www.duckduckgo.com', 'safe.duckduckgo.com'],
  ['www.ecosia.org', 'strict-safe-search.ecosia.org'],
  ['pixabay.com', 'safesearch.pixabay.com'],
  ['search.brave.com', 'forcesafe.search.brave.com'],
  ...['ya.ru', 'xn--d1acpjx3f.xn--p1ai', ...yandexEndings.map((ending) => `yandex.${ending}`)].flatMap(
    (host) =>
      [
        [host, 'familysearch.yandex.ru'],
        [`www.${host}`, 'familysearch.yandex.ru'],
      ] as const,
  ),
]);

const youtubeTargets: Readonly<Record<'moderate' | 'strict', string>> = {
  moderate: 'restrictmoderate.youtube.com',
  strict: 'restrict.youtube.com',
};

export type YoutubeRestriction = 'off' | 'moderate' | 'strict';

/** Host → the name whose addresses are given instead, for what is switched on. */
export function safeSearchTargets(search: boolean, youtube: YoutubeRestriction): ReadonlyMap<string, string> {
  const targets = new Map(search ? searchTargets : []);
  if (youtube !== 'off') for (const host of youtubeHosts) targets.set(host, youtubeTargets[youtube]);
  return targets;
}
