/** Where the library serves health, the shim's `probe` asks for it, and the template of a health port opens it. */
export const healthPort = 9000;
