export declare function requireUndici(): typeof import('undici');
