import type { DeviceSummary, OrgView, PersonSummary } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';

/** The one device with this id, name or serial number. */
export async function findDevice(client: OperatorClient, wanted: string): Promise<DeviceSummary> {
  const { items } = await client.call('listDevices', { query: { search: wanted, limit: 200 } });
  const fits = items.filter((device) => [device.id, device.name, device.serial].includes(wanted));
  return only(fits, `device ${wanted}`, 'id, name or serial number');
}

/** The one person with this sourcedId, user name or id. */
export async function findPerson(client: OperatorClient, wanted: string): Promise<PersonSummary> {
  const { items } = await client.call('listPeople', { query: { search: wanted, limit: 200 } });
  const fits = items.filter((person) => [person.id, person.sourcedId, person.username].includes(wanted));
  return only(fits, `person ${wanted}`, 'sourcedId or user name');
}

/** The one unit with this sourcedId or name. */
export async function findOrg(client: OperatorClient, wanted: string): Promise<OrgView> {
  const { items } = await client.call('listOrgs');
  return only(
    items.filter((org) => [org.id, org.sourcedId, org.name].includes(wanted)),
    `school ${wanted}`,
    'sourcedId or name',
  );
}

function only<T>(fits: readonly T[], what: string, by: string): T {
  const [first] = fits;
  if (!first) throw new CodedError('not-found', `There is no ${what}: look for it by ${by}.`);
  if (fits.length > 1) throw new CodedError('conflict', `${fits.length} fit ${what}: name one by its id.`);
  return first;
}
