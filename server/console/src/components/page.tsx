import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { TextLink } from './links.tsx';

interface Props {
  title: string;
  /** Beside the title, for example a verdict. */
  badge?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** The list this page belongs to. */
  parent?: {
    to:
      | '/people'
      | '/devices'
      | '/profiles'
      | '/groups'
      | '/compliance'
      | '/compliance/checks'
      | '/changes'
      | '/rollouts'
      | '/webhooks'
      | '/audit'
      | '/tickets'
      | '/commands'
      | '/approvals'
      | '/scripts';
    label: string;
    search?: { at?: string | undefined };
  };
  children: ReactNode;
}

/** Title row and content of every page. */
export function Page({ title, badge, lead, actions, parent, children }: Props) {
  useDocumentTitle(`${title} · Rollcall`);
  return (
    <Stack gap="lg" pb="xl">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Stack gap={4} miw={0} flex="1 1 240px">
          {parent ? (
            <TextLink
              to={parent.to}
              search={parent.search ?? {}}
              size="sm"
              c="dimmed"
              lh="24px"
              style={{ alignSelf: 'start' }}
            >
              ← {parent.label}
            </TextLink>
          ) : null}
          <Group gap="sm" align="center">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {lead ? (
            <Text c="dimmed" size="sm" component="div" maw={720}>
              {lead}
            </Text>
          ) : null}
        </Stack>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </Group>
      {children}
    </Stack>
  );
}
