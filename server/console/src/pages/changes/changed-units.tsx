import { Button, SimpleGrid, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { Meter } from '../../components/meter.tsx';
import { Panel } from '../../components/panel.tsx';
import type { TouchedSearch } from '../../review-routes.tsx';

const few = 8;

interface Props extends Pick<ChangePreview, 'orgs' | 'devices'> {
  search: TouchedSearch;
  onSearch: (search: TouchedSearch) => void;
}

/** How many devices change in each unit; one leads to its devices. */
export function ChangedUnits({ orgs, devices, search, onSearch }: Props) {
  const [all, setAll] = useState(false);
  if (orgs.length === 0) return null;
  return (
    <Panel title="Where" note="Share of the devices that change, by school or office. Choose one to see its devices.">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="xs">
        {(all ? orgs : orgs.slice(0, few)).map((unit) => (
          <UnstyledButton
            key={unit.org}
            aria-pressed={search.org === unit.org}
            onClick={() => onSearch({ setting: search.setting, org: search.org === unit.org ? undefined : unit.org })}
            miw={0}
          >
            <Meter label={unit.org} value={(unit.devices / devices) * 100} detail={unit.devices.toLocaleString('en')} />
          </UnstyledButton>
        ))}
      </SimpleGrid>
      {orgs.length > few ? (
        <Button size="compact-sm" variant="subtle" style={{ alignSelf: 'start' }} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${orgs.length}`}
        </Button>
      ) : null}
    </Panel>
  );
}
