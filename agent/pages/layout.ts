import { type Html, html } from './html.ts';
import { bannerVersion } from './look-banner.ts';
import type { PageWords } from './words/en.ts';

export const assetPaths = { style: '/.rollcall/page.css', script: '/.rollcall/page.js' };

interface Link {
  href: string;
  text: string;
}

/** What is around every page. */
export interface Frame {
  district: string;
  words: PageWords;
  /** The pages of the device, the one that is shown among them. */
  pages: readonly (Link & { isHere: boolean })[];
  /** On top while somebody looks at the device. */
  look?: Html | undefined;
  /** This page in the other languages. */
  languages: readonly (Link & { code: string })[];
}

export interface Layout extends Frame {
  title: string;
  body: Html;
  /** Seconds after which a browser without scripts looks again. */
  refreshSeconds?: number;
}

/** A whole document. Style and script are files of their own, so that the content policy allows nothing inline. */
export function layout({ title, district, body, refreshSeconds, words, pages, languages, look }: Layout): Html {
  const refresh =
    refreshSeconds === undefined
      ? undefined
      : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`;
  const isOwn = pages.some(({ isHere }) => isHere);
  const links = html`<nav aria-label="${words.my.title}"><ul>${pages.map(pageLink)}</ul></nav>`;
  return html`<!doctype html>
<html lang="${words.language.page}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="${assetPaths.style}">
<script src="${assetPaths.script}" defer></script>
${refresh}
</head>
<body>
<header><p>${district}</p><nav aria-label="${words.language.switch}"><ul>${languages.map(languageLink)}</ul></nav></header>
${isOwn && links}
<div data-look="${isOwn ? bannerVersion(look) : ''}" aria-live="polite">${look}</div>
<main>
${body}
</main>
${isOwn ? undefined : html`<footer>${links}</footer>`}
</body>
</html>
`;
}

function languageLink({ href, text, code }: Frame['languages'][number]): Html {
  return html`<li><a href="${href}" lang="${code}" hreflang="${code}">${text}</a></li>`;
}

function pageLink({ href, text, isHere }: Frame['pages'][number]): Html {
  return isHere ? html`<li aria-current="page">${text}</li>` : html`<li><a href="${href}">${text}</a></li>`;
}
