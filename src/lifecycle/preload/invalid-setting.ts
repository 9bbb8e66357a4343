/** A variable of the preload has a value that is none; the message says what is expected. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}
