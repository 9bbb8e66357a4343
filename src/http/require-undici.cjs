/** In CommonJS, where loading on demand is at once and bundlers still see what is loaded. */
exports.requireUndici = () => require('undici');
