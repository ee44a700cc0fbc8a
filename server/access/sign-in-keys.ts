/** What wrong passwords in a row are counted by: an account from one network, so that a guesser locks nobody else out. */
export const passwordKey = (account: string, network: string) => `password ${network} ${account}`;

/** What wrong codes in a row are counted by: whoever gets as far as codes knows the password. */
export const codeKey = (staffId: string) => `code ${staffId}`;
