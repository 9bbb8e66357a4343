import { defaultLogger, type Logger } from './logger.ts';
import { type Accepted, isObject, type OptionRow, optionsFault } from './option-table.ts';
import { longestTimerMs } from './pause.ts';

/** What a check accepts. */
export function that(accepts: string, isAccepted: (value: unknown) => boolean): Accepted {
  return { accepts, faultOf: (value) => (isAccepted(value) ? undefined : { at: '', value, accepts }) };
}

/** The same, where what was meant may have come as a string: variables of the environment do. */
function parsed(
  accepts: string,
  isAccepted: (value: unknown) => boolean,
  adviceOn: (value: unknown) => string,
): Accepted {
  return {
    accepts,
    faultOf: (value) => (isAccepted(value) ? undefined : { at: '', value, accepts, advice: adviceOn(value) }),
  };
}

const numeric = (accepts: string, isAccepted: (value: unknown) => boolean): Accepted =>
  parsed(accepts, isAccepted, (value) => {
    if (Number.isNaN(value)) return 'Number() gives that for a variable that is not set';
    const isNumeral = typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value));
    return isNumeral ? 'pass a number, as in Number(process.env.PORT)' : '';
  });

const inMs = (accepts: string, isAccepted: (value: unknown) => boolean): Accepted => ({
  ...numeric(accepts, isAccepted),
  unit: 'ms',
});

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);

/** A time that a timer can wait for. */
export function durationMs(least: number): Accepted {
  return inMs(
    `a number of milliseconds from ${least} to ${longestTimerMs} (24 days)`,
    (value) => isNumber(value) && value >= least && value <= longestTimerMs,
  );
}

/** A time limit, or none. */
export const limitMs = inMs(
  `a number of milliseconds above 0, at most ${longestTimerMs} (24 days), or Infinity`,
  (value) => isNumber(value) && value > 0 && (value <= longestTimerMs || value === Number.POSITIVE_INFINITY),
);

export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Accepted {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
  return numeric(
    `an integer ${range}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

export const share = numeric('a number from 0 to 1', (value) => isNumber(value) && value >= 0 && value <= 1);
export const flag = parsed(
  'true or false',
  (value) => typeof value === 'boolean',
  (value) => (value === 'true' || value === 'false' ? "pass a boolean, as in process.env.DEBUG === 'true'" : ''),
);
export const text = that('a string that is not empty', (value) => typeof value === 'string' && value !== '');
export const callback = that('a function', (value) => typeof value === 'function');
export const abortSignal = that('an AbortSignal', (value) => value instanceof AbortSignal);

/** An object that has these methods. */
export function withMethods(accepts: string, ...methods: readonly string[]): Accepted {
  return that(accepts, (value) => {
    if (typeof value !== 'object' || value === null) return false;
    return methods.every((name) => typeof (value as { readonly [name: string]: unknown })[name] === 'function');
  });
}

/** Without its text, since each function tells its logger other things. */
export const logger: Accepted & Pick<OptionRow, 'defaultText' | 'reason'> & { readonly default: Logger } = {
  ...withMethods(
    'an object with the methods debug, info, warn and error, such as a pino logger',
    ...['debug', 'info', 'warn', 'error'],
  ),
  default: defaultLogger,
  defaultText: 'JSON, on stderr',
  reason:
    'A wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.',
};

/** One of some strings; a misspelt one is told the nearest. */
export function oneOf(known: readonly string[], accepts = listed(known.map((name) => `'${name}'`))): Accepted {
  return {
    accepts,
    faultOf: (value) => {
      if (known.includes(value as string)) return undefined;
      return { at: '', value, accepts, known: typeof value === 'string' ? known : undefined };
    },
  };
}

/** A list of what an element accepts. */
export function listOf(accepts: string, element: Accepted): Accepted {
  return {
    accepts,
    faultOf: (value) => {
      if (!Array.isArray(value)) return { at: '', value, accepts };
      for (const [index, item] of value.entries()) {
        const fault = element.faultOf(item);
        if (fault !== undefined) return { ...fault, at: `[${index}]${fault.at}` };
      }
      return undefined;
    },
  };
}

/** An object of values by names of the caller's own. */
export function byName(accepts: string, entry: Accepted): Accepted {
  return {
    accepts,
    faultOf: (value) => {
      if (!isObject(value)) return { at: '', value, accepts };
      for (const [name, item] of Object.entries(value)) {
        const fault = entry.faultOf(item);
        if (fault !== undefined) return { ...fault, at: `.${name}${fault.at}` };
      }
      return undefined;
    },
  };
}

/** An object with options of its own. */
export function optionsOf(accepts: string, table: readonly OptionRow[]): Accepted {
  const faultOf = optionsFault(table);
  return {
    accepts,
    faultOf: (value) => {
      const fault = faultOf(value);
      return fault?.at === '' ? { ...fault, accepts } : fault;
    },
  };
}

/** What one of two accepts; the second tells what is wrong with what `isFirst` says is not meant for the first. */
export function either(
  accepts: string,
  isFirst: (value: unknown) => boolean,
  first: Accepted,
  second: Accepted,
): Accepted {
  return {
    ...second,
    accepts,
    faultOf: (value) => {
      const fault = (isFirst(value) ? first : second).faultOf(value);
      return fault?.at === '' ? { ...fault, accepts } : fault;
    },
  };
}

/** A string that `read` takes; what it throws of class `Refusal` says why it does not. */
export function readable(
  accepts: string,
  read: (value: string) => unknown,
  Refusal: abstract new (...args: never[]) => Error,
): Accepted {
  return {
    accepts,
    faultOf: (value) => {
      if (typeof value !== 'string' || value === '') return { at: '', value, accepts };
      try {
        read(value);
        return undefined;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { at: '', value, accepts, got: error.message };
      }
    },
  };
}

/** `a, b or c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
