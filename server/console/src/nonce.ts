const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/**
 * The nonce that the server wrote into the page for style elements made at run time. Mantine asks for it here; the
 * scroll lock of its dialogs looks for the bundlers' global.
 */
export function styleNonce(): string {
  return nonce;
}

Object.assign(globalThis, { __webpack_nonce__: nonce });
