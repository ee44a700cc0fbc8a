import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

type ListRoutes =
  | 'listLists'
  | 'importList'
  | 'listCatalogue'
  | 'subscribeList'
  | 'refreshList'
  | 'setListExceptions'
  | 'decideListRollout'
  | 'deleteList';

export function listHandlers({ lists }: Services): Pick<Handlers, ListRoutes> {
  return {
    listLists: async () => ({ items: await lists.list() }),
    importList: ({ params, query, bytes, caller }) => lists.import(params.category, bytes, query, caller.actor),
    listCatalogue: async () => ({ items: lists.catalogue() }),
    subscribeList: ({ params, body, caller }) => lists.subscribe(params.category, body, caller.actor),
    refreshList: ({ params, caller }) => lists.refresh(params.category, caller.actor),
    setListExceptions: ({ params, body, caller }) => lists.setExceptions(params.category, body.names, caller.actor),
    decideListRollout: ({ params, body, caller }) =>
      lists.decideRollout(params.category, body.action, body.reason, caller.actor),
    deleteList: async ({ params, caller }) => {
      await lists.delete(params.category, caller.actor);
      return { done: true };
    },
  };
}

type FilterRoutes =
  | 'readFilterSettings'
  | 'saveFilterSettings'
  | 'listCalendars'
  | 'saveCalendar'
  | 'deleteCalendar'
  | 'previewCalendarImport'
  | 'proposeTerms'
  | 'testName'
  | 'listRequests'
  | 'decideRequest'
  | 'listOverrides'
  | 'createOverride'
  | 'endOverride'
  | 'listClasses'
  | 'listClassDevices'
  | 'readFilterReport'
  | 'readActivity'
  | 'listDeletions';

export function filterHandlers(services: Services): Pick<Handlers, FilterRoutes> {
  const { filterSettings, calendars, overrides, requests, nameTests, activity } = services;
  return {
    readFilterSettings: () => filterSettings.read(),
    saveFilterSettings: ({ body, caller }) => filterSettings.save(body.settings, body.version, caller.actor),
    listCalendars: async () => ({ items: await calendars.list() }),
    saveCalendar: ({ params, body, caller }) => calendars.save(params.org, body.calendar, caller.actor),
    deleteCalendar: async ({ params, caller }) => {
      await calendars.delete(params.org, caller.actor);
      return { done: true };
    },
    previewCalendarImport: ({ params, query, bytes }) => calendars.previewImport(params.org, bytes, query),
    proposeTerms: ({ params, body }) => calendars.proposeTerms(params.org, body),
    testName: ({ body }) => nameTests.test(body),
    listRequests: ({ query, caller: { sight } }) => requests.list({ ...query, sight }),
    decideRequest: ({ params, body, caller }) => requests.decide(params.id, body, caller.actor),
    listOverrides: ({ query, caller: { sight } }) => overrides.list({ ...query, sight }),
    createOverride: ({ body, caller }) => overrides.create(body, caller.actor),
    endOverride: ({ params, caller }) => overrides.end(params.id, caller.actor),
    listClasses: ({ query, caller: { sight } }) => overrides.classes({ ...query, sight }),
    listClassDevices: async ({ params }) => ({ items: await overrides.classDevices(params.id) }),
    readFilterReport: ({ query, caller }) => activity.report(query.from, query.to, caller.sight),
    readActivity: ({ params, body, caller }) => activity.ofPerson(params.id, body, caller.actor),
    listDeletions: ({ query }) => activity.deletions(query),
  };
}
