import type { diagnosisRoutes } from '../../../shared/api/routes/diagnoses.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Diagnoses, StaffPerson } from '../../services.ts';
import type { Caller } from '../guard.ts';
import type { Handlers } from '../register.ts';

export function diagnosisHandlers({
  diagnoses,
}: {
  diagnoses: Diagnoses;
}): Pick<Handlers, keyof typeof diagnosisRoutes> {
  return {
    openDiagnosis: ({ params, body, caller }) => diagnoses.open(params.id, body, demandPerson(caller)),
    listDiagnoses: async ({ params }) => ({ items: await diagnoses.ofTicket(params.id) }),
    readDiagnosis: ({ params }) => diagnoses.read(params.id),
    endDiagnosis: ({ params, caller }) => diagnoses.end(params.id, demandPerson(caller)),
    examine: ({ params, caller }) => diagnoses.examine(params.id, demandPerson(caller)),
    askBundle: ({ params, caller }) => diagnoses.askBundle(params.id, demandPerson(caller)),
    readBundle: ({ params, caller }) => diagnoses.bundle(params.id, demandPerson(caller)),
  };
}

/** The person at the device is shown a name: the command line has none. */
function demandPerson({ staff, actor }: Caller): StaffPerson {
  if (staff) return { id: staff.id, actor };
  throw new CodedError('forbidden', 'Only somebody who is signed in to the console may look at a device.');
}
