import type { LookNow } from '../../agent/diagnostics/session/desk.ts';
import type { PastLook } from '../../agent/diagnostics/session/past-looks.ts';
import { FreshLook } from '../../agent/fresh-look.ts';
import { DevicePages } from '../../agent/pages/index.ts';
import type { Looks } from '../../agent/pages/look-banner.ts';
import type { OwnView } from '../../agent/pages/own-view.ts';
import type { RecentBlock } from '../../agent/records/recent-blocks.ts';
import { HelpBook } from '../../agent/store/help-book.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { HelpRequestRecord, UnblockRequestRecord, VerdictMessage } from '../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from './clock.ts';
import { FakeFilterView, listReference } from './filter-view.ts';
import { FakeLog } from './log.ts';

/** A Monday, 14:00 UTC: 09:00 in Chicago. */
export const monday = Date.UTC(2026, 9, 5, 14);
const hour = 3_600_000;

export const lists = {
  gambling: ['casino.example'],
  games: ['chess.example', 'xn--bcher-kva.example'],
  'social-media': ['friends.example'],
};

/** A section that has everything the pages can speak of. */
export const richSection: WebFilterSection = {
  settings: {
    lockedCategories: ['gambling'],
    blockedCategories: ['games'],
    blockedDomains: ['bad.example', '=only.example'],
    allowedDomains: ['school.example'],
    schedules: [
      {
        title: 'No social media in lessons',
        action: 'block',
        categories: ['social-media'],
        domains: [],
        when: { kind: 'school-hours' },
        place: 'on-campus',
      },
      {
        title: 'Games on Friday afternoon',
        action: 'allow',
        categories: ['games'],
        domains: [],
        when: { kind: 'times', from: '15:30', to: '20:00', days: ['friday'] },
        place: 'anywhere',
      },
    ],
    safeSearch: true,
    youtube: 'moderate',
    blockAnswer: 'page',
    recordingAfterHours: 'counts',
  },
  lists: [
    listReference('gambling', 'Gambling'),
    listReference('games', 'Games'),
    listReference('social-media', 'Social media'),
  ],
  contact: 'the helpdesk at Lincoln School, help@lincoln.example',
  district: 'Lincoln County Schools',
  calendar: {
    zone: 'America/Chicago',
    bells: [{ name: 'Regular', periods: [{ name: '1', from: '08:00', to: '15:05' }] }],
    week: {
      monday: 'Regular',
      tuesday: 'Regular',
      wednesday: 'Regular',
      thursday: 'Regular',
      friday: 'Regular',
      saturday: null,
      sunday: null,
    },
    terms: [],
    holidays: [],
    exceptions: [],
    freezes: [],
  },
  overrides: [
    {
      id: 'o1',
      kind: 'block',
      domains: ['film.example'],
      categories: [],
      from: monday - hour,
      until: monday + hour,
      reason: 'We write a test.',
      by: 'Ms Okafor',
    },
  ],
  outcomes: [
    { id: 'r1', name: 'maps.example', state: 'granted', reason: 'Good idea for geography.', at: monday - 30 * hour },
    {
      id: 'r2',
      name: 'only.example',
      state: 'refused',
      reason: 'It shows advertisements for games.',
      at: monday - 3 * hour,
    },
  ],
  promises: { namesKeptDays: 30, countsKeptDays: 366, requestHours: 24 },
};

/** The device's own pages on a free port of 127.0.0.1, beside a filter that is not there. */
export class OwnPages {
  readonly clock = new FakeClock(monday);
  readonly log = new FakeLog();
  readonly sent: UnblockRequestRecord[] = [];
  readonly helpSent: HelpRequestRecord[] = [];
  readonly view: FakeFilterView;
  readonly pages: DevicePages;
  recent: RecentBlock[] = [];
  /** What the device knows of itself. */
  own: OwnView = {
    deviceId: 'dev_7Qx2',
    name: 'lincoln-417',
    district: 'Lincoln County Schools',
    agentVersion: '0.1.0',
    received: undefined,
    sections: [],
    corrections: [],
    seen: { observations: {}, health: {}, at: {} },
    connection: { connected: true, since: monday - hour },
  };
  /** Looks of the helpdesk. */
  looks = new FakeLooks();
  /** What the button does. */
  look: () => Promise<unknown> = async () => undefined;
  readonly fresh: FreshLook;
  readonly help: HelpBook;

  constructor(folder: string, section: WebFilterSection = richSection, port = 0) {
    this.view = new FakeFilterView(this.clock, section, lists);
    this.fresh = new FreshLook({ look: () => this.look(), clock: this.clock, log: this.log });
    this.help = new HelpBook({
      path: `${folder}/help.json`,
      emit: (record) => this.helpSent.push(record),
      clock: this.clock,
      random: new SeededRandom(2),
      log: this.log,
    });
    this.pages = new DevicePages({
      page: { address: '127.0.0.1', port },
      requestsPath: `${folder}/requests.json`,
      recent: () => this.recent,
      own: () => this.own,
      fresh: this.fresh,
      looks: this.looks,
      help: this.help,
      emit: (record) => this.sent.push(record),
      clock: this.clock,
      random: new SeededRandom(),
      log: this.log,
    });
  }

  async start(): Promise<this> {
    await this.pages.begin(this.view);
    return this;
  }

  /** The filter is removed and the pages closed. */
  async stop(): Promise<void> {
    await this.pages.end();
    await this.pages.stop();
  }

  /** The district said this a moment ago. */
  judge(verdict: Partial<VerdictMessage>, receivedAt = this.clock.now()): void {
    const usual = { at: receivedAt, state: 'compliant', checks: [], step: 'none', obligations: [] } as const;
    this.own = {
      ...this.own,
      received: { receivedAt, verdict: { ...usual, checks: [], obligations: [], ...verdict } },
    };
  }

  get port(): number {
    return this.pages.address?.port ?? 0;
  }

  block(name: string, at = monday): void {
    const decision = this.view.decide(name);
    if (decision) this.recent.unshift({ name, decision, at });
  }
}

/** A look at the device that does what the person says. */
export class FakeLooks implements Looks {
  now: LookNow | undefined;
  past: PastLook[] = [];
  readonly said: string[] = [];

  /** Kim looks, or asks to. */
  begin(state: LookNow['state'], more: Partial<LookNow> = {}): void {
    const minute = 60_000;
    this.now = {
      ...{ id: 'look-1', state, by: 'Kim Ortiz', ticket: 412, reason: 'The laptop is slow since Monday.' },
      until: monday + 15 * minute,
      ...(state === 'asking' && { answerUntil: monday + 2 * minute }),
      ...more,
    };
  }

  answer(id: string, isAllowed: boolean): boolean {
    this.said.push(`${isAllowed ? 'allow' : 'refuse'} ${id}`);
    this.now = isAllowed && this.now ? { ...this.now, state: 'running' } : undefined;
    return true;
  }

  stop(id: string): boolean {
    this.said.push(`stop ${id}`);
    this.now = undefined;
    return true;
  }

  async sendBundle(id: string, isAllowed: boolean): Promise<boolean> {
    this.said.push(`${isAllowed ? 'send' : 'keep'} ${id}`);
    if (this.now) {
      const { bundle: _bundle, ...rest } = this.now;
      this.now = rest;
    }
    return true;
  }
}
