import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { queries } from '../../queries.ts';
import { PolicyEditor } from './policy-editor.tsx';

export function CompliancePolicyPage() {
  const policy = useQuery(queries.compliancePolicy());
  return (
    <Page
      title="Compliance policy"
      lead="Which checks count and whom they bind, how many school days there are to put a failure right, and what follows."
    >
      <Loaded query={policy}>{(saved) => <PolicyEditor saved={saved} />}</Loaded>
    </Page>
  );
}
