/** An OpenID provider the district signs in by, as configured (docs/operations.md). */
export interface ProviderSettings {
  /** Stands in routes and events: `google`. */
  id: string;
  /** On the button. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Google Workspace: the domain accounts must be of. */
  hostedDomain?: string | undefined;
  /** Microsoft Entra: the id of the tenant accounts must be of. */
  tenant?: string | undefined;
  /** Whether the provider’s word that it asked for a second factor (`amr`, RFC 8176) is enough. */
  trustMfa: boolean;
}

/** What of a verified ID token matters here. */
export interface KnownAtProvider {
  subject: string;
  /** Undefined: the provider does not vouch for it. */
  email: string | undefined;
  hasShownTwoFactors: boolean;
}

/** Reads the claims of an ID token whose signature, issuer, audience, nonce and times are good. A string says why not. */
export function readClaims(provider: ProviderSettings, claims: Record<string, unknown>): KnownAtProvider | string {
  const { hostedDomain, tenant, name } = provider;
  if (hostedDomain !== undefined && claims.hd !== hostedDomain)
    return `The account at ${name} is not one of ${hostedDomain}.`;
  if (tenant !== undefined && claims.tid !== tenant) return `The account at ${name} is of another organisation.`;
  if (typeof claims.sub !== 'string' || claims.sub === '') return `${name} does not say whose account it is.`;
  const amr = Array.isArray(claims.amr) ? claims.amr : [];
  return {
    subject: claims.sub,
    email: isVouchedFor(claims) && typeof claims.email === 'string' ? claims.email.trim().toLowerCase() : undefined,
    hasShownTwoFactors: provider.trustMfa && amr.includes('mfa'),
  };
}

/**
 * `email_verified` (OpenID Connect Core 1.0 section 5.1); Entra says `xms_edov` instead, when the domain of the address is
 * one its owner has proved (https://learn.microsoft.com/entra/identity-platform/optional-claims-reference).
 */
function isVouchedFor({ email_verified, xms_edov }: Record<string, unknown>): boolean {
  return email_verified === true || xms_edov === true || xms_edov === 1 || xms_edov === '1';
}
