import { Text } from '@mantine/core';

const least = 12;

/** What is wrong with a new password; null when it will do. Length is what counts (NIST SP 800-63B section 3.1.1). */
export function passwordProblem(password: string): string | null {
  if (password.length < least) return `At least ${least} characters; there are ${password.length}`;
  return password.length > 200 ? 'At most 200 characters' : null;
}

export function PasswordRules({ password }: { password: string }) {
  const missing = least - password.length;
  const good = passwordProblem(password) === null;
  return (
    <Text size="xs" mt={6} c={good ? 'var(--verdict-compliant-text)' : 'dimmed'} role="status">
      {good
        ? '✓ Long enough. Three or four unrelated words are easy to remember and hard to guess.'
        : `At least ${least} characters, any kind${password ? `: ${missing} to go` : ''}. A few unrelated words work well.`}
    </Text>
  );
}
