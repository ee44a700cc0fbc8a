import { type Html, html } from './html.ts';
import { device, language } from './words.ts';

export const assetPaths = { style: '/.rollcall/page.css', script: '/.rollcall/page.js' };

export interface Layout {
  title: string;
  district: string;
  body: Html;
  /** Seconds after which a browser without scripts looks again. */
  refreshSeconds?: number;
  /** Where the device's page is; absent on that page itself. */
  devicePage?: string | undefined;
}

/** A whole document. Style and script are files of their own, so that the content policy allows nothing inline. */
export function layout({ title, district, body, refreshSeconds, devicePage }: Layout): Html {
  const refresh =
    refreshSeconds === undefined
      ? undefined
      : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`;
  return html`<!doctype html>
<html lang="${language.page}">
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
<header><p>${district}</p></header>
<main>
${body}
</main>
${devicePage === undefined ? undefined : html`<footer><p><a href="${devicePage}">${device.back}</a></p></footer>`}
</body>
</html>
`;
}
