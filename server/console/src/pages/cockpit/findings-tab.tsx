import { Stack, Text } from '@mantine/core';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { CheckList } from '../../components/check-list.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { SectionStatus } from '../device/section-status.tsx';

const openOf = ({ findings }: DeviceDetail) => findings.filter(({ closedAt }) => closedAt === null);
const failingOf = ({ sections }: DeviceDetail) => sections.filter(({ status }) => status === 'failed');
const failedChecks = ({ checks }: DeviceDetail) => checks.filter(({ status }) => status === 'fail');

/** How many things there are to look at. */
export const troubleOf = (detail: DeviceDetail) =>
  openOf(detail).length + failingOf(detail).length + failedChecks(detail).length;

/** What the device and the server noticed, settings that could not be applied, and checks that fail. */
export function FindingsTab({ detail }: { detail: DeviceDetail }) {
  if (troubleOf(detail) === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing is known to be wrong: no finding is open, every setting is in force, every check passes.
      </Text>
    );
  const open = openOf(detail);
  const failing = failingOf(detail);
  const checks = failedChecks(detail);
  return (
    <Stack gap="md">
      {open.length > 0 ? (
        <Panel title="Noticed">
          {open.map(({ code, detail: words, openedAt }) => (
            <div key={`${code} ${openedAt}`}>
              <Tag tone="warn">{code}</Tag>{' '}
              <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
                {words}
              </Text>
              <Text size="xs" c="dimmed" component="div">
                since <When at={openedAt} as="moment" />
              </Text>
            </div>
          ))}
        </Panel>
      ) : null}
      {failing.length > 0 ? (
        <Panel title="Settings that are not in force">
          {failing.map((section) => (
            <SectionStatus key={section.section} section={section} />
          ))}
        </Panel>
      ) : null}
      {checks.length > 0 ? (
        <Panel title="Checks that fail">
          <CheckList findings={checks} waivable={[]} />
        </Panel>
      ) : null}
    </Stack>
  );
}
