import { decode } from '../../shared/protocol/codec.ts';
import { type Body, closeCodes, type Message } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Session } from './session.ts';

/** What was made of a frame: understood, or the connection must end. */
export type Heard = { ok: true } | { ok: false; closeWith: number; words: string };

/** What the server may say, and who acts on it. */
export interface Handlers {
  welcome(body: Body<'welcome'>, session: Session): void;
  trust(body: Body<'trust'>, session: Session): void;
  desired(body: Body<'desired'>, session: Session): void;
  section(body: Body<'section'>, session: Session): void;
  verdict(body: Body<'verdict'>): void;
  tickets(body: Body<'tickets'>): void;
  recordReads(body: Body<'record-reads'>): void;
  ack(body: Body<'ack'>, session: Session): void;
  command(body: Body<'command'>): void;
  diagnosisOpen(body: Body<'diagnosis-open'>, session: Session): void;
  diagnosisClose(body: Body<'diagnosis-close'>): void;
  examine(body: Body<'examine'>, session: Session): void;
  bundleAsk(body: Body<'bundle-ask'>, session: Session): void;
  streamOpen(body: Body<'stream-open'>, session: Session): void;
  streamClose(body: Body<'stream-close'>, session: Session): void;
  restarting(body: Body<'restarting'>, session: Session): void;
}

/** Reads one frame of the server and hands it to its handler. An unknown type is answered, anything broken ends it. */
export function dispatch(bytes: Uint8Array, session: Session, handlers: Handlers, log: Log): Heard {
  const decoded = decode(bytes, 'server');
  if (decoded.ok) return attempt(decoded.message, session, handlers, log);
  const { problem, words, about } = decoded;
  log.warn({ problem }, 'The server sent a frame this agent does not understand.');
  if (problem === 'unknown-type' && session.mayBeUnknown()) {
    session.send('error', { code: problem, message: words.slice(0, 500), ...(about ? { about } : {}) });
    return { ok: true };
  }
  return { ok: false, closeWith: problem === 'too-large' ? closeCodes.tooLarge : closeCodes.badFrame, words };
}

/** A fault while handling a message ends this connection, not the agent: what was not acknowledged comes again. */
function attempt(message: Message, session: Session, handlers: Handlers, log: Log): Heard {
  try {
    handle(message, session, handlers, log);
    return { ok: true };
  } catch (error) {
    log.error({ err: error, type: message.type }, 'A message could not be handled. Is the disk full?');
    return { ok: false, closeWith: 1011, words: 'a fault of the agent' };
  }
}

function handle(message: Message, session: Session, handlers: Handlers, log: Log): void {
  switch (message.type) {
    case 'welcome':
      handlers.welcome(message.body, session);
      break;
    case 'trust':
      handlers.trust(message.body, session);
      break;
    case 'desired':
      handlers.desired(message.body, session);
      break;
    case 'section':
      handlers.section(message.body, session);
      break;
    case 'ack':
      handlers.ack(message.body, session);
      break;
    case 'command':
      handlers.command(message.body);
      break;
    case 'verdict':
      handlers.verdict(message.body);
      break;
    case 'tickets':
      handlers.tickets(message.body);
      break;
    case 'record-reads':
      handlers.recordReads(message.body);
      break;
    case 'diagnosis-open':
      handlers.diagnosisOpen(message.body, session);
      break;
    case 'diagnosis-close':
      handlers.diagnosisClose(message.body);
      break;
    case 'examine':
      handlers.examine(message.body, session);
      break;
    case 'bundle-ask':
      handlers.bundleAsk(message.body, session);
      break;
    case 'stream-open':
      handlers.streamOpen(message.body, session);
      break;
    case 'stream-close':
      handlers.streamClose(message.body, session);
      break;
    case 'restarting':
      handlers.restarting(message.body, session);
      break;
    case 'error':
      log.warn({ code: message.body.code }, `The server reports: ${message.body.message}`);
  }
}
