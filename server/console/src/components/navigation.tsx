import {
  IconAdjustments,
  IconBolt,
  IconCalendarTime,
  IconChalkboardTeacher,
  IconChartBar,
  IconDeviceLaptop,
  IconFileImport,
  IconFingerprint,
  IconGitPullRequest,
  IconHeadset,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconLayoutGrid,
  IconLifebuoy,
  IconListCheck,
  IconLockOpen,
  IconMessageQuestion,
  IconQrcode,
  IconRobot,
  IconRotateClockwise2,
  IconSend,
  IconShieldCheck,
  IconShieldCog,
  IconShieldHalf,
  IconShieldLock,
  IconSignature,
  IconTerminal2,
  IconUserShield,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
  IconWorldSearch,
  IconWritingSign,
} from '@tabler/icons-react';
import type { RouteName } from '../../../../shared/api/routes.ts';
import { useMay } from '../use-may.ts';
import { HeldRestrictions } from './held-restrictions.tsx';
import { LateTickets, WaitingApprovals } from './helpdesk-badges.tsx';
import { MenuLink } from './links.tsx';
import classes from './navigation.module.css';
import { OpenRequests } from './open-requests.tsx';
import { HaltedRollouts, WaitingChanges } from './policy-badges.tsx';

const groups = [
  {
    label: 'Look',
    links: [
      { to: '/', needs: 'readOverview', label: 'Overview', icon: IconLayoutDashboard },
      { to: '/people', needs: 'listPeople', label: 'People', icon: IconUsers },
      { to: '/devices', needs: 'listDevices', label: 'Devices', icon: IconDeviceLaptop },
      { to: '/compliance', needs: 'readComplianceMap', label: 'Compliance', icon: IconLayoutGrid },
      { to: '/waivers', needs: 'listWaivers', label: 'Waivers', icon: IconShieldHalf },
      {
        to: '/restrictions',
        needs: 'listRestrictions',
        label: 'Restricted',
        icon: IconShieldLock,
        aside: <HeldRestrictions />,
        asideNeeds: 'readRestrictionHold',
      },
      { to: '/obligations', needs: 'listObligations', label: 'Agreements and returns', icon: IconSignature },
      { to: '/recovery', needs: 'listRecoveryRequests', label: 'Recovery', icon: IconKey },
      { to: '/audit', needs: 'listAudit', label: 'Audit', icon: IconHistory },
    ],
  },
  {
    label: 'Helpdesk',
    links: [
      { to: '/tickets', needs: 'listTickets', label: 'Tickets', icon: IconLifebuoy, aside: <LateTickets /> },
      { to: '/commands', needs: 'listCommands', label: 'Commands', icon: IconBolt },
      {
        to: '/approvals',
        needs: 'listApprovals',
        label: 'Approvals',
        icon: IconWritingSign,
        aside: <WaitingApprovals />,
      },
      { to: '/approvers', needs: 'readApprovers', label: 'Approvers', icon: IconFingerprint },
      { to: '/scripts', needs: 'listScripts', label: 'Scripts', icon: IconTerminal2 },
    ],
  },
  {
    label: 'Policy',
    links: [
      { to: '/profiles', needs: 'listProfiles', label: 'Profiles', icon: IconAdjustments },
      { to: '/groups', needs: 'listGroups', label: 'Groups', icon: IconUsersGroup },
      { to: '/changes', needs: 'listChanges', label: 'Changes', icon: IconGitPullRequest, aside: <WaitingChanges /> },
      {
        to: '/rollouts',
        needs: 'listRollouts',
        label: 'Rollouts',
        icon: IconRotateClockwise2,
        aside: <HaltedRollouts />,
      },
      { to: '/publishing', needs: 'readPublishing', label: 'Publishing', icon: IconSend },
    ],
  },
  {
    label: 'Web filter',
    links: [
      { to: '/requests', needs: 'listRequests', label: 'Requests', icon: IconMessageQuestion, aside: <OpenRequests /> },
      { to: '/classes', needs: 'listClasses', label: 'Classes', icon: IconChalkboardTeacher },
      { to: '/overrides', needs: 'listOverrides', label: 'Opened for a time', icon: IconLockOpen },
      { to: '/test-name', needs: 'testName', label: 'Test a name', icon: IconWorldSearch },
      { to: '/lists', needs: 'listLists', label: 'Filter lists', icon: IconListCheck },
      { to: '/report', needs: 'readFilterReport', label: 'Report', icon: IconChartBar },
    ],
  },
  {
    label: 'Settings',
    links: [
      { to: '/staff', needs: 'listStaff', label: 'Staff and roles', icon: IconUserShield },
      { to: '/calendar', needs: 'listCalendars', label: 'Calendar', icon: IconCalendarTime },
      { to: '/filter-settings', needs: 'readFilterSettings', label: 'Filter settings', icon: IconShieldCog },
      { to: '/compliance-policy', needs: 'readCompliancePolicy', label: 'Compliance policy', icon: IconShieldCheck },
      { to: '/helpdesk-settings', needs: 'readHelpdeskSettings', label: 'Helpdesk settings', icon: IconHeadset },
    ],
  },
  {
    label: 'Bring in and connect',
    links: [
      { to: '/enrolment', needs: 'listTokens', label: 'Enrolment', icon: IconQrcode },
      { to: '/import', needs: 'importOneRoster', label: 'Roster import', icon: IconFileImport },
      { to: '/api-tokens', needs: 'listApiTokens', label: 'API tokens', icon: IconRobot },
      { to: '/webhooks', needs: 'listWebhooks', label: 'Webhooks', icon: IconWebhook },
    ],
  },
] as const;

/** The first page somebody may see: where they begin who may not see the overview. */
export function firstPage(may: (name: RouteName) => boolean) {
  return groups.flatMap(({ links }) => [...links]).find(({ needs }) => may(needs))?.to;
}

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const may = useMay();
  const shown = groups
    .map(({ label, links }) => ({ label, links: links.filter(({ needs }) => may(needs)) }))
    .filter(({ links }) => links.length > 0);
  return shown.map(({ label, links }) => (
    <div key={label} className={classes.group}>
      <div className={classes.label}>{label}</div>
      {links.map(({ to, label: name, icon: Icon, ...link }) => (
        <MenuLink
          key={to}
          to={to}
          label={name}
          leftSection={<Icon size={19} stroke={1.7} aria-hidden="true" />}
          rightSection={
            'aside' in link && may('asideNeeds' in link ? link.asideNeeds : link.needs) ? link.aside : undefined
          }
          className={classes.link ?? ''}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          activeProps={{ 'data-here': true }}
          onClick={onNavigate}
        />
      ))}
    </div>
  ));
}
