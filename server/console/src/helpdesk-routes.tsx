import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { commandStates, ticketCategories, ticketPriorities, ticketStatuses } from '../../../shared/api/schemas.ts';
import { oneOf, textOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

export interface TicketsSearch extends Paging {
  search?: string | undefined;
  /** Absent: those that need work. */
  status?: (typeof ticketStatuses)[number] | 'all' | undefined;
  category?: (typeof ticketCategories)[number] | undefined;
  priority?: (typeof ticketPriorities)[number] | undefined;
  /** An account's id, `me` or `nobody`. */
  assignee?: string | undefined;
  /** Those whose promise is broken. */
  late?: 'true' | undefined;
  device?: string | undefined;
  person?: string | undefined;
}

const tickets = createRoute({
  getParentRoute: () => shell,
  path: '/tickets',
  validateSearch: (search: Record<string, unknown>): TicketsSearch => ({
    search: textOf(search.search, 100),
    status: oneOf([...ticketStatuses, 'all'], search.status),
    category: oneOf(ticketCategories, search.category),
    priority: oneOf(ticketPriorities, search.priority),
    assignee: textOf(search.assignee, 64),
    late: oneOf(['true'], search.late),
    device: textOf(search.device, 64),
    person: textOf(search.person, 64),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/tickets/tickets-page.tsx'), 'TicketsPage'),
});

const ticket = createRoute({
  getParentRoute: () => shell,
  path: '/tickets/$id',
  component: lazyRouteComponent(() => import('./pages/ticket/ticket-page.tsx'), 'TicketPage'),
});

export interface CommandsSearch extends Paging {
  state?: (typeof commandStates)[number] | undefined;
}

const commands = createRoute({
  getParentRoute: () => shell,
  path: '/commands',
  validateSearch: (search: Record<string, unknown>): CommandsSearch => ({
    state: oneOf(commandStates, search.state),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/commands/commands-page.tsx'), 'CommandsPage'),
});

const command = createRoute({
  getParentRoute: () => shell,
  path: '/commands/$id',
  validateSearch: pagingOrFirst,
  component: lazyRouteComponent(() => import('./pages/commands/command-page.tsx'), 'CommandPage'),
});

export interface ApprovalsSearch extends Paging {
  state?: 'over' | 'all' | undefined;
}

const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  validateSearch: (search: Record<string, unknown>): ApprovalsSearch => ({
    state: oneOf(['over', 'all'], search.state),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const approval = createRoute({
  getParentRoute: () => shell,
  path: '/approvals/$id',
  component: lazyRouteComponent(() => import('./pages/approvals/approval-page.tsx'), 'ApprovalPage'),
});

const approvers = createRoute({
  getParentRoute: () => shell,
  path: '/approvers',
  component: lazyRouteComponent(() => import('./pages/approvers/approvers-page.tsx'), 'ApproversPage'),
});

const scripts = createRoute({
  getParentRoute: () => shell,
  path: '/scripts',
  component: lazyRouteComponent(() => import('./pages/scripts/scripts-page.tsx'), 'ScriptsPage'),
});

/** `new` begins a script. */
const script = createRoute({
  getParentRoute: () => shell,
  path: '/scripts/$id',
  component: lazyRouteComponent(() => import('./pages/scripts/script-page.tsx'), 'ScriptPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/helpdesk-settings',
  component: lazyRouteComponent(
    () => import('./pages/helpdesk-settings/helpdesk-settings-page.tsx'),
    'HelpdeskSettingsPage',
  ),
});

/** The pages of the helpdesk, and of what devices are told to do. */
export const helpdeskRoutes = [
  tickets,
  ticket,
  commands,
  command,
  approvals,
  approval,
  approvers,
  scripts,
  script,
  settings,
] as const;
