import { describe, expect, it } from 'vitest';
import {
  configStatus,
  controlPlaneConnected,
  parseCertificates,
  parseStats,
  parseUptime,
  workersStarted,
} from '../../../../src/mesh/admin/admin-answers.ts';

it('stats are names with numbers, a line each', () => {
  const text = 'a.b: 3\nc: 0\nd: no number\n: 7\nno colon\ne:5\nf: 1.5\r\n';
  expect([...parseStats(text)]).toEqual([
    ['a.b', 3],
    ['c', 0],
    ['f', 1.5],
  ]);
  expect(parseStats('').size).toBe(0);
});

it.each([
  ['', null],
  ['listener_manager.workers_started: 0', false],
  ['listener_manager.workers_started: 1', true],
])('of %j the workers have started: %s', (text, started) => {
  expect(workersStarted(parseStats(text))).toBe(started);
});

it.each([
  ['', null],
  ['lds.update_success: 3', null],
  ['active: 0', { active: 0, updates: 0, rejected: 0 }],
  ['active: 2\nlds.update_success: 3\nlds.update_rejected: 1', { active: 2, updates: 3, rejected: 1 }],
])('of %j the listeners are %j', (text, status) => {
  expect(configStatus(parseStats(text), 'active', 'lds')).toEqual(status);
});

it.each([
  ['{"uptime_current_epoch":"75s"}', 75],
  ['{"uptime_current_epoch":"0s"}', 0],
  ['{"uptime_current_epoch":"1.5s"}', 1.5],
  ['{"uptime_current_epoch":"75"}', null],
  ['{"uptime_current_epoch":"xs"}', null],
  ['{"uptime_current_epoch":75}', null],
  ['{}', null],
  ['null', null],
  ['envoy abc/1.8.0 live 59 59 0', null],
  ['', null],
])('the uptime of %s is %s', (text, seconds) => {
  expect(parseUptime(text)).toBe(seconds);
});

it.each([
  ['', null],
  ['control_plane.connected_state: 0', false],
  ['control_plane.connected_state: 1', true],
])('of %j the control plane is connected: %s', (text, connected) => {
  expect(controlPlaneConnected(parseStats(text))).toBe(connected);
});

describe('certificates', () => {
  const certificates = (...chains: unknown[]) =>
    JSON.stringify({ certificates: chains.map((cert_chain) => ({ cert_chain })) });
  const until = (expiration_time: unknown) => ({ days_until_expiration: '0', expiration_time });

  it.each([
    ['{"certificates":[]}', { count: 0, expiresAt: null }],
    [
      certificates([until('2026-03-02T00:00:00Z'), until('2026-03-01T00:00:00Z')], [until('2026-04-01T00:00:00Z')]),
      { count: 3, expiresAt: '2026-03-01T00:00:00Z' },
    ],
    [certificates([until('2026-03-01T00:00:00.123Z')]), { count: 1, expiresAt: '2026-03-01T00:00:00.123Z' }],
    [certificates([until(null), {}, null]), { count: 3, expiresAt: null }],
    [certificates([until('soon'), until('2026-03-01T00:00:00Z')]), { count: 2, expiresAt: '2026-03-01T00:00:00Z' }],
    [certificates('x', [until('2026-03-01T00:00:00Z')]), { count: 1, expiresAt: '2026-03-01T00:00:00Z' }],
    ['{"certificates":[null,{"ca_cert":[]}]}', { count: 0, expiresAt: null }],
    ['{"certificates":{}}', null],
    ['{}', null],
    ['null', null],
    ['', null],
  ])('%s', (text, status) => {
    expect(parseCertificates(text)).toEqual(status);
  });
});
