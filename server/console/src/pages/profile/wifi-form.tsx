import { PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import type { WifiNetwork } from '../../../../../shared/profile/wifi.ts';
import { wifiSecurityWords } from '../../entries.ts';

interface Props {
  network: WifiNetwork;
  onChange: (network: WifiNetwork) => void;
}

const choices = Object.entries(wifiSecurityWords).map(([value, label]) => ({ value, label }));

/** A Wi-Fi network with what it takes to join it; only the parts its security needs. */
export function WifiForm({ network, onChange }: Props) {
  const { name, security, hidden, serverName = '' } = network;
  const set = (part: Partial<WifiNetwork>) => onChange({ ...network, ...part });
  return (
    <Stack gap="sm">
      <TextInput
        label="Name of the network"
        description="As devices show it, capital letters included"
        maxLength={32}
        spellCheck={false}
        autoCapitalize="off"
        value={name}
        error={name === ''}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Select
        label="Security"
        data={choices}
        value={security}
        allowDeselect={false}
        onChange={(value) => onChange(withSecurity(network, value as WifiNetwork['security']))}
      />
      {security === 'wpa2' || security === 'wpa3' ? (
        <Secret label="Passphrase" value={network.passphrase} onChange={(passphrase) => set({ passphrase })} />
      ) : null}
      {security === 'wpa2-enterprise' ? (
        <>
          <TextInput
            label="Account"
            description="One that is made for devices, never a person’s own"
            maxLength={200}
            spellCheck={false}
            autoCapitalize="off"
            value={network.identity ?? ''}
            onChange={(event) => set({ identity: event.currentTarget.value })}
          />
          <Secret label="Password of the account" value={network.password} onChange={(password) => set({ password })} />
          <TextInput
            label="Name in the certificate of the sign-in server"
            placeholder="radius.lindenfield.example"
            maxLength={253}
            spellCheck={false}
            autoCapitalize="off"
            value={serverName}
            onChange={(event) => set({ serverName: event.currentTarget.value.trim() })}
          />
        </>
      ) : null}
      <Switch
        label="Does not show its name"
        checked={hidden}
        onChange={(event) => set({ hidden: event.currentTarget.checked })}
      />
    </Stack>
  );
}

function Secret(props: { label: string; value: string | undefined; onChange: (value: string) => void }) {
  return (
    <PasswordInput
      label={props.label}
      autoComplete="off"
      maxLength={200}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** Another security needs other secrets: those of the former are dropped, not kept out of sight. */
function withSecurity({ name, hidden, passphrase }: WifiNetwork, security: WifiNetwork['security']): WifiNetwork {
  const isPersonal = security === 'wpa2' || security === 'wpa3';
  return { name, hidden, security, ...(isPersonal && passphrase !== undefined && { passphrase }) };
}
