import { done, type Executor, failed } from '../executor.ts';
import type { ActParts } from '../parts.ts';

const lookMs = 60_000;

/** A look at everything anew. */
export function checkAgainAct({ fresh }: Pick<ActParts, 'fresh'>): Executor<'check-again'> {
  const run = async () => {
    const answer = fresh.ask();
    if (answer !== 'begun')
      return failed('too-often', 'The device has looked just now. Its answers are as fresh as that.');
    await fresh.through(lookMs);
    return done('The device has looked at everything anew.');
  };
  return { run, resume: run };
}

export function rotateCertificateAct({ renew }: Pick<ActParts, 'renew'>): Executor<'rotate-certificate'> {
  const run = async () => {
    try {
      await renew();
      return done('The certificate has been renewed.');
    } catch (error) {
      return failed('not-renewed', `The certificate could not be renewed: ${(error as Error).message}`);
    }
  };
  return { run, resume: run };
}

/** The answer is the next agent's, which finds the command begun. */
export function restartAgentAct({ restartAgent }: Pick<ActParts, 'restartAgent'>): Executor<'restart-agent'> {
  return {
    run: () => {
      restartAgent();
      return new Promise(() => undefined);
    },
    resume: async () => done('The agent was started again.'),
  };
}
