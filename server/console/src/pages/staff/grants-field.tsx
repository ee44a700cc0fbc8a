import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type Role, roles, roleWords } from '../../../../../shared/access/roles.ts';
import type { GrantInput } from '../../../../../shared/api/schemas.ts';
import { OrgSelect } from '../../components/org-select.tsx';

const options = roles.map((role) => ({ value: role, label: roleWords[role].title }));

interface Props {
  grants: readonly GrantInput[];
  onChange: (grants: GrantInput[]) => void;
}

/** Roles, each for a unit with all below it, or for the whole district. */
export function GrantsField({ grants, onChange }: Props) {
  const replace = (index: number, given: Partial<GrantInput>) =>
    onChange(grants.map((grant, at) => (at === index ? { ...grant, ...given } : grant)));
  return (
    <Stack gap="xs">
      {grants.map((grant, index) => (
        <Stack key={`${grant.role} ${grant.orgId ?? 'district'} ${index}`} gap={2}>
          <Group gap="xs" wrap="nowrap" align="end">
            <Select
              label={index === 0 ? 'Role' : undefined}
              aria-label="Role"
              style={{ flex: 1 }}
              allowDeselect={false}
              data={options}
              value={grant.role}
              onChange={(role) => role && replace(index, { role: role as Role })}
            />
            <div style={{ flex: 1 }}>
              <OrgSelect
                {...(index === 0 ? { label: 'For' } : {})}
                placeholder="The whole district"
                value={grant.orgId ?? undefined}
                onChange={(orgId) => replace(index, { orgId: orgId ?? null })}
              />
            </div>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={`Remove the role ${roleWords[grant.role].title}`}
              onClick={() => onChange(grants.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
          <Text size="xs" c="dimmed">
            {roleWords[grant.role].words}
          </Text>
        </Stack>
      ))}
      <Group>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...grants, { role: 'helpdesk', orgId: null }])}
        >
          Add a role
        </Button>
      </Group>
    </Stack>
  );
}
