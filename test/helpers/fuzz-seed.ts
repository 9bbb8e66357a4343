import process from 'node:process';
import fc from 'fast-check';

// A change is judged by its own faults: CI repeats the same generated cases, while each run at a desk looks for new ones.
if (process.env.CI === 'true') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_124 });
