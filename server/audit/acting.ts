import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from '../services.ts';

/** Who acts at this moment and by what right: whatever is added to the log meanwhile by the same actor carries it. */
export interface Acting {
  actor: Actor;
  /** Account of staff or API token; absent: the operator. */
  actorId?: string;
  /** The roles of the caller, such as `helpdesk, teacher`. */
  role?: string;
  /** Of the peer. */
  address?: string;
  /** Tells one session from another, and nobody can sign in with it. */
  session?: string;
  reason?: string;
  ticketId?: string;
}

const moments = new AsyncLocalStorage<{ acting: Acting | undefined }>();

/** Does the work in the name of somebody. What it leaves to be done later is done in nobody's name. */
export async function actingAs<T>(acting: Acting, work: () => Promise<T>): Promise<T> {
  const moment: { acting: Acting | undefined } = { acting };
  return await moments.run(moment, async () => {
    try {
      return await work();
    } finally {
      moment.acting = undefined;
    }
  });
}

/** What is known of this actor, when it is who acts; consequences that the server draws are the server's own. */
export function actingOf(actor: Actor): Omit<Acting, 'actor'> {
  const acting = moments.getStore()?.acting;
  return acting?.actor === actor ? acting : {};
}
