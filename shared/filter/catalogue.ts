import type { CatalogueEntry } from '../api/schemas.ts';

/**
 * Well-known public lists: Rollcall ships none of them, it knows their addresses and under which terms they may be used.
 * Addresses and licences were read in each project's own repository or list; a list whose licence its own pages do not
 * state is not here.
 */
export const catalogue: readonly CatalogueEntry[] = [
  ...[
    ut1('gambling', 'gambling', 'Gambling', 'Betting, casinos and lotteries'),
    ut1('games', 'games', 'Games', 'Online games'),
    ut1('dating', 'dating', 'Dating', 'Dating sites'),
    ut1('drugs', 'drogue', 'Drugs', 'Drugs'),
    ut1('weapons', 'dangerous_material', 'Dangerous material', 'How to make bombs and other dangerous things'),
    ut1('hacking', 'hacking', 'Hacking', 'Breaking into computers'),
    ut1('proxies', 'redirector', 'Web proxies', 'Sites through which a filter is passed by'),
    ut1('chat', 'chat', 'Chat', 'Chat sites'),
    ut1('malware', 'malware', 'Malware', 'Sites that spread malicious programs'),
    ut1('phishing', 'phishing', 'Phishing', 'Sites that pose as others'),
    ut1('shorteners', 'shortener', 'Link shorteners', 'Short links that hide where they lead'),
    ut1('file-sharing', 'filehosting', 'File hosting', 'Sites that host anybody’s files'),
    ut1('cheating', 'tricheur', 'Cheating', 'How to cheat in tests'),
  ],
  ...[
    stevenBlack('adult-stevenblack', 'porn-only', 'Adult (StevenBlack)', 'Pornography'),
    stevenBlack('gambling-stevenblack', 'gambling-only', 'Gambling (StevenBlack)', 'Betting and casinos'),
    stevenBlack('social-stevenblack', 'social-only', 'Social networks (StevenBlack)', 'Social networks'),
    stevenBlack('fake-news', 'fakenews-only', 'Fake news', 'Sites that invent their news'),
  ],
  {
    category: 'ads-malware',
    title: 'Advertising and malware (StevenBlack)',
    description: 'The unified hosts file: advertising, tracking and malware',
    url: 'https://raw.githubusercontent.com/StevenBlack/hosts/master/hosts',
    ...ofStevenBlack(),
  },
  ...[
    sinfonietta('adult', 'pornography-hosts', 'Adult', 'Pornography'),
    sinfonietta('social', 'social-hosts', 'Social networks', 'Social networks'),
    sinfonietta('gambling-sinfonietta', 'gambling-hosts', 'Gambling (Sinfonietta)', 'Betting and casinos'),
    sinfonietta('gore', 'snuff-hosts', 'Gore', 'Violence and gore'),
  ],
  ...[
    nextDns('bypass-encrypted-dns', 'encrypted-dns', 'Encrypted DNS', 'Resolvers by which a filter is passed by'),
    nextDns('bypass-proxies', 'proxies', 'Proxies', 'Proxies by which a filter is passed by'),
    nextDns('bypass-vpn', 'vpn', 'VPN', 'Virtual private networks'),
    nextDns('bypass-tor', 'tor', 'Tor', 'The Tor network'),
  ],
  ...[
    hagezi('bypass', 'doh-vpn-proxy-bypass', 'Bypass', 'Encrypted DNS, VPN, Tor and proxies together'),
    hagezi('no-safe-search', 'nosafesearch', 'No safe search', 'Search engines without a safe search'),
    hagezi('adult-hagezi', 'nsfw', 'Adult (HaGeZi)', 'Pornography'),
    hagezi('gambling-hagezi', 'gambling', 'Gambling (HaGeZi)', 'Betting and casinos, the largest list'),
    hagezi('piracy', 'anti.piracy', 'Piracy', 'Films, music and programs without a licence'),
    hagezi('threats', 'tif.medium', 'Threats', 'Malware, phishing and scams, from many sources'),
    hagezi('scams', 'fake', 'Scams', 'False shops and traps'),
    hagezi('dynamic-dns', 'dyndns', 'Dynamic DNS', 'Names that change their address, often misused'),
  ],
  ...[
    blockListProject('drugs-blocklistproject', 'drugs', 'Drugs (Block List Project)', 'Drugs'),
    blockListProject('torrent', 'torrent', 'Torrents', 'Torrent directories; holds some legal ones too'),
    blockListProject('vaping', 'vaping', 'Vaping', 'Vaping and e-cigarettes'),
    blockListProject('tiktok', 'tiktok', 'TikTok', 'TikTok'),
  ],
];

/** A daily mirror of the lists of the Université Toulouse Capitole, whose own files are archives. */
function ut1(category: string, folder: string, title: string, description: string): CatalogueEntry {
  return {
    ...{ category, title, description: `${description} (UT1, Université Toulouse Capitole)` },
    url: `https://raw.githubusercontent.com/olbat/ut1-blacklists/master/blacklists/${folder}/domains`,
    licence: 'CC BY-SA 4.0',
    homepage: 'https://dsi.ut-capitole.fr/blacklists/index_en.php',
  };
}

function stevenBlack(category: string, variant: string, title: string, description: string): CatalogueEntry {
  const url = `https://raw.githubusercontent.com/StevenBlack/hosts/master/alternates/${variant}/hosts`;
  return { category, title, description, url, ...ofStevenBlack() };
}

function ofStevenBlack() {
  return { licence: 'MIT', homepage: 'https://github.com/StevenBlack/hosts' };
}

function sinfonietta(category: string, file: string, title: string, description: string): CatalogueEntry {
  return {
    ...{ category, title, description },
    url: `https://raw.githubusercontent.com/Sinfonietta/hostfiles/master/${file}`,
    licence: 'MIT',
    homepage: 'https://github.com/Sinfonietta/hostfiles',
  };
}

function nextDns(category: string, file: string, title: string, description: string): CatalogueEntry {
  return {
    ...{ category, title, description },
    url: `https://raw.githubusercontent.com/nextdns/dns-bypass-methods/main/${file}`,
    licence: 'MIT',
    homepage: 'https://github.com/nextdns/dns-bypass-methods',
  };
}

function hagezi(category: string, file: string, title: string, description: string): CatalogueEntry {
  return {
    ...{ category, title, description },
    url: `https://raw.githubusercontent.com/hagezi/dns-blocklists/main/wildcard/${file}-onlydomains.txt`,
    licence: 'GPL-3.0',
    homepage: 'https://github.com/hagezi/dns-blocklists',
  };
}

/** The licence is the one in the head of each list; the project's page once named the Unlicense. */
function blockListProject(category: string, file: string, title: string, description: string): CatalogueEntry {
  return {
    ...{ category, title, description },
    url: `https://raw.githubusercontent.com/blocklistproject/Lists/master/${file}.txt`,
    licence: 'MIT',
    homepage: 'https://github.com/blocklistproject/Lists',
  };
}
