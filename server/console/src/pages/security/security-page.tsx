import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { securityQueries } from '../../security-queries.ts';
import { CodeAppPanel } from './code-app-panel.tsx';
import { PasskeysPanel } from './passkeys-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { ProvidersPanel } from './providers-panel.tsx';
import { RecoveryCodesPanel } from './recovery-codes-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** One's own ways in, and where one is signed in. */
export function SecurityPage() {
  const own = useQuery(securityQueries.own());
  return (
    <Page title="My security" lead="How you show that it is you, and where you are signed in.">
      <Loaded query={own}>
        {({ passkeys, codeApp, recoveryCodesLeft, identities, hasPassword }) => (
          <Stack gap="md">
            <PasskeysPanel passkeys={passkeys} />
            <CodeAppPanel codeApp={codeApp} />
            <RecoveryCodesPanel left={recoveryCodesLeft} />
            {hasPassword ? <PasswordPanel /> : null}
            <ProvidersPanel identities={identities} />
            <SessionsPanel />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
