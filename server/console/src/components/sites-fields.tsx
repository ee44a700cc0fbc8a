import { Switch, Text } from '@mantine/core';
import { useId } from 'react';
import type { OverrideInput } from '../../../../shared/api/schemas.ts';
import { domainsSchema } from '../override-form.ts';
import { CategoriesField } from './categories-field.tsx';
import { LinesField } from './lines-field.tsx';

/** What an override names. */
export interface Sites {
  domains: string[];
  categories: string[];
  everything: boolean;
}

/** As the server is asked: with everything, single names are left out; where it is not on offer, it is not asked for. */
export function namedIn(
  { domains, categories, everything }: Sites,
  offersAll: boolean,
): Pick<OverrideInput, 'domains' | 'categories' | 'everything'> {
  return everything && offersAll ? { domains: [], categories: [], everything: true } : { domains, categories };
}

interface Props {
  label: string;
  sites: Sites;
  /** Everything but the locked minimum may be opened. */
  offersAll: boolean;
  onChange: (sites: Sites) => void;
}

export function SitesFields({ label, sites, offersAll, onChange }: Props) {
  const id = useId();
  return (
    <>
      {offersAll ? (
        <Switch
          label="Everything but the locked minimum"
          description="Only for adults"
          checked={sites.everything}
          onChange={(event) => onChange({ ...sites, everything: event.currentTarget.checked })}
        />
      ) : null}
      {offersAll && sites.everything ? null : (
        <>
          <div>
            <Text size="sm" fw={600} mb={2} id={`${id}-sites`}>
              {label}
            </Text>
            <LinesField
              schema={domainsSchema}
              labelId={`${id}-sites`}
              value={sites.domains}
              onChange={(domains) => onChange({ ...sites, domains })}
              none="None"
              initialFocus
            />
          </div>
          <div>
            <Text size="sm" fw={600} mb={2} id={`${id}-categories`}>
              Whole categories
            </Text>
            <CategoriesField
              labelId={`${id}-categories`}
              value={sites.categories}
              onChange={(categories) => onChange({ ...sites, categories })}
              none="None"
            />
          </div>
        </>
      )}
    </>
  );
}
