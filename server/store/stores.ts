import type { Kysely } from 'kysely';
import { ActivityStore } from './activity.ts';
import { ApiTokenStore } from './api-tokens.ts';
import { ApprovalStore } from './approvals.ts';
import { ApproverStore } from './approvers.ts';
import { AuditStore } from './audit.ts';
import { AuditErasures } from './audit-erasures.ts';
import { AutomaticFactStore } from './automatic-facts.ts';
import { CalendarStore } from './calendars.ts';
import { CertificateStore } from './certificates.ts';
import { ChangeStore } from './changes.ts';
import { CheckIntervalStore } from './check-intervals.ts';
import { ClassMemberships } from './class-memberships.ts';
import { CommandStore } from './commands.ts';
import { CompliancePolicyStore } from './compliance-policies.ts';
import { CustodyStore } from './custody.ts';
import { DesiredStore } from './desired.ts';
import { DeviceStore } from './devices.ts';
import { DiagnosisStore } from './diagnoses.ts';
import { DocumentStore } from './documents.ts';
import { EventChain, type Sealing } from './event-chain.ts';
import { EventStore } from './events.ts';
import { ExportUseStore } from './export-use.ts';
import { GrantStore } from './grants.ts';
import { GroupStore } from './groups.ts';
import { HelpRequestStore } from './help-requests.ts';
import { HolderReadStore } from './holder-reads.ts';
import { IdempotencyStore } from './idempotency.ts';
import { JudgementStore } from './judgements.ts';
import { LandingStore } from './landings.ts';
import { LateSync } from './late-sync.ts';
import { ListUseStore } from './list-use.ts';
import { ListStore } from './lists.ts';
import { MailOutboxStore } from './mail-outbox.ts';
import { ObjectStore } from './objects.ts';
import { ObligationStore } from './obligations.ts';
import { openStore } from './open.ts';
import { OverrideTargets } from './override-targets.ts';
import { OverrideStore } from './overrides.ts';
import { PeopleStore } from './people.ts';
import { RosterStore } from './people-roster.ts';
import { PersonErasureStore } from './person-erasure.ts';
import { PostureStore } from './posture.ts';
import { PresenceStore } from './presence.ts';
import { ProfileStore } from './profiles.ts';
import { RecoveryStore } from './recovery.ts';
import { ReportStore } from './reports.ts';
import { RequestStore } from './requests.ts';
import { RestrictionStore } from './restrictions.ts';
import { RolloutFactStore } from './rollout-facts.ts';
import { RolloutStore } from './rollouts.ts';
import type { Database } from './schema.ts';
import { ScriptStore } from './scripts.ts';
import { SignInFailureStore } from './sign-in-failures.ts';
import { StaffStore } from './staff.ts';
import { StaffFactorStore } from './staff-factors.ts';
import { StaffSessionStore } from './staff-sessions.ts';
import { TicketStore } from './tickets.ts';
import { TokenStore } from './tokens.ts';
import { VerdictStore } from './verdicts.ts';
import { ClassesView } from './views/classes.ts';
import { complianceViews } from './views/compliance.ts';
import { DevicesView } from './views/devices.ts';
import { OverviewView } from './views/overview.ts';
import { PeopleView } from './views/people.ts';
import { StaffAccountsView } from './views/staff-accounts.ts';
import { TicketSenders } from './views/ticket-senders.ts';
import { TicketsView } from './views/tickets.ts';
import { WaiverStore } from './waivers.ts';
import { WebhookDeliveryStore } from './webhook-deliveries.ts';
import { WebhookNoticeStore } from './webhook-notices.ts';
import { WebhookStore } from './webhooks.ts';

/** Every aggregate on one database, brought up to date. `sealing`: the server's key for the rows of the log. */
export async function openStores(path: string, sealing?: Sealing) {
  const db = await openStore(path);
  return storesOn(db, sealing, path === ':memory:' ? undefined : await LateSync.open(db, path));
}

/** The same on a database that was opened already. */
export function storesOn(db: Kysely<Database>, sealing?: Sealing, lateSync?: LateSync) {
  const chain = new EventChain(sealing);
  const audit = new AuditStore(db, chain);
  return {
    activity: new ActivityStore(db),
    apiTokens: new ApiTokenStore(db),
    approvals: new ApprovalStore(db),
    approvers: new ApproverStore(db),
    audit,
    auditErasures: new AuditErasures(db, audit),
    automaticFacts: new AutomaticFactStore(db),
    calendars: new CalendarStore(db),
    certificates: new CertificateStore(db),
    changes: new ChangeStore(db),
    checkIntervals: new CheckIntervalStore(db),
    classes: new ClassesView(db),
    classMemberships: new ClassMemberships(db),
    commands: new CommandStore(db),
    compliancePolicies: new CompliancePolicyStore(db),
    custody: new CustodyStore(db),
    desired: new DesiredStore(db),
    devices: new DeviceStore(db),
    diagnoses: new DiagnosisStore(db),
    documents: new DocumentStore(db),
    events: new EventStore(db, chain),
    grants: new GrantStore(db),
    exportUse: new ExportUseStore(db),
    groups: new GroupStore(db),
    history: complianceViews(db),
    helpRequests: new HelpRequestStore(db),
    holderReads: new HolderReadStore(db),
    idempotency: new IdempotencyStore(db),
    judgements: new JudgementStore(db, lateSync),
    landings: new LandingStore(db),
    lists: new ListStore(db),
    listUse: new ListUseStore(db),
    mailOutbox: new MailOutboxStore(db),
    objects: new ObjectStore(db),
    obligations: new ObligationStore(db),
    overrides: new OverrideStore(db),
    overrideTargets: new OverrideTargets(db),
    people: new PeopleStore(db),
    roster: new RosterStore(db),
    personErasures: new PersonErasureStore(db),
    posture: new PostureStore(db),
    presence: new PresenceStore(db),
    profiles: new ProfileStore(db),
    recovery: new RecoveryStore(db),
    reports: new ReportStore(db, chain, lateSync),
    /** Resolves when every report that was committed is on disk; rejects when one is not. */
    reportsOnDisk: async () => await lateSync?.settled(),
    requests: new RequestStore(db),
    restrictions: new RestrictionStore(db),
    rolloutFacts: new RolloutFactStore(db),
    rollouts: new RolloutStore(db),
    signInFailures: new SignInFailureStore(db),
    scripts: new ScriptStore(db),
    staff: new StaffStore(db),
    staffAccounts: new StaffAccountsView(db),
    staffFactors: new StaffFactorStore(db),
    staffSessions: new StaffSessionStore(db),
    tickets: new TicketStore(db),
    ticketSenders: new TicketSenders(db),
    ticketViews: new TicketsView(db),
    tokens: new TokenStore(db),
    verdicts: new VerdictStore(db),
    waivers: new WaiverStore(db),
    webhooks: {
      webhooks: new WebhookStore(db),
      deliveries: new WebhookDeliveryStore(db),
      notices: new WebhookNoticeStore(db),
    },
    /** What the console shows; `presence` says who is connected, which is not stored. */
    views: (presence: { isConnected(id: string): boolean; connectedIds(): string[] }) => ({
      devices: new DevicesView(db, presence),
      overview: new OverviewView(db),
      people: new PeopleView(db),
    }),
    /** Answers when the database does. */
    check: async () => {
      await db.selectFrom('setting').select('name').limit(1).execute();
    },
    /** Saves as much as a large report, on disk when it resolves, and removes it. */
    tryWrite: async () => {
      const value = 'x'.repeat(262_144);
      await db.replaceInto('setting').values({ name: 'tried', value }).execute();
      await db.deleteFrom('setting').where('name', '=', 'tried').execute();
    },
    close: async () => {
      await lateSync?.close();
      await db.destroy();
    },
  };
}
export type Stores = ReturnType<typeof storesOn>;
