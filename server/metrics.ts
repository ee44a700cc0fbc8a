import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the server counts of itself, for Prometheus. Labels are from small fixed sets, never ids or names. */
export interface Metrics {
  registry: Registry;
  connectedAgents: Gauge;
  /**
   * By reason: `house-full`, `door-full`, `waited-too-long` before TLS; `too-slow`, `no-certificate`, `bad-certificate`, `other` in
   * it; `too-many` connections of one device, and error codes of the catalogue, after it.
   */
  handshakesRefused: Counter<'reason'>;
  handshakesWaiting: Gauge;
  /** By outcome: `committed`, `duplicate`, `refused`. */
  reports: Counter<'outcome'>;
  reportCommitSeconds: Histogram;
  /** 1 while the store cannot be written. By kind: `full`, `busy`, `unwritable`, `damaged`. */
  storeTrouble: Gauge<'kind'>;
  /** By problem: those of the codec, and `flooding`, `binary`, `out-of-order`. */
  framesRefused: Counter<'problem'>;
  statesSent: Counter;
  /** By outcome: `issued`, or the error code of the refusal. */
  enrolments: Counter<'outcome'>;
  renewals: Counter<'outcome'>;
  /** By source: `console`, `device`, `email`, `api`, `automatic`. */
  ticketsOpened: Counter<'source'>;
  ticketsLate: Counter;
  /** By outcome: `sent`, `refused`, `delayed`, `trouble`. */
  mails: Counter<'outcome'>;
}

/** A registry of its own each time: tests and several servers in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers });
  return {
    registry,
    connectedAgents: new Gauge({
      name: 'rollcall_agents_connected',
      help: 'Agents with a live session',
      registers,
    }),
    handshakesRefused: counter('rollcall_handshakes_refused_total', 'Connections of agents refused', ['reason']),
    handshakesWaiting: new Gauge({
      name: 'rollcall_handshakes_waiting',
      help: 'Connections of agents that wait for their handshake',
      registers,
    }),
    reports: counter('rollcall_reports_total', 'Batches of reports received', ['outcome']),
    reportCommitSeconds: new Histogram({
      name: 'rollcall_report_commit_seconds',
      help: 'Time from the arrival of a batch to its commit',
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
      registers,
    }),
    storeTrouble: new Gauge({
      name: 'rollcall_store_trouble',
      help: 'What keeps the server from saving anything',
      labelNames: ['kind'],
      registers,
    }),
    framesRefused: counter('rollcall_frames_refused_total', 'Frames of agents refused', ['problem']),
    statesSent: counter('rollcall_states_sent_total', 'Desired states sent to agents'),
    enrolments: counter('rollcall_enrolments_total', 'Enrolments asked for', ['outcome']),
    renewals: counter('rollcall_renewals_total', 'Renewals asked for', ['outcome']),
    ticketsOpened: counter('rollcall_tickets_opened_total', 'Tickets opened', ['source']),
    ticketsLate: counter('rollcall_tickets_late_total', 'Promises of the service level that were not kept in time'),
    mails: counter('rollcall_mails_total', 'Messages of the helpdesk handed to the mail server', ['outcome']),
  };
}
