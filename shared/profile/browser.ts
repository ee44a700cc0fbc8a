import Type from 'typebox';
import { choice, strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';

/** Chrome's filter format: `[scheme://][.]host[:port][/path]`, or `*`. https://support.google.com/chrome/a/answer/9942583 */
const UrlPattern = Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\s"\'\\\\<>]+$' });
const ExtensionId = Type.String({ pattern: '^([a-p]{32}|\\*|\\{?[0-9A-Za-z._@+-]{3,100}\\}?)$' });

/** Managed policies of Chrome, Chromium, Edge and Firefox. */
export const BrowserSettings = strictObject({
  blockedUrls: Type.Optional(
    Type.Array(UrlPattern, {
      maxItems: 1000,
      ...setting({
        title: 'Blocked addresses',
        description:
          'Sites the browser refuses, as host or host/path. Browsers take at most 1,000; use categories for more.',
        'x-merge': 'union',
        'x-group': 'Sites',
        'x-example': 'example.com/games',
      }),
    }),
  ),
  allowedUrls: Type.Optional(
    Type.Array(UrlPattern, {
      maxItems: 1000,
      ...setting({
        title: 'Allowed addresses',
        description: 'Exceptions to the blocked addresses.',
        'x-merge': 'union',
        'x-group': 'Sites',
        'x-example': 'example.com/lessons',
      }),
    }),
  ),
  safeSearch: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Force safe search',
        description: 'Google and Bing filter explicit results, whatever the person chose.',
        'x-merge': 'strictest',
        'x-group': 'Search',
      }),
    ),
  ),
  youtube: Type.Optional(
    choice(
      ['off', 'moderate', 'strict'],
      setting({
        title: 'YouTube restriction',
        description: 'Restricted mode of YouTube.',
        'x-merge': 'strictest',
        'x-group': 'Search',
        'x-labels': ['No restriction', 'Moderate', 'Strict'],
      }),
    ),
  ),
  blockPrivateWindows: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No private windows',
        description: 'Incognito, InPrivate and private browsing cannot be opened.',
        'x-merge': 'strictest',
        'x-group': 'Ways around',
      }),
    ),
  ),
  blockGuestMode: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No guest or extra profiles',
        description: 'The browser offers neither a guest window nor adding another profile.',
        'x-merge': 'strictest',
        'x-group': 'Ways around',
      }),
    ),
  ),
  blockDeveloperTools: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No developer tools',
        description: 'Developer tools and the JavaScript console are closed.',
        'x-merge': 'strictest',
        'x-group': 'Ways around',
      }),
    ),
  ),
  blockDnsOverHttps: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No DNS over HTTPS in the browser',
        description: 'The browser asks this device for names, so that the web filter sees them. Leave on.',
        'x-merge': 'strictest',
        'x-group': 'Ways around',
      }),
    ),
  ),
  blockEndingProcesses: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No ending of browser processes',
        description: 'The task manager of the browser cannot end extensions, for example those that keep pupils safe.',
        'x-merge': 'strictest',
        'x-group': 'Ways around',
      }),
    ),
  ),
  proxy: Type.Optional(
    choice(
      ['system', 'direct'],
      setting({
        title: 'Proxy',
        description:
          'Sites behind a proxy are not seen by the web filter. Neither person nor extension can change this.',
        'x-merge': 'strictest',
        'x-group': 'Ways around',
        'x-labels': ['The one of the device', 'None'],
      }),
    ),
  ),
  blockProxyExtensions: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No proxy or VPN extensions',
        description: 'Extensions that ask to redirect traffic do not run, whatever their name.',
        'x-merge': 'strictest',
        'x-group': 'Extensions',
      }),
    ),
  ),
  blockedExtensions: Type.Optional(
    Type.Array(ExtensionId, {
      maxItems: 500,
      ...setting({
        title: 'Blocked extensions',
        description: 'Extension ids that cannot be installed; * blocks all but the allowed ones.',
        'x-merge': 'union',
        'x-group': 'Extensions',
        'x-example': '*',
      }),
    }),
  ),
  allowedExtensions: Type.Optional(
    Type.Array(ExtensionId, {
      maxItems: 500,
      ...setting({
        title: 'Allowed extensions',
        description: 'Extension ids that may be installed although others are blocked.',
        'x-merge': 'union',
        'x-group': 'Extensions',
        'x-example': 'aohghmighlieiainnegkcijnfilokake',
      }),
    }),
  ),
  forcedExtensions: Type.Optional(
    Type.Array(ExtensionId, {
      maxItems: 100,
      ...setting({
        title: 'Installed extensions',
        description: 'Extension ids the browser installs by itself and the person cannot remove.',
        'x-merge': 'union',
        'x-group': 'Extensions',
        'x-example': 'aohghmighlieiainnegkcijnfilokake',
      }),
    }),
  ),
  homePage: Type.Optional(
    Type.String({
      maxLength: 500,
      pattern: '^https?://[^\\s"\'\\\\<>]+$',
      ...setting({
        title: 'Home page',
        description: 'Opened at start and by the home button.',
        'x-merge': 'replace',
        'x-group': 'Start',
        'x-example': 'https://www.example.org/',
      }),
    }),
  ),
  newTabPage: Type.Optional(
    choice(
      ['browser', 'rollcall'],
      setting({
        title: 'New tab shows the device’s page',
        description: 'What is filtered and recorded, and how to ask for a site, in every new tab.',
        'x-merge': 'replace',
        'x-group': 'Start',
        'x-labels': ['The browser’s own', 'The device’s page'],
      }),
    ),
  ),
});
export type BrowserSettings = Type.Static<typeof BrowserSettings>;

export const browser: CapabilityDefinition<typeof BrowserSettings> = {
  name: 'browser',
  title: 'Browser',
  summary: 'Managed policies for Chrome, Chromium, Edge and Firefox',
  settings: BrowserSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'needs-mdm' },
  limits: {
    linux: 'Flatpak browsers ignore policy files of the host. Firefox reads policies when it starts.',
    win32: 'A PC that has not joined a domain or MDM ignores home page and forced extensions from outside the store.',
    darwin:
      'Chrome and Edge obey only policy from MDM on a Mac; Rollcall writes it as a recommendation and reports it as not verified. Firefox obeys.',
  },
};
