import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { Clock } from '../../shared/clock.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Standing } from '../access/standing.ts';
import type { Bus, BusEventName } from '../bus.ts';
import type { Diagnoses } from '../services.ts';
import type { Guard } from './guard.ts';
import { type Hint, LiveHints } from './live-hints.ts';
import type { LiveSight } from './live-sight.ts';
import { LiveTab, policyViolation } from './live-tab.ts';
import type { LiveTickets } from './live-tickets.ts';
import { liveTopicsOf } from './live-topics.ts';

const recheckEveryMs = 30_000;
const internalError = 1011;

/** Who opened a tab: a socket must not outlive their session, nor what they may do. */
interface Opened {
  session: string;
  staffId: string;
  standing: Standing;
}

/** Somebody looks at a device. */
interface Look {
  diagnosisId: string;
  staffId: string;
  end(reason: string): void;
}

/** The console's WebSocket: Origin checked exactly, one ticket per connection, nothing but hints and samples of diagnoses. */
export class LiveConsole {
  readonly #bus: Bus;
  readonly #diagnoses: Pick<Diagnoses, 'watch'>;
  readonly #tickets: LiveTickets;
  readonly #sessions: Pick<Sessions, 'ofSession'>;
  readonly #clock: Clock;
  readonly #sight: LiveSight;
  readonly #hints: LiveHints;
  readonly #tabs = new Map<LiveTab, Opened>();
  readonly #looks = new Set<Look>();
  readonly #unsubscribe: (() => void)[] = [];
  #cancelRecheck: () => void = () => undefined;

  constructor(
    bus: Bus,
    diagnoses: Pick<Diagnoses, 'watch'>,
    tickets: LiveTickets,
    sessions: Pick<Sessions, 'ofSession'>,
    clock: Clock,
    sight: LiveSight,
  ) {
    this.#bus = bus;
    this.#diagnoses = diagnoses;
    this.#tickets = tickets;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#sight = sight;
    this.#hints = new LiveHints(clock, (hint) => this.#tell(hint));
  }

  async register(app: FastifyInstance, guard: Guard): Promise<void> {
    await app.register(websocket, { options: { maxPayload: 4096, perMessageDeflate: false } });
    app.get<{ Querystring: { ticket?: string } }>(
      '/api/live',
      { websocket: true, preValidation: async (request) => guard.demandOrigin(request) },
      async (socket, request) => {
        socket.on('error', (error) => request.log.debug({ err: error }, 'a console connection failed'));
        const admitted = await this.#admitted(request.query.ticket);
        if (!admitted) return socket.close(policyViolation, 'not signed in');
        this.#serve(socket, admitted);
      },
    );
  }

  /** How many are open. */
  get count(): number {
    return this.#tabs.size;
  }

  /** How many of them have answered since they were last asked for a sign of life. */
  get living(): number {
    return [...this.#tabs.keys()].filter((tab) => tab.isAlive).length;
  }

  /** How much waits for tabs that read slowly. */
  get waiting(): number {
    return [...this.#tabs.keys()].reduce((sum, tab) => sum + tab.waiting, 0);
  }

  start(): void {
    for (const name of Object.keys(liveTopicsOf) as BusEventName[]) this.#forward(name);
    for (const moved of ['device-changed', 'roster-changed'] as const)
      this.#unsubscribe.push(this.#bus.subscribe(moved, () => this.#sight.forget()));
    // Whoever is signed out elsewhere, or disabled, hears nothing more from that moment.
    this.#unsubscribe.push(this.#bus.subscribe('staff-changed', () => void this.#recheck()));
    this.#recheckSoon();
  }

  stop(): void {
    this.#cancelRecheck();
    this.#hints.stop();
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    for (const tab of this.#tabs.keys()) tab.close(1001, 'the server is stopping');
  }

  #forward<N extends BusEventName>(name: N): void {
    const toTopics = liveTopicsOf[name];
    if (!toTopics) return;
    this.#unsubscribe.push(
      this.#bus.subscribe(name, (event) => {
        if (this.#tabs.size > 0) this.#hints.add(toTopics(event));
      }),
    );
  }

  /** Each tab hears of what its person may see, and of nothing else. */
  #tell(changed: Hint): void {
    for (const [tab, { standing }] of this.#tabs) {
      const hears = this.#sight.hears(standing, changed);
      if (hears === true) tab.changed(changed);
      else if (hears !== false)
        void hears.then(
          (does) => does && tab.changed(changed),
          () => tab.close(internalError, 'try again'),
        );
    }
  }

  /** The session a good ticket stands for, and whose it is. */
  async #admitted(ticket: string | undefined): Promise<Opened | undefined> {
    const session = ticket === undefined ? undefined : this.#tickets.redeem(ticket);
    const staff = session === undefined ? undefined : await this.#sessions.ofSession(session);
    if (session === undefined || !staff) return undefined;
    return { session, staffId: staff.id, standing: await this.#sight.standingOf(staff.id) };
  }

  /** A socket must not outlive its session, nor its browser. */
  #recheckSoon(): void {
    this.#cancelRecheck = this.#clock.after(recheckEveryMs, () => {
      this.#recheckSoon();
      for (const tab of this.#tabs.keys()) tab.demandLife();
      void this.#recheck();
    });
  }

  async #recheck(): Promise<void> {
    this.#sight.forget();
    for (const [tab, opened] of this.#tabs) {
      if (!(await this.#isOpen(opened.session))) tab.close(policyViolation, 'not signed in');
      else opened.standing = await this.#sight.standingOf(opened.staffId);
    }
    for (const look of this.#looks)
      if (!(await this.#sight.mayWatch(look.staffId, look.diagnosisId)))
        look.end('You may not look at this device any more.');
  }

  /** A session that cannot be looked up is not trusted: the browser signs in again, or connects again. */
  async #isOpen(session: string): Promise<boolean> {
    return await this.#sessions.ofSession(session).then(
      (staff) => staff !== undefined,
      () => false,
    );
  }

  #serve(socket: WebSocket, opened: Opened): void {
    const tab = new LiveTab(socket, opened.staffId, { watch: this.#watch });
    this.#tabs.set(tab, opened);
    tab.start(() => this.#tabs.delete(tab));
  }

  /** Only of what lies within one’s units; a foreign look is as one that is over. */
  readonly #watch: Diagnoses['watch'] = async (watched, staffId, watcher) => {
    const { diagnosisId } = watched;
    if (!(await this.#sight.mayWatch(staffId, diagnosisId))) {
      watcher.onEnd('No diagnosis is running.');
      return () => undefined;
    }
    const look: Look = { diagnosisId, staffId, end: (reason) => watcher.onEnd(reason) };
    this.#looks.add(look);
    const unwatch = await this.#diagnoses.watch(watched, staffId, watcher).catch((error: unknown) => {
      this.#looks.delete(look);
      throw error;
    });
    return () => {
      this.#looks.delete(look);
      unwatch();
    };
  };
}
