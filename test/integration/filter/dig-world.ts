import type { Answer } from 'dns-packet';
import type { ResolverPolicy } from '../../../agent/filter/resolver.ts';
import { openUpstream } from '../../../agent/filter/upstream/open.ts';
import type { Upstream } from '../../../agent/filter/upstream/upstream.ts';
import { writeName } from '../../../agent/filter/wire/name.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { compileNames, openCompiled } from '../../../shared/filter/compiled.ts';
import { preparePolicy } from '../../../shared/filter/decide.ts';
import type { Category, InForce } from '../../../shared/filter/decision.ts';
import type { FilterSchedule, Override, WebFilterSettings } from '../../../shared/profile/web-filter.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';

const a = (name: string, address: string): Answer => ({ type: 'A', name, ttl: 60, data: address });
const aaaa = (name: string, address: string): Answer => ({ type: 'AAAA', name, ttl: 60, data: address });
const cname = (name: string, target: string): Answer => ({ type: 'CNAME', name, ttl: 60, data: target });
const dname = (name: string, target: string): Answer => ({ type: 'DNAME', name, ttl: 60, data: target });
/** A record of a type the library does not write. */
const raw = (type: number, name: string, content: Buffer): Answer => {
  return { type: `UNKNOWN_${type}` as 'A', name, ttl: 60, data: content as unknown as string };
};
/** HTTPS (65) and SVCB (64): a priority, a target and parameters (RFC 9460). */
const service = (type: 64 | 65, name: string, target: string, parameters: number[] = []) =>
  raw(type, name, Buffer.concat([Buffer.from([0, 1]), writeName(target), Buffer.from(parameters)]));
const ipv4hint = [0, 4, 0, 4, 192, 0, 2, 66];

/** What the resolver behind the filter knows. */
const everywhere: Record<string, Answer[]> = {
  'school.test A': [a('school.test', '192.0.2.1')],
  'school.test AAAA': [aaaa('school.test', '2001:db8::1')],
  'school.test TXT': [{ type: 'TXT', name: 'school.test', ttl: 60, data: 'hello' }],
  'school.test MX': [{ type: 'MX', name: 'school.test', ttl: 60, data: { preference: 1, exchange: 'mail.test' } }],
  'school.test NS': [{ type: 'NS', name: 'school.test', ttl: 60, data: 'ns.test' }],
  'school.test CAA': [
    { type: 'CAA', name: 'school.test', ttl: 60, data: { flags: 0, tag: 'issue', value: 'ca.test' } },
  ],
  'school.test UNKNOWN_65': [service(65, 'school.test', '')],
  'school.test UNKNOWN_65280': [raw(65_280, 'school.test', Buffer.from([1, 2, 3]))],
  '_ldap._tcp.school.test SRV': [
    {
      type: 'SRV',
      name: '_ldap._tcp.school.test',
      ttl: 60,
      data: { priority: 0, weight: 5, port: 389, target: 'dc.test' },
    },
  ],
  '1.2.0.192.in-addr.arpa PTR': [{ type: 'PTR', name: '1.2.0.192.in-addr.arpa', ttl: 60, data: 'school.test' }],
  'empty.test A': [],
  'xn--bcher-kva.test A': [a('xn--bcher-kva.test', '192.0.2.2')],
  'good.bad.test A': [cname('good.bad.test', 'other.bad.test'), a('other.bad.test', '192.0.2.6')],
  'x.good.bad.test A': [a('x.good.bad.test', '192.0.2.7')],
  'only.bad.test A': [a('only.bad.test', '192.0.2.8')],
  'below.test A': [a('below.test', '192.0.2.9')],
  'www.exact.test A': [a('www.exact.test', '192.0.2.10')],
  'lessons.casino.test A': [a('lessons.casino.test', '192.0.2.11')],
  'taken-out.test A': [a('taken-out.test', '192.0.2.12')],
  'casino.test A': [a('casino.test', '192.0.2.13')],
  'login.adult.test A': [a('login.adult.test', '192.0.2.14')],
  'docs.test A': [cname('docs.test', 'cdn.test'), a('cdn.test', '192.0.2.15')],
  'beside.test A': [a('beside.test', '192.0.2.16')],
  'chat.test A': [a('chat.test', '192.0.2.17')],
  'games.test A': [a('games.test', '192.0.2.18')],
  'cloak.test A': [cname('cloak.test', 'tracker.bad.test'), a('tracker.bad.test', '192.0.2.66')],
  'cloak.test AAAA': [cname('cloak.test', 'tracker.bad.test'), aaaa('tracker.bad.test', '2001:db8::66')],
  'cloak.test UNKNOWN_65': [cname('cloak.test', 'tracker.bad.test')],
  'cloak.test MX': [cname('cloak.test', 'tracker.bad.test')],
  'service.test UNKNOWN_65': [service(65, 'service.test', 'casino.test', ipv4hint)],
  'service.test UNKNOWN_64': [service(64, 'service.test', 'casino.test')],
  'honest.test UNKNOWN_65': [service(65, 'honest.test', 'cdn.test', ipv4hint)],
  'honest.test A': [cname('honest.test', 'cdn.test'), a('cdn.test', '192.0.2.15')],
  'chain.test A': [
    cname('chain.test', 'one.test'),
    cname('one.test', 'two.test'),
    cname('two.test', 'www.casino.test'),
    a('www.casino.test', '192.0.2.67'),
  ],
  'x.moved.test A': [
    dname('moved.test', 'bad.test'),
    cname('x.moved.test', 'x.bad.test'),
    a('x.bad.test', '192.0.2.68'),
  ],
  'y.moved.test A': [dname('moved.test', 'casino.test')],
  'capital.test A': [cname('capital.test', 'TRACKER.Bad.TEST'), a('TRACKER.Bad.TEST', '192.0.2.66')],
  'hidden.test A': [cname('hidden.test', 'adult.test'), a('adult.test', '192.0.2.69')],
  'trusted.test A': [cname('trusted.test', 'casino.test'), a('casino.test', '192.0.2.13')],
  'trusted-adult.test A': [cname('trusted-adult.test', 'adult.test'), a('adult.test', '192.0.2.69')],
  'lists.test A': [cname('lists.test', 'lessons.casino.test'), a('lessons.casino.test', '192.0.2.11')],
  'big.test TXT': [{ type: 'TXT', name: 'big.test', ttl: 60, data: Array.from({ length: 12 }, () => 'x'.repeat(200)) }],
  'forcesafesearch.google.com A': [a('forcesafesearch.google.com', '192.0.2.120')],
  'forcesafesearch.google.com AAAA': [aaaa('forcesafesearch.google.com', '2001:db8::120')],
  'strict.bing.com A': [cname('strict.bing.com', 'edge.test'), a('edge.test', '192.0.2.121')],
  'safe.duckduckgo.com A': [a('safe.duckduckgo.com', '192.0.2.122')],
  'forcesafe.search.brave.com A': [a('forcesafe.search.brave.com', '192.0.2.123')],
  'strict-safe-search.ecosia.org A': [a('strict-safe-search.ecosia.org', '192.0.2.124')],
  'safesearch.pixabay.com A': [a('safesearch.pixabay.com', '192.0.2.125')],
  'familysearch.yandex.ru A': [a('familysearch.yandex.ru', '192.0.2.126')],
  'restrict.youtube.com A': [a('restrict.youtube.com', '192.0.2.127')],
  'restrictmoderate.youtube.com A': [a('restrictmoderate.youtube.com', '192.0.2.128')],
  'www.google.com A': [a('www.google.com', '192.0.2.129')],
  'www.youtube.com A': [a('www.youtube.com', '192.0.2.130')],
  'use-application-dns.net A': [a('use-application-dns.net', '192.0.2.131')],
  'captive.apple.com A': [a('captive.apple.com', '192.0.2.132')],
  'campus.test A': [a('campus.test', '192.0.2.133')],
};

/** What only the network the device is on knows. */
const network: Record<string, Answer[]> = {
  'printer.local A': [a('printer.local', '10.0.0.9')],
  'nas.home.arpa A': [a('nas.home.arpa', '10.0.0.10')],
  'router.lan A': [a('router.lan', '10.0.0.1')],
  '9.0.0.10.in-addr.arpa PTR': [{ type: 'PTR', name: '9.0.0.10.in-addr.arpa', ttl: 60, data: 'printer.local' }],
  'captive.apple.com A': [a('captive.apple.com', '10.0.0.1')],
  'school.test A': [a('school.test', '10.0.0.1')],
};

const campus: Record<string, Answer[]> = {
  'campus.test A': [a('campus.test', '10.20.0.1')],
  'files.campus.test A': [cname('files.campus.test', 'casino.test')],
};

const lab: Record<string, Answer[]> = { 'pc.lab.campus.test A': [a('pc.lab.campus.test', '10.20.1.1')] };

const list = (id: string, title: string, names: string[], exceptions: string[] = []): Category => {
  return { id, title, names: openCompiled(compileNames(names)), exceptions };
};
const categories = [
  list('adult', 'Adult', ['adult.test', 'login.adult.test']),
  list('gambling', 'Gambling', ['casino.test', 'taken-out.test', 'xn--bcher-kva.casino-idn.test'], ['taken-out.test']),
  list('games', 'Games', ['games.test']),
];

/** When overrides and schedules end, and how that is said. */
export const ends = new Date(2030, 0, 2, 14, 5).getTime();
export const endsWords = 'until 2030-01-02 14:05';

const override = (kind: Override['kind'], domains: string[], more: Partial<Override> = {}): Override => {
  return { id: '1', kind, domains, categories: [], from: 0, until: ends, reason: 'lesson', by: 'Ms Lee', ...more };
};
const schedule = (title: string, action: 'allow' | 'block', domains: string[], held: string[]): FilterSchedule => {
  return { title, action, domains, categories: held, when: { kind: 'always' }, place: 'anywhere' };
};

const usual: WebFilterSettings = {
  lockedCategories: ['adult'],
  blockedCategories: ['gambling'],
  blockedDomains: ['bad.test', '=exact.test', '*.below.test', 'münchen.test', 'zip', 'Shout.TEST.'],
  allowedDomains: [
    'good.bad.test',
    '=only.bad.test',
    'lessons.casino.test',
    'trusted.test',
    'trusted-adult.test',
    'adult.test',
  ],
  safeSearch: true,
  youtube: 'strict',
};

interface Made {
  settings?: WebFilterSettings;
  essentials?: string[];
  overrides?: Override[];
  schedules?: FilterSchedule[];
  rest?: Partial<ResolverPolicy>;
}

/** The policies of the table; each gets a resolver of its own. */
const policies = {
  usual: { settings: usual, essentials: ['login.adult.test'] },
  plain: { settings: { allowedDomains: ['use-application-dns.net'] } },
  moderate: { settings: { youtube: 'moderate' } },
  page: { settings: usual, rest: { blockAnswer: 'page', pageAddress: '127.82.67.1' } },
  nxdomain: { settings: usual, rest: { blockAnswer: 'nxdomain' } },
  refused: { settings: usual, rest: { blockAnswer: 'refused', contact: '' } },
  only: { settings: usual, overrides: [override('only', ['docs.test']), override('allow', ['beside.test'])] },
  opened: { settings: usual, overrides: [override('allow', ['casino.test', 'bad.test'], { categories: ['adult'] })] },
  closed: { settings: usual, overrides: [override('block', ['chat.test'], { categories: ['games'] })] },
  everything: { settings: usual, overrides: [override('allow', [], { everything: true })] },
  timed: {
    settings: usual,
    schedules: [schedule('Lessons', 'block', ['chat.test'], ['games']), schedule('Lunch', 'allow', [], ['gambling'])],
  },
  unready: { settings: usual, essentials: ['school.test'], rest: { mode: 'essentials-only' } },
} satisfies Record<string, Made>;
/** Policies whose upstreams differ: no network is known; nothing answers but the network. */
export type PolicyName = keyof typeof policies | 'alone' | 'dead';

/** Upstreams and the policies that ask them; all on loopback. */
export class DigWorld {
  readonly upstream = new FakeUpstream(everywhere);
  readonly network = new FakeUpstream(network);
  readonly campus = new FakeUpstream(campus);
  readonly lab = new FakeUpstream(lab);
  readonly #nobody = new FakeUpstream();

  async start(): Promise<this> {
    for (const server of [this.upstream, this.network, this.campus, this.lab, this.#nobody]) await server.start();
    await this.#nobody.stop();
    return this;
  }

  async stop(): Promise<void> {
    for (const server of [this.upstream, this.network, this.campus, this.lab]) await server.stop();
  }

  async policies(): Promise<[PolicyName, ResolverPolicy][]> {
    const made = Object.entries(policies) as [PolicyName, Made][];
    const all = await Promise.all(made.map(async ([name, policy]) => [name, await this.#policy(policy)] as const));
    const alone = await this.#policy(policies.usual);
    delete alone.network;
    const dead = { ...(await this.#policy(policies.usual)), upstream: await this.#asking(this.#nobody) };
    return [...all, ['alone', alone], ['dead', dead]].map(
      ([name, policy]) => [name, policy] as [PolicyName, ResolverPolicy],
    );
  }

  async #policy({
    settings = {},
    essentials = [],
    overrides = [],
    schedules = [],
    rest = {},
  }: Made): Promise<ResolverPolicy> {
    const held = schedules.map((one) => ({ schedule: one, until: ends }));
    const inForce: InForce = { overrides, schedules: held, until: ends };
    return {
      filter: preparePolicy({ settings: { ...settings, schedules }, essentials }, categories, inForce),
      blockAnswer: 'address',
      contact: 'it@school.test',
      upstream: await this.#asking(this.upstream),
      network: await this.#asking(this.network),
      splitDomains: [
        { domain: 'campus.test', upstream: await this.#asking(this.campus) },
        { domain: 'lab.campus.test', upstream: await this.#asking(this.lab) },
      ],
      ...rest,
    };
  }

  async #asking({ port }: FakeUpstream): Promise<Upstream> {
    const options = { clock: systemClock, random: systemRandom, systemServers: [], self: undefined, timeoutMs: 1000 };
    return await openUpstream({ kind: 'plain', servers: [`127.0.0.1:${port}`] }, options);
  }
}
