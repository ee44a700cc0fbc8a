import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { type LiveEvent, LiveRequest, type LiveTopic } from '../../shared/api/live.ts';
import type { Clock } from '../../shared/clock.ts';
import { validator } from '../../shared/schema.ts';
import type { SignIn } from '../access/sign-in.ts';
import type { Bus, BusEventName, BusEvents } from '../bus.ts';
import type { Gateway } from '../services.ts';
import type { Guard } from './guard.ts';
import type { LiveTickets } from './live-tickets.ts';

const requests = validator(LiveRequest);
const watchLimit = 4;
const frameLimit = 1024;
/** A browser that does not read is cut off before it costs memory. */
const bufferLimit = 1_048_576;
const policyViolation = 1008;
const recheckEveryMs = 30_000;

/** Bus event → what the console shows of it. */
const topics: { [N in BusEventName]?: (event: BusEvents[N]) => { topic: LiveTopic; id?: string }[] } = {
  'device-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'devices' },
    { topic: 'people' },
    { topic: 'tokens' },
    { topic: 'overview' },
  ],
  'roster-changed': () => [{ topic: 'people' }, { topic: 'orgs' }, { topic: 'overview' }],
  'policy-changed': () => [{ topic: 'profiles' }, { topic: 'profile' }, { topic: 'groups' }, { topic: 'lists' }],
  'draft-changed': ({ profileId }) => [{ topic: 'profiles' }, { topic: 'profile', id: profileId }],
  'desired-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'profile' },
  ],
  reported: ({ deviceId, kinds }) => [
    { topic: 'device', id: deviceId },
    ...(kinds.includes('reported') ? [{ topic: 'profile' as const }] : []),
    ...(kinds.includes('event') ? [{ topic: 'people' as const }] : []),
  ],
  'presence-changed': ({ deviceId }) => [
    { topic: 'device', id: deviceId },
    { topic: 'devices' },
    { topic: 'overview' },
  ],
  'verdict-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'devices' },
    { topic: 'people' },
    { topic: 'overview' },
  ],
  'event-added': () => [{ topic: 'events' }, { topic: 'overview' }],
  'filter-changed': () => [{ topic: 'lists' }, { topic: 'filter' }],
  'overrides-changed': () => [{ topic: 'overrides' }, { topic: 'classes' }],
  'calendars-changed': () => [{ topic: 'calendars' }],
  'compliance-policy-changed': () => [{ topic: 'compliance' }],
  'waivers-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'waivers' },
    { topic: 'people' },
  ],
  'recovery-changed': () => [{ topic: 'recovery' }],
  'obligations-changed': () => [{ topic: 'obligations' }, { topic: 'people' }],
  'restrictions-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'restrictions' },
  ],
  'requests-changed': () => [{ topic: 'requests' }],
  'tokens-changed': () => [{ topic: 'tokens' }],
  'groups-changed': () => [{ topic: 'groups' }],
  'changes-changed': () => [{ topic: 'changes' }, { topic: 'profiles' }],
  'rollouts-changed': () => [{ topic: 'rollouts' }],
  'api-tokens-changed': () => [{ topic: 'api-tokens' }],
  'webhooks-changed': () => [{ topic: 'webhooks' }],
  'tickets-changed': ({ ticketIds }) => [
    ...ticketIds.slice(0, 50).map((id) => ({ topic: 'ticket' as const, id })),
    { topic: 'tickets' },
  ],
  'diagnosis-changed': ({ diagnosisId }) => [{ topic: 'diagnosis', id: diagnosisId }],
  'commands-changed': ({ deviceIds }) => [
    ...deviceIds.slice(0, 50).map((id) => ({ topic: 'device' as const, id })),
    { topic: 'commands' },
  ],
  'approvals-changed': () => [{ topic: 'approvals' }],
  'scripts-changed': () => [{ topic: 'scripts' }],
  'staff-changed': () => [{ topic: 'staff' }, { topic: 'security' }],
};

/** The console's WebSocket: Origin checked exactly, one ticket per connection, nothing but hints and live samples. */
export class LiveConsole {
  readonly #bus: Bus;
  readonly #gateway: Gateway;
  readonly #tickets: LiveTickets;
  readonly #signIn: SignIn;
  readonly #clock: Clock;
  /** With the session each was opened by. */
  readonly #sockets = new Map<WebSocket, string>();
  readonly #unsubscribe: (() => void)[] = [];
  #cancelRecheck: () => void = () => undefined;

  constructor(bus: Bus, gateway: Gateway, tickets: LiveTickets, signIn: SignIn, clock: Clock) {
    this.#bus = bus;
    this.#gateway = gateway;
    this.#tickets = tickets;
    this.#signIn = signIn;
    this.#clock = clock;
  }

  async register(app: FastifyInstance, guard: Guard): Promise<void> {
    await app.register(websocket, { options: { maxPayload: 4096, perMessageDeflate: false } });
    app.get<{ Querystring: { ticket?: string } }>(
      '/api/live',
      { websocket: true, preValidation: async (request) => guard.demandOrigin(request) },
      async (socket, request) => {
        socket.on('error', (error) => request.log.debug({ err: error }, 'a console connection failed'));
        const session = await this.#admitted(request.query.ticket);
        if (session === undefined) return socket.close(policyViolation, 'not signed in');
        this.#serve(socket, session);
      },
    );
  }

  /** How many are open. */
  get count(): number {
    return this.#sockets.size;
  }

  start(): void {
    for (const name of Object.keys(topics) as BusEventName[]) this.#forward(name);
    this.#recheckSoon();
  }

  stop(): void {
    this.#cancelRecheck();
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    for (const socket of this.#sockets.keys()) socket.close(1001, 'the server is stopping');
  }

  #forward<N extends BusEventName>(name: N): void {
    const toTopics = topics[name];
    if (!toTopics) return;
    this.#unsubscribe.push(
      this.#bus.subscribe(name, (event) => {
        for (const changed of toTopics(event)) this.#broadcast({ type: 'changed', ...changed });
      }),
    );
  }

  #broadcast(event: LiveEvent): void {
    const frame = JSON.stringify(event);
    for (const socket of this.#sockets.keys()) send(socket, frame);
  }

  /** The session a good ticket stands for. */
  async #admitted(ticket: string | undefined): Promise<string | undefined> {
    const session = ticket === undefined ? undefined : this.#tickets.redeem(ticket);
    return session !== undefined && (await this.#signIn.ofSession(session)) ? session : undefined;
  }

  /** A socket must not outlive its session. */
  #recheckSoon(): void {
    this.#cancelRecheck = this.#clock.after(recheckEveryMs, () => {
      this.#recheckSoon();
      void this.#recheck();
    });
  }

  async #recheck(): Promise<void> {
    for (const session of new Set(this.#sockets.values())) if (!(await this.#isOpen(session))) this.#closeOf(session);
  }

  /** A session that cannot be looked up is not trusted: the browser signs in again, or connects again. */
  async #isOpen(session: string): Promise<boolean> {
    return await this.#signIn.ofSession(session).then(
      (staff) => staff !== undefined,
      () => false,
    );
  }

  #closeOf(session: string): void {
    for (const [socket, own] of this.#sockets) if (own === session) socket.close(policyViolation, 'not signed in');
  }

  #serve(socket: WebSocket, session: string): void {
    const watches = new Map<string, () => void>();
    this.#sockets.set(socket, session);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const unwatch of watches.values()) unwatch();
    });
    socket.on('message', (frame, binary) => {
      const request = binary ? undefined : parse(frame.toString());
      if (!request) return socket.close(policyViolation, 'not a request this server knows');
      if (request.type === 'watch') {
        const { diagnosisId, stream } = request;
        sendEvent(socket, { type: 'watch-ended', diagnosisId, stream, reason: 'No diagnosis is running.' });
      }
    });
  }
}

function sendEvent(socket: WebSocket, event: LiveEvent): void {
  send(socket, JSON.stringify(event));
}

function parse(frame: string): LiveRequest | undefined {
  if (frame.length > frameLimit) return undefined;
  try {
    const parsed: unknown = JSON.parse(frame);
    return requests.check(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function send(socket: WebSocket, frame: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > bufferLimit) socket.terminate();
  else socket.send(frame);
}
