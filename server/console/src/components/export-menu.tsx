import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

export interface ExportLink {
  label: string;
  /** An address of the server that answers with a file. */
  href: string;
}

/** Files to take away. */
export function ExportMenu({ groups }: { groups: readonly { label: string; links: readonly ExportLink[] }[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map(({ label, links }) => (
          <div key={label}>
            <Menu.Label>{label}</Menu.Label>
            {links.map((link) => (
              <Menu.Item key={link.href} component="a" href={link.href} download>
                {link.label}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
