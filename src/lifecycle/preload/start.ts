import { register } from './register.ts';

// Importing this is what it is for: `node --import mesh-shim/lifecycle-register`.
register();
