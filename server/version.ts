/** The server's version, as the console shows it; the same as in package.json. */
export const serverVersion = '0.1.0';
