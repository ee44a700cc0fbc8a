import type { AgentsListenerParts } from '../agents-listener.ts';
import type { FrontAnswer, FrontAnswers } from './front-line.ts';
import { textsOf } from './identity-texts.ts';

type Sources = Pick<AgentsListenerParts, 'certificates' | 'lists' | 'scripts'>;

/** What fronts may ask, answered from the server's own sources. */
export function answersOf({ certificates, lists, scripts }: Sources): FrontAnswers['answer'] {
  const answers: Readonly<Record<string, (a: string, b: string) => Promise<FrontAnswer | undefined>>> = {
    identity: async (serial) => {
      const identity = await certificates.identify(serial);
      return identity && { texts: textsOf(identity) };
    },
    artifact: async (hash) => pathAnswer(await lists.artifactPath(hash)),
    delta: async (from, to) => pathAnswer(await lists.deltaPath(from, to)),
    script: async (hash) => {
      const content = await scripts.sourceOf(hash);
      return content === undefined ? undefined : { texts: [hash], content };
    },
  };
  return async (what, [a = '', b = '']) => {
    const answer = Object.hasOwn(answers, what) ? answers[what] : undefined;
    if (!answer) throw new TypeError(`a question that no front asks: ${what}`);
    return await answer(a, b);
  };
}

function pathAnswer(path: string | undefined): FrontAnswer | undefined {
  return path === undefined ? undefined : { texts: [path] };
}
