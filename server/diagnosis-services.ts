import type { ServiceBase } from './base.ts';
import { DiagnosisService } from './helpdesk/diagnoses.ts';
import type { Gateway } from './services.ts';
import type { Stores } from './store/stores.ts';

/** Looks at devices. */
export function createDiagnosisServices({ stores, failed, gateway, ...parts }: ServiceBase & { gateway: Gateway }) {
  return {
    diagnoses: new DiagnosisService({
      ...{ store: stores.diagnoses, tickets: stores.tickets, devices: stores.devices, gateway, ...parts },
      roleOf: (deviceId) => roleOf(stores, deviceId),
      onError: failed('a look at a device could not be ended'),
    }),
  };
}

/** Only students are students: whoever else holds a device is asked as staff are. */
async function roleOf({ custody, people }: Stores, deviceId: string): Promise<'student' | 'staff' | undefined> {
  const held = (await custody.ofDevice(deviceId)).find(({ endedAt }) => endedAt === null);
  const person = held && (await people.findPerson(held.person.id));
  if (!person) return undefined;
  return person.role === 'student' ? 'student' : 'staff';
}
