/** Linux' error numbers on x86-64 and arm64 (errno(3)), as far as these calls answer them. */
const errorNumbers = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EPIPE: 32,
  ENAMETOOLONG: 36,
  ELOOP: 40,
  ELIBBAD: 80,
  EPROTOTYPE: 91,
  EAFNOSUPPORT: 97,
  EADDRNOTAVAIL: 99,
  ENETUNREACH: 101,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
} as const;

export type ErrorName = keyof typeof errorNumbers;

/** The name of what a call answered: `ECONNREFUSED` for -111. */
export function errorName(answer: number): string {
  const entry = Object.entries(errorNumbers).find(([, number]) => number === -answer);
  return entry ? entry[0] : `errno ${-answer}`;
}

export function isError(answer: unknown, name: ErrorName): boolean {
  return answer === -errorNumbers[name];
}
