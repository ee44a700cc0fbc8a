import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { queries } from '../../queries.ts';
import { FilterSettingsEditor } from './filter-settings-editor.tsx';

export function FilterSettingsPage() {
  const settings = useQuery(queries.filterSettings());
  return (
    <Page
      title="Filter settings"
      lead="What the district decides once for every web filter. Profiles say what is blocked and for whom."
    >
      <Loaded query={settings}>{(saved) => <FilterSettingsEditor saved={saved} />}</Loaded>
    </Page>
  );
}
