import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framed } from '../../../agent/filter/frames.ts';
import { Resolver } from '../../../agent/filter/resolver.ts';
import { systemClock } from '../../../agent/platform/clock.ts';
import { type DigAnswer, dig, digAll } from '../../fakes/dig.ts';
import { DigWorld, endsWords, type PolicyName } from './dig-world.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What is asked, under which policy, the arguments of dig, what it must print; a piece of the EDE; more it must print. */
type Row = [what: string, policy: PolicyName, args: string, words: string, error?: string | undefined, more?: string];

const ask = 'Ask: it@school.test';
const rows: Record<string, Row[]> = {
  'names that pass': [
    ['a name that nothing speaks of', 'usual', 'school.test A', 'NOERROR A 192.0.2.1'],
    ['its IPv6 address', 'usual', 'school.test AAAA', 'NOERROR AAAA 2001:db8::1'],
    ['its mail server', 'usual', 'school.test MX', 'NOERROR MX 1 mail.test.'],
    ['its text', 'usual', 'school.test TXT', 'NOERROR TXT "hello"'],
    ['its name server', 'usual', 'school.test NS', 'NOERROR NS ns.test.'],
    ['its certificate authority', 'usual', 'school.test CAA', 'NOERROR CAA 0 issue "ca.test"'],
    ['its HTTPS record', 'usual', 'school.test HTTPS', 'NOERROR HTTPS 1 .'],
    ['a service below it', 'usual', '_ldap._tcp.school.test SRV', 'NOERROR SRV 0 5 389 dc.test.'],
    ['a name in capitals', 'usual', 'SCHOOL.Test A', 'NOERROR A 192.0.2.1', undefined, ';SCHOOL.Test. IN A'],
    ['a name that does not exist', 'usual', 'nowhere.test A', 'NXDOMAIN'],
    ['a name without such records', 'usual', 'empty.test A', 'NOERROR'],
    ['a public address by its number', 'usual', '-x 192.0.2.1', 'NOERROR PTR school.test.'],
    ['an alias that is honest', 'usual', 'honest.test A', 'NOERROR CNAME cdn.test., A 192.0.2.15'],
    ['a name that only ends like a blocked one', 'usual', 'notbad.test A', 'NXDOMAIN'],
    ['a name that is not ASCII', 'usual', '+noidnin xn--bcher-kva.test A', 'NOERROR A 192.0.2.2'],
  ],
  'the blocked domains of the district': [
    ['a blocked domain', 'usual', 'bad.test A', 'NOERROR A 0.0.0.0', `15 (blocked domain bad.test). ${ask}`],
    ['it over IPv6', 'usual', 'bad.test AAAA', 'NOERROR AAAA ::', '15 (blocked domain bad.test)'],
    ['its HTTPS record', 'usual', 'bad.test HTTPS', 'NOERROR', '15 (blocked domain bad.test)'],
    ['its SVCB record', 'usual', 'bad.test SVCB', 'NOERROR', '15 (blocked domain bad.test)'],
    ['its text', 'usual', 'bad.test TXT', 'NOERROR', '15 (blocked domain bad.test)'],
    ['its mail server', 'usual', 'bad.test MX', 'NOERROR', '15 (blocked domain bad.test)'],
    ['a name far below it', 'usual', 'a.b.c.d.bad.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
    ['a service below it', 'usual', '_x._tcp.bad.test SRV', 'NOERROR', '15 (blocked domain bad.test)'],
    ['it in capitals', 'usual', 'BAD.tEsT A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)', ';BAD.tEsT. IN A'],
    ['a pattern written in capitals with a dot', 'usual', 'shout.test A', 'NOERROR A 0.0.0.0', '15 Shout.TEST.'],
    ['a name blocked by itself', 'usual', 'exact.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain =exact.test)'],
    ['a name below one blocked by itself', 'usual', 'www.exact.test A', 'NOERROR A 192.0.2.10'],
    ['a name above a wildcard', 'usual', 'below.test A', 'NOERROR A 192.0.2.9'],
    ['a name below a wildcard', 'usual', 'x.y.below.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain *.below.test)'],
    ['a whole top-level domain', 'usual', 'setup.zip A', 'NOERROR A 0.0.0.0', '15 (blocked domain zip)'],
    [
      'an entry that is not ASCII, in punycode',
      'usual',
      '+noidnin xn--mnchen-3ya.test A',
      'NOERROR A 0.0.0.0',
      '15 münchen.test',
    ],
    ['it in capitals of punycode', 'usual', '+noidnin XN--MNCHEN-3YA.test A', 'NOERROR A 0.0.0.0', '15 münchen.test'],
    ['a name below it', 'usual', '+noidnin www.xn--mnchen-3ya.test A', 'NOERROR A 0.0.0.0', '15 münchen.test'],
    ['an exception below a blocked domain', 'usual', 'x.good.bad.test A', 'NOERROR A 192.0.2.7'],
    ['an exception for one name', 'usual', 'only.bad.test A', 'NOERROR A 192.0.2.8'],
    [
      'what is below an exception for one name',
      'usual',
      'x.only.bad.test A',
      'NOERROR A 0.0.0.0',
      '15 (blocked domain bad.test)',
    ],
    ['a blocked domain that staff opened', 'opened', 'bad.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
  ],
  'categories and the locked minimum': [
    ['a name of a category', 'usual', 'casino.test A', 'NOERROR A 0.0.0.0', '15 (category Gambling)'],
    ['a name below it', 'usual', 'www.casino.test A', 'NOERROR A 0.0.0.0', '15 (category Gambling)'],
    ['it over IPv6', 'usual', 'www.casino.test AAAA', 'NOERROR AAAA ::', '15 (category Gambling)'],
    [
      'a name of a category that is not ASCII',
      'usual',
      '+noidnin XN--BCHER-KVA.casino-idn.test A',
      'NOERROR A 0.0.0.0',
      '15 (category Gambling)',
    ],
    ['an allowed name below it', 'usual', 'lessons.casino.test A', 'NOERROR A 192.0.2.11'],
    ['a name the district took out of the list', 'usual', 'taken-out.test A', 'NOERROR A 192.0.2.12'],
    ['a category that is not blocked', 'usual', 'games.test A', 'NOERROR A 192.0.2.18'],
    [
      'a locked category, though allowed',
      'usual',
      'adult.test A',
      'NOERROR A 0.0.0.0',
      '15 category Adult, which nobody can open',
    ],
    [
      'a locked category, though staff opened it',
      'opened',
      'adult.test A',
      'NOERROR A 0.0.0.0',
      '15 category Adult, which nobody can open',
    ],
    [
      'a locked category, though everything is open',
      'everything',
      'x.adult.test A',
      'NOERROR A 0.0.0.0',
      '15 category Adult',
    ],
    ['an essential on the locked minimum', 'usual', 'login.adult.test A', 'NOERROR A 192.0.2.14'],
  ],
  'what staff opened or closed': [
    ['a domain of a category', 'opened', 'casino.test A', 'NOERROR A 192.0.2.13'],
    [
      'a domain that was closed',
      'closed',
      'www.chat.test A',
      'NOERROR A 0.0.0.0',
      `15 (closed by Ms Lee, ${endsWords}). ${ask}`,
    ],
    [
      'a category that was closed',
      'closed',
      'games.test A',
      'NOERROR A 0.0.0.0',
      `15 (closed by Ms Lee, ${endsWords})`,
    ],
    ['what was not closed', 'closed', 'school.test A', 'NOERROR A 192.0.2.1'],
    ['the only open site, which is hosted elsewhere', 'only', 'docs.test A', 'NOERROR CNAME cdn.test., A 192.0.2.15'],
    ['another site meanwhile', 'only', 'school.test A', 'NOERROR A 0.0.0.0', `15 (closed by Ms Lee, ${endsWords})`],
    [
      'where the only open site is hosted, asked by itself',
      'only',
      'cdn.test A',
      'NOERROR A 0.0.0.0',
      '15 closed by Ms Lee',
    ],
    ['a site opened beside it', 'only', 'beside.test A', 'NOERROR A 192.0.2.16'],
    ['a captive-portal check meanwhile', 'only', 'captive.apple.com A', 'NOERROR A 192.0.2.132'],
    ['a blocked site while everything is open', 'everything', 'casino.test A', 'NOERROR A 192.0.2.13'],
    [
      'a search engine while everything is open',
      'everything',
      'www.google.com A',
      'NOERROR CNAME forcesafesearch.google.com., A 192.0.2.120',
    ],
  ],
  'schedules that hold': [
    [
      'a domain that a schedule blocks',
      'timed',
      'chat.test A',
      'NOERROR A 0.0.0.0',
      `15 (schedule Lessons, ${endsWords})`,
    ],
    ['a category that a schedule blocks', 'timed', 'games.test A', 'NOERROR A 0.0.0.0', '15 (schedule Lessons'],
    ['a category that a schedule opens', 'timed', 'casino.test A', 'NOERROR A 192.0.2.13'],
    ['a blocked domain meanwhile', 'timed', 'bad.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
    ['the same domain without a schedule', 'usual', 'chat.test A', 'NOERROR A 192.0.2.17'],
  ],
  'safe search': [
    ['Google', 'usual', 'www.google.com A', 'NOERROR CNAME forcesafesearch.google.com., A 192.0.2.120'],
    [
      'Google over IPv6',
      'usual',
      'www.google.com AAAA',
      'NOERROR CNAME forcesafesearch.google.com., AAAA 2001:db8::120',
    ],
    ['Google of a country', 'usual', 'www.google.co.uk A', 'NOERROR CNAME forcesafesearch.google.com., A 192.0.2.120'],
    ['Google in capitals', 'usual', 'WWW.Google.DE A', 'NOERROR CNAME forcesafesearch.google.com., A 192.0.2.120'],
    [
      'its HTTPS record, whose hints lead elsewhere',
      'usual',
      'www.google.com HTTPS',
      'NOERROR CNAME forcesafesearch.google.com.',
    ],
    ['Bing, whose target is an alias', 'usual', 'www.bing.com A', 'NOERROR CNAME strict.bing.com., A 192.0.2.121'],
    ['Bing in Edge', 'usual', 'edgeservices.bing.com A', 'NOERROR CNAME strict.bing.com., A 192.0.2.121'],
    ['DuckDuckGo', 'usual', 'duckduckgo.com A', 'NOERROR CNAME safe.duckduckgo.com., A 192.0.2.122'],
    ['Brave', 'usual', 'search.brave.com A', 'NOERROR CNAME forcesafe.search.brave.com., A 192.0.2.123'],
    ['Ecosia', 'usual', 'www.ecosia.org A', 'NOERROR CNAME strict-safe-search.ecosia.org., A 192.0.2.124'],
    ['Pixabay', 'usual', 'pixabay.com A', 'NOERROR CNAME safesearch.pixabay.com., A 192.0.2.125'],
    ['Yandex', 'usual', 'yandex.ru A', 'NOERROR CNAME familysearch.yandex.ru., A 192.0.2.126'],
    ['YouTube, strict', 'usual', 'www.youtube.com A', 'NOERROR CNAME restrict.youtube.com., A 192.0.2.127'],
    [
      'the interface of YouTube',
      'usual',
      'youtubei.googleapis.com A',
      'NOERROR CNAME restrict.youtube.com., A 192.0.2.127',
    ],
    [
      'YouTube without cookies',
      'usual',
      'www.youtube-nocookie.com A',
      'NOERROR CNAME restrict.youtube.com., A 192.0.2.127',
    ],
    ['YouTube, moderate', 'moderate', 'm.youtube.com A', 'NOERROR CNAME restrictmoderate.youtube.com., A 192.0.2.128'],
    ['Google while only YouTube is restricted', 'moderate', 'www.google.com A', 'NOERROR A 192.0.2.129'],
    ['YouTube without a restriction', 'plain', 'www.youtube.com A', 'NOERROR A 192.0.2.130'],
  ],
  'names that programs ask to learn of a filter': [
    ['Firefox', 'usual', 'use-application-dns.net A', 'NXDOMAIN'],
    ['Firefox over IPv6', 'usual', 'use-application-dns.net AAAA', 'NXDOMAIN'],
    ['Private Relay', 'usual', 'mask.icloud.com A', 'NXDOMAIN'],
    ['the other name of Private Relay', 'usual', 'mask-h2.icloud.com HTTPS', 'NXDOMAIN'],
    ['designated resolvers', 'usual', '_dns.resolver.arpa SVCB', 'NOERROR'],
    ['a filter without any setting', 'moderate', 'use-application-dns.net A', 'NXDOMAIN'],
    ['one that the district allows by name', 'plain', 'use-application-dns.net A', 'NOERROR A 192.0.2.131'],
  ],
  'names that lead to blocked ones': [
    ['an alias of a blocked domain', 'usual', 'cloak.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
    ['it over IPv6', 'usual', 'cloak.test AAAA', 'NOERROR AAAA ::', '15 (blocked domain bad.test)'],
    ['its HTTPS record', 'usual', 'cloak.test HTTPS', 'NOERROR', '15 (blocked domain bad.test)'],
    ['its mail server', 'usual', 'cloak.test MX', 'NOERROR', '15 (blocked domain bad.test)'],
    ['a chain of aliases into a category', 'usual', 'chain.test A', 'NOERROR A 0.0.0.0', '15 (category Gambling)'],
    ['an alias in capitals', 'usual', 'capital.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
    ['an alias of a locked category', 'usual', 'hidden.test A', 'NOERROR A 0.0.0.0', '15 category Adult'],
    ['an HTTPS record for a blocked service', 'usual', 'service.test HTTPS', 'NOERROR', '15 (category Gambling)'],
    ['an SVCB record for a blocked service', 'usual', 'service.test SVCB', 'NOERROR', '15 (category Gambling)'],
    [
      'an HTTPS record for an open service',
      'usual',
      'honest.test HTTPS',
      'NOERROR HTTPS 1 cdn.test. ipv4hint=192.0.2.66',
    ],
    [
      'a domain that moved to a blocked one',
      'usual',
      'x.moved.test A',
      'NOERROR A 0.0.0.0',
      '15 (blocked domain bad.test)',
    ],
    [
      'a domain that moved to a category, without an alias',
      'usual',
      'y.moved.test A',
      'NOERROR A 0.0.0.0',
      '15 (category Gambling)',
    ],
    [
      'an allowed name that leads to a blocked domain',
      'usual',
      'good.bad.test A',
      'NOERROR CNAME other.bad.test., A 192.0.2.6',
    ],
    ['an allowed name that leads to a category', 'usual', 'trusted.test A', 'NOERROR CNAME casino.test., A 192.0.2.13'],
    [
      'an allowed name that leads to the locked minimum',
      'usual',
      'trusted-adult.test A',
      'NOERROR A 0.0.0.0',
      '15 category Adult',
    ],
    [
      'a name that leads to an allowed one',
      'usual',
      'lists.test A',
      'NOERROR CNAME lessons.casino.test., A 192.0.2.11',
    ],
    [
      'a name that leads to what staff opened',
      'opened',
      'chain.test A',
      'NOERROR CNAME one.test., CNAME two.test., CNAME www.casino.test., A 192.0.2.67',
    ],
    ['an alias, when blocks get no such name', 'nxdomain', 'cloak.test A', 'NXDOMAIN', '15 (blocked domain bad.test)'],
  ],
  'the answers to blocked names': [
    [
      'the page, by IPv4',
      'page',
      'bad.test A',
      'NOERROR A 127.82.67.1',
      '15 Ask: http://rollcall.internal/ or it@school.test',
    ],
    ['the page, by IPv6', 'page', 'bad.test AAAA', 'NOERROR', '15 Ask: http://rollcall.internal/'],
    ['the page, by an HTTPS record', 'page', 'bad.test HTTPS', 'NOERROR', '15 Ask: http://rollcall.internal/'],
    ['the page, for an alias', 'page', 'cloak.test A', 'NOERROR A 127.82.67.1', '15 (blocked domain bad.test)'],
    ['no such name', 'nxdomain', 'bad.test A', 'NXDOMAIN', '15 (blocked domain bad.test)'],
    ['no such name, for text', 'nxdomain', 'casino.test TXT', 'NXDOMAIN', '15 (category Gambling)'],
    ['refused, with nobody to ask', 'refused', 'bad.test A', 'REFUSED', '15 (blocked domain bad.test).)'],
    ['refused, over IPv6', 'refused', 'casino.test AAAA', 'REFUSED', '15 (category Gambling).)'],
    ['everything about a blocked name', 'usual', 'bad.test ANY', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
    ['a name that passes while there is a page', 'page', 'school.test A', 'NOERROR A 192.0.2.1'],
    ['the name of the page', 'page', 'rollcall.internal A', 'NOERROR A 127.82.67.1'],
    ['the name of the page in capitals', 'page', 'ROLLCALL.Internal A', 'NOERROR A 127.82.67.1'],
    ['the name of the page over IPv6', 'page', 'rollcall.internal AAAA', 'NOERROR'],
    ['the name of the page where there is none', 'alone', 'rollcall.internal A', 'NXDOMAIN'],
  ],
  'names of the device and its network': [
    ['this device', 'usual', 'localhost A', 'NOERROR A 127.0.0.1'],
    ['this device over IPv6', 'usual', 'localhost AAAA', 'NOERROR AAAA ::1'],
    ['a name below this device', 'usual', 'app.localhost A', 'NOERROR A 127.0.0.1'],
    ['the mail server of this device', 'usual', 'localhost MX', 'NOERROR'],
    ['a name that is invalid', 'usual', 'a.invalid A', 'NXDOMAIN'],
    ['a hidden service', 'usual', 'abcdef.onion A', 'NXDOMAIN'],
    ['a device that multicast DNS knows', 'usual', 'printer.local A', 'NOERROR A 10.0.0.9'],
    ['the owner of local, as nss-mdns asks', 'usual', 'local SOA', 'NXDOMAIN'],
    ['a device at home', 'usual', 'nas.home.arpa A', 'NOERROR A 10.0.0.10'],
    ['a router by the ending many use', 'usual', 'router.lan A', 'NOERROR A 10.0.0.1'],
    ['a private address by its number', 'usual', '-x 10.0.0.9', 'NOERROR PTR printer.local.'],
    ['a device of the network, where no server of it is known', 'alone', 'printer.local A', 'NXDOMAIN'],
    ['a private address, where no server of the network is known', 'alone', '-x 10.0.0.9', 'NXDOMAIN'],
    ['a unique local address there', 'alone', '-x fd00::1', 'NXDOMAIN'],
    ['a domain with servers of its own', 'usual', 'campus.test A', 'NOERROR A 10.20.0.1'],
    ['a domain with other servers below it', 'usual', 'pc.lab.campus.test A', 'NOERROR A 10.20.1.1'],
    ['a name its servers do not know', 'usual', 'nobody.campus.test A', 'NXDOMAIN'],
    [
      'a name of its servers that leads to a category',
      'usual',
      'files.campus.test A',
      'NOERROR A 0.0.0.0',
      '15 (category Gambling)',
    ],
  ],
  'when no resolver answers': [
    ['a name that passes', 'dead', 'school.test A', 'SERVFAIL', '23 the resolver behind the filter does not answer'],
    ['a blocked name', 'dead', 'bad.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
    [
      'a search engine, whose alias is known all the same',
      'dead',
      'www.google.com A',
      'SERVFAIL CNAME forcesafesearch.google.com.',
      '23',
    ],
    [
      'a captive-portal check, answered by the network',
      'dead',
      'captive.apple.com A',
      'NOERROR A 10.0.0.1',
      undefined,
      '. 5 IN A 10.0.0.1',
    ],
    [
      'a captive-portal check otherwise',
      'usual',
      'captive.apple.com A',
      'NOERROR A 192.0.2.132',
      undefined,
      '. 5 IN A 192.0.2.132',
    ],
    ['a name of the network', 'dead', 'printer.local A', 'NOERROR A 10.0.0.9'],
  ],
  'a device without a usable policy': [
    ['a name', 'unready', 'chat.test A', 'NOERROR A 0.0.0.0', '15 no usable policy, so only essentials pass'],
    ['a search engine', 'unready', 'www.google.com A', 'NOERROR A 0.0.0.0', '15 no usable policy'],
    ['an essential', 'unready', 'school.test A', 'NOERROR A 192.0.2.1'],
    ['a captive-portal check', 'unready', 'captive.apple.com A', 'NOERROR A 192.0.2.132'],
    ['a name that programs ask to learn of a filter', 'unready', 'mask.icloud.com A', 'NXDOMAIN'],
    ['a blocked domain', 'unready', 'bad.test A', 'NOERROR A 0.0.0.0', '15 (blocked domain bad.test)'],
  ],
  'long answers': [
    ['a long answer, fetched again over TCP', 'usual', '+bufsize=512 big.test TXT', 'NOERROR TXT ', undefined, '(TCP)'],
    [
      'a long answer that is not fetched again',
      'usual',
      '+bufsize=512 +ignore big.test TXT',
      'NOERROR',
      undefined,
      'flags: qr tc rd ra;',
    ],
    [
      'a long answer for a client that takes it',
      'usual',
      '+bufsize=4096 big.test TXT',
      'NOERROR TXT ',
      undefined,
      '(UDP)',
    ],
  ],
  'EDNS and odd questions': [
    ['a blocked name without EDNS', 'usual', '+noedns bad.test A', 'NOERROR A 0.0.0.0', undefined, 'ADDITIONAL: 0'],
    ['a name without EDNS', 'usual', '+noedns school.test A', 'NOERROR A 192.0.2.1', undefined, 'ADDITIONAL: 0'],
    [
      'a blocked name with DNSSEC wanted',
      'usual',
      '+dnssec bad.test A',
      'NOERROR A 0.0.0.0',
      '15',
      'version: 0, flags: do;',
    ],
    [
      'a blocked name with checking disabled',
      'usual',
      '+cdflag bad.test A',
      'NOERROR A 0.0.0.0',
      '15',
      'flags: qr rd ra cd;',
    ],
    [
      'a blocked name without recursion wanted',
      'usual',
      '+norecurse bad.test A',
      'NOERROR A 0.0.0.0',
      '15',
      'flags: qr ra;',
    ],
    [
      'a blocked name with the reserved bit',
      'usual',
      '+zflag bad.test A',
      'NOERROR A 0.0.0.0',
      '15',
      'flags: qr rd ra;',
    ],
    ['a blocked name with an unknown option', 'usual', '+ednsopt=65001:abcd bad.test A', 'NOERROR A 0.0.0.0', '15'],
    ['a name with an unknown option', 'usual', '+ednsopt=65001:abcd school.test A', 'NOERROR A 192.0.2.1'],
    ['a blocked name with padding', 'usual', '+padding=128 bad.test A', 'NOERROR A 0.0.0.0', '15'],
    [
      'a blocked name with unknown flags',
      'usual',
      '+ednsflags=0x4000 bad.test A',
      'NOERROR A 0.0.0.0',
      '15',
      'version: 0, flags:;',
    ],
    [
      'a version of EDNS that is not known',
      'usual',
      '+edns=1 +noednsneg bad.test A',
      'BADVERS',
      undefined,
      'version: 0',
    ],
    ['the same, when the client falls back', 'usual', '+edns=1 bad.test A', 'NOERROR A 0.0.0.0', '15'],
    ['a client that takes little', 'usual', '+bufsize=512 bad.test A', 'NOERROR A 0.0.0.0', '15'],
    ['a client that takes less than it may', 'usual', '+bufsize=10 bad.test A', 'NOERROR A 0.0.0.0', '15'],
    ['everything about a name', 'usual', 'school.test ANY', 'NOERROR HINFO "RFC8482" ""'],
    ['a zone transfer', 'usual', 'school.test AXFR', 'transfer failed'],
    ['an incremental zone transfer', 'usual', 'school.test IXFR=1', 'transfer failed'],
    ['the version of the server', 'usual', 'version.bind CH TXT', 'REFUSED'],
    ['another class', 'usual', 'school.test HS A', 'REFUSED'],
    ['a type nobody knows', 'usual', 'school.test TYPE65280', 'NOERROR TYPE65280 \\# 3 010203'],
    [
      'a type nobody knows, of a blocked name',
      'usual',
      'bad.test TYPE65280',
      'NOERROR',
      '15 (blocked domain bad.test)',
    ],
    ['the type of EDNS itself', 'usual', 'bad.test TYPE41', 'NOERROR', '15 (blocked domain bad.test)'],
    ['the root', 'usual', '. NS', 'NXDOMAIN'],
    ['a notification', 'usual', '+opcode=NOTIFY bad.test SOA', 'NOTIMP'],
    ['an update', 'usual', '+opcode=UPDATE bad.test SOA', 'NOTIMP'],
    ['no question at all', 'usual', '+header-only bad.test A', 'FORMERR'],
    [
      'the longest labels, below a blocked name',
      'usual',
      `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.bad.test A`,
      'NOERROR A 0.0.0.0',
      '15',
    ],
    ['labels with underscores and hyphens', 'usual', '_a-_.--x.bad.test A', 'NOERROR A 0.0.0.0', '15'],
    ['a label with a dot in it', 'usual', 'x\\.y.bad.test A', 'NOERROR A 0.0.0.0', '15'],
    ['a label with a zero byte', 'usual', 'x\\000.bad.test A', 'NOERROR A 0.0.0.0', '15'],
  ],
};

const all = Object.values(rows).flat();
const transports = ['udp', 'tcp'] as const;

describe.skipIf(dig === undefined)('the table of dig (skipped where dig is not installed)', () => {
  const world = new DigWorld();
  const resolvers: Resolver[] = [];
  const seen = { udp: new Map<string, DigAnswer>(), tcp: new Map<string, DigAnswer>() };
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-dig-'));
    await world.start();
    const ports = new Map<PolicyName, number>();
    for (const [name, policy] of await world.policies()) {
      const resolver = new Resolver(policy, { clock: systemClock, log: quiet });
      resolvers.push(resolver);
      ports.set(name, (await resolver.start('127.0.0.1', 0)).port);
    }
    const queries = all.map(([, policy, args]) => `@127.0.0.1 -p ${ports.get(policy)} +time=3 +tries=1 ${args}`);
    for (const transport of transports) {
      const answers = await digAll(dig ?? '', folder, queries, transport);
      expect(answers).toHaveLength(all.length);
      answers.forEach((answer, index) => {
        const row = all[index];
        if (row) seen[transport].set(keyOf(row), answer);
      });
    }
  }, 60_000);
  afterAll(async () => {
    for (const resolver of resolvers) await resolver.stop();
    await world.stop();
    await rm(folder, { recursive: true });
  });

  describe.each(Object.entries(rows))('%s', (group, cases) => {
    it.each(cases)('answers for %s (%s)', (...row) => {
      const [, , , words, error, more] = row;
      const answer = seen.udp.get(keyOf(row));
      expectWords(answer, words);
      expectError(answer, error);
      if (more !== undefined) expect(answer?.text).toContain(more);
    });

    it.each(group === 'long answers' ? [] : cases)('answers the same over TCP for %s (%s)', (...row) => {
      const [, , , words, error] = row;
      const answer = seen.tcp.get(keyOf(row));
      expectWords(answer, words);
      expectError(answer, error);
      if (words !== 'transfer failed') expect(answer?.text).toContain('(TCP)');
    });
  });

  // Bytes that dig does not send: header, question, what follows. The counts are of questions, answers, authorities, others.
  const question = [3, 0x62, 0x61, 0x64, 4, 0x74, 0x65, 0x73, 0x74, 0, 0, 1, 0, 1];
  const opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
  const malformed: [what: string, counts: number[], bytes: number[], code: string][] = [
    ['a question, well formed', [1, 0, 0, 0], question, 'NOERROR'],
    ['a question and an OPT record, well formed', [1, 0, 0, 1], [...question, ...opt], 'NOERROR'],
    ['a question cut in its name', [1, 0, 0, 0], question.slice(0, 6), 'FORMERR'],
    ['a question cut in its type', [1, 0, 0, 0], question.slice(0, 11), 'FORMERR'],
    ['two questions', [2, 0, 0, 0], [...question, ...question], 'FORMERR'],
    ['bytes after the end', [1, 0, 0, 0], [...question, 1, 2, 3], 'FORMERR'],
    ['more records than there are', [1, 0, 0, 9], [...question, ...opt], 'FORMERR'],
    ['two OPT records', [1, 0, 0, 2], [...question, ...opt, ...opt], 'FORMERR'],
    ['an OPT record with a name', [1, 0, 0, 1], [...question, 1, 0x78, ...opt], 'FORMERR'],
    ['an OPT record longer than the packet', [1, 0, 0, 1], [...question, ...opt.slice(0, 10), 9], 'FORMERR'],
    ['a name that points at itself', [1, 0, 0, 0], [0xc0, 12, 0, 1, 0, 1], 'FORMERR'],
    ['a name that points into the header', [1, 0, 0, 0], [0xc0, 2, 0, 1, 0, 1], 'FORMERR'],
    ['a name that points past the end', [1, 0, 0, 0], [0xff, 0xff, 0, 1, 0, 1], 'FORMERR'],
    ['a label of a kind that does not exist', [1, 0, 0, 0], [0x43, 0x62, 0x61, 0x64, 0, 0, 1, 0, 1], 'FORMERR'],
    ['a name of 300 octets', [1, 0, 0, 0], [...longName(300), 0, 1, 0, 1], 'FORMERR'],
    ['a name of 128 labels', [1, 0, 0, 0], [...new Array(128).fill([1, 0x61]).flat(), 0, 0, 1, 0, 1], 'FORMERR'],
  ];
  it.each(malformed)('answers for %s', async (_what, counts, bytes, code) => {
    const packet = Buffer.from([0x12, 0x34, 1, 0, ...counts.flatMap((count) => [0, count]), ...bytes]);
    const { port = 0 } = resolvers[0]?.address ?? {};
    for (const answer of [await overUdp(port, packet), await overTcp(port, packet)]) {
      expect(answer.readUInt16BE(0)).toBe(0x1234);
      expect(['NOERROR', 'FORMERR'][(answer[3] ?? 0) & 0xf]).toBe(code);
    }
  });

  it('has 120 cases and more, each with a sentence of its own', () => {
    expect(all.length).toBeGreaterThanOrEqual(120);
    expect(seen.udp.size).toBe(all.length);
  });

  it('asked nobody for what it answers itself, and the network only for its own names', () => {
    const names = (asked: string[]) => [...new Set(asked.map((question) => question.split(' ')[0]?.toLowerCase()))];
    const own = /(^|\.)(localhost|invalid|onion|local|lan|home\.arpa|adult\.test|zip|campus\.test|bad\.test)$/;
    const open = ['login.adult.test', 'good.bad.test', 'x.good.bad.test', 'only.bad.test'];
    expect(names(world.upstream.asked).filter((name = '') => own.test(name) && !open.includes(name))).toEqual([]);
    expect(names(world.network.asked).sort()).toEqual([
      '9.0.0.10.in-addr.arpa',
      'captive.apple.com',
      'local',
      'nas.home.arpa',
      'printer.local',
      'router.lan',
    ]);
    expect(names(world.lab.asked)).toEqual(['pc.lab.campus.test']);
  });
});

function keyOf([what, policy, args]: Row): string {
  return `${what}, ${policy}, ${args}`;
}

/** Words that end in a space are a beginning. */
function expectWords(answer: DigAnswer | undefined, words: string): void {
  if (words.endsWith(' ')) expect(answer?.words.slice(0, words.length)).toBe(words);
  else expect(answer?.words).toBe(words);
}

/** `15 piece`: the code, and what its text must hold. */
function expectError(answer: DigAnswer | undefined, error: string | undefined): void {
  if (error === undefined) expect(answer?.error).toBeUndefined();
  else {
    expect(answer?.error).toMatch(new RegExp(`^${error.slice(0, 2)} `));
    expect(answer?.error).toContain(error.slice(3));
  }
}

/** Labels of 60 letters, at least so many octets, and the root. */
function longName(octets: number): number[] {
  const label = [60, ...new Array(60).fill(0x61)];
  return [...new Array(Math.ceil(octets / label.length)).fill(label).flat(), 0];
}

async function overUdp(port: number, packet: Buffer): Promise<Buffer> {
  const socket = createSocket('udp4');
  try {
    socket.send(packet, port, '127.0.0.1');
    const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(2000) })) as [Buffer];
    return answer;
  } finally {
    socket.close();
  }
}

async function overTcp(port: number, packet: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(framed(packet));
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(2000) })) as [Buffer];
    return chunk.subarray(2);
  } finally {
    socket.destroy();
  }
}
