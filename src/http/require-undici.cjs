/**
 * In CommonJS, where loading on demand is at once and bundlers still see what is loaded. Bun has a module of its own under
 * the name `undici`, whose dispatchers dispatch nothing; the package itself runs there.
 */
exports.requireUndici = () => (process.versions.bun ? require('undici/index.js') : require('undici'));
