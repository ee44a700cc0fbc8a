import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

export function explainHandlers({ explanations }: Services): Pick<Handlers, 'explainDevice' | 'explainPerson'> {
  return {
    explainDevice: ({ params, query }) => explanations.ofDevice(params.id, query.setting),
    explainPerson: async ({ params, query }) => ({
      devices: await explanations.ofPerson(params.id, query.setting),
    }),
  };
}
