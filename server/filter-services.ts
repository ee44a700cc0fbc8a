import { join } from 'node:path';
import { essentialNames } from '../shared/filter/essentials.ts';
import type { ServiceBase } from './base.ts';
import { ActivityService } from './filter/activity.ts';
import { Artifacts } from './filter/artifacts.ts';
import { CalendarService } from './filter/calendars.ts';
import { listFetcher, usualFetchLimits } from './filter/fetch-list.ts';
import { DistrictFilterSettings } from './filter/filter-settings.ts';
import { ListService } from './filter/list-service.ts';
import { NameTestService } from './filter/name-tests.ts';
import { OpenLists } from './filter/open-lists.ts';
import { OverrideService } from './filter/overrides.ts';
import { UnblockRequestService } from './filter/requests.ts';
import { Retention } from './filter/retention.ts';
import { testSubjects } from './profiles/test-subjects.ts';
import type { RolloutService } from './rollouts/rollout-service.ts';

interface FilterBase extends ServiceBase {
  /** Asked once everything is wired. */
  rollouts: () => RolloutService;
}

/** Lists, what is open for a time, and what devices recorded. */
export function createFilterServices({ config, rollouts, failed, ...parts }: FilterBase) {
  const { stores, clock } = parts;
  const { hosts, contact, district } = config;
  const settings = new DistrictFilterSettings({ documents: stores.documents, ...parts });
  const overrides = new OverrideService({ ...parts, onError: failed('overrides could not be ended') });
  const lists = new ListService({
    ...{ ...parts, rollouts, artifacts: new Artifacts(join(config.home, 'artifacts'), parts.random) },
    fetchList: listFetcher({ ...usualFetchLimits, allowPrivate: config.privateListSources }),
    essentials: async () => essentialNames((await settings.read()).settings.essentials, hosts),
    onError: failed('lists could not be looked after'),
  });
  const versions = () => lists.versions();
  const subjects = testSubjects({ stores, hosts, contact, districtName: district, versions, clock });
  return {
    lists,
    filterSettings: settings,
    overrides,
    activity: new ActivityService({ settings, ...parts }),
    retention: new Retention({
      ...{ activity: stores.activity, settings, ...parts },
      onError: failed('what is too old could not be deleted'),
    }),
    nameTests: new NameTestService({ subjects, lists: new OpenLists(lists), clock }),
    calendars: new CalendarService({ store: stores.calendars, people: stores.people, district, ...parts }),
    requests: new UnblockRequestService({
      ...{ overrides, ...parts },
      onError: failed('unblock requests could not be closed'),
    }),
  };
}
