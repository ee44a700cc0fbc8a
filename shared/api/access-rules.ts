import type { ObjectKind } from '../access/objects.ts';
import type { Permission } from '../access/permissions.ts';
import type { RouteName } from './routes.ts';
import type { ApiScope } from './scopes.ts';

/** Where ids stand in a request: `params.id`, `query.device`, `body.target.id`; `[]` for each of a list. */
export type IdPlace = `${'params' | 'query' | 'body'}.${string}`;

/** `target`: what stands there is `{ kind, id }`, with a kind of object. */
export type IdKind = ObjectKind | 'target';

/** Who may call a route. `server/api/guard.ts` holds every caller against this, and nothing else decides. */
export interface AccessRule {
  /** The scope an API token needs; `people`: staff and the operator alone, whatever a token holds. */
  token: ApiScope | 'people';
  /**
   * `anybody` has not signed in, `entering` may still lack the second factor, `staff` has not; `operator`: only the command
   * line of the server.
   */
  may: Permission | 'anybody' | 'entering' | 'staff' | 'operator';
  /**
   * Over what the permission must be held. `district`: all of it, which is also what an id in the path says then.
   * `objects`: those `ids` name; where the request names none, the district. `units`: anywhere, and the answer is cut to
   * the units of the caller, which the handler finds in `caller.sight`. `everyone`: anywhere, since the answer is the same
   * for everybody and speaks of no person or device. `own`: the caller's own account, whose ids are no use to others.
   */
  of: 'district' | 'objects' | 'units' | 'everyone' | 'own';
  /** Whatever `of` says, each of these that is in the request must be within the caller's reach. */
  ids?: Readonly<Partial<Record<IdPlace, IdKind>>>;
  /** Staff must have proved themselves within the last ten minutes. */
  fresh?: true;
  /** What of people's records the caller gets to see, as the audit words it: `the page of a person`. */
  reads?: string;
}

const district = { of: 'district' } as const;
const everyone = { of: 'everyone' } as const;
const own = { of: 'own' } as const;
const units = { of: 'units' } as const;
/** The whole answer is of one unit where the query names one. */
const unit = { of: 'units', ids: { 'query.org': 'org' } } as const;
const one = <K extends ObjectKind>(kind: K) => ({ of: 'objects', ids: { 'params.id': kind } }) as const;
const fresh = { fresh: true } as const;

/** One entry for each route: a route that is not here does not compile. */
export const accessRules: Record<RouteName, AccessRule> = {
  // Signing in, and one's own account.
  readSession: { token: 'people', may: 'anybody', ...everyone },
  setUp: { token: 'people', may: 'anybody', ...everyone },
  signIn: { token: 'people', may: 'anybody', ...everyone },
  proveFactor: { token: 'people', may: 'entering', ...everyone },
  askPasskey: { token: 'people', may: 'anybody', ...everyone },
  signInByPasskey: { token: 'people', may: 'anybody', ...everyone },
  startProvider: { token: 'people', may: 'anybody', ...everyone },
  finishProvider: { token: 'people', may: 'anybody', ...everyone },
  reauthenticate: { token: 'people', may: 'staff', ...everyone },
  signOut: { token: 'people', may: 'entering', ...everyone },
  readSecurity: { token: 'people', may: 'staff', ...own },
  newPasskey: { token: 'people', may: 'entering', ...own, ...fresh },
  addPasskey: { token: 'people', may: 'entering', ...own, ...fresh },
  removePasskey: { token: 'people', may: 'staff', ...own, ...fresh },
  newCodeApp: { token: 'people', may: 'entering', ...own, ...fresh },
  addCodeApp: { token: 'people', may: 'entering', ...own, ...fresh },
  removeCodeApp: { token: 'people', may: 'staff', ...own, ...fresh },
  makeRecoveryCodes: { token: 'people', may: 'staff', ...own, ...fresh },
  changePassword: { token: 'people', may: 'staff', ...own, ...fresh },
  unlinkProvider: { token: 'people', may: 'staff', ...own, ...fresh },
  listSessions: { token: 'people', may: 'staff', ...own },
  endSession: { token: 'people', may: 'staff', ...own },
  endOtherSessions: { token: 'people', may: 'staff', ...own },
  liveTicket: { token: 'people', may: 'staff', ...everyone },

  // Accounts, and what programs come with.
  addStaff: { token: 'people', may: 'operator', ...district },
  setStaffSides: { token: 'people', may: 'operator', ...district },
  listStaff: { token: 'people', may: 'staff:read', ...district },
  inviteStaff: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  saveStaffGrants: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  disableStaff: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  enableStaff: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  resetStaffFactors: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  resetStaffPassword: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  endStaffSessions: { token: 'people', may: 'staff:manage', ...district, ...fresh },
  listApiTokens: { token: 'people', may: 'api-tokens:make', ...units },
  createApiToken: { token: 'people', may: 'api-tokens:make', ...units, ids: { 'body.orgId': 'org' }, ...fresh },
  revokeApiToken: { token: 'people', may: 'api-tokens:make', ...one('api-token') },
  listWebhooks: { token: 'admin', may: 'programs:manage', ...district },
  createWebhook: { token: 'admin', may: 'programs:manage', ...district, ...fresh },
  readWebhook: { token: 'admin', may: 'programs:manage', ...district },
  saveWebhook: { token: 'admin', may: 'programs:manage', ...district, ...fresh },
  deleteWebhook: { token: 'admin', may: 'programs:manage', ...district },
  rotateWebhookSecret: { token: 'admin', may: 'programs:manage', ...district, ...fresh },
  testWebhook: { token: 'admin', may: 'programs:manage', ...district },
  listDeliveries: { token: 'admin', may: 'programs:manage', ...district },
  redeliver: { token: 'admin', may: 'programs:manage', ...district },

  // Looking.
  readOverview: { token: 'read', may: 'devices:read', ...units, reads: 'the overview, with who holds silent devices' },
  listOrgs: { token: 'read', may: 'staff', ...units },
  listPeople: { token: 'read', may: 'people:read', ...units, reads: 'a list of people' },
  readPerson: { token: 'read', may: 'people:read', ...one('person'), reads: 'the page of a person' },
  listDevices: { token: 'read', may: 'devices:read', ...units, reads: 'a list of devices' },
  readDevice: { token: 'read', may: 'devices:read', ...one('device'), reads: 'the page of a device' },
  listDeviceEvents: { token: 'read', may: 'devices:read', ...one('device'), reads: 'the events of a device' },
  listEvents: { token: 'people', may: 'audit:read', ...district, reads: 'the events' },
  explainDevice: { token: 'read', may: 'devices:read', ...one('device'), reads: 'the settings of a device' },
  explainPerson: { token: 'read', may: 'people:read', ...one('person'), reads: 'the settings of a person' },

  // Devices and how they get in.
  openCustody: {
    token: 'devices:write',
    may: 'devices:change',
    of: 'objects',
    ids: { 'params.id': 'device', 'body.personId': 'person' },
  },
  closeCustody: { token: 'devices:write', may: 'devices:change', ...one('device') },
  setDeviceTags: { token: 'devices:write', may: 'devices:change', ...one('device') },
  approveDevice: { token: 'devices:write', may: 'devices:change', ...one('device') },
  revokeDevice: { token: 'devices:write', may: 'devices:change', ...one('device'), ...fresh },
  listTokens: { token: 'people', may: 'enrolment:manage', ...units, reads: 'whom enrolment tokens are for' },
  createToken: {
    token: 'people',
    may: 'enrolment:manage',
    of: 'objects',
    ids: { 'body.orgId': 'org', 'body.personId': 'person' },
    ...fresh,
  },
  revokeToken: { token: 'people', may: 'enrolment:manage', ...one('enrolment-token') },
  rotateStateKey: { token: 'admin', may: 'settings:change', ...district, ...fresh },
  rotateSecretsKey: { token: 'admin', may: 'settings:change', ...district, ...fresh },

  // Recovery keys.
  readEscrow: { token: 'people', may: 'devices:read', ...everyone },
  replaceEscrowKey: { token: 'people', may: 'escrow:manage', ...district, ...fresh },
  listRecoveryKeys: { token: 'people', may: 'devices:read', ...one('device') },
  askForRecoveryKey: { token: 'people', may: 'recovery:ask', ...one('recovery-key'), ...fresh },
  listRecoveryRequests: { token: 'people', may: 'devices:read', ...units },
  decideRecoveryRequest: { token: 'people', may: 'recovery:decide', ...one('recovery-request'), ...fresh },
  showRecoveryKey: {
    token: 'people',
    may: 'recovery:ask',
    ...one('recovery-request'),
    ...fresh,
    reads: 'the recovery key of a device',
  },

  // Policy. It is the district's: whoever sees or changes it does so for all.
  listProfiles: { token: 'read', may: 'policy:read', ...district },
  readProfile: { token: 'read', may: 'policy:read', ...district },
  createProfile: { token: 'policy:write', may: 'policy:draft', ...district },
  saveDraft: { token: 'policy:write', may: 'policy:draft', ...district },
  discardDraft: { token: 'policy:write', may: 'policy:draft', ...district },
  previewProfile: { token: 'read', may: 'policy:read', ...district, reads: 'whom a draft reaches' },
  publishProfile: { token: 'policy:write', may: 'policy:publish', ...district },
  applyProfile: { token: 'policy:write', may: 'policy:publish', ...district },
  readLanding: { token: 'read', may: 'policy:read', ...district },
  diffRevisions: { token: 'read', may: 'policy:read', ...district },
  returnToRevision: { token: 'policy:write', may: 'policy:draft', ...district },
  listGroups: { token: 'read', may: 'policy:read', ...district },
  readGroup: { token: 'read', may: 'policy:read', ...district },
  createGroup: { token: 'policy:write', may: 'policy:draft', ...district },
  saveGroupDraft: { token: 'policy:write', may: 'policy:draft', ...district },
  discardGroupDraft: { token: 'policy:write', may: 'policy:draft', ...district },
  importGroupList: { token: 'policy:write', may: 'policy:draft', ...district },
  deleteGroup: { token: 'policy:write', may: 'policy:draft', ...district },
  countReach: { token: 'read', may: 'policy:read', ...district },
  listReach: { token: 'read', may: 'policy:read', ...district, reads: 'whom a selector reaches' },
  listProfileReach: { token: 'read', may: 'policy:read', ...district, reads: 'whom a profile reaches' },
  previewChange: { token: 'read', may: 'policy:read', ...district, reads: 'whom a change reaches' },
  listPreviewDevices: { token: 'read', may: 'policy:read', ...district, reads: 'whom a change reaches' },
  proposeChange: { token: 'policy:write', may: 'policy:draft', ...district },
  listChanges: { token: 'read', may: 'policy:read', ...district },
  readChange: { token: 'read', may: 'policy:read', ...district, reads: 'whom a change reaches' },
  refreshChange: { token: 'policy:write', may: 'policy:draft', ...district },
  commentChange: { token: 'policy:write', may: 'policy:read', ...district },
  decideChange: { token: 'people', may: 'policy:approve', ...district },
  scheduleChange: { token: 'policy:write', may: 'policy:publish', ...district },
  publishChange: { token: 'policy:write', may: 'policy:publish', ...district },
  withdrawChange: { token: 'policy:write', may: 'policy:draft', ...district },
  readPublishing: { token: 'read', may: 'policy:read', ...district },
  savePublishing: { token: 'people', may: 'settings:change', ...district, ...fresh },
  listRollouts: { token: 'read', may: 'policy:read', ...district },
  readRollout: { token: 'read', may: 'policy:read', ...district },
  actOnRollout: { token: 'policy:write', may: 'policy:publish', ...district },
  exportPolicy: { token: 'read', may: 'policy:read', ...district },
  diffPolicy: { token: 'read', may: 'policy:read', ...district },
  applyPolicy: { token: 'policy:write', may: 'policy:publish', ...district },
  readListArtifact: { token: 'read', may: 'policy:read', ...district },
  giveListArtifact: { token: 'policy:write', may: 'policy:publish', ...district },

  // The web filter.
  listLists: { token: 'read', may: 'filter:read', ...everyone },
  listCatalogue: { token: 'read', may: 'filter:read', ...everyone },
  importList: { token: 'policy:write', may: 'filter:change', ...district },
  subscribeList: { token: 'policy:write', may: 'filter:change', ...district },
  refreshList: { token: 'policy:write', may: 'filter:change', ...district },
  setListExceptions: { token: 'policy:write', may: 'filter:change', ...district },
  decideListRollout: { token: 'policy:write', may: 'filter:change', ...district },
  deleteList: { token: 'policy:write', may: 'filter:change', ...district },
  readFilterSettings: { token: 'read', may: 'policy:read', ...district },
  saveFilterSettings: { token: 'policy:write', may: 'settings:change', ...district },
  listCalendars: { token: 'read', may: 'staff', ...everyone },
  saveCalendar: { token: 'policy:write', may: 'filter:change', ...district },
  deleteCalendar: { token: 'policy:write', may: 'filter:change', ...district },
  previewCalendarImport: { token: 'read', may: 'filter:change', ...district },
  proposeTerms: { token: 'read', may: 'filter:change', ...district },
  testName: {
    token: 'read',
    may: 'filter:read',
    ...everyone,
    ids: { 'body.personId': 'person', 'body.deviceId': 'device' },
    reads: 'what the web filter does for a person or device',
  },
  listRequests: { token: 'read', may: 'requests:read', ...unit, reads: 'unblock requests' },
  decideRequest: { token: 'helpdesk:write', may: 'requests:decide', ...one('request') },
  listOverrides: { token: 'read', may: 'overrides:read', ...units, reads: 'for whom sites are open or closed' },
  createOverride: {
    token: 'helpdesk:write',
    may: 'overrides:manage',
    of: 'objects',
    ids: { 'body.target': 'target' },
  },
  endOverride: { token: 'helpdesk:write', may: 'overrides:manage', ...one('override') },
  listClasses: { token: 'read', may: 'classes:read', ...unit },
  listClassDevices: { token: 'read', may: 'classes:read', ...one('class'), reads: 'who of a class has a device' },
  readFilterReport: { token: 'read', may: 'reports:read', ...units },
  readActivity: { token: 'people', may: 'activity:read', ...one('person'), ...fresh },
  listDeletions: { token: 'read', may: 'audit:read', ...district },

  // The audit. Who looked at whom, from where and why is for people: a program gets its proof, never its rows.
  listAudit: { token: 'people', may: 'audit:read', ...district, reads: 'the audit' },
  listAuditFilters: { token: 'people', may: 'audit:read', ...district },
  readAuditEvent: { token: 'people', may: 'audit:read', ...district, reads: 'a row of the audit' },
  readAuditHead: { token: 'read', may: 'audit:read', ...district },
  verifyAudit: { token: 'read', may: 'audit:read', ...district },
  exportAudit: { token: 'people', may: 'audit:read', ...district, ...fresh },
  readAuditSettings: { token: 'read', may: 'audit:read', ...district },
  saveAuditSettings: { token: 'people', may: 'settings:change', ...district, ...fresh },
  listLooks: { token: 'people', may: 'audit:read', ...one('person'), reads: 'who looked at a person' },
  listLeavers: { token: 'people', may: 'people:erase', ...district, reads: 'people who have left' },
  erasePerson: { token: 'people', may: 'people:erase', ...one('person'), ...fresh },

  // Compliance.
  readCompliancePolicy: { token: 'read', may: 'compliance:read', ...everyone },
  saveCompliancePolicy: { token: 'compliance:write', may: 'compliance:change', ...district },
  previewCompliancePolicy: {
    token: 'read',
    may: 'compliance:change',
    ...district,
    reads: 'whom a compliance policy judges otherwise',
  },
  readComplianceMap: { token: 'read', may: 'compliance:read', ...unit },
  readComplianceTrend: { token: 'read', may: 'compliance:read', ...unit },
  readComplianceMeasures: { token: 'read', may: 'compliance:read', ...unit },
  listChecks: { token: 'read', may: 'compliance:read', ...units },
  listCheckSubjects: { token: 'read', may: 'compliance:read', ...unit, reads: 'who fails a check' },
  readDeviceHistory: { token: 'read', may: 'devices:read', ...one('device'), reads: 'the history of a device' },
  readPersonHistory: { token: 'read', may: 'people:read', ...one('person'), reads: 'the history of a person' },
  listWaivers: { token: 'read', may: 'compliance:read', ...units, reads: 'exceptions' },
  createWaiver: {
    token: 'compliance:write',
    may: 'compliance:change',
    of: 'objects',
    ids: { 'body.target': 'target' },
  },
  endWaiver: { token: 'compliance:write', may: 'compliance:change', ...one('waiver') },
  listRestrictions: { token: 'read', may: 'compliance:read', ...units, reads: 'restricted devices' },
  readRestrictionHold: {
    token: 'read',
    may: 'compliance:read',
    ...district,
    reads: 'whom restrictions wait for',
  },
  decideRestrictionHold: { token: 'people', may: 'compliance:change', ...district },
  exportCompliance: { token: 'read', may: 'reports:read', ...unit, reads: 'an export of compliance' },
  exportPersonHistory: {
    token: 'read',
    may: 'reports:read',
    ...one('person'),
    reads: 'an export of a person’s history',
  },
  exportEvidencePack: { token: 'read', may: 'reports:read', ...district },

  // People and what they owe.
  listObligations: { token: 'read', may: 'people:read', ...units, reads: 'who owes what' },
  previewObligations: {
    token: 'read',
    may: 'people:change',
    of: 'objects',
    ids: { 'body.to.person': 'person', 'body.to.org': 'org', 'body.to.class': 'class' },
  },
  createObligations: {
    token: 'people:write',
    may: 'people:change',
    of: 'objects',
    ids: { 'body.to.person': 'person', 'body.to.org': 'org', 'body.to.class': 'class' },
  },
  meetObligation: { token: 'people:write', may: 'people:change', ...one('obligation') },
  cancelObligation: { token: 'people:write', may: 'people:change', ...one('obligation') },
  importSignatures: { token: 'people:write', may: 'people:change', ...district },
  importOneRoster: { token: 'people:write', may: 'people:import', ...district },
  importPeople: { token: 'people:write', may: 'people:import', ...district },

  // The helpdesk.
  listTickets: { token: 'read', may: 'tickets:read', ...units, reads: 'a list of tickets' },
  createTicket: {
    token: 'helpdesk:write',
    may: 'tickets:open',
    ...units,
    ids: { 'body.deviceId': 'device', 'body.personId': 'person' },
  },
  readTicket: { token: 'read', may: 'tickets:read', ...one('ticket'), reads: 'a ticket' },
  changeTicket: {
    token: 'helpdesk:write',
    may: 'tickets:work',
    of: 'objects',
    ids: { 'params.id': 'ticket', 'body.deviceId': 'device', 'body.personId': 'person' },
  },
  noteTicket: { token: 'helpdesk:write', may: 'tickets:open', ...one('ticket') },
  listTechnicians: { token: 'read', may: 'tickets:work', ...everyone },
  intakeTicket: { token: 'helpdesk:write', may: 'tickets:open', ...district },
  readHelpdeskSettings: { token: 'people', may: 'tickets:work', ...everyone },
  saveHelpdeskSettings: { token: 'people', may: 'settings:change', ...district, ...fresh },
  testHelpdeskMail: { token: 'people', may: 'settings:change', ...district },
  openDiagnosis: { token: 'people', may: 'diagnoses:run', ...one('ticket-device') },
  listDiagnoses: { token: 'people', may: 'diagnoses:read', ...one('ticket'), reads: 'what was found on a device' },
  readDiagnosis: { token: 'people', may: 'diagnoses:read', ...one('diagnosis'), reads: 'a look at a device' },
  endDiagnosis: { token: 'people', may: 'diagnoses:run', ...one('diagnosis') },
  examine: { token: 'people', may: 'diagnoses:run', ...one('diagnosis') },
  askBundle: { token: 'people', may: 'diagnoses:run', ...one('diagnosis') },
  readBundle: { token: 'people', may: 'diagnoses:read', ...one('diagnosis'), reads: 'the support bundle of a device' },

  // What devices are told to do. A dangerous command is signed by approvers besides.
  previewCommand: {
    token: 'people',
    may: 'commands:give',
    of: 'objects',
    ids: { 'body.deviceIds[]': 'device', 'body.ticketId': 'ticket' },
  },
  createCommand: {
    token: 'people',
    may: 'commands:give',
    of: 'objects',
    ids: { 'body.deviceIds[]': 'device', 'body.ticketId': 'ticket' },
  },
  listCommands: { token: 'read', may: 'commands:read', ...units },
  readCommand: { token: 'read', may: 'commands:read', ...one('command') },
  listCommandDevices: { token: 'read', may: 'commands:read', ...one('command'), reads: 'devices of a command' },
  withdrawCommand: { token: 'people', may: 'commands:give', ...one('command') },
  listApprovals: { token: 'people', may: 'approvals:read', ...units },
  readApproval: { token: 'people', may: 'approvals:read', ...one('approval') },
  signApproval: { token: 'people', may: 'approvals:sign', ...one('approval') },
  rejectApproval: { token: 'people', may: 'approvals:reject', ...one('approval') },
  readApprovers: { token: 'people', may: 'approvals:read', ...everyone },
  proposeApprovers: { token: 'people', may: 'approvers:change', ...district, ...fresh },
  listScripts: { token: 'read', may: 'commands:read', ...everyone },
  createScript: { token: 'people', may: 'scripts:write', ...district },
  saveScript: { token: 'people', may: 'scripts:write', ...district },
  publishScript: { token: 'people', may: 'scripts:write', ...district, ...fresh },
  deleteScript: { token: 'people', may: 'scripts:write', ...district, ...fresh },
};
