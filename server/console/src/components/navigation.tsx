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
  IconUsers,
  IconUsersGroup,
  IconWebhook,
  IconWorldSearch,
  IconWritingSign,
} from '@tabler/icons-react';
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
      { to: '/', label: 'Overview', icon: IconLayoutDashboard },
      { to: '/people', label: 'People', icon: IconUsers },
      { to: '/devices', label: 'Devices', icon: IconDeviceLaptop },
      { to: '/compliance', label: 'Compliance', icon: IconLayoutGrid },
      { to: '/waivers', label: 'Waivers', icon: IconShieldHalf },
      { to: '/restrictions', label: 'Restricted', icon: IconShieldLock, aside: <HeldRestrictions /> },
      { to: '/obligations', label: 'Agreements and returns', icon: IconSignature },
      { to: '/recovery', label: 'Recovery', icon: IconKey },
      { to: '/audit', label: 'Audit', icon: IconHistory },
    ],
  },
  {
    label: 'Helpdesk',
    links: [
      { to: '/tickets', label: 'Tickets', icon: IconLifebuoy, aside: <LateTickets /> },
      { to: '/commands', label: 'Commands', icon: IconBolt },
      { to: '/approvals', label: 'Approvals', icon: IconWritingSign, aside: <WaitingApprovals /> },
      { to: '/approvers', label: 'Approvers', icon: IconFingerprint },
      { to: '/scripts', label: 'Scripts', icon: IconTerminal2 },
    ],
  },
  {
    label: 'Policy',
    links: [
      { to: '/profiles', label: 'Profiles', icon: IconAdjustments },
      { to: '/groups', label: 'Groups', icon: IconUsersGroup },
      { to: '/changes', label: 'Changes', icon: IconGitPullRequest, aside: <WaitingChanges /> },
      { to: '/rollouts', label: 'Rollouts', icon: IconRotateClockwise2, aside: <HaltedRollouts /> },
      { to: '/publishing', label: 'Publishing', icon: IconSend },
    ],
  },
  {
    label: 'Web filter',
    links: [
      { to: '/requests', label: 'Requests', icon: IconMessageQuestion, aside: <OpenRequests /> },
      { to: '/classes', label: 'Classes', icon: IconChalkboardTeacher },
      { to: '/overrides', label: 'Opened for a time', icon: IconLockOpen },
      { to: '/test-name', label: 'Test a name', icon: IconWorldSearch },
      { to: '/lists', label: 'Filter lists', icon: IconListCheck },
      { to: '/report', label: 'Report', icon: IconChartBar },
    ],
  },
  {
    label: 'Settings',
    links: [
      { to: '/calendar', label: 'Calendar', icon: IconCalendarTime },
      { to: '/filter-settings', label: 'Filter settings', icon: IconShieldCog },
      { to: '/compliance-policy', label: 'Compliance policy', icon: IconShieldCheck },
      { to: '/helpdesk-settings', label: 'Helpdesk settings', icon: IconHeadset },
    ],
  },
  {
    label: 'Bring in and connect',
    links: [
      { to: '/enrolment', label: 'Enrolment', icon: IconQrcode },
      { to: '/import', label: 'Roster import', icon: IconFileImport },
      { to: '/api-tokens', label: 'API tokens', icon: IconRobot },
      { to: '/webhooks', label: 'Webhooks', icon: IconWebhook },
    ],
  },
] as const;

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  return groups.map(({ label, links }) => (
    <div key={label} className={classes.group}>
      <div className={classes.label}>{label}</div>
      {links.map(({ to, label: name, icon: Icon, ...link }) => (
        <MenuLink
          key={to}
          to={to}
          label={name}
          leftSection={<Icon size={19} stroke={1.7} aria-hidden="true" />}
          rightSection={'aside' in link ? link.aside : undefined}
          className={classes.link ?? ''}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          activeProps={{ 'data-here': true }}
          onClick={onNavigate}
        />
      ))}
    </div>
  ));
}
